"""An answer to a claim, for a reader: the claim, a table of both gaps by definition, and what they do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label
from maps.kind_words import LIMITS, NEARBY, SCALES, VERDICTS, beside_others, gap_decimals, gap_unit, gap_words, of_areas
from maps.words import counted, format_count, listed_words, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.association import Association
    from analysis.claims import Answer, Asked, Claim

HEADINGS = ("kind of place", "definition", "areas", "gap on the map", "beside places nearby", "q", "verdict")


def answer_lines(answers: Sequence[Answer], asked: Mapping[str, Asked], rules: Mapping[str, str]) -> Iterator[str]:
    """Yield the answers of one call.

    Parameters
    ----------
    answers : in the order of the claims. asked : the outcomes. rules : column of memberships to the rule in words.
    """
    for number, answer in enumerate(answers):
        if number:
            yield ""
        yield f"Claim: {claim_words(answer.claim, asked)}"
        for outcome in answer.claim.outcomes:
            yield ""
            yield from _outcome(answer, asked[outcome], outcome)
    used = dict.fromkeys(one.column for answer in answers for one in answer.found)
    yield ""
    yield from (f"{column.partition('__')[2]}: {rules[column]}" for column in used if column in rules)
    at_once = answers[0].asked_at_once if answers else 0
    yield f"q: p of the gap beside places nearby, adjusted for the {format_count(at_once)} asked at once; called at 5% and below."
    yield NEARBY
    yield LIMITS


def claim_words(claim: Claim, asked: Mapping[str, Asked]) -> str:
    """Return a claim as it was said, or in the form of a sentence."""
    if claim.text:
        return claim.text
    titles = [asked[one].joined.meta.title or one for one in claim.outcomes]
    return f"{listed_words(claim.types)} areas have {claim.direction} {listed_words(titles)}"


def _outcome(answer: Answer, asked: Asked, outcome: str) -> Iterator[str]:
    meta = asked.joined.meta
    own = [one for one in answer.found if one.outcome == outcome]
    unit = gap_unit(meta.unit)
    period = label(asked.joined.period) or "period not stated"
    scale = next((SCALES[one.scale] for one in own if SCALES[one.scale]), "")
    on_scale = f"; beside places nearby on {scale}" if scale else ""
    yield f"{sentence(meta.title or outcome)}, {period}{f' ({unit})' if unit else ''}{on_scale}"
    claimed = answer.directions[outcome]
    yield f"  claimed: {claimed}" if claimed else "  no direction is claimed: it is not known which end of it is good"
    rows = [HEADINGS, *(_row(one, meta.unit, gap_decimals(own)) for one in own)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    alone = [one for one in own if one.estimated == "alone" and not one.reason]
    if alone and claimed:
        borne = sum(answer.as_claimed(one) is True for one in alone)
        against = sum(answer.as_claimed(one) is False for one in alone)
        yield (
            f"  {claimed} beside places nearby by {borne} of {counted(len(alone), 'definition')}"
            f"{f', the other way by {against}' if against else ''}"
        )


def _row(one: Association, unit: str, decimals: int) -> tuple[str, ...]:
    definition = one.definition if one.estimated == "alone" else f"  {beside_others(one)}"
    kind = one.type if one.estimated == "alone" else ""
    if one.reason:
        return kind, definition, of_areas(one), "–", "–", "–", f"{VERDICTS[one.verdict]}: {one.reason}"
    q = "<0.001" if one.q < 0.001 else f"{one.q:.3f}" if one.q < 0.1 else f"{one.q:.2f}"
    return (
        kind,
        definition,
        of_areas(one),
        gap_words(one, unit, decimals=decimals),
        gap_words(one, unit, beside=True, decimals=decimals),
        q,
        VERDICTS[one.verdict],
    )
