"""Print every table of calibration, or those named."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

TABLES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))

parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.calibration", description=__doc__)
parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)}; all where none is named")
parser.add_argument("--maps", type=int, default=200, help="maps made of each kind (default 200)")
parser.add_argument("--seed", type=int, default=20240911, help="of all that is drawn")
parser.add_argument("--family", action="append", help="of maps, in kinds: exponential:300 (repeatable)")
parser.add_argument("--kind", action="append", help="of place, in kinds: a built-in definition, clump-12 (repeatable)")
parser.add_argument("--n", action="append", help="areas of kinds: districts, or a membership table (repeatable)")
given = parser.parse_args()
if strange := sorted(set(given.tables) - set(TABLES)):
    parser.error(f"no table {', '.join(strange)}: choose of {', '.join(TABLES)}")
for table in given.tables or TABLES:
    print(f"\n== {table}", flush=True)
    own = {"families": given.family, "kinds": given.kind, "areas": given.n} if table == "kinds" else {}
    importlib.import_module(f"tests.benchmarks.calibration.{table}").main(given.maps, given.seed, **own)
