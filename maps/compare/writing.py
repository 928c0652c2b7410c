"""Writing what changed between two builds: a page, a CSV with every row, a JSON for pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.comparing import compare_builds, read_build
from geo.files import write_csv, write_json, write_text
from geo.staging import TOOL, cache_folder, staged
from maps.compare.wording import PARTS, change_words, note_words
from maps.rendering import content_policy, render, template_text
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from analysis.comparing import Comparison

MARK = "comparison.json"
"""A folder that holds this file, naming placeatlas as its tool, holds a comparison of ours."""

SHOWN = 200
"""Rows of a kind that the page shows; the CSV has all."""


def compare_folders(old: Path, new: Path, output: Path, *, force: bool = False) -> Comparison:
    """Compare two builds and write ``index.html``, ``differences.csv``, ``boundary-changes.csv`` and ``comparison.json``.

    Parameters
    ----------
    old, new : folders of builds. output : folder to write. force : replace an earlier comparison there.

    Raises
    ------
    OutputError
        No builds, builds of different geographies, or a folder that is not ours.
    """
    comparison = compare_builds(read_build(old), read_build(new))
    with staged(output, force=force, journal=cache_folder() / "runs", marker=MARK) as folder:
        write_comparison(comparison, folder)
    return comparison


def write_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write a comparison to a folder."""
    page = render(
        "compare.html.j2",
        policy=content_policy([]),
        style=template_text("base.css"),
        comparison=comparison,
        old=comparison.old,
        new=comparison.new,
        counts=[
            (say(f"compared.part-{what}"), change_words(change), number)
            for what in PARTS
            for (kind, change), number in comparison.counts().items()
            if kind == what
        ],
        notes=[note_words(note) for note in comparison.notes],
        parts=_parts(comparison),
        events=[
            {**event, "kind": say(f"compared.event-{event['kind']}")}
            for event in comparison.boundaries.to_dict("records")
        ],
    )
    return [
        write_text(folder / "index.html", page),
        write_csv(comparison.rows, folder / "differences.csv"),
        write_csv(comparison.boundaries, folder / "boundary-changes.csv"),
        write_json(folder / MARK, {"tool": TOOL, **comparison.to_dict()}),
    ]


def _parts(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the tables of the page: heading, rows as text, and how many more the CSV has."""
    parts = []
    for what in PARTS:
        rows = comparison.rows[comparison.rows["what"] == what]
        if rows.empty:
            continue
        shown = [_cells(what, row) for row in rows.head(SHOWN).to_dict("records")]
        more = len(rows) > len(shown)
        count = say("compared.row-more", n=len(rows), shown=len(shown)) if more else say("compared.row", n=len(rows))
        parts.append({"what": what, "heading": say(f"compared.part-{what}"), "rows": shown, "count": count})
    return parts


def _cells(what: str, row: Mapping[Hashable, Any]) -> dict[str, str]:
    """Return the cells of a row as a reader reads them."""
    told = {str(name): _text(value) for name, value in row.items()}
    told["change"] = change_words(told["change"])
    if told["beyond_error"]:
        told["beyond_error"] = say(f"compared.{told['beyond_error']}")
    if what == "verdict":
        kind, _, definition = told["name"].partition("__")
        told["name"] = say("compared.by", kind=kind, definition=definition) if definition else kind
    return told


def _text(value: object) -> str:
    """Write a cell as a reader reads it: numbers with up to four significant decimals, a real minus sign.

    Examples
    --------
    >>> _text(-0.123456), _text(1234.0), _text("low")
    ('−0.1235', '1,234', 'low')
    """
    if not isinstance(value, float):
        return str(value)
    shown = f"{value:,.4f}".rstrip("0").rstrip(".")
    return shown.replace("-", "−")
