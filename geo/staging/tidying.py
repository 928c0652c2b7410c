"""What the next command does first: whatever a killed run left is restored or removed, and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geo.staging.folders import mend
from geo.staging.journal import journal_folder, lock, recorded
from geo.staging.parts import remove_leftovers


def tidy(journal: Path | None = None) -> list[str]:
    """Mend everything that a run which is no longer alive was writing.

    Parameters
    ----------
    journal : folder of one small file for each run under way; that of the cache by default.

    Returns
    -------
    list of str
        One sentence for each thing restored or removed; empty as a rule.
    """
    journal = journal or journal_folder()
    said: list[str] = []
    for entry in sorted(journal.glob("*.run")) if journal.is_dir() else []:
        with entry.open("r+", encoding="utf-8", errors="replace") as file:
            if not lock(file):
                continue
            said += _mended(entry, recorded(file.read()))
            entry.unlink()
    return said


def _mended(entry: Path, told: dict[str, Any] | None) -> list[str]:
    if told is None:
        return [f"a note of an interrupted run could not be read and was removed: {entry}"]
    said = mend(Path(told["target"]), told.get("added", ())) if "target" in told else []
    gone = [path for folder in told.get("folders", ()) for path in remove_leftovers(Path(folder), below=False)]
    return [*said, *(f"removed the unfinished file of an interrupted run: {path}" for path in gone)]
