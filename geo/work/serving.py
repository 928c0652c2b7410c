"""What a worker does: take an order, do it, say so; until nobody gives orders any more."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import traceback
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from geo.work.jobs import Job, Shared, unpacked
from geo.work.kept import Store

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from geo.work.jobs import Need


@dataclass(frozen=True, slots=True)
class Order:
    """A job written down: its task as ``packed``, and the file of what it is done on."""

    key: str
    task: bytes
    needs: tuple[Need, ...]
    shared: Path
    store: Path


@dataclass(frozen=True, slots=True)
class Done:
    """A job is done and kept."""


class ElsewhereError(Exception):
    """The traceback of an error in another process, as text."""

    def __str__(self) -> str:
        """Show it below the error that it is the cause of."""
        return f"\n{self.args[0]}"


@dataclass(frozen=True, slots=True)
class Failed:
    """A job raised an error: the error as bytes where it can travel, and its traceback."""

    pickled: bytes | None
    trace: str

    @classmethod
    def of(cls, error: BaseException) -> Failed:
        """Write an error down."""
        trace = "".join(traceback.format_exception(error))
        try:
            data = pickle.dumps(error)
            pickle.loads(data)  # noqa: S301 - our own bytes; an error that cannot be made again is told by its text
        except Exception:  # noqa: BLE001 - whatever its constructor does
            return cls(None, trace)
        return cls(data, trace)

    def error(self) -> BaseException:
        """Return the error as it was raised, with the other process's traceback as its cause."""
        error = RuntimeError("a task failed in a worker") if self.pickled is None else pickle.loads(self.pickled)  # noqa: S301
        error.__cause__ = ElsewhereError(self.trace)
        return error


def serve(pipe: Connection) -> None:
    """Take orders from a pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever gives the orders ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe.send(Done())
    while True:
        try:
            order: Order = pipe.recv()
        except EOFError:
            return
        try:
            _do(order)
        except Exception as error:  # noqa: BLE001 - told to whoever gave the order, and raised there
            pipe.send(Failed.of(error))
        else:
            pipe.send(Done())


def _do(order: Order) -> None:
    shared = _shared(order.shared)
    job = Job(order.key, "", unpacked(order.task, shared.parts), shared, order.needs)
    Store(order.store).do(job)


@lru_cache(maxsize=2)
def _shared(path: Path) -> Shared:
    """Read what many tasks are done on, once a worker; the grounds of one geography, then the atlas."""
    return Shared("", pickle.loads(path.read_bytes()))  # noqa: S301 - written by whoever gives the orders, in the user's cache


def _end_with_parent() -> None:
    """End this process when the one that gave it orders is gone, however it went."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
