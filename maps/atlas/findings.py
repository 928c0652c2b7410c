"""What is said first of an outcome: the map that leads, and the lines of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.findings import outcome_findings
from maps.kinds.table import kind_named
from maps.words import Topic
from maps.words.findings import bullets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.study import Study
    from maps.spec import MapSpec


def lead_of(specs: Sequence[MapSpec]) -> MapSpec:
    """Return the map that the front page shows large, whose title is the headline: of the kind that comes first among them."""
    ranked = [(kind_named(spec.kind).headline, spec) for spec in specs]
    return min(((rank, spec) for rank, spec in ranked if rank), key=lambda one: one[0], default=(0, specs[0]))[1]


def summary_of(study: Study) -> tuple[str, ...]:
    """Say of an outcome what was found and how sure, a line an answer: levels, change, kinds of place, pattern."""
    topic = Topic.of(study.joined)
    return (topic.dated, *(f"  {line}" for line in bullets(outcome_findings(study), topic)))
