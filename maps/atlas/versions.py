"""What a build was made with: the versions on which its bytes depend, recorded, and compared where bytes differ."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pyogrio
import pyproj
import shapely

from geo import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKAGES = ("numpy", "pandas", "scipy", "geopandas", "shapely", "libpysal", "esda", "matplotlib", "pyogrio", "pyarrow")


def versions_here() -> dict[str, str]:
    """Return name → version of all that a build's bytes depend on, fonts by the hash of their files."""
    gdal = ".".join(map(str, pyogrio.__gdal_version__))
    geos = pyogrio.__gdal_geos_version__
    return {
        "placeatlas": __version__,
        "Python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "GDAL": gdal,
        "GEOS": shapely.geos_version_string,
        "GEOS of GDAL": ".".join(map(str, geos)) if geos else "none",
        "PROJ": pyproj.proj_version_str,
        "fonts": _fonts(),
    }


def differences(then: Mapping[str, str]) -> tuple[str, ...]:
    """Say which versions are others than those of a build; one line where the build did not record them."""
    if not then:
        return ("the build did not record what it was made with",)
    here = versions_here()
    return tuple(
        f"{name}: {then.get(name, 'not recorded')} then, {here.get(name, 'not here')} now"
        for name in dict.fromkeys([*then, *here])
        if then.get(name) != here.get(name)
    )


def _fonts() -> str:
    """Return a hash over the typefaces that pictures may be set in."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    whole = hashlib.sha256()
    for file in sorted(folder.glob("DejaVuSans*.ttf")):
        whole.update(file.read_bytes())
    return f"Public Sans {version('fontpkg-public-sans')}, DejaVu {whole.hexdigest()[:12]}"
