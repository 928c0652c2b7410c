"""A page a place: what every outcome of an atlas says of one area, put together for the page that is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.profiles import places_alike
from analysis.typology.definitions import DEFAULT_DEFINITIONS
from analysis.typology.membership import dimensions_of
from analysis.typology.own_types import definitions_named
from boundaries.vocabulary import COUNTRY_CODES, geography_words, place_name
from geo import __version__
from geo.files import write_csv
from maps.addresses import in_language
from maps.atlas.across import alike_on
from maps.atlas.formerly import formerly
from maps.atlas.told import Told, by_code
from maps.feet import licence_lines
from maps.leaflet.page import report_line
from maps.rendering import file_size
from maps.site.places import Imprint, OtherPlace, PlacePage, write_place
from maps.slugs import file_name
from maps.words import Topic, format_count, format_date, kind_of_place, listed_words, names_spoken, say, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from analysis.study import Ground
    from maps.atlas.whole import Atlas
    from maps.packs import Region

FOLDER = "areas"

MANY = 2_000
"""Of a geography with more areas nobody reads a page each, unless it is asked for."""

ALIKE = 5
"""Places alike that are named."""

STRUCTURE = {
    "residents_per_hectare": "place.by-density",
    "coast_share": "place.by-coast",
    "coast_distance_m": "place.by-distance",
}
"""What makes places alike where nothing else is chosen: how densely people live, and how near the sea."""


def with_area_pages(atlas: Atlas) -> tuple[str, ...]:
    """Return the geographies whose areas have a page each: as the configuration says, else those of at most ``MANY`` areas."""
    asked = atlas.config.outputs.area_pages
    return tuple(
        name
        for name, ground in atlas.grounds.items()
        if asked or (asked is None and len(ground.boundaries.frame) <= MANY)
    )


def write_area_pages(
    atlas: Atlas, folder: Path, packs: Sequence[tuple[Region, Path]] = (), geographies: Sequence[str] | None = None
) -> list[Path]:
    """Write ``areas/<code>.html`` and ``areas/<code>.csv`` for every area.

    Parameters
    ----------
    geographies : whose areas; all by default.
    packs : each region, and the path of its zip: a page leads to those that its place lies in.

    Returns
    -------
    The pages. An area that is of several geographies has its page with the first.
    """
    imprint = Imprint(
        atlas=atlas.config.title,
        lines=tuple(licence_lines(atlas.sources)),
        made=say("page.colophon", atlas=atlas.config.title, version=__version__, data_date=atlas.data_date),
        report=report_line(atlas.config.report_errors_to),
        languages=atlas.config.outputs.languages,
        address=atlas.config.address,
    )
    written: list[Path] = []
    seen: set[str] = set()
    for geography in atlas.grounds if geographies is None else geographies:
        places = Places(atlas, geography)
        inside = {
            code: [(region.info.name, region.info.folder_name, path) for region, path in packs if code in region.codes]
            for code in places.codes
        }
        for code in places.codes:
            if code in seen:
                continue
            seen.add(code)
            path = folder / FOLDER / f"{file_name(code)}.html"
            links = []
            if code in places.rows:
                file = write_csv(places.rows[code], path.with_suffix(".csv"))
                links.append((file.name, say("place.file", size=file_size(file.stat().st_size))))
            for name, slug, archive in inside[code]:
                links.append((f"../regions/{slug}/index.html", say("place.region-maps", region=name)))
                size = file_size(archive.stat().st_size)
                links.append((f"../regions/{archive.name}", say("place.region-pack", region=name, size=size)))
            written.append(write_place(path, places.page(code, links), imprint))
    return written


@dataclass(frozen=True, eq=False)
class Places:
    """The areas of one geography of an atlas, each with all that is said of it."""

    atlas: Atlas
    geography: str

    @property
    def ground(self) -> Ground:
        """What is true of the areas whatever the outcome."""
        return self.atlas.grounds[self.geography]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes, in the order of the set."""
        return tuple(self.ground.boundaries.frame["code"])

    @cached_property
    def known(self) -> dict[str, dict[str, Any]]:
        """Code → name, region, nation and the like."""
        return by_code(pd.DataFrame(self.ground.boundaries.frame.drop(columns="geometry")).set_index("code"))

    @cached_property
    def rows(self) -> dict[str, pd.DataFrame]:
        """Code → its rows of ``levels.csv``, one an outcome."""
        levels = pd.concat([study.levels.to_frame() for study in self.atlas.studies_on(self.geography)])
        return {str(code): group for code, group in levels.groupby("code", sort=False)}

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """The outcomes of the geography."""
        watched = self.atlas.watched
        changes = {} if watched is None else {one.outcome: one for one in watched.changes}
        series = {one.meta.id: one for one in self.atlas.series}
        return tuple(
            Told(study, self.atlas.texts[name], changes.get(name), series.get(name))
            for study in self.atlas.studies_on(self.geography)
            for name in (study.joined.meta.id,)
        )

    @cached_property
    def alike(self) -> dict[str, tuple[str, ...]]:
        """Code → the places most like it; nothing where too few places have what makes them alike."""
        chosen = alike_on(self.atlas, self.geography, k=ALIKE)
        if chosen is not None:
            return {str(code): tuple(group["like"]) for code, group in chosen.groupby("code", sort=False)}
        indicators = self.ground.indicators[[name for name in STRUCTURE if name in self.ground.indicators]].dropna()
        varying = [str(name) for name in indicators if indicators[name].max() > indicators[name].min()]
        if not varying or len(indicators) <= ALIKE:
            return {}
        found = places_alike(indicators, k=ALIKE, columns=varying)
        return {str(code): tuple(group["like"]) for code, group in found.groupby("code", sort=False)}

    @cached_property
    def _alike_by(self) -> list[str]:
        """What places alike are told by, in words."""
        titles = {one.joined.meta.id: Topic.of(one.joined).noun for one in self.atlas.studies_on(self.geography)}
        words = {**titles, **{name: say(key) for name, key in STRUCTURE.items()}}
        return [words.get(name, name) for name in self.atlas.config.statistics.alike or STRUCTURE]

    @cached_property
    def low_on(self) -> dict[str, dict[str, Any]]:
        """Code → on how many outcomes it is low, of how many."""
        profiles = self.atlas.profiles(self.geography)
        return {} if profiles is None else by_code(profiles.set_index("code")[["low_on", "of"]])

    @cached_property
    def _banded(self) -> bool:
        """Whether every outcome has bands, published or stated: only then does a place stand in them by more than its spread."""
        return all(
            study.levels.frame["band"].fillna("").ne("").any() for study in self.atlas.studies_on(self.geography)
        )

    def page(self, code: str, links: Sequence[tuple[str, str]]) -> PlacePage:
        """Return the page of a place; ``links`` are its downloads."""
        own, name = self.known[code], self._name(code)
        # beside the name that is spoken stands the other one that the register has
        other, language = (own["name_cy"], "cy") if name == own["name"] else (own["name"], "en")
        return PlacePage(
            code=code,
            name=name,
            other="" if other == name else other or "",
            other_language=language,
            what=self._what(code),
            was=tuple(formerly(code, self.ground.boundaries.date)),
            sentences=tuple(self._sentences(code)),
            facts=tuple(told.fact(code) for told in self.told),
            kinds=tuple(self._kinds(code)),
            headings=tuple(told.topic.heading for told in self.told),
            near=tuple(self._other(other) for other in self.ground.weights.neighbours(code)),
            alike=tuple(self._other(other) for other in self.alike.get(code, ())),
            alike_by=say("place.alike-by", what=listed_words(self._alike_by)),
            downloads=tuple(links),
        )

    def _what(self, code: str) -> str:
        own = self.known[code]
        kind = sentence(geography_words(self.geography, count=1, nations=[own["nation"]], named=False))
        # a nation is called in the language spoken, an English region as the register has it
        region = (
            place_name(own["region_code"], "name")
            if own["region_code"] in COUNTRY_CODES.values()
            else own["region_name"]
        )
        what = (
            say("place.what-in", kind=kind, region=region, code=code)
            if region
            else say("place.what", kind=kind, code=code)
        )
        return say("place.dated", what=what, date=format_date(self.ground.boundaries.date))

    def _sentences(self, code: str) -> Iterator[str]:
        sides = [side for told in self.told if (side := told.side(code))]
        if sides:
            worse, better = (
                format_count(many) if (many := sides.count(way)) else say("count.none") for way in ("worse", "better")
            )
            yield say("place.sides", n=len(sides), worse=worse, better=better)
        if self._banded and (found := self.low_on.get(code)) and found["of"]:
            yield say("place.low-on", n=int(found["low_on"]), of=int(found["of"]))
        moved = [told.direction(code) for told in self.told]
        for way in ("worse", "better"):
            if many := moved.count(way):
                yield say(f"place.{way}", n=many)

    @cached_property
    def _rules(self) -> dict[str, str]:
        """Column of a definition → its rule in words."""
        named = (*definitions_named(DEFAULT_DEFINITIONS), *self.atlas.further_rules)
        return {rule.column: rule.title for rule in named}

    @cached_property
    def _member(self) -> dict[str, dict[str, Any]]:
        return by_code(self.ground.memberships)

    def _kinds(self, code: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        own = self._member.get(code, {})
        for kind in dimensions_of(self.ground.memberships):
            lines = tuple(
                say(ANSWERS[str(own[column])], rule=rule)
                for column, rule in self._rules.items()
                if column in own and column.partition("__")[0] == kind
            )
            if lines:
                yield sentence(kind_of_place(kind)), lines

    @cached_property
    def _spoken(self) -> dict[str, str]:
        return names_spoken(self.ground.boundaries.frame)

    def _name(self, code: str) -> str:
        return self._spoken.get(code) or str(self.known[code]["name"])

    def _other(self, code: str) -> OtherPlace:
        return OtherPlace(
            in_language(f"{file_name(code)}.html"),
            self._name(code),
            tuple(told.texts[code] for told in self.told),
        )


ANSWERS = {"yes": "place.kind-yes", "no": "place.kind-no", "not classified": "place.kind-not-classified"}
"""What an area can be under a definition → the phrase."""
