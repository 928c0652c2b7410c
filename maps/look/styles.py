"""House styles: paper, inks and sizes that a department may set in a TOML file; never the meaning of colours by accident."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass
from pathlib import Path

from geo.documents import toml_of
from geo.errors import ConfigError, MapError, listed
from maps.look import palettes

STYLES = Path(__file__).parents[1] / "styles"


@dataclass(frozen=True, slots=True)
class Size:
    """A page in points.

    Parameters
    ----------
    title : size of its title. text : how much larger its text is than a paper's.
    grows : downwards, as far as its text needs; then ``height`` is the map's, not the page's.
    stacked : the reading column stands under the map, not beside it.
    """

    width: float
    height: float
    title: float
    grows: bool = False
    text: float = 1.0
    stacked: bool = False

    @property
    def wide(self) -> bool:
        """Say whether the title stands beside the map instead of above it."""
        return not self.grows and self.width > self.height * 1.2


SIZES: dict[str, Size] = {
    "page": Size(500.0, 476.0, 16.5, grows=True),
    "a4": Size(595.28, 841.89, 18.0),
    "slide": Size(960.0, 540.0, 26.0, text=1.6),
    "social": Size(600.0, 600.0, 18.0, text=1.12),
    "phone": Size(300.0, 390.0, 14.5, grows=True, stacked=True),
}
"""``page`` for papers and web pages; ``a4`` portrait; ``slide`` 16:9; ``social`` square; ``phone`` for narrow screens."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a house may change. Sizes in points; colours ``#rrggbb``."""

    name: str = "placeatlas"
    ink: str = palettes.INK
    ink_soft: str = palettes.INK_SOFT
    land: str = palettes.LAND
    coast: str = palettes.COAST
    rule: str = palettes.RULE
    accent: str = ""
    title_scale: float = 1.0
    text: float = 8.5
    foot: float = 7.0
    margin: float = 24.0
    border_width: float = 0.25
    coast_width: float = 0.4
    outline_width: float = 1.2
    greyscale: bool = False
    credit: str = ""


DEFAULT = Style()


def load_style(name: str, *, folders: tuple[Path, ...] = ()) -> Style:
    """Return a house style by name (``ons``, ``smc``, ``govuk``, ``placeatlas``, ``greyscale``) or from a TOML file.

    Raises
    ------
    ConfigError
        No such style; unknown keys; values of the wrong type, colours not written ``#rrggbb``, inks below 4.5:1 on white.
    """
    path = Path(name) if name.endswith(".toml") else None
    places = [path] if path else [folder / f"{name}.toml" for folder in (*folders, STYLES)]
    found = next((place for place in places if place is not None and place.is_file()), None)
    if found is None:
        known = sorted(place.stem for folder in (*folders, STYLES) for place in folder.glob("*.toml"))
        raise ConfigError(
            f"no map style called {name!r}", [f"known styles: {', '.join(known)}; or give a path ending in .toml"]
        )
    data = toml_of(found)
    faults = _faults(data)
    if faults:
        raise ConfigError(f"the map style {found.name} cannot be used", faults)
    return Style(**data)


def _faults(data: dict[str, object]) -> list[str]:
    fields = {entry.name: type(entry.default) for entry in dataclasses.fields(Style)}
    faults = []
    for key, value in data.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            faults.append(
                f"unknown key {key!r}" + (f": did you mean {near[0]!r}?" if near else f": known are {listed(fields)}")
            )
        elif not isinstance(value, fields[key]) and not (fields[key] is float and type(value) is int):
            faults.append(f"{key} should be {fields[key].__name__}, found {value!r}")
        elif fields[key] is str and key not in {"name", "credit"} and value:
            faults.extend(_colour_faults(key, str(value)))
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and not 0 <= value <= 100:
            faults.append(f"{key} is {value}: expected 0 to 100 points")
    return faults


def _colour_faults(key: str, colour: str) -> list[str]:
    try:
        ratio = palettes.contrast(colour, palettes.PAPER)
    except MapError as error:
        return [f"{key}: {error.what}, found {colour!r}"]
    if key.startswith("ink") and ratio < 4.5:
        return [f"{key} {colour} has a contrast of {ratio:.1f}:1 on white: text needs 4.5:1"]
    return []
