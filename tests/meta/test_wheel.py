"""The wheel holds our four packages, the door, and no more, and works in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST_WHEEL = 2_500_000
LARGEST_BUNDLE = 1_000_000

pytestmark = [pytest.mark.wheel, pytest.mark.index]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (made,) = folder.glob("*.whl")
    return made


def test_top_level_names_are_our_four_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        *("geo", "boundaries", "analysis", "maps"),
        "placeatlas.py",
    }


def test_the_wheel_is_small_and_holds_the_data(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    assert wheel.stat().st_size <= LARGEST_WHEEL
    bundle = [entry for entry in archive.infolist() if entry.filename.startswith("boundaries/bundled/")]
    assert sum(entry.file_size for entry in bundle) <= LARGEST_BUNDLE
    names = set(archive.namelist())
    for needed in (
        "boundaries/bundled/CHECKSUMS",
        "maps/atlases/starter.toml",
        "analysis/sea_links.csv",
        "geo/py.typed",
    ):
        assert needed in names


def test_the_wheel_builds_the_starter_atlas_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel], check=True)
    command = [tmp_path / "venv" / "bin" / "placeatlas", "build", "--out", tmp_path / "atlas"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    index = Path(done.stdout.splitlines()[-1])
    assert index == tmp_path / "atlas" / "index.html"
    assert index.is_file()
