"""A watch list in words, for a terminal: what gets worse, what gets better, how many of it chance made, what was not judged."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Final

from analysis.change.power import chance_of_seeing
from boundaries.outcomes.periods import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.change.flags import Flag
    from analysis.change.watching import WatchList

SHOWN: Final = 20
"""Areas of a list that are printed; the file has all."""
_SURE: Final = 0.995
"""A probability that would be printed as 1."""
_MINUS = "−"
_WORDS = {
    "one-period": "One period only",
    "no-period-to-compare": "A break parts the latest period from all earlier ones",
    "error-unknown": "No error is published, so nobody can say what is beyond it",
    "refused": "The comparison would be false",
}
_NOW = {
    "low": "; now clearly below the average",
    "high": "; now clearly above the average",
    "not-clear": "; now not distinguishable from the average",
}
_AGAINST = {"national": " of the national figure", "relative": " against the other areas"}
_FEW: Final = 0.05
"""Of fewer expected false flags than this nobody is told "0.0"."""
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
    against = {
        change.outcome: _AGAINST.get(change.against if change.against == "national" else change.base, "")
        for change in found.changes
    }
    judged = len(found.changes) - sum(one.reason == "error-unknown" for one in found.unjudged)
    yield f"{judged} of {len(found.changes) + _elsewhere(found)} outcomes could be compared with their errors."
    yield from _meaning(found)
    for title, flags, false in (
        ("Getting worse", found.warnings, found.false_warnings),
        ("Getting better", found.progress, found.false_progress),
    ):
        if not judged and not flags:
            continue  # nobody looked: that none gets worse is not known
        yield ""
        yield from _list(title, flags, false, titles, against, shown)
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


def _meaning(found: WatchList) -> Iterator[str]:
    """Say what a flag is, and how many of the whole list are expected to be false."""
    number = len(found.warnings) + len(found.progress)
    if not number:
        return
    yield (
        "A flag: a change beyond the error of both periods. It is shown drawn towards the change of all areas by its error, with a 95% "
        "interval; the probability is that the true change is larger than the least that counts."
    )
    yield f"Over both lists {_false(found.false_warnings + found.false_progress)} of {_number(number, 0)} flags are expected to be false."


def _list(
    title: str,
    flags: tuple[Flag, ...],
    false: float,
    titles: Mapping[str, str],
    against: Mapping[str, str],
    shown: int,
) -> Iterator[str]:
    own = [flag for flag in flags if not flag.common]
    areas = list(dict.fromkeys(flag.code for flag in own))
    if not flags:
        yield f"{title}: no area is beyond error."
        return
    mistaken = sum(1 - flag.p for flag in own)
    whole = f"; {_false(mistaken)} of them expected to be false" if own else ""
    yield f"{title}: {_count(len(own), 'flag')} in {_count(len(areas), 'area')}{whole}."
    if rest := len(flags) - len(own):
        yield f"  {_number(rest, 0)} more moved with the country as a whole; {_false(false - mistaken)} of them expected to be false."
    for place, (code, group) in enumerate(groupby(own, key=lambda flag: flag.code)):
        if place == shown:
            yield f"  and {_count(len(areas) - shown, 'more area')}"
            return
        rows = list(group)
        yield f"  {rows[0].name} ({code})" + (f": {len(rows)} outcomes" if len(rows) > 1 else "")
        for flag in rows:
            yield f"    {titles.get(flag.outcome, flag.outcome)}: {_flag(flag, against[flag.outcome])}"


def _flag(flag: Flag, against: str) -> str:
    places = _places(flag.change)
    size = _amount(flag.change, flag.unit, signed=True)
    between = f"{_amount(flag.lower, flag.unit, places=places)} to {_amount(flag.upper, flag.unit, places=places)}"
    row = f"; {flag.in_a_row} periods in a row" if flag.in_a_row > 1 else ""
    poor = "; poor already" if flag.poor_and_worse else ""
    sure = "above 0.99" if flag.p >= _SURE else f"{flag.p:.2f}"
    return (
        f"{size} ({between}){against} between {label(flag.since)} and {label(flag.period)}, probability {sure}"
        f"{row}{_NOW.get(flag.level, '')}{poor}"
    )


def _everywhere(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.everywhere:
        yield ""
        yield "Moved in the country as a whole:"
    for one in found.everywhere:
        yield (
            f"  {titles.get(one.outcome, one.outcome)} {_VERBS[one.direction]} in {_number(one.named, 0)} of {_number(one.compared, 0)} areas "
            f"(common change {_amount(one.change, one.unit, signed=True)}); {_number(one.further, 0) if one.further else 'none'} moved further still."
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
        false = _false(change.bracket[0].false)
        yield f"  {titles.get(change.outcome, change.outcome)}: of {_number(flags, 0)}, {false} would be expected to be false."


def _power(found: WatchList, titles: Mapping[str, str]) -> Iterator[str]:
    if found.power:
        yield ""
        yield "With these intervals, in a country that stands still:"
    for one in found.power:
        name = titles.get(one.outcome, one.outcome)
        if one.size is None:
            yield f"  {name}: no change of one area could be distinguished from that of all areas."
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
        yield "Places at either end come back to the middle by error alone (regression to the mean). Change of the lowest tenth against all areas:"
    units = {change.outcome: change.unit for change in found.changes}
    for one in found.reversions:
        unit = units.get(one.outcome, "")
        yield (
            f"  {titles.get(one.outcome, one.outcome)}: {_amount(one.lowest_expected, unit, signed=True)} expected if nothing had happened, "
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
        names = "; ".join(titles.get(one.outcome, one.outcome) for one in rows)
        yield f"  {_WORDS[reason]} ({_count(len(rows), 'outcome')}): {names}."


def _amount(value: float, unit: str, *, signed: bool = False, named: bool = False, places: int | None = None) -> str:
    number = _number(abs(value), _places(value) if places is None else places)
    money = unit[:1] if unit[:1] in "£€$" and unit else ""
    rest = unit[1:].strip() if money else unit
    negative = value < 0 and any(digit in "123456789" for digit in number)
    sign = _MINUS if negative else "+" if signed else ""
    said = f"on a {rest}" if rest.startswith("score") else rest
    return f"{sign}{money}{number}{f' {said}' if rest and (signed or named) else ''}"


def _places(value: float) -> int:
    """Return the decimals of a change: of its interval too."""
    size = abs(value)
    return 0 if size >= 100 else 1 if size >= 1 else 2


def _false(expected: float) -> str:
    return "fewer than 0.1" if expected < _FEW else _number(expected, 1)


def _count(number: int, noun: str) -> str:
    return f"{_number(number, 0)} {noun}{'' if number == 1 else 's'}"


def _number(value: float, places: int) -> str:
    return f"{value:,.{places}f}"
