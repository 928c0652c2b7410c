"""A plain card of facts about a result, as a notebook shows it: a heading and a table of two columns, everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def card(title: str, facts: Iterable[tuple[str, object]]) -> str:
    """Return a card as HTML without styles or scripts of its own, so that it takes the look of the notebook.

    Parameters
    ----------
    title : what it is of. facts : name and what is said, in order; what is empty is left out.

    Examples
    --------
    >>> card("Areas <2>", [("areas", 2), ("note", "")])
    '<table><caption>Areas &lt;2&gt;</caption><tbody><tr><th scope="row">areas</th><td>2</td></tr></tbody></table>'
    """
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(said))}</td></tr>'
        for name, said in facts
        if str(said) != ""
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>"
