"""The noun of the whole: everything an atlas is made from, computed once, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analysis.change import followed_each
from analysis.profiles import profile_table, standing_with_levels
from analysis.typology.definitions import DEFAULT_DEFINITIONS
from analysis.typology.membership import dimensions_of
from analysis.typology.own_types import definitions_named
from geo import __version__
from maps.addresses import FIRST
from maps.atlas.columns import (
    area_table,
    areas_file,
    column_front,
    dictionary,
    pack_dictionary,
    readable_names,
    stands_in_bands,
    stated_columns,
    worst_bands,
)
from maps.atlas.companions import Companions
from maps.atlas.periods import watched_of
from maps.atlas.texts import data_date, page_table, value_texts
from maps.cartogram import hexagons_of
from maps.findings import (
    KindsFinding,
    OutcomeFindings,
    change_of,
    outcome_findings,
    study_levels,
    study_pattern,
    watched_changes,
)
from maps.findings.cutting import codes_where
from maps.kinds.captions import MADE
from maps.kinds.subject import Subject
from maps.kinds.table import kind_named
from maps.leaflet import page_shapes
from maps.packs.contents import Fates, Kit, PackNote, PackOutcome
from maps.page import composition
from maps.words import Topic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from analysis.change import Followed
    from analysis.change.watching import WatchList
    from analysis.clusters.types import KindInClusters
    from analysis.profiles import Standing
    from analysis.study import Ground, Study, StudyConfig
    from analysis.typology.definitions import Typology
    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.series import Series
    from geo.provenance import Source
    from maps.atlas.config import AtlasConfig
    from maps.cartogram import Hexagons
    from maps.kinds.entry import Kind, Place
    from maps.leaflet.shapes import PageShapes
    from maps.look.scales import Scheme
    from maps.page.composition import Canvas
    from maps.spec import MapSpec

    Specs = Mapping[str, tuple[MapSpec, ...]]


@dataclass(frozen=True, eq=False)
class Backdrop:
    """The areas of one geography as they are drawn: made ready for maps, for pages and as hexagons, each once."""

    boundaries: BoundarySet
    neighbours: gpd.GeoDataFrame
    layout: Path | None = None

    @cached_property
    def canvas(self) -> Canvas:
        """The areas in their true places, ready for static maps."""
        return composition.prepare(self.boundaries, self.neighbours, None)

    @cached_property
    def shapes(self) -> PageShapes:
        """The areas ready for offline pages."""
        return page_shapes(self.boundaries.frame, self.neighbours)

    @cached_property
    def hexagons(self) -> Hexagons:
        """The areas as hexagons, in the published layout where one was named."""
        return hexagons_of(self.boundaries, self.layout)


@dataclass(frozen=True, eq=False)
class Atlas:
    """A whole atlas: what was asked for and what was computed of it.

    Every outcome was studied on a ground of its own or one that it shares; outcomes of one geography share theirs. What does
    not depend on a region is made here once, when it is first asked for.

    Parameters
    ----------
    config : what was asked for. how : how every outcome was studied.
    studies : one an outcome, in the order of the configuration.
    neighbours : land around, drawn grey.
    inputs : name → hash of each file that was read.
    companions : by outcome, what kinds of map show beside it.
    layout : file of a published layout of hexagons; None for our own.
    absent : optional outcomes whose file is not there, and where it was looked for.
    series : every period of the outcomes that are followed.
    postcodes : outward postcode → codes of the areas it lies in, where a table was named.
    kinds_in_clusters : outcome id → whether each kind of place is over-represented in its clusters, beyond what maps as smooth give.
    key : of all that it was made of, by which finished tasks are known again; empty where nobody keeps them.
    """

    config: AtlasConfig
    how: StudyConfig
    studies: tuple[Study, ...]
    neighbours: gpd.GeoDataFrame
    inputs: Mapping[str, str]
    companions: Mapping[str, Companions] = field(default_factory=dict)
    layout: Path | None = None
    absent: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    postcodes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds_in_clusters: Mapping[str, tuple[KindInClusters, ...]] = field(default_factory=dict)
    key: str = ""

    def __repr__(self) -> str:
        """State the title, the outcomes and the areas of each geography."""
        areas = ", ".join(f"{len(ground.boundaries)} {name}" for name, ground in self.grounds.items())
        return f"Atlas({self.config.slug}: {len(self.studies)} outcomes on {areas})"

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to another process: what was computed, not what is made of it for drawing."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def told(self, code: str) -> Atlas:
        """Return the same atlas to be told in a language, made once: what was computed is kept, texts are made again while it is spoken."""
        if code != FIRST and code not in self._tellings:
            other = replace(self)
            kept = ("grounds", "_tables", "watched", "backdrops")
            other.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})
            self._tellings[code] = other
        return self if code == FIRST else self._tellings[code]

    @cached_property
    def _tellings(self) -> dict[str, Atlas]:
        return {}

    @cached_property
    def grounds(self) -> dict[str, Ground]:
        """Geography → what is true of its areas whatever the outcome, the geography of the configuration first."""
        return {study.ground.boundaries.geography: study.ground for study in self.studies}

    @cached_property
    def backdrops(self) -> dict[str, Backdrop]:
        """Geography → its areas as they are drawn."""
        return {
            name: Backdrop(ground.boundaries, self.neighbours, self.layout) for name, ground in self.grounds.items()
        }

    def backdrop(self, study: Study) -> Backdrop:
        """Return the areas of an outcome as they are drawn."""
        return self.backdrops[study.ground.boundaries.geography]

    def studies_on(self, geography: str) -> tuple[Study, ...]:
        """Return the outcomes of one geography."""
        return tuple(study for study in self.studies if study.ground.boundaries.geography == geography)

    def study(self, outcome: str) -> Study:
        """Return an outcome's study.

        Raises
        ------
        KeyError
            No such outcome.
        """
        return {study.joined.meta.id: study for study in self.studies}[outcome]

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of map and chart that are asked for, in that order."""
        return tuple(kind_named(name) for name in self.config.outputs.kinds)

    def scheme(self, outcome: str) -> Scheme:
        """Return how an outcome's values are put in classes: as it asks itself, else as all outputs are."""
        part = next(part for part in self.config.outcome if part.id == outcome)
        return part.scheme or ("published" if part.band else self.config.outputs.scheme)

    def subject(self, outcome: str, kind: Kind) -> Subject:
        """Return an outcome as a kind takes it."""
        study = self.study(outcome)
        beside = self.companions.get(outcome, Companions())
        return Subject(
            study.joined,
            study.average,
            scheme=self.scheme(outcome),
            study=study,
            before=beside.before,
            followed=self.followed.get(outcome),
            series=beside.series,
            series_notes=beside.notes,
            other=beside.other,
            hexagons=self.backdrop(study).hexagons if "hexagons" in kind.needs else None,
            breaks=study.joined.meta.breaks,
            labels=study.joined.meta.labels,
        )

    def drawable(self, outcome: str) -> tuple[Kind, ...]:
        """Return the kinds asked for that the outcome has all for, in that order."""
        return tuple(kind for kind in self.kinds if not self.subject(outcome, kind).lacks(kind.needs))

    @cached_property
    def specs(self) -> Specs:
        """Outcome id → the maps of its areas in their true places, in the order of the kinds; hexagons and charts have none."""
        found: dict[str, tuple[MapSpec, ...]] = {}
        for study in self.studies:
            outcome = study.joined.meta.id
            found[outcome] = tuple(
                kind.spec(self.subject(outcome, kind)) for kind in self.drawable(outcome) if kind.is_layer
            )
        return found

    def specs_for(self, outcome: str, place: Place) -> tuple[MapSpec, ...]:
        """Return the maps of an outcome that are offered in a place."""
        return tuple(spec for spec in self.specs[outcome] if place in kind_named(spec.kind).offered)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Every source of the atlas, each once: boundaries first, then outcomes, then covariates."""
        grounds = self.grounds.values()
        shapes = (source for ground in grounds for source in ground.boundaries.sources)
        outcomes = (study.joined.meta.source for study in self.studies)
        further = (source for ground in grounds for source in ground.sources)
        return tuple(dict.fromkeys([*shapes, *outcomes, *further]))

    @cached_property
    def further_rules(self) -> tuple[Typology, ...]:
        """Definitions of kinds of place that were asked for beyond those that every atlas has."""
        known = {rule.column for rule in definitions_named(DEFAULT_DEFINITIONS)}
        rules = definitions_named(self.how.typologies)
        return tuple({rule.column: rule for rule in rules if rule.column not in known}.values())

    @cached_property
    def _tables(self) -> dict[str, gpd.GeoDataFrame]:
        return {
            name: area_table(ground, self.studies_on(name), self.further_rules) for name, ground in self.grounds.items()
        }

    def table(self, geography: str) -> gpd.GeoDataFrame:
        """Return a row an area of a geography with what is known of the place and every field of every outcome."""
        return self._tables[geography]

    @cached_property
    def dictionary(self) -> pd.DataFrame:
        """What every column of every table means."""
        alike = self.config.statistics.alike
        return dictionary(self.grounds, self.studies, self.further_rules, followed=bool(self.series), alike=alike)

    def column_names(self, geography: str) -> dict[str, tuple[str, str]]:
        """Return, for each column of a geography's table, the name a reader sees and what it means."""
        file = f"{areas_file(geography, self.grounds)}.csv"
        return readable_names(self.dictionary, self.studies, self.further_rules, file=file)

    @cached_property
    def watched(self) -> WatchList | None:
        """What gets worse and what gets better, beyond the error of two periods; None where no outcome is followed."""
        return watched_of(self.series, self.studies) if self.series else None

    @cached_property
    def followed(self) -> dict[str, Followed]:
        """Outcome → all its periods and what of it is beyond error, of the outcomes that are followed."""
        return {} if self.watched is None else followed_each(self.series, self.watched)

    def findings(self, outcome: str) -> OutcomeFindings:
        """Return everything that is said of an outcome, its change among it where it is followed."""
        study = self.study(outcome)
        found, shown = outcome_findings(study), set(study.joined.frame.index)
        changes = self.watched.changes if self.watched is not None else ()
        change = next((one for one in changes if one.outcome == outcome), None)
        return found if change is None else replace(found, change=change_of(change).within(shown))

    def standings(self, geography: str) -> list[Standing]:
        """Return where the areas of a geography stand on every outcome that has bands."""
        studies = [study for study in self.studies_on(geography) if stands_in_bands(study)]
        return [standing_with_levels(one.joined, one.levels) for one in studies]

    def profiles(self, geography: str) -> pd.DataFrame | None:
        """Return a row an area of a geography with its bands and the number of outcomes it is low on; None without such an outcome."""
        standings = self.standings(geography)
        return profile_table(standings) if standings else None

    @cached_property
    def texts(self) -> dict[str, dict[str, str]]:
        """Outcome id → value and interval as printed, by code."""
        return {study.joined.meta.id: value_texts(study) for study in self.studies}

    @cached_property
    def cells(self) -> dict[str, tuple[pd.DataFrame, dict[str, str]]]:
        """Outcome id → the text cells of its page, indexed by code, and the headings of its columns."""
        return {study.joined.meta.id: page_table(study, self.texts[study.joined.meta.id]) for study in self.studies}

    @cached_property
    def data_date(self) -> str:
        """The last day of the newest data, written out."""
        return data_date(self.studies)

    def adjacent(self, geography: str) -> dict[str, tuple[str, ...]]:
        """Return, by code, the neighbours that the statistics of a geography count."""
        ground = self.grounds[geography]
        return {str(code): ground.weights.neighbours(str(code)) for code in ground.boundaries.frame["code"]}

    @cached_property
    def kits(self) -> dict[str, Kit]:
        """Geography → what its packs are made of."""
        return {geography: self._kit(geography, ground) for geography, ground in self.grounds.items()}

    def _kit(self, geography: str, ground: Ground) -> Kit:
        note = PackNote(
            atlas=self.config.title,
            version=__version__,
            data_date=self.data_date,
            report_to=self.config.report_errors_to,
            sources=ground.sources,
            names=self.column_names(geography),
            # a pack calls its table of areas the same, whatever the geography
            dictionary=pack_dictionary(self.dictionary, f"{areas_file(geography, self.grounds)}.csv"),
            described=stated_columns(self.studies),
        )
        members = ground.memberships
        kinds = dimensions_of(members)
        outcomes = {study.joined.meta.id for study in self.studies_on(geography)}
        return Kit(
            note,
            ground.boundaries,
            self.adjacent(geography),
            self.table(geography),
            tuple(self._packed(study) for study in self.studies_on(geography)),
            KindsFinding(
                kinds,
                tuple(codes_where(members[kind] == "yes") for kind in kinds),
                tuple(codes_where(members[kind] == "not classified") for kind in kinds),
            ),
            members,
            self.neighbours,
            self.config.outputs.formats,
            # not whether the key was set: a manifest sets every key of the configuration it holds
            told=self.config.report_errors_to != type(self.config).model_fields["report_errors_to"].default,
            watched=watched_changes(self.watched).about(outcomes),
        )

    def _packed(self, study: Study) -> PackOutcome:
        meta, frame, covered = study.joined.meta, study.joined.frame, study.joined.covered
        table, columns = self.cells[meta.id]
        made = frame.loc[covered & frame["quality"].isin(MADE), "quality"]
        return PackOutcome(
            id=meta.id,
            topic=Topic.of(study.joined),
            specs=self.specs_for(meta.id, "pack"),
            table=table,
            columns=columns,
            numbers=frame["value"],
            levels=study_levels(study),
            pattern=study_pattern(study),
            nations={str(code): str(nation) for code, nation in frame["nation"].items()},
            lower=frame["lower"] if frame["lower"].notna().any() else None,
            upper=frame["upper"] if frame["upper"].notna().any() else None,
            sources=(meta.source,),
            prefix=column_front(study),
            scheme=self.scheme(meta.id),
            whole=self.findings(meta.id),
            fates=Fates(
                codes_where(~covered),
                {str(code): str(quality) for code, quality in made.items()},
                study.joined.notes,
            ),
            p_below=study.levels.frame["p_below"],
            bands=study.levels.frame["band"],
            worst=worst_bands(study),
        )
