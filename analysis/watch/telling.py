"""A watch list in words, for a terminal: what gets worse, what gets better, how many of it chance made, what was not judged."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

from analysis.change.power import chance_of_seeing
from boundaries.outcomes.periods import label

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from analysis.change.flags import Flag
    from analysis.change.watching import WatchList

SHOWN: Final = 20
"""Areas of a list that are printed; the file has all."""
_MINUS = "−"
_WORDS = {
    "one-period": "there is one period",
    "no-period-to-compare": "a break parts the latest period from all earlier ones",
    "error-unknown": "no error is published, so that nobody can say what is beyond it",
    "refused": "the comparison would be false",
}
_VERBS = {"regressing": "got worse", "improving": "got better", "rising": "rose", "falling": "fell"}


def lines_of(
    found: WatchList, titles: Mapping[str, str], *, shown: int = SHOWN, size: float | None = None
) -> Iterator[str]:
    """Yield a watch list line by line.

    Parameters
    ----------
    found : the list. titles : outcome → what a reader calls it. shown : areas printed of each list.
    size : of a change, in the unit of each outcome: also say in what share of the areas it would be seen.
    """
    units = {change.outcome: change.unit for change in found.changes}
    relative = {change.outcome for change in found.changes if change.base == "relative"}
    judged = len(found.changes) - sum(one.reason == "error-unknown" for one in found.unjudged)
    yield f"{judged} of {len(found.changes) + _elsewhere(found)} outcomes could be compared with their errors."
    for title, flags, false in (
        ("Getting worse", found.warnings, found.false_warnings),
        ("Getting better", found.progress, found.false_progress),
    ):
        yield ""
        yield from _list(title, flags, false, titles, units, relative, shown)
    if found.moves:
        yield ""
        yield f"Moved, and neither end is good: {len(found.moves)} (see the file)."
    yield from _everywhere(found, titles)
    yield from _relative(found, titles)
    yield from _stated(found, titles)
    yield from _power(found, titles)
    if size is not None:
        yield from _seen(found, titles, size)
    yield from _reversions(found, titles)
    yield from _unjudged(found, titles)


def _elsewhere(found: WatchList) -> int:
    """Return how many outcomes were not even compared."""
    return sum(one.reason != "error-unknown" for one in found.unjudged)


def _list(
    title: str,
    flags: tuple[Flag, ...],
    false: float,
    titles: Mapping[str, str],
    units: Mapping[str, str],
    relative: Container[str],
    shown: int,
) -> Iterator[str]:
    own = [flag for flag in flags if not flag.common]
    areas = list(dict.fromkeys(flag.code for flag in own))
    if not flags:
        yield f"{title}: no area is beyond error."
        return
    rest = len(flags) - len(own)
    with_most = f"; {rest} more moved with the country as a whole" if rest else ""
    yield (
        f"{title}: {_number(len(own), 0)} {'flag' if len(own) == 1 else 'flags'} in {_number(len(areas), 0)} "
        f"{'area' if len(areas) == 1 else 'areas'}{with_most}. "
        f"Of all {_number(len(flags), 0)}, {_number(false, 1)} are expected to be false."
    )
    for place, (code, group) in enumerate(groupby(own, key=lambda flag: flag.code)):
        if place == shown:
            yield f"  and {len(areas) - shown} more areas"
            return
        rows = list(group)
        yield f"  {rows[0].name} ({code})" + (f": {len(rows)} outcomes" if len(rows) > 1 else "")
        for flag in rows:
            yield f"    {titles.get(flag.outcome, flag.outcome)}: {_flag(flag, units.get(flag.outcome, ''), against=flag.outcome in relative)}"


def _flag(flag: Flag, unit: str, *, against: bool) -> str:
    size = _amount(flag.change, unit, signed=True)
    between = f"{_amount(flag.lower, unit)} to {_amount(flag.upper, unit)}"
    others = " against the other areas" if against else ""
    row = f"; {flag.in_a_row} periods in a row" if flag.in_a_row > 1 else ""
    poor = "; poor already" if flag.poor_and_worse else ""
    return f"{size} ({between}){others} between {label(flag.since)} and {label(flag.period)}, probability {flag.p:.2f}{row}{poor}"


def _everywhere(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.everywhere:
        yield ""
        yield "Moved in the country as a whole:"
    for one in found.everywhere:
        yield (
            f"  {titles.get(one.outcome, one.outcome)} {_VERBS[one.direction]} in {_number(one.named, 0)} of {_number(one.compared, 0)} areas "
            f"({_amount(one.change, one.unit, signed=True)} in common); {_number(one.further, 0)} moved further still."
        )


def _relative(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    relative = [change.outcome for change in found.changes if change.base == "relative"]
    unknown = [change.outcome for change in found.changes if change.base == "not-known"]
    if relative or unknown:
        yield ""
    if relative:
        names = ", ".join(titles.get(one, one) for one in relative)
        yield f"Against the other areas only, so that what happened everywhere cannot show: {names}."
    if unknown:
        names = ", ".join(titles.get(one, one) for one in unknown)
        yield f"Whether what happened everywhere can show is not known: {names}."


def _stated(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    """Say what a stated correlation of errors leans on: nothing in the figures can tell it from real change."""
    stated = [change for change in found.changes if change.rho_basis == "stated" and change.bracket]
    if stated:
        yield ""
        yield f"The errors of two periods are taken to correlate at {stated[0].rho:g}, as stated. Were they independent:"
    for change in stated:
        flags = change.counts.up + change.counts.down
        false = _number(change.bracket[0].false, 1)
        yield f"  {titles.get(change.outcome, change.outcome)}: of {_number(flags, 0)}, {false} would be expected to be false."


def _power(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.power:
        yield ""
        yield "With these intervals, in a country that stands still:"
    for one in found.power:
        name = titles.get(one.outcome, one.outcome)
        if one.size is None:
            yield f"  {name}: no change of one area could be told from that of all."
            continue
        yield f"  {name}: a change of {_amount(one.size, one.unit, named=True)} would be seen in 1 of {round(1 / one.share)} areas."


def _seen(found: WatchList, titles: Mapping[str, str], size: float) -> Iterator[str]:
    yield ""
    yield f"Of a change of {_number(abs(size), 0 if abs(size) >= 10 else 1)} in one area, either way, a country that stands still would show:"
    for change in found.changes:
        share = chance_of_seeing(change, size)
        if math.isfinite(share):
            yield f"  {titles.get(change.outcome, change.outcome)}: {share:.0%} (in {change.unit or 'its unit'})."


def _reversions(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.reversions:
        yield ""
        yield "Places at either end come back to the middle by error alone. Change of the lowest tenth against all areas:"
    units = {change.outcome: change.unit for change in found.changes}
    for one in found.reversions:
        unit = units.get(one.outcome, "")
        yield (
            f"  {titles.get(one.outcome, one.outcome)}: {_amount(one.lowest_expected, unit, signed=True)} expected of no change at all, "
            f"{_amount(one.lowest_found, unit, signed=True)} found."
        )


def _unjudged(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.unjudged:
        yield ""
        yield "Not judged:"
    for reason, group in groupby(
        sorted(found.unjudged, key=lambda one: list(_WORDS).index(one.reason)), key=lambda one: one.reason
    ):
        rows = list(group)
        if reason == "refused":
            for one in rows:
                yield f"  {one.detail[0]}"
                yield from (f"    {fault}" for fault in one.detail[1:])
            continue
        names = ", ".join(titles.get(one.outcome, one.outcome) for one in rows)
        yield f"  {_WORDS[reason]}: {names}"


def _amount(value: float, unit: str, *, signed: bool = False, named: bool = False) -> str:
    size = abs(value)
    places = 0 if size >= 100 else 1 if size >= 1 else 2
    number = _number(size, places)
    money = unit[:1] if unit[:1] in "£€$" and unit else ""
    rest = unit[1:].strip() if money else unit
    negative = value < 0 and any(digit in "123456789" for digit in number)
    sign = _MINUS if negative else "+" if signed else ""
    return f"{sign}{money}{number}{f' {rest}' if rest and (signed or named) else ''}"


def _number(value: float, places: int) -> str:
    return f"{value:,.{places}f}"
