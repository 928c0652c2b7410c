"""Disturb a verb at the calls that it makes to the system, in a process of its own: a kill, a full disk, a disk that fails.

``strace`` counts the calls that change something, and is then asked to end the process at one of them or to answer it with an
error. So what libraries written in C do between two lines of Python is met, too.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.torture.scene import Scene, Tried

if TYPE_CHECKING:
    from pathlib import Path

    from tests.torture.verbs import Verb

CALLS = (
    "write",
    "pwrite64",
    "writev",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename",
    "mkdir",
    "unlink",
    "rmdir",
    "unlinkat",
)
"""Calls that change what is on the disk."""

WAYS = ("signal=KILL", "error=ENOSPC", "signal=KILL", "error=EIO")
"""What is done to a call, in turn."""

SECONDS = 600
"""Time after which a run counts as one that hangs."""

_CALL = re.compile(r"^(\d+) +(\w+)\(")
_PROGRAM = "import sys; from geo.cli import main; main()"


def available() -> bool:
    """Say whether ``strace`` is there and may trace."""
    found = shutil.which("strace")
    return (
        found is not None and subprocess.run([found, "-qq", "true"], capture_output=True, check=False).returncode == 0
    )


def disturb(verb: Verb, folder: Path, *, tries: int) -> Tried:
    """Disturb a verb at ``tries`` of its calls, spread over all that it makes, with and without a former output."""
    scene = Scene(verb, folder)
    with contextlib.chdir(folder):
        scene.set(former=True)
        calls = _calls_of(scene)
        scene.keep()
        tried, failures = Tried(), []
        for turn in range(tries):
            # The middle of each of as many stretches as there are tries.
            name, count = calls[(2 * turn + 1) * len(calls) // (2 * tries)]
            way = WAYS[turn % len(WAYS)]
            scene.set(former=turn // 2 % 2 == 0)
            done = _traced(scene, ["-e", f"trace={name}", "-e", f"inject={name}:{way}:when={count}"])
            killed = way.startswith("signal")
            tried.kills += killed
            tried.faults += not killed
            wrong = [*scene.judged(tried), *([] if killed else _said(done, verb))]
            failures += [f"{way} at {name} {count}: {fault}" for fault in wrong]
        failures += scene.last(lambda: _traced(scene, []).returncode)
        tried.failures = tuple(failures)
    return tried


def _calls_of(scene: Scene) -> list[tuple[str, int]]:
    """Run a verb undisturbed; return its calls, each with its number among those of that name of one thread."""
    log = scene.folder / "calls.log"
    done = _traced(scene, ["-e", f"trace={','.join(CALLS)}"], log)
    if done.returncode != scene.verb.code:
        raise RuntimeError(f"{' '.join(scene.words)} ended with {done.returncode}: {done.stderr[-400:]}")
    counts: dict[tuple[str, str], int] = {}
    calls = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if (found := _CALL.match(line)) is None:
            continue
        thread = (found[1], found[2])
        counts[thread] = counts.get(thread, 0) + 1
        calls.append((found[2], counts[thread]))
    return list(dict.fromkeys(calls))


def _traced(scene: Scene, options: list[str], log: Path | None = None) -> subprocess.CompletedProcess[str]:
    words = ["strace", "-f", "-qq", "-o", os.fspath(log or os.devnull), *options, sys.executable, "-c", _PROGRAM]
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*words, *scene.words], env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def _said(done: subprocess.CompletedProcess[str], verb: Verb) -> list[str]:
    """Say what is wrong with how a verb told of a fault of the disk: one error of ours, or the whole output."""
    if "Traceback" in done.stderr:
        return [f"a traceback: {done.stderr.splitlines()[-1][:200]}"]
    if done.returncode == verb.code:
        return []
    if done.returncode < 0 or "placeatlas: error: " not in done.stderr:
        return [f"ended with {done.returncode} and no error of ours: {done.stderr[-200:]!r}"]
    return []
