"""The page of two builds side by side."""

from maps.compare.compared import Compared
from maps.compare.wording import comparison_lines
from maps.compare.writing import MARK, compare_folders

__all__ = ["MARK", "Compared", "compare_folders", "comparison_lines"]
