"""Look at a layer of areas, or at a finished build, before it is used: what kind of file, codes of which date, and what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from boundaries.areas.layer_files import code_column, read_layer
from boundaries.areas.loading import load_boundary_set
from boundaries.dating.code_faults import Finding
from boundaries.dating.vintages import Inference, PeriodVintage, infer_epochs
from boundaries.joined.checks import NO_PERIOD, Check
from boundaries.joined.trying import refusal
from boundaries.register import epochs, load_register
from boundaries.register.codes import repaired
from boundaries.vocabulary import counted
from geo.documents import formed, json_of
from geo.errors import CodeError, ConfigError, PlaceatlasError, TableError, listed
from geo.provenance import sha256_of
from geo.vectors import SUFFIXES, layers_of, read_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from boundaries.joined.trying import Asking

_BUILD = "placeatlas"
_MOST = 50_000_000
"""Bytes above which a JSON file is no manifest."""


def holds_areas(path: Path) -> bool:
    """Say whether a file holds polygons; a layer may be named behind two colons.

    Raises
    ------
    TableError
        It is a layer by its ending, and cannot be read.
    """
    file = Path(str(path).partition("::")[0])
    if (
        file.suffix.lower() not in SUFFIXES
        or file.suffix.lower() in {".json", ".zip", ".parquet"}
        or not file.is_file()
    ):
        return False
    # a layer of polygons beside multipolygons is of no one kind
    return any("Polygon" in kind or kind == "Unknown" for _, kind in layers_of(file))


def check_layer(path: Path, asking: Asking) -> Check:
    """Check a layer of areas as ``map --layer`` would read it.

    Parameters
    ----------
    path : the file; of several layers one is named behind two colons. asking : geography, date, nations and reference system that
        are asked for.

    Returns
    -------
    Check
        Codes and their epoch; faults of the reference system, the shapes, the codes, and of shapes that do not lie where their codes
        say; what was mended.
    """
    name = path.name
    try:
        layer = read_layer(path, crs=asking.crs)
    except PlaceatlasError as error:
        return _unread(path, name, asking, refusal(error, "layer"))
    codes = layer.frame["code"].astype("str")
    inference = _inferred(codes, asking)
    findings = [finding for finding in inference.findings if finding.kind != "missing areas"]
    said = [f"{counted(len(codes), 'shape', 'shapes')} in {layer.declared}", *_shapes(layer.frame)]
    for what, number in layer.repairs.items():
        findings.append(Finding("note", "shapes", f"mended: {what} ({number:,})"))
    try:
        made = load_boundary_set(
            inference.geography, _date(inference, asking), layer=path, nations=asking.nations, crs=asking.crs
        )
    except PlaceatlasError as error:
        findings.append(refusal(error, "layer"))
    else:
        said.append(
            f"they are the {len(made)} areas of {made.geography} on {made.date.isoformat()}, each where its code says"
        )
    ordered = tuple(sorted(findings, key=lambda finding: finding.severity))
    return Check(name, len(codes), {"code": "code"}, {}, replace(inference, findings=ordered), tuple(said), "layer")


def _unread(path: Path, name: str, asking: Asking, why: Finding) -> Check:
    """Return what can be said of a layer that is refused: of its codes, where they can be read."""
    file, _, layer = str(path).partition("::")
    empty = Inference(asking.geography or "LAD", (), (why,))
    try:
        frame = read_vectors(Path(file), layer=layer or None)
        codes, repairs = repaired(frame[code_column(frame, name)])
    except PlaceatlasError:
        return Check(name, 0, {}, {}, empty, (), "layer")
    inference = _inferred(codes, asking)
    found = tuple(finding for finding in inference.findings if finding.kind != "missing areas")
    return Check(name, len(frame), {"code": "code"}, repairs, replace(inference, findings=(why, *found)), (), "layer")


def _inferred(codes: pd.Series, asking: Asking) -> Inference:
    cells = codes.reset_index(drop=True)
    frame = pd.DataFrame({"code": cells, "period": NO_PERIOD, "name": "", "group": ""})
    return infer_epochs(frame, geography=asking.geography)


def _date(inference: Inference, asking: Asking) -> Any:
    """Return the date asked for, else the last on which the codes are live."""
    if asking.date is not None:
        return asking.date
    dated = [period.last.end for period in inference.periods if period.last is not None]
    if not dated:
        raise CodeError("the codes of the layer are of no date", ["state the date: --date YYYY-MM-DD"])
    return max(dated)


def _shapes(frame: gpd.GeoDataFrame) -> Iterator[str]:
    shapes = frame.geometry.to_numpy()
    yield f"extent {', '.join(f'{edge:,.0f}' for edge in frame.total_bounds)} in EPSG:27700, {shapely.get_num_coordinates(shapes).sum():,} points"
    if len(apart := frame.loc[shapely.is_empty(shapes), "code"]):
        yield f"empty: {listed(apart)}"
    yield (
        "neighbours share their borders point by point"
        if shapely.coverage_is_valid(shapes)
        else "neighbours overlap, or do not share their borders point by point: who touches whom is found within a tolerance"
    )


def is_manifest(path: Path) -> bool:
    """Say whether a file, or a folder by the file in it, is the manifest of a build."""
    return _manifest(path) is not None


def check_manifest(path: Path) -> Check:
    """Check a finished build by its manifest: areas and dates it stands on, and files that are gone or were changed."""
    place = path / "manifest.json" if path.is_dir() else path
    held = _manifest(path) or {}
    with formed(place.name, error=TableError):
        return _checked(path, place, held)


def _checked(path: Path, place: Path, held: dict[str, Any]) -> Check:
    files: dict[str, str] = held["files"]
    gone = [name for name in files if not (place.parent / name).is_file()]
    other = [name for name in files if name not in gone and sha256_of(place.parent / name) != files[name]]
    findings = [
        Finding("fault", kind, f"{counted(len(names), 'file', 'files')}: {listed(names)}")
        for kind, names in (("gone from disk", gone), ("changed since it was written", other))
        if names
    ]
    register = load_register()
    periods = []
    for geography, stated in held["boundaries"].items():
        date = stated["date"]
        epoch = next(
            (one for one in epochs(register, "LAD") if one.start.isoformat() <= date <= one.end.isoformat()), None
        )
        periods.append(
            PeriodVintage(geography, stated["areas"], stated["areas"], epoch, epoch, f"the build states {date}")
        )
    geography = next(iter(held["boundaries"]), "LAD")
    said = (
        f"a build of placeatlas {held.get('version', '')}: {counted(len(files), 'file', 'files')}, {listed(held['sources'])}",
        *(f"input {name}" for name in held.get("inputs", {})),
    )
    return Check(path.name, len(files), {}, {}, Inference(geography, tuple(periods), tuple(findings)), said, "build")


def _manifest(path: Path) -> dict[str, Any] | None:
    place = path / "manifest.json" if path.is_dir() else path
    if place.suffix.lower() != ".json" or not place.is_file() or place.stat().st_size > _MOST:
        return None
    try:
        held = json_of(place)
    except ConfigError:  # of another kind: it is read as a table, which says what is wrong
        return None
    ours = isinstance(held, dict) and held.get("tool") == _BUILD
    return held if ours and all(isinstance(held.get(key), dict) for key in ("files", "boundaries", "sources")) else None
