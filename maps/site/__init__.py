"""The site of a build: a front page of findings, maps, areas, regions and downloads, and the method in plain English."""

from maps.site.contents import (
    AreaEntry,
    Colophon,
    Download,
    Method,
    MixingRow,
    OutcomeMethod,
    OutcomePage,
    Overview,
    OverviewRow,
    Picture,
    RegionEntry,
    RulesCompared,
    TypologyRule,
    Watched,
    WatchedRow,
)
from maps.site.sizes import png_size
from maps.site.writing import write_site

__all__ = [
    "AreaEntry",
    "Colophon",
    "Download",
    "Method",
    "MixingRow",
    "OutcomeMethod",
    "OutcomePage",
    "Overview",
    "OverviewRow",
    "Picture",
    "RegionEntry",
    "RulesCompared",
    "TypologyRule",
    "Watched",
    "WatchedRow",
    "png_size",
    "write_site",
]
