"""What a sentence speaks of: an outcome's title, unit and direction, the names of its areas, and the place it is said of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from boundaries.outcomes.periods import dated, label
from boundaries.places.names import short_name
from maps.words.lists import listed_names, sentence
from maps.words.numbers import CURRENCIES, difference_unit, format_value, published_decimals
from maps.words.phrases import say, spoken
from maps.words.titles import noun_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable


def names_spoken(areas: pd.DataFrame) -> dict[str, str]:
    """Return the names of areas in the language that is spoken now, by code: of those that have a name of their own in it."""
    column = f"name_{spoken().code}"
    if column not in areas:
        return {}
    return {str(code): str(name) for code, name in zip(areas["code"], areas[column].fillna(""), strict=True) if name}


def called(areas: pd.DataFrame) -> list[str]:
    """Return what each area is called in the language that is spoken now, in the order of the rows."""
    own = names_spoken(areas)
    return [own.get(str(code), str(name)) for code, name in zip(areas["code"], areas["name"], strict=True)]


SMALL = 10.0
"""A difference of means below this is printed with a decimal at least, also where figures have none."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An outcome as sentences need it.

    Parameters
    ----------
    title, unit, favourable, period : of the outcome. decimals : with which its figures are printed; by size when None.
    names : code → name of every area, as published.
    place : the region that is spoken of; empty for the whole atlas.
    """

    title: str
    unit: str = ""
    favourable: Favourable = "none"
    period: str = ""
    decimals: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    place: str = ""

    @classmethod
    def of(cls, joined: Joined) -> Topic:
        """Return the topic of a joined outcome, its figures with the publisher's decimals."""
        meta = joined.meta
        values = joined.frame.loc[joined.covered, "value"].astype("float64")
        names = {str(code): str(name) for code, name in joined.frame["name"].items()} | names_spoken(
            joined.boundaries.frame
        )
        decimals = published_decimals(values, meta.decimals)
        return cls(meta.title, meta.unit, meta.favourable, joined.period, decimals, names)

    @property
    def heading(self) -> str:
        """The outcome, and the region where one is spoken of: how a title begins."""
        outcome = sentence(self.title)
        return say("title.in-place", outcome=outcome, place=self.place) if self.place else outcome

    @property
    def dated(self) -> str:
        """The outcome with its period."""
        return dated(sentence(self.title), self.period)

    @property
    def period_words(self) -> str:
        """The period in words."""
        return label(self.period) if self.period else ""

    @property
    def noun(self) -> str:
        """The outcome inside a sentence."""
        return noun_of(self.title)

    @property
    def first(self) -> str:
        """The unfavourable end, in value order; the low one where neither is good."""
        return "high" if self.favourable == "low" else "low"

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends, the unfavourable first."""
        return ("high", "low") if self.favourable == "low" else ("low", "high")

    def figure(self, value: float, *, decimals: int | None = None) -> str:
        """Return a value as it is printed."""
        return format_value(value, self.unit, decimals=self.decimals if decimals is None else decimals)

    def amount(self, value: float, *, largest: float | None = None) -> str:
        """Return a difference of two means: with the outcome's decimals, one at least where it is small.

        Parameters
        ----------
        largest : of the differences that stand beside it, so that all are printed alike; by default the value itself.
        """
        return format_value(value, difference_unit(self.unit), decimals=self._places(value, largest))

    def bare_amount(self, value: float, *, largest: float | None = None) -> str:
        """Return the same beside a figure that names the unit: money keeps its sign, percentage points and the like are not said."""
        unit = difference_unit(self.unit) if self.unit[:1] in CURRENCIES else ""
        return format_value(value, unit, decimals=self._places(value, largest))

    def _places(self, value: float, largest: float | None) -> int | None:
        least = 1 if abs(value if largest is None else largest) < SMALL else 0
        return None if self.decimals is None else max(self.decimals, least)

    def name(self, code: str) -> str:
        """Return an area's name as people say it."""
        return short_name(self.names.get(code, code))

    def listed(self, codes: Iterable[str], **limits: int) -> str:
        """Return the names of areas in alphabetical order, in one list."""
        return listed_names(sorted(self.name(code) for code in codes), **limits)

    def within(self, place: str) -> Topic:
        """Return the topic where a region is spoken of."""
        return replace(self, place=place)
