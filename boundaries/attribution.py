"""What must stand under the bundled shapes, nation by nation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

_OGL: Final = "Open Government Licence v3.0"
_ONS: Final = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."

ENGLAND_AND_WALES: Final = Source(
    title="Local authority districts of 2011, dissolved from Lower layer Super Output Areas 2011 (generalised)",
    url="https://geoportal.statistics.gov.uk/",
    licence=_OGL,
    attribution=(_ONS, "Contains OS data © Crown copyright and database right 2011."),
)
SCOTLAND: Final = Source(
    title="Council areas of Scotland, geoBoundaries (generalised)",
    url="https://www.geoboundaries.org/",
    licence="Creative Commons Attribution 4.0",
    attribution=("Scottish council areas: geoBoundaries (Runfola et al. 2020), CC BY 4.0.",),
)
NORTHERN_IRELAND: Final = Source(
    title="Districts of Northern Ireland, dissolved from Small Areas 2011 (generalised)",
    url="https://www.nisra.gov.uk/",
    licence=_OGL,
    attribution=(
        "Contains National Statistics / NISRA data © Crown copyright and database right 2011.",
        "Contains Land & Property Services (LPS) Intellectual Property © Crown copyright and database right.",
    ),
)


def bundled_sources(nations: Iterable[str]) -> tuple[Source, ...]:
    """Return the sources of the bundled shapes of these nations, each once."""
    wanted = set(nations)
    by_nations = ((ENGLAND_AND_WALES, {"E", "W"}), (SCOTLAND, {"S"}), (NORTHERN_IRELAND, {"N"}))
    return tuple(source for source, covered in by_nations if covered & wanted)
