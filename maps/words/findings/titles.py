"""The title of any finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps import findings
from maps.words.findings.changes import change_title
from maps.words.findings.levels import doubt_title, levels_title
from maps.words.findings.outliers import outliers_title
from maps.words.findings.pattern import alike_title, clusters_title, larger_title, pattern_title, robustness_title
from maps.words.findings.places import kinds_title, series_title, share_title, width_title
from maps.words.findings.spread import range_title

if TYPE_CHECKING:
    from collections.abc import Callable

    from maps.findings import Finding
    from maps.words.topics import Topic

    Titled = Callable[..., str]

TITLES: dict[type, Titled] = {
    findings.AlikeFinding: alike_title,
    findings.ChangeFinding: change_title,
    findings.ClustersFinding: clusters_title,
    findings.DoubtFinding: doubt_title,
    findings.KindsFinding: kinds_title,
    findings.LevelsFinding: levels_title,
    findings.OutliersFinding: outliers_title,
    findings.PatternFinding: pattern_title,
    findings.RangeFinding: range_title,
    findings.LargerFinding: larger_title,
    findings.RobustnessFinding: robustness_title,
    findings.SeriesFinding: series_title,
    findings.ShareFinding: share_title,
    findings.WidthFinding: width_title,
}
"""Record → what words it as a title."""


def finding_title(finding: Finding, topic: Topic) -> str:
    """Return a finding as a title, without a full stop.

    Raises
    ------
    KeyError
        The record is none that a title is made of (an end, a standing, a pair of outcomes).
    """
    return TITLES[type(finding)](finding, topic)


def regional_title(finding: Finding | None, topic: Topic) -> str:
    """Return a finding that was cut to a region as a title; "" where there is none, or it speaks of two outcomes."""
    return TITLES[type(finding)](finding, topic) if type(finding) in TITLES else ""
