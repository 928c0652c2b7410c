"""A map of how far a cluster depends on choices: core, probable, contested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import MapError, listed
from maps.kinds import framing
from maps.look import palettes
from maps.spec import LegendClass, MapSpec
from maps.words import counted, counted_of, directed, format_count, sentence

if TYPE_CHECKING:
    import pandas as pd

    from boundaries.joined import Joined

LEVELS = ("core", "probable", "contested")
LEVEL_WORDS = {
    "core": "Core: in every run",
    "probable": "Probable: in most runs",
    "contested": "Contested: in some runs",
    "none": "In none",
}


def spec_robustness(joined: Joined, robustness: pd.DataFrame, *, method: str = "", column: str = "class") -> MapSpec:
    """Describe a map of how robust the unfavourable clusters are.

    Parameters
    ----------
    robustness : by code; ``column`` holds core, probable, contested, none, not-testable or no-data, of the unfavourable end
        (of the low end where neither is good).
    method : which runs were compared, in one line.

    Raises
    ------
    MapError
        Areas without a level, or levels that are not known.
    """
    meta = joined.meta
    covered = joined.frame.index[joined.covered]
    levels = robustness[column].reindex(covered)
    allowed = [*LEVELS, "none", framing.NOT_TESTABLE, framing.NO_DATA]
    faults = [f"{int(levels.isna().sum())} areas have no level"] if levels.isna().any() else []
    strange = sorted(set(levels.dropna()) - set(allowed))
    faults += [f"unknown levels {listed(strange)}: known are {', '.join(allowed)}"] if strange else []
    if faults:
        raise MapError(f"the robustness of {meta.id!r} cannot be drawn", faults)
    counts = levels.value_counts()
    classes = (
        *(
            LegendClass(level, LEVEL_WORDS[level], colour, int(counts.get(level, 0)))
            for level, colour in zip((*LEVELS, "none"), palettes.ROBUSTNESS, strict=True)
        ),
        framing.not_testable_class(int(counts.get(framing.NOT_TESTABLE, 0))),
        framing.no_data_class(int(counts.get(framing.NO_DATA, 0))),
    )
    tested = int(levels.isin([*LEVELS, "none"]).sum())
    title = _title(joined, {level: int(counts.get(level, 0)) for level in LEVELS}, tested)
    return MapSpec(
        id=f"{meta.id}/robustness",
        kind="robustness",
        outcome=meta.id,
        title=title,
        subtitle=framing.subtitle(joined),
        sure="An area is core only if every choice of neighbours and every seed puts it in the cluster; the others depend on the choice.",
        legend_title=f"In a cluster of {_end(joined)} values",
        classes=classes,
        assignment={str(code): str(level) for code, level in levels.items()},
        notes=(
            "A map of one run shows one choice. This one shows what does not change with it.",
            *framing.coverage_notes(joined),
        ),
        foot=framing.foot([meta.source], joined.boundaries, method=method or "classes compared over weights and seeds"),
        alt=f"Map of {counted(len(levels), 'area')} by how robust their cluster is: {title}.",
        description=framing.description(title, classes, framing.valued(joined), joined.frame["name"], meta.unit),
        values={code: f"{text}; {levels[code]}" for code, text in framing.area_texts(joined).items()},
    )


def _end(joined: Joined) -> str:
    return "high" if joined.meta.favourable == "low" else "low"


def _title(joined: Joined, counts: dict[str, int], tested: int) -> str:
    what = directed(_end(joined), joined.meta.title)
    depends = counts["probable"] + counts["contested"]
    if counts["core"] == 0 and depends == 0:
        return f"No area stands out for {what} in any run"
    if counts["core"] == 0:
        return f"No area stands out for {what} in every run: {counted(depends, 'area')} {_depend(depends)} on the choice of neighbours or seed"
    verb = "stands" if counts["core"] == 1 else "stand"
    rest = f"; {format_count(depends)} more {_depend(depends)} on the choice of neighbours or seed" if depends else ""
    return f"{sentence(counted_of(counts['core'], tested))} {verb} out for {what} in every run{rest}"


def _depend(count: int) -> str:
    return "depends" if count == 1 else "depend"
