"""Phrases by key, one table a language: every fixed text of a map, page, pack or command is looked up here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from boundaries.vocabulary import speaking_vocabulary, vocabularies
from geo.documents import formed, toml_of
from geo.errors import ConfigError, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = Path(__file__).parents[1] / "languages"
"""A TOML file a language; its name is the language's code (BCP 47)."""

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""Plural categories of CLDR; ``other`` must be there, the rest where the language tells them apart."""

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="en")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its plural forms (only ``other`` where it has none), and the fields that they hold together."""

    forms: Mapping[str, str]
    fields: frozenset[str]

    @property
    def counts(self) -> bool:
        """Whether the form depends on the number ``n``."""
        return len(self.forms) > 1


@dataclass(frozen=True, slots=True)
class Language:
    """All phrases of one language.

    Parameters
    ----------
    code : ``en``, ``cy``. plurals : number → its plural category; others are ``other``.
    rules : lists of words that the language's own rules ask for (``small-words``, ``names``, ``denials``).
    phrases : by key, ``index.skip``.
    checked : who checked the texts and when; "" where nobody did: pages then say that they are a draft.
    """

    code: str
    plurals: Mapping[int, str]
    rules: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Phrase]
    checked: str = ""

    def say(self, key: str, fields: Mapping[str, str | int]) -> str:
        """Fill a phrase in; whole numbers are grouped in thousands.

        Raises
        ------
        KeyError
            No such phrase, a field that it lacks, or one that it has and was not given: a fault of ours, never of data.
        """
        if key not in self.phrases:
            raise KeyError(f"the language '{self.code}' has no phrase {key!r}")
        phrase = self.phrases[key]
        wanted = phrase.fields | ({"n"} if phrase.counts else frozenset())
        if wanted != fields.keys():
            raise KeyError(f"phrase {key!r} takes {sorted(wanted)}, and was given {sorted(fields)}")
        number = fields.get("n", 2)
        category = self.plurals.get(number, "other") if isinstance(number, int) else "other"
        form = phrase.forms.get(category, phrase.forms["other"])
        return form.format_map(
            {name: f"{value:,}" if isinstance(value, int) else value for name, value in fields.items()}
        )


def say(key: str, /, **fields: str | int) -> str:
    """Return a phrase in the language that is spoken now (``speaking``), its fields filled in.

    Parameters
    ----------
    key : in the table of the language. fields : what the phrase names in braces; ``n`` chooses its plural form.

    Examples
    --------
    >>> say("count.area", n=1), say("count.area", n=1200)
    ('1 area', '1,200 areas')
    """
    return language(_SPOKEN.get()).say(key, fields)


def script_words(prefix: str = "script") -> dict[str, Any]:
    """Return the phrases below a key as a page's script reads them: texts or plural forms, and which number takes which form."""
    own = spoken()
    phrases = {
        key: dict(phrase.forms) if phrase.counts else phrase.forms["other"]
        for key, phrase in own.phrases.items()
        if key.split(".")[0] == prefix
    }
    return {"phrases": phrases, "plurals": {str(number): category for number, category in own.plurals.items()}}


def spoken() -> Language:
    """Return the language that is spoken now."""
    return language(_SPOKEN.get())


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak another language until the block ends; nothing else is changed by it.

    Raises
    ------
    ConfigError
        The language has no table.
    """
    chosen = language(code)
    token = _SPOKEN.set(code)
    try:
        with speaking_vocabulary(code):
            yield chosen
    finally:
        _SPOKEN.reset(token)


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a table here and one in ``boundaries.vocabulary``."""
    return tuple(sorted({path.stem for path in LANGUAGES.glob("*.toml")} & set(vocabularies())))


@cache
def language(code: str) -> Language:
    """Read the table of a language.

    Raises
    ------
    ConfigError
        There is none, or it cannot be read.
    """
    if code not in languages():
        raise ConfigError(f"there are no words of the language {code!r}", [f"expected one of {', '.join(languages())}"])
    return read_language(LANGUAGES / f"{code}.toml")


def read_language(path: Path) -> Language:
    """Read a table of phrases.

    Raises
    ------
    ConfigError
        Not TOML, or phrases that are not text, or whose braces do not match; every fault at once.
    """
    table = toml_of(path)
    with formed(path.name, error=ConfigError):
        return _language(path, table)


def _language(path: Path, table: dict[str, Any]) -> Language:
    own = table.pop("language", {})
    checked = str(own.pop("checked", ""))
    plurals = {number: category for category, numbers in own.pop("plurals", {}).items() for number in numbers}
    phrases, faults, braces = {}, [], []
    for key, given in _flat(table):
        forms = {"other": given} if isinstance(given, str) else given
        if not isinstance(forms, dict) or not all(isinstance(text, str) for text in forms.values()):
            faults.append(key)
            continue
        try:
            phrases[key] = Phrase(forms, frozenset(name for text in forms.values() for name in fields_of(text)))
        except ValueError:
            braces.append(key)
    if faults:
        raise ConfigError(f"phrases of {path.name} are not text: {listed(faults)}", ["expected text, or plural forms"])
    if braces:
        raise ConfigError(f"braces of {path.name} do not match: {listed(braces)}", ["write {name} for what is put in"])
    return Language(path.stem, plurals, {name: frozenset(words) for name, words in own.items()}, phrases, checked)


def fields_of(text: str) -> frozenset[str]:
    """Return the names in braces in a text.

    Examples
    --------
    >>> sorted(fields_of("{n} of {of}"))
    ['n', 'of']
    """
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _flat(table: Mapping[str, Any], front: str = "") -> Iterator[tuple[str, Any]]:
    """Go through a nested table; a table of plural forms is a phrase, no further level."""
    for name, given in table.items():
        key = f"{front}{name}"
        if isinstance(given, Mapping) and "other" not in given:
            yield from _flat(given, f"{key}.")
        else:
            yield key, given
