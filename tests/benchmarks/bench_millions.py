"""Memory and time of a tidy table of four million rows: read, check and map, as a table nobody described and by its adapter."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.areas.loading import load_boundary_set

if TYPE_CHECKING:
    from collections.abc import Sequence

DATE = dt.date(2023, 4, 1)
PERIODS, INDICATORS = 40, 277
"""With the 361 districts and the UK: 4,010,960 rows, about 500 MB."""
LIMIT = 1.3e9
"""Bytes of a process at its most, all libraries among them."""
_HEADER = "areacd,areanm,indicator,period,measure,unit,observation,lci_95,uci_95,status,notes\n"


def write_table(path: Path, *, periods: int = PERIODS, indicators: int = INDICATORS) -> int:
    """Write a table like those of Explore Local Statistics: every indicator of every district in every year.

    Parameters
    ----------
    path : the CSV. periods, indicators : how many of each.

    Returns
    -------
    Number of rows. One figure in fifty is missing with a status; every tenth indicator has limits.
    """
    areas = load_boundary_set("LAD", DATE).frame[["code", "name"]]
    areas = pd.concat([pd.DataFrame({"code": ["K02000001"], "name": ["United Kingdom"]}), areas])
    frame = areas.set_axis(["areacd", "areanm"], axis=1).merge(
        pd.DataFrame({"period": [f"{1984 + year}-01-01T00:00:00/P1Y" for year in range(periods)]}), how="cross"
    )
    random = np.random.default_rng(20231)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADER)
        for number in range(indicators):
            figures = np.round(random.normal(50, 9, len(frame)), 1)
            missing = random.random(len(frame)) < 0.02
            limits = number % 10 == 0
            frame.assign(
                indicator=f"Indicator of local life, number {number}",
                measure="Percentage",
                unit="%",
                observation=np.where(missing, np.nan, figures),
                lci_95=np.where(missing | (not limits), np.nan, figures - 1.5),
                uci_95=np.where(missing | (not limits), np.nan, figures + 1.5),
                status=np.where(missing, "x", ""),
                notes="",
            )[_HEADER.strip().split(",")].to_csv(file, index=False, header=False, float_format="%.1f")
    return len(frame) * indicators


def measured(arguments: Sequence[str]) -> tuple[int, float, float]:
    """Run a process of Python; return its exit code, the seconds it took and the bytes it held at most."""
    begun = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, *arguments], dict(os.environ))
    _, status, usage = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - begun, usage.ru_maxrss * 1024


def main(words: Sequence[str] = ()) -> None:
    """Print a line for each of the ways in, or those with one of the words in their name; say which held more than the limit."""
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "millions.csv"
        rows = write_table(path)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")
        first = "indicator=Indicator of local life, number 7"
        command = ["-c", "import geo.cli; geo.cli.main()"]
        quiet = (
            "import os, sys; os.dup2(os.open(os.devnull, os.O_WRONLY), 1); import geo.cli; geo.cli.main(sys.argv[1:])"
        )
        reads = "import sys, placeatlas; print('  ', placeatlas.read(sys.argv[1], **eval(sys.argv[2])))"
        ways = {
            "import placeatlas, geopandas": ["-c", "import placeatlas, geopandas, pyarrow.csv"],
            "read, as a table": ["-c", reads, str(path), "{}"],
            "read, one indicator of a table": ["-c", reads, str(path), f"{{'where': dict([{first.split('=')}])}}"],
            "read, els, one indicator": [
                "-c",
                reads,
                str(path),
                "{'source': 'els', 'indicator': 'Indicator of local life, number 7'}",
            ],
            "check, as a table, one indicator": ["-c", quiet, "check", str(path), "--where", first],
            "check, as a table": ["-c", quiet, "check", str(path)],
            "check, els, one indicator": [
                "-c",
                quiet,
                "check",
                str(path),
                "--source",
                "els",
                "--indicator",
                first.partition("=")[2],
            ],
            "map, as a table, one indicator": [
                *command,
                "map",
                str(path),
                "-o",
                str(folder / "a.png"),
                "--where",
                first,
            ],
            "map, els, one indicator": [
                *command,
                "map",
                str(path),
                "-o",
                str(folder / "b.png"),
                "--source",
                "els",
                "--indicator",
                first.partition("=")[2],
            ],
        }
        for name, arguments in ways.items():
            if words and not any(word in name for word in words):
                continue
            code, seconds, most = measured(arguments)
            over = "   OVER THE LIMIT" if most > LIMIT else ""
            print(f"{name:35} exit {code}   {seconds:6.1f} s   {most / 1e9:5.2f} GB{over}", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
