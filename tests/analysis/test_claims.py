"""Claims: sentences and files read, put to every definition at once, corrected over the call."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from analysis.association import landscapes_of
from analysis.claims import Asked, Claim, Entry, answers, check_form, claims_of, read_claim, read_claims_file
from analysis.study import Ground
from analysis.typology.membership import memberships
from analysis.weights import build_weights
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import Joined, Receipt
from boundaries.outcomes.table import OutcomeMeta
from geo.errors import ConfigError, TableError

OUTCOMES = {"pay": "Median weekly pay", "gap": "Attainment gap", "gap-fsm": "Attainment gap, free school meals"}
TYPES = ("coastal", "rural", "post-industrial", "ten-places")


def claim(types, direction, *outcomes, text=""):
    return Claim(tuple(types.split()), direction, outcomes, text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coastal areas have lower pay", claim("coastal", "lower", "pay")),
        ("Rural places have higher median weekly pay.", claim("rural", "higher", "pay")),
        ("post industrial councils have less weekly pay", claim("post-industrial", "lower", "pay")),
        ("Coastal areas have a larger attainment gap", claim("coastal", "higher", "gap")),
        ("coastal areas have worse pay", claim("coastal", "worse", "pay")),
        ("coastal areas have better gap-fsm", claim("coastal", "better", "gap-fsm")),
        (
            "Coastal, rural and postindustrial areas have lower pay",
            claim("coastal rural post-industrial", "lower", "pay"),
        ),
        (
            "pay is lower in the post-industrial, coastal & rural areas",
            claim("post-industrial coastal rural", "lower", "pay"),
        ),
        ("coastal and coastal areas have lower pay", claim("coastal", "lower", "pay")),
        ("Ten places have lower pay", claim("ten-places", "lower", "pay")),
        ("the ten-places areas have lower pay", claim("ten-places", "lower", "pay")),
        ("coastal areas are worse in pay", claim("coastal", "worse", "pay")),
        (
            "Opportunities are lower in post-industrial, coastal and rural areas",
            claim("post-industrial coastal rural", "worse", "pay", "gap", "gap-fsm"),
        ),
        ("rural areas have better outcomes", claim("rural", "better", "pay", "gap", "gap-fsm")),
    ],
)
def test_sentences(text, expected):
    found = read_claim(text, outcomes=OUTCOMES, favourable={"pay": "high", "gap-fsm": "low"}, types=TYPES)
    assert (found.types, found.direction, found.outcomes) == (expected.types, expected.direction, expected.outcomes)
    assert found.text == text


def test_the_only_outcome_may_be_left_out():
    lowest = read_claim("The lowest opportunities are generally in rural and coastal areas", outcomes=OUTCOMES)
    assert (lowest.types, lowest.direction, lowest.outcomes) == (("rural", "coastal"), "worse", tuple(OUTCOMES))
    assert read_claim("the highest pay is found in rural areas", outcomes={"pay": "Pay"}).direction == "higher"
    assert read_claim("rural areas are lower", outcomes={"pay": "Pay"}).outcomes == ("pay",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("lower pay on the coast", "write for example"),
        ("", "write for example"),
        ("are", "write for example"),
        ("coastal areas have", "write for example"),
        ("areas have lower pay", "no kind of place is named"),
        ("seaside areas have lower pay", "'seaside' is not a kind of place"),
        ("coastal areas have odd pay", "'odd' is no direction"),
        ("coastal areas have worse gap", "which end is good"),
        ("coastal areas have lower wages", "'wages' is no outcome here; the nearest is"),
        ("coastal areas have lower attainment", "may mean gap, gap-fsm"),
        ("coastal areas have lower", "'' is no outcome here"),
        ("coastal areas have lower " + "pay " * 600, "at most 2,000"),
    ],
)
def test_sentences_that_cannot_be_read(text, fault):
    with pytest.raises(ConfigError, match=fault):
        read_claim(text, outcomes=OUTCOMES)


def test_blanks_cost_nothing():
    # The longest text that is looked at, nothing but blanks behind a kind: as many steps as it has words.
    assert check_form("coastal" + " " * 1_900 + "areas have lower pay")[1] == "lower"
    with pytest.raises(ConfigError, match="write for example"):
        check_form("coastal" + " " * 1_990)


@pytest.mark.parametrize(
    ("direction", "favourable", "expected"),
    [
        ("lower", "none", "lower"),
        ("worse", "high", "lower"),
        ("worse", "low", "higher"),
        ("better", "high", "higher"),
        ("better", "low", "lower"),
        ("worse", "none", None),
    ],
)
def test_worse_goes_the_way_of_the_outcome(direction, favourable, expected):
    assert Claim(("coastal",), direction, ("pay",)).towards(favourable) == expected


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_claims(tmp_path):
    path = written(
        tmp_path,
        "claims.csv",
        "Claim,types,direction,outcome,definition\ncoastal areas have lower pay,,,,towns\n,rural; coastal,worse,pay; gap-fsm,\n,,,,\n",
    )
    entries = read_claims_file(path).claims
    assert entries[0] == Entry("claims.csv, row 2", text="coastal areas have lower pay", definition="towns")
    made = claims_of(entries, outcomes=OUTCOMES, favourable={"pay": "high", "gap-fsm": "low"}, types=TYPES)
    assert made[0].definition == "towns"
    assert made[1] == Claim(("rural", "coastal"), "worse", ("pay", "gap-fsm"))


def test_a_toml_of_claims_with_outcomes_and_kinds(tmp_path):
    path = written(
        tmp_path,
        "claims.toml",
        """
        [[claim]]
        text = "coastal areas have lower pay"
        [[claim]]
        types = ["rural"]
        direction = "higher"
        [[outcome]]
        id = "pay"
        file = "pay.csv"
        date = 2024-09-11
        measure = "median"
        nations = ["E"]
        where = { sex = "all" }
        [[type]]
        dimension = "ten-places"
        members = "ten.csv"
        date = 2021-07-01
        """,
    )
    found = read_claims_file(path)
    assert [one.where for one in found.claims] == ["claim 1", "claim 2"]
    (outcome,), (kind,) = found.outcomes, found.types
    assert (outcome.id, outcome.file, outcome.reading.date) == ("pay", "pay.csv", "2024-09-11")
    assert outcome.reading.options["where"] == {"sex": "all"}
    assert outcome.reading.nations == ("E",)
    assert (kind.members, kind.stated.dimension, kind.stated.date) == ("ten.csv", "ten-places", dt.date(2021, 7, 1))
    made = claims_of(found.claims, outcomes={"pay": "Pay"}, favourable={}, types=TYPES)
    assert made[1] == Claim(("rural",), "higher", ("pay",))


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.toml", "claim = ", "not valid TOML"),
        ("a.toml", "x = 1", "unknown key x; the nearest is"),
        ("a.toml", "", r"there is no \[\[claim\]\]"),
        ("a.toml", "claim = 3", r"written as tables \[\[claim\]\]"),
        ("a.toml", "[[claim]]\ndirection = 3", "claim 1: give text, a sentence, or types and direction"),
        ("a.toml", "[[claim]]\ntext = 1e400", "claim 1: text is inf; a text is needed"),
        ("a.toml", "[[claim]]\ntypes = [1]", "claim 1: types is .1.; a list of texts is needed"),
        ("a.toml", '[[claim]]\ntext = "x"\n[[outcome]]\nwhere = 1', "outcome 1: where is 1; a table of texts"),
        ("a.toml", '[[claim]]\ntext = "x"\n[[outcome]]\nid = "a"', "outcome 1: file is missing"),
        (
            "a.toml",
            '[[claim]]\ntext = "x"\n' + '[[outcome]]\nid = "a"\nfile = "b"\n' * 2,
            "two outcomes are called 'a'",
        ),
        ("a.toml", '[[claim]]\ntext = "x"\n[[type]]\ndate = 3', "type 1: members is missing"),
        ("a.toml", '[[claim]]\ntext = "x"\n[[type]]\nmembers = "m"\ndate = 3', "date is 3; write a day"),
    ],
)
def test_faults_of_files(tmp_path, name, text, fault):
    with pytest.raises(ConfigError, match=fault) as caught:
        read_claims_file(written(tmp_path, name, text))
    assert caught.value.faults


def test_tables_that_hold_no_claims(tmp_path):
    with pytest.raises(TableError, match="wanted: claim"):
        read_claims_file(written(tmp_path, "a.csv", "area,value\nx,1\ny,2\n"))
    with pytest.raises(TableError, match="holds no claims"):
        read_claims_file(written(tmp_path, "a.csv", "claim,definition\n,\n"))
    with pytest.raises(TableError, match="is empty"):
        read_claims_file(written(tmp_path, "a.csv", ""))
    with pytest.raises(TableError, match="more cells than headings in row 2"):
        read_claims_file(written(tmp_path, "a.csv", "claim\ncoastal, rural areas have lower pay\n"))


def test_a_table_of_claims_with_a_cell_without_an_end(tmp_path):
    path = tmp_path / "claims.csv"
    path.write_text('claim\n"' + "x" * 140_000, encoding="utf-8")  # longer than a cell may be
    with pytest.raises(TableError, match="cannot be read as a table of claims"):
        read_claims_file(path)
    path.write_bytes(b"claim\rcoastal areas have lower pay\r")  # lines that end as they did on old machines
    assert [one.text for one in read_claims_file(path).claims] == ["coastal areas have lower pay"]


def test_the_last_claim_of_a_table_is_no_note(tmp_path):
    text = "claim,definition\nrural areas have lower pay,density\ncoastal areas have lower pay\n"
    assert [one.text[:5] for one in read_claims_file(written(tmp_path, "a.csv", text)).claims] == ["rural", "coast"]


def test_a_workbook_of_claims(tmp_path):
    frame = pd.DataFrame(
        {"claim": ["rural areas have lower pay", "coastal areas have lower pay"], "definition": ["density", "towns"]}
    )
    frame.to_excel(tmp_path / "claims.xlsx", index=False)
    assert [one.definition for one in read_claims_file(tmp_path / "claims.xlsx").claims] == ["density", "towns"]


def test_every_fault_of_every_claim_is_told_with_its_place():
    entries = [
        Entry("row 2", text="seaside areas have lower pay"),
        Entry("row 3", types=("hilly",), direction="odd", outcomes=("wages",)),
    ]
    with pytest.raises(ConfigError) as caught:
        claims_of(entries, outcomes=OUTCOMES, favourable={}, types=TYPES)
    told = "\n".join(caught.value.faults)
    for part in (
        "row 2: 'seaside' is not",
        "row 3: 'hilly' is not",
        "row 3: 'wages' is no outcome",
        "direction is 'odd'",
    ):
        assert part in told


@pytest.fixture(scope="module")
def asked():
    """Return two outcomes on the districts of Scotland and Northern Ireland: in one, coastal areas are lower by five."""
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["S", "N"])
    codes = pd.Index(boundaries.frame["code"], name="code")
    measured = pd.DataFrame(
        {
            "coast_share": codes.str[-1].astype(int).to_numpy() % 2 * 1.0,
            "coast_distance_m": 0.0,
            "residents_per_hectare": (boundaries.frame["population"] / boundaries.frame["hectares"]).to_numpy(),
        },
        index=codes,
    )
    rules = ["coastal-open-coast", "coastal-distance", "rural-density"]
    found = memberships(boundaries, indicators=measured, typologies=rules)
    graph = build_weights(boundaries, policy="knn6")
    ground = Ground(boundaries, {"knn6": graph}, measured, found, lands=landscapes_of(boundaries, graph))
    noise = np.random.default_rng(0).normal(size=(2, len(codes)))

    def outcome(name, favourable, values):
        frame = pd.DataFrame(
            {"value": values, "status": "ok", "quality": "exact", "se": np.nan, "lower": np.nan, "upper": np.nan},
            index=codes,
        )
        meta = OutcomeMeta(name, name.capitalize(), "mean", unit="£", favourable=favourable)
        return Asked(Joined(boundaries, meta, "2024", frame, Receipt(name, "LAD", "2024-09-11", "2024", {})), ground)

    return {
        "pay": outcome("pay", "high", noise[0] - 5 * measured["coast_share"].to_numpy()),
        "debt": outcome("debt", "low", noise[1]),
    }


def test_an_answer_has_every_definition_of_the_kinds_it_names(asked):
    (found,) = answers([Claim(("coastal", "rural"), "worse", ("pay", "debt"))], asked)
    assert found.directions == {"pay": "lower", "debt": "higher"}
    columns = [(one.outcome, one.column) for one in found.found if one.estimated == "alone"]
    assert columns == [
        (name, kind) for name in asked for kind in ("coastal__open-coast", "coastal__distance", "rural__density")
    ]
    coast = found.found[0]
    assert (coast.verdict, found.as_claimed(coast)) == ("lower-beside-nearby", True)
    assert coast.beside == pytest.approx(-5, abs=1)
    everywhere = next(one for one in found.found if one.definition == "distance")
    assert (everywhere.verdict, found.as_claimed(everywhere)) == ("not-testable", None)
    # Two outcomes × the two definitions that can be tested.
    assert found.asked_at_once == 4
    assert list(found.table()["type"].unique()) == ["coastal", "rural"]


def test_what_is_claimed_the_other_way_round_is_borne_out_the_other_way(asked):
    (found,) = answers([Claim(("coastal",), "higher", ("pay",), "open-coast")], asked)
    assert {one.definition for one in found.found} == {"open-coast"}
    assert found.as_claimed(found.found[0]) is False


def test_claims_of_one_call_are_corrected_for_each_other_and_asked_once(asked):
    one = Claim(("coastal",), "lower", ("pay",))
    more = Claim(("rural",), "lower", ("pay", "debt"))
    alone = answers([one], asked)[0]
    first, second = answers([one, more], asked)
    again, _ = answers([one, one], asked)
    assert first.found[0].p == pytest.approx(alone.found[0].p)
    assert first.asked_at_once == second.asked_at_once == 3
    assert again.asked_at_once == alone.asked_at_once == 1
    ps = sorted(
        found.p for answer in (first, second) for found in answer.found if found.estimated == "alone" and found.p >= 0
    )
    assert first.found[0].q == pytest.approx(min(ps[0] * 3, ps[1] * 3 / 2, ps[2]))


def test_an_answer_is_json(asked):
    (found,) = answers([Claim(("coastal",), "lower", ("pay",), text="as said")], asked)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["claim"]["text"] == "as said"
    assert data["found"][0]["as_claimed"] is True
    assert data["found"][0]["gap_lower"] is None


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (Claim(("coastal",), "lower", ("jobs",)), "'jobs' is no outcome here; there are pay, debt"),
        (Claim(("hilly",), "lower", ("pay",)), "'hilly' is not a kind of place; there are coastal, rural"),
        (
            Claim(("coastal",), "lower", ("pay",), "towns"),
            "no definition 'towns'; known are coastal: open-coast, distance",
        ),
    ],
)
def test_claims_of_what_is_not_there(asked, wrong, fault):
    with pytest.raises(ConfigError, match=fault):
        answers([wrong], asked)
