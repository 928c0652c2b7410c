"""What an analyst calls to publish: build, pack, compare; to see a result: ``maps.calls``.

A wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.arguments import folders_of, path_of, texts_of
from geo.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from maps.atlas.run import Built
    from maps.compare import Compared


def build(
    atlas: str | Path | None = None,
    *,
    data: str | Path | Sequence[str | Path] = (),
    out: str | Path | None = None,
    seed: int | None = None,
    force: bool = False,
    fetch: bool = False,
    workers: int | str | None = None,
    resume: bool = True,
) -> Built:
    """Build an atlas: join, study, maps, pages, packs, manifest.

    Parameters
    ----------
    atlas : name of a built-in atlas, or path of a TOML file; the starter atlas by default.
    data : folders in which relative file names are looked up. out : folder to write; ``atlas-out/<slug>`` by default.
    seed : overrules the configuration's. force : replace an earlier atlas in that folder.
    fetch : fetch what the configuration names and the cache does not hold.
    workers : processes that do the work, or the address of a scheduler of ``dask.distributed``, ``"tcp://host:8786"``; by default as
        the configuration says, else 1. What is written does not depend on it. A script calls this below
        ``if __name__ == "__main__":``.
    resume : take what an interrupted build of the same folder has finished, as far as it is still the same.

    Returns
    -------
    Built
        ``.out``, the folder; ``.summary``, a few lines an outcome.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        No workers; what is no path.
    PlaceatlasError
        Anything that would make the atlas false or incomplete; nothing is then written.
    """
    from geo.work import workers_of
    from maps.atlas.jobs import How
    from maps.atlas.run import build_atlas

    return build_atlas(
        None if atlas is None else str(path_of(atlas, "atlas")),
        data=folders_of(data),
        out=None if out is None else path_of(out, "out"),
        seed=seed,
        force=force,
        fetch=fetch,
        how=How(None if workers is None else workers_of(workers), resume),
    )


def pack(
    places: str | Sequence[str],
    *,
    source: str | Path | None = None,
    language: str | Sequence[str] = (),
    workers: int | str = 1,
    documents: bool = True,
) -> list[Path]:
    """Write download packs of places from a finished build alone.

    Parameters
    ----------
    places : codes or names of nations, English regions, combined authorities, counties and single areas, or paths of lists.
    source : the build's folder; the newest in ``atlas-out/`` by default. workers : as of ``build``.
    language : "en", "cy", or several; by default English, and Welsh too of places in Wales where the build has it.
    documents : write summaries as PDF and DOCX too, which needs the extra ``packs``.

    Returns
    -------
    list
        The zip of each place's pack.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        No places, or no workers.
    CodeError, OutputError
        Places that are unknown or hold no area; no build, or one of another version.
    """
    from geo.work import workers_of
    from maps.atlas.repacking import packs_from_build

    wanted = texts_of(places, "places")
    if not wanted:
        raise ArgumentError("no place is named", ['name one or more: "E12000001"'])
    folder = None if source is None else path_of(source, "source")
    languages = texts_of(language, "language") if language else []
    return packs_from_build(wanted, folder, languages=languages, workers=workers_of(workers), documents=documents)


def compare(
    old: str | Path | Built, new: str | Path | Built, *, out: str | Path | None = None, force: bool = False
) -> Compared:
    """Say what changed between two builds: values revised, levels and verdicts moved, areas new and gone.

    Parameters
    ----------
    old, new : folders of builds, or what ``build`` gives; of one geography.
    out : folder to write a page and a CSV to. force : replace an earlier comparison in that folder.

    Returns
    -------
    Compared
        Printed, a few lines for a reader; ``.same``; ``.to_frame()``, a row a difference.

    Raises
    ------
    ArgumentTypeError
        What is neither a path nor a build.
    OutputError
        A folder that is no build, builds of different geographies, an output folder that is not ours.
    """
    from analysis.comparing import compare_builds, read_build
    from maps.compare import Compared, compare_folders

    first, second = (path_of(getattr(one, "out", one), name) for name, one in (("old", old), ("new", new)))
    if out is not None:
        return Compared(compare_folders(first, second, path_of(out, "out"), force=force))
    return Compared(compare_builds(read_build(first), read_build(second)))
