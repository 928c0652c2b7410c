"""Public Sans in two weights and with tabular figures, made once from the variable font, and the widths of what is set in it.

matplotlib draws a variable font at its default instance (Thin), so Regular and Bold are cut from it with fontTools, kept in
the cache folder, and used by path: every machine then draws the same letters.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import re
import unicodedata
from pathlib import Path

import matplotlib as mpl
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib import instancer
from matplotlib.ft2font import FT2Font

from geo.errors import OutputError
from geo.staging import cache_folder, replacing

FAMILY = "Public Sans"
SVG_FAMILY = "Public Sans, system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"
RECIPE = 5
"""Raised when the cut changes, so that an older file in the cache is not used."""

_WEIGHTS = {False: 400, True: 700}
_KEPT = [
    *range(0x20, 0x250),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2300),
]
"""Latin with its extensions (Welsh, Gaelic and the languages of Europe), punctuation, currencies, signs."""

NO_LETTER = "\u25a1"
"""A box, drawn for a letter that no font at hand has."""

_SHAPELESS = frozenset({"Cc", "Cf", "Cs"})
"""Categories of Unicode: controls, marks of format and direction, halves of letters."""

_SPACES = (0x2009, 0x202F)
"""Thin spaces, which Public Sans lacks: a sixth of an em."""

_REMEMBERED = 100_000
"""Texts whose width and font are remembered: those of an atlas of some hundred areas, many times over."""


@functools.cache
def font_path(*, bold: bool = False, tabular: bool = False) -> Path:
    """Return the path of Public Sans Regular or Bold, cutting it on first use; ``tabular``: with figures of one width.

    Raises
    ------
    OutputError
        The cache folder cannot be written; name another with ``PLACEATLAS_CACHE``.
    """
    variable = importlib.resources.files("fontpkg_public_sans") / "files" / "PublicSans[wght].ttf"
    data = variable.read_bytes()
    weight = _WEIGHTS[bold]
    version = hashlib.sha256(data + f"{RECIPE} {instancer.__name__}".encode()).hexdigest()[:12]
    folder = cache_folder() / "fonts"
    target = folder / f"PublicSans-{weight}{'-tabular' if tabular else ''}-{version}.ttf"
    if not target.is_file():
        _cut(data, weight=weight, tabular=tabular, target=target)
    return target


def width(text: str, size: float, *, bold: bool = False, tabular: bool = False) -> float:
    """Return the width of a line of text in points, kerning left out (so never too narrow)."""
    return _ems(text, bold, tabular) * size


def wrapped(text: str, size: float, *, within: float, bold: bool = False, tabular: bool = False) -> list[str]:
    """Break text into lines no wider than ``within`` points; a single word that is wider stands alone."""
    lines: list[str] = []
    current = ""
    for word in re.split(r"[ \n\t]+", text.strip(" \n\t")):  # not at thin or no-break spaces: £31 200 stays whole
        longer = f"{current} {word}" if current else word
        if current and width(longer, size, bold=bold, tabular=tabular) > within:
            lines.append(current)
            current = word
        else:
            current = longer
    return [*lines, current] if current else lines


def balanced(text: str, size: float, *, within: float, bold: bool = False) -> list[str]:
    """Break text into as few lines as ``wrapped`` does, but none much shorter than the others: no last word alone."""
    lines = wrapped(text, size, within=within, bold=bold)
    narrow, wide = within / 2, within
    while len(lines) > 1 and wide - narrow > 2:
        middle = (narrow + wide) / 2
        if len(wrapped(text, size, within=middle, bold=bold)) == len(lines):
            wide = middle
        else:
            narrow = middle
    return wrapped(text, size, within=wide, bold=bold)


@functools.lru_cache(maxsize=_REMEMBERED)
def drawable(text: str, *, bold: bool = False) -> str:
    r"""Return a text as it can be drawn: marks without a shape left out, a box for every letter that no font at hand has.

    Marks of direction are among the first: in a line of a picture they would turn round the words beside them. Pages and tables
    keep the text as it was written.

    Examples
    --------
    >>> drawable("\u202eCaer \u540d"), drawable("Ynys Môn")
    ('Caer □', 'Ynys Môn')
    """
    if text.isascii() and text.isprintable():
        return text
    shaped = "".join(letter for letter in text if unicodedata.category(letter) not in _SHAPELESS)
    if not missing_letters(shaped, font_path(bold=bold)):
        return shaped
    missing = missing_letters(shaped, _fallback_path(bold=bold))
    return "".join(NO_LETTER if letter in missing else letter for letter in shaped)


@functools.lru_cache(maxsize=_REMEMBERED)
def path_for(text: str, *, bold: bool = False, tabular: bool = False) -> Path:
    """Return the font file that has every letter of a drawable text: Public Sans, else DejaVu Sans."""
    own = font_path(bold=bold, tabular=tabular)
    return _fallback_path(bold=bold) if missing_letters(text, own) else own


def missing_letters(text: str, path: Path) -> set[str]:
    """Return the characters of a text that a font file has no glyph for."""
    known = _characters(path)
    return {character for character in text if ord(character) not in known}


@functools.cache
def loaded(path: Path) -> FT2Font:
    """Return the font opened by FreeType, once a file."""
    return FT2Font(str(path))


def _cut(data: bytes, *, weight: int, tabular: bool, target: Path) -> None:
    try:
        with replacing(target) as part:
            part.write_bytes(data)
            with TTFont(part, recalcTimestamp=False) as variable:
                cut = instancer.instantiateVariableFont(variable, {"wght": weight})
                if tabular:
                    _set_tabular(cut)
                _slim(cut)
                _add_spaces(cut)
                cut.save(part)
    except OutputError as error:
        raise OutputError(
            f"the font cannot be kept in {target.parent}", [error.what, "name a folder of yours with PLACEATLAS_CACHE"]
        ) from error


def _set_tabular(font: TTFont) -> None:
    """Let digits be the typeface's own figures of one width, set as close as its widest ordinary figure.

    Their own width, 0.7 em, is made for columns of money; beside words it would tear a line apart.
    """
    name_of = font.getBestCmap()
    digits = [name_of[code] for code in range(ord("0"), ord("9") + 1)]
    metrics, glyphs = font["hmtx"].metrics, font["glyf"]
    advance = max(metrics[name][0] for name in digits)
    for name in digits:
        own, bearing = metrics[f"{name}.tf"]
        shift = round((advance - own) / 2)
        glyph = glyphs[f"{name}.tf"]
        if glyph.isComposite():
            for component in glyph.components:
                component.x += shift
        else:
            glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        metrics[f"{name}.tf"] = (advance, bearing + shift)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {code: f"{name}.tf" for code, name in table.cmap.items() if name in digits}
    for record in font["name"].names:
        if record.nameID in {4, 6}:
            record.string = f"{record.toUnicode()}{' ' if record.nameID == 4 else ''}Tabular"


def _slim(font: TTFont) -> None:
    """Keep the letters of European languages in Latin script, and no layout tables: a PDF then embeds its letters quickly."""
    options = Options()
    options.layout_features = []
    options.name_IDs = [1, 2, 3, 4, 6]
    options.drop_tables += ["GDEF", "GPOS", "GSUB", "STAT", "gasp", "prep", "DSIG"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_KEPT)
    subsetter.subset(font)


def _add_spaces(font: TTFont) -> None:
    order = list(font.getGlyphOrder())
    advance = font["head"].unitsPerEm // 6
    for code in _SPACES:
        name = f"uni{code:04X}"
        order.append(name)
        font["glyf"].glyphs[name] = Glyph()
        font["hmtx"].metrics[name] = (advance, 0)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order


def _fallback_path(*, bold: bool) -> Path:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / name


@functools.cache
def _characters(path: Path) -> frozenset[int]:
    return frozenset(loaded(path).get_charmap())


@functools.lru_cache(maxsize=_REMEMBERED)
def _ems(text: str, bold: bool, tabular: bool) -> float:  # noqa: FBT001 - a key; keywords would be sorted at every call
    """Return the width of a text in ems: maps of one atlas are set in the same words again and again."""
    return sum([_advance(character, bold=bold, tabular=tabular) for character in text])


@functools.cache
def _advance(character: str, *, bold: bool, tabular: bool) -> float:
    """Return a letter's advance in ems; that of a box where no font has it, nothing where it has no shape."""
    if unicodedata.category(character) in _SHAPELESS:
        return 0.0
    for path in (font_path(bold=bold, tabular=tabular), _fallback_path(bold=bold)):
        if ord(character) in _characters(path):
            return _advances(path)[ord(character)]
    return _advances(_fallback_path(bold=bold))[ord(NO_LETTER)]


@functools.cache
def _advances(path: Path) -> dict[int, float]:
    with TTFont(path, lazy=True) as font:
        metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: metrics[name][0] / em for code, name in font.getBestCmap().items()}
