"""Small files that people write by hand (TOML, JSON): any fault of the file is one error that names it."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from geo.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from geo.errors import PlaceatlasError

MOST_BYTES = 200_000_000
"""A document larger than this is none that a person wrote."""


def toml_of(path: Path, *, error: type[PlaceatlasError] = ConfigError) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path : the file. error : the kind of error its faults become.

    Raises
    ------
    PlaceatlasError
        Of the kind asked for: not there, not UTF-8, too large, or no TOML; the place of the fault is named.
    """
    text = _text(path, error)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise error(f"{path.name} is not TOML", [_said(fault)]) from fault


def json_of(path: Path, *, error: type[PlaceatlasError] = ConfigError) -> Any:
    """Read a JSON file; as ``toml_of``."""
    text = _text(path, error)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise error(f"{path.name} is not JSON", [_said(fault)]) from fault


def _text(path: Path, error: type[PlaceatlasError]) -> str:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise error(f"{path.name} is too large", [f"it has {size:,} bytes; the limit is {MOST_BYTES:,}"])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise error(f"{path.name} is not UTF-8 text", [f"byte {fault.start} cannot be read"]) from fault
    except (OSError, ValueError) as fault:
        raise error(f"{path} cannot be read", [_said(fault)]) from fault


def _said(fault: Exception) -> str:
    return "it is nested too deeply" if isinstance(fault, RecursionError) else str(fault).splitlines()[0]
