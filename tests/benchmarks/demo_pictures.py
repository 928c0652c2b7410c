"""Every kind of picture of two real tables, at every size: contact sheets in colour and in grey, bytes and seconds; and one
map beside the same map by geopandas alone.

Run ``python -m tests.benchmarks.demo_pictures FOLDER``; it needs the folder of published files (``PLACEATLAS_REAL_DATA``).
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from analysis.one_table.reading import Reading
from analysis.one_table.studying import join_file
from geo.errors import PlaceatlasError
from maps.kinds.table import kind_names
from maps.one.picture import Picture, draw_one

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
ELS = REAL_DATA / "outcomes" / "els"

TABLES = {
    "promising-prospects": (
        REAL_DATA / "outcomes/smc/son2024_203regions/CI1-2.0-promising-prospects--full-dataset.csv",
        Reading(source="smc"),
    ),
    "pay-2025": (next(ELS.glob("gross-median-weekly-pay/*.csv"), ELS), Reading(source="els")),
}
QUALIFICATIONS = next(ELS.glob("qualifications-level-3-or-above/*.csv"), ELS)
OPTIONS = {
    "change": Picture(since="2024"),
    "multiples": Picture(since="2017"),
    "bivariate": Picture(against=str(QUALIFICATIONS)),
}
SIZES = {"page": 700, "a4": 700, "phone": 440, "slide": 1000, "social": 700}
ACROSS = 4


def main() -> None:
    """Print a row a picture, and write the sheets."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "pictures")
    if not ELS.is_dir():
        print("pictures of real tables: skipped, no folder of published files")
        return
    for table, (file, reading) in TABLES.items():
        print(f"\n{table}\n{'kind':<12} {'seconds':>8} {'PNG kB':>7} {'SVG kB':>7} {'PDF kB':>7}")
        drawn = [kind for kind in kind_names("map") if _formats(folder, table, kind, file, reading)]
        for size, width in SIZES.items():
            paths = [_draw(folder, table, kind, file, reading, size=size) for kind in drawn]
            for grey in (False, True):
                _sheet(paths, folder / f"{table}-{size}{'-grey' if grey else ''}.png", width, grey=grey)
    _beside_geopandas(folder)


def _beside_geopandas(folder: Path) -> None:
    """Draw pay in quantiles with ``geopandas.plot``, beside ours."""
    file, reading = TABLES["pay-2025"]
    joined = join_file(file, reading)
    areas = joined.boundaries.frame.set_index("code")[["geometry"]].join(joined.frame["value"])
    drawing = Figure(figsize=(7, 9))
    FigureCanvasAgg(drawing)
    axes = drawing.add_subplot()
    areas.plot(column="value", scheme="quantiles", k=5, legend=True, missing_kwds={"color": "lightgrey"}, ax=axes)
    axes.set_title("Gross median weekly pay, 2025")
    plain = folder / "pay-2025" / "geopandas.png"
    drawing.savefig(plain, dpi=150)
    ours = _draw(folder, "pay-2025", "choropleth", file, reading)
    _sheet([ours, plain], folder / "beside-geopandas.png", 900, grey=False)


def _formats(folder: Path, table: str, kind: str, file: Path, reading: Reading) -> bool:
    """Print seconds and bytes of one kind in every format; or why the table cannot be drawn so."""
    kilobytes = []
    started = time.perf_counter()
    try:
        for ending in ("png", "svg", "pdf"):
            path = _draw(folder, table, kind, file, reading, ending=ending)
            kilobytes.append(path.stat().st_size / 1000)
    except PlaceatlasError as error:
        print(f"{kind:<12} refused: {error.what}; {'; '.join(error.faults)}")
        return False
    seconds = (time.perf_counter() - started) / len(kilobytes)
    print(f"{kind:<12} {seconds:8.1f} " + " ".join(f"{size:7.0f}" for size in kilobytes))
    return True


def _draw(
    folder: Path, table: str, kind: str, file: Path, reading: Reading, *, size: str = "page", ending: str = "png"
) -> Path:
    picture = replace(OPTIONS.get(kind, Picture()), kind=kind, size=size)
    path = folder / table / f"{kind}-{size}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    return draw_one(file, path, reading=reading, picture=picture)


def _sheet(paths: list[Path], out: Path, width: int, *, grey: bool) -> None:
    """Put pictures side by side, each of one width."""
    pictures = []
    for path in paths:
        with Image.open(path) as opened:
            picture = opened.convert("L" if grey else "RGB").convert("RGB")
        pictures.append(
            picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        )
    rows = [pictures[i : i + ACROSS] for i in range(0, len(pictures), ACROSS)]
    heights = [max(picture.height for picture in row) for row in rows]
    sheet = Image.new("RGB", (width * min(ACROSS, len(pictures)), sum(heights)), "white")
    for number, row in enumerate(rows):
        for column, picture in enumerate(row):
            sheet.paste(picture, (column * width, sum(heights[:number])))
    sheet.save(out)
    print(f"{out.name}: {len(paths)} pictures")


if __name__ == "__main__":
    main()
