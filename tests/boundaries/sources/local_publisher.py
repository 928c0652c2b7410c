"""A server on this machine that answers like the publishers of outcomes, faults included."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Reply:
    """One answer: status, body, headers, and how many bytes of the body are left away although they were announced."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: int = 0


@contextlib.contextmanager
def publisher(answer):
    """Serve ``answer(path, params) -> bytes | Reply | None`` (None: 404) and yield the base address and the list of requests."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            params = {key: values[0] for key, values in parse_qs(parts.query).items()}
            asked.append((unquote(parts.path), params))
            said = answer(unquote(parts.path), params)
            reply = said if isinstance(said, Reply) else Reply(said or b"", 404 if said is None else 200)
            self.send_response(reply.status)
            for name, value in {
                "Content-Type": "text/csv",
                "Content-Length": str(len(reply.body)),
                **reply.headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) - reply.lost])
            self.close_connection = bool(reply.lost)

        def log_message(self, *_args):
            """Say nothing."""

        def send_response(self, code, message=None):
            """Send no Server header, but a date that does not change."""
            self.send_response_only(code, message)
            self.send_header("Date", "Mon, 02 Mar 2026 10:00:00 GMT")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
