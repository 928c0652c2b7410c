"""What a configuration from elsewhere may read: files of its own folder and of those that were named, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.databases import files_of
from geo.errors import ConfigError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def refuse_outside(said: Mapping[str, Any], folders: Sequence[Path], *, called: str) -> None:
    """Refuse a configuration in which a text leads to a file outside the folders: by ``..``, as a whole path, or by a link.

    Parameters
    ----------
    said : what the configuration says, nested. Whatever its key: every text is asked, so that no new key is forgotten.
    folders : its own folder and those that were named. called : what it is, for messages.

    Raises
    ------
    ConfigError
        Every such text with its key, and what allows it.
    """
    inside = [folder.resolve() for folder in folders]
    faults = []
    for key, text in _texts(said, ""):
        for place in (*folders, Path()):
            found = _file(place, text)
            if found is None:
                continue
            if not any(found.is_relative_to(folder) for folder in inside):
                faults.append(f"{key} = {text[:200]!r} leads to {found}")
            break
    if faults:
        more = [f"and {len(faults) - 5} more"] if len(faults) > 5 else []
        where = ", ".join(str(folder) for folder in inside)
        raise ConfigError(
            f"{called} reads outside its folders",
            [*faults[:5], *more, f"it may read in {where}"],
            [Remedy("data", purpose="to name the folder of the file, if you want it read")],
        )


def _texts(said: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield every text with the key that it stands under."""
    if isinstance(said, str):
        yield key, said
    elif isinstance(said, Mapping):
        for name, inner in said.items():
            yield from _texts(inner, f"{key}.{name}".strip("."))
    elif isinstance(said, list | tuple):
        for inner in said:
            yield from _texts(inner, key)


def _file(folder: Path, text: str) -> Path | None:
    """Return where a text leads, links followed; None where there is no file, or the text is no path."""
    if not text or "\0" in text or "\n" in text or len(text) > 1000:
        return None
    try:
        found = [(folder / place).resolve() for place in files_of(text) or (text,)]
        return next((place for place in found if place.is_file()), None)
    except (OSError, ValueError, RuntimeError):  # too long, a loop of links: no file
        return None
