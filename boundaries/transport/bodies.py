"""Read a body: no more of it than allowed, none of it where it is a page for people, and never nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.transport.answers import Expect, TryAgainError, is_html
from boundaries.transport.decoding import claimed_bytes, decoded
from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_SNIFFED = 4096


def chunks(response: httpx.Response, address: httpx.URL, max_bytes: int, expect: Expect) -> Iterator[bytes]:
    """Read the body, no more of it than allowed, and stop at the first sign of an HTML page.

    Raises
    ------
    FetchError
        More bytes are claimed or come out than are allowed.
    TryAgainError
        A page instead of data, nothing at all, or a damaged body.
    """
    claimed = claimed_bytes(response)
    if claimed is not None and claimed > max_bytes:
        raise FetchError(f"{address} is too large", [f"the server claims {claimed:,} bytes; {max_bytes:,} are allowed"])
    taken = 0
    head = b""
    for chunk in decoded(response, address):
        taken += len(chunk)
        if taken > max_bytes:
            raise FetchError(f"{address} is too large", [f"more than the {max_bytes:,} bytes allowed came"])
        if expect == "data" and len(head) < _SNIFFED:
            head += chunk[: _SNIFFED - len(head)]
            if is_html(head):
                raise TryAgainError("the server sent an HTML page with status 200 instead of data")
        yield chunk
    if expect == "data" and not taken:
        raise TryAgainError("the server sent an empty body")
