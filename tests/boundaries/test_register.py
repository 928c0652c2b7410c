"""The change register: sound by replay, equal to the published code sets, and quick to refuse what it does not know."""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.register import (
    atom_codes,
    codes_alive,
    epoch_of,
    epochs,
    faults_of,
    last_life,
    later_codes,
    load_register,
    moved_land,
    name_of,
    parents,
    predecessors,
    region_of,
    successors,
    welsh_name_of,
)
from geo.errors import CodeError, DateError, TableError

REGISTER = load_register()
COUNTS = [406, 406, 406, 406, 406, 406, 391, 391, 382, 379, 374, 361, 361]
"""Districts in each of the thirteen code sets since April 2009."""


def test_the_register_is_sound():
    assert faults_of(REGISTER) == []


def test_thirteen_code_sets_of_districts():
    assert [len(epoch.codes) for epoch in epochs(REGISTER, "LAD")] == COUNTS
    assert str(epochs(REGISTER, "LAD")[7]) == "2018-02-02 to 2019-03-31"


@given(seed=st.integers(0, 2**31))
@settings(max_examples=10)
def test_any_order_of_the_events_gives_the_same_codes(seed):
    events = list(REGISTER.events)
    random.Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret
    shuffled = replace(REGISTER, events=tuple(sorted(events, key=lambda event: event.date)))
    assert faults_of(shuffled) == []


def edited(code, **changes):
    """Return the register with the first spell of a code changed."""
    first = next(spell for spell in REGISTER.spells if spell.code == code)
    return replace(REGISTER, spells=tuple(replace(s, **changes) if s is first else s for s in REGISTER.spells))


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (edited("E06000060", start=dt.date(2020, 5, 1)), "LAD 2020-04-01: events and spells differ in E06000060"),
        (
            edited("E07000112", end=dt.date(2018, 3, 1)),
            "Shepway ends 2018-03-01 and Folkestone and Hythe starts 2018-04-01",
        ),
        (
            edited("E06000001", end=dt.date(2008, 1, 1)),
            "spell of Hartlepool ends 2008-01-01 before it starts 2009-01-01",
        ),
        (
            replace(REGISTER, events=tuple(e for e in REGISTER.events if e.new_code != "E06000060")),
            "LAD 2020-04-01: the code set changes without an event",
        ),
        (
            replace(
                REGISTER,
                events=tuple(
                    replace(e, weight=0.5) if e.old_code == "95Y" else e
                    for e in REGISTER.events
                    if not (e.old_code == "95Y" and e.new_code == "N09000003")
                ),
            ),
            "95Y on 2015-04-01: shares add up to 0.500000, not 1",
        ),
        (
            replace(REGISTER, events=tuple(replace(e, weight=0.1) if e.partial else e for e in REGISTER.events)),
            "has a weight",
        ),
        (
            replace(REGISTER, hierarchy=(*REGISTER.hierarchy, replace(REGISTER.hierarchy[0], parent="E47000002"))),
            "two parents of kind CAUTH",
        ),
        (
            replace(
                REGISTER, hierarchy=tuple(replace(link, start=dt.date(1990, 1, 1)) for link in REGISTER.hierarchy[:1])
            ),
            "outside the life of",
        ),
    ],
)
def test_a_broken_register_is_told_apart(broken, fault):
    assert any(fault in found for found in faults_of(broken)), faults_of(broken)


def test_boundary_moves_are_pairs_and_partial_notes_never_carry_values():
    moves = [event for event in REGISTER.events if event.kind == "boundary_move"]
    whole = [event for event in moves if not event.partial]
    assert len(whole) == 20  # ten pairs of councils
    assert len({event.old_code for event in whole}) == len({event.new_code for event in whole}) == 20
    assert all(event.weight is None for event in moves if event.partial)
    fife = next(event for event in whole if event.new_code == "S12000047")
    assert fife.direction == "S12000015>S12000048; S12000024>S12000047"


def test_names_follow_the_code():
    assert name_of(REGISTER, "E07000112", dt.date(2016, 1, 1)) == "Shepway"
    assert name_of(REGISTER, "E07000112") == "Folkestone and Hythe"
    assert name_of(REGISTER, "E06000057", dt.date(2000, 1, 1)) == "Northumberland"
    assert name_of(REGISTER, "Z") == ""
    assert welsh_name_of(REGISTER, "W06000001") == "Ynys Môn"
    assert welsh_name_of(REGISTER, "E06000001") == ""
    assert sum(bool(welsh_name_of(REGISTER, code)) for code in codes_alive(REGISTER, "LAD", dt.date(2024, 1, 1))) == 22


def test_what_became_of_a_code():
    assert {event.new_code for event in successors(REGISTER, "E07000048")} == {"E06000058"}
    assert {event.old_code for event in predecessors(REGISTER, "E06000066")} >= {"E07000187", "E07000246", "E10000027"}
    assert later_codes(REGISTER, "E07000190") == {"E07000246", "E06000066"}
    assert later_codes(REGISTER, "S12000015") == {"S12000047"}  # the partial transfer to Perth does not count
    assert last_life(REGISTER, "E07000246") == (dt.date(2019, 4, 1), dt.date(2023, 3, 31))
    assert last_life(REGISTER, "E99") is None


def test_dates_and_geographies_outside_are_refused():
    with pytest.raises(DateError, match="before the change register begins"):
        codes_alive(REGISTER, "LAD", dt.date(2009, 3, 31))
    with pytest.raises(DateError, match="surrey-2027"):
        codes_alive(REGISTER, "LAD", dt.date(2027, 4, 1))
    assert len(codes_alive(REGISTER, "LAD", dt.date(2027, 4, 1), scenario="surrey-2027")) == 361
    with pytest.raises(CodeError, match="LAD, UTLA, CAUTH, RGN, CTRY"):
        codes_alive(REGISTER, "WARD", dt.date(2020, 1, 1))
    with pytest.raises(DateError):
        epoch_of(REGISTER, "CAUTH", dt.date(2026, 3, 1))


def test_parents_on_a_date():
    before, after = parents(REGISTER, "UTLA", dt.date(2020, 3, 31)), parents(REGISTER, "UTLA", dt.date(2020, 4, 1))
    assert before["E07000004"] == "E10000002"
    assert after["E06000060"] == "E06000060"
    assert parents(REGISTER, "CAUTH", dt.date(2018, 10, 31))["E06000057"] == "E47000005"
    assert parents(REGISTER, "CAUTH", dt.date(2018, 11, 1))["E06000057"] == "E47000011"
    assert parents(REGISTER, "CAUTH", dt.date(2025, 4, 1))["E08000038"] == "E47000002"
    assert parents(REGISTER, "CTRY", dt.date(2014, 1, 1))["95A"] == "N92000002"
    assert region_of(REGISTER, dt.date(2020, 1, 1))["W06000001"] == "W92000004"
    assert set(parents(REGISTER, "LAD", dt.date(2020, 1, 1))) == codes_alive(REGISTER, "LAD", dt.date(2020, 1, 1))


def test_atoms_follow_the_events_both_ways():
    atoms = pd.DataFrame(
        {
            "atom": ["E07000190", "S12000015", "S12000045", "95Y-N09000003"],
            "code_2011": ["E07000190", "S12000015", "S12000045", "95Y"],
            "code_2015": ["E07000190", "S12000015", "S12000045", "N09000003"],
        }
    )
    assert atom_codes(REGISTER, atoms, dt.date(2009, 4, 1)).tolist() == ["E07000190", "S12000015", "S12000009", "95Y"]
    assert atom_codes(REGISTER, atoms, dt.date(2020, 1, 1)).tolist() == [
        "E07000246",
        "S12000047",
        "S12000045",
        "N09000003",
    ]
    assert atom_codes(REGISTER, atoms, dt.date(2025, 4, 1))["E07000190"] == "E06000066"
    assert set(moved_land(REGISTER, atoms, dt.date(2018, 2, 2))) >= {"S12000047"}
    assert "S12000009" in moved_land(REGISTER, atoms, dt.date(2010, 5, 1))
    assert "S12000045" not in moved_land(REGISTER, atoms, dt.date(2012, 1, 1))
    with pytest.raises(DateError):
        atom_codes(REGISTER, atoms, dt.date(2001, 1, 1))


def test_a_register_of_bad_form_is_one_error(tmp_path):
    (tmp_path / "register.toml").write_text("known_from = 2009-04-01\nknown_to = 2020-01-01\nsources = []\n")
    (tmp_path / "events.csv").write_text(
        "event_id,date,kind,old_code,old_name,new_code,new_name,weight,weight_basis,direction,partial,instrument,source\n"
        "x,2010-13-01,merge,A,a,B,b,1,,,no,,\n"
        "y,2010-01-01,swap,A,a,B,b,1,,,no,,\n"
    )
    (tmp_path / "spells.csv").write_text("code,name,name_cy,start,end,source\nA,a,,2009-01-01,,x\n")
    with pytest.raises(TableError) as error:
        load_register(tmp_path)
    assert "events.csv line 2" in str(error.value)
    assert "unknown kinds swap" in str(error.value)
    assert "hierarchy.csv: No such file" in str(error.value)


def test_the_register_says_what_it_is():
    assert repr(REGISTER).startswith("Register(")
    assert repr(REGISTER).endswith("2009-04-01 to 2026-05-31)")


def read(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.real_data
def test_code_sets_equal_the_published_ones(real_data):
    published = read(real_data / "changes" / "lad_code_epochs.csv")
    for epoch, row in zip(epochs(REGISTER, "LAD"), published, strict=True):
        assert epoch.start.isoformat() == row["start"]
        assert row["end"] in {epoch.end.isoformat(), ""}
        assert len(epoch.codes) == int(row["n_lad_uk"])
        for entity in ("E06", "E07", "E08", "E09", "W06", "S12"):
            assert sum(code[:3] == entity for code in epoch.codes) == int(row[entity])
        assert set(row["new_codes"].split("|")) <= epoch.codes
    spells = pd.read_csv(real_data / "changes" / "code_register.csv", dtype=str, keep_default_na=False)
    districts = spells[spells["entity"].isin(["E06", "E07", "E08", "E09", "W06", "S12", "N09"])]
    equal = 0
    for epoch in epochs(REGISTER, "LAD"):
        day = epoch.start.isoformat()
        alive = districts[(districts["start"] <= day) & ((districts["end"] == "") | (districts["end"] >= day))]
        assert {code for code in epoch.codes if code[:2] != "95"} == set(alive["code"])
        assert sum(code[:2] == "95" for code in epoch.codes) == (26 if day < "2015-04-01" else 0)
        names = dict(zip(alive["code"], alive["name"], strict=True))
        assert {code: name_of(REGISTER, code, epoch.start) for code in names} == names
        equal += 1
    sys.stdout.write(f"code sets equal to the published register: {equal} of 13\n")


@pytest.mark.real_data
def test_every_pair_of_the_published_changes_is_in_the_register(real_data):
    rows = read(real_data / "changes" / "lad_code_changes_2009_2025.csv")
    ours = {(event.old_code, event.new_code, event.date.isoformat()) for event in REGISTER.events}
    wanted = {
        (row["old_code"], row["new_code"], row["effective"])
        for row in rows
        if row["change_type"] != "rename_unverified"
    }
    assert wanted <= ours
    weighted = read(real_data / "changes" / "utla_code_changes_2009_2025_weighted.csv")
    assert {(row["old_utla"], row["new_utla"], row["effective"]) for row in weighted} <= ours


@pytest.mark.real_data
def test_districts_of_northern_ireland_share_out_the_published_residents(real_data):
    rows = read(real_data / "changes" / "ni_lgd_26_to_11_population_weights.csv")
    shares = {(event.old_code, event.new_code): event.weight for event in REGISTER.events if not event.partial}
    for row in rows:
        assert shares[row["old_lgd_code"], row["lgd14_code"]] == pytest.approx(float(row["weight"]), abs=1e-12)
