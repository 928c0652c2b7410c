"""How rows reach areas: by their own code, recoded from another date, added up from districts, inherited from a county."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.conversion import ALLOWANCES as CONVERSIONS
from boundaries.conversion import Crosswalk, Recoded, convert, crosswalk_to, lookup_crosswalk, recode
from boundaries.joined.editions import of_other_editions
from boundaries.joined.grouped import GROUPED, settle_groupings
from boundaries.joined.rows import Matched
from boundaries.places.recognition import (
    LEAVE_UNMATCHED,
    meant_by,
    named_areas,
    no_code,
    reasons_in_words,
    unrecognised,
    without_code_in_words,
)
from boundaries.places.tallies import advice_for, remedies_for, tiers_in_words
from boundaries.register import load_register, parents
from boundaries.register.codes import GEOGRAPHIES, entity_of, mistaken, nation_of, parse_code
from boundaries.vocabulary import CODED, counted, geography_words
from geo.errors import ConversionError, listed
from geo.remedies import Remedy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from boundaries.areas.boundary_set import BoundarySet
    from boundaries.outcomes.table import OutcomeTable

ALLOWANCES = {
    **CONVERSIONS,
    "unmatched": "leave out rows whose code or name is of no area",
    "duplicates": "of rows that are equal in code and value keep one",
    "aggregate": "add up or average districts into the wider areas asked for, by the rule of the measure",
    GROUPED: "give councils that are published together the figure of their grouping, labelled inherited",
    "county": "give districts without a figure that of their county, labelled inherited",
}
"""What a join refuses unless it is allowed, and what it does then."""

COUNTY = "E10"


def relevance(codes: pd.Series, boundaries: BoundarySet) -> np.ndarray:
    """Whether each row's code is one of the set, or has the form of one in the nations of the set."""
    own = set(boundaries.frame["code"].to_numpy())
    nations = set(boundaries.frame["nation"].to_numpy())
    base, _ = _base_and_scenario(boundaries)

    def of_the_set(code: str) -> bool:
        if code in own:
            return True
        if base.startswith("ITL"):
            # TLC, TLC3, TLC31: a level is two letters and as many characters
            return parse_code(code).scheme == "itl" and len(code) == 2 + int(base[3:] or 0)
        if base in GEOGRAPHIES:
            if base == "LAD" and mistaken(code):
                return parse_code(code).nation in {"", *nations}
            return ":" not in code and entity_of(code) in GEOGRAPHIES[base] and nation_of(code) in nations
        if base in CODED and ":" not in code:
            return entity_of(code) in CODED[base] and nation_of(code) in nations
        return code.startswith(f"{base}:")

    place, distinct = pd.factorize(codes)
    flags = np.array([bool(code) and of_the_set(code) for code in distinct.to_numpy()], dtype=np.bool_)
    return flags[place]


def match_rows(
    table: OutcomeTable, inside: pd.DataFrame, outside: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> Matched:
    """Give every row its area.

    Parameters
    ----------
    table : the outcome. inside, outside : its rows of one period and group, by their ``relevance``. boundaries : the areas.
    allowed : of ``ALLOWANCES``.
    """
    rows = len(inside) + len(outside)
    inside, outside, lost = _without_strangers(inside, outside, boundaries)
    codes = set(inside["code"].to_numpy())
    doubled = _doubled(inside, allowed) if len(codes) < len(inside) else None
    if doubled is not None:
        inside = inside.drop_duplicates("code")
    if inside.empty and not _has_members(outside, boundaries) and not (outside.empty and len(lost)):
        matched = _of_another_geography(outside, boundaries)
    elif codes <= set(boundaries.frame["code"].to_numpy()):
        matched = _as_they_are(inside, fates={"matched": len(inside)})
    else:
        matched = _recoded(table, inside, boundaries, allowed)
    if doubled is not None:
        matched.fates["duplicated"] = matched.fates.get("duplicated", 0) + len(doubled.frame)
        matched.details.extend(doubled.details)
        matched.faults.extend(doubled.faults)
        matched.remedies.extend(doubled.remedies)
    if not matched.faults and boundaries.geography == "LAD":
        matched = _with_counties(table, matched, outside, boundaries, allowed)
    elif not matched.faults and _has_members(outside, boundaries):
        matched = _with_members(table, matched, outside, boundaries, allowed)
    if not matched.faults and boundaries.geography.partition("+")[0] in {"LAD", "UTLA"}:
        matched = settle_groupings(table, matched, outside, boundaries, allowed)
    if len(lost):
        _tell_strangers(lost, matched, boundaries, allowed)
    used = sum(
        number for fate, number in matched.fates.items() if fate not in {"missing", "repaired", "out_of_geography"}
    )
    matched.fates["out_of_geography"] = rows - used
    matched.statements.extend(_say_outside(outside, matched, boundaries))
    return matched


def _without_strangers(
    inside: pd.DataFrame, outside: pd.DataFrame, boundaries: BoundarySet
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Part the rows whose code is of no place from those inside and outside the set."""
    own = set(boundaries.frame["code"].to_numpy())
    codes = {*inside["code"].to_numpy(), *outside["code"].to_numpy()} - own
    strange = [code for code in codes if unrecognised(code)]
    if not strange:
        return inside, outside, inside.iloc[:0]
    lost_inside, lost_outside = inside["code"].isin(strange), outside["code"].isin(strange)
    lost = pd.concat([inside[lost_inside], outside[lost_outside]])
    return inside[~lost_inside], outside[~lost_outside], lost


def _tell_strangers(lost: pd.DataFrame, matched: Matched, boundaries: BoundarySet, allowed: frozenset[str]) -> None:
    """Refuse codes that are of no place, or name them."""
    base, _ = _base_and_scenario(boundaries)
    told = meant_by(lost, geography=base, date=boundaries.date)
    matched.fates["unmatched"] = matched.fates.get("unmatched", 0) + len(lost)
    matched.details.extend(_detail("unmatched", code, "", f"in no register: {told[code]}") for code in told)
    if "unmatched" in allowed:
        matched.statements.extend(f"Left out: {said}." for said in without_code_in_words(lost))
        strange = sorted(code for code in told if not no_code(code))
        if strange:
            matched.statements.append(f"Codes in no register are left out: {listed(told[code] for code in strange)}.")
        meant = named_areas(lost, geography=base, date=boundaries.date)
        matched.lost.update({area: f"its row has a code in no register: {code}" for area, code in meant.items()})
        return
    matched.faults.extend(reasons_in_words(told, lost))
    matched.remedies.append(LEAVE_UNMATCHED)


def _say_outside(outside: pd.DataFrame, matched: Matched, boundaries: BoundarySet) -> list[str]:
    """Say of which other places rows are that no area took."""
    taken = {detail["from"] for detail in matched.details if detail["fate"] in {"split", "merged"}}
    codes = outside["code"].to_numpy()
    left = [code for code in codes if code and code not in taken]
    said = []
    if left:
        kind = geography_words(boundaries.geography)
        number = counted(len(left), "row is", "rows are")
        said.append(f"{number} of other places than {kind}: {', '.join(tiers_in_words(left))}.")
    blank = int(((codes == "") & (outside["name"].to_numpy() == "")).sum())
    if blank:
        said.append(f"{counted(blank, 'row has', 'rows have')} neither code nor name.")
    return said


def _doubled(rows: pd.DataFrame, allowed: frozenset[str]) -> Matched:
    """Return the rows whose code stands above them, and what becomes of them."""
    again = rows["code"].duplicated(keep="first")
    made = _as_they_are(rows[again])
    equal = rows.duplicated(subset=["code", "value"], keep="first")
    made.details.extend(
        _detail("duplicated", code, code, "the row repeats another") for code in made.frame["code"].to_numpy()
    )
    if "duplicates" not in allowed or not equal[again].all():
        doubled = listed(made.frame["code"].unique())
        made.faults.append(f"codes that stand more than once in one period: {doubled}")
        if equal[again].all():
            made.remedies.append(Remedy("allow", "duplicates", purpose="to keep one of rows that are equal"))
    return made


def _recoded(table: OutcomeTable, rows: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]) -> Matched:
    """Convert rows of another date to that of the set."""
    base, scenario = _base_and_scenario(boundaries)
    if boundaries.earlier is not None and rows["code"].isin(boundaries.earlier["old"]).any():
        try:
            return _from_recoded(of_other_editions(table, rows, boundaries, allowed), boundaries)
        except ConversionError as error:
            return _refused_as(error, _as_they_are(rows.iloc[:0]))
    if base not in {"LAD", "UTLA", "CAUTH"}:
        here = _are_of(rows["code"], boundaries)
        known, unknown = rows[here], rows[~here]
        made = _as_they_are(known, fates={"matched": len(known), "unmatched": len(unknown)})
        made.details.extend(
            _detail("unmatched", c, "", n) for c, n in zip(unknown["code"], unknown["name"], strict=True)
        )
        if "unmatched" not in allowed:
            named = (f"{code} {name}".strip() for code, name in zip(unknown["code"], unknown["name"], strict=True))
            made.faults.append(f"codes that are not of {boundaries.geography}: {listed(named)}")
        return made
    of_period = replace(table, frame=rows.reset_index(drop=True))
    passed = allowed & set(CONVERSIONS)
    try:
        if scenario is None:
            passed |= {"both"} if table.meta.both_vintages else set()
            way = _crosswalk(base, boundaries.date)
            names = dict(zip(boundaries.frame["code"].to_numpy(), boundaries.frame["name"].to_numpy(), strict=True))
            recoded = convert(of_period, way, to=boundaries.date, geography=base, allow=passed, names=names)
        else:
            recoded = recode(of_period, to=boundaries.date, geography=base, scenario=scenario, allow=passed)
    except ConversionError as error:
        return _refused_as(error, _as_they_are(rows.iloc[:0]))
    return _from_recoded(recoded, boundaries)


def _of_another_geography(rows: pd.DataFrame, boundaries: BoundarySet) -> Matched:
    """Refuse rows none of which is of the geography, unless they are of counties that districts may inherit from."""
    made = _as_they_are(rows.iloc[:0])
    if boundaries.geography != "LAD" or not rows["code"].str.startswith(COUNTY).any():
        kinds = sorted({entity_of(code) for code in rows["code"] if code})
        begin = f": the codes begin with {listed(kinds)}" if kinds else ""
        made.faults.append(f"no row is of this geography{begin}")
        if kinds:
            made.faults.append(f"they are of {', '.join(tiers_in_words(rows['code']))}")
        made.faults.extend(advice_for(rows["code"]))
        made.remedies.extend(remedies_for(rows["code"]))
    return made


def _refused_as(error: ConversionError, matched: Matched) -> Matched:
    """Take over why a conversion was refused, and what would help."""
    matched.faults.extend(error.faults or [error.what])
    matched.remedies.extend(error.remedies)
    return matched


def _has_members(rows: pd.DataFrame, boundaries: BoundarySet) -> bool:
    """Whether some rows are districts that areas of a wider set are made of."""
    wider = boundaries.members is not None and not boundaries.geography.startswith("LAD")
    return wider and bool(_are_districts(rows).any())


def _are_districts(rows: pd.DataFrame) -> pd.Series:
    districts = {
        code: bool(code) and ":" not in code and entity_of(code) in GEOGRAPHIES["LAD"] for code in rows["code"].unique()
    }
    return rows["code"].map(districts).astype(bool)


def _with_members(
    table: OutcomeTable, matched: Matched, outside: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> Matched:
    """Bring districts together into areas that have no row of their own, or refuse to lose what they say."""
    members = boundaries.members
    assert members is not None  # noqa: S101  # _has_members
    districts = outside[_are_districts(outside)]
    have = set(matched.frame["code"])
    wanted = members[~members["code"].isin(have)]
    passed = allowed & set(CONVERSIONS)
    kind = geography_words(boundaries.geography)
    try:
        today = recode(replace(table, frame=districts.reset_index(drop=True)), to=boundaries.date, allow=passed)
        useful = today.table.frame["code"].isin(wanted["member"])
        if not useful.any():
            return matched
        if "aggregate" not in allowed and "missing" not in allowed:
            matched.faults.append(
                f"{counted(int(useful.sum()), 'row is', 'rows are')} of districts, not of {kind}, and no other row says the same"
            )
            matched.remedies.append(Remedy("allow", "aggregate", purpose="to bring them together"))
            matched.remedies.append(Remedy("allow", "missing", purpose="to leave these areas without a value"))
            return matched
        if "aggregate" not in allowed:
            number = counted(int(useful.sum()), "figure of a district is", "figures of districts are")
            matched.statements.append(f"{number} not used: the areas asked for are {kind}.")
            return matched
        whole = convert(
            replace(today.table, frame=today.table.frame[useful].reset_index(drop=True)),
            lookup_crosswalk(list(wanted["member"]), list(wanted["code"])),
            to=boundaries.date,
            geography="LAD",
            allow=passed,
            names=dict(zip(boundaries.frame["code"], boundaries.frame["name"], strict=True)),
        )
    except ConversionError as error:
        return _refused_as(error, matched)
    made = _from_recoded(whole, boundaries)
    matched.fates["merged"] = matched.fates.get("merged", 0) + int(useful.sum())
    matched.details.extend(made.details)
    number = counted(int(useful.sum()), "district was", "districts were")
    matched.statements.append(f"{number} brought together into {counted(len(made.frame), 'area', kind)}.")
    return _with_rows_of(matched, made)


def _with_counties(
    table: OutcomeTable, matched: Matched, outside: pd.DataFrame, boundaries: BoundarySet, allowed: frozenset[str]
) -> Matched:
    """Give districts without a row the figure of their county, or refuse to lose the county's figure."""
    counties = {code for code in outside["code"].to_numpy() if str(code).startswith(COUNTY)}
    if not counties:
        return matched
    have = set(matched.frame["code"].to_numpy())
    county_of = parents(load_register(), "UTLA", boundaries.date)
    heirs = [
        (code, county_of[code])
        for code in boundaries.frame["code"].to_numpy()
        if code not in have and county_of.get(code, code) in counties
    ]
    if not heirs or (matched.frame.empty and table.meta.measure == "count"):
        return matched
    above = sorted({county for _, county in heirs})
    if "county" not in allowed and "missing" not in allowed:
        matched.faults.append(f"figures of counties whose districts have none: {listed(above)}")
        matched.remedies.append(Remedy("geography", "UTLA"))
        matched.remedies.append(Remedy("allow", "county", purpose="to give districts the figure of their county"))
        return matched
    if "county" not in allowed:
        number = "figure of 1 county is" if len(above) == 1 else f"figures of {len(above)} counties are"
        matched.statements.append(
            f"The {number} not used: {'its' if len(above) == 1 else 'their'} districts have none of their own."
        )
        return matched
    if table.meta.measure == "count":
        matched.faults.append("a count of a county is not the count of its districts: it cannot be inherited")
        return matched
    by_code = outside.drop_duplicates("code").set_index("code")
    of_county = by_code.loc[[county for _, county in heirs]].reset_index(drop=True)
    given = _as_they_are(of_county.assign(code=[code for code, _ in heirs]), quality="inherited")
    matched.fates["split"] = matched.fates.get("split", 0) + len(above)
    matched.details.extend(
        _detail("split", county, code, "the district inherits its county's figure") for code, county in heirs
    )
    number = counted(len(heirs), "district inherits the figure of its", "districts inherit the figure of their")
    matched.statements.append(f"{number} county ({counted(len(above), 'county', 'counties')}).")
    return _with_rows_of(matched, given)


@functools.lru_cache(maxsize=16)
def _crosswalk(geography: str, date: dt.date) -> Crosswalk:
    """Return the way to a date, made once for all outcomes that join to it."""
    return crosswalk_to(load_register(), geography, date)


def _from_recoded(recoded: Recoded, boundaries: BoundarySet) -> Matched:
    """Return what a conversion made, rows of areas outside the set left aside."""
    frame, told = recoded.table.frame, recoded.quality
    here = _are_of(frame["code"], boundaries)
    return Matched(
        frame[here],
        told["quality"].to_numpy()[here],
        told["reason"].to_numpy()[here],
        {fate: number for fate, number in recoded.fates.items() if fate != "out_of_geography"},
        [dict(row) for row in recoded.details],
        list(recoded.statements),
    )


def _are_of(codes: pd.Series, boundaries: BoundarySet) -> np.ndarray:
    """Whether each code is one of the set."""
    own = set(boundaries.frame["code"].to_numpy())
    return np.array([code in own for code in codes.to_numpy()], dtype=np.bool_)


def _as_they_are(
    rows: pd.DataFrame,
    *,
    quality: str = "exact",
    fates: Mapping[str, int] | None = None,
) -> Matched:
    """Return rows that no arithmetic changed: those without a value are missing, and need no other reason."""
    qualities = np.where(rows["value"].isna(), "missing", quality)
    return Matched(rows, qualities, np.full(len(rows), ""), dict(fates or {}))


def _with_rows_of(matched: Matched, more: Matched) -> Matched:
    return replace(
        matched,
        frame=pd.concat([matched.frame, more.frame], ignore_index=True),
        quality=np.concatenate([matched.quality, more.quality]),
        reason=np.concatenate([matched.reason, more.reason]),
    )


def _base_and_scenario(boundaries: BoundarySet) -> tuple[str, str | None]:
    base, _, scenario = boundaries.geography.partition("+")
    return base, scenario or None


def _detail(fate: str, of: str, to: str, note: str) -> dict[str, str]:
    return {"fate": fate, "from": of, "to": to, "note": note}
