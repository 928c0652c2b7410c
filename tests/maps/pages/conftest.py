"""A small country of thirteen areas, its maps, and a site and a pack made of them."""

from __future__ import annotations

import datetime as dt
import shutil
import struct
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from boundaries.areas.boundary_set import BoundarySet
from geo.provenance import Source
from maps.findings import KindsFinding, pattern_of, range_of
from maps.leaflet import (
    Benchmark,
    Figures,
    PageGround,
    PageOutcome,
    RegionScale,
    page_shapes,
    write_atlas_page,
    write_page,
)
from maps.packs import Kit, PackNote, PackOutcome, PackPicture, Region, RegionInfo, write_pack
from maps.site import (
    AreaEntry,
    Colophon,
    Download,
    Method,
    OutcomeMethod,
    OutcomePage,
    Picture,
    RegionEntry,
    TypologyRule,
    write_site,
)
from maps.spec import LegendClass, MapSpec, Outline
from maps.words import Topic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIDE = 10_000.0
HOSTILE = 'A </script><b>& "B" $x_1$'
NAMES = ["Llanfair", "Caer", HOSTILE, "Newtown, East", *(f"Place {number}" for number in range(5, 13)), "Island"]
LOCAL = {"ll": "low-low", "hh": "high-high", "lh": "low-high", "ns": "not-significant"}
LOW, HIGH, OUTLIER, PALE = "#8c510a", "#01665e", "#e0bd7c", "#efefec"


def grid_frame() -> gpd.GeoDataFrame:
    """Four by three squares of 10 km (the sixth with a hole that is the seventh's second part) and an island."""
    squares = [
        shapely.box(
            300_000 + SIDE * column, 300_000 + SIDE * row, 300_000 + SIDE * (column + 1), 300_000 + SIDE * (row + 1)
        )
        for row in range(3)
        for column in range(4)
    ]
    enclave = shapely.box(314_000, 314_000, 316_000, 316_000)
    squares[5] = squares[5].difference(enclave)
    squares[6] = shapely.MultiPolygon([squares[6], enclave])
    island = shapely.box(360_000, 300_000, 366_000, 306_000)
    return gpd.GeoDataFrame(
        {
            "code": [f"W060000{number:02d}" for number in range(1, 14)],
            "name": NAMES,
            "name_cy": ["Llan-fair", "Caerdydd", *[""] * 10, "Ynys Môn"],
            "nation": "W",
            "region_code": ["E12000001"] * 6 + ["E12000002"] * 7,
            "region_name": ["North"] * 6 + ["South"] * 7,
            "population": 1000,
            "hectares": 10_000.0,
        },
        geometry=[*squares, island],
        crs="EPSG:27700",
    )


@dataclass(frozen=True)
class Country:
    """Everything a page of the small country needs."""

    boundaries: BoundarySet
    specs: tuple[MapSpec, ...]
    table: pd.DataFrame
    columns: dict[str, str]
    neighbours: gpd.GeoDataFrame
    numbers: pd.Series

    def write(self, path: Path, **changes: object) -> Path:
        """Write the offline page; ``changes`` replace what is passed."""
        given: dict[str, object] = {
            "title": "Mean income",
            "boundaries": self.boundaries,
            "specs": self.specs,
            "table": self.table,
            "columns": self.columns,
            "neighbours": self.neighbours,
            "sources": self.boundaries.sources,
            "colophon": "placeatlas, small country",
            "report_to": "maps@example.org",
        }
        write_page(path, **{**given, **changes})  # type: ignore[arg-type]
        return path

    def figures(self) -> Figures:
        """Income at three periods, £ with pence, each £1 below the next."""
        now = self.numbers.to_numpy() + 0.5
        value = np.column_stack([now - 2, now - 1, now])
        whole = Benchmark("", "Small country", "the published figure for the small country", (13.0, 14.0, 15.25))
        north = Benchmark("E12000001", "North", "the published figure for North", (float("nan"), 12.0, 13.5))
        classes = tuple(LegendClass(f"class-{n}" if n else "no-data", words, colour, 0) for n, words, colour in ((2, "13 or more", "#0b4f5c"), (1, "Under 13", "#edf4f2"), (0, "No data", "#ffffff")))  # fmt: skip
        return Figures(
            "£", "high", 1, ("2020", "2021", "2022"), 2, value, value - 1.5, value + 1.5,
            np.linspace(0.999, 0.001, len(now)), ("Low band", *["Middle band"] * 12), (whole, north),
            (RegionScale("E12000001", (13.0,), classes),), (16.0,),
        )  # fmt: skip

    def atlas(self, path: Path, **changes: object) -> Path:
        """Write a page of several outcomes: income with all its numbers, and a test score of girls and of boys."""
        codes = list(self.boundaries.frame["code"])
        cells = pd.DataFrame({"q": range(len(codes)), "r": [n % 3 for n in range(len(codes))]}, index=codes)
        near = {code: codes[max(0, n - 1) : n] + codes[n + 1 : n + 2] for n, code in enumerate(codes)}
        kinds = pd.DataFrame({"coastal": ["yes", "no", "not classified"] * 4 + ["yes"]}, index=codes)
        ground = PageGround(
            self.boundaries,
            page_shapes(self.boundaries.frame, self.neighbours),
            cells,
            near,
            kinds,
            {codes[0]: codes[4:6]},
            {codes[0]: f"areas/{codes[0]}.html"},
        )
        scores = [
            PageOutcome(
                name, f"Score of {name}", tuple(replace(spec, id=f"{name}/{spec.kind}", outcome=name) for spec in self.specs),
                self.table, {"p": "p"}, family="Score", group=name.capitalize(),
            )
            for name in ("girls", "boys")
        ]  # fmt: skip
        keys = {"low": "class-1", "high": "class-2", "no-data": "no-data"}
        values = replace(
            self.specs[0],
            classes=tuple(replace(entry, key=keys[entry.key]) for entry in self.specs[0].classes),
            assignment={code: keys[key] for code, key in self.specs[0].assignment.items()},
        )
        income = PageOutcome("income", "Mean income", (values, *self.specs[1:]), self.table, {"p": "p"}, self.figures())
        given: dict[str, object] = {
            "title": "Small atlas",
            "grounds": [ground],
            "outcomes": [income, *scores],
            "sources": self.boundaries.sources,
            "colophon": "placeatlas, small country",
            "report_to": "maps@example.org",
        }
        write_atlas_page(path, **{**given, **changes})  # type: ignore[arg-type]
        return path


def small_country() -> Country:
    frame = grid_frame()
    codes = list(frame["code"])
    source = Source(
        "Squares",
        url="https://example.org/squares",
        licence="Open Government Licence v3.0",
        attribution=("Contains squares.",),
    )
    boundaries = BoundarySet("LAD", dt.date(2024, 9, 11), frame, (source,), {codes[3]: ("The Newtown Order 2018",)})
    numbers = pd.Series([*range(10, 22), float("nan")], index=codes, dtype=float)
    texts = {code: "" if value != value else f"£{value:.0f}" for code, value in numbers.items()}  # noqa: PLR0124
    shades = ["low" if value < 16 else "high" if value >= 16 else "no-data" for value in numbers]
    values = (
        LegendClass("low", "£10 to £15", "#edf4f2", 6),
        LegendClass("high", "£16 to £21", "#0b4f5c", 6),
        LegendClass("no-data", "No data", "#ffffff", 1, "diagonal"),
    )
    local = ["ll", "ll", "lh", "ns", "ll", "ns", "ns", "ns", "hh", "hh", "ns", "hh", "not-testable"]
    clusters = tuple(
        LegendClass(key, label, colour, local.count(key), hatch, note)
        for key, label, colour, hatch, note in (
            ("ll", "Low among low", LOW, "", "low-low"),
            ("hh", "High among high", HIGH, "", "high-high"),
            ("lh", "Low among high", OUTLIER, "diagonal", "low-high"),
            ("ns", "Not significant", PALE, "", ""),
            ("not-testable", "Not testable", PALE, "dots", ""),
        )
    )
    shared = {
        "outcome": "income",
        "values": texts,
        "sources": (Source("Squares"),),
        "notes": ("Areas, not people.",),
        "areas": "13 areas of 11 September 2024",
    }
    limits = {"lower": numbers - 1.5, "upper": numbers + 1.5}
    ranged = range_of(numbers, **limits)
    classed = pd.Series([LOCAL.get(key, key) for key in local], index=codes)
    specs = (
        MapSpec("income/choropleth", "choropleth", title="Six of 13 areas are above £15", measure="Mean income, £, 2022", finding=ranged,
                sure="5 of 12 areas cannot be distinguished from the mean.", legend_title="Mean income", classes=values,
                assignment=dict(zip(codes, shades, strict=True)), alt="Map of income.", **shared),
        MapSpec("income/clusters", "clusters", title="Three areas form a low cluster", measure="Local Moran", finding=pattern_of(classed),
                sure="", legend_title="Local clusters", classes=clusters, assignment=dict(zip(codes, local, strict=True)),
                outlines=(Outline("c1", "Low corner", (codes[0], codes[1], codes[4]), "#1d1d1b"),), alt="Map of clusters.",
                description="Low values lie in the south-west.", **shared),
    )  # fmt: skip
    table = pd.DataFrame({"value": [texts[code] for code in codes], "p": "0.013", "unused": "x"}, index=codes)
    land = gpd.GeoDataFrame(
        {"name": ["Elsewhere"]},
        geometry=[shapely.segmentize(shapely.box(340_000, 300_000, 350_000, 330_000), SIDE)],
        crs="EPSG:27700",
    )
    return Country(boundaries, specs, table, {"value": "Mean income (£)", "p": "p"}, land, numbers)


def write_png(path: Path, width: int = 30, height: int = 40) -> Path:
    """Write the smallest honest PNG: one grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\x00" + b"\xcc" * width for _ in range(height)))
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def pack_of(country: Country, folder: Path, picture: Path, **changes: object) -> Path:
    codes = list(country.boundaries.frame["code"])
    outcome = PackOutcome(
        id="income", topic=Topic("Mean income", "£", "high", "2022", 0, dict(zip(codes, NAMES, strict=True))),
        specs=country.specs, table=country.table, columns=country.columns, numbers=country.numbers,
        pictures=(PackPicture(picture, "Clusters", "Map of clusters."),), pattern=country.specs[1].finding,
        nations=dict.fromkeys(codes, "W"),
        sources=(Source("Income", licence="Open Government Licence v3.0", attribution=("Contains income.",)),),
        prefix="income__2022",
    )  # fmt: skip
    kit = Kit(
        note=changes.pop("note", PackNote("Small atlas", "0.1.0", "31 March 2022", "maps@example.org")),
        boundaries=country.boundaries,
        adjacent={},
        table=changes.pop(
            "data",
            pd.DataFrame(
                {"code": codes, "name": NAMES, "note": "=1+1", "income__2022__value": country.numbers.to_numpy()}
            ),
        ),
        outcomes=(),
        kinds=changes.pop("kinds", KindsFinding((), (), ())),
        memberships=pd.DataFrame(index=codes),
        land=country.neighbours,
        formats=("png",),
        data=changes.pop("tables", None),
    )
    boundaries = changes.get("boundaries", country.boundaries)
    info = RegionInfo("W92000004", "Wales", "wales", "W", "Cymru", "nation")
    given: dict[str, object] = {
        "region": Region(info, "LAD", tuple(boundaries.frame["code"])),
        "boundaries": boundaries,
        "outcomes": [outcome],
        "kit": kit,
        "neighbours": country.neighbours,
    }
    return write_pack(folder, **{**given, **changes})  # type: ignore[arg-type]


def small_method() -> Method:
    return Method(
        geography="LAD", date="11 September 2024", areas=13, weights="queen+sea-links",
        alternatives=("knn6", "queen-order-2"), isolates=("Island",), components=2, sea_links=("Island to Caer: ferry",),
        permutations=99_999, alpha=0.05, seed=7, correction="fdr_bh",
        typologies=(TypologyRule("Coastal", "At least 10% open coast", "computed", "UK", 4),),
        approximate={"Newtown, East": "The Newtown Order 2018"}, projection="Lambert azimuthal equal-area projection",
        outcomes=(OutcomeMethod("Mean income", "mean", "£", "2022", "Wales", "lives in", "Income", 12, 1, "the mean", "not known", ("A note.",)),),
    )  # fmt: skip


def site_of(country: Country, out: Path, **changes: object) -> tuple[Path, Path]:
    country.atlas(out / "atlas.html")
    for kind in ("choropleth", "choropleth-phone", "clusters"):
        write_png(out / "maps" / "income" / f"{kind}.png")
    (out / "maps" / "income" / "clusters.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    archive = pack_of(country, out / "regions" / "W92000004-wales", out / "maps" / "income" / "clusters.png")
    (out / "data").mkdir(exist_ok=True)
    (out / "data" / "areas.csv").write_text("code\n", encoding="utf-8")
    (out / "manifest.json").write_text("{}", encoding="utf-8")
    pictures = (
        Picture("maps/income/choropleth.png", "Values", "Map of income.", narrow="maps/income/choropleth-phone.png"),
        Picture("maps/income/clusters.png", "Clusters", "Map of clusters.", {"SVG": "maps/income/clusters.svg"}),
    )
    frame = country.boundaries.frame
    given: dict[str, object] = {
        "title": "Small atlas",
        "outcomes": [OutcomePage("income", "Mean income", "Three areas form a low cluster", "£, 2022", "5 of 12 cannot be distinguished.", ("One more.",), pictures, "atlas.html#outcome=income")],
        "areas": [
            AreaEntry(row.code, name, row.region_name, (country.table["value"][row.code],), row.name_cy)
            for row, name in zip(frame.itertuples(), frame["name"], strict=True)
        ],
        "regions": [RegionEntry("W92000004", "Wales", 13, "regions/W92000004-wales", "regions/W92000004-wales.zip", archive.stat().st_size, other="Cymru", language="cy")],
        "downloads": [Download("data/areas.csv", "Table of areas", 5, "One row an area")],
        "methods": [small_method()],
        "colophon": Colophon("0.1.0", "31 March 2022", "maps@example.org", country.boundaries.sources),
    }  # fmt: skip
    return write_site(out, **{**given, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def country() -> Country:
    return small_country()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, country: Country) -> Path:
    """A whole site: front page, method, one interactive page, one pack."""
    out = tmp_path_factory.mktemp("site")
    site_of(country, out)
    return out


@pytest.fixture(scope="session")
def method() -> Method:
    return small_method()


@pytest.fixture
def make_site(country: Country) -> Callable[..., tuple[Path, Path]]:
    """Write a site anew; keywords replace what is passed."""
    return lambda out, **changes: site_of(country, out, **changes)


@pytest.fixture
def make_pack(country: Country, tmp_path: Path) -> Callable[..., Path]:
    """Write a pack anew; keywords replace what is passed."""
    picture = write_png(tmp_path / "clusters.png")
    return lambda folder, **changes: pack_of(country, folder, picture, **changes)


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Log:
    """What pages asked of the network, and what they complained of."""

    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def contexts(chromium):
    """One context for each set of options, the network cut off in all, and one log of what was tried all the same."""
    log, made = Log(), {}

    def answer(route):
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            log.asked.append(route.request.url)
            route.abort()

    def context_for(options):
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            made[key].route("**/*", answer)
        return made[key]

    yield context_for, log
    for context in made.values():
        context.close()


@pytest.fixture
def visit(contexts, built):
    """Open a page with the network cut off; afterwards nothing must have been asked of it, and nothing complained."""
    context_for, log = contexts
    log.asked.clear()
    log.said.clear()
    pages = []

    def open_page(name, *, address="", **options):
        page = context_for(options).new_page()
        pages.append(page)
        page.on("console", lambda message: log.said.append(message.text))
        page.on("pageerror", lambda error: log.said.append(str(error)))
        page.goto((built / name).as_uri() + address)
        page.wait_for_timeout(60)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert log.asked == []
    assert log.said == []
