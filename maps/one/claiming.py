"""A claim about kinds of place, answered from a build or from one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from analysis.claims import answer, read_claim
from analysis.one_table.studying import join_file
from analysis.study import StudyConfig, survey
from boundaries.bundled.layers import load_neighbours
from maps.atlas.manifest import read_manifest
from maps.atlas.regional import build_or_newest
from maps.atlas.run import joined_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.claims import Answer
    from analysis.one_table.reading import Reading


def answer_from_build(
    words: str, build: Path | None = None, *, data: Sequence[Path] = (), definition: str = "", seed: int | None = None
) -> Answer:
    """Answer a claim about one outcome of a build.

    Parameters
    ----------
    words : for example "coastal areas have lower pay".
    build : its folder; the newest in ``atlas-out/`` by default. data : folders in which its input files lie.
    definition : id of a definition of the kind of place; its first when empty.
    seed : of the draws; that of the build by default. Neighbours are those of the build, so that the answer is the one that its
        charts and tables give.

    Raises
    ------
    ConfigError
        The claim cannot be read, or speaks of no outcome of the build.
    """
    manifest = read_manifest(build_or_newest(build))
    joined, _ = joined_of(manifest.config, [*data, Path.cwd()])
    claim = read_claim(
        words,
        outcomes={one.meta.id: one.meta.title for one in joined},
        favourable={one.meta.id: one.meta.favourable for one in joined},
    )
    (chosen,) = (one for one in joined if one.meta.id == claim.outcome)
    how = manifest.config.statistics
    choices = StudyConfig(weights=how.weights, robust=how.robustness)
    ground = survey(chosen.boundaries, choices, neighbours=load_neighbours())
    return answer(words, chosen, ground, definition=definition, seed=how.seed if seed is None else seed)


def answer_from_file(
    words: str,
    file: Path,
    *,
    reading: Reading | None = None,
    definition: str = "",
    seed: int | None = None,
) -> Answer:
    """Answer a claim about the outcome of one table, read as ``reading`` says.

    Raises
    ------
    PlaceatlasError
        The file cannot be joined, or the claim cannot be read.
    """
    joined = join_file(file, reading)
    ground = survey(joined.boundaries, neighbours=load_neighbours())
    return answer(words, joined, ground, definition=definition, seed=StudyConfig().seed if seed is None else seed)
