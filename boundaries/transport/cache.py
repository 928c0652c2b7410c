"""The cache folder: where downloads live, and how a file appears in it whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

from geo import staging
from geo.errors import FetchError
from geo.staging.parts import is_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def cache_folder(cache: Path | None = None) -> Path:
    """Return the cache: the one given, else ``PLACEATLAS_CACHE``, else the folder for caches of this user."""
    return staging.cache_folder() if cache is None else cache


@contextlib.contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Give a hidden sibling of a file of the cache, as ``geo.staging.scratch``.

    Raises
    ------
    FetchError
        The folder cannot be made or written.
    """
    try:
        with staging.scratch(path) as part:
            yield part
    except OSError as error:
        raise FetchError(
            f"cannot write {path.name} into the cache",
            [
                f"{error.strerror or error}: {error.filename or path}",
                "free some space, or name another folder in PLACEATLAS_CACHE",
            ],
        ) from error


@contextlib.contextmanager
def write_atomically(path: Path, *, flush: bool = True) -> Iterator[Path]:
    """Give a hidden sibling to write to; it takes the name of ``path`` only when the block ends without an error.

    A run that is killed inside the block leaves ``path`` as it was, and a sibling that ``remove_leftovers`` clears. Without
    ``flush`` the same holds, but a power cut may leave less: for what is checked by its hash before it is used.

    Raises
    ------
    FetchError
        The folder cannot be made or written.
    """
    with scratch(path) as part:
        yield part
        staging.move_into_place(part, path, flush=flush)


def write_json(path: Path, data: dict[str, Any], *, flush: bool = True) -> None:
    """Write sorted, indented JSON atomically."""
    with write_atomically(path, flush=flush) as part:
        text = json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False)
        part.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """Read a record of the cache; None when there is none that can be read as a JSON object (a damaged one counts as none)."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def remove_leftovers(cache: Path | None = None) -> tuple[Path, ...]:
    """Remove what killed runs left half-written and return what was removed."""
    return staging.remove_leftovers(cache_folder(cache))


@contextlib.contextmanager
def owned(folder: Path) -> Iterator[Path]:
    """Give a folder that outlives the block to one run at a time; another run gets one of its own, gone at the end.

    The folder of a run that was killed is given to the next one.

    Raises
    ------
    FetchError
        The folder cannot be made.
    """
    claim = folder / "owner"
    with scratch(folder) as private:
        folder.mkdir(parents=True, exist_ok=True)
        if not _claimed(claim):
            yield private
            return
        try:
            yield folder
        finally:
            claim.unlink(missing_ok=True)


def _claimed(claim: Path) -> bool:
    """Write our name into a claim that nobody alive holds; say whether it is ours."""
    for _ in range(2):
        try:
            with claim.open("x", encoding="ascii") as file:
                file.write(str(os.getpid()))
        except FileExistsError:
            holder = _holder(claim)
            if not holder.isdigit() or is_running(int(holder)):
                return False
            claim.unlink(missing_ok=True)
        else:
            return True
    return False


def _holder(claim: Path) -> str:
    """Read whose a claim is; empty when it is just being written, or just gone."""
    try:
        return claim.read_text(encoding="ascii")
    except OSError:
        return ""
