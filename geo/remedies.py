"""What would help against an error, as data: an option and its value, worded by whoever speaks to the user."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

Surface = Literal["api", "flags", "toml"]
"""Who speaks: the keywords of a function, the flags of the command line, the keys of a configuration."""

_LISTS: Final = frozenset({"allow", "breakdowns", "nations"})
"""Options that take several words."""

_OWN_FLAGS: Final = {("columns", "value"): "--value", ("columns", "code"): "--code"}
"""Entries of tables that have a flag of their own."""

_FLAGS: Final = {"columns": "--column"}
"""Flags that are not called as the option is."""

_BLANKS: Final = {"date": "YYYY-MM-DD", "data": "FOLDER", "members": "FILE.csv"}
_BLANK: Final = "…"
_TOLD_APART: Final = re.compile(r"""[\s'"`$&|;<>()*?!#~\\\[\]{}]""")
"""What a shell takes for something else than a letter of a word."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """An option that would help.

    Parameters
    ----------
    option : as functions and configurations call it: ``allow``, ``geography``, ``date``, ``layer``, ``columns`` …
    value : what to set it to, several words of a list; "" where only the user can know; ``True`` of a switch.
    key : the entry, of an option that is a table (``columns``, ``where``).
    purpose : what it does, as words that follow: "to leave these areas without a value".
    scope : the outcome of a configuration whose option it is; "" for all.

    Examples
    --------
    >>> missing = Remedy("allow", "missing", purpose="to leave these areas without a value")
    >>> missing.words("flags")
    '--allow missing to leave these areas without a value'
    >>> missing.words("toml"), missing.words("api")
    ('allow = ["missing"] to leave these areas without a value', 'allow=("missing",) to leave these areas without a value')
    """

    option: str
    value: str | tuple[str, ...] | Literal[True] = ""
    key: str = ""
    purpose: str = ""
    scope: str = ""

    @property
    def flag(self) -> str:
        """The flag of the command line that is this option."""
        own = _OWN_FLAGS.get((self.option, self.key))
        return own or _FLAGS.get(self.option) or f"--{self.option.replace('_', '-')}"

    def words(self, surface: Surface) -> str:
        """Return the remedy as one surface says it."""
        said = {"api": self._keyword, "flags": self._flag, "toml": self._key}[surface]()
        where = f"in outcome '{self.scope}'" if self.scope and surface == "toml" else ""
        return " ".join(filter(None, (said, where, self.purpose)))

    def to_dict(self) -> dict[str, Any]:
        """Return the remedy as JSON-able data, without what is empty."""
        parts = {
            "option": self.option,
            "key": self.key,
            "value": self.value,
            "purpose": self.purpose,
            "scope": self.scope,
        }
        return {name: part for name, part in parts.items() if part}

    @property
    def _filled(self) -> str:
        return ",".join(self._words)

    @property
    def _words(self) -> tuple[str, ...]:
        if isinstance(self.value, tuple):
            return self.value
        return (str(self.value) or _BLANKS.get(self.option, _BLANK),)

    def _flag(self) -> str:
        if self.value is True:
            return self.flag
        if self.key and (self.option, self.key) not in _OWN_FLAGS:
            return f"{self.flag} {_quoted(f'{self.key}={self._filled}')}"
        return f"{self.flag} {_quoted(self._filled)}"

    def _key(self) -> str:
        if self.value is True:
            return f"{self.option} = true"
        if self.key:
            key = self.key if self.key.isidentifier() else f'"{self.key}"'
            return f'{self.option} = {{ {key} = "{self._filled}" }}'
        if self.option in _LISTS:
            words = ", ".join(f'"{word}"' for word in self._words)
            return f"{self.option} = [{words}]"
        return f"{self.option} = {self._filled}" if self.option == "date" else f'{self.option} = "{self._filled}"'

    def _keyword(self) -> str:
        if self.value is True:
            return f"{self.option}=True"
        if self.key:
            return f'{self.option}={{"{self.key}": "{self._filled}"}}'
        if self.option in _LISTS:
            words = ", ".join(f'"{word}"' for word in self._words)
            return f"{self.option}=({words}{',' if len(self._words) == 1 else ''})"
        return f'{self.option}="{self._filled}"'


def _quoted(word: str) -> str:
    """Return a word as it is typed into a shell, whatever stands in it."""
    return shlex.quote(word) if _TOLD_APART.search(word) else word


def worded(
    remedies: Iterable[Remedy], *, flags: Container[str] | None = None, configured: bool = False
) -> tuple[str, ...]:
    """Say what would help, a line each.

    Parameters
    ----------
    remedies : in order; equal ones are said once.
    flags : those of the command that was run, which are said as flags; None for a call of a function.
    configured : whether the command reads a configuration: what is no flag is then said as its key, else left out.

    Examples
    --------
    >>> county = Remedy("geography", "UTLA"), Remedy("layer", "official", purpose="for its own shapes")
    >>> worded(county)
    ('use geography="UTLA"', 'use layer="official" for its own shapes')
    >>> worded(county, flags={"--geography"}), worded(county, flags={"--geography"}, configured=True)
    (('use --geography UTLA',), ('use --geography UTLA', 'use layer = "official" for its own shapes'))
    """
    said = []
    for remedy in dict.fromkeys(remedies):
        if flags is None:
            said.append(remedy.words("api"))
        elif remedy.flag in flags:
            said.append(remedy.words("flags"))
        elif configured:
            said.append(remedy.words("toml"))
    return tuple(f"use {words}" for words in said)
