"""Keys: a hash over the content of what a task is given, and over the code that would do it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import joblib

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_LEFT_OUT = frozenset({"__pycache__"})


def content_key(*parts: Any) -> str:
    """Return a hash over the content of things of any kind: equal frames, arrays, records and texts give equal keys.

    Notes
    -----
    Keys guard against results of other inputs, not against malice: SHA-1, as ``joblib.hash`` offers it.
    """
    return str(joblib.hash(parts, hash_name="sha1"))


def code_key(folders: Iterable[Path], versions: Mapping[str, str]) -> str:
    """Return a hash over every file of some folders of source, by its path in them, and over the versions of libraries."""
    whole = hashlib.sha256(repr(sorted(versions.items())).encode())
    for folder in folders:
        files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
        for path in files:
            if _LEFT_OUT.isdisjoint(path.parts):
                whole.update(path.relative_to(folder.parent).as_posix().encode())
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
