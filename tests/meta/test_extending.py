"""The package that CONTRIBUTING shows works as printed, once installed; so do the ways in which one can be wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def block(language: str, heading: str = "A statistic") -> str:
    (section,) = (part for part in GUIDE.split("\n## ") if part.startswith(heading))
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
    return text


def install(folder: Path, project: str, **modules: str) -> Path:
    """Lay a package and its metadata into a folder, as an installer would."""
    about = tomllib.loads(project)["project"]
    metadata = folder / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n")
    groups = [
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
        for group, entries in about["entry-points"].items()
    ]
    (metadata / "entry_points.txt").write_text("\n".join(groups))
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def placeatlas(*words: str | Path, beside: Path, warnings: str = "error") -> subprocess.CompletedProcess[str]:
    """Run the command with a folder of installed packages beside ours."""
    program = "import sys; from geo.cli import main; main()"
    path = os.pathsep.join([str(beside), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-W", warnings, "-c", program, *map(str, words)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(tmp_path_factory.mktemp("site"), block("toml"), gaps=block("python"))


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return made-up values of the regions of England and the other nations: a study of them is quick."""
    codes = [f"E1200000{number}" for number in range(1, 10)] + ["W92000004", "S92000003", "N92000002"]
    path = tmp_path_factory.mktemp("tables") / "pay.csv"
    pd.DataFrame({"code": codes, "pay": range(12)}).to_csv(path, index=False)
    return path


def test_what_is_installed_is_listed_with_who_brings_it(gaps: Path) -> None:
    done = placeatlas("plugins", "--json", beside=gaps)
    theirs = [entry for entry in json.loads(done.stdout) if entry["distribution"] == "placeatlas-gaps"]
    assert [(entry["group"], entry["name"], entry["version"]) for entry in theirs] == [
        ("placeatlas.covariates", "compactness", "1.0"),
        ("placeatlas.statistics", "neighbour-gap", "1.0"),
    ]


def test_the_package_works_as_printed(gaps: Path, pay: Path, tmp_path: Path) -> None:
    words = ["--geography", "RGN", "--permutations", "99", "--correction", "none", "--measure", "mean"]
    asked = ["--statistic", "neighbour-gap", "--covariate", "compactness"]
    done = placeatlas("analyse", pay, "-o", tmp_path / "out", *words, *asked, beside=gaps)
    assert done.returncode == 0, done.stderr
    assert "neighbour-gap (placeatlas-gaps 1.0): neighbour_gap_median, neighbour_gap_gap." in done.stdout
    areas = pd.read_csv(tmp_path / "out" / "areas.csv", index_col="code")
    assert areas["neighbour_gap_gap"].to_list() == pytest.approx(
        (areas["value"] - areas["neighbour_gap_median"]).to_list(), nan_ok=True
    )
    assert areas["compactness_score"].between(0, 1).all()


def test_a_name_that_is_not_installed_is_refused_with_the_nearest(gaps: Path, pay: Path, tmp_path: Path) -> None:
    done = placeatlas("analyse", pay, "-o", tmp_path, "--statistic", "neighbor-gap", beside=gaps)
    assert done.returncode == 1
    assert "there is no statistic 'neighbor-gap'; did you mean 'neighbour-gap'?; installed: correlogram" in done.stderr
    assert not list(tmp_path.iterdir())


PROJECT = """
[project]
name = "{name}"
version = "2.0"
[project.entry-points."placeatlas.statistics"]
{entries}
"""


def test_what_returns_too_little_is_named(pay: Path, tmp_path: Path) -> None:
    wrong = (
        "import pandas as pd\nfrom analysis.statistics import AreaColumns\n"
        "def half(values, weights, **_): return AreaColumns(pd.DataFrame({'x': values.iloc[1:].astype(str)}), {})\n"
    )
    site = install(tmp_path / "site", PROJECT.format(name="halves", entries='half = "halves:half"'), halves=wrong)
    words = ["--geography", "RGN", "--measure", "mean", "--statistic", "half"]
    done = placeatlas("analyse", pay, "-o", tmp_path / "out", *words, beside=site)
    assert done.returncode == 1
    first, *faults = done.stderr.splitlines()
    assert first == "placeatlas: error: what 'half' of halves 2.0 returned cannot be used"
    assert faults[0].startswith("  areas without a row: E12000001;")
    assert faults[1:] == [
        "  columns that are not numbers: x (str)",
        "  columns without a Meaning: x",
        "  of the outcome 'pay'",
    ]


def test_what_cannot_be_imported_is_an_error_only_when_asked_for(pay: Path, tmp_path: Path) -> None:
    site = install(tmp_path / "site", PROJECT.format(name="gone", entries='gone = "no_such_module:x"'))
    assert placeatlas("plugins", beside=site).returncode == 0
    done = placeatlas("analyse", pay, "-o", tmp_path / "out", "--statistic", "gone", beside=site)
    assert done.returncode == 1
    assert "the statistic 'gone' of gone 2.0 cannot be loaded; no_such_module:x: ModuleNotFoundError" in done.stderr


def test_two_of_one_name_are_named_both(gaps: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="rival", entries='neighbour-gap = "rival:x"')
    site = install(tmp_path / "site", project)
    done = placeatlas("plugins", beside=Path(os.pathsep.join([str(site), str(gaps)])))
    assert done.returncode == 1
    assert "'neighbour-gap' is brought by placeatlas-gaps and by rival" in done.stderr


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    heading = "A kind of map"
    return install(tmp_path_factory.mktemp("kinds"), block("toml", heading), halves=block("python", heading))


ATLAS = """
schema = 1
title = "Halves"
slug = "halves"
[boundaries]
geography = "RGN"
date = 2023-04-01
[[outcome]]
id = "pay"
file = "{pay}"
measure = "mean"
[statistics]
permutations = 99
correction = "none"
robustness = false
[outputs]
kinds = ["above-median"]
formats = ["png"]
packs = ["nation"]
"""


def test_a_kind_of_map_is_drawn_by_map(halves: Path, pay: Path, tmp_path: Path) -> None:
    assert len(block("python", "A kind of map").splitlines()) <= 20
    assert "above-median" in placeatlas("map", "--help", beside=halves).stdout
    out = tmp_path / "halves.svg"
    words = ["--geography", "RGN", "--measure", "mean", "--kind", "above-median"]
    done = placeatlas("map", pay, *words, "-o", out, beside=halves)
    assert done.returncode == 0, done.stderr
    assert "4 areas lie above the median area" in " ".join(re.findall(r">([^<>]+)</t", out.read_text("utf-8")))
    assert "did you mean 'above-median'" in placeatlas("map", pay, "--kind", "above-medium", beside=halves).stderr


def test_a_kind_of_map_is_drawn_in_an_atlas_and_on_its_pages(halves: Path, pay: Path, tmp_path: Path) -> None:
    config = tmp_path / "halves.toml"
    config.write_text(ATLAS.format(pay=pay), encoding="utf-8")
    done = placeatlas("build", config, "--out", tmp_path / "out", "--data", pay.parent, beside=halves)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert (out / "maps" / "pay" / "above-median.png").is_file()
    for page in (out / "atlas.html", out / "index.html", out / "regions" / "E92000001-england" / "pay.html"):
        assert "Above the median" in page.read_text(encoding="utf-8"), page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('Kind("mine", "Mine", lambda subject: 1 / 0)', "the kind 'mine' of mine 2.0 failed; ZeroDivisionError"),
        ('Kind("mine", "Mine", lambda subject: "a map")', "returned cannot be drawn; it is a str, not a MapSpec"),
        ('Kind("other", "Mine", print)', "cannot be used; mine:mine is the kind 'other'; expected a maps.kinds.Kind"),
        ('"no kind"', "cannot be used; mine:mine is str; expected a maps.kinds.Kind called 'mine'"),
    ],
)
def test_a_kind_that_is_wrong_is_named_with_who_brings_it(row: str, said: str, pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="mine", entries='mine = "mine:mine"').replace(".statistics", ".kinds")
    site = install(tmp_path / "site", project, mine=f"from maps.kinds import Kind\nmine = {row}\n")
    words = ["--geography", "RGN", "--measure", "mean", "--kind", "mine", "-o", tmp_path / "a.svg"]
    done = placeatlas("map", pay, *words, beside=site)
    assert done.returncode == 1
    assert said in "; ".join(line.strip() for line in done.stderr.splitlines())
    assert not (tmp_path / "a.svg").exists()


def test_a_kind_of_the_name_of_one_of_ours_names_both(pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="mine", entries='clusters = "mine:x"').replace(".statistics", ".kinds")
    done = placeatlas("map", pay, beside=install(tmp_path / "site", project))
    assert done.returncode == 1
    assert "'clusters' is brought by placeatlas and by mine 2.0" in done.stderr
