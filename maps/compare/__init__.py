"""The page of two builds side by side."""

from maps.compare.wording import comparison_lines
from maps.compare.writing import MARK, compare_folders

__all__ = ["MARK", "compare_folders", "comparison_lines"]
