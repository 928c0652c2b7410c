"""Output folders that appear whole or not at all, and the tidying after a run that was killed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import platformdirs

from geo.errors import OutputError, unwritable
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "manifest.json"
"""A folder that holds this file, naming placeatlas as its tool, is ours to replace."""

TOOL = "placeatlas"


def cache_folder() -> Path:
    """Return the folder for fetched layers and instanced type (``PLACEATLAS_CACHE``, else the user's cache)."""
    named = os.environ.get("PLACEATLAS_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("placeatlas")


def is_ours(folder: Path, marker: str = MANIFEST) -> bool:
    """Tell whether a folder holds a placeatlas manifest, or another ``marker`` that names its tool."""
    try:
        manifest = json.loads((folder / marker).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("tool") == TOOL


def _lock(file: IO[str]) -> bool:
    """Take the lock of an open file without waiting; the system releases it when the process ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  # exists on that platform only

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # as above

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _siblings(out: Path) -> tuple[Path, Path]:
    """Return the hidden folders beside ``out``: the new one while it is built, the old one while it is swapped."""
    return out.parent / f".{out.name}.placeatlas-new", out.parent / f".{out.name}.placeatlas-old"


def _mend(out: Path) -> list[str]:
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
    return said


def tidy(journal: Path) -> list[str]:
    """Mend every output folder whose run is no longer alive.

    Parameters
    ----------
    journal : folder of one small file for each run under way; written by ``staged``.

    Returns
    -------
    list of str
        One sentence for each thing restored or removed; empty as a rule.
    """
    said: list[str] = []
    for entry in sorted(journal.glob("*.run")) if journal.is_dir() else []:
        with entry.open("r+", encoding="utf-8") as file:
            if not _lock(file):
                continue
            target = file.read().strip()
            if target:
                said += _mend(Path(target))
            entry.unlink()
    return said


@contextmanager
def staged(out: Path, *, force: bool, journal: Path, marker: str = MANIFEST) -> Iterator[Path]:
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
    journal.mkdir(parents=True, exist_ok=True)
    entry = journal / f"{hashlib.sha256(os.fsencode(out)).hexdigest()[:16]}.run"
    with entry.open("a+", encoding="utf-8") as file:
        if not _lock(file):
            raise OutputError(f"another run is writing {out}", ["wait for it to end, or choose another folder"])
        try:
            _mend(out)
            _check_target(out, force=force, marker=marker)
            file.truncate(0)
            file.write(str(out))
            file.flush()
            new, old = _siblings(out)
            try:
                try:
                    new.mkdir(parents=True)
                except OSError as trouble:
                    raise unwritable(out, trouble) from trouble
                yield new
                if out.exists():
                    out.rename(old)
                new.rename(out)
                shutil.rmtree(old, ignore_errors=True)
            finally:
                if old.exists() and not out.exists():
                    old.rename(out)
                shutil.rmtree(new, ignore_errors=True)
        finally:
            entry.unlink(missing_ok=True)


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
