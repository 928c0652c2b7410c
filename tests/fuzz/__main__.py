"""Damage files and print what came of it: ``python -m tests.fuzz [COUNT [SEED [READER …]]]``; ends with 1 where anything failed.

Where atheris is installed, a quarter of the files are damaged guided by coverage.
"""

from __future__ import annotations

import sys

from tests.fuzz import guided
from tests.fuzz.every import READERS
from tests.fuzz.running import attack_apart

COUNT = 24_000

count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
wanted = [reader for reader in READERS if reader.name in sys.argv[3:] or not sys.argv[3:]]
share = -(-count // len(wanted))
led = share // 4 if guided.available() else 0
if not led:
    print("(no atheris here: no damage is guided by coverage)")
failed = total = hangs = 0
print(
    f"{'reader':16} {'tries':>7} {'guided':>7} {'read':>7} {'refused':>8} {'failed':>7} {'peak MB':>8} {'longest s':>9}"
)
for reader in wanted:
    told = attack_apart(reader, share - led, seed)
    if led:
        told.add(guided.attack_guided(reader.name, led, seed))
    failures = sum(told.failures.values())
    hangs += sum(times for fault, times in told.failures.items() if fault.startswith("hang"))
    failed, total = failed + failures, total + told.tries
    counts = f"{told.tries:7,} {led:7,} {told.read:7,} {told.refused:8,} {failures:7,}"
    print(f"{reader.name:16} {counts} {told.peak_kb / 1024:8,.0f} {told.longest_s:9.1f}", flush=True)
    for fault, times in told.failures.items():
        print(f"    {times} × {fault}", flush=True)
print(f"{'all':16} {total:7,} {'':7} {'':7} {'':8} {failed:7,}   hangs: {hangs}")
sys.exit(1 if failed else 0)
