"""Small files whole (TOML, JSON, tables of text): any fault of the file is one error that names it."""

from __future__ import annotations

import json
import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import ConfigError, OutputError, PlaceatlasError, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    return toml_from(_text(path, error), path.name, error=error)


def toml_from(text: str, name: str, *, error: type[PlaceatlasError] = ConfigError) -> dict[str, Any]:
    """Read TOML that was read already; as ``toml_of``."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # among them a number of more digits than Python reads
        raise error(f"{name} is not valid TOML", [_said(fault)]) from fault


def json_of(path: Path, *, error: type[PlaceatlasError] = ConfigError) -> Any:
    """Read a JSON file; as ``toml_of``."""
    text = _text(path, error)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise error(f"{path.name} is not readable JSON", [_said(fault)]) from fault


def rows_of(path: Path, *, error: type[PlaceatlasError] = TableError) -> pd.DataFrame:
    """Read a CSV of UTF-8 as text, as this program and publishers of fixed forms write it; empty cells are "".

    Parameters, errors : as ``toml_of``.
    """
    try:
        return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as fault:
        raise error(f"{path.name} cannot be read as a table", [_said(fault)]) from fault


@contextmanager
def formed(name: str, *, error: type[PlaceatlasError] = OutputError) -> Iterator[None]:
    """Turn whatever is wrong with the form of a file that a program wrote into one error: keys, kinds and lengths of its parts.

    Parameters
    ----------
    name : of the file. error : the kind of error its faults become.
    """
    try:
        yield
    except PlaceatlasError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as fault:
        said = f"{type(fault).__name__}: {_said(fault)}"[:200]
        raise error(f"{name} is damaged, or of another version of placeatlas", [said, "make it again"]) from fault


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
    return "it is nested too deeply" if isinstance(fault, RecursionError) else (str(fault).splitlines() or [""])[0]
