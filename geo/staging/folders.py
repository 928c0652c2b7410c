"""Folders that appear whole or not at all, and additions to a finished one that are all there or none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from geo.errors import OutputError, listed, unwritable
from geo.remedies import Remedy
from geo.staging.journal import UNFINISHED, claimed, journal_folder, record
from geo.staging.parts import remove

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MANIFEST = "manifest.json"
"""A folder that holds this file, naming placeatlas as its tool, is ours to replace."""

TOOL = "placeatlas"


def is_ours(folder: Path, marker: str = MANIFEST) -> bool:
    """Tell whether a folder holds a placeatlas manifest, or another ``marker`` that names its tool."""
    return _marked(folder, marker).get("tool") == TOOL


@contextmanager
def staged(out: Path, *, force: bool, journal: Path | None = None, marker: str = MANIFEST) -> Iterator[Path]:
    """Yield a hidden folder beside ``out`` to build in; on success it takes the place of ``out`` in one step.

    Parameters
    ----------
    out : the folder that is wanted. force : replace one that is ours. journal : as of ``tidy``.
    marker : the file that makes a folder ours.

    Raises
    ------
    OutputError
        ``out`` exists and is not ours, or is ours and ``force`` is false, or another run is writing it, or nothing can be written there.
    """
    out = out.resolve()
    with _under_way(out, journal) as entry:
        _check_target(out, force=force, marker=marker)
        record(entry, target=os.fspath(out))
        new, old = _siblings(out)
        try:
            _make(new, out)
            yield new
            _swap(new, old, out)
        finally:
            if old.exists() and not out.exists():
                old.rename(out)
            shutil.rmtree(new, ignore_errors=True)


@contextmanager
def adding(out: Path, *, journal: Path | None = None) -> Iterator[Path]:
    """Yield a hidden folder whose content joins a finished folder of ours when the block ends: all of it or none.

    What is added has its manifest with it; until that has taken the place of the former one, nothing was added.

    Parameters
    ----------
    out : the finished folder. journal : as of ``tidy``.

    Raises
    ------
    OutputError
        ``out`` is not ours, another run is writing it, nothing can be written there, or it holds what would be added.
    """
    out = out.resolve()
    with _under_way(out, journal) as entry:
        if not is_ours(out):
            raise OutputError(f"{out} was not written by placeatlas", ["nothing in it was touched"])
        record(entry, target=os.fspath(out))
        new, _ = _siblings(out)
        names: list[str] = []
        try:
            _make(new, out)
            yield new
            names = _new_names(new, out)
            record(entry, target=os.fspath(out), added=names)
            for name in names:
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).rename(out / name)
            (new / MANIFEST).replace(out / MANIFEST)
        finally:
            take_back(out, names)
            shutil.rmtree(new, ignore_errors=True)


def take_back(out: Path, names: Sequence[str]) -> list[str]:
    """Remove what was being added to a folder and is not in its manifest; return the names."""
    files = _marked(out, MANIFEST).get("files")
    kept = list(files) if isinstance(files, dict) else []
    gone = [
        name
        for name in names
        if (out / name).exists() and not any(file == name or file.startswith(f"{name}/") for file in kept)
    ]
    for name in gone:
        remove(out / name)
    return gone


def mend(out: Path, added: Sequence[str] = ()) -> list[str]:
    """Bring ``out`` back to one whole state: restore or remove what a killed run left; say what was done."""
    new, old = _siblings(out)
    said = []
    if old.exists():
        if out.exists():
            shutil.rmtree(old)
            said.append(f"removed the former output that an interrupted run had already replaced: {old.name}")
        else:
            old.rename(out)
            said.append(f"restored the output that an interrupted run was replacing: {out}")
    if new.exists():
        shutil.rmtree(new)
        said.append(f"removed the unfinished output of an interrupted run: {new.name}")
    if gone := take_back(out, added):
        said.append(f"removed what an interrupted run was adding to {out}: {listed(gone)}")
    return said


def _siblings(out: Path) -> tuple[Path, Path]:
    """Return the hidden folders beside ``out``: the new one while it is built, the old one while it is swapped."""
    return out.parent / f".{out.name}{UNFINISHED}", out.parent / f".{out.name}.placeatlas-old"


@contextmanager
def _under_way(out: Path, journal: Path | None) -> Iterator[IO[str]]:
    """Yield the entry of the journal for a folder, once whatever an earlier run left there is mended."""
    name = hashlib.sha256(os.fsencode(out)).hexdigest()[:16]
    with claimed((journal or journal_folder()) / f"{name}.run") as entry:
        if entry is None:
            raise OutputError(f"another run is writing {out}", ["wait for it to end, or choose another folder"])
        mend(out)
        yield entry


def _make(new: Path, out: Path) -> None:
    try:
        new.mkdir(parents=True)
    except OSError as trouble:
        raise unwritable(out, trouble) from trouble


def _swap(new: Path, old: Path, out: Path) -> None:
    try:
        if out.exists():
            out.rename(old)
        new.rename(out)
    except OSError as trouble:
        raise unwritable(out, trouble) from trouble
    shutil.rmtree(old, ignore_errors=True)


def _new_names(new: Path, out: Path) -> list[str]:
    """Return the least paths below ``new`` that ``out`` lacks, its manifest left aside.

    Raises
    ------
    OutputError
        Files that ``out`` holds already.
    """
    names: list[str] = []
    doubled: list[str] = []
    for path in sorted(new.rglob("*")):
        name = path.relative_to(new).as_posix()
        if name == MANIFEST or any(name.startswith(f"{known}/") for known in names):
            continue
        if not (out / name).exists():
            names.append(name)
        elif path.is_file():
            doubled.append(name)
    if doubled:
        raise OutputError(f"{out} holds already what would be added", [f"found {listed(doubled)}"])
    return names


def _marked(folder: Path, marker: str) -> dict[str, object]:
    try:
        manifest = json.loads((folder / marker).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _check_target(out: Path, *, force: bool, marker: str) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} is a file, not a folder", ["choose another folder"])
    if not any(out.iterdir()):
        return
    if not is_ours(out, marker):
        raise OutputError(
            f"{out} exists and was not written by placeatlas",
            ["nothing in it was touched", "choose another folder, or remove it yourself"],
        )
    if not force:
        raise OutputError(
            f"{out} already holds {'an atlas' if marker == MANIFEST else 'results'} of placeatlas",
            ["choose another folder"],
            [Remedy("force", value=True, purpose="to replace it")],
        )
