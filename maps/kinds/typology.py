"""A map of types of place: coastal, rural, post-industrial; they overlap, and the overlap is shown by pattern."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from geo.errors import MapError, listed
from maps.findings import KindsFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.look import palettes, texture
from maps.look.texture import TYPE_STEP, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, listed_words, say, sentence
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from boundaries.areas.boundary_set import BoundarySet
    from geo.provenance import Source

TYPES = ("coastal", "rural", "post-industrial")
ANSWERS = ("yes", "no", "not classified")


def spec_typology(
    boundaries: BoundarySet,
    memberships: pd.DataFrame,
    *,
    method: str = "",
    sources: Sequence[Source] = (),
    outcome: str = "",
) -> MapSpec:
    """Describe a map of types.

    Parameters
    ----------
    memberships : by code, columns ``coastal``, ``rural`` and ``post-industrial`` (any of them), each yes, no or not classified.
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
    table = _answers(memberships, codes)
    present = list(table.columns)
    rows = table.to_dict("records")
    assignment = {str(code): _key(row) for code, row in zip(codes, rows, strict=True)}
    classes = _entries(present, Counter(assignment.values()))
    finding = KindsFinding(
        tuple(present),
        tuple(codes_where(table[kind] == "yes") for kind in present),
        tuple(codes_where(table[kind] == "not classified") for kind in present),
    )
    title = finding_title(finding, Topic(""))
    return MapSpec(
        id=f"{outcome}/typology" if outcome else "typology",
        kind="typology",
        outcome=outcome,
        title=title,
        measure=say("kinds.measure"),
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
        values={
            str(code): "; ".join(say("kinds.answer", kind=kind, answer=str(row[kind])) for kind in present)
            for code, row in zip(codes, rows, strict=True)
        },
        **captions.drawn_on(boundaries),
    )


def _unclassified(finding: KindsFinding) -> list[str]:
    """Say of each kind how many areas no definition reaches."""
    return [
        say("kinds.unclassified", kind=sentence(kind), some=counted(len(codes)))
        for kind, codes in zip(finding.dimensions, finding.unclassified, strict=True)
        if codes
    ]


def _answers(memberships: pd.DataFrame, codes: pd.Series) -> pd.DataFrame:
    """Return the answers of every area, a column a known type.

    Raises
    ------
    MapError
        No column of a known type, other answers, or areas without one.
    """
    present = [kind for kind in TYPES if kind in memberships.columns]
    table = memberships.reindex(codes)[present]
    faults = [] if present else [f"no column of {', '.join(TYPES)}"]
    strange = sorted({str(value) for kind in present for value in table[kind] if value not in ANSWERS})
    faults += [f"answers are {', '.join(ANSWERS)}; found {listed(strange)}"] if strange else []
    if faults:
        raise MapError("the types cannot be drawn", faults)
    return table


def _key(row: Mapping[Hashable, str]) -> str:
    kinds = [kind for kind in TYPES if row.get(kind) == "yes"]
    if kinds:
        return "+".join(kinds)
    return "none" if all(value == "no" for value in row.values()) else "not-classified"


def _entries(present: Sequence[str], counts: Counter[str]) -> tuple[LegendClass, ...]:
    found = [
        textured(
            LegendClass(kind, sentence(kind), palettes.TYPES[kind], counts[kind]), texture.TYPES[kind], step=TYPE_STEP
        )
        for kind in present
    ]
    for size in range(2, len(present) + 1):
        for kinds in combinations(present, size):
            key = "+".join(kinds)
            if counts[key]:
                words = say("kinds.all") if size == len(TYPES) else sentence(listed_words(kinds))
                second = palettes.TYPES[kinds[1]] if size == 2 else palettes.PAPER
                base = palettes.TYPES[kinds[0]] if size == 2 else palettes.INK
                hatch = texture.OVERLAPS.get(key, "stripes")
                found.append(LegendClass(key, words, base, counts[key], hatch, "", second))
    found.append(LegendClass("none", say("kinds.none"), palettes.CLUSTERS["not-significant"], counts["none"]))
    if count := counts["not-classified"]:
        words, grey, ink = say("kinds.not-classified"), palettes.NO_DATA, palettes.NO_DATA_HATCH
        found.append(LegendClass("not-classified", words, grey, count, "diagonal", "", ink))
    return tuple(found)
