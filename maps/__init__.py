"""Pictures, pages, packs and the whole run.

``maps.calls`` holds what an analyst calls. The only floor that draws; it computes no statistic.
"""

import runpy as _runpy
from pathlib import Path as _Path

# A file of the user may hide one of our import names: said by the one module that does not need ours to be found.
_looked = _runpy.run_path(str(_Path(__file__).parents[1] / "geo" / "shadowing.py"))["rooms_of"]
__getattr__, __dir__, __all__ = _looked(__name__, _Path(__file__).parent)
