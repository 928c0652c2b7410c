"""Download packs: everything about one region or nation in a folder and a zip that travel alone."""

from maps.packs.contents import PackNote, PackOutcome, PackPicture, RegionInfo
from maps.packs.findings import region_findings, regional_outcome, regional_spec
from maps.packs.writing import write_pack

__all__ = [
    "PackNote",
    "PackOutcome",
    "PackPicture",
    "RegionInfo",
    "region_findings",
    "regional_outcome",
    "regional_spec",
    "write_pack",
]
