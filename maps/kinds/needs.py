"""What a kind of map may need of an outcome, and how that is said where it is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Need = Literal[
    "interval",
    "levels",
    "count",
    "study",
    "robustness",
    "larger",
    "own-types",
    "gaps",
    "earlier",
    "series",
    "followed",
    "flags",
    "other",
    "hexagons",
]
"""What an outcome must have, or be given, for a kind to be drawn of it (``Subject.lacks``)."""

LACKING: Mapping[Need, str] = {
    "interval": "lower and upper limits",
    "levels": "lower and upper limits, or standard errors, of ten areas or more",
    "count": "a count (state measure count if it is one)",
    "study": "a study of the outcome",
    "robustness": "the outcome studied under several choices of neighbours",
    "larger": "larger areas to test again (larger in [statistics], --larger)",
    "own-types": "a kind of place of one's own ([[type]], or --type)",
    "gaps": "enough areas of a kind of place",
    "earlier": "an earlier period",
    "series": "two or more periods",
    "followed": 'two periods that share no day and have errors (in an atlas, periods = "all")',
    "flags": "an area whose change is beyond the error of both periods",
    "other": "a second outcome",
    "hexagons": "a layout of hexagons",
}
"""What is said of each need where it is not met: "it needs …"."""
