"""Extensions that misbehave, installed as a user installs them: each is named and bounded, and no number comes of it in silence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from tests.meta.test_extending import PROJECT, install, placeatlas

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

HEAD = """
import json, os, sys
import numpy as np, pandas as pd
from analysis.statistics import AreaColumns, Meaning
def columns(values, by=1.0):
    return AreaColumns(pd.DataFrame({"x": values * by}), {"x": Meaning("Twice nothing")})
def mine(values, weights, **_):
"""
STUDY = ("--geography", "RGN", "--permutations", "99", "--correction", "none", "--measure", "mean")


@pytest.fixture(scope="module")
def pay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    codes = [f"E1200000{number}" for number in range(1, 10)]
    path = tmp_path_factory.mktemp("tables") / "pay.csv"
    pd.DataFrame({"code": codes, "pay": range(9)}).to_csv(path, index=False)
    return path


def studied(body: str, pay: Path, folder: Path, seconds: str = "") -> subprocess.CompletedProcess[str]:
    """Study a table with a statistic that has this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    site = install(folder / "site", PROJECT.format(name="odd", entries='odd = "odd:mine"'), odd=HEAD + lines)
    asked = ["analyse", pay, "-o", folder / "out", *STUDY, "--statistic", "odd", "--json"]
    before = os.environ.get("PLACEATLAS_EXTENSION_SECONDS")
    os.environ["PLACEATLAS_EXTENSION_SECONDS"] = seconds
    try:
        return placeatlas(*asked, beside=site)
    finally:
        del os.environ["PLACEATLAS_EXTENSION_SECONDS"]
        if before is not None:
            os.environ["PLACEATLAS_EXTENSION_SECONDS"] = before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise KeyError('x')", "the statistic 'odd' of odd 2.0 failed"),
        ("sys.exit(0)", "the statistic 'odd' of odd 2.0 called exit"),
        ("np.mean = np.median\nreturn columns(values)", "changed what is not its own: numpy.mean"),
        ("pd.Series.sum = pd.Series.max\nreturn columns(values)", "changed what is not its own: pandas.Series.sum"),
        (
            "import analysis.moran.local as m\nm.local_moran = None\nreturn columns(values)",
            "changed what is not its own: analysis.moran.local.local_moran",
        ),
        ("os.chdir('/')\nreturn columns(values)", "changed what is not its own: the working folder"),
        ("values.array._ndarray[:] = 0\nreturn columns(values, 2)", "changed the numbers that it was given"),
        ("return columns(values.iloc[1:])", "areas without a row"),
        ("return columns(values, np.inf)", "columns with infinite numbers"),
        ("return columns(values, np.nan)", "columns without a number for any area: x"),
        ("return 7", "returned no LocalResult or AreaColumns or GlobalResult"),
    ],
)
def test_a_statistic_that_misbehaves_is_named_and_nothing_is_written(
    body: str, said: str, pay: Path, tmp_path: Path
) -> None:
    done = studied(body, pay, tmp_path)
    assert done.returncode == 1, done.stderr
    assert said in done.stderr
    assert "odd 2.0" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: break\nreturn columns(values)",
    ],
)
def test_a_statistic_that_hangs_is_ended_and_named(body: str, pay: Path, tmp_path: Path) -> None:
    done = studied(body, pay, tmp_path, seconds="0.5")
    assert done.returncode == 1, done.stderr
    assert "the statistic 'odd' of odd 2.0 took longer than 0.5 s" in done.stderr
    assert "PLACEATLAS_EXTENSION_SECONDS" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_limit_that_is_no_time_is_refused(pay: Path, tmp_path: Path) -> None:
    done = studied("return columns(values)", pay, tmp_path, seconds="soon")
    assert done.returncode == 1
    assert "PLACEATLAS_EXTENSION_SECONDS = 'soon' is no time" in done.stderr


def test_what_a_statistic_prints_is_not_on_standard_output(pay: Path, tmp_path: Path) -> None:
    body = "print('hello')\nos.write(1, b'from below\\n')\nos.system('echo from a shell')\nreturn columns(values)"
    done = studied(body, pay, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")
    assert {"hello", "from below", "from a shell"} <= set(done.stderr.splitlines())


def test_a_module_that_patches_as_it_is_imported_is_named(pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:mine"')
    site = install(
        tmp_path / "site", project, odd="import math\nmath.sqrt = abs\n" + HEAD + "    return columns(values)\n"
    )
    done = placeatlas("analyse", pay, "-o", tmp_path / "out", *STUDY, "--statistic", "odd", beside=site)
    assert done.returncode == 1
    assert "the statistic 'odd' of odd 2.0 changed what is not its own: math.sqrt" in done.stderr


SOURCE = """
import sys
class Odd:
    name = "odd"
    def file_of(self, outcome): return None
    def read(self, path, *, options): {body}
    def fetch(self, outcome, *, link, options): return path
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise KeyError('x')", "the source 'odd' of odd 2.0 failed"),
        ("sys.exit(3)", "the source 'odd' of odd 2.0 called exit"),
        ("return 7", "what the source 'odd' of odd 2.0 returned cannot be used; expected an OutcomeTable; found int"),
    ],
)
def test_a_source_that_misbehaves_is_named(body: str, said: str, pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:Odd"').replace(".statistics", ".sources")
    site = install(tmp_path / "site", project, odd=SOURCE.format(body=body))
    done = placeatlas("analyse", pay, "-o", tmp_path / "out", *STUDY, "--source", "odd", beside=site)
    assert done.returncode == 1
    assert said in "; ".join(line.strip() for line in done.stderr.splitlines())


def test_a_source_that_exits_as_it_is_imported_stops_nobody_else(pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:Odd"').replace(".statistics", ".sources")
    site = install(tmp_path / "site", project, odd="import sys\nsys.exit(5)\n")
    done = placeatlas(
        "check", pay, "--geography", "RGN", "--measure", "mean", "--json", beside=site, warnings="default"
    )
    assert "extension 'odd' of odd 2.0 called exit" in done.stderr
    assert done.stdout.startswith("{")


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("raise KeyError('x')", 1, "placeatlas: error: the verb 'odd' of odd 2.0 failed"),
        ("print('mine')", 0, ""),
        ("raise SystemExit(4)", 4, ""),
    ],
)
def test_a_verb_of_others_may_print_and_exit_and_is_named_when_it_fails(
    body: str, code: int, said: str, tmp_path: Path
) -> None:
    project = PROJECT.format(name="odd", entries='odd = "odd:odd"').replace(".statistics", ".commands")
    site = install(tmp_path / "site", project, odd=f"def odd() -> None:\n    {body}\n")
    done = placeatlas("odd", beside=site)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ("mine\n" if code == 0 else "")


@pytest.mark.parametrize(
    ("maker", "said"),
    [
        ("lambda subject: exit(0)", "the kind 'mine' of odd 2.0 called exit"),
        ("patched", "the kind 'mine' of odd 2.0 changed what is not its own: numpy.mean, the settings of matplotlib"),
        ("emptied", "the kind 'mine' of odd 2.0 changed the numbers that it was given"),
    ],
)
def test_a_kind_that_misbehaves_is_named(maker: str, said: str, pay: Path, tmp_path: Path) -> None:
    project = PROJECT.format(name="odd", entries='mine = "odd:mine"').replace(".statistics", ".kinds")
    code = f"""
import numpy as np
from maps.kinds import Kind
def patched(subject):
    import matplotlib
    np.mean = np.median
    matplotlib.rcParams["font.size"] = 40
def emptied(subject):
    subject.joined.frame.loc[:, "value"] = 0.0
mine = Kind("mine", "Mine", {maker})
"""
    site = install(tmp_path / "site", project, odd=code)
    out = tmp_path / "a.svg"
    done = placeatlas("map", pay, "--geography", "RGN", "--measure", "mean", "--kind", "mine", "-o", out, beside=site)
    assert done.returncode == 1
    assert said in done.stderr, done.stderr
    assert not out.exists()
