"""Kill a verb at one change it makes to the disk, and judge what it left.

A process in which everything is imported is forked for each kill, so that a kill costs a run of the verb and no more. Changes
are counted by the audit events of Python (opening to write, renaming, removing, making and removing folders); what libraries
write between two of them is met by kills at a random moment.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo import cli
from geo.provenance import sha256_of
from geo.staging import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.torture.verbs import Verb

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree", "os.link"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(slots=True)
class Tried:
    """Kills of one verb: how many, how many left the former output, how many the new one, and what was wrong."""

    kills: int = 0
    former: int = 0
    new: int = 0
    failures: tuple[str, ...] = ()


def whole(path: Path) -> dict[str, str]:
    """Return the hash of every file of an output, by relative path; nothing where it is not there."""
    if path.is_file():
        return {"": sha256_of(path)}
    return {item.relative_to(path).as_posix(): sha256_of(item) for item in sorted(path.rglob("*")) if item.is_file()}


def in_fork(work: Callable[[], int]) -> int:
    """Run work in a copy of this process, silently; return its exit code, negative for the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(null, stream)
        code = work()
    finally:
        os._exit(code)


def counting(kill_at: int, tell: Callable[[int], object] = lambda _count: None) -> None:
    """Count the changes that this process makes from now on; die at one of them (0: at none)."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        if event in _CHANGES or writes:
            count += 1
            tell(count)
            if count == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def changes_of(words: list[str]) -> int:
    """Run a verb to its end in a copy of this process and return how many changes it makes to the disk."""
    read, write = os.pipe()

    def work() -> int:
        counting(0, lambda _count: os.write(write, b"."))
        return cli.run(words)

    counted = []

    def drain() -> None:
        while block := os.read(read, 65536):
            counted.append(len(block))

    reader = threading.Thread(target=drain)
    reader.start()
    code = in_fork(work)
    os.close(write)
    reader.join()
    os.close(read)
    if code != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {code}")
    return sum(counted)


def torture(verb: Verb, folder: Path, *, kills: int) -> Tried:
    """Kill a verb at up to ``kills`` of its changes and at as many random moments, with and without a former output.

    Parameters
    ----------
    folder : with the inputs; the working folder of this process while it runs.
    """
    out = folder / "out" / verb.out
    words = [word.replace("{out}", os.fspath(out)) for word in verb.words]
    with contextlib.chdir(folder):
        started = time.monotonic()
        total = changes_of(words)
        took = time.monotonic() - started
        expected = whole(out)
        tried, failures = Tried(), []
        places = sorted({1 + (total - 1) * place // max(kills - 1, 1) for place in range(min(kills, total))})
        chance = random.Random(verb.name)
        ways: list[tuple[str, Callable[[], object]]] = [
            (f"change {place} of {total}", functools.partial(counting, place)) for place in places
        ]
        for _ in range(kills):
            after_s = chance.uniform(0, took)
            ways.append((f"after {after_s:.3f} s of {took:.3f}", functools.partial(dying_after, after_s)))
        for turn, (when, arm) in enumerate(ways):
            shutil.rmtree(out.parent)
            out.parent.mkdir()
            if turn % 2 == 0:
                _stand(out)
            before = whole(out)
            code = in_fork(functools.partial(_armed, arm, words))
            in_fork(_tidied)
            tried.kills += code < 0
            after = whole(out)
            tried.former += after == before
            tried.new += after == expected and after != before
            failures += [f"{when}: {fault}" for fault in _faults(out, after, before, expected)]
        tried.failures = tuple(failures)
    return tried


def dying_after(seconds: float) -> None:
    """Let the system end this process after some time, as it ends one that is killed: nothing of ours runs."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _armed(arm: Callable[[], object], words: list[str]) -> int:
    arm()
    return cli.run(words)


def _tidied() -> int:
    tidy()
    return 0


def _stand(out: Path) -> None:
    """Put a former output where the verb writes: a file, or a folder of ours."""
    if out.suffix:
        out.write_bytes(b"former")
        return
    out.mkdir()
    (out / "manifest.json").write_text('{"tool": "placeatlas"}', encoding="utf-8")
    (out / "index.html").write_text("former", encoding="utf-8")


def _faults(out: Path, after: dict[str, str], before: dict[str, str], expected: dict[str, str]) -> Iterator[str]:
    if after not in (before, expected):
        yield "neither the former output nor the new one"
    if left := sorted(item.name for item in out.parent.iterdir() if item != out):
        yield f"left behind: {', '.join(left)}"
