"""Phrases by key and form, one table a language: ``phrase("geography.LAD", "many")``."""

from __future__ import annotations

import functools
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ENGLISH: Final = "en"

_FOLDER: Final = Path(__file__).parent
_SPOKEN: ContextVar[str] = ContextVar("vocabulary", default=ENGLISH)


def phrase(key: str, form: str = "one", *, language: str = "", **values: object) -> str:
    """Return the phrase of a key in one of its forms, its blanks filled.

    Parameters
    ----------
    key : what is spoken of: ``geography.LAD``, ``place.K02000001``, ``kind.county``, ``correction.fdr_bh`` …
    form : which of its phrases: ``one many name sentence by who promise word reason``.
    language : file of the table, without its ending; by default the language that is spoken now (``speaking_vocabulary``).
    values : what stands in the blanks.

    Raises
    ------
    KeyError
        The table has no such key or form: a mistake of ours, never of a user.

    Examples
    --------
    >>> phrase("geography.LAD", "many"), phrase("neighbours.knn", "by", k=6)
    ('local authority districts', 'the 6 nearest areas')
    """
    found = table(language or _SPOKEN.get())[key, form]
    return found.format(**values) if values else found


def has_phrase(key: str, form: str = "one", *, language: str = "") -> bool:
    """Say whether the table of a language has a key in a form."""
    return (key, form) in table(language or _SPOKEN.get())


@contextmanager
def speaking_vocabulary(code: str) -> Iterator[None]:
    """Take words from the table of another language until the block ends."""
    token = _SPOKEN.set(code)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def vocabularies() -> tuple[str, ...]:
    """Return the codes of the languages that have a table."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@functools.cache
def table(language: str = ENGLISH) -> Mapping[tuple[str, str], str]:
    """Return every phrase of a language by key and form."""
    content = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {(key, form): text for key, form, text in _flat(content, "")}


def _flat(content: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
    for name, held in content.items():
        if isinstance(held, str):
            yield above, name, held
        else:
            yield from _flat(held, f"{above}.{name}" if above else name)
