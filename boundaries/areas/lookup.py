"""Which area lies in which, on a date: as a function where it is one, as a weighted table where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from boundaries.areas.statistical import LEVELS, SHARE_TOLERANCE, edition_on, statistical_names, statistical_shares
from boundaries.register import load_register, name_of, parents
from boundaries.register.codes import GEOGRAPHIES
from geo.arguments import date_of
from geo.errors import CodeError, ConversionError, listed
from geo.provenance import Source

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from boundaries.register import Register


@dataclass(frozen=True, slots=True)
class Lookup:
    """Children and their parents.

    Parameters
    ----------
    child, parent : geographies. date : of which it is true.
    table : columns ``child, parent, weight, weight_basis``, sorted; the weights of a child add up to 1.
    names : parent code → name. edition : of the parents, empty for councils and countries.
    source : where it came from.
    """

    child: str
    parent: str
    date: dt.date
    table: pd.DataFrame
    names: Mapping[str, str]
    source: Source
    edition: str = ""

    def __repr__(self) -> str:
        """State what is looked up, and whether it is a function."""
        kind = "function" if not self.divided else f"{len(self.divided)} children in several parents"
        return f"Lookup({self.child} → {self.parent}@{self.date.isoformat()}: {self.table['child'].nunique()} children, {kind})"

    def to_frame(self) -> pd.DataFrame:
        """Return a row a pair: ``child child_name parent parent_name weight weight_basis``."""
        register = load_register()
        children = [name_of(register, code, self.date) for code in self.table["child"]]
        named = self.table.assign(child_name=children, parent_name=self.table["parent"].map(self.names).fillna(""))
        return named[["child", "child_name", "parent", "parent_name", "weight", "weight_basis"]]

    @property
    def divided(self) -> tuple[str, ...]:
        """Children that lie in several parents."""
        return tuple(sorted(self.table.loc[self.table["child"].duplicated(), "child"].unique()))

    def as_function(self) -> dict[str, str]:
        """Return child → parent.

        Raises
        ------
        ConversionError
            If a child lies in several parents: all of them, with their shares.
        """
        if self.divided:
            shown = []
            for code in self.divided:
                rows = self.table[self.table["child"] == code]
                parts = (
                    f"{weight:.1%} {parent}" for parent, weight in zip(rows["parent"], rows["weight"], strict=True)
                )
                named = " ".join(filter(None, (code, name_of(load_register(), code))))
                shown.append(f"{named}: {', '.join(parts)}")
            raise ConversionError(
                f"{self.child} → {self.parent} is no function on {self.date.isoformat()}",
                [*shown[:5], f"{len(shown)} in all; use the weighted table, or the best fit where that will do"],
            )
        return dict(zip(self.table["child"], self.table["parent"], strict=True))

    def best_fit(self) -> dict[str, str]:
        """Return child → the parent with most of it (the first by code of equals). A choice, not a fact: say so."""
        order = self.table.sort_values(["child", "weight", "parent"], ascending=[True, False, True])
        first = order.drop_duplicates("child")
        return dict(zip(first["child"], first["parent"], strict=True))


def load_lookup(child: str, parent: str, date: dt.date | str, *, edition: str | None = None) -> Lookup:
    """Return the lookup from local authority districts to a larger geography on a date.

    Parameters
    ----------
    child : LAD. parent : UTLA, CAUTH, RGN, CTRY, or ITL1, ITL2, ITL3 (NUTS before 2021).
    edition : of the statistical regions; by default the one in use on the date.

    Raises
    ------
    CodeError
        Geographies that no lookup is known for, or an edition or level that is not held.
    DateError
        A date outside the register.
    """
    date = date_of(date, "date")
    register = load_register()
    if child != "LAD" or (parent not in GEOGRAPHIES and parent not in LEVELS):
        known = ", ".join([*(name for name in GEOGRAPHIES if name != "LAD"), "ITL1", "ITL2", "ITL3"])
        raise CodeError(f"no lookup {child} → {parent} is held", [f"LAD → {known}; others from a table of your own"])
    if parent in LEVELS:
        return _statistical(register, parent, date, edition)
    found = parents(register, parent, date)
    table = pd.DataFrame({"child": list(found), "parent": list(found.values())}, dtype=object).sort_values(
        "child", ignore_index=True
    )
    return Lookup(
        child=child,
        parent=parent,
        date=date,
        table=table.assign(weight=1.0, weight_basis="whole area"),
        names={code: name_of(register, code, date) for code in sorted(set(found.values()))},
        source=register.sources[0],
    )


def check_shares(table: pd.DataFrame, *, what: str) -> None:
    """Refuse shares that do not add up to one for every child.

    Raises
    ------
    ConversionError
        The children whose shares do not, with their sums.
    """
    total = table.groupby("child")["weight"].sum()
    wrong = total[(total - 1).abs() > SHARE_TOLERANCE]
    if len(wrong):
        shown = listed(f"{code} ({share:.4f})" for code, share in wrong.items())
        raise ConversionError(f"the shares of {what} do not add up to 1", [shown])


def _statistical(register: Register, parent: str, date: dt.date, edition: str | None) -> Lookup:
    chosen = edition_on(parent, date, edition)
    table = statistical_shares(register, parent, date, chosen)
    check_shares(table, what=f"LAD → {parent}")
    codes = set(table["parent"])
    return Lookup(
        child="LAD",
        parent=parent,
        date=date,
        table=table,
        names={code: name for code, name in statistical_names(chosen).items() if code in codes},
        source=Source(
            title=f"Local authority districts to {chosen} (Office for National Statistics)",
            url="https://geoportal.statistics.gov.uk/",
            licence="Open Government Licence v3.0",
            attribution=("Source: Office for National Statistics licensed under the Open Government Licence v.3.0.",),
        ),
        edition=chosen,
    )
