"""Run the calibrations, or those named: ``python -m tests.benchmarks.calibration [kinds …] [options]``; ``kinds --help``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

PARTS = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py") if path.stem != "families")

named = [name for name in sys.argv[1:] if name in PARTS]
rest = [word for word in sys.argv[1:] if word not in PARTS]
for name in named or PARTS:
    print(f"\n== {name}", flush=True)
    importlib.import_module(f"tests.benchmarks.calibration.{name}").main(rest)
