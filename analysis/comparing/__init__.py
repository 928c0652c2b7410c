"""What changed between two builds: values revised, bands and levels moved, verdicts that flipped, areas new and gone."""

from analysis.comparing.builds import Build, read_build
from analysis.comparing.differences import Comparison, Note, compare_builds

__all__ = ["Build", "Comparison", "Note", "compare_builds", "read_build"]
