"""Sizes of pictures."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from geo.errors import MapError

if TYPE_CHECKING:
    from pathlib import Path

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png_size(path: Path) -> tuple[int, int]:
    """Return a PNG's width and height in pixels, so that the page keeps its place while it loads.

    Raises
    ------
    MapError
        The file is not a PNG.
    """
    with path.open("rb") as file:
        head = file.read(24)
    if len(head) < 24 or not head.startswith(PNG_SIGNATURE):
        raise MapError(f"{path.name} is not a PNG picture")
    width, height = struct.unpack(">II", head[16:24])
    return width, height
