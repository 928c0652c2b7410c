"""Damage files and print what came of it: ``python -m tests.fuzz [COUNT [SEED]]``; ends with 1 where anything failed."""

from __future__ import annotations

import sys

from tests.fuzz.readers import READERS
from tests.fuzz.running import attack_apart

COUNT = 20_700

count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
failed = total = 0
print(f"{'reader':16} {'tries':>7} {'read':>7} {'refused':>8} {'failed':>7} {'peak MB':>8}")
for reader in READERS:
    told = attack_apart(reader, -(-count // len(READERS)), seed)
    failures = sum(told.failures.values())
    failed, total = failed + failures, total + told.tries
    print(
        f"{reader.name:16} {told.tries:7,} {told.read:7,} {told.refused:8,} {failures:7,} {told.peak_kb / 1024:8,.0f}",
        flush=True,
    )
    for fault, times in told.failures.items():
        print(f"    {times} × {fault}", flush=True)
print(f"{'all':16} {total:7,} {'':7} {'':8} {failed:7,}")
sys.exit(1 if failed else 0)
