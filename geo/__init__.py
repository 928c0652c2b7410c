"""Geometry, rasters, files and provenance.

The ground floor: it takes arrays and frames and knows no place. It never imports ``boundaries``, ``analysis`` or ``maps``.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
