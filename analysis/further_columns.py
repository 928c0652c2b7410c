"""The vocabulary of the tables of a watch list, and of those that set places beside each other: what every column means, and its unit."""

from __future__ import annotations

from typing import Final

from analysis.columns import SERIES_FIELDS, SERIES_UNITS, WARNING_FIELDS, WARNING_UNITS

Fields = dict[str, str]

_LED: Final = {
    "outcome": "Id of the outcome",
    "since": "Earlier period, as published",
    "period": "Latest period, as published",
    "code": "Code of the area",
    "name": "Name of the area",
}

_CHANGES: Final = _LED | {
    "value_since": "Figure of the earlier period; money as a percentage of the national figure, or deflated",
    "se_since": "Standard error of value_since",
    "value": "Figure of the latest period, likewise",
    "change": "value less value_since, as published",
    "se": "Standard error of the change, the errors of both periods correlated as said for the outcome in watch.json",
    "mean": "The change as estimated from all changes and their errors",
    "lower": "Lower end of the 95% interval of mean",
    "upper": "Upper end of the 95% interval of mean",
    "p_rise": "Probability that the true change is a rise beyond the least change that counts",
    "p_fall": "Probability that it is a fall beyond it",
    "verdict": "regressing, improving, rising, falling, not-clear, error-unknown, not-comparable, no-data or not-covered",
    "base": "fixed, relative (what happened everywhere cannot show) or not-known",
    "unit": "Unit of the change",
}

_TRENDS: Final = _LED | {
    "slope": "Change a year by generalised least squares, with the errors of the periods",
    "se": "Standard error of the slope",
    "lower": "Lower end of its 95% interval",
    "upper": "Upper end of its 95% interval",
    "p": "Two-sided p of the slope",
    "q": "p, adjusted for all areas (Benjamini-Hochberg)",
    "periods": "Periods with a figure that were used",
    "mann_kendall_p": "Two-sided p of Mann-Kendall's test, exact; of n periods it cannot fall below 2/n!",
    "mann_kendall_s": "Mann-Kendall's S: rises less falls among all pairs of periods",
    "word": "getting-better, getting-worse (rising, falling where neither end is good), no-clear-change, too-few-periods or not-comparable",
    "unit": "Unit of the figures whose change a year the slope is",
    "rule": "Rule by which the word is given: slope or fingertips",
}

_LIMITS: Final = _LED | {
    "since": "First period used, as published",
    "periods": "Periods used; of windows that share days the overlapping ones are left out",
    "centre": "Mean of the area's figures",
    "lower": "Lower natural process limit: centre less 2.66 mean moving ranges",
    "upper": "Upper natural process limit",
    "beyond": "How many figures lie beyond the limits",
    "latest_beyond": "Whether the latest does",
    "unit": "Unit of the figures",
}

_PATTERNS: Final = _LED | {
    "since": "First period of the series, as published",
    "class": "What became of the area's high or low surroundings (Gi*): new, consecutive, intensifying, persistent, diminishing, sporadic, "
    "oscillating or historical, each high or low; under five periods new, stays or gone; no-pattern; not-testable",
    "periods_high": "Periods in which it lies among high values",
    "periods_low": "Periods in which it lies among low values",
    "trend_p": "Two-sided p of Mann-Kendall's test of its Gi*",
    "periods": "Periods tested",
    "reach": "How much the number of periods allows to be said: three-words, short-series or full",
}

_HUBS: Final = {
    "outcome": "Id of the outcome; where another stands beside it, the one that the area itself is judged by",
    "against": "Id of the outcome by which its neighbours are judged: the same, unless two are set against each other",
    "period": "Period of the outcome, as published",
    "code": "Code of the area",
    "name": "Name of the area",
    "kind": "high among low, or low beside high, in value order",
    "q": "p of local Moran's I, adjusted for all areas",
    "neighbours": "Names of the areas that it is compared with",
}

_BESIDE: Final = {
    "outcome": "Id of the outcome on which the area is poor",
    "against": "Id of the outcome on which the hub is good",
    "code": "Code of the area",
    "name": "Name of the area",
    "hub_code": "Code of the hub",
    "hub_name": "Name of the hub",
    "beside": "Whether the two are neighbours: they share a border, or a sea link",
    "border_km": "Length of the border that they share",
    "gap_km": "Distance of their shapes; 0 where they touch",
    "distance_km": "Distance of their centres",
}

_ALIKE: Final = {
    "code": "Code of the area",
    "name": "Name of the area",
    "like": "Code of an area like it",
    "like_name": "Name of that area",
    "rank": "1 for the nearest",
    "distance": "Root mean square of the gaps below: 1 is a standard deviation apart on average",
}

GAP: Final = "The other area's {title} less the area's own"
"""Meaning of a column ``<indicator>_gap`` of ``alike.csv``."""

_CHANGE: Final = "of the change"
_FIGURE: Final = "of the outcome"

TABLES: Final[dict[str, tuple[Fields, Fields]]] = {
    "series": (SERIES_FIELDS, SERIES_UNITS),
    "warnings": (WARNING_FIELDS, WARNING_UNITS),
    "changes": (
        _CHANGES,
        dict.fromkeys(("value_since", "se_since", "value", "change", "se", "mean", "lower", "upper"), _CHANGE)
        | dict.fromkeys(("p_rise", "p_fall"), "proportion"),
    ),
    "trends": (
        _TRENDS,
        dict.fromkeys(("slope", "se", "lower", "upper"), f"{_CHANGE} a year")
        | dict.fromkeys(("p", "q", "mann_kendall_p"), "proportion"),
    ),
    "limits": (
        _LIMITS,
        dict.fromkeys(("centre", "lower", "upper"), _FIGURE) | {"periods": "periods", "beyond": "periods"},
    ),
    "patterns": (
        _PATTERNS,
        dict.fromkeys(("periods_high", "periods_low", "periods"), "periods") | {"trend_p": "proportion"},
    ),
    "hubs": (_HUBS, {"q": "proportion"}),
    "beside": (_BESIDE, dict.fromkeys(("border_km", "gap_km", "distance_km"), "km")),
    "alike": (_ALIKE, {"distance": "standard deviations"}),
}
"""Table → meaning and unit of each of its columns."""
