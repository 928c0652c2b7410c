"""Every published outcome file, read, dated and joined: one line a file, then three receipts in full."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from boundaries.boundary_set import BoundarySet, custom_boundary_set, load_boundary_set
from boundaries.joined import average_of, join
from boundaries.sources.els import read_all
from boundaries.sources.registry import read_outcome
from boundaries.sources.smc import read_membership
from boundaries.vintages import infer_epochs
from geo.errors import PlaceatlasError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boundaries.joined import Joined
    from boundaries.outcomes import OutcomeTable

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Case:
    """A file, how it is read and joined; ``geography`` None: whatever the table says, or the custom areas of the source."""

    file: str
    source: str = "table"
    geography: str = "LAD"
    date: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    allow: tuple[str, ...] = ()


def _cases() -> Iterator[Case]:
    for name in ("childhood-conditions", "innovation-and-growth", "labour-market-opportunities"):
        yield Case(f"smc/son2024_203regions/CI-1.0-{name}--full-dataset.csv", "smc", "smc203", "2024-09-11")
    yield Case("smc/son2024_203regions/CI1-2.0-promising-prospects--full-dataset.csv", "smc", "smc203", "2024-09-11")
    splits = {
        "dr14": {"sec_dependent_children": "Higher professional"},
        "dr32": {"unemp_binary": "Unemployed"},
        "dr33": {"sec_employed": "Higher professional"},
        "in11": {"seb": "FSM eligible"},
        "in12": {"seb": "FSM eligible"},
        "in13": {"seb": "FSM eligible"},
    }
    for code in [
        "dr12",
        "dr13",
        "dr14",
        "dr15",
        "dr32",
        "dr33",
        "dr51",
        "dr52",
        "dr53",
        "dr54",
        "in11",
        "in12",
        "in13",
        "in23",
        "in31",
        "in32",
        "in33",
        "in34",
    ]:
        file = f"smc/itl2_indicators_son26/2026-01-01-{code}-full-dataset.csv"
        yield Case(file, "smc", "ITL2", options={"where": splits[code]} if code in splits else {})
    quals = {"columns": {"value": "no_qualification", "denominator": "total"}, "measure": "count"}
    yield Case("education/census2021_highest_qualification_ltla_ew.csv", options=quals)
    ks4 = {"indicator": "avg_att8", "measure": "mean"}
    yield Case(
        "education/ks4_attainment8_progress8_by_la_201819_202324.csv",
        "dfe",
        "UTLA",
        options={**ks4, "where": {"sex": "Total"}},
    )
    fsm = {"breakdown": "Free school meals", "free_school_meals": "FSM"}
    yield Case("education/ks4_by_fsm_disadvantage_by_la.csv", "dfe", "UTLA", options={**ks4, "where": fsm})
    yield Case("education/neet_risk_factors_lad21_england.csv", options={"columns": {"value": "Total Score"}})
    yield Case(
        "economy/gdhi_total_and_per_head_lad23_1997_2022.csv",
        options={"columns": {"value": "gdhi_per_head_gbp", "denominator": "implied_population"}, "measure": "mean"},
    )
    yield Case(
        "economy/gva_by_broad_industry_lad23_1998_2023.csv",
        options={"columns": {"value": "gva_all_gbpm"}, "measure": "count"},
    )
    for year in (2004, 2007, 2010, 2015):
        yield Case(f"imd/imd{year}_england_ltla21.csv")
    for name in ("imd2019_england_ltla19", "imd2019_england_ltla22", "imd2019_england_ltla23", "imd2019_wales_ltla22"):
        yield Case(f"imd/{name}.csv")
    yield Case("imd/imd2017_northern_ireland_lgd14.csv", options={"columns": {"value": "Proportion"}})
    yield Case("imd/imd2020_scotland_ltla24.csv", options={"columns": {"value": "Extent"}})
    yield Case("imd/imd2025_england_ltla24.csv", options={"columns": {"value": "imd_average_score"}})
    yield Case("imd/mysociety_la_imd_with_gss.csv", options={"columns": {"value": "la-deprivation-score"}})
    yield Case("imd/imd2019_england_lsoa11_overall.csv", options={"columns": {"value": "IMD_rank"}})
    people = {"columns": {"value": "total_population"}}
    for name in ("19_ltla19", "19_ltla20", "20_ltla20", "20_ltla21", "19_utla19", "19_utla20", "20_utla20"):
        tier = "UTLA" if "utla" in name else "LAD"
        yield Case(
            f"population_two_geographies/population{name}_single_year_of_age.csv", geography=tier, options=people
        )
    for name in ("dz11", "lsoa11"):
        yield Case(f"population_two_geographies/population20_{name}_total.csv", options=people)


def main() -> None:
    """Print the table and the receipts; say when the folder is absent."""
    folder = REAL_DATA / "outcomes"
    if not folder.is_dir():
        print("outcome files: skipped, no folder of published files")
        return
    print(
        f"{'file / indicator':<52} {'rows':>7} {'areas':>6} {'periods':>7} {'measure':<8} {'epoch of the latest':<24} join"
    )
    receipts: dict[str, Joined] = {}
    for path in sorted((folder / "els").glob("*/*.csv")):
        for table in read_all(path):
            geography = "UTLA" if table.meta.geography == "UTLA" else "LAD"
            joined = _line(table, geography, "", ())
            if joined is not None and table.meta.id in {"gross-median-weekly-pay", "gcses-in-english-and-maths"}:
                receipts[table.meta.id] = joined
    for case in _cases():
        try:
            table = read_outcome(case.source, folder / case.file, **case.options)
        except PlaceatlasError as error:
            print(f"{Path(case.file).stem[:52]:<52} not read: {error.what}")
            continue
        joined = _line(table, case.geography, case.date, case.allow, name=Path(case.file).stem)
        if joined is not None and table.meta.id == "promising-prospects":
            receipts[table.meta.id] = joined
    table = read_all(folder / "els" / "gcses-in-english-and-maths" / "gcses-in-english-and-maths.csv")[0]
    receipts["GCSE 2023"] = join(table, _boundaries("LAD", dt.date(2024, 9, 11)), period="2023-09-01/P1Y")
    receipts.pop("gcses-in-english-and-maths", None)
    for joined in receipts.values():
        print(f"\n{joined.receipt.to_text()}  compared with {average_of(joined).label}: {average_of(joined).value:g}")


def _line(table: OutcomeTable, geography: str, date: str, allow: tuple[str, ...], *, name: str = "") -> Joined | None:
    """Print one line; return what was joined."""
    epoch, when = _epoch(table, geography)
    when = dt.date.fromisoformat(date) if date else when
    kind = "both" if table.meta.both_vintages else ""
    shown = f"{epoch} {kind}".strip()
    areas = table.frame["code"].where(table.frame["code"] != "", table.frame["name"]).nunique()
    start = (
        f"{(name or table.meta.id)[:52]:<52} {len(table.frame):>7,} {areas:>6,} {len(table.periods()):>7} "
        f"{table.meta.measure:<8} {shown:<24}"
    )
    try:
        joined = join(table, _boundaries(geography, when), allow=allow)
    except PlaceatlasError as error:
        print(f"{start} refused: {'; '.join(error.faults)[:160]}")
        return None
    fates = ", ".join(f"{number} {fate.replace('_', ' ')}" for fate, number in joined.receipt.fates.items() if number)
    covered = int(joined.covered.sum())
    have = int(joined.frame["value"].notna().sum())
    print(f"{start} {have}/{covered} {joined.boundaries.geography}@{joined.boundaries.date}: {fates}")
    return joined


def _epoch(table: OutcomeTable, geography: str) -> tuple[str, dt.date]:
    """Return the epoch of the latest period in words, and a date of it (31 March 2025 where none can be inferred)."""
    fallback = dt.date(2025, 3, 31)
    if geography not in {"LAD", "UTLA"}:
        return "own areas" if geography != "ITL2" else "ITL2", fallback
    inference = infer_epochs(table.frame[["code", "period", "name"]].assign(group=""), geography=geography)
    dated = [period for period in inference.periods if period.last is not None]
    if not dated:
        return "none", fallback
    # ``periods`` may be in the order of the file; the youngest epoch of the last date is wanted
    last = max(dated, key=lambda period: (period.period, period.last.end if period.last else fallback))
    return last.span, last.last.end if last.last else fallback


_SETS: dict[tuple[str, dt.date], BoundarySet] = {}


def _boundaries(geography: str, date: dt.date) -> BoundarySet:
    if (geography, date) not in _SETS:
        _SETS[geography, date] = (
            _own_areas(date)
            if geography == "smc203"
            else _itl2()
            if geography == "ITL2"
            else load_boundary_set(geography, date)
        )
    return _SETS[geography, date]


def _own_areas(date: dt.date) -> BoundarySet:
    folder = REAL_DATA / "outcomes" / "smc"
    data = next(iter(sorted((folder / "son2024_203regions").glob("*.csv"))))
    members = read_membership(folder / "geography" / "203_regions_codes.json", data)
    return custom_boundary_set(members, scheme="smc203", base=load_boundary_set("LAD", date))


def _itl2() -> BoundarySet:
    """Return the ITL2 areas of 2021 from the published layer; ITL areas are not made of whole districts."""
    layer = gpd.read_file(REAL_DATA / "boundaries" / "upper" / "ITL2_JAN_2021_UK_BUC.gpkg").to_crs(27700)
    names = {column.lower(): column for column in layer.columns}
    code, name = names["itl221cd"], names["itl221nm"]
    nation = {"L": "W", "M": "S", "N": "N"}
    frame = gpd.GeoDataFrame(
        {
            "code": layer[code],
            "name": layer[name],
            "name_cy": "",
            "nation": [nation.get(text[2], "E") for text in layer[code]],
            "region_code": "",
            "region_name": "",
            "population": np.nan,
            "hectares": layer.area / 1e4,
        },
        geometry=layer.geometry,
        crs=27700,
    )
    return BoundarySet(
        "ITL2", dt.date(2021, 1, 1), frame.sort_values("code", ignore_index=True), (Source("ITL2 2021"),)
    )


if __name__ == "__main__":
    pd.set_option("display.width", 200)
    sys.exit(main())
