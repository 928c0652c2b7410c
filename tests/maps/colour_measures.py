"""What tests ask of colours: how light they are, and how far apart the nearest two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from maps.look.palettes import lab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.look.palettes import Deficiency, FloatArray


def lightness(colours: Sequence[str], *, deficiency: Deficiency | None = None) -> FloatArray:
    """Return CIE L*, shape (n,), 0 (black) to 100 (white): what is left of a colour in greyscale."""
    return lab(colours, deficiency=deficiency)[:, 0]


def least_distance(colours: Sequence[str], *, deficiency: Deficiency | None = None) -> float:
    """Return the smallest CIE76 distance between any two colours; about 2.3 is just noticeable side by side."""
    points = lab(colours, deficiency=deficiency)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(distances[np.triu_indices(len(colours), 1)].min())
