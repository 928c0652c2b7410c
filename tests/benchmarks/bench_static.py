"""Static maps against ``geopandas.plot`` with the same content, both sides in turn in one run; prints a table of ratios.

Run ``python tests/benchmarks/bench_static.py [REPEATS]``. The set of 35,672 small areas needs the folder of published files
(``PLACEATLAS_REAL_DATA``); without it only the starter set is measured.
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.significance import LocalResult
from boundaries.areas.boundary_set import BoundarySet
from boundaries.areas.loading import load_boundary_set
from boundaries.bundled.layers import load_neighbours
from boundaries.joined import Joined, Receipt
from boundaries.outcomes.table import OutcomeMeta
from geo import crs
from geo.provenance import Source
from maps.kinds import spec_choropleth, spec_classes, spec_robustness, spec_typology
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look.scales import classify
from maps.page.composition import LONDON, prepare
from maps.spec import MapSpec
from maps.static import draw

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ("png", "svg", "pdf")


def synthetic(boundaries: BoundarySet) -> tuple[Joined, LocalResult, pd.DataFrame, pd.DataFrame]:
    """Return an outcome and classes with the patchiness of real ones; drawing does not depend on what they mean."""
    frame = boundaries.frame
    centre = frame.geometry.centroid
    wave = np.sin(centre.x / 60_000) + np.cos(centre.y / 80_000)
    values = 30_000 + 4_000 * wave.to_numpy()
    table = pd.DataFrame(
        {
            "name": frame["name"].to_numpy(),
            "nation": frame["nation"].to_numpy(),
            "value": values,
            "lower": np.nan,
            "upper": np.nan,
        }
        | {"se": np.nan, "denominator": np.nan, "status": "ok", "quality": "exact", "reason": ""},
        index=pd.Index(frame["code"], name="code"),
    )
    meta = OutcomeMeta("income", "Mean income", "mean", "£", "high", source=Source("Synthetic"))
    joined = Joined(boundaries, meta, "2022", table, Receipt("income", "LAD", "2023", "2022", {}))
    kinds = np.select([wave < -1, wave > 1, wave > 0.95], ["low-low", "high-high", "low-high"], "not-significant")
    levels = np.select([wave < -1.6, wave < -1.3, wave < -1], ["core", "probable", "contested"], "none")
    types = pd.DataFrame(
        {k: np.where(wave > c, "yes", "no") for k, c in (("coastal", 1), ("rural", 0.5), ("post-industrial", 1.5))}
    )
    types.index = table.index
    result = LocalResult("local_moran", pd.DataFrame({"class": kinds}, index=table.index), {})
    return joined, result, pd.DataFrame({"class": levels}, index=table.index), types


def by_geopandas(spec: MapSpec, areas: gpd.GeoDataFrame, land: gpd.GeoDataFrame, folder: Path) -> None:
    """Draw the content of a spec as one does with geopandas: land, areas, London again, legend, words; three files."""
    entries = spec.legend_classes()
    figure = Figure(figsize=(6.9, 8.6))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.02, 0.14, 0.5, 0.72))
    inset = figure.add_axes((0.3, 0.13, 0.22, 0.14))
    land.plot(ax=axes, color="#e4e4df")
    keys = areas["code"].map(spec.assignment)
    colours = keys.map({key: entry.colour for key, entry in entries.items()})
    areas.plot(ax=axes, color=colours, edgecolor="#4a4a46", linewidth=0.25)
    city = areas["region_code"] == LONDON
    areas[city].plot(ax=inset, color=colours[city], edgecolor="#4a4a46", linewidth=0.25)
    for entry in spec.classes:
        if entry.hatch and entry.count:
            areas[keys == entry.key].plot(ax=axes, facecolor="none", edgecolor="#6f6f69", hatch="////", linewidth=0)
    for axis in (axes, inset):
        axis.set_axis_off()
    axes.set_xlim(*areas.total_bounds[[0, 2]])
    axes.set_ylim(*areas.total_bounds[[1, 3]])
    figure.legend(
        handles=[Patch(color=entry.colour, label=f"{entry.label}  {entry.count}") for entry in spec.classes],
        loc=(0.56, 0.6),
    )
    figure.text(0.04, 0.95, spec.title, weight="bold", size=14, wrap=True)
    figure.text(0.04, 0.9, spec.subtitle, size=10)
    figure.text(0.56, 0.4, "\n".join([spec.sure, *spec.notes]), size=8, wrap=True)
    figure.text(0.04, 0.02, "\n".join(spec.foot), size=7, wrap=True)
    (folder / spec.id).parent.mkdir(parents=True, exist_ok=True)
    for kind in FORMATS:
        figure.savefig(folder / f"{spec.id}.{kind}", dpi=150)


def paired(ours: Callable[[], object], theirs: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the median times of two sides run in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for side, run in enumerate((ours, theirs)):
            start = time.perf_counter()
            run()
            times[side].append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def line(what: str, ours: float, theirs: float, sizes: str = "") -> None:
    """Print one row of the table."""
    sys.stdout.write(f"{what:<44} {ours:8.2f} s {theirs:8.2f} s {theirs / ours:6.2f}x  {sizes}\n")
    sys.stdout.flush()


def starter(repeats: int) -> None:
    """Measure the starter atlas's static maps: five kinds in three formats, preparation included on both sides."""
    boundaries = load_boundary_set("LAD", dt.date(2023, 7, 1))
    neighbours = load_neighbours()
    joined, result, levels, types = synthetic(boundaries)
    specs = [
        spec_choropleth(joined),
        spec_classes(joined, result),
        spec_robustness(joined, levels),
        spec_typology(boundaries, types),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def ours() -> None:
            canvas = prepare(boundaries, neighbours)
            for spec in specs:
                draw(spec, canvas, folder=folder / "ours")

        def theirs() -> None:
            areas, land = boundaries.frame.to_crs(crs.UK_EQUAL_AREA), neighbours.to_crs(crs.UK_EQUAL_AREA)
            for spec in specs:
                by_geopandas(spec, areas, land, folder / "theirs")

        ours()  # fonts are cut once a machine
        mine, peer = paired(ours, theirs, repeats)
        sizes = [
            sum(path.stat().st_size for path in (folder / side).rglob("*.svg")) / 1e6 for side in ("ours", "theirs")
        ]
        line(
            f"starter set, {len(specs)} maps x {len(FORMATS)} formats",
            mine,
            peer,
            f"SVG {sizes[0]:.1f} MB against {sizes[1]:.1f} MB",
        )


def small_areas(data: Path, repeats: int) -> None:
    """Measure one map of 35,672 small areas with many holes and islands, by format."""
    # both sides are handed the layer in the map's plane; everything after that is measured
    frame = gpd.read_parquet(data / "boundaries" / "small_areas" / "LSOA_DEC_2021_EW_BGC.parquet").to_crs(
        crs.UK_EQUAL_AREA
    )
    code = next(column for column in frame.columns if column.upper().endswith("CD"))
    frame = frame.rename(columns={code: "code"}).sort_values("code").reset_index(drop=True)
    frame = frame.assign(name=frame["code"], nation=frame["code"].str[0], region_code="", population=1.0)
    boundaries = BoundarySet(
        "LSOA",
        dt.date(2021, 12, 1),
        frame[["code", "name", "nation", "region_code", "population", "geometry"]],
        (Source("ONS"),),
    )
    values = pd.Series(np.random.default_rng(1).normal(size=len(frame)), index=frame["code"])
    # about a centre, so that half of the areas carry fine lines; the other side is let off them
    scale = classify(values, centre=0.0)
    entries = scale_classes(scale, 0)
    assignment = scale_assignment(scale)
    spec = MapSpec("small/areas", "choropleth", "x", "Small areas", "Noise", "", "Value", entries, assignment)
    colours = frame["code"].map(assignment).map({entry.key: entry.colour for entry in entries})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("png", "svg"):

            def ours(kind: str = kind) -> None:
                draw(spec, prepare(boundaries), folder=folder, formats=(kind,))  # type: ignore[arg-type]

            def theirs(kind: str = kind) -> None:
                figure = Figure(figsize=(6.9, 8.6))
                FigureCanvasAgg(figure)
                axes = figure.add_subplot()
                frame.plot(ax=axes, color=colours, linewidth=0)
                axes.set_axis_off()
                figure.legend(handles=[Patch(color=entry.colour, label=entry.label) for entry in entries])
                figure.savefig(folder / f"theirs.{kind}", dpi=150)

            mine, peer = paired(ours, theirs, repeats)
            sizes = [(folder / path).stat().st_size / 1e6 for path in (f"small/areas.{kind}", f"theirs.{kind}")]
            line(f"{len(frame):,} small areas, {kind}", mine, peer, f"{sizes[0]:.1f} MB against {sizes[1]:.1f} MB")


def main() -> None:
    """Print the table."""
    repeats = 3
    sys.stdout.write(f"{'medians of ' + str(repeats) + ', in turn':<44} {'ours':>10} {'geopandas':>10} {'ratio':>7}\n")
    starter(repeats)
    data = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
    if data.is_dir():
        small_areas(data, repeats)


if __name__ == "__main__":
    main()
