"""Packs of an atlas: one for each nation and region, and any other area of the hierarchy on request."""

from __future__ import annotations

import re
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from analysis.dictionary import AREAS
from boundaries.bundled.layers import sources
from boundaries.outcomes.periods import label
from boundaries.register import load_register, name_of, welsh_name_of
from boundaries.vocabulary import COUNTRY_CODES, NATIONS, phrase
from geo import __version__
from geo.errors import CodeError, OutputError, listed
from geo.staging import is_ours
from maps.atlas.gis_layers import readable_names
from maps.atlas.specs import canvas_of, draw_maps
from maps.atlas.tables import dictionary
from maps.atlas.texts import data_date, page_table, value_texts
from maps.kinds import framing
from maps.leaflet.page import KIND_NAMES
from maps.packs import PackNote, PackOutcome, PackPicture, RegionInfo, region_findings, regional_spec, write_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.study import Study
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from geo.provenance import Source
    from maps.atlas.config import AtlasConfig, Format
    from maps.page.composition import Canvas
    from maps.spec import MapSpec

PICTURED = ("choropleth", "clusters")
"""Kinds of map that a pack holds as pictures; its page holds them all."""

DEFAULT_FOLDER = Path("atlas-out")

SHAPES_OF = (("EW", "geometry_ew"), ("S", "geometry_scotland"), ("N", "geometry_ni"))
"""Nations, and the bundled source of their shapes."""

LINES_OF = (("S", "National Records of Scotland"), ("N", "NISRA"))
"""Nations whose lines of a source of counts or codes name their own publisher."""

FRAME_MARGIN = 0.25
"""A regional map shows land round its areas: no farther than this share of their longer side."""


@dataclass(frozen=True, slots=True)
class PackMaker:
    """What every pack of one atlas is made from."""

    config: AtlasConfig
    studies: Sequence[Study]
    specs: Mapping[str, Sequence[MapSpec]]
    table: gpd.GeoDataFrame
    neighbours: gpd.GeoDataFrame

    def write(self, folder: Path, region: RegionInfo, codes: Sequence[str]) -> Path:
        """Write the pack of a region as ``folder/<code>-<slug>`` and return the path of its zip."""
        whole = self.studies[0].joined.boundaries
        own = part_of(whole, codes)
        around = whole.frame[~whole.frame["code"].isin(set(codes))]
        canvas = canvas_of(own, self.neighbours, around[["geometry"]])
        land = gpd.GeoDataFrame(pd.concat([self.neighbours[["geometry"]], around[["geometry"]]], ignore_index=True))
        meanings = dictionary(self.studies)
        names = dict(zip(own.frame["code"], own.frame["name"], strict=True))
        with tempfile.TemporaryDirectory() as temporary:
            outcomes = [self._outcome(study, region, names, canvas, Path(temporary)) for study in self.studies]
            return write_pack(
                folder / region.folder_name,
                region=region,
                boundaries=own,
                outcomes=outcomes,
                data=self.table,
                neighbours=land,
                note=PackNote(
                    atlas=self.config.title,
                    version=__version__,
                    data_date=data_date(self.studies),
                    report_to=self.config.report_errors_to,
                    sources=self.studies[0].ground.sources,
                    names=readable_names(meanings, self.studies),
                    dictionary=meanings[meanings["file"] == AREAS],
                ),
            )

    def _outcome(
        self, study: Study, region: RegionInfo, names: Mapping[str, str], canvas: Canvas, folder: Path
    ) -> PackOutcome:
        meta, frame = study.joined.meta, study.joined.frame
        table, columns = page_table(study)
        plain = PackOutcome(
            id=meta.id,
            title=meta.title,
            period=label(study.joined.period),
            favourable=meta.favourable,
            specs=tuple(self.specs[meta.id]),
            table=table,
            columns=columns,
            numbers=frame["value"],
            texts=value_texts(study),
            clusters={str(code): str(name) for code, name in study.local.frame["class"].dropna().items()},
            alone=frozenset(code for group in study.clusters if group.single for code in group.codes),
            lower=frame["lower"] if frame["lower"].notna().any() else None,
            upper=frame["upper"] if frame["upper"].notna().any() else None,
            sources=(meta.source,),
        )
        findings = region_findings(names, plain)
        regional = [
            local_to(regional_spec(spec, list(names), region.name, findings), study.joined, canvas.boundaries)
            for spec in plain.specs
        ]
        pictures = tuple(
            self._picture(spec, canvas, folder) for spec in regional if spec.kind in PICTURED and spec.assignment
        )
        return replace(plain, specs=tuple(regional), pictures=pictures)

    def _picture(self, spec: MapSpec, canvas: Canvas, folder: Path) -> PackPicture:
        wanted: list[Format] = ["png", *(kind for kind in self.config.outputs.formats if kind != "png")]
        picture, *others = draw_maps([spec], canvas, folder, formats=wanted)
        return PackPicture(picture, KIND_NAMES[spec.kind], spec.alt, tuple(others))


def local_to(spec: MapSpec, joined: Joined, own: BoundarySet) -> MapSpec:
    """Return a regional spec that names its region, counts its own areas and prints the licences of its own shapes."""
    method = next(line.removeprefix("Method: ") for line in spec.foot if line.startswith("Method: "))
    whole, here = framing.boundary_words(joined.boundaries), framing.boundary_words(own)
    return replace(
        spec,
        title=f"{spec.region}: {spec.title}" if spec.region not in spec.title else spec.title,
        subtitle=spec.subtitle.replace(whole, here),
        foot=framing.foot([joined.meta.source], own, method=method),
    )


def part_of(whole: BoundarySet, codes: Iterable[str]) -> BoundarySet:
    """Return the areas of a set that are named, with their members, atoms, approximate shapes and sources.

    The sources of nations that a map of these areas does not show, not even as grey land around them, are left out; of the
    sources of residents and codes, the lines of nations that none of the areas lies in.
    """
    wanted = set(codes)
    frame = whole.frame[whole.frame["code"].isin(wanted)].reset_index(drop=True)
    west, south, east, north = frame.total_bounds
    margin = FRAME_MARGIN * max(east - west, north - south)
    shown = set(whole.frame.cx[west - margin : east + margin, south - margin : north + margin]["nation"])
    bundled = sources()
    drawn = {bundled[name].title for _, name in SHAPES_OF}
    unseen = {bundled[name].title for nations, name in SHAPES_OF if not shown & set(nations)}
    own = set(frame["nation"])
    said = (source if source.title in drawn else _said_in(own, source) for source in whole.sources)
    return replace(
        whole,
        frame=frame,
        sources=tuple(source for source in said if source is not None and source.title not in unseen),
        approximate={code: text for code, text in whole.approximate.items() if code in wanted},
        members=_rows_of(whole.members, wanted),
        atoms=_rows_of(whole.atoms, wanted),
    )


def _said_in(nations: set[str], source: Source) -> Source | None:
    """Return a source with the lines that its data of some nations ask for; None where all its lines are of others."""
    foreign = [name for nation, name in LINES_OF if nation not in nations]
    lines = tuple(line for line in source.attribution if not any(name in line for name in foreign))
    return replace(source, attribution=lines) if lines or not source.attribution else None


def _rows_of(table: pd.DataFrame | None, codes: set[str]) -> pd.DataFrame | None:
    return None if table is None else table[table["code"].isin(codes)].reset_index(drop=True)


def regions_of(boundaries: BoundarySet, tiers: Sequence[str]) -> list[tuple[RegionInfo, list[str]]]:
    """Return the nations and English regions that the areas lie in, each with its areas' codes.

    Parameters
    ----------
    tiers : "nation" (England, Wales, Scotland, Northern Ireland) and "region" (the nine of England).
    """
    frame = boundaries.frame
    found = []
    if "nation" in tiers:
        for nation, group in frame.groupby("nation", sort=True):
            code, name = COUNTRY_CODES[str(nation)], NATIONS[str(nation)]
            welsh = phrase(f"place.{code}", "welsh") if nation == "W" else ""
            info = RegionInfo(code, name, slug_of(name), str(nation), welsh)
            found.append((info, list(group["code"])))
    if "region" in tiers:
        english = frame[frame["region_code"].str.startswith("E12")]
        for (code, name), group in english.groupby(["region_code", "region_name"], sort=True):
            found.append((RegionInfo(str(code), str(name), slug_of(str(name)), "E"), list(group["code"])))
    return found


def region_named(code: str, boundaries: BoundarySet) -> tuple[RegionInfo, list[str]]:
    """Return a nation, region, county or combined authority with the codes of its areas.

    Raises
    ------
    CodeError
        The code holds no area of the set on its date.
    """
    for info, codes in regions_of(boundaries, ("nation", "region")):
        if info.code == code:
            return info, codes
    register = load_register()
    inside = {
        link.child
        for link in register.hierarchy
        if link.parent == code and link.start <= boundaries.date and (link.end is None or boundaries.date <= link.end)
    }
    codes = [area for area in boundaries.frame["code"] if area in inside]
    if not codes:
        raise CodeError(
            f"{code} holds none of {boundaries.in_words}",
            ["expected the code of a nation, region, county or combined authority alive on that date"],
        )
    name = name_of(register, code, boundaries.date)
    nation = str(boundaries.frame.set_index("code").loc[codes[0], "nation"])
    return RegionInfo(code, name, slug_of(name), nation, welsh_name_of(register, code, boundaries.date)), codes


def slug_of(name: str) -> str:
    """Return a name as it stands in a folder's name.

    Examples
    --------
    >>> slug_of("Yorkshire and The Humber"), slug_of("Ynys Môn")
    ('yorkshire-and-the-humber', 'ynys-mon')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def build_or_newest(folder: Path | None) -> Path:
    """Return a build's folder: the one named, else the newest in ``atlas-out/``.

    Raises
    ------
    OutputError
        It is not a build, or there is none.
    """
    if folder is not None:
        if not is_ours(folder):
            raise OutputError(f"{folder} is not a build of placeatlas", ["name a folder that 'placeatlas build' wrote"])
        return folder
    builds = [entry for entry in DEFAULT_FOLDER.glob("*") if is_ours(entry)] if DEFAULT_FOLDER.is_dir() else []
    if not builds:
        raise OutputError(f"there is no build in {DEFAULT_FOLDER}/", ["run 'placeatlas build' first, or name one"])
    return max(builds, key=lambda entry: (entry.stat().st_mtime_ns, entry.name))


def existing_pack(build: Path, code: str) -> Path | None:
    """Return the zip of a pack that a build holds already."""
    return next(iter(sorted((build / "regions").glob(f"{code}-*.zip"))), None)


def check_codes(codes: Sequence[str]) -> None:
    """Refuse what cannot be the code of a region.

    Raises
    ------
    CodeError
        Naming every such code.
    """
    wrong = [code for code in codes if not re.fullmatch(r"[EWSNK]\d{8}", code)]
    if wrong:
        raise CodeError(f"{listed(wrong)}: expected codes such as E12000001", ["a letter and eight digits"])
