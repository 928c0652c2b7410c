"""A map of types of place: coastal, rural, post-industrial, or of one's own; they overlap, and the overlap is shown by pattern."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, cycle
from typing import TYPE_CHECKING

from geo.errors import MapError, listed
from maps.findings import KindsFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.look import palettes, texture
from maps.look.texture import TYPE_STEP, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, kind_of_place, listed_words, say, sentence
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source

TYPES = ("coastal", "rural", "post-industrial")
ANSWERS = ("yes", "no", "not classified")

SEVERAL = "several"
"""Key of the class of areas of several kinds, where there are too many combinations to tell apart."""

MOST_OVERLAPS = 4
"""As many combinations as three kinds have; with more they are one class."""


def spec_typology(
    boundaries: BoundarySet,
    memberships: pd.DataFrame,
    *,
    kinds: Sequence[str] = TYPES,
    method: str = "",
    sources: Sequence[Source] = (),
    outcome: str = "",
) -> MapSpec:
    """Describe a map of types.

    Parameters
    ----------
    memberships : by code, a column a kind of place, each yes, no or not classified.
    kinds : the columns to be drawn, of those that are there; the built-in ones make the map ``typology``, others ``types``.
    method : the definitions, in one line. sources : of the definitions.
    outcome : for the file's folder; empty for a map of the set itself.

    Raises
    ------
    MapError
        No column of a known type, other answers, or areas without one.

    Notes
    -----
    An area is shown as every type it is known to be; where a definition does not reach, that is said in the notes and not drawn
    as "no" unless another definition puts the area in a type.
    """
    codes = boundaries.frame["code"]
    name = "typology" if set(kinds) <= set(TYPES) else "types"
    table = answers_of(memberships, codes, kinds)
    present = list(table.columns)
    rows = table.to_dict("records")
    assignment, classes = classed(table)
    finding = KindsFinding(
        tuple(present),
        tuple(codes_where(table[kind] == "yes") for kind in present),
        tuple(codes_where(table[kind] == "not classified") for kind in present),
    )
    title = finding_title(finding, Topic(""))
    return MapSpec(
        id=f"{outcome}/{name}" if outcome else name,
        kind=name,
        outcome=outcome,
        title=title,
        measure=say("kinds.measure" if name == "typology" else "kinds.measure-own"),
        sure=say("kinds.sure"),
        legend_title=say("kinds.legend"),
        classes=classes,
        assignment=assignment,
        notes=(say("kinds.note"), *_unclassified(finding)),
        finding=finding,
        method=method or say("kinds.method"),
        sources=tuple(sources),
        alt=say("kinds.alt", whole=counted(len(codes)), title=title),
        description=captions.description(title, classes, None, Topic("")),
        values={str(code): answers_words(row) for code, row in zip(codes, rows, strict=True)},
        **captions.drawn_on(boundaries),
    )


def classed(table: pd.DataFrame) -> tuple[dict[str, str], tuple[LegendClass, ...]]:
    """Put areas in classes by all the kinds of place they are of, and describe the classes.

    Parameters
    ----------
    table : from ``answers_of``.

    Notes
    -----
    Where more than ``MOST_OVERLAPS`` combinations occur they are one class: a legend of a dozen stripes is read by nobody.
    """
    present = [str(kind) for kind in table.columns]
    keys = [_key(row, present) for row in table.to_dict("records")]
    if len({key for key in keys if "+" in key}) > MOST_OVERLAPS:
        keys = [SEVERAL if "+" in key else key for key in keys]
    assignment = dict(zip(map(str, table.index), keys, strict=True))
    return assignment, _entries(present, Counter(keys))


def answers_words(row: Mapping[Hashable, str]) -> str:
    """Return what the rules say of one area, kind by kind."""
    return "; ".join(
        say("kinds.answer", kind=kind_of_place(str(kind)), answer=str(answer)) for kind, answer in row.items()
    )


def _unclassified(finding: KindsFinding) -> list[str]:
    """Say of each kind how many areas no definition reaches."""
    return [
        say("kinds.unclassified", kind=sentence(kind_of_place(kind)), some=counted(len(codes)))
        for kind, codes in zip(finding.dimensions, finding.unclassified, strict=True)
        if codes
    ]


def answers_of(memberships: pd.DataFrame, codes: pd.Series, kinds: Sequence[str]) -> pd.DataFrame:
    """Return the answers of every area, a column a kind of place that is there.

    Raises
    ------
    MapError
        No column of a known type, other answers, or areas without one.
    """
    present = [kind for kind in kinds if kind in memberships.columns]
    table = memberships.reindex(codes)[present]
    faults = [] if present else [f"no column of {', '.join(kinds) or 'a kind of place'}"]
    strange = sorted({str(value) for kind in present for value in table[kind] if value not in ANSWERS})
    faults += [f"answers are {', '.join(ANSWERS)}; found {listed(strange)}"] if strange else []
    if faults:
        raise MapError("the types cannot be drawn", faults)
    return table


def _key(row: Mapping[Hashable, str], present: Sequence[str]) -> str:
    kinds = [kind for kind in present if row.get(kind) == "yes"]
    if kinds:
        return "+".join(kinds)
    return "none" if all(value == "no" for value in row.values()) else "not-classified"


def _entries(present: Sequence[str], counts: Counter[str]) -> tuple[LegendClass, ...]:
    look = dict(zip(present, _looks(present), strict=True))
    found = [
        textured(
            LegendClass(kind, sentence(kind_of_place(kind)), look[kind][0], counts[kind]), look[kind][1], step=TYPE_STEP
        )
        for kind in present
    ]
    found += [
        _overlap(kinds, look, counts["+".join(kinds)], whole=size == len(present) == len(TYPES))
        for size in range(2, len(present) + 1)
        for kinds in combinations(present, size)
        if counts["+".join(kinds)]
    ]
    if count := counts[SEVERAL]:
        several = LegendClass(SEVERAL, say("kinds.several-kinds"), palettes.INK, count, "stripes", "", palettes.PAPER)
        found.append(several)
    found.append(LegendClass("none", say("kinds.none"), palettes.CLUSTERS["not-significant"], counts["none"]))
    if count := counts["not-classified"]:
        words, grey, ink = say("kinds.not-classified"), palettes.NO_DATA, palettes.NO_DATA_HATCH
        found.append(LegendClass("not-classified", words, grey, count, "diagonal", "", ink))
    return tuple(found)


def _looks(present: Sequence[str]) -> list[tuple[str, str]]:
    """Return colour and hatch of each kind: the built-in ones have their own, others take turns."""
    others = [kind for kind in present if kind not in TYPES]
    turns = cycle(zip(palettes.OWN_TYPES, texture.OWN_TYPES, strict=True))
    own = dict(zip(others, turns, strict=False))
    return [own[kind] if kind in own else (palettes.TYPES[kind], texture.TYPES[kind]) for kind in present]


def _overlap(kinds: tuple[str, ...], look: Mapping[str, tuple[str, str]], count: int, *, whole: bool) -> LegendClass:
    """Describe areas of several kinds at once: stripes of two colours, of ink where there are more."""
    key = "+".join(kinds)
    words = say("kinds.all") if whole else sentence(listed_words([kind_of_place(kind) for kind in kinds]))
    pair = len(kinds) == 2
    base, second = (look[kinds[0]][0], look[kinds[1]][0]) if pair else (palettes.INK, palettes.PAPER)
    return LegendClass(key, words, base, count, texture.OVERLAPS.get(key, "stripes"), "", second)
