"""The starter atlas against what an analyst writes by hand.

(a) Read a layer, one local Moran, one PNG, one page, each side in a fresh process: through our Python API, and as a bare script
with geopandas, libpysal, esda (without numba), matplotlib and folium.
(b) The whole starter build, against the same maps drawn one by one with ``geopandas.plot``, the same pages with folium and the
same zips. Both sides write every kind and format.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.areas.loading import load_boundary_set
from geo.files import write_geopackage
from tests.benchmarks.pairing import paired

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DATE = dt.date(2023, 4, 1)

OURS = """
import datetime as dt, sys
from pathlib import Path
from analysis.moran import local_moran
from analysis.weights import build_weights
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from maps.page.composition import prepare
from maps.kinds import spec_classes
from maps.leaflet import write_page
from maps.static import draw
layer, out = sys.argv[1], Path(sys.argv[2])
areas = load_boundary_set("LAD", dt.date(2023, 4, 1), layer=layer)
joined = join(read_outcome("bundled", Path("hmrc-mean-income")), areas)
result = local_moran(joined.frame["value"], build_weights(areas), seed=1)
spec = spec_classes(joined, result)
draw(spec, prepare(areas), folder=out, formats=["png"])
table = joined.frame[["value"]].astype(str)
write_page(out / "page.html", title="Income", boundaries=areas, specs=[spec], table=table, columns={"value": "Income"},
           neighbours=None, foot=["HMRC"])
"""

BARE = """
import sys
sys.modules["numba"] = None
from pathlib import Path
import geopandas, pandas, libpysal, esda, folium, matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
layer, income, out = sys.argv[1], sys.argv[3], Path(sys.argv[2])
areas = geopandas.read_file(layer).merge(pandas.read_csv(income)[["code", "mean_income"]], on="code", how="left")
areas = areas.dropna(subset=["mean_income"]).reset_index(drop=True)
weights = libpysal.weights.Queen.from_dataframe(areas, use_index=False, silence_warnings=True)
weights.transform = "r"
result = esda.Moran_Local(areas["mean_income"], weights, permutations=999, seed=1)
areas["class"] = [("ns", "HH", "LH", "LL", "HL")[q if p < 0.05 else 0] for q, p in zip(result.q, result.p_sim)]
axes = areas.plot(column="class", categorical=True, legend=True, figsize=(7, 9), linewidth=0.3, edgecolor="grey")
axes.set_axis_off()
out.mkdir(parents=True, exist_ok=True)
axes.figure.savefig(out / "map.png", dpi=150)
web = areas.to_crs(4326)
page = folium.Map(location=[55, -4], zoom_start=6)
colours = {"ns": "#efefec", "HH": "#01665e", "LL": "#8c510a", "LH": "#e0bd7c", "HL": "#8fd0c6"}
folium.GeoJson(web[["code", "name", "mean_income", "class", "geometry"]],
               style_function=lambda f: {"fillColor": colours[f["properties"]["class"]], "weight": 0.5, "fillOpacity": 1},
               tooltip=folium.GeoJsonTooltip(["name", "mean_income", "class"])).add_to(page)
page.save(out / "page.html")
"""


def main() -> None:
    """Print both ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        layer = write_geopackage(load_boundary_set("LAD", DATE).frame, folder / "areas.gpkg", "areas")
        income = Path(__file__).parents[2] / "boundaries" / "bundled" / "income.csv"

        def run(program: str, out: str) -> None:
            command = [sys.executable, "-c", program, str(layer), str(folder / out), str(income)]
            subprocess.run(command, check=True, capture_output=True)

        print("(a) fresh process:  ", paired(lambda: run(OURS, "ours"), lambda: run(BARE, "bare")))

        def build() -> None:
            placeatlas = Path(sys.executable).with_name("placeatlas")
            command = [str(placeatlas), "build", "--out", str(folder / "starter"), "--force"]
            subprocess.run(command, check=True, capture_output=True)

        build()

        def by_hand() -> None:
            shutil.rmtree(folder / "hand", ignore_errors=True)
            command = [sys.executable, __file__, str(folder / "starter"), str(folder / "hand")]
            subprocess.run(command, check=True, capture_output=True)

        print("(b) the whole build:", paired(build, by_hand, runs=3, warm=1))
        for side in ("starter", "hand"):
            print(f"    files written, {side}: {sum(1 for item in (folder / side).rglob('*') if item.is_file())}")


def draw_by_hand(atlas: Path, out: Path) -> None:
    """Draw the maps of a finished atlas again, one by one: the same kinds, formats, pages and zips."""
    import folium
    import geopandas as gpd
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    areas = gpd.read_file(atlas / "data" / "areas.gpkg", layer="areas").to_crs(3035)
    columns = {
        kind: next(name for name in areas.columns if name.endswith(field))
        for kind, field in (
            ("choropleth", "__value"),
            ("clusters", "__moran_class"),
            ("hotspots", "__gi_class"),
            ("robustness", "__robustness"),
            ("typology", "coastal"),
            ("labels", "__cluster"),
        )
    }

    def draw(frame: gpd.GeoDataFrame, kind: str, stem: Path, *, london: bool) -> None:
        stem.parent.mkdir(parents=True, exist_ok=True)
        how = (
            {"scheme": "quantiles", "k": 5, "missing_kwds": {"hatch": "///"}}
            if kind == "choropleth"
            else {"categorical": True}
        )
        for suffix in ("png", "svg", "pdf"):
            figure, axes = plt.subplots(figsize=(7, 9))
            frame.plot(column=columns[kind], ax=axes, legend=True, linewidth=0.25, edgecolor="#4a4a46", **how)
            axes.set_axis_off()
            axes.set_title(f"{kind} of income")
            figure.text(0.02, 0.02, "Source: HMRC, ONS", fontsize=7)
            if london:
                box = axes.inset_axes([0.7, 0.0, 0.3, 0.25])
                part = frame[frame["region_code"] == "E12000007"]
                part.plot(column=columns[kind], ax=box, linewidth=0.25, edgecolor="#4a4a46", **how)
                box.set_axis_off()
            figure.savefig(stem.with_suffix(f".{suffix}"), dpi=150)
            plt.close(figure)

    def page(frame: gpd.GeoDataFrame, path: Path) -> None:
        web = frame.to_crs(4326)
        page = folium.Map(location=[55, -4], zoom_start=6)
        for kind, column in columns.items():
            group = folium.FeatureGroup(kind, show=kind == "choropleth")
            tooltip = folium.GeoJsonTooltip(["name", column])
            folium.GeoJson(web[["code", "name", column, "geometry"]], tooltip=tooltip).add_to(group)
            group.add_to(page)
        folium.LayerControl().add_to(page)
        path.parent.mkdir(parents=True, exist_ok=True)
        page.save(path)

    def save(figure: Figure, stem: Path) -> None:
        for suffix in ("png", "svg", "pdf"):
            figure.savefig(stem.with_suffix(f".{suffix}"), dpi=150)
        plt.close(figure)

    def charts(stem: Path) -> None:
        """Draw what stands beside the maps: hexagons in place of areas, the Moran scatter, the gaps by kind of place."""
        values = areas[columns["choropleth"]]
        points = areas.geometry.representative_point()
        cells = areas.set_geometry(points.buffer(12_000, quad_segs=2))
        figure, axes = plt.subplots(figsize=(7, 9))
        cells.plot(column=columns["choropleth"], ax=axes, legend=True, scheme="quantiles", k=5, linewidth=0.25)
        axes.set_axis_off()
        save(figure, stem / "hex")
        figure, axes = plt.subplots(figsize=(7, 7))
        tree = points.sindex
        around = [values.iloc[tree.query(point.buffer(60_000))].mean() for point in points]
        axes.scatter(values, around, s=8)
        axes.axline((values.mean(), values.mean()), slope=0.5)
        save(figure, stem / "scatter")
        figure, axes = plt.subplots(figsize=(7, 4))
        for row, name in enumerate(("coastal", "rural", "post_industrial")):
            group = values[areas[name] == "yes"].dropna()
            gap, error = group.mean() - values.mean(), group.std() / len(group) ** 0.5
            axes.errorbar(gap, row, xerr=1.96 * error, fmt="o")
        save(figure, stem / "effects")

    for kind in columns:
        draw(areas, kind, out / "maps" / kind, london=True)
    charts(out / "maps")
    page(areas, out / "leaflet" / "income.html")
    groups = [("nation", "nation"), ("region_code", "region")]
    for column, tier in groups:
        for code, part in areas.groupby(column):
            if tier == "region" and not str(code).startswith("E12"):
                continue
            folder = out / "regions" / f"{tier}-{code}"
            for kind in ("choropleth", "clusters"):
                draw(part, kind, folder / "maps" / kind, london=False)
            page(part, folder / "income.html")
            part.drop(columns="geometry").to_csv(folder / "areas.csv", index=False)
            part.to_file(folder / "areas.gpkg", driver="GPKG")
            with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(folder.rglob("*")):
                    archive.write(file, file.relative_to(out))


if __name__ == "__main__":
    draw_by_hand(Path(sys.argv[1]), Path(sys.argv[2]))
