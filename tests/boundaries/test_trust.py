"""Whom the network client trusts: proxies, certificates, private authorities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import trustme

from boundaries.transport import (
    Policy,
    get,
    open_session,
)
from geo.errors import FetchError
from tests.boundaries.portal_fetching import BODY, Naps
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
