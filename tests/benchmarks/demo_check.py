"""Check every file of Explore Local Statistics and print what was found as a table: ``python -m tests.benchmarks.demo_check``."""

from __future__ import annotations

import os
import sys
from itertools import groupby
from pathlib import Path

from boundaries.joined.checking import check_file
from boundaries.joined.checks import sorted_periods

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
SHORT = 46


def main() -> None:
    """Print a row a run of periods: file, geography, periods, areas, epoch, faults."""
    files = sorted((REAL_DATA / "outcomes" / "els").glob("*/*.csv"))
    if not files:
        sys.stdout.write("skipped: no folder of published files\n")
        return
    sound = 0
    for path in files:
        check = check_file(path)
        sound += check.sound
        faults = sorted({finding.kind for finding in check.inference.faults})
        notes = sorted(
            {finding.kind for finding in check.inference.findings} - set(faults) - {"other geography", "tiers"}
        )
        said = "; ".join([*(f"FAULT {kind}" for kind in faults), *notes])
        first = f"{path.stem[:SHORT]:<{SHORT}} {check.inference.geography:<4}"
        for span, group in groupby(sorted_periods(check.inference.periods), key=lambda period: period.span):
            run = list(group)
            years = f"{run[0].period[:10]}..{run[-1].period[:10]}" if len(run) > 1 else run[0].period[:10]
            areas = sorted({period.areas for period in run})
            count = f"{areas[0]}-{areas[-1]}" if len(areas) > 1 else f"{areas[0]}"
            sys.stdout.write(f"{first} {years:<22} {count:>7}  {span:<26} {said}".rstrip() + "\n")
            first, said = " " * (SHORT + 5), ""
    sys.stdout.write(f"{len(files)} files; a join would lose or double nothing in {sound}\n")


if __name__ == "__main__":
    main()
