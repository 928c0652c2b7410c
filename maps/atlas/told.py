"""One outcome as the pages of all places need it: what does not depend on the place is made once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from boundaries.outcomes.periods import label
from maps.addresses import PAGE, in_language
from maps.findings.levels import reference_of
from maps.findings.place import place_change, place_level
from maps.site.places import PlaceFact
from maps.site.strips import history, strip
from maps.words import Topic, say, sentence
from maps.words.findings import reference_words
from maps.words.findings.place import place_lies, place_moved, place_standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from analysis.change.result import Change
    from analysis.clusters import Cluster
    from analysis.study import Study
    from boundaries.series import Series
    from maps.findings.levels import Reference
    from maps.findings.place import Lies
    from maps.site.strips import History, Strip

LIES: dict[str, Lies] = {
    "low-low": "low",
    "high-high": "high",
    "low-high": "low-among-high",
    "high-low": "high-among-low",
}
"""Class of local Moran's I → how a place lies to those around."""


def by_code(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the rows of a table by its index, each as a plain mapping: many times quicker to look up in."""
    columns = [str(column) for column in table.columns]
    return {
        str(code): dict(zip(columns, row, strict=True))
        for code, row in zip(table.index, table.itertuples(index=False, name=None), strict=True)
    }


@dataclass(frozen=True, eq=False)
class Told:
    """One outcome as the pages of all places need it, each part made once.

    Parameters
    ----------
    study : of the outcome. texts : value and interval as printed, by code. change : between two periods, None where not followed.
    series : all its periods, None where not followed.
    """

    study: Study
    texts: Mapping[str, str]
    change: Change | None
    series: Series | None

    @cached_property
    def topic(self) -> Topic:
        """The outcome as sentences need it."""
        return Topic.of(self.study.joined)

    @cached_property
    def clusters(self) -> dict[str, Cluster]:
        """Id → cluster."""
        return {group.id: group for group in self.study.clusters}

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest figure."""
        values = self.study.joined.frame["value"]
        return float(values.min()), float(values.max())

    @cached_property
    def reference(self) -> Reference:
        """The figure that places are compared with."""
        return reference_of(self.study.joined, self.study.average)

    @cached_property
    def levels(self) -> dict[str, dict[str, Any]]:
        """Code → where it stands; without the areas that the outcome does not cover."""
        return by_code(self.study.levels.frame)

    @cached_property
    def rows(self) -> dict[str, dict[str, Any]]:
        """Code → every field of the study."""
        return by_code(self.study.to_frame())

    @cached_property
    def compared(self) -> int:
        """How many places have a figure."""
        return int(self.study.levels.frame["value"].notna().sum())

    def fact(self, code: str) -> PlaceFact:
        """Return what the outcome says of a place."""
        meta = self.study.joined.meta
        return PlaceFact(
            id=meta.id,
            title=self.topic.dated,
            value=sentence(self.texts[code]),
            stands=self._stands(code),
            moved=() if self.change is None else self._moved(code, self.change),
            lies=self._lies(code),
            strip=self._strip(code),
            history=self._history(code),
            page=f"{in_language(PAGE)}#outcome={meta.id}&area={code}",
        )

    def _stands(self, code: str) -> tuple[str, ...]:
        row = self.levels.get(code)
        return () if row is None else place_standing(place_level(row, self.reference, self.compared), self.topic)

    def side(self, code: str) -> str:
        """Return ``worse`` or ``better`` where the place is clearly on that side of the average, ``neither`` where not, "" where unknown."""
        favourable, row = self.study.joined.meta.favourable, self.levels.get(code)
        if row is None or favourable == "none":
            return ""
        better = {"high": "better", "low": "worse"}
        sides = (
            better
            if favourable == "high"
            else {end: better[other] for end, other in (("high", "low"), ("low", "high"))}
        )
        return {**sides, "not-clear": "neither"}.get(str(row["level"]), "") if math.isfinite(row["p_below"]) else ""

    def direction(self, code: str) -> str:
        """Return ``worse`` or ``better`` where the place moved so beyond error, else ""."""
        if self.change is None or code not in self.change.frame.index:
            return ""
        return {"regressing": "worse", "improving": "better"}.get(str(self.change.frame.loc[code, "verdict"]), "")

    def _moved(self, code: str, change: Change) -> tuple[str, ...]:
        if code not in change.frame.index:
            return ()
        return place_moved(place_change(change, code, label(change.since)), self.topic)

    def _lies(self, code: str) -> str:
        row = self.rows[code]
        group = self.clusters.get(str(row["cluster"]))
        lies = LIES.get(str(row["moran_class"]), "")
        firm = str(row.get("robustness", "")) == "core"
        return place_lies(lies, group.name if group else "", len(group.codes) if group else 1, firm=firm)

    def _strip(self, code: str) -> Strip | None:
        row = self.rows[code]
        if not math.isfinite(row["value"]):
            return None
        low, high = (self.topic.figure(end) for end in self.ends)
        against = reference_words(self.reference, self.topic)
        words = say("place.strip", figure=self.texts[code], low=low, high=high, reference=against)
        interval = (row["lower"], row["upper"])
        return strip(row["value"], interval, self.ends, self.reference.value, words=words, against=sentence(against))

    def _history(self, code: str) -> History | None:
        series = self.series
        if series is None or code not in self._places:
            return None
        place = self._places[code]
        values, lower, upper = (series.figures[name][place] for name in ("value", "lower", "upper"))
        known = [at for at, value in enumerate(values) if math.isfinite(value)]
        if len(known) < 2:
            return None
        texts = {at: self._printed(values[at], lower[at], upper[at]) for at in known}
        names = [label(period) for period in series.periods]
        starts = [series.periods.index(one.period) for one in series.breaks if one.period in series.periods]
        return history(
            values.tolist(),
            lower.tolist(),
            upper.tolist(),
            breaks=starts,
            first=names[0],
            last=names[-1],
            words=say(
                "place.history-line",
                first=self.topic.figure(values[known[0]]),
                since=names[known[0]],
                last=self.topic.figure(values[known[-1]]),
                until=names[known[-1]],
            ),
            rows=[(names[at], texts[at]) for at in reversed(known)],
        )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {} if self.series is None else {str(code): at for at, code in enumerate(self.series.areas.index)}

    def _printed(self, value: float, lower: float, upper: float) -> str:
        figure = self.topic.figure(value)
        if not (math.isfinite(lower) and math.isfinite(upper)):
            return figure
        return say("value.interval", figure=figure, lower=self.topic.figure(lower), upper=self.topic.figure(upper))
