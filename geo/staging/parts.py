"""One file at a time: written beside its place under a hidden name, and moved into it when it is whole."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import threading
from typing import TYPE_CHECKING

from geo.errors import unwritable
from geo.staging.journal import note_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PART = re.compile(r"^\..*\.(?P<pid>\d+)-\d+\.part(\.[^.]*)?$")


@contextlib.contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Give a hidden sibling of ``path`` to write to (a file, or a folder to be made there); whatever is still there when the block ends is removed.

    Raises
    ------
    OSError
        The folder cannot be made.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}-{threading.get_ident()}.part{path.suffix}")
    path.parent.mkdir(parents=True, exist_ok=True)
    note_folder(path.parent)
    try:
        yield part
    finally:
        remove(part)


def move_into_place(part: Path, path: Path, *, flush: bool = True) -> None:
    """Give a finished file its name, replacing what had it; with ``flush``, once it is on the disk."""
    if flush:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
    part.replace(path)


@contextlib.contextmanager
def replacing(path: Path, *, flush: bool = False) -> Iterator[Path]:
    """Yield a temporary sibling of ``path`` that takes its place only when the block ends without an error.

    Parameters
    ----------
    flush : wait for the disk, so that not even a power cut leaves less.

    Raises
    ------
    OutputError
        Nothing can be written there.
    """
    with contextlib.ExitStack() as stack:
        try:
            part = stack.enter_context(scratch(path))
            part.open("wb").close()
        except OSError as trouble:
            raise unwritable(path, trouble) from trouble
        try:
            yield part
            move_into_place(part, path, flush=flush)
        except OSError as trouble:
            if trouble.errno is None or not _concerns(trouble, part):
                raise
            raise unwritable(path, trouble) from trouble


def _concerns(trouble: OSError, part: Path) -> bool:
    """Tell whether trouble is with what is being written: a full disk names no file, and other files have faults of their own."""
    return trouble.filename is None or os.fsdecode(trouble.filename) == os.fspath(part)


def leftovers(folder: Path, *, below: bool = True) -> tuple[Path, ...]:
    """List what killed runs left half-written, sorted; files of a process that still runs are not listed.

    Parameters
    ----------
    below : look into the folders below, too.
    """
    if not folder.is_dir():
        return ()
    found = folder.rglob(".*.part*") if below else folder.glob(".*.part*")
    parts = ((path, _PART.match(path.name)) for path in found)
    return tuple(sorted(path for path, match in parts if match and not is_running(int(match["pid"]))))


def remove_leftovers(folder: Path, *, below: bool = True) -> tuple[Path, ...]:
    """Remove what killed runs left half-written and return what was removed."""
    found = leftovers(folder, below=below)
    for path in found:
        remove(path)
    return found


def remove(part: Path) -> None:
    """Remove a file or a folder; nothing where there is none."""
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        with contextlib.suppress(NotADirectoryError):
            part.unlink(missing_ok=True)


def is_running(pid: int) -> bool:
    """Say whether a process lives; where the system has no harmless way to ask, assume that it does."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
