"""An answer to a claim, for a reader: the claim, a table of both gaps by definition, and what they do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label
from maps.kind_words import beside_others, gap_decimals, gap_words, of_areas, scale_words, verdict_words
from maps.words import difference_unit, format_count, listed_words, say, sentence, unit_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.association import Association
    from analysis.claims import Answer, Asked, Claim

HEADINGS = ("kind", "definition", "areas", "gap", "beside", "q", "verdict")
"""Columns of the table, by the key of their heading."""


def answer_lines(answers: Sequence[Answer], asked: Mapping[str, Asked], rules: Mapping[str, str]) -> Iterator[str]:
    """Yield the answers of one call.

    Parameters
    ----------
    answers : in the order of the claims. asked : the outcomes. rules : column of memberships to the rule in words.
    """
    for number, answer in enumerate(answers):
        if number:
            yield ""
        yield say("claim.claim", claim=claim_words(answer.claim, asked))
        for outcome in answer.claim.outcomes:
            yield ""
            yield from _outcome(answer, asked[outcome], outcome)
    used = dict.fromkeys(one.column for answer in answers for one in answer.found)
    yield ""
    for column in used:
        if column in rules:
            yield say("claim.rule", definition=column.partition("__")[2], rule=rules[column])
    at_once = answers[0].asked_at_once if answers else 0
    yield say("claim.method", asked=format_count(at_once))
    yield say("claim.nearby")
    yield say("claim.limits")


def claim_words(claim: Claim, asked: Mapping[str, Asked]) -> str:
    """Return a claim as it was said, or in the form of a sentence."""
    if claim.text:
        return claim.text
    titles = [asked[one].joined.meta.title or one for one in claim.outcomes]
    return say(
        "claim.said", kinds=listed_words(claim.types), way=way_words(claim.direction), outcomes=listed_words(titles)
    )


def way_words(way: str) -> str:
    """Return a direction that is claimed: lower, higher, worse or better."""
    return say(f"claimed.way-{way}")


def _outcome(answer: Answer, asked: Asked, outcome: str) -> Iterator[str]:
    meta = asked.joined.meta
    own = [one for one in answer.found if one.outcome == outcome]
    unit = difference_unit(meta.unit)
    period = label(asked.joined.period) or say("claim.no-period")
    heading = say("subtitle.period", measure=sentence(meta.title or outcome), period=period)
    heading = say("subtitle.unit", words=heading, unit=unit_words(unit)) if unit else heading
    scale = next((words for one in own if (words := scale_words(one.scale))), "")
    yield say("claim.on-scale", heading=heading, scale=scale) if scale else heading
    claimed = answer.directions[outcome]
    yield f"  {say('claim.claimed', way=way_words(claimed)) if claimed else say('claim.no-direction')}"
    rows = [
        tuple(say(f"claim.column-{name}") for name in HEADINGS),
        *(_row(one, meta.unit, gap_decimals(own)) for one in own),
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    alone = [one for one in own if one.estimated == "alone" and not one.reason]
    if alone and claimed:
        borne = sum(answer.as_claimed(one) is True for one in alone)
        against = sum(answer.as_claimed(one) is False for one in alone)
        borne_out = say("claim.borne", n=len(alone), way=way_words(claimed), borne=format_count(borne))
        against_it = say("claim.against", said=borne_out, against=format_count(against)) if against else borne_out
        yield f"  {against_it}"


def _row(one: Association, unit: str, decimals: int) -> tuple[str, ...]:
    definition = one.definition if one.estimated == "alone" else f"  {beside_others(one)}"
    kind = one.type if one.estimated == "alone" else ""
    if one.reason:
        return (
            kind,
            definition,
            of_areas(one),
            "–",
            "–",
            "–",
            say("claim.untested", verdict=verdict_words(one.verdict), reason=one.reason),
        )
    q = "<0.001" if one.q < 0.001 else f"{one.q:.3f}" if one.q < 0.1 else f"{one.q:.2f}"
    return (
        kind,
        definition,
        of_areas(one),
        gap_words(one, unit, decimals=decimals),
        gap_words(one, unit, beside=True, decimals=decimals),
        q,
        verdict_words(one.verdict),
    )
