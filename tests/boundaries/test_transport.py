"""The network client against a server on this machine that misbehaves."""

from __future__ import annotations

import gzip
import hashlib
import itertools
from typing import TYPE_CHECKING

import pytest

from boundaries.transport import (
    Policy,
    get,
    open_session,
)
from geo.errors import FetchError
from tests.boundaries.portal_fetching import BODY, Naps, files_in
from tests.boundaries.portal_server import FOREVER, HTML, PortalServer

if TYPE_CHECKING:
    from pathlib import Path


def test_bytes_come_with_their_hash_and_the_servers_own_date(server: PortalServer) -> None:
    fetched = get(f"{server.url}/table.csv", params={"a": 1})
    assert fetched.read_bytes() == BODY
    assert fetched.source.sha256 == hashlib.sha256(BODY).hexdigest()
    assert fetched.source.retrieved == "2024-09-11"
    assert fetched.source.url == f"{server.url}/table.csv?a=1"
    assert not fetched.from_cache


def test_a_kept_file_is_not_fetched_again_and_serves_offline_work(server: PortalServer, tmp_path: Path) -> None:
    first = get(f"{server.url}/table.csv", cache=tmp_path)
    again = get(f"{server.url}/table.csv", cache=tmp_path, offline=True)
    assert again.from_cache
    assert again.path == first.path
    assert again.source == first.source
    assert again.read_bytes() == BODY
    assert len(server.requests) == 1
    assert len(files_in(tmp_path)) == 2


def test_offline_without_a_copy_is_one_clear_error(server: PortalServer, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="not in the cache, and offline work was asked for"):
        get(f"{server.url}/table.csv", cache=tmp_path, offline=True)
    with pytest.raises(FetchError, match="not available"):
        get(f"{server.url}/table.csv", offline=True)
    assert server.requests == []


@pytest.mark.parametrize("damage", ["file", "record", "missing", "not an object"])
def test_a_damaged_copy_is_fetched_anew(server: PortalServer, tmp_path: Path, damage: str) -> None:
    path = get(f"{server.url}/table.csv", cache=tmp_path).path
    assert path is not None
    record = next(path.parent.glob("*.json"))
    if damage == "file":
        path.write_bytes(BODY[:-5])
    elif damage == "record":
        record.write_text('{"file": "', encoding="utf-8")
    elif damage == "not an object":
        record.write_text("[]", encoding="utf-8")
    else:
        path.unlink()
    with pytest.raises(FetchError, match="offline"):
        get(f"{server.url}/table.csv", cache=tmp_path, offline=True)
    assert get(f"{server.url}/table.csv", cache=tmp_path).read_bytes() == BODY


def test_the_expected_hash_decides_over_cache_and_network(server: PortalServer, tmp_path: Path) -> None:
    kept = get(f"{server.url}/table.csv", cache=tmp_path)
    with pytest.raises(FetchError, match="sha256 expected 0000"):
        get(f"{server.url}/table.csv", cache=tmp_path, expected_sha256="0" * 64)
    assert get(f"{server.url}/table.csv", cache=tmp_path, offline=True).path == kept.path
    newer = BODY + b"E06000002,2\n"
    server.files["/table.csv"] = (newer, {})
    right = hashlib.sha256(newer).hexdigest().upper()
    assert get(f"{server.url}/table.csv", cache=tmp_path, expected_sha256=right).read_bytes() == newer
    assert len(files_in(tmp_path)) == 2, "the older version is gone"


@pytest.mark.parametrize("fault", ["busy", "truncated", "dropped"])
@pytest.mark.parametrize("kept", ["kept", ""])
def test_a_passing_fault_is_survived(server: PortalServer, naps: Naps, tmp_path: Path, fault: str, kept: str) -> None:
    server.faults[fault] = 2
    assert get(f"{server.url}/table.csv", cache=tmp_path if kept else None, policy=naps.policy).read_bytes() == BODY
    assert naps == ([7.0, 7.0] if fault == "busy" else [0.5, 1.0]), "what the server asks for, else doubling"


@pytest.mark.parametrize("fault", ["busy", "truncated", "dropped"])
def test_a_lasting_fault_is_one_error_and_leaves_the_cache_as_it_was(
    server: PortalServer, naps: Naps, tmp_path: Path, fault: str
) -> None:
    server.faults[fault] = FOREVER
    with pytest.raises(FetchError, match="could not be fetched in 4 tries") as caught:
        get(f"{server.url}/table.csv", cache=tmp_path, policy=naps.policy)
    assert "(4 times)" in caught.value.faults[0]
    assert len(naps) == 3
    assert files_in(tmp_path) == []


def test_a_silent_server_is_given_up(server: PortalServer) -> None:
    server.faults["silent"] = FOREVER
    with pytest.raises(FetchError, match="ReadTimeout"):
        get(f"{server.url}/table.csv", policy=Policy(retries=0, timeout_s=0.05))


def test_a_server_that_drips_is_given_up(server: PortalServer, tmp_path: Path) -> None:
    ticks = itertools.count(step=2000)
    with pytest.raises(FetchError, match=r"comes too slowly\n  not whole after 1,000 s"):
        get(f"{server.url}/table.csv", cache=tmp_path, policy=Policy(deadline_s=1000, clock=lambda: next(ticks)))
    assert files_in(tmp_path) == []


def test_an_html_page_with_status_200_is_not_data(server: PortalServer, naps: Naps, tmp_path: Path) -> None:
    server.files["/table.csv"] = (HTML, {"Content-Type": "text/csv"})
    with pytest.raises(FetchError, match="HTML page with status 200"):
        get(f"{server.url}/table.csv", cache=tmp_path, policy=naps.policy)
    assert files_in(tmp_path) == []
    assert get(f"{server.url}/table.csv", expect="any").read_bytes() == HTML


@pytest.mark.parametrize(
    "page", [b"\xef\xbb\xbf<html>", b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE HTML>', b"\n\n  <HEAD>"]
)
def test_html_is_known_in_every_dress(server: PortalServer, page: bytes) -> None:
    server.files["/table.csv"] = (page, {})
    with pytest.raises(FetchError, match="HTML"):
        get(f"{server.url}/table.csv", policy=Policy(retries=0))


def test_a_claim_of_two_gigabytes_is_refused_unread(server: PortalServer, tmp_path: Path) -> None:
    server.files["/table.csv"] = (BODY, {"Content-Length": str(2 * 1024**3)})
    with pytest.raises(FetchError, match=r"claims 2,147,483,648 bytes"):
        get(f"{server.url}/table.csv", cache=tmp_path)
    assert files_in(tmp_path) == []


def test_more_bytes_than_allowed_are_refused_while_they_come(server: PortalServer, tmp_path: Path) -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    server.files["/table.csv"] = (bomb, {"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="more than the 1,000,000 bytes allowed came"):
        get(f"{server.url}/table.csv", cache=tmp_path, max_bytes=1_000_000)
    assert files_in(tmp_path) == []


def test_a_body_that_is_not_the_gzip_it_claims_is_one_error(server: PortalServer, naps: Naps) -> None:
    server.files["/table.csv"] = (BODY, {"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="not the gzip it claims to be"):
        get(f"{server.url}/table.csv", policy=naps.policy)


def test_a_page_that_is_not_there_is_not_asked_for_twice(server: PortalServer, naps: Naps) -> None:
    with pytest.raises(FetchError, match="404 Not Found"):
        get(f"{server.url}/absent.csv", policy=naps.policy)
    assert naps == []


@pytest.mark.parametrize(
    "url", ["http://example.org/x.csv", "ftp://127.0.0.1/x", "file:///etc/hosts", "http://10.0.0.1/x", "x.csv"]
)
def test_plain_http_goes_to_this_machine_only(url: str) -> None:
    with pytest.raises(FetchError, match=r"is refused|expected https"):
        get(url)


def test_a_nonsense_address_is_one_error() -> None:
    with pytest.raises(FetchError, match="not an address"):
        get("https://[::1")


def test_a_redirect_is_followed_but_not_to_plain_http_elsewhere(server: PortalServer) -> None:
    server.files["/here"] = (b"", {"Location": "/table.csv"})
    server.files["/out"] = (b"", {"Location": "http://example.org/table.csv"})
    server.files["/round"] = (b"", {"Location": "/round"})
    assert get(f"{server.url}/here").read_bytes() == BODY
    with pytest.raises(FetchError, match=r"http://example\.org/table\.csv is refused"):
        get(f"{server.url}/out")
    with pytest.raises(FetchError, match="more than 5 redirects"):
        get(f"{server.url}/round")


def test_the_servers_date_may_be_absent_or_nonsense_and_waits_may_be_dates(server: PortalServer, naps: Naps) -> None:
    server.files["/busy"] = (BODY, {})
    server.faults["busy_until"] = 1
    assert get(f"{server.url}/busy", policy=naps.policy).read_bytes() == BODY
    assert naps == [30.0]


def test_a_refusal_by_the_caller_is_tried_again(server: PortalServer, naps: Naps) -> None:
    answers = iter(["not yet", None])
    with open_session(naps.policy) as session:
        assert session.get(f"{server.url}/table.csv", refuse=lambda _: next(answers)).read_bytes() == BODY
    assert naps == [0.5]
