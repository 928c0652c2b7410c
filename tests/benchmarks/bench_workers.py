"""Builds by one process and by two, and what a further outcome costs: ``python -m tests.benchmarks.bench_workers [growth] [N …]``.

Seconds of the clock are paired; CPU seconds stand beside them, since on a machine with other work only they can be compared. Two
workers can at best halve the clock where two cores are idle: what one process does before and after the tasks is not shared.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from boundaries.sources.els import read_all

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
RUNS = int(os.environ.get("PLACEATLAS_BENCH_RUNS", "3"))
FEW = 3
"""Outcomes of the paired builds."""
SMALL = '[outputs]\nkinds = ["choropleth", "clusters", "levels"]\nformats = ["png"]\npacks = []\narea_pages = false\n'
"""Settings of the growth table, so that 34 outcomes are built in minutes."""
BUILD = """
import sys
from pathlib import Path
from maps.atlas.jobs import How
from maps.atlas.run import build_atlas
if __name__ == "__main__":
    build_atlas(sys.argv[1], data=[Path(sys.argv[2])], out=Path(sys.argv[3]), how=How(workers=int(sys.argv[4]), resume=False))
"""


def main(names: list[str] | None = None) -> None:
    """Print a row a comparison; say when the folder is absent."""
    if not (REAL_DATA / "outcomes" / "els").is_dir():
        print("builds of Explore Local Statistics: skipped, no folder of published files")
        return
    asked = names or ["pairs", "growth"]
    counts = [int(name) for name in asked if name.isdecimal()]
    with tempfile.TemporaryDirectory() as folder:
        if "pairs" in asked:
            pairs(Path(folder))
        if "growth" in asked:
            growth(Path(folder), counts or [5, 10, 20, 34])


def pairs(folder: Path) -> None:
    """Build outcomes with every kind, format and pack by one process and by two, in turn."""
    config = written(folder, FEW, "")
    found = [[built(config, folder, workers) for workers in (1, 2)] for _ in range(RUNS)]
    ratio = statistics.median(one[0] / two[0] for one, two in found)
    print(
        f"{FEW} outcomes, all kinds, formats and packs; load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for at, name in enumerate(("one process", "two processes")):
        clock, cpu = (statistics.median(pair[at][which] for pair in found) for which in (0, 1))
        print(f"  {name:14} {clock:7.1f} s of the clock, {cpu:7.1f} CPU seconds")
    print(f"  one / two, pair by pair: {ratio:.2f} ({RUNS} pairs)")


def growth(folder: Path, counts: list[int]) -> None:
    """Build more and more outcomes by two workers, with small settings."""
    print("growth, two workers, PNGs of three kinds, no packs (small settings):")
    last: tuple[int, float] | None = None
    for count in counts:
        config = written(folder, count, SMALL)
        clock, cpu = built(config, folder, 2)
        more = "" if last is None else f"   {(cpu - last[1]) / (count - last[0]):.1f} CPU seconds a further outcome"
        print(f"  {count:3} outcomes {clock:7.1f} s of the clock, {cpu:7.1f} CPU seconds{more}", flush=True)
        last = (count, cpu)


def outcomes(count: int) -> list[str]:
    """Return the names of so many outcomes of areas, in the order of the alphabet; those of regions only are left out."""
    found: list[str] = []
    for path in sorted((REAL_DATA / "outcomes" / "els").glob("*/*.csv")):
        table = read_all(path)[0]
        if table.meta.geography in {"", "LAD"} and table.frame["code"].astype(str).str.match("E0[6-9]").any():
            found.append(path.relative_to(REAL_DATA).as_posix())
        if len(found) == count:
            break
    return found


def written(folder: Path, count: int, outputs: str) -> Path:
    """Write a configuration of so many outcomes."""
    parts = [
        f'[[outcome]]\nid = "{Path(name).stem.replace("_", "-").lower()}"\nfile = "{name}"\nsource = "els"\n'
        'allow = ["missing", "other-geographies"]\n'
        for name in outcomes(count)
    ]
    path = folder / f"{count}.toml"
    head = 'schema = 1\ntitle = "Growth"\nslug = "growth"\n'
    path.write_text(head + outputs + "".join(parts), encoding="utf-8")
    return path


def built(config: Path, folder: Path, workers: int) -> tuple[float, float]:
    """Build in a fresh process; return seconds of the clock, and of all processes' CPU."""
    before, start = _cpu(), time.perf_counter()
    command = [
        sys.executable,
        "-c",
        BUILD,
        str(config),
        str(REAL_DATA),
        str(folder / f"out-{workers}-{time.time_ns()}"),
    ]
    subprocess.run([*command, str(workers)], check=True, cwd=Path(__file__).parents[2])
    return time.perf_counter() - start, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1:])
