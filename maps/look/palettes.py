"""Colours with a meaning, and the sums that show they can be told apart.

Brown is unfavourable and teal favourable, whichever way an outcome points. Every palette is checked in the tests: WCAG contrast, CIE76 distance under three simulated colour-vision deficiencies, order of lightness.

References
----------
Machado, G. M., Oliveira, M. M. & Fernandes, L. A. F. (2009) A physiologically-based model for simulation of color vision
deficiency. IEEE TVCG 15(6), doi:10.1109/TVCG.2009.113. WCAG 2.2 (2023), relative luminance and contrast ratio.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo.errors import MapError, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    FloatArray = np.ndarray[Any, np.dtype[np.float64]]

Deficiency = Literal["protan", "deutan", "tritan"]

SEQUENTIAL: tuple[str, ...] = ("#edf4f2", "#b9dcd6", "#78b9b4", "#37888e", "#0b4f5c")
"""Five steps, low to high, for outcomes where more is good or neither."""

SEQUENTIAL_UNFAVOURABLE: tuple[str, ...] = ("#f7f1e6", "#e8cf9f", "#cd9a4b", "#9a6218", "#5a2d04")
"""Five steps, low to high, for outcomes where more is bad: the dark end is brown, as everywhere."""

DIVERGING_5: tuple[str, ...] = ("#8c510a", "#d8b365", "#f5f5f0", "#7fc4bb", "#01665e")
"""Unfavourable to favourable."""

DIVERGING_7: tuple[str, ...] = ("#6b3a05", "#b8771f", "#e6c98a", "#f5f5f0", "#a5d8d0", "#3f9a91", "#00504a")
"""Unfavourable to favourable."""

CLUSTERS: dict[str, str] = {
    "unfavourable": "#8c510a",
    "favourable": "#01665e",
    "unfavourable-outlier": "#e0bd7c",
    "favourable-outlier": "#8fd0c6",
    "not-significant": "#efefec",
}
"""Local clusters; an outlier is an area unlike its neighbours."""

ROBUSTNESS: tuple[str, ...] = ("#5a2d04", "#b8771f", "#ecd9b0", "#efefec")
"""Core, probable, contested, none: unfavourable clusters."""

ROBUSTNESS_FAVOURABLE: tuple[str, ...] = ("#00423c", "#3f9a91", "#a5d8d0", "#efefec")
"""Core, probable, contested, none: favourable clusters."""

TYPES: dict[str, str] = {"coastal": "#2b7bba", "rural": "#4f8f2f", "post-industrial": "#a8326e"}
"""Types of place, as outlines, symbols or patterns."""

OWN_TYPES: tuple[str, ...] = ("#b8671a", "#6a4fa3", "#14807a", "#8f2d2d")
"""Kinds of place of one's own, in turn."""

CONFIDENCE: tuple[str, ...] = ("#0b4f5c", "#78b9b4", "#edf4f2")
"""Sure, fairly sure, not sure."""

BIVARIATE: tuple[tuple[str, ...], ...] = (
    ("#f0ede4", "#eda07a", "#d4500e"),
    ("#9caccd", "#9f7271", "#8b381e"),
    ("#3471b4", "#4f4867", "#462122"),
)
"""Three by three: rows are the first outcome, low to high; columns the second."""

PAPER = "#ffffff"
INK = "#1d1d1b"
INK_SOFT = "#4a4a46"
LAND = "#e4e4df"
COAST = "#8a8a84"
BORDER_LIGHT = "#ffffff"
BORDER_DARK = "#4a4a46"
NO_DATA = "#ffffff"
NO_DATA_HATCH = "#9a9a94"
NOT_TESTABLE = "#efefec"
NOT_TESTABLE_DOTS = "#6f6f69"
RULE = "#c9c9c3"

PALE = 83.0
"""CIE L* from which a fill is pale: white laid on it would be lost."""

_MACHADO: dict[str, tuple[tuple[float, ...], ...]] = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
_XYZ_OF_RGB = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE_D65 = (0.95047, 1.0, 1.08883)


def linear_rgb(colours: Sequence[str]) -> FloatArray:
    """Return linear-light sRGB, shape (n, 3), of colours written ``#rrggbb``.

    Raises
    ------
    MapError
        A colour not written as six hexadecimal digits.
    """
    wrong = [colour for colour in colours if not _is_hex(colour)]
    if wrong:
        raise MapError("a colour is written #rrggbb", [f"found {listed(wrong)}"])
    srgb = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], dtype=np.float64) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG, 0 (black) to 1 (white)."""
    return float(linear_rgb([colour])[0] @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of WCAG, 1 to 21.

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(colours: Sequence[str], *, deficiency: Deficiency | None = None) -> FloatArray:
    """Return CIE L*a*b* (D65), shape (n, 3), as seen with a complete colour-vision deficiency or none."""
    rgb = linear_rgb(colours)
    if deficiency is not None:
        rgb = np.clip(rgb @ np.array(_MACHADO[deficiency]).T, 0, 1)
    xyz = rgb @ np.array(_XYZ_OF_RGB).T / np.array(_WHITE_D65)
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def border_colour(first: str, second: str) -> str:
    """Return the border line between two fills: white between dark fills, dark grey between light ones.

    Notes
    -----
    No single line has 3:1 against both the lightest and the darkest fill; the one chosen has the greater of the two
    *least* contrasts, and where one fill is dark and the other light the fills themselves mark the edge.
    """
    return max((BORDER_LIGHT, BORDER_DARK), key=lambda line: min(contrast(line, first), contrast(line, second)))


def ink_on(fill: str) -> str:
    """Return the text colour, dark or white, that stands out more on a fill."""
    return max((INK, PAPER), key=lambda ink: contrast(ink, fill))


def grey(colour: str) -> str:
    """Return the neutral grey of the same relative luminance."""
    linear = luminance(colour)
    value = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return f"#{round(value * 255):02x}" + f"{round(value * 255):02x}" * 2


def shade(colour: str, *, step: float) -> str:
    """Return a colour of the same hue and a lightness ``step`` L* higher, as far as white; lower where the colour is pale.

    Examples
    --------
    >>> shade("#000000", step=100.0), shade("#ffffff", step=100.0)
    ('#ffffff', '#000000')
    """
    point = lab([colour])[0]
    target = min(100.0, point[0] + step) if point[0] < PALE else max(0.0, point[0] - step)
    # colourfulness is lost on the way to white or black, as paint loses it
    share = (100 - target) / (100 - point[0]) if target > point[0] else target / point[0]
    return _hex_of_lab(np.array([target, point[1] * share, point[2] * share]))


def ramp(anchors: Sequence[str], k: int) -> tuple[str, ...]:
    """Return ``k`` colours along a palette, interpolated in L*a*b*; the palette itself when it already has ``k``.

    Raises
    ------
    MapError
        Fewer than one or more than seventeen colours asked for: a diverging scale of nine classes, all on one side of its
        centre, needs seventeen; more cannot be told apart.
    """
    if not 1 <= k <= 17:
        raise MapError("a palette has one to seventeen steps", [f"found {k}", "use five classes, at most seven"])
    if k == len(anchors):
        return tuple(anchors)
    if k == 1:
        return (anchors[len(anchors) // 2],)
    points = lab(anchors)
    at = np.linspace(0, len(anchors) - 1, k)
    mixed = np.stack([np.interp(at, np.arange(len(anchors)), points[:, i]) for i in range(3)], axis=1)
    return tuple(_hex_of_lab(row) for row in mixed)


def _is_hex(colour: str) -> bool:
    return len(colour) == 7 and colour[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in colour[1:])


def _hex_of_lab(row: FloatArray) -> str:
    fy = (row[0] + 16) / 116
    f = np.array([fy + row[1] / 500, fy, fy - row[2] / 200])
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * np.array(_WHITE_D65)
    rgb = np.clip(np.linalg.solve(np.array(_XYZ_OF_RGB), xyz), 0, 1)
    srgb = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(value) * 255):02x}" for value in srgb)
