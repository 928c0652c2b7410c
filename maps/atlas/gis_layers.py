"""Layers of areas for geographical information systems: what they say of themselves, of their columns, and how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.files import write_geopackage
from maps.feet import licence_lines
from maps.kinds.captions import boundary_words
from maps.qgis import write_names, write_styles
from maps.words import listed_words, say

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas


def write_areas(atlas: Atlas, geography: str, path: Path) -> Path:
    """Write every area of a geography as the layer ``areas`` of a GeoPackage that QGIS opens as it was drawn."""
    boundaries, studies = atlas.grounds[geography].boundaries, atlas.studies_on(geography)
    sources = [*boundaries.sources, *(study.joined.meta.source for study in studies)]
    about = {
        "IDENTIFIER": f"{listed_words([study.joined.meta.title for study in studies])}: {boundary_words(boundaries)}",
        "DESCRIPTION": " ".join([say("qgis.outside-grid"), *licence_lines(sources)]),
    }
    specs = [spec for study in studies for spec in atlas.specs_for(study.joined.meta.id, "gis")]
    write_geopackage(atlas.table(geography), path, "areas", metadata=about)
    write_names(path, "areas", atlas.column_names(geography))
    return write_styles(path, "areas", specs) if specs else path
