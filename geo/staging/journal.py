"""The journal: a small locked file for every run that writes, in the cache, by which the next one finds what a killed one left."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Iterator

UNFINISHED = ".placeatlas-new"
"""Ends the name of a hidden folder that is being built: whatever lies in it goes with it."""


def cache_folder() -> Path:
    """Return the folder for fetched layers, cut type and the journal (``PLACEATLAS_CACHE``, else the user's cache)."""
    named = os.environ.get("PLACEATLAS_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("placeatlas", appauthor=False)


def journal_folder() -> Path:
    """Return where the journal is kept."""
    return cache_folder() / "runs"


def lock(file: IO[str]) -> bool:
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


@contextmanager
def claimed(entry: Path) -> Iterator[IO[str] | None]:
    """Yield an entry of the journal, open and locked, and remove it at the end; None where another run holds it."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    with entry.open("a+", encoding="utf-8") as file:
        if not lock(file):
            yield None
            return
        try:
            yield file
        finally:
            with contextlib.suppress(OSError):  # all is written: one that stays is found by the next command
                entry.unlink(missing_ok=True)


def record(file: IO[str], **what: Any) -> None:
    """Write into an entry what is under way, in place of what it said."""
    file.seek(0)
    file.truncate(0)
    file.write(json.dumps(what))
    file.flush()


def recorded(text: str) -> dict[str, Any] | None:
    """Read an entry: what it says, nothing for an empty one, None for what no run of ours wrote."""
    if not text.strip():
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


_noted: dict[tuple[int, Path], IO[str]] = {}
_folders: set[tuple[int, Path]] = set()


def note_folder(folder: Path) -> None:
    """Note that this process writes single files into a folder, for the time that it lives.

    A folder that is being built needs no note: it goes as a whole. A cache that cannot be written keeps nobody from writing
    elsewhere: an unfinished file is then found by its name only.
    """
    folder, journal, pid = folder.resolve(), journal_folder(), os.getpid()
    if (pid, folder) in _folders or any(part.endswith(UNFINISHED) for part in folder.parts):
        return
    _folders.add((pid, folder))
    file = _noted.get((pid, journal))
    if file is None:
        try:
            journal.mkdir(parents=True, exist_ok=True)
            entry = journal / f"files-{pid}.run"
            file = entry.open("a+", encoding="utf-8")
        except OSError:
            return
        lock(file)
        _noted[pid, journal] = file
        atexit.register(_forget, pid, entry, file)
    # a disk without room for a line of the journal may have it for what is written; if not, that says so
    with contextlib.suppress(OSError):
        record(file, folders=sorted(os.fspath(place) for process, place in _folders if process == pid), pid=pid)


def _forget(pid: int, entry: Path, file: IO[str]) -> None:
    if os.getpid() == pid:  # not in a process that was forked from the one that wrote it
        with contextlib.suppress(OSError):  # what a full disk did not take is asked for once more
            file.close()
        with contextlib.suppress(OSError):  # one that stays is found by the next command
            entry.unlink(missing_ok=True)
