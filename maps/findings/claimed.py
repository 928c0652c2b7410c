"""A claim about kinds of place, put to all outcomes of an atlas: how often each verdict was reached."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.association import Association
    from analysis.claims import Claim
    from boundaries.outcomes.measures import Favourable

Answer = Literal["beside", "beside-some", "map-only", "no-gap", "other-some", "other-way", "untested"]
"""What all definitions of a kind say of one outcome: as claimed beside places nearby by every definition, or by some; as claimed on the
map only; no clear gap; the other way, beside places nearby or on the map, by some definitions or by all; not testable, or it is
not known which end is good."""

ORDER: tuple[Answer, ...] = ("beside", "beside-some", "map-only", "no-gap", "other-some", "other-way", "untested")

Way = Literal["lower", "higher", "worse", "better"]


@dataclass(frozen=True, slots=True)
class ClaimedKind:
    """One kind of place of a claim: how many of ``outcomes`` have which answer, in the order of ``ORDER``, those that occur."""

    dimension: str
    way: Way
    outcomes: int
    counts: tuple[tuple[Answer, int], ...]


def claimed_kinds(
    claim: Claim, found: Sequence[Association], favourable: Mapping[str, Favourable]
) -> tuple[ClaimedKind, ...]:
    """Count what the kinds of place of an atlas answer to a claim, definitions that disagree told apart.

    Parameters
    ----------
    claim : of outcomes of the atlas. found : its kinds of place, judged together. favourable : by outcome, which end is good.
    """
    towards = {outcome: claim.towards(favourable[outcome]) for outcome in claim.outcomes}
    ways = {way for way in towards.values() if way}
    way: Way = next(iter(ways)) if len(ways) == 1 else claim.direction
    kinds = []
    for kind in claim.types:
        answers: Counter[Answer] = Counter()
        for outcome, direction in towards.items():
            verdicts = [
                str(one.verdict)
                for one in found
                if (one.outcome, one.type, one.estimated) == (outcome, kind, "alone")
                and claim.definition in ("", one.definition)
            ]
            answers[_answer(verdicts, direction)] += 1
        counts = tuple((answer, answers[answer]) for answer in ORDER if answers[answer])
        kinds.append(ClaimedKind(kind, way, len(towards), counts))
    return tuple(kinds)


def _answer(verdicts: Sequence[str], direction: str | None) -> Answer:
    tested = [verdict for verdict in verdicts if verdict != "not-testable"]
    if direction is None or not tested:
        return "untested"
    sided = [verdict == f"{direction}-beside-nearby" for verdict in tested]
    other = [not verdict.startswith(direction) and verdict != "no-clear-gap" for verdict in tested]
    if all(sided):
        return "beside"
    if any(other):
        return "other-way" if all(other) else "other-some"
    if any(sided):
        return "beside-some"
    return "map-only" if any(verdict.endswith("on-map-only") for verdict in tested) else "no-gap"
