"""Download packs: everything about one region or nation in a folder and a zip that travel alone."""

from maps.packs.contents import PackNote, PackOutcome, PackPicture, RegionFindings, RegionInfo
from maps.packs.regional import region_findings, region_sentences, regional_outcome, regional_spec
from maps.packs.writing import write_pack

__all__ = [
    "PackNote",
    "PackOutcome",
    "PackPicture",
    "RegionFindings",
    "RegionInfo",
    "region_findings",
    "region_sentences",
    "regional_outcome",
    "regional_spec",
    "write_pack",
]
