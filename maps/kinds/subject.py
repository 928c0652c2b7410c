"""What a picture is drawn of: an outcome with everything that some kind of map needs beside its values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.typology.definitions import DIMENSIONS
from analysis.typology.membership import dimensions_of
from maps.findings import levels_of
from maps.kinds import captions
from maps.kinds.gaps import tested_gaps
from maps.kinds.needs import LACKING
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from analysis.change import Followed
    from analysis.study import Study
    from boundaries.joined import Average, Joined
    from maps.cartogram import Hexagons
    from maps.kinds.needs import Need
    from maps.look.scales import Scheme


@dataclass(frozen=True, slots=True)
class Subject:
    """An outcome as kinds of map take it.

    Parameters
    ----------
    joined : its values on the areas. average : the figure areas are compared with. scheme : how values are put in classes.
    study : its statistics. before : the same outcome at an earlier period, on the same areas.
    followed : all its periods with their errors, and what of it is beyond them.
    series : the outcome at several periods, this one last, on the same areas; series_notes : what was left out or converted.
    other : a second outcome on the same areas. hexagons : the areas as hexagons.
    breaks, labels : limits and names of stated bands, which are then the classes of its values.
    """

    joined: Joined
    average: Average
    scheme: Scheme = "quantile"
    study: Study | None = None
    before: Joined | None = None
    series: tuple[Joined, ...] = ()
    series_notes: tuple[str, ...] = ()
    followed: Followed | None = None
    other: Joined | None = None
    hexagons: Hexagons | None = None
    breaks: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def values(self) -> pd.Series:
        """The values of the covered areas, by code; NaN where there is none."""
        return captions.valued(self.joined)

    @property
    def studied(self) -> Study:
        """The statistics of the outcome.

        Raises
        ------
        ValueError
            The outcome was not studied: the kind does not say that it needs it.
        """
        if self.study is None:
            raise ValueError("a kind that takes a study must need 'study'")
        return self.study

    def lacks(self, needs: Iterable[Need]) -> tuple[str, ...]:
        """Say which of a kind's needs this outcome has not; nothing where it can be drawn."""
        return tuple(LACKING[need] for need in needs if not self._has(need))

    def _has(self, need: Need) -> bool:
        return {
            "interval": lambda: levels_of(self.joined, self.average).basis != "value",
            "count": lambda: self.joined.meta.measure == "count",
            "levels": lambda: self.study is not None and bool(self.study.levels.counts["ranked"]),
            "study": lambda: self.study is not None,
            "robustness": lambda: self.study is not None and self.study.robustness is not None,
            "larger": lambda: self.study is not None and self.study.larger is not None,
            "own-types": lambda: self.study is not None and bool(own_kinds(self.study)),
            "gaps": lambda: self.study is not None and bool(tested_gaps(self.study)),
            "earlier": lambda: self.before is not None,
            "followed": lambda: self.followed is not None and self.followed.change is not None,
            "flags": lambda: self.followed is not None and bool(self.followed.flags),
            "series": lambda: len(self.series) > 1,
            "other": lambda: self.other is not None,
            "hexagons": lambda: self.hexagons is not None,
        }[need]()

    def describe(
        self,
        kind: str,
        *,
        title: str,
        classes: Mapping[str, tuple[str, str]],
        assignment: Mapping[str, str] | pd.Series,
        method: str,
        legend_title: str = "",
        sure: str = "",
    ) -> MapSpec:
        """Describe a map of areas in classes; everything that follows from the outcome is filled in.

        Parameters
        ----------
        kind : name of the kind. title : the finding. sure : one line, how sure.
        classes : key → label and colour, in legend order; areas without a value need none.
        assignment : key of the class of every covered area that has a value, by code.
        method : how the classes were made, for the foot.
        """
        joined = self.joined
        given = {str(code): str(key) for code, key in dict(assignment).items()}
        codes = [str(code) for code in self.values.index]
        absent = {str(code) for code in self.values.index[self.values.isna()]}
        drawn = {code: captions.NO_DATA if code in absent else given[code] for code in codes}
        counts = Counter(drawn.values())
        legend = tuple(LegendClass(key, label, colour, counts[key]) for key, (label, colour) in classes.items())
        legend = (*legend, captions.no_data_class(counts[captions.NO_DATA]))
        return MapSpec(
            id=f"{joined.meta.id}/{kind}",
            kind=kind,
            outcome=joined.meta.id,
            title=title,
            measure=captions.measure_words(joined),
            sure=sure,
            legend_title=legend_title or captions.titled(joined),
            classes=legend,
            assignment=drawn,
            coverage=captions.coverage_notes(joined),
            method=method,
            sources=(joined.meta.source,),
            alt=say("alt.areas", whole=counted(len(drawn)), title=title),
            description=captions.description(title, legend, self.values, Topic.of(joined)),
            values=captions.area_texts(joined),
            **captions.drawn_on(joined.boundaries),
        )


def own_kinds(study: Study) -> tuple[str, ...]:
    """Return the kinds of place of a study that are none of the built-in ones."""
    return tuple(kind for kind in dimensions_of(study.ground.memberships) if kind not in DIMENSIONS)
