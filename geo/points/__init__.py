"""Points: read from the files that people keep them in, and placed in areas, by the million.

Promises that every point has one fate that is counted: in an area, in none, in several, or nowhere. Does not promise that a point
lies where the thing is that it stands for.
"""

from geo.points.inside import Inside, areas_of_points
from geo.points.reading import PointLayer, PointReading, read_points

__all__ = ["Inside", "PointLayer", "PointReading", "areas_of_points", "read_points"]
