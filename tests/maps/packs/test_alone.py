"""Packs from a finished build alone: the same bytes as the build's own, all faults before any work, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo import cli
from geo.errors import CodeError, OutputError
from geo.provenance import sha256_of
from geo.staging import adding
from maps.atlas.manifest import read_manifest
from maps.atlas.packing import write_region
from maps.atlas.repacking import packs_from_build
from maps.packs import find_regions, read_kit
from maps.packs.places import Layout
from tests.geo.test_staging_faults import files_of_at_most

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def copy(build: Path, tmp_path: Path) -> Path:
    shutil.copytree(build, tmp_path / "out")
    return tmp_path / "out"


def files_below(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in folder.rglob("*") if path.is_file()}


def test_a_pack_made_later_is_the_pack_of_the_build(build: Path, tmp_path: Path) -> None:
    kit = read_kit(build / "data")
    (region,) = find_regions(["E12000001"], {"LAD": Layout(kit.boundaries, kit.adjacent)})
    again = write_region(kit, region, tmp_path / "regions", documents=True)
    assert again.name == "E12000001-north-east-region.zip"
    assert sha256_of(again) == sha256_of(build / "regions" / again.name)


def test_packs_of_every_tier_in_one_call(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy.parent / "coast.csv").write_text("place,why\nHartlepool,sea\nE06000003,sea\n", encoding="utf-8")
    (copy.parent / "two.toml").write_text('name = "My two"\nplaces = ["Darlington", "Tees Valley"]\n', encoding="utf-8")
    places = ["Tees Valley", "Sunderland", str(copy.parent / "coast.csv"), str(copy.parent / "two.toml")]
    before = read_manifest(copy).files
    assert cli.run(["pack", *places, "--from", str(copy)]) == 0
    out, err = capsys.readouterr()
    made = [line.rsplit("/", 1)[1] for line in out.splitlines()]
    assert made == [
        "E47000006-tees-valley.zip",
        "E08000024-sunderland.zip",
        "list-coast.zip",
        "list-my-two.zip",
    ]
    # nobody is named to be told of an error: said once, not once a pack
    assert err.count("report_errors_to") == 1
    rows = {name: pd.read_csv(copy / "regions" / name[:-4] / "areas.csv", encoding="utf-8-sig") for name in made}
    assert [len(table) for table in rows.values()] == [5, 4, 2, 5]
    assert rows["E08000024-sunderland.zip"]["role"].tolist() == ["own", "beside", "beside", "beside"]
    after = read_manifest(copy).files
    assert after.keys() - before.keys() >= {f"regions/{name}" for name in made}
    assert all(after[name] == found for name, found in files_below(copy).items() if name in after)
    # what is there is named, not made again
    capsys.readouterr()
    assert cli.run(["pack", *places, "--from", str(copy), "--json"]) == 0
    assert [path.rsplit("/", 1)[1] for path in json.loads(capsys.readouterr().out)] == made


def test_what_is_in_a_pack_is_proved_by_its_sums(build: Path) -> None:
    with zipfile.ZipFile(build / "regions" / "E12000001-north-east-region.zip") as archive:
        front = "E12000001-north-east-region/"
        sums = archive.read(f"{front}SHA256SUMS").decode()
        told = {name: digest for digest, name in (line.split("  ") for line in sums.splitlines())}
        inside = {name.removeprefix(front) for name in archive.namelist()}
        assert inside - told.keys() == {"SHA256SUMS"}
        assert all(hashlib.sha256(archive.read(front + name)).hexdigest() == digest for name, digest in told.items())


def test_several_processes_write_the_same(copy: Path, tmp_path: Path) -> None:
    one = packs_from_build(["Tees Valley", "Sunderland"], copy)
    other = tmp_path / "other"
    shutil.copytree(copy, other, ignore=shutil.ignore_patterns("*tees-valley*", "*sunderland*"))
    manifest = read_manifest(other)
    files = {name: found for name, found in manifest.files.items() if "tees" not in name and "sunderland" not in name}
    (other / "manifest.json").write_text(json.dumps(manifest.model_copy(update={"files": files}).to_json()))
    said: list[str] = []
    two = packs_from_build(["Tees Valley", "Sunderland"], other, workers=2, say=said.append)
    assert [sha256_of(path) for path in one] == [sha256_of(path) for path in two]
    assert sorted(said) == ["Packing Sunderland", "Packing Tees Valley"]


def test_every_place_is_looked_up_before_any_work(copy: Path) -> None:
    before = files_below(copy)
    places = ["Tees Valley", "North East", "E47000014", "Sundrland", "E99999999", "Cornwall", "Cumbria"]
    with pytest.raises(CodeError) as caught:
        packs_from_build(places, copy)
    assert caught.value.faults == (
        (
            '\'North East\' may be "North East (region)" (E12000001), "North East (combined authority)" (E47000010): '
            "write one of these, or its code"
        ),
        "North East (E47000014) did not exist on 1 April 2023; began 2 May 2024",
        "'Sundrland' is no place that is known: did you mean Sunderland (E08000024)?",
        "E99999999 is no code of the register",
        "'Cornwall': Cornwall (E06000052) holds none of the 12 local authority districts of 2023-04-01",
        (
            "'Cumbria': Cumbria (E10000006) ended on 31 March 2023, now Cumberland (E06000063), "
            "Westmorland and Furness (E06000064)"
        ),
    )
    assert files_below(copy) == before


def test_a_disk_that_fills_leaves_nothing(copy: Path) -> None:
    before = files_below(copy)
    with files_of_at_most(60_000), pytest.raises(OutputError, match="cannot be written"):
        packs_from_build(["Tees Valley"], copy)
    assert files_below(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == ["out"]


def test_a_build_that_another_run_is_writing_is_left_alone(copy: Path) -> None:
    def meet() -> None:
        with adding(copy) as new:
            shutil.copyfile(copy / "manifest.json", new / "manifest.json")
            with pytest.raises(OutputError, match="another run is writing"):
                packs_from_build(["Tees Valley"], copy)

    meet()
    assert not (copy / "regions" / "E47000006-tees-valley.zip").exists()


def test_a_build_of_another_version_is_told_to_be_built_again(copy: Path) -> None:
    path = copy / "data" / "packs.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"schema": 2', '"schema": 0'), encoding="utf-8")
    with pytest.raises(OutputError, match="another version"):
        packs_from_build(["Tees Valley"], copy)
    path.unlink()
    with pytest.raises(OutputError, match="keeps nothing that packs could be made of") as caught:
        packs_from_build(["Tees Valley"], copy)
    assert "build it again" in str(caught.value)


def test_a_list_does_not_take_the_name_of_another(copy: Path) -> None:
    own = copy.parent / "mine.csv"
    own.write_text("code\nE06000001\n", encoding="utf-8")
    (first,) = packs_from_build([str(own)], copy)
    assert packs_from_build([str(own)], copy) == [first]
    own.write_text("code\nE06000001\nE06000002\n", encoding="utf-8")
    with pytest.raises(OutputError, match="names of others"):
        packs_from_build([str(own)], copy)


def test_a_pack_of_areas_without_a_figure_says_so(build: Path, tmp_path: Path) -> None:
    kit = read_kit(build / "data")
    codes = ["E06000001"]
    empty = tuple(
        replace(one, numbers=one.numbers.where(~one.numbers.index.isin(codes)), lower=None, upper=None)
        for one in kit.outcomes
    )
    (region,) = find_regions(["Hartlepool"], {"LAD": Layout(kit.boundaries, kit.adjacent)})
    write_region(replace(kit, outcomes=empty), region, tmp_path)
    text = (tmp_path / "E06000001-hartlepool" / "README.txt").read_text(encoding="utf-8")
    assert "Pay, Hartlepool: no figure." in text.replace("\n  ", " ")
