"""What a damaged archive raises, wherever one is opened or read."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import Final

DAMAGE: Final = (
    *(EOFError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    RuntimeError,  # a member under a password; NotImplementedError, of a way of packing that is not known, is one
)
"""Faults of the content of a zip or gzip file, of its list or of a member, in every way of packing that Python knows."""

FAULTS: Final = (OSError, *DAMAGE)
"""The same where the disk is only read: a place before the beginning of a file, and a checksum of gzip, are an OSError."""
