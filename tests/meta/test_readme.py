"""What the README shows works as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from boundaries.bundled.layers import load_income
from geo import cli
from maps.atlas.config import load_config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line.split("#")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("placeatlas ")]


def test_the_lines_of_python_run(tmp_path: Path) -> None:
    (program,) = blocks("python")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("Study(hmrc-mean-income 2021-22: 354 areas")
    assert {path.name for path in tmp_path.iterdir()} == {"income.png", "income.html"}


@pytest.mark.parametrize("command", commands())
def test_every_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    income = load_income().fillna({"mean_income": 30_000.0, "taxpayers": 50_000.0})  # a table without holes
    income[["code", "name"]].assign(median=income["mean_income"], taxpayers=income["taxpayers"]).to_csv(
        "pay.csv", index=False
    )
    assert cli.run(shlex.split(command)[1:]) == 0


def test_the_configuration_is_sound(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    path = tmp_path / "my-atlas.toml"
    path.write_text(text)
    assert load_config(path).slug == "pay"


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, flags=re.MULTILINE))
    assert {"atlas", "test"} <= named
    assert all(re.search(rf"^{name}:", makefile, flags=re.MULTILINE) for name in named), named


def test_the_picture_is_there_and_small() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).stat().st_size < 300_000
