"""The advice of every refusal is taken, as data, and helps; where no option can help, it is said why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined.checking import check_file
from boundaries.joined.checks import report
from boundaries.joined.extent import join_within
from boundaries.joined.trying import Asking, areas_for
from boundaries.sources.proportions import read_stated
from geo.errors import PlaceatlasError
from geo.remedies import worded

if TYPE_CHECKING:
    from boundaries.joined import Joined
    from geo.remedies import Remedy

HERE = Path(__file__).parent
EVERY = sorted(
    path.relative_to(HERE).as_posix()
    for folder in ("tables", "messy")
    for path in (HERE / folder).iterdir()
    if "smc2025" not in path.name
)

MENDED_BY_HAND = {
    "tables/excel-errors.xlsx": "cells are broken formulas",
    "tables/formulas-uncalculated.xlsx": "formulas were never worked out",
    "tables/one-code-two-names.csv": "one of two names is wrong",
    "tables/stats19.csv": "districts go by the publisher's own numbers",
    "tables/ranges.csv": "cells are ranges",
    "tables/value-with-ci-in-cell.csv": "cells hold a value and its interval",
    "tables/unicode-minus.csv": "a cell in brackets is a loss, or a footnote",
}
"""Refused, and no option can help: the table must be corrected."""

KNOWN = {
    ("tables/fingertips-both-area-types.csv", "where"): "Districts & UAs (from Apr 2023)",
    ("messy/mixed.csv", "date"): "2023-04-01",
}
"""What only the user knows, where advice leaves a blank."""
ALSO = {"messy/mixed.csv": {"measure": "count"}}
"""What must be known beside it: what the figures are."""


@dataclass(frozen=True)
class Advised:
    """Options so far, of reading and of joining."""

    asking: Asking = field(default_factory=Asking)

    def with_(self, remedy: Remedy, name: str) -> Advised:
        """Take one piece of advice."""
        value: Any = remedy.value or KNOWN[name, remedy.option]
        options = dict(self.asking.options)
        if remedy.option == "allow":
            words = (value,) if isinstance(value, str) else tuple(value)
            return Advised(replace(self.asking, allow=(*self.asking.allow, *words)))
        if remedy.option == "date":
            return Advised(replace(self.asking, date=dt.date.fromisoformat(value)))
        if remedy.option in {"geography", "members", "layer"}:
            return Advised(replace(self.asking, **{remedy.option: value}))
        key = {remedy.key: value} if remedy.key else value
        held = options.get(remedy.option)
        options[remedy.option] = {**held, **key} if isinstance(held, dict) and isinstance(key, dict) else key
        return Advised(replace(self.asking, options=options))


def joined(name: str, advised: Advised) -> Joined:
    table = read_stated("table", HERE / name, **{**ALSO.get(name, {}), **advised.asking.options})
    asking = advised.asking
    return join_within(table, areas_for(table, asking), place=asking.place, allow=asking.allow)


def refused(name: str, advised: Advised) -> PlaceatlasError | None:
    try:
        joined(name, advised)
    except PlaceatlasError as error:
        return error
    return None


REFUSED = [name for name in EVERY if refused(name, Advised()) is not None]


@pytest.mark.parametrize("name", REFUSED)
def test_advice_that_is_taken_helps(name: str) -> None:
    first = refused(name, Advised())
    assert first is not None
    if name in MENDED_BY_HAND:
        assert not any(remedy.value for remedy in first.remedies), "no option can help"
        assert first.faults, "what to do is said"
        return
    assert first.remedies, first
    helped = []
    for remedy in first.remedies:
        after = refused(name, Advised().with_(remedy, name))
        helped.append(after is None or after.what != first.what or after.faults != first.faults)
    assert all(helped), [remedy.words("flags") for remedy, one in zip(first.remedies, helped, strict=True) if not one]


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in MENDED_BY_HAND])
def test_advice_followed_to_its_end_joins_the_table(name: str) -> None:
    states = [Advised()]
    for _ in range(4):
        after = []
        for state in states:
            error = refused(name, state)
            if error is None:
                return
            after += [
                state.with_(remedy, name) for remedy in error.remedies if remedy.value or (name, remedy.option) in KNOWN
            ]
        states = after
    raise AssertionError(f"{name}: no way of following the advice ends in a join")


WORKBOOKS = ["messy/messy.xlsx", "tables/hidden-sheet-and-rows.xlsx"]
"""Of several sheets: there is nothing to check before one is chosen."""


@pytest.mark.parametrize("name", WORKBOOKS)
def test_check_asks_for_a_sheet_as_the_join_does(name: str) -> None:
    found = check_file(HERE / name)
    assert not found.sound
    lines = list(report(found))
    assert lines[0].endswith(".xlsx: no table of areas was read")
    assert any("say sheet = one of: " in line for line in lines)


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in MENDED_BY_HAND])
def test_check_gives_the_same_advice(name: str) -> None:
    error = refused(name, Advised())
    assert error is not None
    found = check_file(HERE / name, asking=Asking(options=ALSO.get(name, {})))
    given = {remedy for finding in found.inference.findings for remedy in finding.remedies}
    assert set(error.remedies) <= given
    assert worded(error.remedies) == tuple(dict.fromkeys(worded(error.remedies))), "said once"


def test_layers_are_mended_by_the_advice(tmp_path: Path) -> None:
    wales = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame[["code", "geometry"]]
    path = tmp_path / "wales.gpkg"
    wales.to_crs(29903).set_crs(27700, allow_override=True).to_file(path)
    with pytest.raises(PlaceatlasError) as caught:
        load_boundary_set("LAD", dt.date(2023, 4, 1), layer=path, nations=None)
    (remedy,) = caught.value.remedies
    assert (remedy.option, remedy.words("flags").split()[0]) == ("crs", "--crs")
    assert len(load_boundary_set("LAD", dt.date(2023, 4, 1), layer=path, nations=None, crs=str(remedy.value))) == 22
