"""A full disk, a folder that is lost or cannot be written, odd names: one error that names the path, and nothing half-written."""

from __future__ import annotations

import os
import resource
import shutil
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
import shapely

from geo.errors import OutputError
from geo.files import write_bytes, write_csv, write_geojson, write_geopackage, write_json, write_parquet, write_text
from geo.staging import replacing, staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FRAME = gpd.GeoDataFrame(
    {"code": [f"E0600{n:04}" for n in range(2000)]},
    geometry=shapely.points([(n / 1000, 51.0 + n / 5000) for n in range(2000)]),
    crs=4326,
)
WRITERS: dict[str, Callable[[Path], object]] = {
    "x.bin": lambda path: write_bytes(path, b"x" * 100_000),
    "x.txt": lambda path: write_text(path, "x" * 100_000),
    "x.json": lambda path: write_json(path, ["x" * 100_000]),
    "x.csv": lambda path: write_csv(FRAME.drop(columns="geometry"), path),
    "x.gpkg": lambda path: write_geopackage(FRAME, path, "areas"),
    "x.geojson": lambda path: write_geojson(FRAME, path),
    "x.parquet": lambda path: write_parquet(FRAME, path),
}


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as a full disk would not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("stood", [True, False])
def test_a_full_disk_leaves_what_stood(tmp_path: Path, name: str, *, stood: bool) -> None:
    path = tmp_path / name
    if stood:
        path.write_bytes(b"before")
    with files_of_at_most(8192), pytest.raises(OutputError, match=f"{name} cannot be written"):
        WRITERS[name](path)
    assert sorted(item.name for item in tmp_path.iterdir()) == ([name] if stood else [])
    if stood:
        assert path.read_bytes() == b"before"
    WRITERS[name](path)
    assert path.stat().st_size > 8192, "with room it is written"


def test_a_full_disk_in_a_build_leaves_the_former_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for content in ("first", "second"):
        with staged(out, force=True) as folder:
            write_json(folder / "manifest.json", {"tool": "placeatlas", "is": content})
    with (
        files_of_at_most(4096),
        pytest.raises(OutputError, match="cannot be written"),
        staged(out, force=True) as folder,
    ):
        write_bytes(folder / "big", b"x" * 100_000)
    assert "second" in (out / "manifest.json").read_text(encoding="utf-8")
    assert [item.name for item in tmp_path.iterdir()] == ["out"]
    with staged(out, force=True) as folder:
        write_json(folder / "manifest.json", {"tool": "placeatlas", "is": "third"})
    assert "third" in (out / "manifest.json").read_text(encoding="utf-8"), "the build begun again is whole"


def test_a_folder_lost_in_mid_run_is_one_error(tmp_path: Path) -> None:
    place = tmp_path / "place"
    with pytest.raises(OutputError, match=r"x\.txt cannot be written"), replacing(place / "x.txt"):
        shutil.rmtree(place)
    with pytest.raises(OutputError, match="out cannot be written"), staged(place / "out", force=False):
        shutil.rmtree(place)
    assert not place.exists()


def test_trouble_with_another_file_is_not_blamed_on_this_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="absent"), replacing(tmp_path / "x.txt"):
        (tmp_path / "absent").read_bytes()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_modes_follow_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        for name, writer in WRITERS.items():
            writer(tmp_path / name)
        with staged(tmp_path / "out", force=False) as folder:
            write_json(folder / "manifest.json", {})
    finally:
        os.umask(before)
    modes = {item.name: stat.S_IMODE(item.stat().st_mode) for item in tmp_path.iterdir() if item.is_file()}
    assert modes == dict.fromkeys(WRITERS, mode)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == mode | (mode & 0o444) >> 2
    assert stat.S_IMODE((tmp_path / "out" / "manifest.json").stat().st_mode) == mode


def test_a_name_that_is_no_text_can_be_written_and_named(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.txt")
    assert write_text(path, f"read {path.name}") == path
    assert path.read_text(encoding="utf-8") == "read a\\udcff.txt"
