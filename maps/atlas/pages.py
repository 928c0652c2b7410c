"""The pages of an atlas: one offline map an outcome, the front page, the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.typology.membership import DEFAULT_DEFINITIONS, load_typology
from boundaries.outcomes.periods import label
from boundaries.vocabulary import nation_words
from geo import __version__
from geo.crs import UK_EQUAL_AREA_NAME
from geo.provenance import attribution_lines
from maps.atlas.specs import global_sentence, headline, lead_of
from maps.atlas.texts import area_facts, data_date, page_table
from maps.kinds.choropleth import average_figure
from maps.kinds.lisa import low_means
from maps.leaflet import page_shapes, write_page
from maps.leaflet.page import layer_names
from maps.site import (
    AreaEntry,
    Colophon,
    Download,
    Method,
    OutcomeMethod,
    OutcomePage,
    Picture,
    RegionEntry,
    TypologyRule,
    write_site,
)
from maps.words import counted, format_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from analysis.study import Study
    from geo.provenance import Source
    from maps.atlas.config import AtlasConfig
    from maps.atlas.specs import Drawn
    from maps.packs import RegionInfo
    from maps.spec import MapSpec

CHART_NAMES = {
    "hex": "One hexagon an area",
    "scatter": "Areas against their neighbours",
    "caterpillar": "Ranked, with intervals",
    "effects": "Gaps by type of place",
}

DOWNLOADS = (
    ("data/areas.csv", "Every area, as a table (CSV)", ""),
    ("data/areas.gpkg", "Every area, with shapes (GeoPackage)", "British National Grid"),
    ("data/areas.geojson", "Every area, with shapes (GeoJSON)", "longitude and latitude"),
    ("data/areas.parquet", "Every area, with shapes (GeoParquet)", "British National Grid"),
    ("data/clusters.csv", "Every cluster and single area (CSV)", ""),
    ("data/associations.csv", "Every kind of place against every outcome (CSV)", ""),
    ("data/data-dictionary.csv", "What every column means (CSV)", ""),
    ("data/distance-to-coast.tif", "Distance to open coast (GeoTIFF)", "metres"),
)


def sources_of(studies: Sequence[Study]) -> tuple[Source, ...]:
    """Return every source of an atlas: boundaries first, then outcomes, then layers of indicators."""
    boundaries = studies[0].joined.boundaries.sources
    outcomes = (study.joined.meta.source for study in studies)
    return tuple(dict.fromkeys([*boundaries, *outcomes, *studies[0].ground.sources]))


def write_outcome_pages(
    folder: Path,
    config: AtlasConfig,
    studies: Sequence[Study],
    specs: Mapping[str, Sequence[MapSpec]],
    neighbours: gpd.GeoDataFrame,
) -> None:
    """Write ``leaflet/<outcome>.html`` for every outcome."""
    shapes = page_shapes(studies[0].joined.boundaries.frame, neighbours)
    for study in studies:
        meta = study.joined.meta
        table, columns = page_table(study)
        lines = attribution_lines([*study.joined.boundaries.sources, meta.source])
        write_page(
            folder / "leaflet" / f"{meta.id}.html",
            title=meta.title,
            boundaries=study.joined.boundaries,
            specs=specs[meta.id],
            table=table,
            columns=columns,
            neighbours=neighbours,
            foot=(*lines, f"{config.title}. placeatlas {__version__}."),
            report_to=config.report_errors_to,
            shapes=shapes,
        )


def write_front(
    folder: Path,
    config: AtlasConfig,
    studies: Sequence[Study],
    specs: Mapping[str, Sequence[MapSpec]],
    packs: Sequence[tuple[RegionInfo, int, Path]],
    drawn: Mapping[str, Sequence[Drawn]],
) -> None:
    """Write ``index.html`` and ``method.html``; pictures, pages, tables and packs must be there already.

    Parameters
    ----------
    packs : each region, how many areas it holds, and the path of its zip.
    drawn : outcome id → hexagons and charts, as ``maps.atlas.specs.draw_charts`` returns them.
    """
    boundaries = studies[0].joined.boundaries
    facts = area_facts(studies, specs)
    frame = boundaries.frame
    areas = [
        AreaEntry(row.code, row.name, row.region_name, facts[row.code], row.name_cy or "")
        for row in frame[["code", "name", "region_name", "name_cy"]].itertuples(index=False)
    ]
    regions = [
        RegionEntry(
            info.code,
            info.name,
            count,
            f"regions/{info.folder_name}",
            path.relative_to(folder).as_posix(),
            path.stat().st_size,
            welsh=info.welsh,
        )
        for info, count, path in packs
    ]
    write_site(
        folder,
        title=config.title,
        outcomes=[
            _outcome_page(folder, config, study, specs[study.joined.meta.id], drawn[study.joined.meta.id])
            for study in studies
        ],
        areas=areas,
        regions=regions,
        downloads=[
            Download(path, title, (folder / path).stat().st_size, note)
            for path, title, note in DOWNLOADS
            if (folder / path).is_file()
        ],
        method=method_of(studies),
        colophon=Colophon(__version__, data_date(studies), config.report_errors_to, sources_of(studies)),
    )


def _outcome_page(
    folder: Path, config: AtlasConfig, study: Study, specs: Sequence[MapSpec], drawn: Sequence[Drawn]
) -> OutcomePage:
    meta = study.joined.meta
    pictures = []
    names = dict(zip((spec.id for spec in specs), layer_names(specs), strict=True))
    lead = lead_of(specs)
    shown = [(spec.id, names[spec.id], spec.alt) for spec in sorted(specs, key=lambda spec: spec is not lead)]
    for name, title, alt in [*shown, *((one.id, CHART_NAMES[one.kind], one.alt) for one in drawn)]:
        paths = {kind: f"maps/{name}.{kind}" for kind in config.outputs.formats}
        if (folder / f"maps/{name}.png").is_file():
            rest = {kind.upper(): path for kind, path in paths.items() if kind != "png"}
            narrow = f"maps/{name}-phone.png"
            pictures.append(
                Picture(f"maps/{name}.png", title, alt, rest, narrow if (folder / narrow).is_file() else "")
            )
    others = tuple(spec.title for spec in specs if spec.title != headline(specs))
    return OutcomePage(
        id=meta.id,
        title=meta.title,
        finding=headline(specs),
        subtitle=lead.subtitle,
        sure=lead.sure,
        findings=(global_sentence(study), *dict.fromkeys(others)),
        pictures=tuple(pictures),
        page=f"leaflet/{meta.id}.html",
    )


def method_of(studies: Sequence[Study]) -> Method:
    """Return the parameters of a run as the method page prints them."""
    first = studies[0]
    boundaries, config, weights = first.joined.boundaries, first.config, first.ground.weights
    names = dict(zip(boundaries.frame["code"], boundaries.frame["name"], strict=True))
    return Method(
        geography=boundaries.geography,
        date=format_date(boundaries.date),
        areas=len(boundaries),
        weights=config.weights,
        alternatives=config.against if config.robust else (),
        isolates=tuple(names[code] for code in weights.audit.isolates),
        components=len(weights.audit.components),
        sea_links=tuple(f"{names[one]} and {names[two]}: {why}" for one, two, why in weights.audit.sea_links),
        permutations=int(first.local.parameters["permutations"]),
        alpha=config.alpha,
        seed=config.seed,
        correction=config.correction,
        typologies=tuple(_rules(first)),
        approximate={names[code]: "; ".join(why) for code, why in boundaries.approximate.items()},
        projection=UK_EQUAL_AREA_NAME,
        outcomes=tuple(_method(study) for study in studies),
    )


def _rules(study: Study) -> list[TypologyRule]:
    members = study.ground.memberships
    rules = []
    for name in DEFAULT_DEFINITIONS:
        rule = load_typology(name)
        default = rule.column == f"{rule.dimension}__{rule.id}" and rule.dimension in members
        label = rule.dimension if default else rule.column
        count = int((members[rule.column] == "yes").sum()) if rule.column in members else 0
        rules.append(TypologyRule(label, rule.title, rule.source.title, nation_words(rule.nations), count))
    return rules


def _method(study: Study) -> OutcomeMethod:
    meta, frame = study.joined.meta, study.joined.frame
    known = int(frame["lower"].notna().sum())
    uncertainty = (
        f"95% intervals are published for {counted(known, 'area')}."
        if known
        else "No interval is published, so the uncertainty of the values is unknown: there is no map of it and no ranking."
    )
    k_star = study.local.parameters.get("k_star")
    untested = study.local.frame.index[study.local.frame["class"] == "not-testable"]
    alone = untested.difference(list(study.ground.weights.audit.isolates), sort=False)
    return OutcomeMethod(
        title=meta.title,
        measure=meta.measure,
        unit=meta.unit,
        period=label(study.joined.period),
        nations=nation_words(meta.nations),
        place_basis=meta.place_basis,
        source=meta.source.title,
        m=int(study.local.frame["testable"].sum()),
        k_star=int(k_star) if k_star is not None else None,
        average=study.average.label
        if study.average.kind == "index"
        else f"{average_figure(study.average, meta.unit, decimals=meta.decimals)}, {study.average.label}",
        uncertainty=uncertainty,
        notes=tuple(study.joined.receipt.statements),
        low=low_means(study.joined, study.local),
        untestable=tuple(frame["name"][alone]),
    )
