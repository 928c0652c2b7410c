"""Let a guest in: its output goes to standard error, its time is bounded, its ways of leaving are errors that name it."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from geo.errors import ConfigError, PluginError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.guests.watching import Watch

SECONDS = 1800.0
"""Time that an extension may take for one thing that it is asked for, unless ``VARIABLE`` says otherwise."""

VARIABLE = "PLACEATLAS_EXTENSION_SECONDS"
"""Environment variable with another limit, in seconds; 0 for none."""

GRACE_S = 5.0
"""Seconds more until a process that cannot be interrupted, being deep in a library, is ended by the command line."""


class _OutOfTimeError(BaseException):
    """Not an Exception: a guest that catches those would otherwise go on."""


def time_allowed() -> float:
    """Return the limit in seconds; 0 for none.

    Raises
    ------
    ConfigError
        The variable holds no number of seconds.
    """
    stated = os.environ.get(VARIABLE, "")
    try:
        seconds = float(stated) if stated.strip() else SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e9:
        raise ConfigError(f"{VARIABLE} = {stated[:40]!r} is no time", ["expected seconds, or 0 for no limit"])
    return seconds


@contextlib.contextmanager
def guest(who: str, *, given: tuple[object, ...] = (), hard: bool = False) -> Iterator[None]:
    """Run code of another distribution in the block.

    Parameters
    ----------
    who : what it is and who brings it, for messages ("the statistic 'x' of y 1.0").
    given : what it is handed and may not change.
    hard : end the process where it cannot be interrupted: for a command line, not for a notebook.

    Raises
    ------
    PluginError
        It left by ``exit``, took too long, replaced functions or settings of others (they are put back), or changed what it was
        given. Its own exceptions go through, and are for the caller to name.
    ConfigError
        As ``time_allowed``.
    """
    from geo.guests.sealing import seal  # noqa: PLC0415  # numbers are not needed to list what is installed
    from geo.guests.watching import Watch  # noqa: PLC0415  # as above

    seconds = time_allowed()
    watch, sealed = Watch(), seal(given)
    clock = _Clock(seconds, hard=hard)
    try:
        with _quiet(), clock:
            yield
    except SystemExit as left:
        raise PluginError(f"{who} called exit", [f"with {left.code!r}", *_put_back(watch)]) from left
    except _OutOfTimeError as late:
        raise _late(who, seconds, watch) from late
    except BaseException:
        watch.changes()
        raise
    if clock.rang:  # and it went on all the same
        raise _late(who, seconds, watch)
    if replaced := watch.changes():
        more = [f"and {len(replaced) - 5} more"] if len(replaced) > 5 else []
        raise PluginError(
            f"{who} changed what is not its own: {', '.join([*replaced[:5], *more])}",
            ["every number after it would have been another", "it was put back, and nothing was written"],
        )
    if seal(given) != sealed:
        raise PluginError(
            f"{who} changed the numbers that it was given", ["nothing was written", "it must work on a copy of them"]
        )


def _late(who: str, seconds: float, watch: Watch) -> PluginError:
    return PluginError(
        f"{who} took longer than {seconds:g} s",
        [*_put_back(watch), f"give it more with the environment variable {VARIABLE}=SECONDS (0: no limit)"],
    )


def _put_back(watch: Watch) -> list[str]:
    replaced = watch.changes()
    return [f"it had changed {', '.join(replaced[:5])}, which was put back"] if replaced else []


class _Clock:
    """Interrupts the main thread when the time is up, again every second until it listens.

    Where there is no such alarm (another thread, another system) the time is only read afterwards.
    """

    def __init__(self, seconds: float, *, hard: bool) -> None:
        main = threading.current_thread() is threading.main_thread()
        self.seconds, self.hard = seconds, hard and seconds > 0
        self.alarmed = seconds > 0 and main and hasattr(signal, "setitimer")
        self.rang = self.done = False

    def __enter__(self) -> None:
        self.started = time.monotonic()
        if self.alarmed:
            self.handler = signal.signal(signal.SIGALRM, self._ring)
            self.outer = signal.setitimer(signal.ITIMER_REAL, self.seconds, 1.0)
        if self.hard:
            faulthandler.dump_traceback_later(self.seconds + GRACE_S, exit=True, file=sys.__stderr__ or sys.stderr)

    def __exit__(self, *_: object) -> None:
        self.done = True  # first of all: an alarm from here on must not interrupt
        if self.hard:
            faulthandler.cancel_dump_traceback_later()
        took = time.monotonic() - self.started
        if self.alarmed:
            left, every = self.outer
            signal.setitimer(signal.ITIMER_REAL, max(left - took, 0.001) if left else 0.0, every)
            signal.signal(signal.SIGALRM, self.handler)
        self.rang = self.rang or 0 < self.seconds < took

    def _ring(self, *_: Any) -> None:
        self.rang = True
        if not self.done:
            raise _OutOfTimeError


_turn = threading.RLock()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send what is printed, by Python and by what it calls, to standard error: what stands on standard output is ours."""
    with _turn, contextlib.redirect_stdout(sys.stderr):
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        try:
            kept = os.dup(1)
            os.dup2(2, 1)
        except OSError:  # one of them is closed: then nothing can reach it
            yield
            return
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
