"""Two builds side by side: what is a revision, what a new period, what another area."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.comparing import Note, compare_builds, read_build
from geo.errors import OutputError

AREAS = {"E08000016": "Barnsley", "E08000018": "Rotherham", "W06000001": "Isle of Anglesey"}


def written(
    folder,
    values,
    *,
    date="2024-09-11",
    period="2024",
    geography="LAD",
    names=AREAS,
    levels=None,
    verdict="below",
    edition=None,
    extra=None,
    version="0.1",
):
    """Write the least of a build: pay of a few areas, an interval of ± 5, a level and a verdict."""
    (folder / "data").mkdir(parents=True)
    outcome = {"id": "pay", **({"edition": edition} if edition else {})}
    manifest = {
        "tool": "placeatlas", "version": version, "boundaries": {geography: {"date": date}},
        "config": {"outcome": [outcome]}, "inputs": {"pay.csv": f"hash of {values}"},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    table = pd.DataFrame({"code": [*names], "name": [*names.values()], "coastal__distance": "no"})
    front = f"pay__{period}__" if period else "pay__"
    table[f"{front}value"] = values
    table[f"{front}lower"] = [value - 5 if value == value else value for value in values]  # noqa: PLR0124 - NaN
    table[f"{front}upper"] = [value + 5 if value == value else value for value in values]  # noqa: PLR0124 - NaN
    table[f"{front}level"] = levels or ["low", "high", "high"][: len(values)]
    table[f"{front}p_below"] = [0.9, 0.2, 0.1][: len(values)]
    for name, column in (extra or {}).items():
        table[name] = column
    table.to_csv(folder / "data" / "areas.csv", index=False)
    claims = pd.DataFrame(
        {
            "outcome": ["pay"],
            "period": period,
            "type": "coastal",
            "definition": "distance",
            "verdict": verdict,
            "q": 0.01,
        }
    )
    claims.to_csv(folder / "data" / "claims.csv", index=False)
    return folder


def compared(tmp_path, old, new):
    return compare_builds(read_build(written(tmp_path / "old", **old)), read_build(written(tmp_path / "new", **new)))


def test_a_build_is_the_same_as_itself(tmp_path):
    build = read_build(written(tmp_path / "old", [1.0, 2.0, float("nan")]))
    found = compare_builds(build, build)
    assert found.same
    assert found.notes == ()
    assert found.to_dict()["counts"] == []


def test_values_revised_added_and_gone(tmp_path):
    nan = float("nan")
    found = compared(tmp_path, {"values": [10.0, 20.0, nan]}, {"values": [17.0, nan, 30.0]})
    rows = found.rows[found.rows["what"] == "value"].set_index("code")
    assert rows["change"].to_dict() == {"E08000016": "revised", "E08000018": "gone", "W06000001": "added"}
    assert rows.loc["E08000016", ["old", "new", "difference", "beyond_error"]].tolist() == [10.0, 17.0, 7.0, "yes"]
    assert Note("files", ("pay.csv",)) in found.notes
    within = compared(tmp_path / "again", {"values": [10.0, 20.0, 30.0]}, {"values": [11.0, 20.0, 30.0]})
    assert within.rows["beyond_error"].tolist() == ["no"]
    assert within.counts() == {("value", "revised"): 1}


def test_levels_with_their_probability_and_verdicts_with_their_error_rate(tmp_path):
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0]},
        {"values": [1.0, 2.0, 3.0], "levels": ["not-clear", "high", "high"], "verdict": "no clear gap"},
    )
    level, verdict = found.rows.to_dict("records")
    assert (level["what"], level["old"], level["new"], level["p"]) == ("level", "low", "not-clear", "0.9")
    assert (verdict["what"], verdict["change"], verdict["name"]) == ("verdict", "flipped", "coastal distance")
    assert (verdict["old"], verdict["new"], verdict["p"]) == ("below", "no clear gap", "0.01")


def test_a_new_period_is_no_revision_and_its_levels_are_compared_with_the_last(tmp_path):
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0], "period": "2023"},
        {"values": [5.0, 6.0, 7.0], "period": "2024", "levels": ["high", "high", "high"]},
    )
    assert found.counts() == {("period", "gone"): 1, ("period", "added"): 1, ("level", "changed"): 1}
    level = found.rows[found.rows["what"] == "level"].iloc[0]
    assert (level["period"], level["old"], level["new"]) == ("2023 to 2024", "low", "high")


def test_another_edition_is_said_and_never_compared(tmp_path):
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0], "edition": "2024"},
        {"values": [9.0, 9.0, 9.0], "edition": "2025", "verdict": "x"},
    )
    assert found.counts() == {("edition", "changed"): 1}
    assert found.rows.iloc[0][["old", "new"]].tolist() == ["2024", "2025"]
    assert Note("editions", ("pay",)) in found.notes


def test_an_area_with_another_code_is_followed_and_the_register_says_why(tmp_path):
    later = {"E08000038": "Barnsley", "E08000018": "Rotherham", "W06000001": "Isle of Anglesey"}
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0]},
        {"values": [1.5, 2.0, 3.0], "names": later, "date": "2025-04-01"},
    )
    area, value = found.rows.to_dict("records")
    assert (area["change"], area["old"], area["new"]) == ("changed", "E08000016", "E08000038")
    assert (value["code"], value["name"], value["difference"]) == ("E08000038", "Barnsley", 0.5)
    assert found.boundaries["instrument"].str.contains("Barnsley and Sheffield").any()
    back = compare_builds(read_build(tmp_path / "new"), read_build(tmp_path / "old"))
    assert back.rows.iloc[0][["old", "new"]].tolist() == ["E08000038", "E08000016"]
    assert Note("backwards") in back.notes


def test_merged_areas_are_gone_and_new_and_no_value_is_carried(tmp_path):
    before = {"E07000026": "Allerdale", "E07000028": "Carlisle", "W06000001": "Isle of Anglesey"}
    after = {"E06000063": "Cumberland", "W06000001": "Isle of Anglesey"}
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0], "names": before, "date": "2022-04-01"},
        {"values": [9.0, 3.0], "names": after, "date": "2023-04-01", "levels": ["low", "high"]},
    )
    assert found.counts() == {("area", "gone"): 2, ("area", "added"): 1}
    assert set(found.boundaries["kind"]) == {"merge", "reorganisation"}


def test_outcomes_come_and_go_and_plain_columns_are_no_outcomes(tmp_path):
    found = compared(
        tmp_path,
        {"values": [1.0, 2.0, 3.0], "extra": {"jobs__2024__value": [1, 2, 3]}, "version": "0.2"},
        {"values": [1.0, 2.0, 3.0], "extra": {"homes__value": [1, 2, 3], "rural__density": ["no"] * 3}},
    )
    assert found.rows[["what", "change", "outcome"]].to_numpy().tolist() == [
        ["outcome", "gone", "jobs"],
        ["outcome", "added", "homes"],
    ]
    assert Note("versions", ("0.2", "0.1")) in found.notes


def test_a_period_may_be_absent(tmp_path):
    found = compared(tmp_path, {"values": [1.0, 2.0, 3.0], "period": ""}, {"values": [2.0, 2.0, 3.0], "period": ""})
    assert found.rows.iloc[0][["outcome", "period", "difference"]].tolist() == ["pay", "", 1.0]


def test_builds_of_different_geographies_are_refused(tmp_path):
    with pytest.raises(OutputError, match="different areas: LAD and UTLA"):
        compared(tmp_path, {"values": [1.0, 2.0, 3.0]}, {"values": [1.0, 2.0, 3.0], "geography": "UTLA"})


def test_what_is_no_whole_build_is_refused(tmp_path):
    folder = written(tmp_path / "old", [1.0, 2.0, 3.0])
    with pytest.raises(OutputError, match="is not a build"):
        read_build(tmp_path)
    claims, areas, manifest = folder / "data" / "claims.csv", folder / "data" / "areas.csv", folder / "manifest.json"
    claims.write_text("outcome,period\n", encoding="utf-8")
    with pytest.raises(OutputError, match="not a table of verdicts"):
        read_build(folder)
    claims.unlink()
    assert read_build(folder).verdicts.empty
    areas.write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(OutputError, match="no column code"):
        read_build(folder)
    areas.write_text("code,name\nx,y\n", encoding="utf-8")
    assert read_build(folder).facts.empty
    areas.unlink()
    with pytest.raises(OutputError, match="no table of areas"):
        read_build(folder)
    written(tmp_path / "other", [1.0, 2.0, 3.0])
    manifest.write_text('{"tool": "placeatlas"}', encoding="utf-8")
    (tmp_path / "other" / "data" / "areas.csv").rename(areas)
    with pytest.raises(OutputError, match="does not say which areas"):
        read_build(folder)
    manifest.write_text('{"tool": "other"}', encoding="utf-8")
    with pytest.raises(OutputError, match="not a manifest"):
        read_build(folder)
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match="not readable JSON"):
        read_build(folder)
