"""The map of early warning: which areas got worse and better beyond the error of two periods, marked and named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.change.flags import in_order
from boundaries.outcomes.periods import label
from maps.findings import change_of
from maps.kinds import captions
from maps.look import palettes
from maps.look.texture import UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec, Outline
from maps.words import (
    Topic,
    counted,
    difference_unit,
    direction_words,
    format_number,
    format_value,
    in_sentence,
    say,
)
from maps.words.findings import finding_title
from maps.words.findings.moves import bare_move, false_words, move_size, move_words
from maps.words.numbers import CURRENCIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.change import Change, Followed
    from analysis.change.flags import Flag
    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable

MOST_NAMED = 8
"""More names than this crowd a page; every area that moved by itself is outlined."""
MOST_LISTED = 5
"""Rows of each small table."""

COMMON = "-common"
"""End of the key of a class whose areas moved as all areas together did."""


def spec_warning(joined: Joined, followed: Followed) -> MapSpec:
    """Describe a map of areas whose change is beyond the error of two periods.

    Parameters
    ----------
    joined : the outcome at its latest period. followed : the same in all its periods, with a comparison that has errors.

    Raises
    ------
    ValueError
        No comparison with errors was made: the kind does not say that it needs one.
    """
    change = followed.change
    if change is None:
        raise ValueError("a map of warnings needs a comparison with errors")
    codes = [str(code) for code in captions.valued(joined).index]
    given, topic = _assignment(followed, codes), Topic.of(joined)
    finding = change_of(change).within(set(codes))
    title = finding_title(finding, topic)
    since, until = label(change.since), label(change.period)
    classes = _classes(change.favourable, given)
    own = [flag for flag in pressing(followed.flags) if not flag.common and flag.code in given]
    texts = captions.area_texts(joined)
    return MapSpec(
        id=f"{joined.meta.id}/warning",
        kind="warning",
        outcome=joined.meta.id,
        title=title,
        measure=say("warning.measure", outcome=captions.titled(joined), since=since, until=until),
        sure=_sure(followed, change, topic, set(codes)),
        legend_title=say("warning.legend", since=since, until=until),
        classes=classes,
        assignment=given,
        outlines=_outlines(own, topic),
        tables=_tables(own, change, topic),
        notes=(_base_note(change), direction_words(change.favourable), *([say("warning.named")] if own else [])),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=_method(change, topic),
        sources=(joined.meta.source,),
        alt=say("warning.alt", whole=counted(len(codes)), title=title),
        description=captions.description(title, classes, None, topic),
        values=texts | _values(change, given, texts, topic, classes),
        **captions.drawn_on(joined.boundaries),
    )


def pressing(flags: Sequence[Flag]) -> list[Flag]:
    """Return flags in order, what gets worse before what gets better."""
    found: list[Flag] = []
    for way in ("regressing", "improving", "falling", "rising"):
        found += in_order(flag for flag in flags if flag.direction == way)
    return found


def _assignment(followed: Followed, codes: Sequence[str]) -> dict[str, str]:
    change = followed.change
    verdicts = {} if change is None else {str(code): str(word) for code, word in change.frame["verdict"].items()}
    common = {flag.code for flag in followed.flags if flag.common}
    silent = {"no-data", "not-covered"}
    found = {}
    for code in codes:
        word = verdicts.get(code, "no-data")
        found[code] = captions.NO_DATA if word in silent else f"{word}{COMMON}" if code in common else word
    return found


def _classes(favourable: Favourable, given: dict[str, str]) -> tuple[LegendClass, ...]:
    """Return the legend: worse, unclear, better; classes that only some outcomes have where an area is in them."""
    bad, pale_bad, plain, pale_good, good = palettes.DIVERGING_5
    counts = {key: list(given.values()).count(key) for key in set(given.values())}
    worse, better = ("falling", "rising") if favourable == "none" else ("regressing", "improving")
    grey, dots = palettes.NOT_TESTABLE, palettes.NOT_TESTABLE_DOTS

    def entry(key: str, words: str, colour: str) -> LegendClass:
        return LegendClass(key, words, colour, counts.get(key, 0))

    always = {worse, "not-clear", better}
    laid = (
        textured(entry(worse, say(f"warning.{worse}"), bad), UNFAVOURABLE),
        textured(entry(f"{worse}{COMMON}", say(f"warning.{worse}{COMMON}"), pale_bad), UNFAVOURABLE),
        entry("not-clear", say("warning.not-clear"), plain),
        entry(f"{better}{COMMON}", say(f"warning.{better}{COMMON}"), pale_good),
        entry(better, say(f"warning.{better}"), good),
        replace(entry("not-comparable", say("warning.not-comparable"), grey), hatch="back", hatch_colour=dots),
        replace(entry("error-unknown", say("warning.unknown"), grey), hatch="dots", hatch_colour=dots),
    )
    shown = tuple(one for one in laid if one.count or one.key in always)
    return (*shown, captions.no_data_class(counts.get(captions.NO_DATA, 0)))


def _outlines(own: Sequence[Flag], topic: Topic) -> tuple[Outline, ...]:
    """Return an outline round every area that moved by itself, the most pressing named."""
    named = {flag.code for flag in own[:MOST_NAMED]}
    return tuple(
        Outline(flag.code, _name(flag, topic) if flag.code in named else "", (flag.code,), palettes.INK)
        for flag in sorted(own, key=lambda flag: flag.code)
    )


def _name(flag: Flag, topic: Topic) -> str:
    name = topic.name(flag.code)
    return say("warning.poor", name=name) if flag.poor_and_worse else name


def _tables(own: Sequence[Flag], change: Change, topic: Topic) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    found = []
    for way in ("regressing", "improving", "falling", "rising"):
        rows = [flag for flag in own if flag.direction == way][:MOST_LISTED]
        if rows:
            cells = tuple((_name(flag, topic), moved(flag.change, change, topic)) for flag in rows)
            unit = "" if change.unit[:1] in CURRENCIES else change.unit
            found.append((captions.with_unit(say(f"warning.table-{way}"), unit), cells))
    return tuple(found)


def moved(value: float, change: Change, topic: Topic) -> str:
    """Return a change as it is printed beside others of its kind."""
    return bare_move(value, change.unit, topic)


def _sure(followed: Followed, change: Change, topic: Topic, codes: set[str]) -> str:
    """Return how many of those named are expected to be false, and what could have been seen."""
    flags = [flag for flag in followed.flags if flag.code in codes]
    said = [false_words(sum(1 - flag.p for flag in flags), len(flags)) if flags else say("warning.none")]
    for power in followed.found.power:
        if power.size is None:
            said.append(say("warning.power-none"))
        else:
            said.append(say("warning.power", size=move_size(power.size, change.unit, topic)))
    return " ".join(said)


def _base_note(change: Change) -> str:
    return say("warning.base-national" if change.against == "national" else f"warning.base-{change.base}")


def _method(change: Change, topic: Topic) -> str:
    beyond = format_value(change.beyond, difference_unit(change.unit), decimals=max(topic.decimals or 0, 2))
    given = {} if change.rho_basis == "independent" else {"rho": format_number(change.rho, decimals=2)}
    rho = say(f"warning.rho-{change.rho_basis}", **given)
    return say("warning.method", beyond=beyond, rho=rho)


def _values(
    change: Change, given: dict[str, str], texts: dict[str, str], topic: Topic, classes: Sequence[LegendClass]
) -> dict[str, str]:
    """Return value, change drawn towards the common one with its interval, and verdict, by code."""
    labels = {entry.key: in_sentence(entry.label) for entry in classes}
    rows: pd.DataFrame = change.frame[change.frame["mean"].notna()]
    since = label(change.since)
    return {
        str(code): say(
            "warning.value",
            value=texts[str(code)],
            change=move_words(float(row["mean"]), change.unit, topic),
            lower=moved(float(row["lower"]), change, topic),
            upper=moved(float(row["upper"]), change, topic),
            since=since,
            label=labels[given[str(code)]],
        )
        for code, row in rows.iterrows()
        if str(code) in given and given[str(code)] != captions.NO_DATA
    }
