"""What a build was made with: the versions on which its bytes depend, recorded, and compared where bytes differ."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pyogrio
import pyproj
import shapely

import geo
from geo import __version__
from geo.plugins import extensions
from geo.work import code_key

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


def code_here() -> str:
    """Return a hash over all that a build is made by: every file of ours and of extensions, and the versions of libraries."""
    roots = [
        Path(geo.__file__).parents[1] / name for name in ("geo", "boundaries", "analysis", "maps", "placeatlas.py")
    ]
    return code_key([*roots, *_code_of_extensions()], versions_here())


def _code_of_extensions() -> list[Path]:
    """Return the modules of other distributions that brings something to us, whole packages of them."""
    found = set()
    for extension in extensions():
        spec = None if extension.ours else find_spec(extension.target.partition(":")[0].partition(".")[0])
        if spec is not None and spec.origin is not None:
            path = Path(spec.origin)
            found.add(path.parent if spec.submodule_search_locations else path)
    return sorted(found)


def _fonts() -> str:
    """Return a hash over the typefaces that pictures may be set in."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    whole = hashlib.sha256()
    for file in sorted(folder.glob("DejaVuSans*.ttf")):
        whole.update(file.read_bytes())
    return f"Public Sans {version('fontpkg-public-sans')}, DejaVu {whole.hexdigest()[:12]}"
