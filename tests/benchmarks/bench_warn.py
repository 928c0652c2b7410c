"""The watch list of Explore Local Statistics, from files to list: time and memory, and how they grow with outcomes and periods."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from analysis.change.watching import watch
from analysis.one_table.reading import Reading
from analysis.watch.from_files import files_in, series_from
from analysis.watch.warn import warn_of

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
FILES = (5, 10, 20, 34)
LENGTHS = (2, 5, 10, 20)
READING = Reading(source="els")


def alone(folder: Path, number: int) -> None:
    """Make the list of some files in this process and print processor seconds and the most memory held."""
    start = time.process_time()
    warned = warn_of(files_in([folder])[:number], reading=READING)
    seconds, held = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{number:>3} files, {len(warned.series):>3} outcomes: {seconds:6.1f} s of processor, {held:6.0f} MB  {warned.found!r}"
    )


def main() -> None:
    """Print a row a number of files, each in a process of its own, and a row a number of periods."""
    folder = REAL_DATA / "outcomes" / "els"
    if not folder.is_dir():
        print("watch list of Explore Local Statistics: skipped, no folder of published files")
        return
    for number in FILES:
        code = f"import pathlib; from tests.benchmarks.bench_warn import alone; alone(pathlib.Path({str(folder)!r}), {number})"
        subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
    (employment,) = (
        one
        for one in series_from([folder / "employment-rate" / "employment-rate.csv"], READING)
        if one.meta.id == "employment-rate"
    )
    for length in LENGTHS:
        start = time.process_time()
        watch([employment.taking(range(len(employment.periods) - length, len(employment.periods)))])
        print(f"{length:>3} periods of one outcome: {time.process_time() - start:5.2f} s of processor")


if __name__ == "__main__":
    main()
