"""Everything that is said of one studied outcome, in the order in which it is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.findings.levels import study_levels
from maps.findings.pattern import AlikeFinding, pattern_of
from maps.findings.places import TypeFinding
from maps.findings.spread import range_of

if TYPE_CHECKING:
    from analysis.study import Study
    from maps.findings.changes import ChangeFinding
    from maps.findings.levels import LevelsFinding
    from maps.findings.pattern import PatternFinding
    from maps.findings.spread import RangeFinding


@dataclass(frozen=True, slots=True)
class OutcomeFindings:
    """Levels, change, kinds of place, pattern; what was not asked is None or empty."""

    levels: LevelsFinding | None = None
    spread: RangeFinding | None = None
    change: ChangeFinding | None = None
    types: tuple[TypeFinding, ...] = ()
    pattern: PatternFinding | None = None
    alike: AlikeFinding | None = None


def outcome_findings(study: Study) -> OutcomeFindings:
    """Return the records of a study.

    The place of change stays empty until periods are studied together.
    """
    joined = study.joined
    frame = joined.frame.loc[joined.covered]
    return OutcomeFindings(
        levels=study_levels(study),
        spread=range_of(frame["value"].astype("float64"), frame["lower"], frame["upper"]),
        types=types_of(study),
        pattern=study_pattern(study),
        alike=AlikeFinding.of(study.moran, alpha=study.config.alpha),
    )


def types_of(study: Study) -> tuple[TypeFinding, ...]:
    """Return the gap of each kind of place: by its first definition, and by every other whose verdict is another."""
    found: dict[str, list[TypeFinding]] = {}
    for one in study.associations:
        if one.estimated != "alone" or one.scale != "value":
            continue
        said = TypeFinding(
            one.type,
            one.definition,
            one.estimated,
            one.n,
            round(one.members),
            one.gap,
            one.gap_lower,
            one.gap_upper,
            one.beside,
            one.beside_lower,
            one.beside_upper,
            one.p,
            one.q,
            one.verdict,
        )
        known = found.setdefault(one.type, [])
        if said.verdict not in {other.verdict for other in known}:
            known.append(said)
    return tuple(one for known in found.values() for one in known)


def study_pattern(study: Study) -> PatternFinding:
    """Return the record of local Moran: who is alone, and who is there under every choice of neighbours that was tried."""
    return pattern_of(study.local.frame["class"].dropna(), alone=alone_in(study), firm=firm_in(study))


def alone_in(study: Study) -> tuple[str, ...]:
    """Return the areas in a cluster of one."""
    return tuple(code for group in study.clusters if group.single for code in group.codes)


def firm_in(study: Study) -> tuple[str, ...] | None:
    """Return the areas in low or high clusters under every choice of neighbours; None where no other was tried."""
    if study.robustness is None:
        return None
    return (*study.robustness.codes("core", "low"), *study.robustness.codes("core", "high"))
