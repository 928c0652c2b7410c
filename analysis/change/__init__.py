"""Is it moving, and is that beyond the error? Changes between two periods, trends, emerging patterns, early warning.

Promises differences with their error, shrunken, with a probability; lists whose expected number of false ones is stated; whether what
happened everywhere can show. Records hold numbers and codes, no words. Says nothing of why anything changed, and nothing where no
error is known.
"""

from analysis.change.base import Basis, base_of
from analysis.change.comparing import Comparing, change_between, difference
from analysis.change.control_limits import NaturalLimits, natural_limits
from analysis.change.emerging_classes import CLASSES, Emerging, emerging
from analysis.change.fingertips import RecentTrend, fingertips_trend
from analysis.change.flags import Everywhere, Flag, flags_of, warnings_frame
from analysis.change.following import Followed, followed, followed_each
from analysis.change.patterns import pattern_of
from analysis.change.power import Power, Reversion, Thresholds, chance_of_seeing, power_of, reversion_of, thresholds_of
from analysis.change.result import Change, Counts
from analysis.change.rivals import cautious_posterior_of
from analysis.change.shrinking import Posterior, posterior_of
from analysis.change.straight_lines import Slopes, slopes
from analysis.change.tendency import MannKendall, mann_kendall
from analysis.change.trend import Trend, trend_of
from analysis.change.two_periods import Beyond, against_whole, base_of_two, beyond_error
from analysis.change.watching import Unjudged, Watching, WatchList, earlier_period, watch
from analysis.change.yardstick import Figures, comparable_figures, is_money

__all__ = [
    "CLASSES",
    "Basis",
    "Beyond",
    "Change",
    "Comparing",
    "Counts",
    "Emerging",
    "Everywhere",
    "Figures",
    "Flag",
    "Followed",
    "MannKendall",
    "NaturalLimits",
    "Posterior",
    "Power",
    "RecentTrend",
    "Reversion",
    "Slopes",
    "Thresholds",
    "Trend",
    "Unjudged",
    "WatchList",
    "Watching",
    "against_whole",
    "base_of",
    "base_of_two",
    "beyond_error",
    "cautious_posterior_of",
    "chance_of_seeing",
    "change_between",
    "comparable_figures",
    "difference",
    "earlier_period",
    "emerging",
    "fingertips_trend",
    "flags_of",
    "followed",
    "followed_each",
    "is_money",
    "mann_kendall",
    "natural_limits",
    "pattern_of",
    "posterior_of",
    "power_of",
    "reversion_of",
    "slopes",
    "thresholds_of",
    "trend_of",
    "warnings_frame",
    "watch",
]
