"""One map from one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.single import join_file
from analysis.study import StudyConfig, run_study, survey
from boundaries.bundled.layers import load_neighbours
from boundaries.joined import average_of
from geo.errors import ConfigError
from geo.files import write_bytes
from maps import composition, house
from maps.kinds import spec_choropleth, spec_classes
from maps.static import FORMATS, page_bytes
from maps.static.layout import map_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.joined import Joined
    from maps.spec import MapSpec

KINDS = ("choropleth", "clusters", "hotspots")


def draw_one(
    file: Path,
    output: Path | None = None,
    *,
    source: str = "table",
    options: Mapping[str, object] | None = None,
    period: str = "latest",
    date: str | None = None,
    kind: str = "choropleth",
    size: str = "page",
) -> Path:
    """Draw one map of one table; the ending of ``output`` says whether it is PNG, SVG or PDF.

    Raises
    ------
    ConfigError
        An ending, kind or size that is not known.
    """
    output = output or file.with_suffix(".png")
    faults = []
    if output.suffix[1:] not in FORMATS:
        faults.append(f"'{output.name}': the ending must be one of {', '.join(FORMATS)}")
    if kind not in KINDS:
        faults.append(f"kind '{kind}': expected one of {', '.join(KINDS)}")
    if size not in house.SIZES:
        faults.append(f"size '{size}': expected one of {', '.join(house.SIZES)}")
    if faults:
        raise ConfigError("the map cannot be drawn as asked", faults)
    joined = join_file(file, source=source, options=options, period=period, date=date)
    canvas = composition.prepare(joined.boundaries, load_neighbours())
    page = map_page(_spec(joined, kind), canvas, style=house.DEFAULT, size=house.SIZES[size])
    form = next(known for known in FORMATS if known == output.suffix[1:])
    return write_bytes(output, page_bytes(page, kind=form))


def _spec(joined: Joined, kind: str) -> MapSpec:
    if kind == "choropleth":
        return spec_choropleth(joined, average=average_of(joined))
    config = StudyConfig(robust=False)
    study = run_study(joined, config, ground=survey(joined.boundaries, config, neighbours=load_neighbours()))
    if kind == "clusters":
        return spec_classes(joined, study.local, statistic="moran")
    return spec_classes(joined, study.hotspots, statistic="gi")
