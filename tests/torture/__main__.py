"""Kill every verb that writes and print what it left: ``python -m tests.torture [KILLS [VERB …]]``; ends with 1 on a failure."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.torture.killing import torture
from tests.torture.verbs import VERBS, write_inputs

kills = int(sys.argv[1]) if len(sys.argv) > 1 else 40
failed = total = 0
print(f"{'verb':16} {'kills':>6} {'former':>7} {'new':>5} {'failed':>7}")
for verb in (one for one in VERBS if one.name in sys.argv[2:] or not sys.argv[2:]):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["PLACEATLAS_CACHE"] = str(folder / "cache")
        (folder / "out").mkdir()
        write_inputs(folder)
        tried = torture(verb, folder, kills=kills)
    failed, total = failed + len(tried.failures), total + tried.kills
    print(f"{verb.name:16} {tried.kills:6} {tried.former:7} {tried.new:5} {len(tried.failures):7}", flush=True)
    for fault in tried.failures[:10]:
        print(f"    {fault}", flush=True)
print(f"{'all':16} {total:6} {'':7} {'':5} {failed:7}")
sys.exit(1 if failed else 0)
