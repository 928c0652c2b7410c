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
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from geo import cli
from tests.torture.scene import Scene, Tried
from tests.torture.verbs import in_fork

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.torture.verbs import Verb

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree", "os.link"})
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


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


def changes_of(words: list[str], code: int = 0) -> int:
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
    ended = in_fork(work)
    os.close(write)
    reader.join()
    os.close(read)
    if ended != code:
        raise RuntimeError(f"{' '.join(words)} ended with {ended}")
    return sum(counted)


def torture(verb: Verb, folder: Path, *, kills: int) -> Tried:
    """Kill a verb at up to ``kills`` of its changes and at as many random moments, with and without a former output.

    Parameters
    ----------
    folder : with the inputs; the working folder of this process while it runs.
    """
    scene = Scene(verb, folder)
    with contextlib.chdir(folder):
        scene.set(former=True)
        started = time.monotonic()
        total = changes_of(scene.words, verb.code)
        took = time.monotonic() - started
        scene.keep()
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
            scene.set(former=turn % 2 == 0)
            code = in_fork(functools.partial(_armed, arm, scene.words))
            failures += [f"{when}: {fault}" for fault in scene.judged(tried)]
            tried.kills += code < 0
        failures += scene.last(lambda: in_fork(functools.partial(cli.run, scene.words)))
        tried.failures = tuple(failures)
    return tried


def dying_after(seconds: float) -> None:
    """Let the system end this process after some time, as it ends one that is killed: nothing of ours runs."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _armed(arm: Callable[[], object], words: list[str]) -> int:
    arm()
    return cli.run(words)
