"""Damage guided by coverage: what reaches lines that nothing reached before is damaged further. Needs atheris (libFuzzer).

``python -m tests.fuzz.guided READER RUNS SEED`` in a process of its own, since libFuzzer ends the process in which it runs.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.running import Told

OURS = ["geo", "boundaries", "analysis", "maps"]
"""What is measured: our own lines, not those of libraries."""

SECONDS = 60
"""After which one file counts as a hang, and the process is ended."""


def available() -> bool:
    """Say whether atheris is installed: it has no wheel for every Python."""
    return importlib.util.find_spec("atheris") is not None


def attack_guided(reader: str, runs: int, seed: int) -> Told:
    """Attack a reader in a process of its own, and return what it told."""
    from tests.fuzz.running import Told  # noqa: PLC0415  # loads what the process apart must load as it measures

    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.fuzz.guided", reader, str(runs), str(seed), folder]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        report = Path(folder) / "told.json"
        if done.returncode == 0 and report.exists():
            return Told(**json.loads(report.read_text(encoding="utf-8")))
        last = (done.stderr.strip().splitlines() or [""])[-1][:200]
        return Told(tries=runs, failures={f"hang or crash ({done.returncode}): {last}": 1})


def _main(name: str, runs: int, seed: int, folder: Path) -> None:
    import atheris  # noqa: PLC0415  # told by available()

    with atheris.instrument_imports(include=OURS):
        from tests.fuzz.every import READERS  # noqa: PLC0415
        from tests.fuzz.mutators import damaged  # noqa: PLC0415
        from tests.fuzz.running import MEMORY, Told, give  # noqa: PLC0415

    reader = next(one for one in READERS if one.name == name)
    example, told = reader.example(), Told()
    corpus, path = folder / "corpus", folder / reader.file
    corpus.mkdir()
    (corpus / "sound").write_bytes(example)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        content = bytes(data)
        with contextlib.suppress(Exception):  # a container that is broken already is damaged as bytes
            content = damaged(content, random.Random(seed))
        return content[:most]

    def one(data: bytes) -> None:
        path.write_bytes(data)
        give(reader, path, told)
        # after every file: libFuzzer ends the process, and lets Python do nothing more
        told.peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        said = {name: getattr(told, name) for name in Told.__slots__}
        (folder / "told.json").write_text(json.dumps(said), encoding="utf-8")

    options = [f"-runs={runs}", f"-seed={seed}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEMORY >> 20}"]
    atheris.Setup(
        [sys.argv[0], *options, f"-max_len={4 * len(example) + 4096}", f"-artifact_prefix={folder}/", str(corpus)],
        one,
        custom_mutator=mutated,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
