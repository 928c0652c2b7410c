"""Judge an answer of a server: its status, its size, its first bytes, its dates."""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

Expect = Literal["any", "data"]
"""``data`` refuses an HTML page: portals send their error pages with status 200."""

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_SNIFFED = 1024


class TryAgainError(Exception):
    """A fault that may pass; ``wait_s`` is what the server asked for."""

    def __init__(self, fault: str, wait_s: float | None = None) -> None:
        self.fault = fault
        self.wait_s = wait_s
        super().__init__(fault)


def check_status(response: httpx.Response, address: httpx.URL) -> None:
    """Pass a success; say of any other status whether it may pass."""
    if response.is_success:
        return
    fault = f"the server answered {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in _RETRIED:
        raise TryAgainError(fault, _asked_wait(response))
    raise FetchError(f"{address} cannot be fetched", [fault])


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds a ``Retry-After`` asks for; a date is counted from the response's own date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    until, now = _moment(asked), _moment(response.headers.get("Date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _moment(stated: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def chunks(response: httpx.Response, address: httpx.URL, max_bytes: int, expect: Expect) -> Iterator[bytes]:
    """Read the body, no more of it than allowed, and stop at the first sign of an HTML page."""
    claimed = response.headers.get("Content-Length", "")
    if claimed.isdigit() and int(claimed) > max_bytes:
        raise FetchError(
            f"{address} is too large", [f"the server claims {int(claimed):,} bytes; {max_bytes:,} are allowed"]
        )
    taken = 0
    head = b""
    for chunk in response.iter_bytes():
        taken += len(chunk)
        if taken > max_bytes:
            raise FetchError(f"{address} is too large", [f"more than the {max_bytes:,} bytes allowed came"])
        if expect == "data" and len(head) < _SNIFFED:
            head += chunk[: _SNIFFED - len(head)]
            if is_html(head):
                raise TryAgainError("the server sent an HTML page with status 200 instead of data")
        yield chunk


def is_html(head: bytes) -> bool:
    """Judge by the first bytes whether they begin an HTML page."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    start = re.sub(rb"^(?:<\?xml[^>]*\?>|<!--.*?-->|\s)+", b"", start, flags=re.DOTALL).lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def content_type(response: httpx.Response) -> str:
    """Return the stated type of the content, empty when there is none."""
    return str(response.headers.get("Content-Type", ""))


def source_of(address: httpx.URL, digest: str, response: httpx.Response) -> Source:
    """Say where an answer came from, and when by the server's own date."""
    moment = _moment(response.headers.get("Date", ""))
    return Source(
        title=Path(address.path).name or address.host,
        url=str(address),
        sha256=digest,
        retrieved=moment.date().isoformat() if moment else "",
    )
