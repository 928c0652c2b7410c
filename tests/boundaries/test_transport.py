"""The network client against a server on this machine that misbehaves, and zips that strangers made."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import os
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import trustme

from boundaries.transport import (
    Policy,
    cache_folder,
    extract_zip,
    get,
    leftovers,
    open_session,
    remove_leftovers,
    write_atomically,
)
from boundaries.transport.cache import owned
from geo.errors import FetchError
from tests.boundaries.portal_server import FOREVER, HTML, PortalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODY = b"code,value\nE06000001,1\n" * 50


@pytest.fixture
def server() -> Iterator[PortalServer]:
    with PortalServer() as running:
        running.files["/table.csv"] = (BODY, {"Content-Type": "text/csv"})
        yield running


class Naps(list[float]):
    """Collects the pauses that were asked for instead of making them."""

    @property
    def policy(self) -> Policy:
        return Policy(retries=3, first_wait_s=0.5, timeout_s=5, sleep=self.append)


@pytest.fixture
def naps() -> Naps:
    return Naps()


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


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
    with pytest.raises(FetchError, match="DecodingError"):
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


def test_a_proxy_named_in_the_environment_is_asked(server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    monkeypatch.setenv("https_proxy", server.url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(FetchError, match="403"):
        get("https://geoportal.example/x.csv", policy=Policy(retries=0))
    assert server.requests == ["CONNECT geoportal.example:443"]


def test_a_proxy_is_never_asked_for_this_machine(server: PortalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert get(f"{server.url}/table.csv").read_bytes() == BODY


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a certificate authority that nobody knows, made for this run and gone with it."""
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    issued = authority.issue_cert("localhost", "127.0.0.1", "geoportal.example")
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    return path


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[PortalServer]:
    with PortalServer(certificate=certificate) as running:
        running.files["/table.csv"] = (BODY, {})
        yield running


def test_a_certificate_of_strangers_is_refused_at_once_with_what_to_do(tls_server: PortalServer, naps: Naps) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 cannot be trusted(.|\n)*SSL_CERT_FILE"):
        get(f"{tls_server.url}/table.csv", policy=naps.policy)
    assert naps == []


def test_a_private_authority_is_trusted_when_it_is_named(
    tls_server: PortalServer, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert get(f"{tls_server.url}/table.csv", policy=Policy(ca=ca_file)).read_bytes() == BODY
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert get(f"{tls_server.url}/table.csv").read_bytes() == BODY


def test_a_trusted_certificate_for_another_host_is_refused(
    authority: trustme.CA, ca_file: Path, tmp_path: Path, naps: Naps
) -> None:
    authority.issue_cert("geoportal.example").private_key_and_cert_chain_pem.write_to_path(tmp_path / "other.pem")
    with PortalServer(certificate=tmp_path / "other.pem") as other:
        other.files["/table.csv"] = (BODY, {})
        with pytest.raises(FetchError, match="cannot be trusted"):
            get(f"{other.url}/table.csv", policy=replace(naps.policy, ca=ca_file))
    assert naps == []


def test_another_private_authority_than_the_one_named_is_not_trusted(
    tls_server: PortalServer, tmp_path: Path, naps: Naps
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "stranger.pem")
    with pytest.raises(FetchError, match="cannot be trusted"):
        get(f"{tls_server.url}/table.csv", policy=replace(naps.policy, ca=tmp_path / "stranger.pem"))


def test_a_session_that_speaks_plainly_still_checks_certificates(
    server: PortalServer, tls_server: PortalServer, naps: Naps
) -> None:
    with open_session(naps.policy) as session:
        assert session.get(f"{server.url}/table.csv").read_bytes() == BODY
        with pytest.raises(FetchError, match="cannot be trusted"):
            session.get(f"{tls_server.url}/table.csv")


def test_a_proxy_and_a_private_authority_work_together(
    server: PortalServer, tls_server: PortalServer, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.tunnel_to = tls_server
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, server.url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert get("https://geoportal.example/table.csv").read_bytes() == BODY
    assert server.requests == ["CONNECT geoportal.example:443"]
    assert tls_server.requests == ["/table.csv"]


def test_a_file_of_authorities_that_is_none_is_one_error(tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    with pytest.raises(FetchError, match="certificate authorities cannot be used"):
        get("https://127.0.0.1:9/x", policy=Policy(ca=wrong))
    wrong.write_text("no certificate", encoding="ascii")
    with pytest.raises(FetchError, match="certificate authorities cannot be used"):
        get("https://127.0.0.1:9/x", policy=Policy(ca=wrong))


def test_a_refusal_by_the_caller_is_tried_again(server: PortalServer, naps: Naps) -> None:
    answers = iter(["not yet", None])
    with open_session(naps.policy) as session:
        assert session.get(f"{server.url}/table.csv", refuse=lambda _: next(answers)).read_bytes() == BODY
    assert naps == [0.5]


def test_the_cache_is_the_folder_given_else_the_one_named_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "named"))
    assert cache_folder(tmp_path) == tmp_path
    assert cache_folder() == tmp_path / "named"
    monkeypatch.delenv("PLACEATLAS_CACHE")
    assert cache_folder().name == "placeatlas"


def test_an_unwritable_cache_is_one_error(server: PortalServer, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where a folder should", encoding="utf-8")
    with pytest.raises(FetchError, match="cannot write"):
        get(f"{server.url}/table.csv", cache=tmp_path / "cache")


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), write_atomically(path) as part:
        part.write_text("half, then something that cannot be written: é", encoding="ascii")
    assert path.read_text(encoding="utf-8") == "old"
    assert files_in(tmp_path) == ["kept.txt"]


KILLED = """
import os, sys
from pathlib import Path
from boundaries.transport import write_atomically
with write_atomically(Path(sys.argv[1])) as part:
    part.write_text("half")
    os._exit(9)
"""


def test_a_kill_while_writing_leaves_the_old_file_and_a_leftover_that_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("old", encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == 9
    assert path.read_text(encoding="utf-8") == "old"
    (left,) = leftovers(tmp_path)
    assert left.read_text(encoding="utf-8") == "half"
    with write_atomically(tmp_path / "other.txt") as part:
        part.write_text("mine", encoding="utf-8")
        assert remove_leftovers(tmp_path) == (left,), "what a living run is writing is left alone"
    assert files_in(tmp_path) == ["kept.txt", "other.txt"]
    assert leftovers(tmp_path / "absent") == ()


def test_a_folder_that_is_taken_stays_with_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    with owned(folder) as first, owned(folder) as second:
        assert first == folder
        assert second != folder
        second.mkdir()
    assert files_in(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["pages"], "the second one's is gone"
    (folder / "owner").write_text("999999999", encoding="ascii")
    with owned(folder) as third:
        assert third == folder, "its owner was killed"
    (folder / "owner").write_text("", encoding="ascii")
    with owned(folder) as fourth:
        assert fourth != folder, "somebody is just writing a name"


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_harmless_zip_is_unpacked(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"in/a.csv": BODY, "b.txt": b"b", "empty/": b""})
    out = extract_zip(archive, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in out] == ["b.txt", "in/a.csv"]
    assert out[1].read_bytes() == BODY
    with pytest.raises(FetchError, match="exists already"):
        extract_zip(archive, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt", "\\\\host\\share\\x", "C:x"]
)
def test_a_name_that_leads_outside_is_refused_and_nothing_unpacked(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {"good.txt": b"g", name: b"bad"})
    with pytest.raises(FetchError, match="lead outside the folder"):
        extract_zip(archive, tmp_path / "deep" / "out")
    assert files_in(tmp_path) == ["a.zip"]


def test_every_fault_of_a_zip_is_named_at_once(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../x", b"x")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("A.txt", b"1")
        archive.writestr("a.txt", b"2")
        archive.writestr("bomb", b"0" * 20_000_000)
    with pytest.raises(FetchError) as caught:
        extract_zip(tmp_path / "a.zip", tmp_path / "out", max_bytes=1000, max_files=3)
    text = str(caught.value)
    for words in (
        "outside",
        "links: link",
        "5 files, more than the 3",
        "swell more than 200 times",
        "bytes when unpacked",
        "nothing was",
    ):
        assert words in text
    with pytest.raises(FetchError, match=r"same name: a\.txt"):
        extract_zip(tmp_path / "a.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_member_larger_than_it_claims_is_stopped(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(5000)})
    data = archive.read_bytes()
    small = (100).to_bytes(4, "little")
    archive.write_bytes(data.replace((5000).to_bytes(4, "little"), small))
    with pytest.raises(FetchError, match=r"not a whole zip|holds more than it claims"):
        extract_zip(archive, tmp_path / "out", max_bytes=1000)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("spoil", ["not a zip", "cut", "flipped", "encrypted"])
def test_a_damaged_zip_is_one_error(tmp_path: Path, spoil: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(5000)})
    data = bytearray(archive.read_bytes())
    if spoil == "not a zip":
        data = bytearray(b"hello")
    elif spoil == "cut":
        data = data[:-100]
    elif spoil == "flipped":
        data[2000] ^= 255
    else:
        data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(FetchError, match=r"not a whole zip|encrypted"):
        extract_zip(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert files_in(tmp_path) == ["a.zip"]
