"""Pictures, pages, packs and the whole run.

The only floor that draws; it computes no statistic. ``maps.kinds`` describes, ``maps.static`` and ``maps.leaflet`` draw,
``maps.atlas`` makes a whole atlas, ``maps.one`` one picture of one table.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

# A file of the user may hide one of our four import names: say so before anything else fails obscurely.
runpy.run_path(str(Path(__file__).parents[1] / "geo" / "shadowing.py"))["check"](Path(__file__).parents[1])

from geo.lazy import lazily  # noqa: E402 - not before the check

if TYPE_CHECKING:
    from maps.atlas.config import AtlasConfig, load_config
    from maps.atlas.repacking import packs_from_build
    from maps.atlas.replaying import replay_build
    from maps.atlas.run import build_atlas, prepare, write_atlas
    from maps.atlas.whole import Atlas
    from maps.kinds.entry import Kind
    from maps.kinds.subject import Subject
    from maps.kinds.table import kind_named, kind_names
    from maps.leaflet.page import write_page
    from maps.one.claiming import answer_from_build, answer_from_file
    from maps.one.picture import Picture, draw_one
    from maps.spec import MapSpec
    from maps.static.drawing import draw

__all__ = [
    "Atlas",
    "AtlasConfig",
    "Kind",
    "MapSpec",
    "Picture",
    "Subject",
    "answer_from_build",
    "answer_from_file",
    "build_atlas",
    "draw",
    "draw_one",
    "kind_named",
    "kind_names",
    "load_config",
    "packs_from_build",
    "prepare",
    "replay_build",
    "write_atlas",
    "write_page",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "maps.atlas.config": ("AtlasConfig", "load_config"),
        "maps.atlas.repacking": ("packs_from_build",),
        "maps.atlas.replaying": ("replay_build",),
        "maps.atlas.run": ("build_atlas", "prepare", "write_atlas"),
        "maps.atlas.whole": ("Atlas",),
        "maps.kinds.entry": ("Kind",),
        "maps.kinds.subject": ("Subject",),
        "maps.kinds.table": ("kind_named", "kind_names"),
        "maps.leaflet.page": ("write_page",),
        "maps.one.claiming": ("answer_from_build", "answer_from_file"),
        "maps.one.picture": ("Picture", "draw_one"),
        "maps.spec": ("MapSpec",),
        "maps.static.drawing": ("draw",),
    },
)
