"""Answers that are made to harm: packed twice, partial, empty, dressed up, dripping, and leading elsewhere."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from boundaries.transport import Policy, get, is_html
from boundaries.transport.answers import TryAgainError, check_status
from boundaries.transport.redirects import check_hop, is_loopback
from geo.errors import FetchError
from tests.boundaries.portal_fetching import BODY, files_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONCE = Policy(retries=0, timeout_s=20)


@contextmanager
def answering(*pieces: bytes, pause: float = 0.0, endless: bytes = b"") -> Iterator[str]:
    """Serve one connection with the bytes given, then ``endless`` for ever; yield the address."""
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        listening.settimeout(20)
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.recv(65536)
            try:
                for piece in itertools.chain(pieces, itertools.repeat(endless) if endless else ()):
                    if stop.is_set():
                        return
                    connection.sendall(piece)
                    stop.wait(pause)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/x"
    finally:
        stop.set()
        listening.close()
        thread.join(timeout=5)


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers, b"", b""]
    return b"\r\n".join(lines) + body


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([b"Content-Encoding: gzip, gzip"], "packed otherwise"),
        ([b"Content-Encoding: gzip", b"Content-Encoding: gzip"], "packed otherwise"),
        ([b"Content-Encoding: br"], "packed otherwise"),
        ([b"Content-Encoding: deflate"], "packed otherwise"),
    ],
)
def test_what_is_packed_twice_or_otherwise_is_refused_unread(headers: list[bytes], said: str) -> None:
    bomb = gzip.compress(gzip.compress(b"0" * 10_000_000))
    with answering(whole(bomb, *headers)) as url, pytest.raises(FetchError, match=said):
        get(url, policy=ONCE)


def test_a_bomb_takes_no_more_memory_than_a_piece() -> None:
    bomb = gzip.compress(b"0" * 300_000_000, compresslevel=1)
    tracemalloc.start()
    try:
        with answering(whole(bomb, b"Content-Encoding: gzip")) as url, pytest.raises(FetchError, match="allowed came"):
            get(url, policy=ONCE, max_bytes=2_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000, "300 MB were never held"


@pytest.mark.parametrize("name", [b"gzip", b"x-gzip", b"GZIP", b"identity, gzip"])
def test_the_packing_that_was_asked_for_is_undone(name: bytes) -> None:
    two = gzip.compress(BODY) + gzip.compress(b"more")
    with answering(whole(two, b"Content-Encoding: " + name)) as url:
        assert get(url, policy=ONCE).read_bytes() == BODY + b"more", "members of one file follow one another"


@pytest.mark.parametrize("cut", [1, 5, 9, -1])
def test_gzip_that_ends_too_soon_or_is_damaged_is_one_error(cut: int) -> None:
    packed = gzip.compress(bytes(range(256)) * 40)
    with answering(whole(packed[:cut], b"Content-Encoding: gzip")) as url, pytest.raises(FetchError, match="gzip"):
        get(url, policy=ONCE)
    broken = packed[:20] + bytes(255 - byte for byte in packed[20:30]) + packed[30:]
    with answering(whole(broken, b"Content-Encoding: gzip")) as url, pytest.raises(FetchError, match="gzip"):
        get(url, policy=ONCE)


@pytest.mark.parametrize("status", [b"206 Partial Content", b"204 No Content", b"201 Created", b"299 X", b"304 N"])
def test_a_success_that_is_not_the_whole_is_refused(status: bytes) -> None:
    body = b"" if status.startswith((b"204", b"304")) else BODY
    with (
        answering(whole(body, status=status)) as url,
        pytest.raises(FetchError, match=f"answered {status[:3].decode()}"),
    ):
        get(url, policy=ONCE)


def test_nothing_is_no_data(tmp_path: Path) -> None:
    with answering(whole(b"")) as url, pytest.raises(FetchError, match="empty body"):
        get(url, policy=ONCE, cache=tmp_path)
    assert files_in(tmp_path) == []
    with answering(whole(gzip.compress(b""), b"Content-Encoding: gzip")) as url:
        assert get(url, policy=ONCE, expect="any").read_bytes() == b""


@pytest.mark.parametrize(
    "page",
    [
        "\ufeff<!DOCTYPE html>".encode("utf-16-le"),
        "<html>".encode("utf-16-be"),
        b"<!--" + b"x" * 2000 + b"-->\n<html lang='en'>",
        b"<script>location='/'</script>",
        b"<title>Sorry</title>",
        b"<x:html xmlns:x='http://www.w3.org/1999/xhtml'>",
        b"<!doctype\nHTML>",
        b"<META charset=utf-8>",
    ],
)
def test_a_page_is_known_in_more_dresses(page: bytes) -> None:
    assert is_html(page)
    with answering(whole(page)) as url, pytest.raises(FetchError, match="HTML"):
        get(url, policy=ONCE)


@pytest.mark.parametrize(
    "data", [b"<?xml version='1.0'?><kml>", b"code,<html>\n", b"<gml:FeatureCollection>", b"<person/>", b"", b"<"]
)
def test_data_are_not_taken_for_a_page(data: bytes) -> None:
    assert not is_html(data)


@pytest.mark.parametrize(
    "begun", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n"]
)
def test_a_server_that_drips_is_given_up_in_whatever_part(begun: bytes) -> None:
    drip = b"a" if begun else b" "
    with answering(begun or b"H", pause=0.01, endless=drip) as url, pytest.raises(FetchError) as caught:
        get(url, policy=Policy(retries=0, deadline_s=0.3))
    assert "comes too slowly" in str(caught.value) or "RemoteProtocolError" in str(caught.value)


def test_dripping_headers_end_with_the_deadline() -> None:
    with (
        answering(b"HTTP/1.1 200 OK\r\nX: ", pause=0.01, endless=b"a") as url,
        pytest.raises(FetchError, match=r"comes too slowly\n  not whole after 0\.3 s"),
    ):
        get(url, policy=Policy(retries=3, deadline_s=0.3))


def test_headers_without_end_are_one_error() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n", endless=b"X-Long: " + b"a" * 60_000) as url, pytest.raises(FetchError):
        get(url, policy=ONCE)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("7", 7.0),
        ("²", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 5000, None),
        ("Wed, 11 Sep 2024 10:00:30 GMT", 30.0),
        ("Wed, 11 Sep 2024 10:00:30 -9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("", None),
    ],
)
def test_a_wait_is_read_safely(asked: str, wait: float | None) -> None:
    headers = {"Retry-After": asked.encode(), "Date": b"Wed, 11 Sep 2024 10:00:00 GMT"}
    with pytest.raises(TryAgainError) as caught:
        check_status(httpx.Response(503, headers=headers), httpx.URL("https://example.org"))
    assert caught.value.wait_s == wait


@pytest.mark.parametrize("claimed", ["²", "9" * 5000, "-1", "x"])
def test_a_claim_of_length_that_is_no_number_is_one_error_or_none(claimed: str) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: " + claimed.encode() + b"\r\n\r\nx"
    with answering(answer) as url, pytest.raises(FetchError):
        get(url, policy=ONCE)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("https://www.ons.gov.uk/a", "https://127.0.0.1/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://localhost/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://x.localhost./x", "private network"),
        ("https://www.ons.gov.uk/a", "http://127.0.0.1/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://10.0.0.1/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://169.254.169.254/latest", "private network"),
        ("https://www.ons.gov.uk/a", "https://[::ffff:127.0.0.1]/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://[fd00::1]/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://2130706433/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://0x7f.1/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://printer/x", "private network"),
        ("https://www.ons.gov.uk/a", "https://example.org/x", "another publisher"),
        ("https://www.ons.gov.uk/a", "https://evilgov.uk/x", "another publisher"),
        ("https://www.ons.gov.uk/a", "http://www.ons.gov.uk/x", "expected https"),
        ("https://www.ons.gov.uk/a", "ftp://www.ons.gov.uk/x", "expected https"),
    ],
)
def test_a_redirect_leads_nowhere_it_should_not(before: str, after: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        check_hop(httpx.URL(before), httpx.URL(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://www.ons.gov.uk/a", "https://static.ons.gov.uk/x"),
        ("https://www.gov.uk/a", "https://assets.publishing.service.gov.uk/x"),
        ("https://hub.arcgis.com/a", "https://hub.s3.amazonaws.com/x"),
        ("https://example.org/a", "https://www.example.org/x"),
        ("https://www.example.org/a", "https://example.org/x"),
        ("http://127.0.0.1/a", "http://127.0.0.1:81/x"),
        ("https://example.org/a", "https://data.trusted.example/x"),
    ],
)
def test_a_redirect_to_the_same_publisher_or_a_store_is_followed(before: str, after: str) -> None:
    check_hop(httpx.URL(before), httpx.URL(after), allowed=["trusted.example"])


def test_loopback_is_known_by_name_and_number() -> None:
    assert [is_loopback(host) for host in ("localhost", "a.localhost", "127.9.9.9", "::1", "128.0.0.1", "x.org")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
