"""What a table of ours says of itself, written beside it as CSVW, so that our own reader, and others', know what its figures are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boundaries.sources.described import csvw_of
from geo.files import write_json
from geo.provenance import attribution_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from boundaries.outcomes.table import OutcomeMeta
    from geo.provenance import Source

Stated = dict[str, Any]
"""The words of a configuration."""

WITHOUT_PERIOD: Stated = {"columns": {"period": ""}}
"""Of a table with a column an outcome: its date is that of the areas, the periods stand in the names of the columns."""


def stated_of(meta: OutcomeMeta) -> Stated:
    """Return what is known of an outcome in the words of a configuration; its figures are per cents where its unit is."""
    return {
        "title": meta.title,
        "subtitle": meta.subtitle,
        **stated_by([meta.source]),
        "note": meta.note,
        "edition": meta.index_version,
        "basis": meta.place_basis,
        "base": meta.base,
        "favourable": meta.favourable,
        "measure": meta.measure,
        # per cents below one would else be asked for: are they proportions?
        "unit": "percent" if meta.unit == "%" else meta.unit,
        "breaks": meta.breaks,
        "labels": meta.labels,
        "modelled": meta.modelled,
    }


def stated_by(sources: Iterable[Source]) -> Stated:
    """Return credit, licence and attribution of several sources together, each once."""
    given = tuple(dict.fromkeys(source for source in sources if source.title))
    return {
        "credit": "; ".join(dict.fromkeys(source.title.rstrip(".") for source in given)),
        "licence": "; ".join(dict.fromkeys(source.licence for source in given if source.licence)),
        "attribution": attribution_lines(given),
    }


def write_sidecar(
    table: Path,
    stated: Mapping[str, Any],
    *,
    columns: Mapping[str, Mapping[str, Any]] | None = None,
    groups: Mapping[str, Mapping[str, Mapping[str, Any]]] | None = None,
) -> Path:
    """Write ``<table>-metadata.json`` beside a table; parameters as of ``boundaries.sources.described.csvw_of``."""
    return write_json(table.with_name(f"{table.name}-metadata.json"), csvw_of(table, stated, columns, groups))
