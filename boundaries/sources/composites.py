"""Composite indices as placeatlas writes them: a table of areas, and beside it a JSON that says what its numbers mean."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.cells import read_numbers
from boundaries.sources.fetching import Link, fetch_address, mirrored
from boundaries.sources.options import check_options, overrule
from geo.documents import json_of, rows_of
from geo.errors import TableError, listed
from geo.provenance import Source, sha256_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COLUMNS = ("code", "name", "period", "edition", "value", "lower", "upper", "se", "band", "reason")


class CompositeIndex:
    """What ``placeatlas index`` wrote."""

    name = "index"

    def file_of(self, outcome: str) -> str | None:
        """Return ``<id>.csv``, as the verb names it."""
        return f"{outcome}.csv"

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read the table, and its meaning from the JSON of the same name.

        Raises
        ------
        TableError
            No JSON beside it, one of another form, a column that is missing, or another edition than the JSON's.
        """
        check_options(self.name, options)
        meta = _meaning(path.with_suffix(".json"))
        raw = rows_of(path)
        if absent := [column for column in _COLUMNS if column not in raw.columns]:
            raise TableError(f"{path.name} is not an index of placeatlas", [f"it has no column {listed(absent)}"])
        others = sorted(set(raw["edition"]) - {meta.index_version})
        figures = {name: read_numbers(raw[name]) for name in ("value", "lower", "upper", "se")}
        faults = [f"'{text}' in column {name}" for name, cells in figures.items() for text in cells.bad]
        if others:
            faults.append(f"its JSON is of edition {meta.index_version}, rows are of {listed(others)}")
        if faults:
            raise TableError(f"{path.name} cannot be read", faults)
        covered = raw["reason"] != "not covered by every indicator"
        frame = outcome_frame(
            {
                "code": raw["code"],
                "name": raw["name"],
                "period": raw["period"],
                "band": raw["band"],
                **{name: cells.numbers for name, cells in figures.items()},
            },
            extra=("band",),
        )
        reasons = {str(code): str(why) for code, why in zip(raw["code"], raw["reason"], strict=True) if why}
        meta = replace(meta, source=replace(meta.source, sha256=sha256_of(path)))
        roles = {name: name for name in ("code", "name", "period", "value", "lower", "upper", "se")}
        return OutcomeTable(
            overrule(meta, options),
            frame[covered.to_numpy()].reset_index(drop=True),
            extras=("band",),
            roles=roles,
            reasons=reasons,
        )

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a file by its full address, and the JSON beside it."""
        del options
        address = outcome.removesuffix(".csv") + ".json"
        meaning = link.fetched(mirrored(address, link))
        path = fetch_address(self.name, outcome, link)
        origin = Source(path.stem, url=address, retrieved=meaning.source.retrieved)
        beside = f"{path.parent.name}/{path.stem}.json"
        replace(link, asked="").keep(self.name, beside, meaning.read_bytes(), origin=origin)
        return path


def _meaning(path: Path) -> OutcomeMeta:
    if not path.is_file():
        raise TableError(
            f"{path.name} is not there", ["an index is a CSV and a JSON of one name: keep the two together"]
        )
    held = json_of(path, error=TableError)
    try:
        given = dict(held["outcome"])
        source = dict(given.pop("source"))
        known = {field.name for field in fields(OutcomeMeta)}
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        stated: dict[str, Any] = {name: value for name, value in {**given, **lists}.items() if name in known}
        return OutcomeMeta(
            **stated,
            source=Source(**{**source, "attribution": tuple(source.get("attribution", ()))}),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(f"{path.name} does not say what the index means", [str(error)]) from error
