"""Judge an answer of a server: its status, its size, its first bytes, its dates."""

from __future__ import annotations

import datetime as dt
import email.message
import email.utils
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from geo.errors import FetchError
from geo.provenance import Source

if TYPE_CHECKING:
    import httpx

Expect = Literal["any", "data"]
"""``data`` refuses an HTML page: portals send their error pages with status 200."""

Refusal = Callable[[bytes], str | None]
"""Looks at the bytes of an answer and names a fault that may pass."""

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_WHOLE = frozenset({200, 203})
"""The answers that are the whole of what was asked for; a part (206) or nothing (204) is none of them."""
_SECONDS = re.compile(r"[0-9]{1,9}")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PAGE = re.compile(rb"<(?:!doctype\s+html|(?:\w+:)?(?:html|head|body)|title|meta|script|style|h1|div|center|p)[\s>/]")


class TryAgainError(Exception):
    """A fault that may pass; ``wait_s`` is what the server asked for."""

    def __init__(self, fault: str, wait_s: float | None = None) -> None:
        self.fault = fault
        self.wait_s = wait_s
        super().__init__(fault)


def check_status(response: httpx.Response, address: httpx.URL) -> None:
    """Pass a success; say of any other status whether it may pass."""
    if response.status_code in _WHOLE:
        return
    fault = f"the server answered {response.status_code} {response.reason_phrase[:80]}".rstrip()
    if response.status_code in _RETRIED:
        raise TryAgainError(fault, _asked_wait(response))
    raise FetchError(f"{address} cannot be fetched", [fault])


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds a ``Retry-After`` asks for; a date is counted from the response's own date."""
    asked = response.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(asked):
        return float(asked)
    until, now = _moment(asked), _moment(response.headers.get("Date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _moment(stated: str) -> dt.datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(stated)
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def is_html(head: bytes) -> bool:
    """Judge by the first bytes whether they begin an HTML page, in UTF-8 or UTF-16, with or without what stands before it."""
    for mark in _BOMS:
        head = head.removeprefix(mark)
    start = head.replace(b"\0", b"").lstrip()
    start = re.sub(rb"^(?:<\?xml[^>]*\?>|<!--.*?-->|\s)+", b"", start, flags=re.DOTALL).lower()
    return _PAGE.match(start + b" ") is not None


def content_type(response: httpx.Response) -> str:
    """Return the stated type of the content, empty when there is none."""
    return str(response.headers.get("Content-Type", ""))


def modified(response: httpx.Response) -> str:
    """Return the ISO date on which the server says that the file last changed, empty when it does not say."""
    moment = _moment(response.headers.get("Last-Modified", ""))
    return moment.date().isoformat() if moment else ""


def filename(response: httpx.Response) -> str:
    """Return the name that the server gives the file, without folders; empty when it gives none."""
    said = email.message.Message()
    said["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    return re.split(r"[\\/]", said.get_filename() or "")[-1]


def source_of(address: httpx.URL, digest: str, response: httpx.Response) -> Source:
    """Say where an answer came from, and when by the server's own date."""
    moment = _moment(response.headers.get("Date", ""))
    return Source(
        title=Path(address.path).name or address.host,
        url=str(address),
        sha256=digest,
        retrieved=moment.date().isoformat() if moment else "",
    )
