"""GeoPackages that QGIS opens as they were drawn: styles, names of columns, the title and the description of a layer.

Styles stand in the table ``layer_styles``, which QGIS looks for beside the layers and registers among the contents as a table of
attributes, as here. GDAL therefore lists two layers: ``geopandas.read_file(path)`` takes the areas, which come first, and warns
that it had a choice; ``geopandas.read_file(path, layer="areas")`` does not.
"""

from maps.qgis.tables import write_names, write_styles

__all__ = ["write_names", "write_styles"]
