"""Conversion against figures published on several vintages: the same statistic, made by its publisher for both."""

from __future__ import annotations

import datetime as dt
import sys

import numpy as np
import pandas as pd
import pytest

from boundaries.conversion import convert, lookup_crosswalk, recode
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.register import codes_alive, load_register, predecessors
from geo.errors import ConversionError

pytestmark = pytest.mark.real_data

NOW = dt.date(2025, 7, 1)


def say(line):
    sys.stdout.write(line + "\n")


def table(codes, values, measure, **columns):
    codes = list(codes)
    frame = outcome_frame(
        {"code": codes, "period": ["x"] * len(codes), "value": np.asarray(values, dtype=float), **columns}
    )
    return OutcomeTable(OutcomeMeta("oracle", "Oracle", measure), frame)


def converted(codes, values, measure, to, **columns):
    return recode(table(codes, values, measure, **columns), to=to).table.frame.set_index("code")["value"]


@pytest.mark.parametrize(
    ("old", "new", "to"),
    [
        ("population19_ltla19", "population19_ltla20", dt.date(2020, 7, 1)),
        ("population20_ltla20", "population20_ltla21", dt.date(2021, 7, 1)),
    ],
)
def test_population_published_on_two_vintages_is_exact_in_every_column(real_data, old, new, to):
    folder = real_data / "outcomes" / "population_two_geographies"
    before, after = (pd.read_csv(folder / f"{name}_single_year_of_age.csv") for name in (old, new))
    code_before, code_after = (next(c for c in frame.columns if c.endswith("_code")) for frame in (before, after))
    columns = [column for column in before.columns if pd.api.types.is_numeric_dtype(before[column])]
    long = before.melt(id_vars=[code_before], value_vars=columns, var_name="period")
    frame = outcome_frame({"code": long[code_before], "period": long["period"], "value": long["value"].astype(float)})
    ours = recode(OutcomeTable(OutcomeMeta("n", "N", "count"), frame), to=to)
    wide = ours.table.frame.pivot_table(index="code", columns="period", values="value")
    theirs = after.set_index(code_after)[columns].sort_index()
    assert len(columns) == 92
    pd.testing.assert_index_equal(wide.index, theirs.index, check_names=False)
    worst = float(np.abs(wide[columns].to_numpy() - theirs.to_numpy()).max())
    say(f"{old} → {new}: {len(theirs)} areas × {len(columns)} columns, largest difference {worst:g}")
    assert worst == 0


def deprivation(real_data, vintage):
    frame = pd.read_csv(real_data / "outcomes" / "imd" / f"imd2019_england_{vintage}.csv")
    return frame.set_index(frame.columns[0])


@pytest.fixture(scope="module")
def neighbourhoods(real_data):
    """Return neighbourhoods of 2011 with decile, district of 2019 and residents."""
    where = pd.read_csv(real_data / "lookups" / "lsoa11_to_lad_2011_2021_EW.csv.gz")
    ranks = pd.read_csv(real_data / "outcomes" / "imd" / "imd2019_england_lsoa11_overall.csv")
    return ranks.merge(where, left_on="lsoa11_code", right_on="LSOA11CD")


@pytest.mark.parametrize(("vintage", "to"), [("ltla22", dt.date(2022, 7, 1)), ("ltla23", dt.date(2023, 7, 1))])
def test_deprivation_published_on_three_vintages(real_data, neighbourhoods, vintage, to):
    old, new = deprivation(real_data, "ltla19"), deprivation(real_data, vintage)
    grouped = neighbourhoods.groupby("LAD19CD")
    number, worst_decile = grouped.size(), grouped["IMD_decile"].agg(lambda decile: (decile == 1).mean())
    assert np.abs(worst_decile - old["Proportion"]).max() < 5.1e-5  # published with four decimals
    share = converted(number.index, worst_decile, "rate", to, denominator=number.to_numpy(float))
    assert set(share.index) == set(new.index)
    assert np.abs(share - new["Proportion"]).max() < 1e-12
    errors = {}
    for year in (2019, 2017):
        base = grouped[f"pop_mid{year}"].sum().reindex(old.index).to_numpy(float)
        score = converted(old.index, old["Score"], "mean", to, denominator=base)
        errors[year] = float(np.abs(score - new["Score"]).max())
    say(
        f"IMD 2019 ltla19 → {vintage}: share in the worst decile exact; score within {errors[2019]:.3f} "
        f"(mid-2019 weights), {errors[2017]:.3f} (mid-2017)"
    )
    assert errors[2019] < 0.2
    assert errors[2017] < 0.05


def test_a_score_without_its_base_is_refused(real_data):
    old = deprivation(real_data, "ltla19")
    with pytest.raises(ConversionError, match="cannot be merged"):
        recode(table(old.index, old["Score"], "index"), to=NOW)


def families(raw):
    """Yield period, successor, the predecessors published beside it, and whether those are its direct ones."""
    register = load_register()
    now = codes_alive(register, "LAD", NOW)

    def made_of(code, values):
        if code in values.index:
            return [code]
        older = [e.old_code for e in predecessors(register, code) if not e.partial and e.old_code[:3] != "E10"]
        return [leaf for old in older for leaf in made_of(old, values)] or [code]

    for indicator, own in raw.groupby("indicator"):
        for period, rows in own.groupby("period"):
            values = rows.drop_duplicates("areacd").set_index("areacd")["observation"].astype(float).dropna()
            for code in sorted(now & set(values.index)):
                olds = [e.old_code for e in predecessors(register, code) if not e.partial and e.old_code[:3] != "E10"]
                parts = [leaf for old in olds for leaf in made_of(old, values)]
                if parts and all(part in values.index for part in parts):
                    yield f"{indicator} {period}", code, values[code], values[parts], set(parts) == set(olds)


@pytest.mark.parametrize(
    ("name", "wanted", "mergers", "mean", "most"),
    [
        ("gcses-in-english-and-maths", 89, 71, 0.48, 2.2),
        ("early-years", 36, 18, 0.2, 0.5),
        ("pupils-at-expected-standards-by-end-of-primary-school", 24, 14, 0.4, 0.9),
    ],
)
def test_rates_published_for_predecessors_and_successors(real_data, name, wanted, mergers, mean, most):
    raw = pd.read_csv(real_data / "outcomes" / "els" / name / f"{name}.csv", encoding="utf-8-sig")
    people = pd.read_csv(real_data / "population" / "lad_population_by_vintage.csv.gz")
    people = people[(people["ref_year"] == 2019) & people["source"].str.startswith("sum of LSOA11")]
    base = people.drop_duplicates("code").set_index("code")["population"]
    direct, seen, errors, outside = 0, 0, {}, []
    for when, code, published, parts, first_generation in families(raw):
        seen += 1
        direct += first_generation
        if not parts.min() - 1e-9 <= published <= parts.max() + 1e-9:
            outside.append(f"{code} in {when}")
        if len(parts) > 1:
            weights = base.reindex(parts.index).to_numpy(float)
            ours = converted(parts.index, parts, "rate", NOW, denominator=weights)
            errors[when, code, first_generation] = abs(ours[code] - published)
    sizes = np.array([error for (_, _, first_generation), error in errors.items() if first_generation])
    assert max(errors.values()) < most
    say(
        f"{name}: {direct} families of one generation and {seen - direct} of two, successor inside its predecessors' range "
        f"in {seen - len(outside)}; {len(sizes)} mergers, error of the weighted mean: mean {sizes.mean():.2f}, "
        f"maximum {sizes.max():.2f}"
    )
    assert outside == []
    assert (direct, len(sizes)) == (wanted, mergers)
    assert sizes.mean() < mean


def test_northern_ireland_gives_the_residents_of_the_new_districts(real_data):
    areas = pd.read_csv(real_data / "lookups" / "soa01_to_lgd_NI.csv")
    old = areas.groupby("old_lgd_code")["pop_mid2019"].sum()
    new = areas.groupby("lgd14_code")["pop_mid2019"].sum()
    ours = converted(old.index, old, "count", dt.date(2016, 7, 1))
    say(f"Northern Ireland 26 → 11: largest difference {np.abs(ours - new).max():.3g} of {new.sum():,.0f} residents")
    assert np.abs(ours - new).max() < 1e-6


def test_residents_of_small_areas_add_up_to_published_districts(real_data):
    areas = pd.read_csv(real_data / "lookups" / "lsoa11_to_lad_2011_2021_EW.csv.gz")
    people = pd.read_csv(real_data / "population" / "lad_population_by_vintage.csv.gz")
    official = people[(people["ref_year"] == 2019) & people["source"].str.startswith("mid-2019 official")]
    official = official.set_index("code")["population"]
    crosswalk = lookup_crosswalk(list(areas["LSOA11CD"]), list(areas["LAD20CD"]))
    made = convert(
        table(areas["LSOA11CD"], areas["pop_mid2019"], "count"), crosswalk, to=dt.date(2020, 7, 1), geography="LSOA"
    )
    ours = made.table.frame.set_index("code")["value"]
    assert len(ours) == 336
    assert np.abs(ours - official.reindex(ours.index)).max() == 0


def test_a_small_area_that_a_published_lookup_puts_in_two_councils(real_data):
    # W01000060 is Powys in the columns of 2015, 2016 and 2021 and Gwynedd in the others: 1,310 people.
    areas = pd.read_csv(real_data / "lookups" / "lsoa11_to_lad_2011_2021_EW.csv.gz")
    residents = {year: areas.groupby(f"LAD{year}CD")["pop_mid2020"].sum() for year in (15, 17)}
    assert residents[15]["W06000023"] - residents[17]["W06000023"] == 1310
    homes = areas.melt(id_vars=["LSOA11CD"], value_vars=["LAD15CD", "LAD17CD"], value_name="LAD")
    homes = homes[["LSOA11CD", "LAD"]].drop_duplicates()
    twice = homes.loc[homes["LSOA11CD"].duplicated() & homes["LSOA11CD"].str.startswith("W"), "LSOA11CD"]
    assert twice.tolist() == ["W01000060"]
