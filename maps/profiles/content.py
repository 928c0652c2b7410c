"""What a table of profiles holds, before it is written in any form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.profiles import profile_table
from boundaries.outcomes.periods import dated
from maps.look import palettes
from maps.words import counted, say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.profiles import Standing
    from geo.provenance import Source

Look = tuple[str, str]
"""Fill and ink of a cell."""


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """One outcome of the table: its id and heading, and the look of each band, from the lowest value to the highest."""

    outcome: str
    heading: str
    looks: dict[str, Look]
    counted: bool


@dataclass(frozen=True, slots=True)
class Profiles:
    """A row an area, a column an outcome.

    Parameters
    ----------
    title, areas : of the atlas; which areas of which date, in words. columns : outcomes, in order.
    frame : of ``analysis.profiles.profile_table``, with ``region`` beside it; the areas low on most first.
    sources : of the figures.
    """

    title: str
    areas: str
    columns: tuple[ProfileColumn, ...]
    frame: pd.DataFrame
    sources: tuple[Source, ...]

    @property
    def counted(self) -> int:
        """How many outcomes have a good end, and so count."""
        return sum(column.counted for column in self.columns)

    def low_on(self, least: int) -> pd.DataFrame:
        """Return the rows of areas low on at least so many outcomes."""
        return self.frame[self.frame["low_on"] >= least]

    @property
    def finding(self) -> str:
        """How many areas are low on several outcomes, in a sentence."""
        if self.counted < 2:
            return say("profiles.one", whole=counted(len(self.frame)))
        most = max(2, self.counted - 1)
        least = most if len(self.low_on(most)) else 2
        number = len(self.low_on(least))
        whole, of = counted(len(self.frame)), str(self.counted)
        if least == self.counted:
            return say("profiles.finding-all", n=number, of=of, whole=whole)
        return say("profiles.finding", n=number, k=str(least), of=of, whole=whole)

    @property
    def missing(self) -> str:
        """How many cells have no figure, in a sentence."""
        empty = int(sum((self.frame[column.outcome] == "").sum() for column in self.columns))
        return say("profiles.missing", n=empty)


def profiles_of(
    standings: Sequence[Standing], *, title: str, areas: str, regions: pd.Series, sources: Sequence[Source]
) -> Profiles:
    """Lay out where areas stand on every outcome.

    Parameters
    ----------
    standings : outcomes on one set of areas. title, areas, sources : as of ``Profiles``. regions : name of the region, by code.
    """
    frame = profile_table(standings)
    frame["region"] = regions.reindex(frame["code"]).fillna("").to_numpy()
    return Profiles(title, areas, tuple(_column(one) for one in standings), frame, tuple(dict.fromkeys(sources)))


def _column(standing: Standing) -> ProfileColumn:
    heading = dated(sentence(standing.title), standing.period)
    return ProfileColumn(standing.outcome, heading, looks_of(standing), standing.favourable != "none")


def looks_of(standing: Standing) -> dict[str, Look]:
    """Return the fill of every band and an ink that can be read on it: brown the poor end, teal the good one, grey where none is."""
    number = len(standing.order)
    palette = palettes.SEQUENTIAL if standing.favourable == "none" else palettes.DIVERGING_7
    last = len(palette) - 1
    places = [round(place / max(number - 1, 1) * last) for place in range(number)]
    if standing.favourable == "low":
        places = [last - place for place in places]
    return {
        band: (palette[place], palettes.ink_on(palette[place]))
        for band, place in zip(standing.order, places, strict=True)
    }
