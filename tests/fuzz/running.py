"""One process a reader: each damaged file is bounded in time and memory, and the process tells what came of them all."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.transport.answers import TryAgainError
from geo.errors import PlaceatlasError
from tests.fuzz.every import READERS
from tests.fuzz.mutators import damaged

if TYPE_CHECKING:
    from tests.fuzz.readers import Reader

MEMORY = 4 * 1024**3
"""Bytes of address space that a reader may take."""

SECONDS = 60
"""Processor time of the machine that one file may take before the process is ended."""


@dataclass(slots=True)
class Told:
    """What came of the files given to a reader: how many were read, refused, and failed with what; kilobytes and seconds at most."""

    tries: int = 0
    read: int = 0
    refused: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    peak_kb: int = 0
    longest_s: float = 0.0

    def add(self, more: Told) -> None:
        """Count what another process told of the same reader."""
        self.tries += more.tries
        self.read += more.read
        self.refused += more.refused
        for fault, times in more.failures.items():
            self.failures[fault] = self.failures.get(fault, 0) + times
        self.peak_kb = max(self.peak_kb, more.peak_kb)
        self.longest_s = max(self.longest_s, more.longest_s)


def attack(reader: Reader, count: int, seed: int) -> Told:
    """Give a reader ``count`` damaged files in this process."""
    told = Told()
    chance = random.Random(f"{reader.name} {seed}")
    example = reader.example()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / reader.file
        path.write_bytes(example)
        reader.read(path)  # the sound one is read, or nothing is learnt from the others
        for _ in range(count):
            path.write_bytes(damaged(example, chance))
            signal.alarm(SECONDS)
            try:
                give(reader, path, told)
            finally:
                signal.alarm(0)
    told.peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return told


def give(reader: Reader, path: Path, told: Told) -> None:
    """Give a reader one file, and note what came of it."""
    told.tries += 1
    said = io.StringIO()
    began = time.process_time()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(said):
            warnings.simplefilter("ignore")
            reader.read(path)
        told.read += 1
    except (PlaceatlasError, TryAgainError):
        told.refused += 1
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__}: {str(error)[:80]} ({Path(where.filename).name}:{where.lineno})"
        told.failures[fault] = told.failures.get(fault, 0) + 1
        keep(reader, path, fault)
    told.longest_s = max(told.longest_s, time.process_time() - began)
    if said.getvalue():
        told.failures["printed on standard output"] = told.failures.get("printed on standard output", 0) + 1


def keep(reader: Reader, path: Path, fault: str) -> None:
    """Keep a file that fails where the environment variable says, so that its fault can be mended and it can be tried again."""
    folder = os.environ.get("PLACEATLAS_FUZZ_KEEP")
    if folder:
        name = hashlib.sha256(fault.encode()).hexdigest()[:8]
        place = Path(folder) / reader.name.replace(" ", "-") / name
        place.mkdir(parents=True, exist_ok=True)
        (place / path.name).write_bytes(path.read_bytes())
        (place / "fault.txt").write_text(f"{fault}\n", encoding="utf-8")


def attack_apart(reader: Reader, count: int, seed: int) -> Told:
    """Do the same in a process of its own, so that a hang or a crash ends that one only, and is told."""
    words = [sys.executable, "-m", "tests.fuzz.running", reader.name, str(count), str(seed)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return Told(**json.loads(done.stdout.splitlines()[-1]))
    why = "hang" if done.returncode == -signal.SIGALRM else f"crash ({done.returncode})"
    return Told(tries=count, failures={f"{why}: {(done.stderr.splitlines() or [''])[-1][:200]}": 1})


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    wanted = next(one for one in READERS if one.name == sys.argv[1])
    found = attack(wanted, int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({name: getattr(found, name) for name in Told.__slots__}))
