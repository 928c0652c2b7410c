"""Undo the one compression that was asked for, a bounded piece at a time, whatever a server sends."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from boundaries.transport.answers import TryAgainError
from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

ASKED = "gzip"
"""What requests say they accept: one compression, whose output can be bounded while it is undone."""

PIECE = 1 << 20
"""Bytes let out at a time: a body of zeros shrinks a thousandfold, so what comes in says nothing of what comes out."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_GZIP = zlib.MAX_WBITS | 16


def claimed_bytes(response: httpx.Response) -> int | None:
    """Return the bytes that an answer says it will send, None where it says nothing that can be read."""
    claimed = response.headers.get("Content-Length", "").strip()
    return int(claimed) if _WHOLE_NUMBER.fullmatch(claimed) else None


def decoded(response: httpx.Response, address: httpx.URL) -> Iterator[bytes]:
    """Yield the body of an answer, at most ``PIECE`` bytes at a time.

    Raises
    ------
    FetchError
        It is packed twice, or otherwise than was asked for.
    TryAgainError
        It is damaged, or ends too soon.
    """
    stated = [part.strip().lower() for part in response.headers.get("Content-Encoding", "").split(",")]
    packed = [part for part in stated if part not in {"", "identity"}]
    if not packed:
        return response.iter_raw()
    if packed not in (["gzip"], ["x-gzip"]):
        raise FetchError(
            f"{address} is packed otherwise than was asked for",
            [f"expected {ASKED} or nothing, found {', '.join(packed)[:80]}", "fetch the file by hand"],
        )
    return _unpacked(response.iter_raw())


def _unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    begun = False
    for block in blocks:
        rest = block
        while rest:
            if unpacker.eof:  # a gzip file may have several members, one after another
                unpacker = zlib.decompressobj(_GZIP)
            begun = True
            try:
                piece = unpacker.decompress(rest, PIECE)
            except zlib.error as error:
                raise TryAgainError(f"the body is not the gzip it claims to be ({error})") from error
            rest = unpacker.unconsumed_tail or unpacker.unused_data
            if piece:
                yield piece
    while begun and not unpacker.eof:
        piece = unpacker.decompress(b"", PIECE)
        if not piece:
            raise TryAgainError("the body ends before its gzip does")
        yield piece
