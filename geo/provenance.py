"""Where everything came from: a ``Source`` for each input, hashes, attribution lines."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """An input and what its licence asks us to print.

    Parameters
    ----------
    title : name of the publication or layer.
    url : where it is published; empty when unknown.
    sha256 : hash of the bytes that were read.
    licence : name of the licence.
    attribution : lines that must stand under everything made from it.
    retrieved : ISO date on which the file was fetched, as stated by the data; empty when not known.
    released : ISO date of the release, as its publisher states it; empty when not known.
    """

    title: str
    url: str = ""
    sha256: str = ""
    licence: str = ""
    attribution: tuple[str, ...] = ()
    retrieved: str = ""
    released: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the source as JSON-able data; a date of release where there is one."""
        return {name: said for name, said in asdict(self).items() if said or name != "released"}


def sha256_of(path: Path) -> str:
    """Hash a file without reading it whole."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def attribution_lines(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the attribution lines of several sources, each once, in order of first mention."""
    return tuple(dict.fromkeys(line for source in sources for line in source.attribution))
