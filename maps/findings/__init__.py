"""What was found, as frozen records of numbers and codes: made from results, worded in ``maps.words.findings``.

A record holds no sentence. It can be cut to the areas of a region (``within``) and written as JSON (``maps.findings.written``).
"""

from maps.findings.changes import ChangeFinding, change_of
from maps.findings.clusters import ClustersFinding, Group, clusters_of
from maps.findings.levels import (
    BandTally,
    DoubtFinding,
    LevelsFinding,
    Reference,
    StandingFinding,
    Tally,
    levels_from_frame,
    levels_of,
    reference_of,
    standing_of,
    study_levels,
)
from maps.findings.outcomes import OutcomeFindings, alone_in, firm_in, outcome_findings, study_pattern, types_of
from maps.findings.outliers import BesideFinding, OutliersFinding
from maps.findings.pattern import AlikeFinding, PatternFinding, RobustnessFinding, pattern_of, robustness_of
from maps.findings.places import KindsFinding, PairFinding, SeriesFinding, ShareFinding, TypeFinding, WidthFinding
from maps.findings.spread import EndsFinding, Figure, RangeFinding, ends_of, range_of
from maps.findings.watched import WatchedChanges, watched_changes
from maps.findings.written import Finding, Pictured, finding_from, written

__all__ = [
    "AlikeFinding",
    "BandTally",
    "BesideFinding",
    "ChangeFinding",
    "ClustersFinding",
    "DoubtFinding",
    "EndsFinding",
    "Figure",
    "Finding",
    "Group",
    "KindsFinding",
    "LevelsFinding",
    "OutcomeFindings",
    "OutliersFinding",
    "PairFinding",
    "PatternFinding",
    "Pictured",
    "RangeFinding",
    "Reference",
    "RobustnessFinding",
    "SeriesFinding",
    "ShareFinding",
    "StandingFinding",
    "Tally",
    "TypeFinding",
    "WatchedChanges",
    "WidthFinding",
    "alone_in",
    "change_of",
    "clusters_of",
    "ends_of",
    "finding_from",
    "firm_in",
    "levels_from_frame",
    "levels_of",
    "outcome_findings",
    "pattern_of",
    "range_of",
    "reference_of",
    "robustness_of",
    "standing_of",
    "study_levels",
    "study_pattern",
    "types_of",
    "watched_changes",
    "written",
]
