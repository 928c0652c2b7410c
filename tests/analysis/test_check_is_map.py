"""Check is the join of map, tried: exit 3 exactly when map refuses or loses, over mutated tables and the options of both, as typed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path  # noqa: TC003  # the verb reads its annotations
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.one_table.reading import Reading, reads_a_table
from analysis.one_table.studying import join_file
from boundaries import commands
from boundaries.areas.loading import load_boundary_set
from geo.cli import _invoke

if TYPE_CHECKING:
    from boundaries.joined import Joined

DAY = dt.date(2024, 7, 1)
JOINED: list[Joined] = []


@reads_a_table
def tried(file: Annotated[Path, typer.Argument()], *, reading: Reading) -> None:
    """Read and join a table as map does, and draw nothing."""
    JOINED.append(join_file(file, reading))


def north_east() -> pd.DataFrame:
    areas = load_boundary_set("LAD", DAY).frame
    mine = areas.loc[areas["region_code"] == "E12000001", ["code", "name"]].reset_index(drop=True)
    return mine.assign(rate=[20 + place / 10 for place in range(len(mine))])


def beside(table: pd.DataFrame, **row: object) -> pd.DataFrame:
    return pd.concat([table, pd.DataFrame({name: [cell] for name, cell in row.items()})])


def tables() -> dict[str, pd.DataFrame]:
    some = north_east()
    whole = load_boundary_set("LAD", DAY).frame[["code", "name"]].assign(rate=5.0)
    return {
        "as it is": some,
        "two sexes": pd.concat([some.assign(sex="Female"), some.assign(sex="Male", rate=some["rate"] + 1)]),
        "two years": pd.concat([some.assign(year="2019"), some.assign(year="2020")]),
        "two values": some.assign(other=1.5),
        "a code of no area": beside(some, code="E99999999", name="Nowhere", rate=1.0),
        "a name of no area": beside(some[["name", "rate"]], name="Nowhere", rate=1.0),
        "a row twice with another value": beside(some, code="E06000001", name="Hartlepool", rate=99.0),
        "no figures": some.assign(rate="x"),
        "a period of two meanings": some.assign(period="2010-12"),
        "proportions": some.assign(percent=some["rate"] / 100)[["code", "name", "percent"]],
        "a grouping": beside(some, code="E67000002", name="Cornwall and Isles of Scilly", rate=8.0),
        "a county": beside(some, code="E10000014", name="Hampshire", rate=8.0),
        "names of neighbours": some.assign(name=some["name"].to_numpy()[::-1]),
        "regions alone": pd.DataFrame({"code": ["E12000001", "E12000002"], "rate": [1.0, 2.0]}),
        "a hole after a merger": whole[whole["code"] != "E06000063"],
        "former codes": whole.replace("E06000063", "E07000026"),
    }


TABLES = tables()
OPTIONS = [
    "--where sex=Female", "--where sex=Nobody", "--where colour=blue", "--gap sex=Female,Male",
    "--value rate", "--value none", "--code name", "--column name=name", "--column value=rate", "--column colour=name",
    "--measure count", "--measure odd", "--unit %", "--unit proportion", "--period-form years", "--sheet none",
    "--indicator rate", "--source els",
    "--allow unmatched", "--allow duplicates", "--allow grouped", "--allow contradictions", "--allow county",
    "--allow odd", "--within E12000001", "--within North_East", "--within Wales", "--within Atlantis", "--nations E",
    "--nations W", "--nations Q", "--date 2021-07-01", "--date 2024-07-01", "--date 1900-01-01", "--geography UTLA",
    "--geography MARS", "--members FOLDER/members.csv", "--members FOLDER/none.csv", "--layer FOLDER/layer.gpkg",
    "--layer FOLDER/none.gpkg",
]  # fmt: skip
"""Options of both verbs as they are typed: right ones, wrong ones, and such as change what is joined."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("tables")
    for name, table in TABLES.items():
        table.to_csv(made / f"{name}.csv", index=False)
    some = north_east()
    members = some.assign(
        member=some["code"], code="mine:" + some["code"].str[-1], name="Place " + some["code"].str[-1]
    )
    members[["code", "name", "member"]].to_csv(made / "members.csv", index=False)
    areas = load_boundary_set("LAD", DAY).frame
    areas.loc[areas["region_code"] == "E12000001", ["code", "name", "geometry"]].to_file(made / "layer.gpkg")
    return made


def outcomes(path: Path, words: list[str]) -> tuple[int, int]:
    """Return how check ends, and how it should: 3 where the join is refused, or loses what stands in the table."""
    JOINED.clear()
    refused = _invoke("map", tried, [str(path), *words]) != 0
    checked = _invoke("check", commands.check, [str(path), *words])
    if refused:
        return checked, 3
    (joined,) = JOINED
    lost = joined.frame["reason"].str.startswith("published together").any()
    hole = path.stem == "a hole after a merger" and "E06000063" in joined.frame.index
    return checked, 3 * bool(lost or hole)


@given(
    st.sampled_from([*TABLES]), st.lists(st.sampled_from(OPTIONS), max_size=2, unique_by=lambda said: said.split()[0])
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_check_ends_with_three_exactly_when_map_refuses_or_loses(folder: Path, name: str, asked: list[str]) -> None:
    words = [word.replace("_", " ").replace("FOLDER", str(folder)) for said in asked for word in said.split(maxsplit=1)]
    checked, expected = outcomes(folder / f"{name}.csv", words)
    assert checked == expected


@pytest.mark.parametrize("words", [["--date", "soon"], ["--source", "nobody"]])
def test_words_that_mean_nothing_are_errors_of_both(folder: Path, words: list[str]) -> None:
    path = folder / "as it is.csv"
    assert _invoke("map", tried, [str(path), *words]) == 1
    assert _invoke("check", commands.check, [str(path), *words]) == 1
