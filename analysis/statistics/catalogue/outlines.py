"""The shape measures of ``esda.shape`` as covariates: how compact, how square, how crooked an area is drawn."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Mapping  # noqa: TC003 - the return types of a family are read at run time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.statistics.catalogue.drawing import quiet
from analysis.statistics.catalogue.refused import REFUSED_SHAPES
from analysis.statistics.columns import AreaColumns, Meaning
from geo.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

    from boundaries.areas.boundary_set import BoundarySet

MEASURES: Mapping[str, tuple[str, str]] = {
    "boundary_amplitude": ("Perimeter of the convex hull over that of the area (Wang and Huang 2012)", ""),
    "convex_hull_ratio": ("Area over that of its convex hull (Niemi and others 1991)", ""),
    "diameter_ratio": ("Width over length of the smallest box in any direction (Flaherty and Crumplin 1992)", ""),
    "equivalent_rectangular_index": (
        "Likeness to a rectangle of the same proportions (Basaraner and Cetinkaya 2017)",
        "",
    ),
    "fractal_dimension": ("Fractal dimension of the outline, of a hexagon 1", ""),
    "isoareal_quotient": ("Perimeter of the circle of the same area over the perimeter", ""),
    "isoperimetric_quotient": ("Area over that of the circle of the same perimeter (Polsby and Popper 1991)", ""),
    "length_width_diff": ("Extent north to south less extent west to east (Eig and Seitzinger 1981)", "metres"),
    "minimum_bounding_circle_ratio": ("Area over that of the smallest circle round it (Reock 1961)", ""),
    "moment_of_inertia": ("Second moment of area about the centroid", "metres⁴"),
    "nmi": ("Second moment of area of the circle of the same area over that of the area", ""),
    "radii_ratio": ("Radius of the circle of the same area over that of the smallest circle round it", ""),
    "rectangularity": ("Area over that of the smallest box in any direction", ""),
    "reflexive_angle_ratio": ("Share of the corners of the outline that point inward (Taylor 1973)", ""),
    "shape_index": (
        "Radius of the circle of the same area over that of the smallest circle round it (Schumm 1956)",
        "",
    ),
    "squareness": ("Area over that of the square of the same perimeter", ""),
}
"""Name of the function → what it measures, and its unit. All speak of the outline as drawn: simplified shapes are smoother."""


class ShapeMeasures:
    """The family ``esda`` of covariates."""

    def member(self, name: str) -> Callable[[BoundarySet], AreaColumns]:
        """Return the covariate that calls one function of ``esda.shape``.

        Raises
        ------
        PluginError
            There is no such function, or it gives no number an area: why is said.
        """
        if name not in MEASURES:
            near = difflib.get_close_matches(name, [*MEASURES, *REFUSED_SHAPES], n=1)
            why = self.refused().get(name)
            hint = why or (f"did you mean 'esda:{near[0]}'?" if near else f"it has {', '.join(MEASURES)}")
            raise PluginError(f"there is no covariate 'esda:{name}'", [hint])
        words, unit = MEASURES[name]

        def measure(boundaries: BoundarySet) -> AreaColumns:
            frame = boundaries.frame
            with quiet():
                from esda import shape  # noqa: PLC0415  # seconds to load; only who asks waits

                found = np.asarray(getattr(shape, name)(frame.geometry), dtype=np.float64)
            columns = pd.DataFrame({"shape": found}, index=pd.Index(frame["code"], name="code"))
            return AreaColumns(columns, {"shape": Meaning(words, unit)})

        measure.__doc__ = words
        return measure

    def listing(self) -> Mapping[str, str]:
        """Return every measure and what it is."""
        return {name: words for name, (words, _) in MEASURES.items()}

    def refused(self) -> Mapping[str, str]:
        """Return what ``esda.shape`` has that gives no number an area, and why."""
        unknown = dict.fromkeys(shape_functions(), "this release of placeatlas does not know how it is called")
        return {**{name: why for name, why in unknown.items() if name not in MEASURES}, **REFUSED_SHAPES}


def shape_functions() -> tuple[str, ...]:
    """Return the public functions of the installed ``esda.shape`` that take a collection of shapes."""
    with quiet():
        from esda import shape  # noqa: PLC0415

    found = inspect.getmembers(shape, inspect.isfunction)
    return tuple(
        name
        for name, function in found
        if function.__module__ == shape.__name__
        and not name.startswith("_")
        and "collection" in inspect.signature(function).parameters
    )


SHAPE_MEASURES = ShapeMeasures()
"""Shape measures of esda by name, such as esda:squareness: 'placeatlas plugins esda' lists them."""
