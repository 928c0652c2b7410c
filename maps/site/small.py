"""Pictures of the front page at the size at which they stand there: few colours, few kilobytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from geo.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

LEAD = (960, 96)
"""Width in pixels and number of colours of the picture that leads."""

STRIP = (360, 24)
"""The same of those in the strip beside it."""


def smaller(picture: Path, path: Path, size: tuple[int, int]) -> Path:
    """Write a picture again, no wider than it stands on the page, and in a palette.

    Parameters
    ----------
    picture : PNG. path : PNG to write. size : width in pixels and number of colours; a narrower picture keeps its width.
    """
    width, colours = size
    with Image.open(picture) as whole:
        shown = whole.convert("RGB")
    if shown.width > width:
        height = round(shown.height * width / shown.width)
        shown = shown.resize((width, height), Image.Resampling.LANCZOS)
    # median cut without dithering: flat tints stay flat, and the same picture gives the same bytes
    paletted = shown.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    held = io.BytesIO()
    paletted.save(held, "PNG", optimize=True)
    return write_bytes(path, held.getvalue())
