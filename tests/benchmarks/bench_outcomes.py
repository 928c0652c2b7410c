"""Read, type and join every file of Explore Local Statistics, against pandas reading the same bytes and doing nothing else."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import join
from boundaries.sources.els import read_all
from geo.errors import JoinError
from tests.benchmarks.pairing import paired

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.areas.boundary_set import BoundarySet

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
DATE = dt.date(2025, 3, 31)
_PAIRS = 21
"""Half a second against a tenth: of five pairs the median still moves by a third on a machine with other work."""
BARE = (
    "import pathlib, sys; import pandas as pd\nfor path in pathlib.Path(sys.argv[1]).glob('*/*.csv'): pd.read_csv(path)"
)
OURS = "import pathlib, sys; from tests.benchmarks.bench_outcomes import *; read_and_join(pathlib.Path(sys.argv[1]), boundaries())"
GROWTH = """
import pathlib, sys, tracemalloc
import pyarrow
from boundaries.sources.els import read_all
tracemalloc.start()
tables = read_all(pathlib.Path(sys.argv[1]))
peak = tracemalloc.get_traced_memory()[1] + pyarrow.default_memory_pool().max_memory()
print(peak, sum(int(table.frame.memory_usage(deep=True).sum()) for table in tables))
"""


def boundaries() -> dict[str, BoundarySet]:
    """Return the two sets the files are joined to."""
    return {name: load_boundary_set(name, DATE) for name in ("LAD", "UTLA")}


def read_and_join(folder: Path, sets: Mapping[str, BoundarySet], *, every: bool = False) -> tuple[int, int, int, int]:
    """Read every file whole and join the first indicator of each (or all); return files, rows, joined, refused.

    What a join refuses is refused for its reason: two files hold regions only.
    """
    files = rows = joined = refused = 0
    for path in sorted(folder.glob("*/*.csv")):
        tables = read_all(path)
        files += 1
        rows += sum(len(table.frame) for table in tables)
        for table in tables if every else tables[:1]:
            try:
                join(table, sets["UTLA" if table.meta.geography == "UTLA" else "LAD"], allow={"missing"})
                joined += 1
            except JoinError:
                refused += 1
    return files, rows, joined, refused


def main() -> None:
    """Print a row a comparison; say when the folder is absent."""
    folder = REAL_DATA / "outcomes" / "els"
    if not folder.is_dir():
        print("34 files of Explore Local Statistics: skipped, no folder of published files")
        return
    sets = boundaries()
    files, rows, joined, refused = read_and_join(folder, sets)
    what = f"{files} files, {rows:,} rows, {joined} joined, {refused} refused"

    def bare() -> None:
        for path in folder.glob("*/*.csv"):
            pd.read_csv(path)

    print(f"after imports        {paired(lambda: read_and_join(folder, sets), bare, runs=_PAIRS)}   {what}")
    every = read_and_join(folder, sets, every=True)
    pair = paired(lambda: read_and_join(folder, sets, every=True), bare, runs=_PAIRS)
    print(f"every indicator      {pair}   {every[2]} joined, {every[3]} refused")
    whole = paired(lambda: _process(OURS, folder), lambda: _process(BARE, folder), runs=5)
    print(f"whole processes      {whole}")
    print(
        "peak of what Python, numpy and Arrow hold while a file is read, against memory_usage(deep=True) of the result:"
    )
    by_size = sorted(folder.glob("*/*.csv"), key=lambda path: path.stat().st_size)
    for path in by_size[-5:]:
        grown, held = _growth(path)
        print(f"  {path.stem:<45} {grown / 1e6:6.1f} MB for {held / 1e6:6.1f} MB, {grown / held:.2f} times")


def _process(code: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, cwd=Path(__file__).parents[2])


def _growth(path: Path) -> tuple[int, int]:
    """Return the peak of a fresh process while it reads, and what the result holds, in bytes."""
    command = [sys.executable, "-c", GROWTH, str(path)]
    done = subprocess.run(command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    grown, held = done.stdout.split()
    return int(grown), int(held)


if __name__ == "__main__":
    main()
