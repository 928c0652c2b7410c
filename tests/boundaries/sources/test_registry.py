"""Fetching from a server on this machine, and finding adapters by name."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources import registry
from boundaries.sources.fetching import Link
from boundaries.sources.foreign import Foreign
from boundaries.sources.registry import adapters, fetch_outcome, read_outcome
from boundaries.transport import Policy
from geo.errors import FetchError, PluginError, TableError
from geo.provenance import Source
from tests.boundaries.sources.local_publisher import publisher

IMPUTED = ("Torbay", "Isles of Scilly", "Cumberland", "Westmorland and Furness", "North Yorkshire")
QUICK = Policy(retries=1, first_wait_s=0.0, timeout_s=5.0)


def put(folder, text, name):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- fetching


def test_els_is_fetched_with_the_metadata_beside_it(tmp_path):
    header = "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
    body = f"{header}\nE06000001,Hartlepool,LAD,Supermarkets,2023-08-15,2.7,Count,Count,,,,\n".encode()

    def answer(path, _params):
        return {"/supermarkets/supermarkets.csv": body, "/supermarkets/supermarkets.json": b'{"_note": ""}'}.get(path)

    with publisher(answer) as (base, _):
        link = Link(tmp_path, base, policy=QUICK)
        path = fetch_outcome("els", "supermarkets", link=link)
        assert path.with_suffix(".json").is_file()
        assert read_outcome("els", path).frame["value"].tolist() == [2.7]
        with pytest.raises(FetchError, match="museums"):
            fetch_outcome("els", "museums", link=link)
    again = Link(tmp_path, base, offline=True)
    assert fetch_outcome("els", "supermarkets", link=again) == path
    with pytest.raises(FetchError, match="not in the cache"):
        fetch_outcome("els", "nothing", link=again)


@pytest.mark.parametrize("source", ["table", "dfe", "smc"])
def test_other_files_are_fetched_by_address_and_keep_their_name(tmp_path, source):
    with publisher(lambda path, _: b"code,value\nE06000001,1\n" if path == "/a/my file.csv" else None) as (base, _):
        path = fetch_outcome(source, "a/my file.csv", link=Link(tmp_path, base, policy=QUICK))
        assert path.name == "my file.csv"
    with pytest.raises(FetchError, match="not the address of a file"):
        fetch_outcome(source, "somewhere", link=Link(tmp_path))


def test_fingertips_is_fetched_by_number(tmp_path):
    body = b"Indicator ID,Indicator Name,Area Code,Time period,Value\n108,Deaths,E06000001,2020,7\n"
    with publisher(lambda _path, _params: body) as (base, asked):
        link = Link(tmp_path, base, policy=QUICK)
        other = fetch_outcome("fingertips", "108", link=link, area_type_id=502)
        assert other.name == "108.csv"
        assert asked[0] == ("/all_data/csv/by_indicator_id", {"indicator_ids": "108", "area_type_id": "502"})
        assert fetch_outcome("fingertips", "108", link=link) != other, "areas of two types are two files"
    with pytest.raises(FetchError, match="no Fingertips indicator"):
        fetch_outcome("fingertips", "smoking", link=Link(tmp_path))


def test_web_pages_are_not_kept_as_files(tmp_path):
    with publisher(lambda *_: b"<!DOCTYPE html><title>Sorry</title>") as (base, _):
        link = Link(tmp_path, base, policy=QUICK)
        with pytest.raises(FetchError, match="an HTML page"):
            fetch_outcome("dfe", "a/rates.csv", link=link)
    answer = b'{"error": "no such indicator"}'
    with publisher(lambda *_: answer) as (base, _), pytest.raises(FetchError, match="something else than data"):
        fetch_outcome("fingertips", "108", link=Link(tmp_path, base, policy=QUICK))


def test_names_that_leave_the_folder_are_refused(tmp_path):
    with pytest.raises(FetchError, match="is no name for a file"):
        Link(tmp_path).keep("table", "../x.csv", b"", origin=Source("x"))


# --- registry


def test_every_adapter_has_the_same_shape():
    found = adapters()
    assert list(found) == ["bundled", "dfe", "els", "fingertips", "index", "nomis", "smc", "table"]
    assert all(adapter.name == name for name, adapter in found.items())
    assert found["nomis"].file_of("nm_99_1") == "NM_99_1.csv"
    assert found["fingertips"].file_of("108") == "108.csv"
    assert found["bundled"].file_of("hmrc-mean-income") == "hmrc-mean-income"
    assert {found[name].file_of("anything") for name in ("dfe", "fingertips", "nomis", "smc", "table")} == {None}


def test_extensions_are_found_and_may_not_take_a_name_in_use(monkeypatch):
    class Mine(type(adapters()["table"])):
        name = "mine"

    monkeypatch.setattr(registry, "load_group", lambda _group: {"mine": Mine})
    assert "mine" in adapters()
    monkeypatch.setattr(registry, "load_group", lambda _group: {"els": Mine, "odd": object})
    with pytest.raises(PluginError) as caught:
        adapters()
    assert len(caught.value.faults) == 2


def test_the_bundled_outcome_needs_no_file():
    table = read_outcome("bundled", Path("hmrc-mean-income"), unit="pounds")
    assert (len(table.frame), table.meta.unit, table.meta.denominator) == (360, "pounds", "taxpayers")
    assert table.frame["value"].notna().sum() == 354
    said = join(table, load_boundary_set("LAD", dt.date(2023, 4, 1))).receipt.statements
    assert said[1:3] == (
        f"No figure (the source has only an imputed mean here, which is not used): {', '.join(IMPUTED)} and 1 more (6 in all).",
        "No figure (the source has no row for this area): Ards and North Down.",
    )
    assert fetch_outcome("bundled", "hmrc-mean-income") == Path("hmrc-mean-income")
    with pytest.raises(TableError, match="no bundled outcome 'pay'"):
        read_outcome("bundled", Path("pay"))


class Odd:
    name = "odd"

    def __init__(self, gives):
        self.gives, self.what = gives, "more"

    def file_of(self, _outcome):
        return self.gives()

    def read(self, _path, **_options):
        return self.gives()

    fetch = read


def fails():
    raise KeyError("x")


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        (fails, "the source 'odd' of odd 2.0 failed; KeyError: 'x'"),
        (lambda: sys.exit(3), "the source 'odd' of odd 2.0 called exit; with 3"),
        (lambda: 7, "what the source 'odd' of odd 2.0 returned cannot be used; expected "),
    ],
)
def test_an_adapter_of_others_that_misbehaves_is_named(gives, said):
    odd = Foreign(Odd(gives), "the source 'odd' of odd 2.0")
    assert (odd.name, odd.what) == ("odd", "more")
    for call in (
        lambda: odd.file_of("x"),
        lambda: odd.read(Path("x"), options={}),
        lambda: odd.fetch("x", link=Link(), options={}),
    ):
        with pytest.raises(PluginError) as caught:
            call()
        assert "; ".join([caught.value.what, *caught.value.faults]).startswith(said)


def test_an_adapter_of_others_is_asked_like_any(tmp_path):
    (tmp_path / "t.csv").write_text("x", encoding="utf-8")
    assert Foreign(Odd(lambda: "t.csv"), "").file_of("x") == "t.csv"
    assert Foreign(Odd(lambda: tmp_path / "t.csv"), "").fetch("x", link=Link(), options={}).name == "t.csv"
    told = PluginError("its own words")
    with pytest.raises(PluginError, match="its own words"):
        Foreign(Odd(lambda: (_ for _ in ()).throw(told)), "").file_of("x")


@pytest.mark.parametrize(("work", "said"), [(fails, "cannot be made: KeyError"), (lambda: sys.exit(1), "called exit")])
def test_an_adapter_that_cannot_be_made_is_named(monkeypatch, work, said):
    class Broken:
        def __init__(self):
            work()

    monkeypatch.setattr(registry, "load_group", lambda _group: {"broken": Broken})
    with pytest.raises(PluginError) as caught:
        adapters()
    assert said in caught.value.faults[0]
