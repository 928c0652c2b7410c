"""Download packs: everything about one region or nation in a folder and a zip that travel alone."""

from maps.packs.contents import Kit, PackNote, PackOutcome, PackPicture, Region, RegionFindings, RegionInfo
from maps.packs.kept import read_kit, write_kit
from maps.packs.places import Layout, find_regions, regions_asked, regions_of
from maps.packs.regional import region_findings, region_sentences, regional_outcome, regional_spec
from maps.packs.writing import write_pack

__all__ = [
    "Kit",
    "Layout",
    "PackNote",
    "PackOutcome",
    "PackPicture",
    "Region",
    "RegionFindings",
    "RegionInfo",
    "find_regions",
    "read_kit",
    "region_findings",
    "region_sentences",
    "regional_outcome",
    "regional_spec",
    "regions_asked",
    "regions_of",
    "write_kit",
    "write_pack",
]
