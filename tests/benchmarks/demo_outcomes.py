"""Every published outcome file, read, dated and joined or refused: one line a file, then three receipts in full."""

from __future__ import annotations

import datetime as dt
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.areas.loading import load_boundary_set
from boundaries.dating.default import default_date
from boundaries.dating.vintages import infer_epochs
from boundaries.joined import average_of, join
from boundaries.joined.wanted_areas import fitting_areas
from boundaries.sources.els import read_all
from boundaries.sources.registry import read_outcome
from geo.errors import PlaceatlasError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.joined import Joined
    from boundaries.outcomes.table import OutcomeTable

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


@dataclass(frozen=True)
class Case:
    """A file, and what is stated of it beyond what it says itself; ``geography`` empty: what its publisher states, else districts."""

    file: str
    source: str = "table"
    geography: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def _cases() -> Iterator[Case]:
    for name in ("childhood-conditions", "innovation-and-growth", "labour-market-opportunities"):
        yield Case(f"smc/son2024_203regions/CI-1.0-{name}--full-dataset.csv", "smc")
    yield Case("smc/son2024_203regions/CI1-2.0-promising-prospects--full-dataset.csv", "smc")
    tidy = {"columns": {"value": "z", "code": "", "name": "region"}, "where": {"index": "promising_prospects"}}
    tidy |= {"geography": "smc203", "measure": "index", "unit": "z"}
    yield Case("smc/smc_composites_son2024_203_tidy_DERIVED.csv", options=tidy)
    splits = {
        "dr14": {"sec_dependent_children": "Higher professional"},
        "dr32": {"unemp_binary": "Unemployed"},
        "dr33": {"sec_employed": "Higher professional"},
        "in11": {"seb": "FSM eligible"},
        "in12": {"seb": "FSM eligible"},
        "in13": {"seb": "FSM eligible"},
    }
    codes = "dr12 dr13 dr14 dr15 dr32 dr33 dr51 dr52 dr53 dr54 in11 in12 in13 in23 in31 in32 in33 in34"
    for code in codes.split():
        file = f"smc/itl2_indicators_son26/2026-01-01-{code}-full-dataset.csv"
        yield Case(file, "smc", options={"where": splits[code]} if code in splits else {})
    quals = {"columns": {"value": "no_qualification", "denominator": "total"}, "measure": "count", "unit": "people"}
    yield Case("education/census2021_highest_qualification_ltla_ew.csv", options=quals)
    ks4 = {"indicator": "avg_att8", "measure": "mean", "unit": "points"}
    yield Case(
        "education/ks4_attainment8_progress8_by_la_201819_202324.csv",
        "dfe",
        options={**ks4, "where": {"sex": "Total"}},
    )
    fsm = {"breakdown": "Free school meals", "free_school_meals": "FSM"}
    yield Case("education/ks4_by_fsm_disadvantage_by_la.csv", "dfe", options={**ks4, "where": fsm})
    yield Case(
        "education/neet_risk_factors_lad21_england.csv",
        options={"columns": {"value": "Total Score"}, "unit": "sum of z"},
    )
    yield Case(
        "economy/gdhi_total_and_per_head_lad23_1997_2022.csv",
        options={"columns": {"value": "gdhi_per_head_gbp", "denominator": "implied_population"}},
    )
    yield Case("economy/gva_by_broad_industry_lad23_1998_2023.csv", options={"columns": {"value": "gva_all_gbpm"}})
    score = {"unit": "score"}
    for year in (2004, 2007, 2010, 2015):
        yield Case(f"imd/imd{year}_england_ltla21.csv", options=score)
    for name in ("imd2019_england_ltla19", "imd2019_england_ltla22", "imd2019_england_ltla23", "imd2019_wales_ltla22"):
        yield Case(f"imd/{name}.csv", options=score)
    yield Case("imd/imd2017_northern_ireland_lgd14.csv", options={"columns": {"value": "Proportion"}})
    yield Case("imd/imd2020_scotland_ltla24.csv", options={"columns": {"value": "Proportion"}})
    yield Case("imd/imd2025_england_ltla24.csv", options={"columns": {"value": "imd_average_score"}, **score})
    yield Case("imd/imd2025_england_ltla24.csv", options={"columns": {"value": "imd_rank_of_average_score"}})
    yield Case("imd/mysociety_la_imd_with_gss.csv", options={"columns": {"value": "la-deprivation-score"}, **score})
    yield Case("imd/imd2019_england_lsoa11_overall.csv", options={"columns": {"value": "IMD_rank"}})
    people = {"columns": {"value": "total_population"}}
    # 20_utla20 has lost the county of Northamptonshire: the codes that are left fit the date of its two successors too.
    for name in ("19_ltla19", "19_ltla20", "20_ltla20", "20_ltla21", "19_utla19", "19_utla20", "20_utla20"):
        tier = "UTLA" if "utla" in name else "LAD"
        yield Case(
            f"population_two_geographies/population{name}_single_year_of_age.csv", geography=tier, options=people
        )
    for name in ("dz11", "lsoa11"):
        yield Case(f"population_two_geographies/population20_{name}_total.csv", options=people)


LEGEND = """areas: places the file names, regions and nations among them. codes of: which councils the codes of the latest period are
(+n: the other periods are of n further sets of councils; "both": merged councils stand beside their successors).
result: areas with a figure of areas covered, then what became of the rows: "left aside" are wider or other areas, "duplicated"
those whose successor has a row of its own, "without a row" areas of the boundaries that the file does not name."""
HEADS = ("file / indicator", "rows", "areas", "periods", "measure", "unit", "codes of", "joined to", "result")
WIDTHS = (52, 7, 6, 7, 8, 31, 29, 17)


def main() -> None:
    """Print the table and the receipts; say when the folder is absent."""
    folder = REAL_DATA / "outcomes"
    if not folder.is_dir():
        print("outcome files: skipped, no folder of published files")
        return
    print(LEGEND)
    _row(HEADS)
    receipts: dict[str, Joined] = {}
    seen = set()
    for path in sorted((folder / "els").glob("*/*.csv")):
        seen.add(path)
        for table in read_all(path):
            joined = _line(table, "", table.meta.id)
            if joined is not None and table.meta.id == "gross-median-weekly-pay":
                receipts["pay"] = joined
    for case in _cases():
        path = folder / case.file
        seen.add(path)
        name = path.stem.replace("-full-dataset", "").replace("_single_year_of_age", "").strip("-")
        try:
            table = read_outcome(case.source, path, **case.options)
        except PlaceatlasError as error:
            _row((name, *[""] * 7, f"not read: {error}".replace("\n", ";")))
            continue
        joined = _line(table, case.geography, name)
        if joined is not None and table.meta.id == "promising-prospects":
            receipts["promising prospects"] = joined
    left = sorted(set(folder.rglob("*.csv")) - seen)
    print(f"\nfiles of the folder that are in no line: {', '.join(path.name for path in left) or 'none'}")
    table = read_all(folder / "els" / "gcses-in-english-and-maths" / "gcses-in-english-and-maths.csv")[0]
    receipts["GCSE 2023"] = join(table, load_boundary_set("LAD", dt.date(2024, 9, 11)), period="2023-09-01/P1Y")
    for joined in receipts.values():
        print(f"\n{joined.receipt.to_text()}  compared with {average_of(joined).label}: {average_of(joined).value:g}")


def _row(cells: Sequence[object]) -> None:
    texts = [f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells]
    shown = [
        text[:width].rjust(width) if isinstance(cell, int) else text[:width].ljust(width)
        for text, cell, width in zip(texts, cells, WIDTHS, strict=False)
    ]
    print("  ".join([*shown, *texts[len(WIDTHS) :]]).rstrip())


def _line(table: OutcomeTable, geography: str, name: str) -> Joined | None:
    """Print one line, two where districts are asked of a file of regions; return what was joined."""
    areas = table.frame["code"].where(table.frame["code"] != "", table.frame["name"]).nunique()
    wanted = geography or table.meta.geography
    start = (
        *(name, len(table.frame), int(areas), len(table.periods())),
        *(table.meta.measure, table.meta.unit or "not stated", _codes_of(table, wanted)),
    )
    if table.meta.geography == "RGN":
        _row((*start, "LAD", _told(_refusal(table))))
        start = ("", "", "", "", "", "", "")
    try:
        areas_of = _areas(table, wanted)
        joined = join(table, areas_of)
    except PlaceatlasError as error:
        _row((*start, wanted or "LAD", _told(error)))
        return None
    words = {"out_of_geography": "left aside", "repaired": "by name", "missing": "without a row"}
    fates = [f"{n:,} {words.get(fate, fate)}" for fate, n in joined.receipt.fates.items() if n]
    gaps = [said.removesuffix(".") for said in joined.receipt.statements if said.startswith("No figure")]
    have, covered = int(joined.frame["value"].notna().sum()), int(joined.covered.sum())
    where = f"{areas_of.geography}@{areas_of.date.isoformat()}"
    _row((*start, where, f"{have}/{covered}: {', '.join(fates)}{''.join(f'. {gap}' for gap in gaps)}"))
    return joined


def _refusal(table: OutcomeTable) -> PlaceatlasError:
    """Return why a file of regions has no place among districts."""
    try:
        fitting_areas(table, geography="LAD")
    except PlaceatlasError as error:
        return error
    raise AssertionError(f"{table.meta.id} was joined to districts")


def _told(error: PlaceatlasError) -> str:
    return f"refused: {'; '.join((error.what, *error.faults))}"


def _codes_of(table: OutcomeTable, geography: str) -> str:
    """Return the epoch of the codes of the latest period in words, and how many more the other periods have."""
    if geography not in {"", "LAD", "UTLA"}:
        return {"CTRY": "nations", "RGN": "regions and nations"}.get(geography, f"areas of {geography}")
    inference = infer_epochs(table.frame[["code", "period", "name"]].assign(group=""), geography=geography or "LAD")
    dated = [period for period in inference.periods if period.last is not None]
    if not dated:
        return "no council"
    # ``periods`` may be in the order of the file; the youngest epoch of the last date is wanted
    last = max(dated, key=lambda period: (period.period, period.last.end if period.last else dt.date.min))
    more = len({period.span for period in dated}) - 1
    return f"{last.span}{f' +{more}' if more else ''}{' both' if table.meta.both_vintages else ''}"


_SETS: dict[tuple[str, object], BoundarySet] = {}


def _areas(table: OutcomeTable, geography: str) -> BoundarySet:
    """Return the areas a table fits, statistical regions as published; made once for all tables of one date."""
    regional = table.meta.geography == "ITL2"
    layer = str(REAL_DATA / "boundaries" / "upper" / "ITL2_JAN_2021_UK_BUC.gpkg") if regional else "bundled"
    key: object = len(_SETS) if not regional else frozenset(table.frame["name"])
    if geography in {"", "LAD", "UTLA"} and table.frame["code"].str.fullmatch(r"([ESW]0[6-9]|E10|S12|N09)\d{6}").any():
        key = default_date([table], geography=geography or "LAD")
    if (geography, key) not in _SETS:
        _SETS[geography, key] = fitting_areas(table, geography=geography or None, layer=layer)
    return _SETS[geography, key]


if __name__ == "__main__":
    sys.exit(main())
