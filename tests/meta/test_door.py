"""The door: what it lists, how it loads, what it refuses, and that every name is a documented function of a floor."""

from __future__ import annotations

import datetime as dt
import inspect
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest

import analysis
import boundaries
import geo
import maps
import placeatlas as pa
from geo.errors import PlaceatlasError
from geo.shadowing import rooms_of

NAMES = [
    "alike",
    "areas",
    "build",
    "check",
    "claim",
    "compare",
    "draw",
    "explore",
    "fetch",
    "history",
    "index",
    "join",
    "lookup",
    "newer",
    "pack",
    "read",
    "recode",
    "study",
    "warn",
    "weights",
]


def test_the_names_are_those_that_can_be_called() -> None:
    assert dir(pa) == NAMES == sorted(pa.__all__)
    for name in NAMES:
        function = getattr(pa, name)
        assert callable(function)
        assert function.__module__.endswith("calls")
        assert "Parameters" in function.__doc__, name
        assert "Raises" in function.__doc__, name
        hints = inspect.signature(function)
        assert not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in hints.parameters.values()), name
        assert all(p.annotation is not inspect.Parameter.empty for p in hints.parameters.values()), name
    assert pa.__version__ == geo.__version__
    with pytest.raises(AttributeError, match="no attribute 'atlas'"):
        _ = pa.atlas


def test_the_door_is_short_and_holds_no_logic() -> None:
    source = inspect.getsource(pa)
    assert len(source.splitlines()) <= 100


def test_listing_loads_nothing() -> None:
    program = "import sys, placeatlas; dir(placeatlas); print([m for m in sys.modules if m in ('pandas', 'maps', 'boundaries')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_packages_list_their_rooms() -> None:
    for package, room in ((geo, "files"), (boundaries, "joined"), (analysis, "weights"), (maps, "leaflet")):
        assert room in dir(package)
        assert "runpy" not in dir(package)
        assert getattr(package, room).__name__ == f"{package.__name__}.{room}"
    with pytest.raises(AttributeError, match="'boundaries' has no attribute 'nothing'"):
        _ = boundaries.nothing


def test_a_hidden_package_is_said_by_the_door(tmp_path) -> None:
    (tmp_path / "geo.py").write_text("mine = True\n")
    done = subprocess.run(
        [sys.executable, "-c", "import placeatlas"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "'geo' is found at" in done.stderr


def test_rooms_are_not_looked_for_where_they_are_not(tmp_path) -> None:
    load, listed, rooms = rooms_of("nowhere", tmp_path, checked=False)
    assert listed() == rooms == []
    with pytest.raises(AttributeError):
        load("x")


@pytest.fixture(scope="module")
def wales():
    return pa.areas("lad", "2023-04-01", nations="W")


@pytest.fixture(scope="module")
def table(wales):
    frame = pd.DataFrame({"lad": wales.frame["code"], "pay": [500.0 + 3 * n for n in range(22)], "notes": "x"})
    frame["before"] = frame["pay"] - 20
    return frame


@pytest.fixture(scope="module")
def joined(wales, table):
    return pa.join(table, wales, code="lad", value="pay", measure="median", unit="£")


@pytest.fixture(scope="module")
def study(joined):
    return pa.study(
        joined, permutations=99, correction="none", robust=False, extra="local-geary", covariates=["centre"]
    )


WRONG = {
    "text for a date": (lambda _: pa.areas("LAD", "spring 2023"), ValueError, "date = 'spring 2023' is no date"),
    "a number for a date": (lambda _: pa.areas("LAD", 2023), TypeError, "date is no date"),
    "no date": (lambda _: pa.areas("LAD"), ValueError, "date is missing"),
    "no geography of that name": (
        lambda _: pa.areas("parish", "2023-04-01"),
        ValueError,
        "no boundaries PARISH@2023-04-01",
    ),
    "a number for a geography": (lambda _: pa.areas(3, "2023-04-01"), TypeError, "geography must be a str"),
    "no such nation": (lambda _: pa.areas("LAD", "2023-04-01", nations="X"), ValueError, "there is no nation 'X'"),
    "a date before the register": (lambda _: pa.areas("LAD", "1066-10-14"), ValueError, ""),
    "a GeoDataFrame for a set": (
        lambda g: pa.join(g["table"], g["wales"].to_geo()),
        TypeError,
        "areas must be a BoundarySet",
    ),
    "options for a table that is read": (
        lambda g: pa.join(g["read"], g["wales"], unit="£"),
        ValueError,
        "the table is read already",
    ),
    "no path": (lambda _: pa.read(3), TypeError, "file is no path"),
    "no such measure": (lambda g: pa.read(g["table"], measure="avg"), ValueError, "there is no measure 'avg'"),
    "no such end": (lambda g: pa.read(g["table"], favourable="up"), ValueError, "there is no favourable 'up'"),
    "no such adapter": (lambda _: pa.read("x.csv", source="ons"), ValueError, "there is no source 'ons'"),
    "an adapter that is no text": (lambda _: pa.read("x.csv", source=3), TypeError, "source is no text"),
    "no set to recode to": (lambda g: pa.recode(g["read"]), ValueError, "to is missing"),
    "a table to study": (lambda g: pa.study(g["read"]), TypeError, "joined must be a Joined"),
    "no such neighbours": (
        lambda g: pa.study(g["joined"], weights="bishop"),
        ValueError,
        "no weights are called 'bishop'",
    ),
    "a number for neighbours": (lambda g: pa.study(g["joined"], weights=6), TypeError, "named in text"),
    "no such correction": (
        lambda g: pa.study(g["joined"], correction="holm"),
        ValueError,
        "there is no correction 'holm'",
    ),
    "no such statistic": (lambda g: pa.study(g["joined"], extra="local-gery"), ValueError, "not every statistic"),
    "no level": (lambda g: pa.study(g["joined"], alpha=2), ValueError, "a test cannot be made so"),
    "a list beside": (lambda g: pa.study(g["joined"], beside=[1]), TypeError, "beside must be a DataFrame"),
    "a claim that is no text": (lambda g: pa.claim(3, g["joined"]), TypeError, "words is no path"),
    "claims of no outcome": (lambda _: pa.claim("rural areas have lower pay", []), ValueError, "0 joins"),
    "neighbours of a frame": (lambda g: pa.weights(g["table"]), TypeError, "areas must be a BoundarySet"),
    "neighbours by no policy": (lambda g: pa.weights(g["wales"], "bishop"), ValueError, "no weights are called"),
    "crossings that are no text": (
        lambda g: pa.weights(g["wales"], sea_links_on=[1]),
        TypeError,
        "no text, nor several",
    ),
    "a table to draw": (lambda g: pa.draw(g["table"]), TypeError, "only an outcome on areas"),
    "no such kind": (lambda g: pa.draw(g["joined"], "choropleht"), ValueError, "did you mean 'choropleth'?"),
    "no such size": (lambda g: pa.draw(g["joined"], size="a3"), ValueError, "there is no size 'a3'"),
    "no such format": (lambda g: pa.draw(g["joined"], file="x.gif"), ValueError, "there is no format 'gif'"),
    "what a join lacks": (lambda g: pa.draw(g["joined"], "clusters"), ValueError, "it needs a study of the outcome"),
    "another set of areas": (
        lambda g: pa.draw(g["joined"], "change", since=g["scotland"]),
        ValueError,
        "since is on other areas",
    ),
    "a chart to explore": (lambda g: pa.explore(g["study"], "scatter"), ValueError, "cannot lie on a map"),
    "values of areas": (lambda g: pa.explore(g["wales"], "choropleth"), ValueError, "areas alone have no values"),
    "a table to explore": (lambda g: pa.explore(g["table"]), TypeError, "only an outcome on areas"),
    "an atlas that is no path": (lambda _: pa.build(3), TypeError, "atlas is no path"),
    "a pack of nowhere": (lambda _: pa.pack([]), ValueError, "no place is named"),
    "a history of a number": (lambda _: pa.history(7), TypeError, "place must be a str"),
    "a history of nobody": (lambda _: pa.history("Atlantis"), ValueError, "not in the register"),
    "nothing to fetch": (lambda _: pa.fetch(""), ValueError, "names nothing to fetch"),
    "a lookup without a date": (lambda _: pa.lookup("RGN"), ValueError, "date is missing"),
}


@pytest.mark.parametrize("what", list(WRONG))
def test_a_wrong_argument_is_one_of_our_errors_and_one_of_pythons(what, wales, table, joined, study) -> None:
    call, kind, words = WRONG[what]
    scotland = pa.areas("LAD", "2023-04-01", nations="S")
    given = {
        "wales": wales,
        "table": table,
        "joined": joined,
        "study": study,
        "read": pa.read(table, code="lad", value="pay", measure="median"),
        "scotland": pa.join(
            pd.DataFrame({"code": scotland.frame["code"], "pay": 1.0 + scotland.frame.index}), scotland, measure="mean"
        ),
    }
    with pytest.raises(kind) as caught:
        call(given)
    assert isinstance(caught.value, PlaceatlasError)
    assert words in str(caught.value)


def test_a_frame_is_read_as_a_file_of_the_same_columns(table, tmp_path) -> None:
    table.to_csv(tmp_path / "pay.csv", index=False)
    how = {"code": "lad", "value": "pay", "measure": "median", "unit": "£"}
    file, frame = pa.read(tmp_path / "pay.csv", **how), pa.read(table, **how, credit="A survey")
    pd.testing.assert_frame_equal(file.frame, frame.frame)
    assert frame.meta.source.title == "A survey"
    assert len(frame.meta.source.sha256) == 64
    assert pa.read(table, **how).meta.source.title == "A table in memory"
    assert pa.read(str(tmp_path / "pay.csv"), **how).frame.equals(file.frame)


def test_a_frame_with_codes_as_its_index_and_shapes(wales, table) -> None:
    plain = table.set_index("lad")
    shaped = gpd.GeoDataFrame(plain, geometry=wales.to_geo().geometry)
    for frame in (plain, shaped):
        found = pa.join(frame, wales, code="lad", value="pay", measure="median")
        assert found.frame["value"].tolist() == table["pay"].tolist()
    assert list(shaped.columns) == ["pay", "notes", "before", "geometry"]


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (pd.DataFrame({"code": []}), "it has no rows"),
        (pd.DataFrame(index=["E06000001"]), "it has no columns but shapes"),
        (pd.DataFrame([["E06000001", 1, 2]], columns=["code", "a", "a"]), "columns with one name: a"),
    ],
)
def test_frames_that_are_no_tables(frame, fault) -> None:
    with pytest.raises(PlaceatlasError) as caught:
        pa.read(frame)
    assert fault in str(caught.value)


def test_dates_are_text_or_dates(wales) -> None:
    for date in (dt.date(2023, 4, 1), dt.datetime(2023, 4, 1, 12), "2023-04-01"):  # noqa: DTZ001
        assert pa.areas("LAD", date, nations=["W"]).date == wales.date


def test_areas_of_ones_own_and_of_a_place() -> None:
    assert len(pa.areas(members="smc-203")) == 203
    assert len(pa.areas("LAD", "2023-04-01", within="North East")) == 12


def test_check_recode_history_lookup(table, tmp_path) -> None:
    found = pa.check(table, code="lad", value="pay")
    assert found.sound
    assert "22 rows" in repr(found)
    assert found._repr_html_().startswith("<pre>the table: 22 rows")
    table.to_csv(tmp_path / "pay.csv", index=False)
    assert pa.check(tmp_path / "pay.csv", value="pay", within="Wales").sound
    assert not pa.check(tmp_path / "pay.csv").sound  # which column is the value is not clear
    old = pd.DataFrame({"code": ["E07000026", "E07000028", "E07000029"], "births": [10, 20, 30]})
    new = pa.recode(old, "2023-04-01", code="code", value="births", measure="count")
    assert new.table.frame[["code", "value"]].to_numpy().tolist() == [["E06000063", 60.0]]
    allerdale = pa.history("Allerdale")
    assert allerdale.code == "E07000026"
    assert "Cumberland" in repr(allerdale)
    assert "Cumberland" in allerdale._repr_html_()
    assert pa.lookup("rgn", "2023-04-01").as_function()["E06000001"] == "E12000001"


def test_join_finds_areas_by_the_codes(table) -> None:
    found = pa.join(table, code="lad", value="pay", measure="median")
    assert found.boundaries.geography == "LAD"


def test_study_takes_what_stands_beside(joined, table) -> None:
    other = table.set_index("lad")[["before"]]
    asked = {"name": "local-moran-bivariate", "with": ["before"]}
    found = pa.study(
        joined, permutations=99, correction="none", robust=False, extra=[asked], beside=other, against="knn6", types=()
    )
    assert found.extra[0].frame["local_moran_bivariate_p"].notna().sum() == 22
    assert found.config.against == ("knn6",)
    assert found.to_geo().crs.to_epsg() == 27700
    assert "Moran" in found._repr_html_()


def test_claim(joined) -> None:
    found = pa.claim("rural areas have lower pay", joined, seed=3)
    assert set(found.table()["type"]) == {"rural"}
    assert repr(found).startswith("Claim: ")
    assert found._repr_html_().startswith("<pre>Claim: ")


def test_weights_of_areas_links_and_graphs(wales) -> None:
    ours = pa.weights(wales, "knn6", isolates="any")
    assert len(ours) == 22
    assert pa.weights(ours.to_graph()).to_frame().equals(ours.to_frame())
    assert pa.weights(ours.to_graph(), "mine").policy == "mine"
    assert pa.weights(ours.to_frame()).audit.links == ours.audit.links


class TestFetching:
    def test_what_is_asked_of_whom(self, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr("boundaries.official.fetch_layer", lambda *a, **k: asked.append(("layer", a, k)))
        monkeypatch.setattr("boundaries.official.fetch_lookup", lambda *a, **k: asked.append(("lookup", a, k)))
        monkeypatch.setattr(
            "boundaries.sources.registry.fetch_outcome", lambda *a, **k: asked.append(("outcome", a, k))
        )
        pa.fetch("lad@2023-12-31", resolution="BUC")
        pa.fetch("LAD:UTLA", from_file="x.csv")
        pa.fetch("els:gcses", base_url="http://localhost")
        assert [(kind, args) for kind, args, _ in asked] == [
            ("layer", ("LAD", dt.date(2023, 12, 31))),
            ("lookup", ("LAD", "UTLA", None)),
            ("outcome", ("els", "gcses")),
        ]
        assert asked[2][2]["link"].base_url == "http://localhost"
