"""Look at a build on this machine: the files of one folder, to this machine's own browsers, and nothing else."""

from __future__ import annotations

import functools
import os
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from geo.errors import OutputError
from geo.remedies import Remedy

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = "127.0.0.1"
_HOSTS = (LOOPBACK, "localhost", "[::1]")


def open_server(root: Path, port: int = 0) -> ThreadingHTTPServer:
    """Open a server of the files below a folder, on the loopback address only.

    Parameters
    ----------
    root : the folder. port : 0 picks a free one.

    Returns
    -------
    Server to be used in a ``with`` block; its ``server_address`` holds the port.

    Raises
    ------
    OutputError
        The port cannot be used.

    Notes
    -----
    A page of another site can make a browser ask this machine under a name of its own that leads here (DNS rebinding): what
    does not call us by a name of this machine is refused. So are links that lead out of the folder, and lists of files.
    """
    handler = functools.partial(_Handler, directory=os.fspath(root.resolve()))
    try:
        return ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError as trouble:
        said = (trouble.strerror or str(trouble)).lower()
        raise OutputError(
            f"port {port} cannot be used: {said}", remedies=[Remedy("port", "0", purpose="for a free one")]
        ) from trouble


class _Handler(SimpleHTTPRequestHandler):
    """Files of the folder and no others."""

    timeout = 60
    """A connection that says nothing for a minute is closed."""

    def send_head(self) -> Any:
        """Answer with the file asked for, if it is one of the folder's."""
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in _HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server answers to localhost only")
            return None
        asked = unquote(urlsplit(self.path).path)
        if "\0" in asked or "\\" in asked or not self._is_inside():
            self.send_error(HTTPStatus.NOT_FOUND, "File not found")
            return None
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Refuse to list a folder that has no page."""
        del path
        self.send_error(HTTPStatus.NOT_FOUND, "This folder has no page")

    def end_headers(self) -> None:
        """Keep browsers from guessing types, and other sites from framing the pages."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file; a browser that has gone is no fault."""
        try:
            super().copyfile(source, outputfile)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
        """Say nothing: the terminal is the user's."""

    def _is_inside(self) -> bool:
        """Tell whether the path asked for, its links followed, lies in the folder."""
        real = os.path.realpath(self.translate_path(self.path))
        return os.path.commonpath([real, self.directory]) == self.directory
