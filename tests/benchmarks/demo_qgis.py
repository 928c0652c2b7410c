"""Open the GeoPackages of builds in the real QGIS and print a row a style: ``python -m tests.benchmarks.demo_qgis [BUILD …]``.

Without a build two are made first: the starter atlas, and one layer with a style of every kind of map that has areas in their
places, Scotland left out of it and some areas without a value. QGIS need not be installed beside this Python: any ``python3`` on the path that can
import ``qgis.core`` is asked. For every style the symbol that QGIS would draw each area with is compared with the fill that the same
area has in the SVG of the same picture: ground, hatch, and colour of the hatch. ``--pictures FOLDER`` keeps what QGIS draws.

This file imports nothing of ours as it starts: QGIS's own Python runs it too.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Mark = tuple[str, int, float, float, str]
"""Line or dot: what, lean in degrees clockwise from upright, distance and width (or diameter) in points, colour."""

Paint = tuple[str, tuple[Mark, ...]]
"""Ground, "" for none, and the marks of its hatch, the undermost first."""

SVG = "{http://www.w3.org/2000/svg}"
LAND: Paint = ("#e4e4df", ())
"""What areas have that a picture leaves out."""

HEAD = f"{'file':42} {'style':68} {'renderer':18} {'classes':>7} {'areas':>6} {'drawn':>6} {'equal':>6}  colours equal"


def main(arguments: list[str] | None = None) -> None:
    """Find a QGIS, and let it open every GeoPackage of the builds."""
    parser = argparse.ArgumentParser(prog="demo_qgis")
    parser.add_argument("builds", nargs="*", type=Path)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    python = python_with_qgis()
    if python is None:
        sys.stdout.write("QGIS not found: no python3 on the path imports qgis.core (Debian: qgis, python3-qgis)\n")
        return
    with tempfile.TemporaryDirectory() as temporary:
        builds = given.builds or [every_kind(Path(temporary) / "kinds"), starter(Path(temporary) / "starter")]
        task = {"builds": [str(build.resolve()) for build in builds], "pictures": str(given.pictures or "")}
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "*=false"}
        command = [python, str(Path(__file__).resolve()), "--inside", json.dumps(task)]
        sys.exit(subprocess.run(command, check=False, env=environment).returncode)


def python_with_qgis() -> str | None:
    """Return a Python that imports QGIS, or None."""
    found = [sys.executable, *(shutil.which("python3", path=folder) for folder in os.get_exec_path())]
    for python in dict.fromkeys(found):
        if (
            python
            and subprocess.run([python, "-c", "import qgis.core"], check=False, capture_output=True).returncode == 0
        ):
            return python
    return None


def starter(out: Path) -> Path:
    """Make the starter atlas and return its folder."""
    command = [str(Path(sys.executable).with_name("placeatlas")), "build", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def every_kind(out: Path) -> Path:
    """Write a layer with a style of every kind of map, and the pictures as SVG, laid out as a build; return its folder."""
    import datetime as dt

    import numpy as np

    from boundaries.areas.loading import load_boundary_set
    from boundaries.joined import Average
    from geo.files import write_geopackage
    from maps import kinds
    from maps.page.composition import prepare
    from maps.qgis import write_styles
    from maps.spec import Outline
    from maps.static import draw
    from tests.benchmarks.bench_static import synthetic

    areas = load_boundary_set("LAD", dt.date(2023, 4, 1))
    joined, result, levels, types = synthetic(areas)
    frame: Any = joined.frame.copy()
    noise = np.random.default_rng(1).normal(0, 2_000, len(frame))
    frame["value"] = (frame["value"] + noise).round(0)
    frame["lower"], frame["upper"] = frame["value"] - 1_500 - abs(noise), frame["value"] + 1_500 + abs(noise)
    frame.loc[frame.index[::29], ["value", "lower", "upper"]] = np.nan
    frame.loc[frame["nation"] == "S", ["value", "lower", "upper", "status"]] = [np.nan, np.nan, np.nan, "not_covered"]
    joined = dataclasses.replace(joined, frame=frame)
    covered = frame.index[joined.covered]
    result.frame.loc[frame.index[::29], "class"] = "no-data"
    result.frame.loc[frame.index[5::40], "class"] = "not-testable"
    result = dataclasses.replace(result, frame=result.frame.loc[covered])
    earlier = dataclasses.replace(joined, frame=frame.assign(value=frame["value"] - 900 - 0.3 * noise), period="2019")
    other = dataclasses.replace(joined, frame=frame.assign(value=-noise.round(0)))
    average = Average(30_000.0, "the published figure", "published")
    classes = kinds.spec_classes(joined, result)
    found = result.frame["class"].reindex(frame.index)
    outlines = [
        Outline(
            f"{nation}-{kind}",
            f"{kind}, {nation}",
            tuple(frame.index[(frame["nation"] == nation) & (found == kind)]),
            "#1d1d1b",
        )
        for nation in "EWN"
        for kind in ("high-high", "low-low")
    ]
    specs = [
        kinds.spec_choropleth(joined, average=average),
        classes,
        kinds.spec_robustness(joined, levels),
        kinds.spec_uncertainty(joined, average),
        dataclasses.replace(
            kinds.spec_uncertainty(joined, average, suppress=False),
            id="income/hatched",
            subtitle="Values, the unsure hatched",
        ),
        kinds.spec_interval_width(joined),
        kinds.spec_typology(areas, types, outcome="income"),
        dataclasses.replace(
            classes, id="income/labels", kind="labels", outlines=tuple(one for one in outlines if one.codes)
        ),
        dataclasses.replace(kinds.spec_bivariate(joined, other), subtitle="Two outcomes at once"),
        kinds.spec_change(earlier, joined),
        kinds.spec_symbols(joined),
    ]
    canvas = prepare(areas)
    for spec in specs:
        draw(spec, canvas, folder=out / "maps", formats=["svg", "png"])
    table = areas.frame[["code", "name", "nation", "geometry"]].copy()
    table["income__2022__value"] = frame["value"].to_numpy()
    table["income__2022__moran_class"] = result.frame["class"].reindex(frame.index, fill_value="").to_numpy()
    for kind, answers in types.items():
        table[str(kind).replace("-", "_")] = answers.to_numpy()
    (out / "data").mkdir(parents=True)
    write_styles(write_geopackage(table, out / "data" / "areas.gpkg", "areas"), "areas", specs)
    return out


def inside(task: dict[str, Any]) -> None:
    """Print a row a style of every GeoPackage; run by a Python that has QGIS."""
    core = importlib.import_module("qgis.core")
    core.QgsApplication.setPrefixPath("/usr", True)  # noqa: FBT003 - QGIS takes it by place
    application = core.QgsApplication([], False)  # noqa: FBT003 - as above
    application.initQgis()
    sys.stdout.write(f"QGIS {core.Qgis.QGIS_VERSION}\n{HEAD}\n")
    styles, whole = 0, True
    for build in map(Path, task["builds"]):
        for path in sorted([*build.glob("data/*.gpkg"), *build.glob("regions/*/*.gpkg")]):
            for row in rows(core, path, build, Path(task["pictures"]) if task["pictures"] else None):
                styles, whole = styles + 1, whole and row.endswith("yes")
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()
    whole = whole and styles > 0
    sys.stdout.write(
        "every style draws what its picture does\n" if whole else "not every style draws what its picture does\n"
    )
    sys.stdout.flush()
    os._exit(0 if whole else 1)  # QGIS may crash as it is taken down


def rows(core: Any, path: Path, build: Path, pictures: Path | None) -> Iterator[str]:
    """Yield a row of the table for every style of a GeoPackage, the default one by opening the layer as a user does."""
    (only,) = core.QgsProviderRegistry.instance().querySublayers(str(path))
    layer = core.QgsVectorLayer(f"{path}|layername={only.name()}", only.name(), "ogr")
    name = f"{path.parent.name}/{path.name}" if path.parent.name != "data" else f"{build.name}/data/{path.name}"
    about, aliases = layer.metadata(), [field.alias() for field in layer.fields()]
    shown = f"{sum(map(bool, aliases))} of {len(aliases)} columns named"
    yield f"{name}: {layer.crs().authid()}, {layer.featureCount()} areas, {shown}, title {about.title()!r}: {'yes' if layer.isValid() else 'no'}"
    opened = layer.renderer().dump()
    count, ids, names, _, fault = layer.listStylesInDatabase()
    if fault or count < 1:
        yield f"{name}: no style ({fault or 'none listed'}): no"
        return
    for number, (identity, style) in enumerate(zip(ids[:count], names[:count], strict=True)):
        document = importlib.import_module("qgis.PyQt.QtXml").QDomDocument()
        text, fault = layer.getStyleFromDatabase(identity)
        document.setContent(text)
        loaded, said = layer.importNamedStyle(document)
        if fault or not loaded:
            yield f"{name:42} {style:68} not loaded: {fault or said}: no"
            continue
        if number == 0 and layer.renderer().dump() != opened:
            yield f"{name:42} {style:68} is not what the layer opens with: no"
        yield f"{name:42} {compared(core, layer, style, picture_of(path, build, layer))}"
        if pictures is not None:
            keep(core, layer, pictures / f"{path.parent.name}-{slug(style)}.png")


def compared(core: Any, layer: Any, style: str, picture: Path) -> str:
    """Return what QGIS draws the areas with beside what the picture has them filled with."""
    found, wanted = painted(core, layer), fills(picture) if picture.is_file() else {}
    wanted = {code: paint for code, paint in wanted.items() if code in found}
    equal = sum(found[code] == paint for code, paint in wanted.items())
    drawn = sum(bool(paint[0]) for paint in found.values())
    rest = all(paint == LAND for code, paint in found.items() if code not in wanted)
    kind = layer.renderer().type()
    classes = Counter(found.values())
    said = "yes" if equal == len(wanted) > 0 and drawn == len(found) and rest else "no"
    note = "" if picture.is_file() else " (no picture to compare with)"
    return f"{style:68} {kind:18} {len(classes):7} {len(found):6} {drawn:6} {equal:6}  {note}{said}"


def painted(core: Any, layer: Any) -> dict[str, Paint]:
    """Return, by code, what QGIS fills each area with: the symbols it would draw it with, in the order it draws them."""
    context = core.QgsRenderContext()
    context.expressionContext().appendScopes(core.QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    found = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        parts = [part for symbol in renderer.symbolsForFeature(feature, context) for part in symbol.symbolLayers()]
        found[str(feature["code"])] = paint_of(parts)
    renderer.stopRender(context)
    return found


def paint_of(parts: list[Any]) -> Paint:
    """Return ground and hatch of a symbol's layers; distances and widths are written in points."""
    ground, marks = "", []
    for part in parts:
        kind = part.layerType()
        if kind == "SimpleFill":
            ground = part.fillColor().name()
        elif kind == "LinePatternFill":
            lean = (90 - part.lineAngle()) % 180
            marks.append(mark("line", lean, part.distance(), part.lineWidth(), part.subSymbol().color().name()))
        elif kind == "PointPatternFill":
            dot = part.subSymbol().symbolLayer(0)
            marks.append(mark("dot", 0, part.distanceX(), dot.size(), dot.fillColor().name()))
    return ground, tuple(marks)


def mark(what: str, lean: float, distance: float, width: float, colour: str) -> Mark:
    """Return a mark with lengths as printed: to a twentieth of a point."""
    return what, round(lean), round(20 * distance) / 20, round(20 * width) / 20, colour


def picture_of(path: Path, build: Path, layer: Any) -> Path:
    """Return the SVG that a style was made from; of a region its own where it has one."""
    kind = layer.customProperty("placeatlas:map")
    own = path.parent / "maps" / f"{kind}.svg"
    return own if own.is_file() else build / "maps" / f"{kind}.svg"


def fills(picture: Path) -> dict[str, Paint]:
    """Return, by code, what a picture fills its areas with."""
    root = ET.parse(picture).getroot()  # noqa: S314 - our own picture
    patterns = {f"url(#{pattern.get('id')})": pattern for pattern in root.iter(f"{SVG}pattern")}
    found: dict[str, Paint] = {}
    for layer in root.iter(f"{SVG}g"):
        if layer.get("class") != "areas":
            continue
        scale = float(str(layer[0].get("transform")).removeprefix("scale(").removesuffix(")"))
        for group in layer[0].iter(f"{SVG}g"):
            fill = group.get("fill")
            if fill:
                paint = hatched(patterns[fill], scale) if fill in patterns else (fill, ())
                for area in group.iter(f"{SVG}path"):
                    code = str(area.get("data-code"))
                    under = found.get(code, ("", ()))
                    found[code] = paint if paint[0] else (under[0], under[1] + paint[1])  # a hatch lies over its colour
    return found


def hatched(pattern: ET.Element, scale: float) -> Paint:
    """Return ground and marks of a pattern, ``scale`` points a unit."""
    step = float(pattern.attrib["width"])
    lean = float(str(pattern.get("patternTransform", "rotate(0)")).removeprefix("rotate(").removesuffix(")"))
    ground, marks = "", []
    for shape in pattern:
        colour, wide, high = shape.attrib["fill"], float(shape.get("width", 0)), float(shape.get("height", 0))
        if shape.tag == f"{SVG}circle":
            marks.append(mark("dot", 0, scale * step, 2 * scale * float(shape.attrib["r"]), colour))
        elif wide == high == step:
            ground = colour
        elif high == step:
            marks.append(mark("line", lean % 180, scale * step, scale * wide, colour))
        else:
            marks.append(mark("line", (lean + 90) % 180, scale * step, scale * high, colour))
    return ground, tuple(marks)


def keep(core: Any, layer: Any, path: Path) -> None:
    """Draw a layer as QGIS does and keep the picture."""
    gui = importlib.import_module("qgis.PyQt.QtCore")
    settings = core.QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent().buffered(20_000))
    settings.setOutputSize(gui.QSize(1100, 1700))
    settings.setOutputDpi(150)
    job = core.QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    path.parent.mkdir(parents=True, exist_ok=True)
    job.renderedImage().save(str(path))


def slug(words: str) -> str:
    """Return words as they stand in a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(json.loads(sys.argv[2]))
    else:
        main()
