"""Ways to damage a file: bytes, pieces, words and members of containers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

WORDS = (
    b"",
    b"inf",
    b"-inf",
    b"nan",
    b"1e999",
    b"-1",
    b"0",
    b"9" * 30,
    b"true",
    b"null",
    b"[[1]]",
    b"{}",
    b'"',
    b"'",
    b",",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xe2\x80\xae",
    b"=1+1",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"../../x",
    b"\xf0\x9f\x98\x80",
    b" " * 500,
    b"99999999-99-99",
    b"[" * 3000,
    b'{"a":' * 3000,
    b"9" * 5000,
    b"0x1p9999",
    b"{{value}}",
    b"2024-02-30",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
    b"E06000001",
)
"""What nobody expects where a word or a number stands."""

_CONTAINERS = (b"PK\x03\x04",)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return the content damaged in one to four ways; a container half of the time inside one of its members."""
    if content.startswith(_CONTAINERS) and chance.random() < 0.5:
        return _inside(content, chance)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice((_flipped, _cut, _doubled, _inserted, _ended, _swapped, _reworded, _reworded))(
            content, chance
        )
    return content


def _inside(content: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chance.choice(names)
        for name in names:
            inner = old.read(name)
            new.writestr(name, damaged(inner, chance) if name == hit else inner)
    return out.getvalue()


def _place(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(content))
    return start, min(len(content), start + chance.choice((1, 2, 8, 64, 512)))


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(content: bytes, chance: random.Random) -> bytes:
    start, end = _place(content, chance)
    return content[:start] + content[end:]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    start, end = _place(content, chance)
    return content[:end] + content[start:end] * chance.choice((1, 3, 50)) + content[end:]


def _inserted(content: bytes, chance: random.Random) -> bytes:
    start, _ = _place(content, chance)
    return content[:start] + chance.randbytes(chance.randint(1, 16)) + content[start:]


def _ended(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _swapped(content: bytes, chance: random.Random) -> bytes:
    start, end = _place(content, chance)
    other, last = _place(content, chance)
    return content[:start] + content[other:last] + content[end:]


def _reworded(content: bytes, chance: random.Random) -> bytes:
    """Put a word of ``WORDS`` in place of what stands between two separators."""
    marks = [place for place, byte in enumerate(content[:20_000]) if byte in b',=:"\n<>[] ']
    if len(marks) < 2:
        return content + chance.choice(WORDS)
    at = chance.randrange(len(marks) - 1)
    return content[: marks[at] + 1] + chance.choice(WORDS) + content[marks[at + 1] :]
