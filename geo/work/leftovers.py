"""Where the finished tasks of a run are kept, and what becomes of those that nobody came back for."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from typing import TYPE_CHECKING

from geo.staging import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

KEPT_DAYS = 14
"""Finished tasks of a run that was broken off are kept as long."""

TARGET = "target.txt"
"""The file that says what was being built."""


def work_folder(out: Path) -> Path:
    """Return where the finished tasks of a build of ``out`` are kept: in the user's cache, never where others could write."""
    name = hashlib.sha256(os.fsencode(out.resolve())).hexdigest()[:16]
    return cache_folder() / "work" / name


def opened(out: Path, *, fresh: bool) -> Path:
    """Make the folder of a build ready; ``fresh`` forgets what an earlier run left there."""
    folder = work_folder(out)
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / TARGET).write_text(os.fspath(out.resolve()), encoding="utf-8")
    return folder


def closed(out: Path) -> None:
    """Forget the finished tasks of a build that is whole."""
    shutil.rmtree(work_folder(out), ignore_errors=True)


def tidy_work(*, interrupted: bool = False) -> list[str]:
    """Remove finished tasks that were kept in vain for ``KEPT_DAYS`` days.

    Parameters
    ----------
    interrupted : a run has just been found that was broken off: say too how many of its tasks are kept.

    Returns
    -------
    list of str
        One sentence for each thing removed, or kept.
    """
    root, said = cache_folder() / "work", []
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        try:
            target = (folder / TARGET).read_text(encoding="utf-8")
            age = time.time() - (folder / TARGET).stat().st_mtime
        except OSError:
            continue
        count = sum(1 for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
        if age > KEPT_DAYS * 86_400:
            shutil.rmtree(folder)
            said.append(f"removed {count} finished tasks of a build that nobody took up again: {target}")
        elif interrupted and count:
            said.append(
                f"kept {count} finished tasks of an interrupted build: build {target} again to go on from there"
            )
    return said
