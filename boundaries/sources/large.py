"""Text tables too large to hold as text: read block by block into columns of numbered words, never whole."""

from __future__ import annotations

import codecs
import ctypes
import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from boundaries.sources.parsing import LARGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BLOCK = 8 << 20
"""Bytes looked at, and cut, at a time; a row must fit into one."""

MANY = 500_000
"""Rows from which a table is large in memory."""


@dataclass(frozen=True, slots=True)
class LargeText:
    """A large table of plain UTF-8, whole quotation marks and line ends; ``source`` : its path, or its bytes where they were unpacked."""

    source: Path | bytes
    mark: bool
    """Whether it begins with a byte-order mark."""

    def head(self, *, lines: int, least: int, longest: int) -> str:
        """Return the text of the first lines.

        Parameters
        ----------
        lines : how many. least : bytes that are returned at least, as far as there are whole lines. longest : bytes of a head at most,
            beyond the line in which they end.
        """
        with self._opened() as file:
            found, length = bytearray(), 0
            for _ in range(lines):
                line = file.readline(longest)
                found += line
                length += len(line)
                if not line.endswith(b"\n") or length > longest:
                    break
            found += b"".join(file.readlines(max(least - length, 1))) if length < least else b""
        return found.decode("utf-8-sig", errors="ignore")

    def columns(self, separator: str, names: Sequence[str], *, start: int) -> pd.DataFrame | None:
        """Cut everything behind ``start`` into columns of type category, their words in order of first appearance.

        Parameters
        ----------
        separator : one character. names : of the columns, all different. start : characters of the head before the first row.

        Returns
        -------
        None where rows are of unequal length or longer than a block, which the caller reads in another way.
        """
        with self._opened() as file:
            file.seek(3 * self.mark)
            before = io.TextIOWrapper(file, encoding="utf-8", newline="")
            passed = len(before.read(start).encode())
            before.detach()
            file.seek(3 * self.mark + passed)
            try:
                table = csv.read_csv(
                    file,
                    # One thread: the order in which blocks end must not matter, and a shared machine has no other to spare.
                    read_options=csv.ReadOptions(column_names=list(names), block_size=BLOCK, use_threads=False),
                    parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                    convert_options=csv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                        strings_can_be_null=False,
                        check_utf8=False,
                    ),
                )
            except pa.ArrowInvalid:
                return None
        columns = {}
        for name in names:
            columns[name] = _categories(table[name])
            table = table.drop_columns([name])
        return pd.DataFrame(columns)

    def _opened(self) -> BinaryIO:
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb")


def large_text(source: Path | bytes) -> LargeText | None:
    """Return a table that is read block by block; None for a small one, and for whatever must be mended before it is cut.

    Parameters
    ----------
    source : the path of a text file, or the bytes of one that was unpacked.

    Notes
    -----
    Mended elsewhere: other encodings than UTF-8, carriage returns alone as line ends. An odd number of quotation marks may mean one that is
    never closed, which Arrow takes for the end of the file.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size < LARGE:
        return None
    file: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes = lines = 0
    with file:
        beginning = file.read(4000)
        if 0 in beginning:
            return None
        file.seek(0)
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
                quotes += block.count(b'"')
                lines += block.count(b"\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return LargeText(source, beginning.startswith(codecs.BOM_UTF8)) if lines and not quotes % 2 else None


def give_back(rows: int) -> None:
    """Give memory that was freed back to the system after work on a large table: the C library keeps it, and takes new beside it.

    Parameters
    ----------
    rows : of the table; of few there is nothing worth giving.
    """
    if rows < MANY:
        return
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def _categories(column: pa.ChunkedArray) -> pd.Categorical:
    whole = column.unify_dictionaries().combine_chunks()
    words = pd.Index(pd.array(whole.dictionary.cast(pa.large_string()), dtype="str"))
    return pd.Categorical.from_codes(whole.indices.to_numpy(), categories=words)
