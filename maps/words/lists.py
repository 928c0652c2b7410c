"""Counts and lists as they stand inside sentences: 12 of 203 areas, a, b and c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maps.words.numbers import format_count
from maps.words.phrases import say

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAMED = 10
"""A sentence names at most so many areas before it only counts the rest."""


def counted(count: int, noun: str = "area") -> str:
    """Return ``1 area``, ``12 areas``, ``no areas``; ``noun`` is a key below ``count``."""
    return say(f"count.{noun}", n=count)


def counted_of(count: int, total: int, noun: str = "area") -> str:
    """Return ``12 of 203 areas``, ``none of 203 areas``, ``all 203 areas``, ``the one area``."""
    whole = counted(total, noun)
    if count == 0:
        return say("count.none-of", whole=whole)
    if count == total:
        return say("count.all-of", n=total, whole=whole)
    return say("count.some-of", some=format_count(count), whole=whole)


def listed_words(items: Sequence[str]) -> str:
    """Return ``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return say("list.and", most=", ".join(items[:-1]), last=items[-1])


def listed_names(names: Sequence[str], *, most: int = MOST_NAMED) -> str:
    """Return names in one list; semicolons where a name holds a comma, and a count of those beyond the first few.

    Examples
    --------
    >>> listed_names(["Newry, Mourne and Down", "Dover"]), listed_names(["a", "b", "c"], most=2)
    ('Newry, Mourne and Down; and Dover', 'a, b and 1 more')
    """
    shown, rest = list(names[:most]), len(names) - most
    comma = "; " if len(shown) > 1 and any("," in name for name in shown) else ", "
    if rest > 0:
        return say("list.and", most=comma.join(shown), last=say("list.more", more=format_count(rest)))
    if comma == ", " or len(shown) < 2:
        return listed_words(shown)
    return say("list.semicolon-and", most=comma.join(shown[:-1]), last=shown[-1])


def sentence(text: str) -> str:
    """Return text with its first letter in upper case and the rest untouched."""
    return text[:1].upper() + text[1:]
