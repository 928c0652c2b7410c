"""Advice of errors in the words of the command line: what a configuration calls ``allow`` is a flag there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from geo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from geo.errors import PlaceatlasError

_WORDINGS: tuple[tuple[str, str, str], ...] = (
    ("--allow", r"\ballow \"(\w+)\"", r"--allow \1"),
    ("--allow", r"(--allow .*\bor) \"(\w+)\"", r"\1 --allow \2"),
    ("--geography", r"\b(?:join them to|ask for) geography (?=[A-Z])", "use --geography "),
    ("--geography", r"^state a geography$", "state it with --geography"),
    ("--date", r"^state a date\b", "state one with --date YYYY-MM-DD"),
    ("--layer", r"\buse source = \"official\"", "use --layer official"),
    ("--unit", r"\bunit = '…'", "--unit …"),
    ("--unit", r"\bunit = \"(\w+)\"", r"--unit \1"),
    ("--column", r"\bsay columns = \{code = '…'\} or \{name = '…'\}", "say --column code=… or --column name=…"),
    (
        "--period-form",
        r"\bsay period_form = \"months\" or \"years\"",
        "say --period-form months or --period-form years",
    ),
    ("--value", r"\bsay columns = \{value = '…'\} \(--value on the command line\)", "say --value COLUMN"),
    ("--where", r"\bbreakdowns = \['…'\]", "keep one group of each with --where COLUMN=GROUP"),
    ("--where", r"^no group was chosen of '([^']+)':", r"no group was chosen of '\1' (--where '\1=GROUP'):"),
    ("--within", r"\blimit the areas to it \((\w+)\)", r"limit the areas to it (--within \1)"),
    ("--weights", r"\bgive weights\b", "give --weights"),
    (
        "--allow",
        r"\bask for the bound or an approximation\b",
        "--allow bound for the range of the members, or --allow approximate",
    ),
)
"""Flag, pattern of the advice in words of a configuration, and what is said where a command has the flag."""


def in_flags(text: str, flags: Container[str]) -> str:
    """Return advice with the flags of a command in place of the words of a configuration.

    Examples
    --------
    >>> in_flags('allow "missing" to leave these areas without a value', {"--allow"})
    '--allow missing to leave these areas without a value'
    >>> in_flags("state a date", {"--allow"})
    'state a date'
    """
    for flag, pattern, words in _WORDINGS:
        if flag in flags:
            text = re.sub(pattern, words, text)
    return text


def error_in_flags(error: PlaceatlasError, flags: Container[str]) -> PlaceatlasError:
    """Return an error whose advice names flags that the command has."""
    return type(error)(in_flags(error.what, flags), [in_flags(fault, flags) for fault in error.faults])


def pairs_of(stated: Sequence[str], what: str, example: str) -> dict[str, str] | None:
    """Read ``LEFT=RIGHT`` words as a mapping; None when nothing is stated.

    Raises
    ------
    ConfigError
        Words that are not of this form.
    """
    faults = [f"found '{words}'" for words in stated if not all(words.partition("="))]
    if faults:
        raise ConfigError(f"{what}, for example {example}", faults)
    return {words.partition("=")[0].strip(): words.partition("=")[2].strip() for words in stated} or None
