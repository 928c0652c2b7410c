"""One polite, suspicious network client."""

from __future__ import annotations

import contextlib
import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import httpx

from boundaries.transport.answers import (
    Expect,
    Refusal,
    TryAgainError,
    check_status,
    content_type,
    filename,
    modified,
    source_of,
)
from boundaries.transport.bodies import chunks
from boundaries.transport.cache import scratch
from boundaries.transport.deadlines import Deadline, Sockets
from boundaries.transport.decoding import ASKED
from boundaries.transport.downloads import Fetched, held, keep, place_of
from boundaries.transport.redirects import check_hop, is_loopback, refuse_plain_http
from geo.errors import FetchError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO

MAX_BYTES = 512 * 1024**2
"""The largest body taken unless a caller says otherwise: the largest layer of full resolution is about 300 MB."""

MAX_WAIT_S = 60.0
"""The longest pause between two tries, whatever the server asks for."""

MAX_REDIRECTS = 5

_CA_ADVICE = "if your network signs its own certificates, name its CA file in SSL_CERT_FILE"
_AGENT = "placeatlas (open-source mapping; httpx)"


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient to be and whom to trust.

    Parameters
    ----------
    retries : tries after the first one.
    first_wait_s, timeout_s : the pause doubles from ``first_wait_s``; ``timeout_s`` is for each silence of the server.
    deadline_s : for one whole request (connecting, headers, body), so that a server that drips a byte a minute is given up.
    hosts : sites of other publishers that a redirect may lead to, besides those that UK publishers are known to use.
    ca : file of certificate authorities to trust besides the usual ones (``SSL_CERT_FILE`` replaces the usual ones).
    again : ask the network although it is held; what comes takes the place of what was held.
    sleep, clock : wait some seconds; tell seconds from any start. Neither has a part in any result.
    """

    retries: int = 4
    first_wait_s: float = 0.5
    timeout_s: float = 60.0
    deadline_s: float = 3600.0
    hosts: tuple[str, ...] = ()
    ca: Path | None = None
    again: bool = False
    sleep: Callable[[float], None] = field(default=time.sleep)
    clock: Callable[[], float] = field(default=time.monotonic)


class Session:
    """Connections kept open over many requests; use it as a context manager."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self._clients: dict[str, httpx.Client] = {}
        self._sockets = Sockets()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def with_retries(self, retries: int) -> Session:
        """Return a session over the same connections that gives up sooner; close this one, not that."""
        other = Session(replace(self.policy, retries=retries))
        other._clients = self._clients
        other._sockets = self._sockets
        return other

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        cache: Path | None = None,
        expected_sha256: str | None = None,
        max_bytes: int = MAX_BYTES,
        expect: Expect = "data",
        offline: bool = False,
        refuse: Refusal | None = None,
    ) -> Fetched:
        """Fetch one address; see ``get`` for the meaning of the options.

        ``refuse`` looks at the bytes and names a fault that may pass.
        """
        address = _address(url, params)
        if cache is not None and not self.policy.again:
            found = held(address, cache, expected_sha256)
            if found is not None:
                return found
        if offline:
            what = "is not in the cache" if cache is not None else "is not available"
            raise FetchError(
                f"{address} {what}, and offline work was asked for", ["run the same command once with a network"]
            )
        tries: list[str] = []
        for attempt in range(self.policy.retries + 1):
            try:
                return self._once(address, cache, expected_sha256, max_bytes, expect, refuse)
            except TryAgainError as error:
                tries.append(error.fault)
                if attempt < self.policy.retries:
                    wait = self.policy.first_wait_s * 2**attempt if error.wait_s is None else error.wait_s
                    self.policy.sleep(min(wait, MAX_WAIT_S))
        raise FetchError(
            f"{address} could not be fetched in {len(tries)} tries",
            [
                *(f"{fault} ({tries.count(fault)} times)" for fault in dict.fromkeys(tries)),
                "try again later, or fetch the file by hand",
            ],
        )

    def _once(
        self,
        address: httpx.URL,
        cache: Path | None,
        expected_sha256: str | None,
        max_bytes: int,
        expect: Expect,
        refuse: Refusal | None,
    ) -> Fetched:
        with contextlib.ExitStack() as stack:
            started = self.policy.clock()
            stack.enter_context(self._bounded(address))
            response = stack.enter_context(self._answer(address))
            blocks = self._in_time(chunks(response, address, max_bytes, expect), address, started)
            if cache is None:
                body = bytearray()
                for chunk in blocks:
                    body += chunk
                content = bytes(body)
                digest = hashlib.sha256(content).hexdigest()
                _check(address, digest, expected_sha256, content if refuse else None, refuse)
                return Fetched(
                    source_of(address, digest, response),
                    content=content,
                    content_type=content_type(response),
                    modified=modified(response),
                    filename=filename(response),
                )
            part = stack.enter_context(scratch(place_of(address, cache).with_suffix(".download")))
            with part.open("wb") as sink:
                digest = _pour(blocks, sink)
            _check(address, digest, expected_sha256, part.read_bytes() if refuse else None, refuse)
            return keep(part, address, cache, digest, response)

    @contextlib.contextmanager
    def _bounded(self, address: httpx.URL) -> Iterator[None]:
        """End whatever the request waits for when its time is over, and say that it was this."""
        with Deadline(self.policy.deadline_s, self._sockets).running() as deadline:
            try:
                yield
            except (TryAgainError, FetchError) as error:
                if deadline.over:
                    raise self._too_slow(address) from error
                raise

    def _in_time(self, blocks: Iterator[bytes], address: httpx.URL, started: float) -> Iterator[bytes]:
        for block in blocks:
            if self.policy.clock() - started > self.policy.deadline_s:
                raise self._too_slow(address)
            yield block

    def _too_slow(self, address: httpx.URL) -> FetchError:
        return FetchError(
            f"{address} comes too slowly",
            [f"not whole after {self.policy.deadline_s:,g} s", "try again later, or fetch the file by hand"],
        )

    @contextlib.contextmanager
    def _answer(self, address: httpx.URL) -> Iterator[httpx.Response]:
        """Open the answer to one request; follow redirects where they may lead."""
        refuse_plain_http(address)
        hop = address
        for _ in range(MAX_REDIRECTS + 1):
            try:
                with self._client(hop).stream("GET", hop, extensions={"trace": self._sockets.trace}) as response:
                    if response.has_redirect_location:
                        after = response.next_request.url if response.next_request else hop
                        check_hop(hop, after, self.policy.hosts)
                        hop = after
                        continue
                    check_status(response, address)
                    yield response
                    return
            except (
                httpx.TimeoutException,
                httpx.NetworkError,
                httpx.RemoteProtocolError,
                httpx.ProxyError,
            ) as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise FetchError(f"{hop.host} cannot be trusted", [str(error), _CA_ADVICE]) from error
                raise TryAgainError(_words(error)) from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise FetchError(f"{address} cannot be fetched", [_words(error)]) from error
        raise FetchError(f"{address} cannot be fetched", [f"more than {MAX_REDIRECTS} redirects, the last to {hop}"])

    def _client(self, address: httpx.URL) -> httpx.Client:
        """Return the connections for this kind of address; a proxy is never asked for this machine itself."""
        local = is_loopback(address.host)
        kind = f"{'loopback' if local else 'remote'} {address.scheme}"
        if kind not in self._clients:
            # Plain http (loopback only) has no certificate to verify, and loading the authorities takes 30 ms.
            verify = _context(self.policy.ca) if address.scheme == "https" else False
            self._clients[kind] = httpx.Client(
                timeout=self.policy.timeout_s,
                headers={"User-Agent": _AGENT, "Accept-Encoding": ASKED},
                trust_env=not local,
                verify=verify,
            )
        return self._clients[kind]


def open_session(policy: Policy | None = None) -> Session:
    """Return a session to be used in a ``with`` block."""
    return Session(policy)


def get(
    url: str,
    *,
    params: Mapping[str, str | int] | None = None,
    cache: Path | None = None,
    expected_sha256: str | None = None,
    max_bytes: int = MAX_BYTES,
    expect: Expect | Refusal = "data",
    offline: bool = False,
    policy: Policy | None = None,
) -> Fetched:
    """Fetch one address.

    Parameters
    ----------
    url, params : the address; plain http only to this machine itself.
    cache : root of the cache (``cache_folder()``): the file is kept there with its hash beside it, and taken from there the
        next time. None keeps the bytes in memory.
    expected_sha256 : the hash the bytes must have.
    max_bytes : the largest body taken, judged by the server's claim first and while reading.
    expect : "data" refuses an HTML page whatever its status, and an empty body; a function looks at the bytes too and names a fault that
        may pass: it is then asked for once more, and nothing is kept.
    offline : take it from the cache or fail; the network is not asked.
    policy : patience, trust, and the function that sleeps.

    Raises
    ------
    FetchError
        Refused, unreachable, too large, cut short, an HTML page, the wrong hash, or not in the cache when offline. The cache
        is as it was.
    """
    with open_session(policy) as session:
        return session.get(
            url,
            params=params,
            cache=cache,
            expected_sha256=expected_sha256,
            max_bytes=max_bytes,
            expect="data" if callable(expect) else expect,
            offline=offline,
            refuse=expect if callable(expect) else None,
        )


def _address(url: str, params: Mapping[str, str | int] | None) -> httpx.URL:
    try:
        address = httpx.URL(url)
        return address.copy_merge_params(dict(params)) if params else address
    except (httpx.InvalidURL, TypeError) as error:
        raise FetchError(f"{url} is not an address", [str(error)]) from error


def _context(ca: Path | None) -> ssl.SSLContext:
    try:
        context = httpx.create_ssl_context()
        if ca is not None:
            context.load_verify_locations(cafile=str(ca))
    except OSError as error:
        raise FetchError(
            "the file of certificate authorities cannot be used",
            [f"{ca or 'SSL_CERT_FILE or SSL_CERT_DIR'}: {error.strerror or error}", "name a PEM file"],
        ) from error
    return context


def _check(
    address: httpx.URL,
    digest: str,
    expected: str | None,
    content: bytes | None,
    refuse: Refusal | None,
) -> None:
    if expected is not None and digest != expected.lower():
        raise FetchError(
            f"{address} is not the file that was expected",
            [
                f"sha256 expected {expected}",
                f"sha256 found    {digest}",
                "the publisher may have replaced it: check, then correct the hash",
            ],
        )
    fault = refuse(content) if refuse is not None and content is not None else None
    if fault:
        raise TryAgainError(fault)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")


def _pour(chunks: Iterator[bytes], sink: BinaryIO) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        sink.write(chunk)
    return digest.hexdigest()
