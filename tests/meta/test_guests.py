"""Extensions that misbehave, installed as a user installs them; what each may do one by one is tested where it is called."""

from __future__ import annotations

import subprocess  # noqa: TC003  # of an annotation that a helper returns
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.meta.test_extending import PROJECT, install, placeatlas

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
import os, time
import numpy as np, pandas as pd
from analysis.statistics import AreaColumns, Meaning
def columns(values):
    return AreaColumns(pd.DataFrame({"x": values}), {"x": Meaning("The value once more")})
"""
STUDY = ("--geography", "RGN", "--permutations", "99", "--correction", "none", "--measure", "mean")


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    codes = [f"E1200000{number}" for number in range(1, 10)]
    path = tmp_path_factory.mktemp("tables") / "pay.csv"
    pd.DataFrame({"code": codes, "pay": range(9)}).to_csv(path, index=False)
    return path


def studied(code: str, pay: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Study a table with a statistic of a package that consists of this code."""
    site = install(folder / "site", PROJECT.format(name="odd", entries='odd = "odd:mine"'), odd=HEAD + code)
    return placeatlas("analyse", pay, "-o", folder / "out", *STUDY, "--statistic", "odd", "--json", beside=site)


def test_one_that_patches_is_named_and_nothing_is_written(pay: Path, tmp_path: Path) -> None:
    code = "def mine(values, weights, **_):\n    np.mean = np.median\n    print('on it')\n    return columns(values)\n"
    done = studied(code, pay, tmp_path)
    assert done.returncode == 1, done.stderr
    assert "the statistic 'odd' of odd 2.0 changed what is not its own: numpy.mean" in done.stderr
    assert "on it" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_one_that_patches_as_it_is_imported_is_named(pay: Path, tmp_path: Path) -> None:
    done = studied(
        "import math\nmath.sqrt = abs\ndef mine(values, weights, **_): return columns(values)\n", pay, tmp_path
    )
    assert done.returncode == 1
    assert "the statistic 'odd' of odd 2.0 changed what is not its own: math.sqrt" in done.stderr


def test_one_that_hangs_is_ended_and_named(pay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACEATLAS_EXTENSION_SECONDS", "1")
    done = studied("def mine(values, weights, **_):\n    while True: time.sleep(0.01)\n", pay, tmp_path)
    assert done.returncode == 1, done.stderr
    assert "the statistic 'odd' of odd 2.0 took longer than 1 s" in done.stderr
    assert "PLACEATLAS_EXTENSION_SECONDS" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_printed_is_not_on_standard_output(pay: Path, tmp_path: Path) -> None:
    code = "def mine(values, weights, **_):\n    os.write(1, b'from below\\n')\n    os.system('echo from a shell')\n"
    done = studied(code + "    return columns(values)\n", pay, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
    assert {"from below", "from a shell"} <= set(done.stderr.splitlines())


def test_a_source_that_exits_as_it_is_imported_stops_nobody_else(pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:Odd"').replace(".statistics", ".sources")
    site = install(tmp_path / "site", project, odd="import sys\nsys.exit(5)\n")
    words = ("check", pay, "--geography", "RGN", "--measure", "mean", "--json")
    done = placeatlas(*words, beside=site, warnings="default")
    assert "extension 'odd' of odd 2.0 called exit" in done.stderr
    assert done.stdout.startswith("{")


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [("raise KeyError('x')", 1, "placeatlas: error: the verb 'odd' of odd 2.0 failed"), ("raise SystemExit(4)", 4, "")],
)
def test_a_verb_may_print_and_exit_and_is_named_when_it_fails(body: str, code: int, said: str, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:odd"').replace(".statistics", ".commands")
    site = install(tmp_path / "site", project, odd=f"def odd() -> None:\n    print('mine')\n    {body}\n")
    done = placeatlas("odd", beside=site)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == "mine\n"
