"""Disturb every verb that writes and print what it left: ``python -m tests.torture [KILLS [VERB …]]``; ends with 1 on a failure.

Each verb is killed at up to KILLS changes that Python makes to the disk and at as many random moments; where ``strace`` runs,
half as many of the calls that it makes to the system are met by a kill or by an error of the disk.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.torture.calls import available, disturb
from tests.torture.killing import torture
from tests.torture.verbs import VERBS, Verb, write_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.torture.scene import Tried


def on_stage(verb: Verb, attack: Callable[[Verb, Path], Tried]) -> Tried:
    """Attack a verb in a folder of its own that is removed after."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["PLACEATLAS_CACHE"] = str(folder / ("out/cache" if verb.out == "cache" else "cache"))
        (folder / "out").mkdir()
        write_inputs(folder, verb)
        return attack(verb, folder)


kills = int(sys.argv[1]) if len(sys.argv) > 1 else 40
traced = available()
total = {"kills": 0, "faults": 0, "failed": 0}
print(f"{'verb':16} {'way':8} {'kills':>6} {'faults':>7} {'former':>7} {'new':>5} {'failed':>7}")
if not traced:
    print("(no strace here: no call to the system is met)")
for one in (verb for verb in VERBS if verb.name in sys.argv[2:] or not sys.argv[2:]):
    share = max(1, round(kills * one.share))
    attacks = {"changes": lambda verb, folder, share=share: torture(verb, folder, kills=share)}
    if traced:
        attacks["calls"] = lambda verb, folder, share=share: disturb(verb, folder, tries=max(1, share // 2))
    for way, attack in attacks.items():
        tried = on_stage(one, attack)
        for name, count in (("kills", tried.kills), ("faults", tried.faults), ("failed", len(tried.failures))):
            total[name] += count
        columns = f"{tried.kills:6} {tried.faults:7} {tried.former:7} {tried.new:5} {len(tried.failures):7}"
        print(f"{one.name:16} {way:8} {columns}", flush=True)
        for fault in tried.failures[:10]:
            print(f"    {fault}", flush=True)
print(f"{'all':16} {'':8} {total['kills']:6} {total['faults']:7} {'':7} {'':5} {total['failed']:7}")
sys.exit(1 if total["failed"] else 0)
