"""One writer for everything that is written: files, folders, additions to folders and the cache appear whole or not at all.

What is under way lies in a hidden sibling and is noted in a journal, so that the next command finds what a killed run left,
restores or removes it, and says so.
"""

from geo.staging.folders import MANIFEST, TOOL, adding, is_ours, staged
from geo.staging.journal import cache_folder
from geo.staging.parts import leftovers, move_into_place, remove_leftovers, replacing, scratch
from geo.staging.tidying import tidy

__all__ = [
    "MANIFEST",
    "TOOL",
    "adding",
    "cache_folder",
    "is_ours",
    "leftovers",
    "move_into_place",
    "remove_leftovers",
    "replacing",
    "scratch",
    "staged",
    "tidy",
]
