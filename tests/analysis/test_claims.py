"""Claims: sentences read, verdicts reached under every graph, answers that put the effect first."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.claims import WARNING, Claim, Wording, _verdict, answer, assess_claim, read_claim
from analysis.study import Ground
from analysis.typology.membership import memberships
from analysis.weights import build_weights, knn
from analysis.weights.graph import assembled
from boundaries.areas.loading import load_boundary_set
from boundaries.joined import Joined, Receipt
from boundaries.outcomes.table import OutcomeMeta
from geo.errors import ConfigError, StatisticsError

OUTCOMES = {"pay": "Median weekly pay", "gap": "Attainment gap", "gap-fsm": "Attainment gap, free school meals"}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("coastal areas have lower pay", Claim("coastal", "lower", "pay")),
        ("Rural places have higher median weekly pay.", Claim("rural", "higher", "pay")),
        ("post industrial councils have less weekly pay", Claim("post-industrial", "lower", "pay")),
        ("Coastal areas have a larger attainment gap", Claim("coastal", "higher", "gap")),
        ("coastal areas have worse pay", Claim("coastal", "lower", "pay")),
        ("coastal areas have worse gap-fsm", Claim("coastal", "higher", "gap-fsm")),
        ("coastal areas have better pay", Claim("coastal", "higher", "pay")),
    ],
)
def test_sentences(text, claim):
    good = {"pay": "high", "gap-fsm": "low"}
    assert read_claim(text, outcomes=OUTCOMES, favourable=good) == claim


def test_the_only_outcome_may_be_left_out():
    assert read_claim("rural areas are lower", outcomes={"pay": "Pay"}) == Claim("rural", "lower", "pay")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("lower pay on the coast", "write for example"),
        ("seaside areas have lower pay", "'seaside' is not a kind of place"),
        ("coastal areas have odd pay", "'odd' is no direction"),
        ("coastal areas have worse gap", "which end is good"),
        ("coastal areas have lower wages", "'wages' is no outcome here; the nearest is"),
        ("coastal areas have lower attainment", "may mean gap, gap-fsm"),
        ("coastal areas have lower", "'' is no outcome here"),
    ],
)
def test_sentences_that_cannot_be_read(text, fault):
    with pytest.raises(ConfigError, match=fault):
        read_claim(text, outcomes=OUTCOMES)


def ring(n=60, *, reach=1, policy="ring"):
    """Join each of n areas on a ring to those within ``reach`` steps."""
    place = np.arange(n)
    steps = [step for step in range(-reach, reach + 1) if step]
    rows, columns = np.repeat(place, len(steps)), (place[:, None] + np.array(steps)).ravel() % n
    return assembled(pd.Index([f"a{i:02d}" for i in range(n)]), rows, columns, policy=policy)


def asked(x, yes, *, direction="lower", graphs=None, **options):
    graphs = [ring(), ring(reach=2, policy="wide ring")] if graphs is None else graphs
    ids = ring().ids
    members = pd.DataFrame({"coastal": np.where(yes, "yes", "no"), "coastal__b": "no"}, index=ids)
    return assess_claim(
        Claim("coastal", direction, "pay"), pd.Series(x, index=ids), members, graphs, draws=999, **options
    )


@pytest.fixture
def rough():
    """Return an outcome without pattern and a type without pattern."""
    generator = np.random.default_rng(1)
    return generator.normal(size=60), generator.random(60) < 0.4


def test_a_real_difference_stands_and_its_reverse_is_told(rough):
    x, yes = rough
    found = asked(x - 3 * yes, yes, wording=Wording("Weekly pay", "£", "2024", "by rule"))
    assert found.verdict == "stands"
    assert len(found.associations) == 2
    lines = found.lines()
    assert lines[0] == "Coastal areas have lower weekly pay: the difference stands."
    assert lines[1].startswith("Effect: ")
    assert "95% interval" in lines[1]
    assert "£" in lines[1]
    assert lines[1].endswith("2024.")
    assert "a difference of −£" in lines[1]
    assert lines[2].startswith(
        "Among neighbours (regression with autocorrelated errors, neighbours by ring): a difference of −£"
    )
    p = found.associations[0]
    assert lines[3] == (
        "Against maps as smooth as this one (neighbours by ring, 999 draws), two versions of the same test: "
        f"p = {p.p_singleton:.3f} and p = {p.p_pair:.3f}; the larger counts."
    )
    assert "(neighbours by wide ring, 999 draws)" in lines[4]
    assert WARNING in lines[5]
    reverse = asked(x - 3 * yes, yes, direction="higher")
    assert reverse.verdict == "reversed"
    assert reverse.lines()[0] == "Coastal areas have lower pay, not higher."


def test_no_difference_is_not_shown(rough):
    found = asked(*rough, wording=Wording(unit="%"))
    assert found.verdict == "not shown"
    assert found.lines()[0].startswith("It is not shown that coastal areas have lower pay")
    assert " %" in found.lines()[1]


def test_two_smooth_maps_do_not_make_a_claim_though_welch_says_so():
    # A half circle of low values against a half circle of the type: one coincidence of two broad patterns.
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    found = asked(np.cos(angle) + 0.01 * np.cos(20 * angle), np.cos(angle + 0.6) < 0)
    assert found.associations[0].p_welch < 1e-6
    assert found.verdict == "not shown"


def test_verdict_takes_every_graph(rough):
    x, yes = rough
    found = asked(x - 3 * yes, yes)
    weak = replace(found.associations[0], p_pair=0.2)
    assert _verdict(found.claim, (found.associations[0], weak)) == "depends on the neighbours"
    lines = replace(found, verdict="depends on the neighbours").lines()
    assert lines[0] == "Whether coastal areas have lower pay depends on who counts as a neighbour."


def test_no_interval_that_holds_no_gap_lets_a_claim_stand(rough):
    x, yes = rough
    found = asked(x - 3 * yes, yes)
    wide = replace(found.associations[0], upper=0.1)
    assert _verdict(found.claim, (wide, found.associations[1])) == "not shown"


def test_a_gap_and_its_limits_have_one_precision(rough):
    x, yes = rough
    found = asked(x - 3 * yes, yes, wording=Wording("Pay", "£"))
    main = replace(found.associations[0], difference=-10475.4, lower=-17474.2, upper=-341.27)
    assert "a difference of −£10,475 (−£17,474 to −£341);" in replace(found, associations=(main,)).lines()[1]
    main = replace(main, difference=-2.345, lower=-4.0, upper=-0.0512)
    assert "a difference of −£2.35 (−£4.00 to −£0.05);" in replace(found, associations=(main,)).lines()[1]
    assert f"in the {main.n - main.members} others classified" in found.lines()[1]


def test_abbreviations_keep_their_capitals(rough):
    assert "lower GCSE passes" in asked(*rough, wording=Wording("GCSE passes", "%")).lines()[0]


def test_answer_is_json(rough):
    found = asked(*rough)
    data = json.loads(json.dumps(found.to_dict()))
    assert data["claim"] == {"kind": "coastal", "direction": "lower", "outcome": "pay"}
    assert data["associations"][0]["p"] == found.associations[0].p
    assert data["wording"]["period"] == "period not stated"


def test_unknown_definitions_and_no_graph(rough):
    with pytest.raises(ConfigError, match="definitions of coastal: b"):
        asked(*rough, definition="c")
    with pytest.raises(StatisticsError, match="0 areas of the type"):
        asked(*rough, definition="b")
    with pytest.raises(StatisticsError, match="at least one neighbour graph"):
        asked(*rough, graphs=[])


@pytest.fixture(scope="module")
def ground():
    """Return what is true of the districts of Scotland and Northern Ireland, and an outcome joined to them."""
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11), nations=["S", "N"])
    measured = pd.DataFrame(
        {
            "coast_share": boundaries.frame["code"].str[-1].astype(int).mod(2).to_numpy(dtype=float),
            "coast_distance_m": 0.0,
            "residents_per_hectare": (boundaries.frame["population"] / boundaries.frame["hectares"]).to_numpy(),
        },
        index=boundaries.frame["code"].to_numpy(),
    )
    values = pd.Series(np.random.default_rng(0).normal(size=len(boundaries)), index=measured.index)
    frame = pd.DataFrame({"value": values - 5 * measured["coast_share"], "status": "ok"})
    meta = OutcomeMeta("pay", "weekly pay", "mean", unit="£", favourable="high")
    receipt = Receipt("pay", "LAD", "2024-09-11", "2024", {})
    found = memberships(boundaries, indicators=measured, typologies=["coastal-open-coast", "rural-density"])
    graphs = {"knn6": build_weights(boundaries, policy="knn6")}
    return Joined(boundaries, meta, "2024", frame, receipt), Ground(boundaries, graphs, measured, found)


def test_an_outcome_and_its_ground_are_all_a_claim_needs(ground):
    found = answer("coastal areas are worse", *ground, draws=999)
    assert found.verdict == "stands"
    assert found.lines()[0] == "Coastal areas have lower weekly pay: the difference stands."
    assert "At least 5% of the boundary" in found.lines()[-1]


def test_a_definition_beyond_the_ground_is_computed(ground):
    with pytest.raises(StatisticsError, match="found 43 areas of the type and 0 others"):
        answer("coastal areas have lower pay", *ground, definition="distance")
    with pytest.raises(ConfigError, match="known: density, ruc2021, uk-composite"):
        answer("rural areas have lower pay", *ground, definition="empty")


@pytest.fixture(scope="module")
def pay(real_data):
    """Return median weekly pay of April 2024 by district, and the districts of that date in England with a group."""
    file = next((real_data / "outcomes" / "els" / "gross-median-weekly-pay").glob("*.csv"))
    table = pd.read_csv(file, encoding="utf-8-sig")
    values = table[table["period"].str.startswith("2024")].drop_duplicates("areacd").set_index("areacd")["observation"]
    boundaries = load_boundary_set("LAD", dt.date(2024, 9, 11))
    found = memberships(boundaries, typologies=["post-industrial-ons2011", "coastal-ons2011-remoter"])
    shapes = boundaries.frame.set_index("code").geometry
    known = values.reindex(shapes.index).notna() & (found["post-industrial"] != "not classified")
    codes = shapes.index[known]
    return values.loc[codes].rename("pay"), found.loc[codes], knn(shapes.loc[codes], k=6)


@pytest.mark.real_data
def test_welch_calls_post_industrial_pay_certain_and_the_spectral_null_does_not(pay):
    # Reference: -0.83 sd, Welch p below 5e-12, spectral p between 0.1 and 0.5 by how vintages and neighbours are chosen.
    found = assess_claim(Claim("post-industrial", "lower", "pay"), *pay[:2], [pay[2]]).associations[0]
    assert found.effect == pytest.approx(-0.83, abs=0.05)
    assert found.p_welch < 5e-12
    assert 0.1 < found.p_pair < 0.5
    assert found.lower < 0 < found.upper


@pytest.mark.real_data
def test_remoter_coast_has_lower_pay_under_the_spectral_null_too(pay):
    # Reference: -1.0 sd, spectral p at most 0.001; 0.003 allows for the other districts matched here.
    found = assess_claim(Claim("coastal", "lower", "pay"), *pay[:2], [pay[2]])
    assert found.associations[0].effect == pytest.approx(-1.0, abs=0.05)
    assert found.associations[0].p < 0.003
    assert found.verdict == "stands"
