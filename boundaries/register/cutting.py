"""Codes inside longer texts: addresses, ``code: name``, ``name (code)``, guards against spreadsheets, characters nobody sees."""

from __future__ import annotations

import functools
import re
from typing import Final

PREFIX: Final = re.compile(
    r"(?:gss|ons|lad|la|ua|lac|utla|ltla|ctyua|county|gor|rgn|region|country)[a-z]*\d{0,4}:\s*(?=\S)"
)
"""What publishers write before the code or name of an area: ``ualad09:``, ``ladu:``, ``lacu2020:``, ``gor:``."""

_INVISIBLE = dict.fromkeys(
    map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u202a\u202b\u202c\u202d\u202e"), None
)
_GUARDED = re.compile(r"=\s*\"(.*)\"|['‘’`](.*)", re.DOTALL)
_GSS = re.compile(r"(?<![A-Z0-9])[EWSNKJLM]\d{8}(?![A-Z0-9])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|urn:)\S*", re.IGNORECASE)
_CUSTOM = re.compile(r"[a-z][a-z0-9-]*:\S+")
_BETWEEN = " \t\r\n\u00a0:;,|/–—-()[]{}<>=\"'"
_NOTES = re.compile(r"\s*(?:\[[^\]]*\]|\((?:note|see note|r|p|\d{1,2})[^)]*\)|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]+)\s*$", re.IGNORECASE)


def visible(text: str) -> str:
    r"""Return a text without what a spreadsheet was guarded with, and without characters nobody sees.

    Examples
    --------
    >>> visible('="E06000001"'), visible("'E06000001"), visible("\u200bE06000001 ")
    ('E06000001', 'E06000001', 'E06000001')
    """
    plain = text.translate(_INVISIBLE).strip()
    if plain[:1] in "='‘’`" and (found := _GUARDED.fullmatch(plain)):
        plain = (found[1] if found[1] is not None else found[2]).strip()
    return plain


@functools.lru_cache(maxsize=65_536)
def cut(text: str) -> tuple[str, str]:
    """Return the one GSS code inside a text and what else stands there; two blanks where there is none, or more than one.

    Examples
    --------
    >>> cut("E06000001: Hartlepool"), cut("Hartlepool (E06000001)")
    (('E06000001', 'Hartlepool'), ('E06000001', 'Hartlepool'))
    >>> cut("http://statistics.data.gov.uk/id/statistical-geography/E07000187")
    ('E07000187', '')
    >>> cut("E06000001 and E06000002"), cut("memb:E06000001")
    (('', ''), ('', ''))
    """
    plain = visible(text)
    if _CUSTOM.fullmatch(plain) and not _ADDRESS.match(plain) and not PREFIX.match(plain):
        return "", ""  # the code of an area of somebody's own
    found = {code.upper() for code in _GSS.findall(plain)}
    if len(found) != 1:
        return "", ""
    rest = _GSS.sub(" ", PREFIX.sub("", _ADDRESS.sub(" ", plain), count=1))
    return found.pop(), " ".join(rest.split()).strip(_BETWEEN)


@functools.lru_cache(maxsize=65_536)
def bare_name(text: str) -> str:
    """Return a name without a publisher's prefix, footnote marks, its own code, guards and invisible characters.

    Examples
    --------
    >>> bare_name("ualad09:Hartlepool"), bare_name("Hartlepool [note 1]"), bare_name("Hartlepool (E06000001)")
    ('Hartlepool', 'Hartlepool', 'Hartlepool')
    """
    plain = PREFIX.sub("", visible(text), count=1)
    code, rest = cut(plain)
    plain = rest if code and rest else plain
    while (shorter := _NOTES.sub("", plain)) != plain and shorter:
        plain = shorter
    return plain
