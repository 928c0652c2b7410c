"""Places and time: codes, vintages, lookups, conversion, outcome tables and joins.

Import from the rooms: ``from boundaries.conversion import recode``. Nothing here computes a statistic or draws.
"""

import runpy
from pathlib import Path

# A file of the user may hide one of our four import names: say so before anything else fails obscurely.
runpy.run_path(str(Path(__file__).parents[1] / "geo" / "shadowing.py"))["check"](Path(__file__).parents[1])

__all__: list[str] = []
