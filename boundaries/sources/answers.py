"""What a publisher's server answered, looked at before it is kept: a table with its columns, whole to its last row."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def text_of(content: bytes) -> str:
    """Return the text of an answer: UTF-16 or UTF-8 by its mark, UTF-8, else Windows-1252."""
    for mark, encoding in _ENCODINGS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def csv_with(publisher: str, columns: Sequence[str]) -> Callable[[bytes], str | None]:
    """Return what names the fault of an answer that is not a whole table with these columns; faults of a busy server pass."""

    def fault_of(content: bytes) -> str | None:
        try:
            rows = [row for row in csv.reader(io.StringIO(text_of(content), newline="")) if row]
        except csv.Error as error:
            return f"{publisher} answered with something else than data: {error}"
        if not rows or {name.upper() for name in columns} - {name.strip().upper() for name in rows[0]}:
            said = ",".join(rows[0])[:200] if rows else "nothing"
            return f"{publisher} answered with something else than data: {said}"
        if len(rows[-1]) < len(rows[0]):
            return f"the table of {publisher} breaks off in row {len(rows)}"
        return None

    return fault_of


def has_rows(content: bytes) -> bool:
    """Say whether a table has more than its header."""
    lines = csv.reader(io.StringIO(text_of(content), newline=""))
    return sum(1 for _, row in zip(range(2), (row for row in lines if row), strict=False)) > 1
