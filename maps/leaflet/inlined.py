"""Leaflet itself, from the installed package XStatic-Leaflet, ready to stand inside a page."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

from geo.errors import MapError

DISTRIBUTION = "XStatic-Leaflet"

# The licence asks that its text goes with every copy; the package holds the code without it.
LICENCE = """
BSD 2-Clause License
Copyright (c) 2010-2022, Volodymyr Agafonkin
Copyright (c) 2010-2011, CloudMade
All rights reserved.
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:
1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
disclaimer.
2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
disclaimer in the documentation and/or other materials provided with the distribution.
THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


@cache
def leaflet_files() -> tuple[str, str]:
    """Return Leaflet's script and style sheet as they may stand inside a page.

    The reference to a source map and the pictures of controls we do not use are left out: a page must ask for nothing.

    Raises
    ------
    MapError
        The package that holds Leaflet is not installed, or holds it elsewhere.
    """
    script, style = (_held(name).decode("utf-8") for name in ("leaflet.js", "leaflet.css"))
    script = re.sub(r"\n?//# sourceMappingURL=\S*\s*$", "", script)
    style = re.sub(r"[\w-]+\s*:\s*url\([^)]*\)\s*;", "", style)
    if "</script" in script or "url(" in style:
        raise MapError(f"this version of {DISTRIBUTION} cannot stand inside a page", ["install version 1.9.3.0"])
    return f"/*{LICENCE}*/\n{script}", style


def leaflet_picture(name: str) -> bytes:
    """Return one of Leaflet's pictures of markers and controls, a PNG.

    Raises
    ------
    MapError
        As ``leaflet_files``.
    """
    return _held(f"images/{name}")


def _held(name: str) -> bytes:
    """Return a file of the package that holds Leaflet."""
    try:
        place = metadata.distribution(DISTRIBUTION).locate_file("xstatic/pkg/leaflet/data")
        return (Path(str(place)) / name).read_bytes()
    except (metadata.PackageNotFoundError, FileNotFoundError) as error:
        raise MapError(
            "Leaflet is not where its package should hold it", [f"reinstall it: pip install {DISTRIBUTION}"]
        ) from error
