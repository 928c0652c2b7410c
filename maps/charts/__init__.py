"""Charts beside the maps, in the same colours, as pages that ``maps.static.write_page`` writes."""

from maps.charts.effects import Effect, effect_plot
from maps.charts.ranked import caterpillar
from maps.charts.scatter import moran_scatter

__all__ = ["Effect", "caterpillar", "effect_plot", "moran_scatter"]
