"""A map of types of place: coastal, rural, post-industrial; they overlap, and the overlap is shown by pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import MapError, listed
from maps.kinds import framing
from maps.look import palettes, texture
from maps.look.texture import TYPE_STEP, textured
from maps.spec import LegendClass, MapSpec
from maps.words import counted, format_count, listed_words, sentence

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
    present = [kind for kind in TYPES if kind in memberships.columns]
    table = memberships.reindex(codes)[present] if present else memberships
    faults = [] if present else [f"no column of {', '.join(TYPES)}"]
    strange = sorted({str(value) for kind in present for value in table[kind] if value not in ANSWERS})
    faults += [f"answers are {', '.join(ANSWERS)}; found {listed(strange)}"] if strange else []
    if faults:
        raise MapError("the types cannot be drawn", faults)
    assignment = {str(code): _key(row) for code, row in zip(codes, table.to_dict("records"), strict=True)}
    counts: dict[str, int] = {}
    for key in assignment.values():
        counts[key] = counts.get(key, 0) + 1
    classes = _entries(present, counts)
    totals = {kind: int((table[kind] == "yes").sum()) for kind in present}
    several = int(((table == "yes").sum(axis=1) > 1).sum())
    title = _title(totals, several)
    unclassified = {kind: int((table[kind] == "not classified").sum()) for kind in present}
    return MapSpec(
        id=f"{outcome}/typology" if outcome else "typology",
        kind="typology",
        outcome=outcome,
        title=title,
        subtitle=f"Types of place; {framing.boundary_words(boundaries)}",
        sure="Types rest on stated rules; other rules draw other lines, and areas near a cut-off could fall on either side.",
        legend_title="Type of place",
        classes=classes,
        assignment=assignment,
        notes=(
            "Types overlap: stripes mark an area of two types, both colours count.",
            *(
                f"{sentence(kind)}: {counted(count, 'area')} not classified by the definition."
                for kind, count in unclassified.items()
                if count
            ),
        ),
        foot=framing.foot(sources, boundaries, method=method or "areas by stated rules"),
        alt=f"Map of {counted(len(codes), 'area')} by type of place: {title}.",
        description=f"{title}. Areas by class: {'; '.join(f'{entry.label}: {entry.count}' for entry in classes)}.",
        values={
            str(code): "; ".join(f"{kind}: {row[kind]}" for kind in present)
            for code, row in zip(codes, table.to_dict("records"), strict=True)
        },
    )


def _key(row: Mapping[Hashable, str]) -> str:
    kinds = [kind for kind in TYPES if row.get(kind) == "yes"]
    if kinds:
        return "+".join(kinds)
    return "none" if all(value == "no" for value in row.values()) else "not-classified"


def _entries(present: Sequence[str], counts: dict[str, int]) -> tuple[LegendClass, ...]:
    found = []
    for size in range(1, len(present) + 1):
        for kinds in _combinations(present, size):
            key = "+".join(kinds)
            if size == 1:
                entry = LegendClass(key, sentence(kinds[0]), palettes.TYPES[kinds[0]], counts.get(key, 0))
                found.append(textured(entry, texture.TYPES[key], step=TYPE_STEP))
            elif counts.get(key, 0):
                words = "All three" if size == len(TYPES) else sentence(listed_words(kinds))
                second = palettes.TYPES[kinds[1]] if size == 2 else palettes.PAPER
                base = palettes.TYPES[kinds[0]] if size == 2 else palettes.INK
                found.append(
                    LegendClass(key, words, base, counts[key], texture.OVERLAPS.get(key, "stripes"), "", second)
                )
    found.append(LegendClass("none", "None of these", palettes.CLUSTERS["not-significant"], counts.get("none", 0)))
    if counts.get("not-classified", 0):
        found.append(
            LegendClass(
                "not-classified",
                "Not classified by every rule",
                palettes.NO_DATA,
                counts["not-classified"],
                "diagonal",
                "",
                palettes.NO_DATA_HATCH,
            )
        )
    return tuple(found)


def _combinations(kinds: Sequence[str], size: int) -> list[list[str]]:
    if size == 0:
        return [[]]
    return [[kinds[i], *rest] for i in range(len(kinds)) for rest in _combinations(kinds[i + 1 :], size - 1)]


def _title(totals: dict[str, int], several: int) -> str:
    said = listed_words([f"{format_count(count)} {kind}" for kind, count in totals.items()])
    overlap = (
        f"; {format_count(several)} are more than one" if several > 1 else "; 1 is more than one" if several else ""
    )
    return f"{said} areas{overlap}"
