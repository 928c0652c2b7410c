"""The verbs boundaries, check, recode and fetch as a user types them."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from boundaries import commands
from boundaries.areas.custom_areas import membership_of
from boundaries.bundled.layers import load_income
from boundaries.register import codes_alive, load_register
from boundaries.sources.held import held_as
from geo.cli import run
from tests.boundaries.portal_faults import DAY, lad_layer
from tests.boundaries.portal_server import PortalServer

BUCKS = ("E07000004", "E07000005", "E07000006", "E07000007")


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))


@contextlib.contextmanager
def serving(files):
    """Serve files from memory on the loopback address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = files.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def typed(capsys):
    """Return a function that runs a command line and gives exit code, output and errors."""

    def run_it(*arguments):
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it


def write(path, rows, header="code,year,value"):
    path.write_text(header + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_list_names_epochs_scenarios_and_the_cache(typed):
    code, out, _ = typed("boundaries", "list")
    assert code == 0
    assert "2015-04-01 to 2018-02-01  391 areas  The Local Government (Boundaries) Order (Northern Ireland) 2012" in out
    assert "surrey-2027" in out
    assert "none (placeatlas fetch LAD@2023-12-31 gets one)" in out
    _, out, _ = typed("boundaries", "list", "--json")
    lad = next(entry for entry in json.loads(out)["geographies"] if entry["geography"] == "LAD")
    assert [epoch["areas"] for epoch in lad["epochs"]][-1] == 361


@pytest.mark.parametrize(
    ("date", "count"),
    [
        ("2012-01-01", 406),
        ("2016-07-01", 391),
        ("2019-07-01", 382),
        ("2020-07-01", 379),
        ("2021-07-01", 374),
        ("2023-07-01", 361),
        ("2025-07-01", 361),
    ],
)
def test_show_counts_areas(typed, date, count):
    code, out, _ = typed("boundaries", "show", f"lad@{date}")
    assert code == 0
    assert out.startswith(f"LAD@{date}: {count} local authority districts\n  the same codes from ")


def test_show_names_moved_land_nations_and_sources(typed):
    _, out, _ = typed("boundaries", "show", "LAD@2025-07-01")
    assert "England 296, Wales 22, Scotland 32, Northern Ireland 11" in out
    assert "Barnsley, Sheffield: The Barnsley and Sheffield (Boundary Change) Order 2024" in out
    assert "geoBoundaries" in out
    _, out, _ = typed("boundaries", "show", "LAD@2027-04-01", "--scenario", "surrey-2027", "--json")
    assert json.loads(out)["areas"] == 352


def test_faults_of_usage_are_one_line_with_help(typed):
    code, _, err = typed("boundaries", "show", "LAD")
    assert (code, err.splitlines()[0]) == (1, "placeatlas: error: 'LAD' names no date")
    code, _, err = typed("boundaries", "show", "LAD@2021")
    assert "date = '2021' is no date" in err
    code, _, err = typed("boundaries", "show", "LAD@1999-01-01")
    assert code == 1
    assert "known from 2009-04-01 to 2026-05-31" in err
    assert "Traceback" not in err


@pytest.mark.filterwarnings("default::geo.renaming.RenamedWarning")
def test_shapes_are_asked_for_by_layer_and_for_one_release_by_source_too(typed):
    code, out, err = typed("boundaries", "show", "CTRY@2023-12-31", "--source", "bundled", "--json")
    assert "--source is now called --layer" in err
    assert (code, out) == typed("boundaries", "show", "CTRY@2023-12-31", "--layer", "bundled", "--json")[:2]


def test_export_writes_every_kind(typed, tmp_path):
    for suffix in ("gpkg", "geojson", "parquet", "csv"):
        path = tmp_path / f"regions.{suffix}"
        assert typed("boundaries", "export", "RGN@2024-01-01", "-o", path)[0] == 0
        assert path.stat().st_size > 0
    assert gpd.read_file(tmp_path / "regions.gpkg").crs.to_epsg() == 27700
    west, _, east, _ = gpd.read_file(tmp_path / "regions.geojson").total_bounds
    assert -10 < west < east < 3
    assert len(pd.read_csv(tmp_path / "regions.csv")) == 9
    code, _, err = typed("boundaries", "export", "RGN@2024-01-01", "-o", tmp_path / "regions.xyz")
    assert code == 1
    assert "not written as .xyz" in err


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("E06000058", "Made on 2019-04-01 of Bournemouth E06000028, Poole E06000029 and Christchurch E07000048 (The Bournemouth, Dorset and Poole (Structural Changes) Order 2018)."),
        ("S12000047", "values are not moved"),
        ("E07000112", "On 2018-04-01 Shepway was renamed Folkestone and Hythe; the code stayed."),
        ("95Y", "Shared out on 2015-04-01: 36.0% to Belfast N09000003 and 64.0% to Lisburn and Castlereagh N09000007"),
        ("E07000207", "Planned: on 2027-04-01 it becomes part of East Surrey"),
        ("E47000014", "Made on 2024-05-02 of North East E47000010 and North of Tyne E47000011"),
        ("E07000025", "On 2009-04-01 it became Isles of Scilly E06000053, the same land"),
        ("Hull", "Kingston upon Hull, City of has had this code since on or before 2009-01-01."),
        ("E47000018", "Created on 2025-02-05 (The Lancashire Combined County Authority Regulations 2025)."),
    ],
)  # fmt: skip
def test_history_in_words(typed, what, sentence):
    code, out, _ = typed("boundaries", "history", what)
    assert code == 0
    assert sentence in out


def test_history_of_what_is_no_code(typed):
    code, _, err = typed("boundaries", "history", "E01000001")
    assert code == 1
    assert "it has the form of: lower layer super output area" in err
    _, _, err = typed("boundaries", "history", "Allerdal")
    assert "did you mean" in err or "give a nine-character code" in err
    _, out, _ = typed("boundaries", "history", "E06000066", "--json")
    assert {entry["code"] for entry in json.loads(out)["before"]} >= {"E07000187", "E07000246"}


def test_check_exits_with_three_on_faults_and_zero_without(typed, tmp_path):
    codes = sorted(codes_alive(load_register(), "LAD", dt.date(2021, 7, 1)))
    good = write(tmp_path / "good.csv", [f"{code},2021,1" for code in codes])
    code, out, _ = typed("check", good)
    assert code == 0
    assert "nothing would be lost or doubled by a join" in out
    bad = write(tmp_path / "bad.csv", [f"{code},2021,1" for code in (*codes, *BUCKS)])
    code, out, _ = typed("check", bad)
    assert code == 3
    assert "Aylesbury Vale + Chiltern + South Bucks + Wycombe beside E06000060 Buckinghamshire" in out
    code, out, _ = typed("check", bad, "--json")
    assert code == 3
    assert json.loads(out)["faults"] == 1
    code, _, err = typed("check", tmp_path / "none.csv")
    assert code == 1
    assert "there is no file" in err


SMC = (
    "ind_code,ind_name,area_type,area_code,area_name,time_period,category_type,category,category_type2,category2,value"
)


def test_check_reads_a_publishers_file_with_its_adapter(typed, tmp_path):
    areas = membership_of("smc-203")[["code", "name"]].drop_duplicates()
    rows = [
        f"CI_promising_prospects,Promising prospects,Local Authority,{code.partition(':')[2]},x,2014-2022,Group,Middle Group,Z-score,0.5,NA"
        for code in areas["code"]
    ]
    file = write(tmp_path / "prospects.csv", rows, header=SMC)
    code, out, _ = typed("check", file, "--source", "smc")
    assert code == 0
    assert "203 of 203 areas have a figure" in out
    twice = write(tmp_path / "twice.csv", [*rows, rows[0].replace("0.5", "0.7")], header=SMC)
    code, out, _ = typed("check", twice, "--source", "smc")
    assert code == 3
    assert f"join: codes that stand more than once in one period: {areas['code'].iloc[0]} [2014-2022]" in out
    assert "203 areas" not in out
    limited = typed("check", file, "--source", "smc", "--within", "North East")
    assert limited[0] == 0
    assert "12 of 12 areas have a figure" in limited[1]
    code, out, _ = typed("check", file, "--source", "smc", "--within", "Atlantis")
    assert (code, "'Atlantis' is no place" in out) == (3, True)
    code, out, _ = typed("check", file, "--source", "smc", "--members", "smc-205")
    assert (code, "faults: 1" in out) == (3, True)


def test_an_adapter_of_districts_is_checked_by_their_dates(typed, tmp_path):
    frame = load_income()[["code", "name"]]
    file = write(tmp_path / "pay.csv", [f"{code},1" for code in frame["code"]], header="code,value")
    plain = typed("check", file, "--json")
    assert json.loads(plain[1])["geography"] == "LAD"
    assert "there is no adapter 'smcc'" in typed("check", file, "--source", "smcc")[2]


def test_check_takes_the_options_of_the_join_and_words_advice_as_flags(typed, tmp_path):
    rows = ["E06000001,Hartlepool,5,6", "n/a,Other,7,8"]
    file = write(tmp_path / "two.csv", rows, header="code,name,pay,other")
    code, out, _ = typed("check", file)
    assert code == 3
    assert "--value" in out
    code, out, _ = typed("check", file, "--value", "pay", "--measure", "rate")
    assert code == 3
    assert "1 row has 'n/a' for a code: Other" in out
    assert "--allow unmatched to leave the rows of unknown codes and names out" in out
    words = [
        "--column",
        "value=pay",
        "--allow",
        "unmatched",
        "--nations",
        "E",
        "--within",
        "North East",
        "--date",
        "2024-07-01",
    ]
    code, out, _ = typed("check", file, *words, "--unit", "%", "--json")
    assert code == 0
    assert json.loads(out)["tried"][0] == "joined to the 12 local authority districts of 2024-07-01"
    lone = write(tmp_path / "lone.csv", ["E06000001,2010-12,5", "E06000002,2010-12,6"], header="code,period,rate")
    code, out, _ = typed("check", lone)
    assert (code, "--period-form months" in out and "--period-form years" in out) == (3, True)
    assert typed("check", lone, "--period-form", "years")[0] == 0
    group = write(tmp_path / "sex.csv", ["E06000001,a,5", "E06000001,b,6"], header="code,sex,rate")
    assert typed("check", group)[0] == 3
    assert typed("check", group, "--where", "sex=a")[0] == 0


def test_find_tells_places_and_says_when_there_are_none(typed):
    code, out, _ = typed("boundaries", "find", "Shepway")
    assert (code, out) == (0, "E07000112  Folkestone and Hythe, non-metropolitan district; former name Shepway\n")
    code, out, _ = typed("boundaries", "find", "Dorset", "--json", "--limit", "1")
    assert [place["code"] for place in json.loads(out)["found"]] == ["E06000059"]
    code, _, err = typed("boundaries", "find", "Atlantis")
    assert code == 1
    assert "no place has a name like 'Atlantis'" in err


def test_recode_never_writes_over_what_it_reads(typed, tmp_path):
    table = write(tmp_path / "births.csv", [f"{code},2019,{i}" for i, code in enumerate(BUCKS, start=1)])
    before = table.read_bytes()
    (tmp_path / "same.csv").symlink_to(table)
    for words in (("-o", table), ("-o", tmp_path / "same.csv"), ("--receipt", table)):
        code, _, err = typed("recode", table, "--to", "2021-04-01", "--measure", "count", *words)
        assert code == 1
        assert "is a file that is read: it is not overwritten" in err
    assert table.read_bytes() == before


def test_recode_never_writes_table_and_receipt_to_one_file(typed, tmp_path):
    table = write(tmp_path / "births.csv", [f"{code},2019,{i}" for i, code in enumerate(BUCKS, start=1)])
    both = ("-o", tmp_path / "new.csv", "--receipt", tmp_path / "sub" / ".." / "new.csv")
    code, _, err = typed("recode", table, "--to", "2021-04-01", "--measure", "count", *both)
    assert (code, "would be table and receipt in one" in err) == (1, True)
    assert not (tmp_path / "new.csv").exists()


def test_recode_says_once_what_holds_of_all_columns(typed, tmp_path):
    rows = [f"{code},2019,{i},{i},{i}" for i, code in enumerate(BUCKS, start=1)]
    table = write(tmp_path / "ages.csv", rows, header="code,year,young,old,older")
    code, out, _ = typed("recode", table, "--to", "2021-04-01", "--measure", "count", "-o", tmp_path / "out.csv")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == len(set(lines)) == 2
    assert lines[0].startswith("all 3 columns: Converted to local authority districts of 2021-04-01")


def test_recode_a_count(typed, tmp_path):
    table = write(tmp_path / "births.csv", [f"{code},2019,{i}" for i, code in enumerate(BUCKS, start=1)])
    out_path, receipt = tmp_path / "out.csv", tmp_path / "receipt.json"
    code, out, _ = typed(
        "recode", table, "--to", "2021-04-01", "--measure", "count", "-o", out_path, "--receipt", receipt
    )
    assert code == 0
    made = pd.read_csv(out_path)
    assert made[["code", "name", "value", "value_quality"]].to_numpy().tolist() == [
        ["E06000060", "Buckinghamshire", 10, "exact"]
    ]
    assert "4 merged" in out
    assert json.loads(receipt.read_text())["columns"]["value"]["fates"] == {"merged": 4}


def test_recode_writes_no_formula_that_a_spreadsheet_would_run(typed, tmp_path):
    rows = ["E06000001,2019,=cmd(),1", "E06000001,2019,plain,2", "E06000002,2019,=cmd(),3", "E06000002,2019,plain,4"]
    table = write(tmp_path / "groups.csv", rows, header="code,year,group,value")
    code, out, _ = typed("recode", table, "--to", "2021-04-01", "--measure", "count")
    assert code == 0
    assert ",'=cmd()," in out
    assert ",=cmd()," not in out


def test_recode_a_rate_with_its_interval(typed, tmp_path):
    rows = [f"{code},2019,{10 * i},{10 * i - 2},{10 * i + 2},100" for i, code in enumerate(BUCKS, start=1)]
    table = write(tmp_path / "rates.csv", rows, header="code,year,value,lower,upper,population")
    code, out, _ = typed("recode", table, "--to", "2021-04-01", "--measure", "rate", "--value", "value")
    assert code == 0
    first = dict(zip(*(line.split(",") for line in out.splitlines()[:2]), strict=True))
    assert float(first["value"]) == 25
    assert float(first["value_lower"]) == pytest.approx(24)  # four equal half-widths of 2, halved
    assert float(first["value_denominator"]) == 400


def test_recode_a_median_is_refused_then_bounded(typed, tmp_path):
    table = write(tmp_path / "pay.csv", [f"{code},2019,{i}00" for i, code in enumerate(BUCKS, start=1)])
    code, _, err = typed("recode", table, "--to", "2021-04-01", "--measure", "median")
    assert code == 1
    assert err.splitlines()[0].endswith("(median) cannot be converted truthfully")
    assert err.splitlines()[1:] == [
        "  a median cannot be merged or split: recompute it: E06000060",
        "  use --allow bound for the range of the members",
        "  use --allow approximate for a mean of the members",
        "  use --allow missing to leave these areas without a value",
    ]
    code, out, _ = typed("recode", table, "--to", "2021-04-01", "--measure", "median", "--allow", "bound")
    assert code == 0
    assert "E06000060,Buckinghamshire,2019,,100.0,400.0,missing" in out


def test_recode_takes_all_numbers_backwards_with_weights(typed, tmp_path):
    table = write(tmp_path / "two.csv", ["E06000060,2021,100,1000"], header="code,year,births,deaths")
    weights = write(tmp_path / "w.csv", [f"{code},{i}" for i, code in enumerate(BUCKS, start=1)], header="code,weight")
    code, out, _ = typed("recode", table, "--to", "2019-07-01", "--measure", "count", "--weights", weights)
    assert code == 0
    made = out.splitlines()
    assert made[0] == "code,name,period,births,births_quality,deaths,deaths_quality"
    assert made[1] == "E07000004,Aylesbury Vale,2021,10.0,modelled,100.0,modelled"
    code, _, err = typed("recode", table, "--to", "2019-07-01", "--measure", "count", "--weights", "none.csv")
    assert code == 1
    assert "there are no weights none.csv" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "2021-04-01", "--measure", "sum"), "'sum' is not a kind of measure"),
        (("--to", "April", "--measure", "count"), "date = 'April' is no date"),
    ],
)
def test_recode_with_wrong_words(typed, tmp_path, arguments, message):
    table = write(tmp_path / "t.csv", ["E06000001,2021,1"])
    code, _, err = typed("recode", table, *arguments)
    assert code == 1
    assert message in err
    assert "there is no file" in typed("recode", tmp_path / "no.csv", "--to", "2021-04-01", "--measure", "count")[2]


def test_fetch_from_a_file_carried_in(typed, tmp_path):
    path = tmp_path / "carried.gpkg"
    typed("boundaries", "export", "LAD@2023-12-31", "-o", path)
    layer = gpd.read_file(path)[["code", "name", "geometry"]]
    layer = layer.rename(columns={"code": "LAD23CD", "name": "LAD23NM"})
    layer.to_file(path)
    code, out, err = typed("fetch", "LAD@2023-12-31", "--resolution", "BUC", "--from-file", path, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["geography"] == "LAD"
    code, out, _ = typed("boundaries", "show", "LAD@2023-12-31", "--layer", "official", "--json")
    assert code == 0
    assert json.loads(out)["approximate"] == []


def test_fetch_tells_checks_and_notes_and_clears_what_a_killed_run_left(typed, tmp_path, monkeypatch):
    left = tmp_path / "cache" / "layers" / ".x.gpkg.999999999-1.part"
    left.parent.mkdir(parents=True)
    left.write_text("half", encoding="utf-8")
    with PortalServer([lad_layer()], server_error=1) as server:
        code, out, err = typed("fetch", f"LAD@{DAY.isoformat()}", "--base-url", server.base_url)
        assert (code, err) == (0, f"cleared what a run that was ended left half-written: {left}\n")
        assert not left.exists()
        first, *lines, path = out.splitlines()
        assert first.endswith(f"(LAD@{DAY.isoformat()} BGC, 361 areas, UK)")
        assert "  checked: codes equal to the register's of 2024-05-31" in lines
        assert Path(path).is_file()
        # On a terminal the rows held are told in one line; what is held already is not fetched again.
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        assert typed("fetch", f"LAD@{DAY.isoformat()}", "--base-url", server.base_url)[2] == ""
        shutil.rmtree(tmp_path / "cache")
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        code, out, err = typed("fetch", f"LAD@{DAY.isoformat()}", "--base-url", server.base_url, "--json")
        assert (code, err) == (0, "")
        assert json.loads(out)["cleared"] == []
        assert json.loads(out)["checks"][0] == "361 areas"


def test_fetch_shows_its_progress_on_a_terminal(typed, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with PortalServer([lad_layer()]) as server:
        _, _, err = typed("fetch", f"LAD@{DAY.isoformat()}", "--base-url", server.base_url)
    assert err.startswith("\r100 of 361 rows\r200 of 361 rows")
    assert err.endswith("\r361 of 361 rows\n")


EXAMPLES = [
    line.strip().removeprefix("Example: ")
    for verb in (*(command.callback for command in commands.app.registered_commands), commands.check, commands.recode)
    for line in verb.__doc__.splitlines()
    if line.strip().startswith("Example: ")
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_of_the_help_work_as_printed(typed, tmp_path, monkeypatch, example):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "downloads").mkdir()
    alive = sorted(codes_alive(load_register(), "LAD", dt.date(2023, 4, 1)))
    write(tmp_path / "downloads" / "gcses.csv", [f"{code},2024,50.5" for code in alive])
    write(tmp_path / "births.csv", [f"{code},2019,10" for code in BUCKS])
    program, *words = shlex.split(example)
    assert program == "placeatlas"
    code, out, err = typed(*words)
    assert (code, err) == (0, "")
    assert out
    if "-o" in words:
        assert (tmp_path / words[words.index("-o") + 1]).is_file()


def test_every_verb_has_an_example():
    assert len(EXAMPLES) == 8
    assert "Example: placeatlas fetch LAD@2023-12-31" in commands.fetch.__doc__


def test_the_module_of_commands_stays_light():
    code = (
        "import sys, boundaries.commands; print(sorted({'numpy', 'pandas', 'geopandas', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_lookup_says_who_lies_in_whom(typed, tmp_path):
    code, out, _ = typed("boundaries", "lookup", "rgn@2023-04-01")
    assert code == 0
    lines = out.splitlines()
    assert lines[:2] == [
        "child,child_name,parent,parent_name,weight,weight_basis",
        "E06000001,Hartlepool,E12000001,North East,1.0,whole area",
    ]
    assert len(lines) == 1 + 296  # districts of England
    code, out, _ = typed("boundaries", "lookup", "ITL2@2021-07-01", "-o", tmp_path / "itl2.csv", "--json")
    content = json.loads(out)
    assert (code, content["parent"], content["date"]) == (0, "ITL2", "2021-07-01")
    assert pd.read_csv(tmp_path / "itl2.csv")["parent"].nunique() == 41
    code, _, err = typed("boundaries", "lookup", "WARD@2023-04-01")
    assert (code, "no lookup LAD → WARD is held" in err) == (1, True)


def test_outcomes_are_fetched_by_adapter_and_id(typed, tmp_path, monkeypatch):
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    served = {"/pay.csv": b"code,value\nE06000001,3\n"}
    with serving(served) as base:
        code, out, _ = typed("fetch", f"file:{base}/pay.csv", f"dfe:{base}/pay.csv")
        assert code == 0
        first, second = (Path(line) for line in out.splitlines() if line.endswith("pay.csv") and "://" not in line)
        assert first.read_bytes() == second.read_bytes() == served["/pay.csv"]
        assert ["table" in first.parts, "dfe" in second.parts] == [True, True]
        held = held_as(first)
        assert (held.asked, held.source.url) == (f"file:{base}/pay.csv", f"{base}/pay.csv")
        assert held.source.sha256 == hashlib.sha256(served["/pay.csv"]).hexdigest()
        assert json.loads(typed("fetch", f"file:{base}/pay.csv", "--json")[1])["sha256"] == held.source.sha256
        code, _, err = typed("fetch", f"smc:{base}/absent.csv")
        assert (code, "cannot be fetched" in err) == (1, True)
    assert typed("fetch", "els:nothing-such")[0] == 1
    code, _, err = typed("fetch", "nomis:NM_17_5?date=latest")
    assert (code, "must name a geography" in err) == (1, True)
    code, _, err = typed("fetch", "LAD", "UTLA", "--from-file", tmp_path / "x.gpkg")
    assert (code, "is one thing" in err) == (1, True)
