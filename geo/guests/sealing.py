"""The content of what a guest is handed, as a hash: the same before and after, or the guest changed it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def seal(given: Iterable[object]) -> bytes:
    """Hash every number and text in frames, series, arrays, mappings, sequences and dataclasses; shapes by which they are.

    Parameters
    ----------
    given : what is handed over; objects of other kinds are known by their identity.

    Returns
    -------
    16 bytes: equal for equal content in this process, and for nothing else.
    """
    found = hashlib.blake2b(digest_size=16)
    for piece in _pieces(tuple(given), set()):
        found.update(len(piece).to_bytes(8, "little"))
        found.update(piece)
    return found.digest()


def _pieces(thing: Any, above: set[int]) -> Iterator[bytes]:
    if isinstance(thing, str | bytes | int | float | complex | bool | None):
        yield repr(thing).encode("utf-8", "surrogatepass")
        return
    if id(thing) in above:  # a thing within itself
        return
    inside = above | {id(thing)}
    if isinstance(thing, pd.DataFrame):
        yield from _pieces(thing.index, inside)
        for place, name in enumerate(thing.columns):
            yield repr(name).encode("utf-8", "surrogatepass")
            yield from _pieces(thing.iloc[:, place].array, inside)
    elif isinstance(thing, pd.Series):
        yield from _pieces(thing.index, inside)
        yield from _pieces(thing.array, inside)
    elif isinstance(thing, pd.Index | pd.api.extensions.ExtensionArray | np.ndarray):
        yield _array(np.asarray(thing))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from _pieces(key, inside)
            yield from _pieces(value, inside)
    elif isinstance(thing, tuple | list | set | frozenset):
        for one in sorted(thing, key=repr) if isinstance(thing, set | frozenset) else thing:
            yield from _pieces(one, inside)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for one in fields(thing):
            yield from _pieces(getattr(thing, one.name), inside)
    else:
        yield f"{type(thing).__name__} {id(thing)}".encode()


def _array(values: np.ndarray[Any, Any]) -> bytes:
    if values.dtype.kind != "O":
        return np.ascontiguousarray(values).tobytes()
    # A shape cannot be changed in place: which one it is says all.
    texts = (repr(value) if isinstance(value, str | float | int | None) else str(id(value)) for value in values.ravel())
    return "\0".join(texts).encode("utf-8", "surrogatepass")
