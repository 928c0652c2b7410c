"""Writing an index: its table, the sidecar that lets it be read as an outcome again, and a receipt for each indicator."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.indices.building import build_index
from analysis.indices.definition import load_index
from analysis.indices.sensitivity import METHOD
from geo.containing import refuse_outside
from geo.files import write_csv, write_json, write_text
from geo.staging import TOOL, cache_folder, staged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.indices.result import Index

MARK = "parameters.json"
"""A folder that holds this file, naming placeatlas as its tool, holds results of ours."""


def index_file(
    name: str | Path, output: Path | None = None, *, data: Sequence[Path] = (), force: bool = False
) -> tuple[Index, Path]:
    """Build an index from its file and write it to a folder, whole or not at all.

    Parameters
    ----------
    name : a TOML file, or the name of a built-in index. output : the folder; ``index-out/<id>`` by default.
    data : folders in which the files of indicators are looked up, before that of the index. force : replace earlier results.

    Returns
    -------
    The index, and the CSV that ``source = "index"`` reads.

    Raises
    ------
    PlaceatlasError
        As ``load_index``, ``build_index`` and ``geo.staging.staged``.
    """
    definition = load_index(name)
    folders = [*data, Path(name).parent]
    refuse_outside(
        definition.model_dump(mode="json", exclude_none=True), folders, called=f"the index '{definition.id}'"
    )
    out = output or Path("index-out") / definition.id
    with staged(out, force=force, journal=cache_folder() / "runs", marker=MARK) as folder:
        index = build_index(definition, folders)
        write_index(index, folder)
    return index, out / f"{definition.id}.csv"


def save_index(index: Index, output: Path, *, force: bool = False) -> Path:
    """Write an index that is built to a folder, whole or not at all; return its CSV. Raises as ``geo.staging.staged``."""
    with staged(output, force=force, journal=cache_folder() / "runs", marker=MARK) as folder:
        write_index(index, folder)
    return output / f"{index.definition.id}.csv"


def write_index(index: Index, folder: Path) -> list[Path]:
    """Write ``<id>.csv`` and ``.json``, the tables behind it, receipts, and the finding in words.

    The CSV has the areas in rows (``period`` and ``edition`` beside them); the JSON of the same name holds what the numbers
    mean and every source with its licence, so that ``source = "index"`` reads the pair as any other outcome.
    """
    name, areas = index.definition.id, index.areas
    frame = index.table.frame
    period = str(frame["period"].iloc[0]) if len(frame) else ""
    table = areas.reset_index()
    table.insert(2, "period", period)
    table.insert(3, "edition", index.definition.edition)
    written = [
        write_csv(table, folder / f"{name}.csv"),
        write_json(folder / f"{name}.json", meaning(index)),
        write_csv(index.look, folder / "indicators.csv"),
        write_csv(index.weights, folder / "weights.csv"),
        write_csv(index.correlations.rename_axis("indicator").reset_index(), folder / "correlations.csv"),
        write_csv(index.without, folder / "leave-one-out.csv"),
        write_text(folder / "summary.txt", "\n".join([*index.lines(), "", METHOD, ""])),
        write_json(folder / MARK, {"tool": TOOL, **index.to_parameters()}),
    ]
    if index.sensitivity is not None:
        written.append(write_csv(index.sensitivity, folder / "sensitivity.csv"))
    for joined in index.joined:
        receipt = joined.receipt
        written.append(write_json(folder / "receipts" / f"{joined.meta.id}.json", receipt.to_dict()))
    return written


def meaning(index: Index) -> dict[str, Any]:
    """Return what the table means and where it comes from, JSON-able."""
    meta = asdict(index.table.meta)
    meta["nations"] = list(meta["nations"])
    return {"tool": TOOL, "outcome": meta, "sources": [source.to_dict() for source in index.sources]}
