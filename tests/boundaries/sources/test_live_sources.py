"""Every live source against a server that answers as its publisher does: addresses, paging, limits, faults, forms, encodings."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from boundaries.sources import nomis as nomis_adapter
from boundaries.sources.fetching import Link
from boundaries.sources.held import held_as, held_named, held_outcomes
from boundaries.sources.registry import fetch_named, read_outcome
from boundaries.sources.releases import compared
from boundaries.transport import Policy
from geo.errors import FetchError
from tests.boundaries.sources import publishers as made
from tests.boundaries.sources.local_publisher import Reply, publisher

QUICK = Policy(retries=1, first_wait_s=0.0, timeout_s=5.0)
OGL = "Open Government Licence v3.0"
FIRST = "E06000001"

NAMED = {
    "els": "els:bathing-waters",
    "nomis": "nomis:NM_99_1?geography=TYPE424&date=latest&sex=8&item=2&pay=7&measures=20100",
    "fingertips": "fingertips:92443",
    "dfe": f"dfe:{made.RELEASE}",
    "smc": "smc:https://social-mobility.data.gov.uk/files/promising.csv",
    "file": "file:https://assets.publishing.service.gov.uk/media/1/File_10.csv",
}
"""One outcome of each source, as the verb names it."""
PATHS = {
    "els": "/bathing-waters/bathing-waters.csv",
    "nomis": "/NM_99_1.data.csv",
    "fingertips": "/all_data/csv/by_indicator_id",
    "dfe": f"/api/releases/{made.RELEASE}/files",
    "smc": "/files/promising.csv",
    "file": "/media/1/File_10.csv",
}
"""What is asked of its server."""
TABLE = b"Local authority code,Local authority name,IMD - Average score\nE06000001,Hartlepool,35.0\nE06000002,Middlesbrough,40.5\n"


def whole(source, change=0.0):
    """Return the answerer of a source; ``change`` is added to its figures, as of a later release."""
    answers = {
        "els": made.els(60.0 + change),
        "nomis": made.nomis(value=100.0 + change),
        "fingertips": made.fingertips(8.0 + change),
    }
    files = {
        "dfe": made.archive("ks4.csv", value=40.0 + change),
        "smc": made.SMC_FILE.replace("0.75", f"{0.75 + change}").encode(),
        "file": TABLE.replace(b"40.5", f"{40.5 + change}".encode()),
    }
    if source in answers:
        return answers[source]
    return lambda path, _params: Reply(files[source], headers=made.CHANGED) if path == PATHS[source] else None


def newest(answers):
    """Answer as the first of a list does, at the time of asking."""

    def answer(path, params):
        return answers[0](path, params)

    return answer


def link_to(base, folder, **how):
    return Link(folder / "cache", base, policy=QUICK, **how)


def read(source, path):
    reader = "table" if source == "file" else source
    how = {"columns": {"value": "IMD - Average score"}} if source == "file" else {}
    return read_outcome(reader, path, **how)


@pytest.mark.parametrize(
    ("source", "figure", "released"),
    [
        ("els", 60.0, "2026-01-15"),  # the latest of the dates of its sources
        ("nomis", 100.0, ""),
        ("fingertips", 8.0, ""),
        ("dfe", 40.0, "2026-01-15"),  # the date of the file
        ("smc", -0.5, "2026-01-15"),
        ("file", 35.0, "2026-01-15"),
    ],
)
def test_each_is_fetched_kept_and_read_with_its_dates(tmp_path, source, figure, released):
    with publisher(whole(source)) as (base, asked):
        path = fetch_named(NAMED[source], link=link_to(base, tmp_path))
    assert asked[0][0] == PATHS[source]
    held = held_as(path)
    assert (held.asked, held.path, held.released) == (NAMED[source], path.resolve(), released)
    assert held.source.retrieved == "2026-03-02", "the day of the answer, by the server's own clock"
    assert held.source.licence == ("" if source == "file" else OGL)
    table = read(source, path)
    first = "smc203:1" if source == "smc" else FIRST
    assert table.frame.loc[table.frame["code"] == first, "value"].tolist() == [figure]
    assert (table.meta.source.retrieved, table.meta.source.released) == ("2026-03-02", released)
    assert len(table.meta.source.sha256) == 64


@pytest.mark.parametrize("source", NAMED)
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Reply(status=429, headers={"Retry-After": "0"}), "429"),
        (Reply(status=503), "503"),
        (Reply(status=500), "500"),
        (Reply(b"x" * 1000, lost=900), "Protocol"),
        (Reply(b"<!DOCTYPE html><html><title>Sorry</title></html>"), "HTML page"),
        (Reply(b"\xef\xbb\xbf <html lang='en'><body>Service unavailable"), "HTML page"),
        (Reply(b'{"error": "too many requests"}', headers={"Content-Type": "application/json"}), "something else than"),
        (Reply(b""), "empty body"),
    ],
)
def test_a_fault_that_passes_is_survived_and_one_that_stays_is_told(tmp_path, source, fault, said):
    answer, failed = whole(source), []

    def once(path, params):
        if path == PATHS[source] and not failed:
            failed.append(path)
            return fault
        return answer(path, params)

    with publisher(once) as (base, _):
        path = fetch_named(NAMED[source], link=link_to(base, tmp_path / "passes"))
    assert read(source, path).frame["value"].notna().any()
    with publisher(lambda *_: fault) as (base, asked), pytest.raises(FetchError) as caught:
        fetch_named(NAMED[source], link=link_to(base, tmp_path / "stays"))
    assert said in str(caught.value)
    assert len(asked) == 2, "asked twice, by the policy of these tests"
    assert not held_outcomes(tmp_path / "stays" / "cache"), "nothing of it is kept"


@pytest.mark.parametrize("source", ["els", "nomis", "fingertips"])
def test_a_table_that_breaks_off_is_not_kept(tmp_path, source):
    answer = whole(source)

    def cut(path, params):
        body = answer(path, params)
        return body[: len(body) - 30] if path == PATHS[source] else body

    with publisher(cut) as (base, _), pytest.raises(FetchError, match="breaks off in row"):
        fetch_named(NAMED[source], link=link_to(base, tmp_path))
    assert not held_outcomes(tmp_path / "cache")


@pytest.mark.parametrize("source", NAMED)
def test_what_is_not_there_is_told_at_once(tmp_path, source):
    with publisher(lambda *_: None) as (base, asked), pytest.raises(FetchError, match="404"):
        fetch_named(NAMED[source], link=link_to(base, tmp_path))
    assert len(asked) == 1


@pytest.mark.parametrize("source", NAMED)
def test_a_later_release_is_noticed_and_the_cache_stays_as_it_is(tmp_path, source):
    releases = [whole(source), whole(source, change=1.0)]
    with publisher(newest(releases)) as (base, _):
        link = link_to(base, tmp_path)
        path = fetch_named(NAMED[source], link=link)
        assert [(one.held.asked, one.newer) for one in compared(link)] == [(NAMED[source], False)]
        content = path.read_bytes()
        releases.pop(0)
        (found,) = compared(link, [NAMED[source]])
        assert (found.newer, path.read_bytes()) == (True, content)
        assert "a newer release" in str(found)
        assert found.to_dict()["now"]["sha256"] != found.to_dict()["held"]["sha256"]
        # what is held is taken, unless it is asked for again
        assert fetch_named(NAMED[source], link=link).read_bytes() == content
        assert fetch_named(NAMED[source], link=replace(link, again=True)).read_bytes() != content
        assert [one.newer for one in compared(link)] == [False]
    (gone,) = compared(link_to("http://127.0.0.1:9", tmp_path))
    assert (gone.newer, gone.now) == (False, None)
    assert "cannot be asked for" in str(gone)


def test_what_is_not_held_has_no_earlier_release(tmp_path):
    with pytest.raises(FetchError, match="els:museums: fetch it first"):
        compared(Link(tmp_path), ["els:museums"])


# --- what is peculiar to each


def test_els_takes_an_indicator_that_nobody_knew_by_its_metadata_alone(tmp_path):
    with publisher(whole("els")) as (base, asked):
        path = fetch_named("els:bathing-waters", link=link_to(base, tmp_path))
        assert [one for one, _ in asked] == [
            "/bathing-waters/bathing-waters.csv",
            "/bathing-waters/bathing-waters.json",
        ]
        whole_address = f"els:{base}/bathing-waters/bathing-waters.csv"
        assert fetch_named(whole_address, link=Link(tmp_path / "other", policy=QUICK)).name == "bathing-waters.csv"
    meta = read_outcome("els", path).meta
    assert (meta.title, meta.unit, meta.measure, meta.decimals) == ("Bathing waters", "%", "rate", 1)
    assert meta.source.title.startswith("Environment Agency and Natural Resources Wales: Bathing waters")
    with pytest.raises(FetchError, match="names no file of Explore Local Statistics"):
        fetch_named("els:Bathing waters", link=Link(tmp_path))


@pytest.mark.parametrize("total", [25_000, 25_001, 60_000])
def test_nomis_gives_25_000_cells_at_once_and_every_page_is_asked_for(tmp_path, total):
    with publisher(made.nomis(total)) as (base, asked):
        path = fetch_named(NAMED["nomis"], link=link_to(base, tmp_path))
    offsets = [int(params["recordoffset"]) for _, params in asked]
    assert offsets == list(range(0, total, nomis_adapter.PAGE))
    assert all(params["geography"] == "TYPE424" and params["pay"] == "7" for _, params in asked)
    assert path.read_text(encoding="utf-8").count("\n") == total + 1


def test_nomis_pages_of_two_days_are_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(nomis_adapter, "PAGE", 2)
    days = [
        lambda path, params: made.nomis(4, page=2)(path, params) if params["recordoffset"] == "0" else None,
        made.nomis(5, page=2),  # the data set has grown since its first page was kept
    ]
    with publisher(newest(days)) as (base, asked):
        link = link_to(base, tmp_path)
        with pytest.raises(FetchError, match="404"):
            fetch_named(NAMED["nomis"], link=link)
        days.pop(0)
        path = fetch_named(NAMED["nomis"], link=link)
        assert [params["recordoffset"] for _, params in asked] == ["0", "2", "2", "0", "2", "4"]
    assert len(read_outcome("nomis", path).frame) == 5


def test_two_queries_of_one_data_set_are_two_files(tmp_path):
    with publisher(made.nomis()) as (base, _):
        one = fetch_named("nomis:NM_99_1?geography=TYPE424&sex=8", link=link_to(base, tmp_path))
        other = fetch_named("nomis:NM_99_1?sex=7&geography=TYPE424", link=link_to(base, tmp_path))
    assert one.name == other.name == "NM_99_1.csv"
    assert one != other
    assert held_named("nomis:NM_99_1?geography=TYPE424&sex=8", "nomis", tmp_path / "cache") == one


def test_fingertips_without_a_figure_for_these_areas_is_refused(tmp_path):
    with publisher(made.fingertips()) as (base, _):
        link = link_to(base, tmp_path)
        with pytest.raises(FetchError, match="no figure of 92443 for these areas\n  area_type_id=6"):
            fetch_named("fingertips:92443?area_type_id=6", link=link)
        counties = fetch_named("fingertips:92443?area_type_id=502", link=link)
        assert counties != fetch_named("fingertips:92443", link=link)
    # five areas under two parents each, and a mark before the header
    assert len(read_outcome("fingertips", counties).frame) == 5


def test_dfe_follows_to_where_the_files_are_and_takes_the_table_that_is_named(tmp_path):
    packed = made.archive("ks4.csv", "ks4-by-sex.csv")

    def answer(path, _params):
        if path == PATHS["dfe"]:
            return Reply(status=302, headers={"Location": "/blob/release.zip"})
        named = {"Content-Disposition": 'attachment; filename="release.zip"', "Content-Type": "application/zip"}
        return Reply(packed, headers=named) if path == "/blob/release.zip" else None

    with publisher(answer) as (base, _):
        link = link_to(base, tmp_path)
        with pytest.raises(FetchError, match=r"release\.zip holds 2 tables") as caught:
            fetch_named(NAMED["dfe"], link=link)
        assert "ks4.csv" in str(caught.value)
        path = fetch_named(f"{NAMED['dfe']}#ks4-by-sex.csv", link=link)
        with pytest.raises(FetchError, match=r"no table gone\.csv"):
            fetch_named(f"{NAMED['dfe']}#gone.csv", link=link)
    assert path.name == "ks4-by-sex.csv"
    table = read_outcome("dfe", path, indicator="attainment8")
    assert table.frame.loc[table.frame["code"] == FIRST, ["period", "value"]].to_numpy().tolist() == [["2024/25", 40.0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_file_at_an_address_may_be_written_as_people_write(tmp_path, encoding, comma):
    text = "Code;Name;Score\nW06000001;Ynys Môn;12.5\nW06000002;Gwynedd;10.1\n".replace(";", comma)
    with publisher(lambda *_: text.encode(encoding)) as (base, _):
        path = fetch_named("file:https://example.org/data.csv", link=link_to(base, tmp_path))
    assert path.read_bytes() == text.encode(encoding), "kept as it came, by its hash"
    frame = read_outcome("table", path).frame
    assert frame[["code", "name", "value"]].to_numpy().tolist() == [
        ["W06000001", "Ynys Môn", 12.5],
        ["W06000002", "Gwynedd", 10.1],
    ]


def test_workbooks_are_told_by_what_they_are_where_the_address_has_no_ending(tmp_path):
    frame = pd.DataFrame({"code": ["E06000001", "E06000002"], "score": [1.5, 2.5]})
    for ending, engine in (("xlsx", "openpyxl"), ("ods", "odf")):
        file = tmp_path / f"book.{ending}"
        frame.to_excel(file, index=False, engine=engine)
        content = file.read_bytes()
        with publisher(lambda *_, content=content: content) as (base, _):
            path = fetch_named("file:https://example.org/download/12345", link=link_to(base, tmp_path / ending))
        assert path.suffix == f".{ending}"
        assert read_outcome("table", path).frame["value"].tolist() == [1.5, 2.5]


def test_two_addresses_with_one_name_are_two_files(tmp_path):
    with publisher(lambda path, _: f"code,value\nE06000001,{len(path)}\n".encode()) as (base, _):
        paths = [
            fetch_named(f"file:https://example.org/{folder}/data.csv", link=link_to(base, tmp_path))
            for folder in ("a", "longer")
        ]
    assert len({*paths}) == 2
    assert {path.name for path in paths} == {"data.csv"}
