"""Words of the form ``LEFT=RIGHT``, as command lines take mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence


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
