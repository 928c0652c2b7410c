"""From a configuration to joined outcomes: which files, which boundaries, which date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.layered import covariates_of
from analysis.study import StudyConfig
from analysis.typology.definitions import load_typology
from analysis.typology.own_types import Stated
from analysis.typology.stated_types import TypeRead, types_read
from boundaries.joined.extent import join_within
from boundaries.outcomes.deriving import derive
from boundaries.sources.proportions import read_stated
from boundaries.sources.registry import adapter_named
from geo.containing import refuse_outside
from geo.databases import is_address, of_configuration
from geo.errors import ConfigError, PlaceatlasError, listed
from geo.remedies import Remedy
from maps.atlas.areas_asked import areas_asked, atlas_boundaries, find_file
from maps.atlas.fetched import expected, fetched_file, held_or_fetched, reader_of
from maps.atlas.laid import laid
from maps.kinds.table import kind_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable
    from boundaries.sources.fetching import Link
    from maps.atlas.config import AtlasConfig, BoundariesPart, ExtraPart, OutcomePart, TypePart


def check_reach(config: AtlasConfig, folders: Sequence[Path]) -> None:
    """Refuse a configuration, of a file or of a manifest, that leads to files outside the folders.

    Raises
    ------
    ConfigError
        As ``geo.containing.refuse_outside``.
    """
    said = config.model_dump(mode="json", by_alias=True, exclude_none=True)
    refuse_outside(said, folders, called=f"the configuration '{config.slug}'")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a configuration's outcomes.

    ``tables`` by id, in the order of the configuration; ``files`` that were read, by id; ``absent`` says of each optional outcome
    that was gone without what was looked for.
    """

    tables: Mapping[str, OutcomeTable]
    files: Mapping[str, Path]
    absent: tuple[str, ...] = ()


def study_config(config: AtlasConfig, folders: Sequence[Path]) -> StudyConfig:
    """Return how a configuration wants its outcomes studied.

    Parameters
    ----------
    config : the atlas. folders : where files of typologies are looked up, in order.

    Raises
    ------
    ConfigError
        A typology that cannot be found or read, or is of another dimension than its table says.
    PluginError
        Statistics or covariates that are not installed, or cannot be loaded.
    """
    part = config.statistics
    types, measured = types_read([_type_read(one) for one in config.type if one.members], folders)
    typologies = [
        (one.dimension, str(find_file(name, folders) or name)) for one in config.type for name in one.typologies
    ]
    wrong = [
        f"{Path(name).name} defines {defined}, not {stated}"
        for stated, name in typologies
        if stated and (defined := load_typology(name).dimension) != stated
    ]
    if wrong:
        raise ConfigError("kinds of place are not what they are called", wrong)
    return StudyConfig(
        weights=part.weights,
        permutations=part.permutations,
        correction=part.correction,
        alpha=part.alpha,
        seed=part.seed,
        robust=part.robustness,
        extra=tuple(one if isinstance(one, str) else _asked(one) for one in part.extra),
        covariates=(*covariates_of(config.covariate, folders), *measured),
        typologies=(*(name for _, name in typologies), *types),
        scale=part.scale,
        larger=part.larger,
        isolates=part.isolates,
    )


def _asked(extra: ExtraPart) -> Any:
    """Return a statistic as it is asked for: by its name where nothing else is said."""
    table = extra.model_dump(by_alias=True, exclude_defaults=True)
    return extra.name if table.keys() == {"name"} else table


def _type_read(part: TypePart) -> TypeRead:
    said = part.model_dump(exclude={"members", "file", "typologies"}) | {"dimension": part.dimension or ""}
    return TypeRead(part.members or "", Stated(**said), part.file)


def layout_file(config: AtlasConfig, folders: Sequence[Path]) -> Path | None:
    """Return the file of the published layout of hexagons that a configuration names; None where no kind takes one.

    Raises
    ------
    ConfigError
        It is in none of the folders.
    """
    name = config.outputs.layout
    if not name or not any("layout" in kind_named(kind).takes for kind in config.outputs.kinds):
        return None
    found = find_file(name, folders)
    if found is None:
        raise ConfigError(f"the layout '{name}' was not found", [f"looked in {listed(map(str, folders))}"])
    return found


def read_outcomes(config: AtlasConfig, folders: Sequence[Path], *, link: Link | None = None) -> Read:
    """Read every outcome of a configuration.

    Parameters
    ----------
    config : the atlas. folders : where relative file names are looked up, in order.
    link : how outcomes are fetched that the cache does not hold; None: they are not.

    Raises
    ------
    ConfigError
        Files that were not found, an outcome that cannot be read, or none that is there; every fault at once.
    """
    tables: dict[str, OutcomeTable] = {}
    files: dict[str, Path] = {}
    absent, faults = [], []
    helps: list[Remedy] = []
    for part in config.outcome:
        try:
            if part.derive is not None:
                tables[part.id] = _derived(part, part.derive, tables)
                continue
            if part.points is not None or part.covariate is not None:
                tables[part.id] = _with_meaning(part, laid(part, config, folders))
                continue
            path = _file_of(part, folders, link)
            if path is None:
                absent.append(f"'{part.id}' is left out: there is no file {part.fetch or _name_of(part)}")
                continue
            tables[part.id] = _read(part, path)
        except PlaceatlasError as error:
            faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
            helps += [replace(remedy, scope=part.id) for remedy in error.remedies]
        else:
            if path.is_file():
                files[part.id] = path
    if not tables and not faults:
        faults = [*absent, "every outcome is optional, and none is there"]
    if faults:
        raise ConfigError(f"the outcomes of '{config.slug}' cannot be read", faults, helps)
    return Read(tables, files, tuple(absent))


def _name_of(part: OutcomePart) -> str:
    adapter = adapter_named(part.source)
    name = part.file or adapter.file_of(part.id)
    if name is None:
        raise ConfigError(
            "no file is named", [f"add file = … (the adapter '{part.source}' cannot tell it from the id)"]
        )
    return name


def _file_of(part: OutcomePart, folders: Sequence[Path], link: Link | None) -> Path | None:
    """Find an outcome's file; None where it may be gone without and is not there."""
    if part.fetch is not None:
        return fetched_file(part, part.fetch, link)
    name = _name_of(part)
    if part.source == "bundled":
        return Path(name)
    if is_address(name):
        return of_configuration(name, folders)
    path = find_file(name, folders)
    if path is None and part.file is None:
        path = held_or_fetched(f"{part.source}:{part.id}", part.source, link)
    if path is None and not part.optional:
        looked = listed(str(folder) for folder in folders)
        where = f"looked in {looked}" if looked else "no folder was named to look in"
        raise ConfigError(
            f"there is no file {name}",
            [where],
            [
                Remedy("data", purpose="to name the folder it lies in"),
                *([] if part.file else [Remedy("fetch", value=True, purpose="to fetch it from its publisher")]),
            ],
        )
    return path if path is None else expected(path, part)


def _read(part: OutcomePart, path: Path) -> OutcomeTable:
    options = {
        "id": part.id,
        "title": part.title,
        "measure": part.measure,
        "unit": part.unit,
        "favourable": part.favourable,
        "edition": part.edition,
        "base": part.base,
        "subtitle": part.subtitle,
        "columns": {**part.columns, **({"band": part.band} if part.band else {})} or None,
        "indicator": part.indicator,
        "where": part.where or None,
        "sheet": part.sheet,
        "sql": part.sql,
        "gap": part.gap,
    }
    return _with_meaning(part, read_stated(reader_of(part), path, **options))


def _derived(part: OutcomePart, call: str, tables: Mapping[str, OutcomeTable]) -> OutcomeTable:
    """Make an outcome of those before it."""
    meaning = {"title": part.title, "measure": part.measure, "unit": part.unit, "favourable": part.favourable}
    return _with_meaning(part, derive(call, tables, name=part.id, **meaning))


def _with_meaning(part: OutcomePart, table: OutcomeTable) -> OutcomeTable:
    """Return a table with what the configuration says of it."""
    meta, source = table.meta, table.meta.source
    told = replace(
        meta,
        index_version=part.edition or meta.index_version,
        place_basis=part.basis or meta.place_basis,
        breaks=part.breaks or meta.breaks,
        labels=part.labels or meta.labels,
        modelled=meta.modelled if part.modelled is None else part.modelled,
        source=replace(
            source,
            title=part.credit or source.title,
            licence=part.licence or source.licence,
            attribution=part.attribution or source.attribution,
        ),
    )
    return replace(table, meta=told)


def areas_of(
    config: AtlasConfig, tables: Mapping[str, OutcomeTable], folders: Sequence[Path]
) -> dict[str, BoundarySet]:
    """Load the areas of every outcome: those of the configuration, or its own.

    Raises
    ------
    ConfigError
        Areas of one geography on two dates, or of two sources of shapes.
    PlaceatlasError
        As ``atlas_boundaries``.
    """
    groups: dict[BoundariesPart, list[str]] = {}
    for part in config.outcome:
        if part.id in tables:
            groups.setdefault(areas_asked(config, part), []).append(part.id)
    sets = {part: atlas_boundaries(part, [tables[one] for one in ids], folders) for part, ids in groups.items()}
    geographies = [areas.geography for areas in sets.values()]
    if doubled := sorted({name for name in geographies if geographies.count(name) > 1}):
        faults = [
            f"{areas.geography} of {areas.date.isoformat()}: {listed(groups[part])}"
            for part, areas in sets.items()
            if areas.geography in doubled
        ]
        raise ConfigError("outcomes of one geography stand on one set of areas", faults)
    return {one: sets[part] for part, ids in groups.items() for one in ids}


def join_outcomes(
    config: AtlasConfig, tables: Mapping[str, OutcomeTable], areas: Mapping[str, BoundarySet]
) -> dict[str, Joined]:
    """Join every outcome to its areas, by id; every refusal is reported at once.

    Raises
    ------
    ConfigError
        One or more joins would lose or double data.
    """
    found, faults = {}, []
    helps: list[Remedy] = []
    for part in (part for part in config.outcome if part.id in tables):
        try:
            joined = join_within(
                tables[part.id],
                areas[part.id],
                place=config.boundaries.within,
                period=part.period,
                where=part.where or None,
                allow=part.allow,
            )
        except PlaceatlasError as error:
            faults += [f"outcome '{part.id}': {error.what}", *(f"  {fault}" for fault in error.faults)]
            helps += [replace(remedy, scope=part.id) for remedy in error.remedies]
        else:
            found[part.id] = replace(joined, notes=(*joined.notes, part.note)) if part.note else joined
    if faults:
        words = dict.fromkeys(one.in_words for one in areas.values())
        raise ConfigError(f"the outcomes of '{config.slug}' cannot be joined to {' and '.join(words)}", faults, helps)
    return found
