"""End a request that takes too long, in whatever part of it: looking up, connecting, headers or body."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Sockets:
    """The sockets of one client, known by the trace of its requests, so that another thread can end a silent wait.

    A client's timeouts are for each silence; a server that sends one byte of a header a minute never meets them.
    """

    def __init__(self) -> None:
        self._open: list[socket.socket] = []

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of a connection; given to every request as its trace."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            found = info["return_value"].get_extra_info("socket")
            if isinstance(found, socket.socket):
                self._open = [known for known in self._open if known.fileno() >= 0] + [found]

    def shut(self) -> None:
        """Shut every connection for good; whoever waits for one is told at once."""
        for known in self._open:
            with contextlib.suppress(OSError):  # it may have been closed by its own end
                # Not the method of an encrypted socket: that one forgets its cipher while another thread is reading.
                socket.socket.shutdown(known, socket.SHUT_RDWR)


class Deadline:
    """Whether the time of a request is over."""

    def __init__(self, seconds: float, sockets: Sockets) -> None:
        self._sockets = sockets
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.over = False

    def _end(self) -> None:
        self.over = True
        self._sockets.shut()

    @contextlib.contextmanager
    def running(self) -> Iterator[Deadline]:
        """Count the seconds while the block runs."""
        self._timer.start()
        try:
            yield self
        finally:
            self._timer.cancel()
