"""Places and time: codes, vintages, lookups, conversion, outcome tables and joins.

``boundaries.calls`` and ``boundaries.place_calls`` hold what an analyst calls; import all else from its room:
``from boundaries.conversion import recode``. Nothing here computes a statistic or draws.
"""

import runpy as _runpy
from pathlib import Path as _Path

# A file of the user may hide one of our import names: said by the one module that does not need ours to be found.
_looked = _runpy.run_path(str(_Path(__file__).parents[1] / "geo" / "shadowing.py"))["rooms_of"]
__getattr__, __dir__, __all__ = _looked(__name__, _Path(__file__).parent)
