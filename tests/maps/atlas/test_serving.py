"""What the server of a build gives away: the build, to this machine, and nothing else."""

from __future__ import annotations

import http.client
import threading
from typing import TYPE_CHECKING

import pytest

from maps.atlas.serving import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "build"
    (root / "data").mkdir(parents=True)
    (root / "index.html").write_text("<p>the build</p>", encoding="utf-8")
    (root / "data" / "a.csv").write_text("code\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (root / "out").symlink_to(tmp_path)
    (root / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (root / "again.html").symlink_to(root / "index.html")
    (tmp_path / "build-too").mkdir()
    (tmp_path / "build-too" / "x").write_text("secret", encoding="utf-8")
    return root


@pytest.fixture
def port(root: Path) -> Iterator[int]:
    with open_server(root) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join(timeout=10)


def asked(port: int, path: str, *, host: str | None = "localhost", method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize("path", ["/index.html", "/", "/again.html", "/index.html?x=../..", "/data/../index.html"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_the_build_is_served(port: int, path: str, host: str) -> None:
    assert asked(port, path, host=host) == (200, b"<p>the build</p>")


@pytest.mark.parametrize(
    "path",
    [
        "/secret.txt",
        "/out/secret.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/../build-too/x",
        "/data/",
        "/out/",
        "/a%00.html",
        "/%5c..%5csecret.txt",
        "/absent",
        "//etc/passwd",
    ],
)
def test_nothing_else_is(port: int, path: str) -> None:
    status, body = asked(port, path)
    assert status == 404
    assert b"secret" not in body.replace(b"secret.txt", b"")
    assert b"a.csv" not in body


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", None, "127.0.0.1.evil.example:80"])
def test_who_calls_us_by_another_name_is_refused(port: int, host: str | None) -> None:
    assert asked(port, "/index.html", host=host)[0] == 421


def test_heads_are_answered_and_nothing_can_be_written(port: int, root: Path) -> None:
    assert asked(port, "/index.html", method="HEAD") == (200, b"")
    for method in ("PUT", "POST", "DELETE"):
        assert asked(port, "/index.html", method=method)[0] == 501
    assert (root / "index.html").read_text(encoding="utf-8") == "<p>the build</p>"
