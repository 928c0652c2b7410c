"""Outcomes that a configuration has fetched: one of each publisher, from the cache or by request, and the verbs that do it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from boundaries.sources.fetching import Link
from boundaries.sources.proportions import read_stated
from boundaries.sources.reading import read_cells
from boundaries.transport import Policy
from geo.cli import run
from geo.errors import ConfigError, TableError
from geo.provenance import sha256_of
from maps.atlas.config import load_config
from maps.atlas.inputs import read_outcomes
from maps.atlas.run import joined_of
from tests.boundaries.sources import publishers as made
from tests.boundaries.sources.local_publisher import publisher

if TYPE_CHECKING:
    from pathlib import Path

QUICK = Policy(retries=0, timeout_s=5.0)
CONFIG = f"""
title = "Fetched"
slug = "fetched"
[[outcome]]
id = "bathing"
fetch = "els:bathing-waters"
[[outcome]]
id = "pay"
fetch = "nomis:NM_99_1?geography=TYPE424&date=latest"
[[outcome]]
id = "smoking"
fetch = "fingertips:92443"
[[outcome]]
id = "attainment"
fetch = "dfe:{made.RELEASE}"
measure = "mean"
[[outcome]]
id = "deprivation"
fetch = "file:https://assets.example.org/media/1/File_10.csv"
columns = {{ value = "Score" }}
measure = "mean"
credit = "Indices of Deprivation"
"""
IMD = b"code,Score,Rank\nE06000001,35.0,25\nE06000002,40.5,5\n"
FIRST = {"bathing": 60.0, "pay": 100.0, "smoking": 8.0, "attainment": 40.0, "deprivation": 35.0}


def everything(path, params):
    """Answer for all of them at once: a mirror."""
    files = {
        f"/api/releases/{made.RELEASE}/files": made.archive("ks4.csv"),
        "/media/1/File_10.csv": IMD,
        "/files/promising.csv": made.SMC_FILE.encode(),
    }
    answers = (made.els(), made.nomis(), made.fingertips(), lambda path, _params: files.get(path))
    return next((body for answer in answers if (body := answer(path, params)) is not None), None)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def typed(capsys):
    def type_(*words):
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return type_


def config_of(folder: Path, text: str):
    path = folder / "fetched.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_one_of_each_publisher_is_fetched_and_then_read_from_the_cache_alone(tmp_path):
    config = config_of(tmp_path, CONFIG)
    with pytest.raises(ConfigError) as caught:
        read_outcomes(config, [tmp_path])
    assert sum("is not in the cache" in fault for fault in caught.value.faults) == len(FIRST)
    assert {remedy.words("flags") for remedy in caught.value.remedies} == {"--fetch to fetch what is not held"}
    with publisher(everything) as (base, asked):
        read = read_outcomes(config, [tmp_path], link=Link(base_url=base, policy=QUICK))
        asked.clear()
        again = read_outcomes(config, [tmp_path])
        assert not asked
    assert read.files == again.files
    for name, figure in FIRST.items():
        table = again.tables[name]
        assert table.frame.loc[table.frame["code"] == "E06000001", "value"].tolist() == [figure]
        assert table.meta.source.retrieved == "2026-03-02"
    assert again.tables["deprivation"].meta.source.title == "Indices of Deprivation"


SMC = """
[[outcome]]
id = "promising"
fetch = "smc:https://social-mobility.data.gov.uk/files/promising.csv"
members = "smc-203"
"""


def test_one_atlas_is_joined_from_an_outcome_of_every_source(tmp_path):
    config = config_of(tmp_path, CONFIG.replace("[[outcome]]", "[boundaries]\ndate = 2024-05-01\n[[outcome]]", 1) + SMC)
    with publisher(everything) as (base, _):
        held, read = joined_of(config, [tmp_path], link=Link(base_url=base, policy=QUICK))
    assert held.keys() == {*FIRST, "promising"} == read.files.keys()
    for name, figure in FIRST.items():
        assert held[name].boundaries.geography == "LAD"
        assert held[name].frame.loc["E06000001", "value"] == figure
        assert held[name].frame["value"].notna().sum() == (2 if name == "deprivation" else 5)
    assert held["promising"].boundaries.geography == "smc203"
    assert held["promising"].frame["value"].dropna().to_dict() == {"smc203:1": -0.5, "smc203:2": 0.75}
    assert {one.meta.source.licence for one in held.values()} == {"", "Open Government Licence v3.0"}


def test_what_is_asked_for_by_its_id_alone_is_fetched_where_no_folder_has_it(tmp_path):
    config = config_of(tmp_path, 'title = "T"\nslug = "t"\noutcomes = ["els:bathing-waters"]\n')
    with pytest.raises(ConfigError) as caught:
        read_outcomes(config, [tmp_path])
    assert [remedy.option for remedy in caught.value.remedies] == ["data", "fetch"]
    with publisher(everything) as (base, _):
        read = read_outcomes(config, [tmp_path], link=Link(base_url=base, policy=QUICK))
    assert read.tables["bathing-waters"].meta.title == "Bathing waters"
    assert read_outcomes(config, [tmp_path]).files == read.files


def test_a_hash_that_is_stated_holds(tmp_path):
    text = CONFIG[: CONFIG.index('[[outcome]]\nid = "pay"')]
    with publisher(everything) as (base, _):
        link = Link(base_url=base, policy=QUICK)
        found = sha256_of(read_outcomes(config_of(tmp_path, text), [], link=link).files["bathing"])
        kept = read_outcomes(config_of(tmp_path, f'{text}sha256 = "{found.upper()}"\n'), [], link=link)
        assert kept.files.keys() == {"bathing"}
        with pytest.raises(ConfigError, match="is not the file that was expected"):
            read_outcomes(config_of(tmp_path, f'{text}sha256 = "{"0" * 64}"\n'), [], link=link)


def test_what_is_optional_is_left_out_where_it_is_not_held(tmp_path):
    (tmp_path / "own.csv").write_bytes(IMD)
    text = f"{CONFIG[: CONFIG.index('[[outcome]]' + chr(10) + 'id = ' + chr(34) + 'pay')]}optional = true\n"
    own = '[[outcome]]\nid = "own"\nfile = "own.csv"\nmeasure = "mean"\ncolumns = { value = "Score" }\n'
    read = read_outcomes(config_of(tmp_path, text + own), [tmp_path])
    assert read.absent == ("'bathing' is left out: there is no file els:bathing-waters",)
    assert read.tables.keys() == {"own"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('fetch = "bathing-waters"', "names no outcome"),
        ('fetch = "els:x"\nfile = "x.csv"', "leave out file or fetch"),
        ('fetch = "els:x"\nderive = "ratio(a, b)"', "leave out fetch"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, line, said):
    with pytest.raises(ConfigError, match=said):
        read_outcomes(config_of(tmp_path, f'title = "T"\nslug = "t"\n[[outcome]]\nid = "x"\n{line}\n'), [tmp_path])


def test_the_verb_tells_dates_and_what_has_a_newer_release(typed, cache):
    releases = [made.els(60.0), made.els(61.0)]

    def newest(path, params):
        return releases[0](path, params)

    with publisher(newest) as (base, _):
        assert typed("fetch", "--check")[:2] == (0, "no outcome is held in the cache\n")
        code, out, _ = typed("fetch", "els:bathing-waters", "--base-url", base)
        assert code == 0
        assert out.splitlines()[:4] == [
            "els:bathing-waters",
            "  released: 2026-01-15",
            "  retrieved: 2026-03-02",
            "  licence: Open Government Licence v3.0",
        ]
        assert typed("fetch", "--check", "--base-url", base)[:2] == (
            0,
            "els:bathing-waters: as held (released 2026-01-15, retrieved 2026-03-02)\n",
        )
        releases.pop(0)
        code, out, _ = typed("fetch", "--check", "els:bathing-waters", "--base-url", base, "--json")
        assert (code, json.loads(out)[0]["newer"]) == (3, True)
        code, out, _ = typed("fetch", "els:bathing-waters", "--again", "--base-url", base, "--json")
        assert (code, json.loads(out)["released"]) == (0, "2026-01-15")
        assert typed("fetch", "--check", "--base-url", base)[0] == 0
    assert b"61.0" in (cache / "outcomes/els/bathing-waters/bathing-waters.csv").read_bytes()


def test_a_build_fetches_what_it_names(typed, tmp_path, monkeypatch):
    text = (
        'title = "T"\nslug = "t"\n[boundaries]\ndate = 2024-05-01\nnations = ["E"]\nwithin = "Tees Valley"\n'
        '[[outcome]]\nid = "bathing"\nfetch = "els:bathing-waters"\nbreaks = [62]\n'
        '[outputs]\nkinds = ["choropleth"]\nformats = ["png"]\npacks = []\n[statistics]\nrobustness = false\n'
    )
    path = tmp_path / "t.toml"
    path.write_text(text, encoding="utf-8")
    code, _, err = typed("build", path, "--out", tmp_path / "out")
    assert (code, "use --fetch to fetch what is not held" in err) == (1, True)
    with publisher(everything) as (base, _):
        monkeypatch.setattr("boundaries.sources.els.BASE_URL", base)
        code, _, err = typed("build", path, "--fetch", "--out", tmp_path / "out")
    assert (code, err) == (0, ""), err
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (source,) = [one for one in manifest["sources"].values() if "Bathing" in one["title"]]
    assert (source["released"], source["retrieved"]) == ("2026-01-15", "2026-03-02")
    # what the tables say of themselves is read back, of a column of many and of a group of rows
    data = tmp_path / "out" / "data"
    tables = {item.name for item in data.glob("*.csv")}
    assert {f"{name}-metadata.json" for name in tables} == {item.name for item in data.glob("*-metadata.json")}
    for path in data.glob("*.csv"):
        written = pd.read_csv(path, dtype="str", keep_default_na=False)
        if written.empty:  # no cluster was found
            with pytest.raises(TableError, match="has a header but no rows"):
                read_cells(path)
            continue
        assert read_cells(path).frame.to_numpy().tolist() == written.to_numpy().tolist(), path.name
    for name in ("areas.gpkg", "areas.parquet", "areas.geojson"):
        assert read_cells(data / name).frame["code"].tolist() == read_cells(data / "areas.csv").frame["code"].tolist()
    columns = {"value": "bathing__2025__value"}
    whole = read_stated("table", data / "areas.csv", columns=columns, breakdowns=[])
    rows = read_stated(
        "table", data / "levels.csv", columns={"value": "value"}, where={"outcome": "bathing"}, breakdowns=[]
    )
    assert set(whole.frame["period"]) == {""}, "the date of the areas is no period"
    for told in (whole.meta, rows.meta):
        assert (told.title, told.unit, told.measure, told.breaks) == ("Bathing waters", "%", "rate", (62.0,))
        assert told.source.licence == "Open Government Licence v3.0"
        assert told.source.title == source["title"]
        assert told.source.attribution == tuple(source["attribution"])
