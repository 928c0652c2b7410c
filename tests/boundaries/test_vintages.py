"""Of which date the codes of a table are, and every trap of real files with the message a user reads."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from boundaries.dating.vintages import describe, infer_epochs, inferred_geography
from boundaries.joined.checking import check_file
from boundaries.joined.checks import report
from boundaries.joined.trying import Asking
from boundaries.register import codes_alive, epochs, load_register
from geo.errors import TableError

REGISTER = load_register()


def alive(date, geography="LAD"):
    return sorted(codes_alive(REGISTER, geography, dt.date.fromisoformat(date)))


def frame(codes_by_period, **columns):
    rows = [(code, period) for period, codes in codes_by_period.items() for code in codes]
    return pd.DataFrame({"code": [c for c, _ in rows], "period": [p for _, p in rows], **columns})


def texts(inference, kind):
    return [finding.text for finding in inference.findings if finding.kind == kind]


@pytest.mark.parametrize("number", range(13))
def test_every_code_set_is_inferred_to_its_own_epoch(number):
    epoch = epochs(REGISTER, "LAD")[number]
    inference = infer_epochs(frame({"x": sorted(epoch.codes)}))
    (period,) = inference.periods
    assert (period.first, period.last) == (epoch, epoch)
    assert inference.findings == ()


def test_each_period_has_its_own_epoch_and_evidence():
    inference = infer_epochs(frame({"2019": alive("2019-07-01"), "2020": alive("2020-07-01")}))
    first, second = inference.periods
    assert first.span == "2019-04-01 to 2020-03-31"
    assert second.span == "2020-04-01 to 2021-03-31"
    assert "E06000060 began on 2020-04-01" in second.evidence
    assert inference.faults == ()


def test_a_vintage_is_never_a_false_date():
    scotland = [code for code in alive("2022-07-01") if code[0] == "S"]
    (period,) = infer_epochs(frame({"2022": scotland})).periods
    assert (period.first.start, period.last.end) == (dt.date(2019, 4, 1), REGISTER.known_to)


def test_a_few_areas_fit_many_epochs():
    (period,) = infer_epochs(frame({"2022": ["E06000001", "E06000002"]})).periods
    assert (period.first.number, period.last.number) == (1, 13)


def test_predecessor_beside_successor():
    both = sorted({*alive("2019-07-01"), *alive("2020-07-01")})
    inference = infer_epochs(frame({"2019": both}))
    (text,) = texts(inference, "predecessor and successor")
    assert text.startswith(
        "areas stand beside what they became: Aylesbury Vale + Chiltern + South Bucks + Wycombe beside E06000060 Buckinghamshire"
    )
    assert inference.periods[0].span == "2020-04-01 to 2021-03-31"


def test_terminated_and_future_codes():
    mixed = sorted({*alive("2021-07-01")} - {"E06000060", "E06000061"} | {"E07000004", "E06000063"})
    inference = infer_epochs(frame({"2021": mixed}))
    (early,) = texts(inference, "terminated")
    assert "E07000004 Aylesbury Vale ended on 2020-03-31 (now E06000060 Buckinghamshire)" in early
    both = texts(inference, "predecessor and successor")
    assert "beside E06000063 Cumberland" in both[0]
    late = infer_epochs(
        frame({"2018": sorted({*alive("2018-07-01")} - {"E06000028", "E06000029", "E07000048"} | {"E06000058"})})
    )
    assert "E06000058 Bournemouth, Christchurch and Poole began on 2019-04-01" in texts(late, "future")[0]


def test_a_hole_where_a_merger_happened():
    hole = [code for code in alive("2020-07-01") if code != "E06000060"]
    inference = infer_epochs(frame({"2020": hole}))
    assert texts(inference, "hole after a merger") == [
        "no row for merged areas nor for what they were made of: E06000060 Buckinghamshire (made on 2020-04-01)"
    ]
    assert inference.faults == ()


def test_missing_areas_are_named():
    inference = infer_epochs(frame({"2022": [code for code in alive("2022-07-01") if code != "E09000001"]}))
    assert texts(inference, "missing") == ["no row for E09000001 City of London"]


def test_counties_and_regions_among_districts():
    rows = [*alive("2021-07-01"), "E10000003", "E12000001", "E92000001", "K02000001", "TLC1"]
    inference = infer_epochs(frame({"2021": rows}))
    assert inference.geography == "LAD"
    (text,) = texts(inference, "other geography")
    assert text.startswith("among the local authority districts stand Cambridgeshire, North East, England, ")
    assert text.endswith("United Kingdom, ITL or NUTS areas (TLC1); a join leaves them out")
    assert "twice" in texts(inference, "tiers")[0]


def test_counties_without_districts_are_upper_tier():
    inference = infer_epochs(frame({"2021": alive("2021-07-01", "UTLA")}))
    assert inference.geography == "UTLA"
    assert inference.periods[0].span == "2021-04-01 to 2023-03-31"
    assert describe("UTLA") == "counties and unitary authorities"
    assert inferred_geography(["E12000001"]) == "RGN"
    assert inferred_geography(["E01000001"]) == ""


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        (
            "6000001",
            "number",
            "codes were read as numbers and have lost their letter: 6000001; read the column as text",
        ),
        ("6000001.0", "number", "read the column as text"),
        ("95AA", "ni-small-area", "95AA is Antrim but 95A is Derry, so they are never matched by letter"),
        ("00EB", "old-ons", "codes of the scheme before 2011: 00EB; give the nine-character codes"),
        (
            "E06000999",
            "unregistered",
            "codes in no register (mistyped, or made after it ends on 2026-05-31): E06000999",
        ),
        ("Total", "unknown", "not codes of a UK geography: Total"),
    ],
)
def test_codes_that_are_none_of_ours(code, kind, message):
    inference = infer_epochs(frame({"2021": [*alive("2021-07-01"), code]}))
    (text,) = texts(inference, kind)
    assert message in text
    assert inference.faults


def test_codes_of_before_the_register():
    inference = infer_epochs(frame({"2008": [*alive("2009-04-01"), "E07000054"]}))
    assert inference.faults[0].kind == "predecessor and successor"  # Chester-le-Street beside County Durham


def test_duplicates_but_not_breakdowns():
    codes = ["E06000001", "E06000001"]
    (text,) = texts(infer_epochs(frame({"2021": codes})), "duplicated")
    assert text == "codes that stand more than once in a period: E06000001 Hartlepool (1 row too many)"
    assert infer_epochs(frame({"2021": codes}, group=["men", "women"])).faults == ()


def test_names_without_codes_and_names_of_others():
    named = frame({"2021": ["", "", "E06000001"]}, name=["Hartlepol", "Darlington", "Darlington"])
    inference = infer_epochs(named)
    assert "Hartlepol (did you mean Hartlepool (E06000001)?)" in texts(inference, "unmatched name")[0]
    assert texts(inference, "name and code") == [
        "names that belong to another code: E06000001 is called Darlington but is Hartlepool"
    ]
    assert texts(inference, "blank") == ["2 rows have no code"]


def test_older_codes_and_back_casts_are_noted():
    inference = infer_epochs(frame({"2019": alive("2014-07-01"), "2010": alive("2024-07-01")}))
    assert texts(inference, "older codes") == ["codes that ended on 2015-03-31 stand for later periods"]
    assert texts(inference, "back-cast") == ["codes that began on 2023-04-01 stand for earlier periods"]


def test_nothing_of_a_known_geography():
    inference = infer_epochs(frame({"2021": ["E25000001", "E25000002"]}))
    assert "built-up areas (2)" in texts(inference, "no geography")[0]
    assert inference.periods[0].span == "no code of this geography"
    assert inference.to_dict()["faults"] == 1


def test_small_areas_are_of_a_layer_and_tell_their_edition():
    inference = infer_epochs(frame({"2021": ["E01000001", "E01033800"], "2011": ["E01000001", "E01033500"]}))
    assert inference.geography == "LSOA"
    assert [period.span for period in inference.periods] == ["edition 2021", "edition 2011 or 2021"]
    assert "joined to a layer" in texts(inference, "layer")[0]
    assert inference.to_dict()["faults"] == 0


def test_a_geography_of_ones_own_has_no_epochs():
    inference = infer_epochs(frame({"2021": ["a", "b"]}), geography="beats")
    assert (inference.geography, inference.periods[0].areas) == ("beats", 2)
    assert inference.periods[0].span == "no edition is told by codes alone"


def write(path, rows, header="code,year,value"):
    path.write_text(header + "\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_file_is_checked_with_its_repairs(tmp_path):
    rows = [f"{code},2021,{i}" for i, code in enumerate(alive("2021-07-01"))]
    rows[0] = rows[0].lower().replace(",", " ,", 1)
    check = check_file(write(tmp_path / "a.csv", rows))
    assert check.sound
    assert dict(check.repairs) == {"stray spaces in codes": 1, "lower case in codes": 1}
    assert check.to_dict()["periods"][0]["from"] == "2021-04-01"
    lines = list(report(check))
    assert lines[0] == "a.csv: 374 rows; code in 'code', period in 'year'"
    assert lines[-1] == "nothing would be lost or doubled by a join"


def test_a_file_of_names_is_checked_by_its_names(tmp_path):
    rows = [f"{name},{i}" for i, name in enumerate(("Hartlepool", "Bristol", "Ynys Môn", "Cumbria county council"))]
    check = check_file(write(tmp_path / "names.csv", rows, header="place,score"))
    assert dict(check.repairs) == {"names matched to codes": 3}
    assert "Cumbria county council" in check.inference.faults[0].text
    assert not check.sound


def test_a_file_of_former_names_is_of_their_date(tmp_path):
    rows = [f"{name},{i}" for i, name in enumerate(("Allerdale", "Carlisle", "Hartlepool", "Kent", "England"))]
    check = check_file(write(tmp_path / "names.csv", rows, header="place,score"))
    assert dict(check.repairs) == {"names matched to codes": 5}
    assert [period.last.end for period in check.inference.periods] == [dt.date(2023, 3, 31)]
    assert "figures of counties whose districts have none: E10000016" in check.inference.faults[0].text
    allowed = check_file(tmp_path / "names.csv", asking=Asking(allow=("missing",)))
    assert allowed.sound


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError, match="there is no file"):
        check_file(tmp_path / "none.csv")


def els(real_data, name):
    return check_file(real_data / "outcomes" / "els" / name / f"{name}.csv")


def spans(check):
    return {period.period[:4]: period.span[:10] for period in check.inference.periods if period.first}


@pytest.mark.real_data
def test_vintages_of_real_files_are_what_their_notes_say(real_data):
    # back-cast to one vintage
    assert set(spans(els(real_data, "claimant-count")).values()) == {"2023-04-01"}
    # a true sequence
    assert spans(els(real_data, "business-demography")) == {
        "2019": "2019-04-01", "2020": "2020-04-01", "2021": "2021-04-01", "2022": "2021-04-01", "2023": "2021-04-01",
        "2024": "2023-04-01",
    }  # fmt: skip
    # an abrupt jump
    jump = spans(els(real_data, "domestic-electricity-consumption"))
    assert (jump["2014"], jump["2015"]) == ("2013-04-01", "2025-04-01")
    # the first year after a merger missing
    holes = {
        period[:4]
        for finding in els(real_data, "net-additions-to-the-housing-stock").inference.findings
        if finding.kind == "hole after a merger"
        for period in finding.periods
    }
    assert holes >= {"2009", "2019", "2020", "2023"}
    assert "2021" not in holes
    # regions and countries only
    assert els(real_data, "research-and-development-business").inference.geography == "RGN"


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "both"),
    [
        ("gcses-in-english-and-maths", True),
        ("pupils-at-expected-standards-by-end-of-primary-school", True),
        ("early-years", True),
        ("supermarkets", True),
        ("museums", True),
        ("children-in-relative-poverty", True),
        ("persistent-absences-for-pupils-eligible-for-free-school-meals", True),
        ("employment-rate", False),
        ("housing-affordability-ratio", False),
    ],
)
def test_files_that_hold_old_and_new_codes_in_one_period(real_data, name, both):
    kinds = {finding.kind for finding in els(real_data, name).inference.faults}
    assert ("predecessor and successor" in kinds) == both


def topology_codes(path, layer, year):
    """Return the codes a multi-year topology holds for a year."""
    geometries = json.loads(path.read_text(encoding="utf-8"))["objects"][layer]["geometries"]
    rows = [geometry["properties"] for geometry in geometries]
    return {row["areacd"] for row in rows if row.get("start", 0) <= year <= row.get("end", 9999)}


@pytest.mark.real_data
@pytest.mark.parametrize("year", range(2015, 2026))
def test_the_multi_year_topology_is_of_the_epoch_of_each_year(real_data, year):
    path = real_data / "boundaries" / "uk_topo_2014_2025_ELS.topojson"
    when = dt.date(year, 12, 31)
    codes = topology_codes(path, "ltla", year)
    assert codes == codes_alive(REGISTER, "LAD", when)
    (period,) = infer_epochs(frame({"x": sorted(codes)})).periods
    assert period.first.start <= when <= period.last.end
    assert topology_codes(path, "utla", year) == codes_alive(REGISTER, "UTLA", when)
    assert topology_codes(path, "cauth", year) >= codes_alive(REGISTER, "CAUTH", when)


@pytest.mark.real_data
def test_a_file_whose_name_lies_is_known_by_its_codes(real_data):
    path = real_data / "boundaries" / "dirty" / "geogPCON_mislabelled_is_LAD2013.topojson"
    (layer,) = json.loads(path.read_text(encoding="utf-8"))["objects"].values()
    codes = [geometry["properties"]["AREACD"] for geometry in layer["geometries"]]
    inference = infer_epochs(frame({"x": codes}))
    assert inference.geography == "LAD"
    assert inference.periods[0].span == "2013-04-01 to 2015-03-31"
    assert "missing" in {finding.kind for finding in inference.findings}  # 405 of 406


@pytest.mark.real_data
def test_an_upstream_topology_with_a_wrong_recode_is_caught(real_data):
    path = real_data / "boundaries" / "dirty" / "uk_topo_2014_2025_uktopojson_BUGGY.topojson"
    wrong = {
        year
        for year in range(2015, 2026)
        if infer_epochs(frame({"x": sorted(topology_codes(path, "ltla", year))})).findings
    }
    assert wrong
