"""What a join prints beside suppressed areas."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from boundaries.areas.loading import load_boundary_set
from boundaries.joined import average_of, join
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame

DATE = dt.date(2024, 1, 1)
ENGLAND = "E92000001"


@pytest.fixture(scope="module")
def england():
    return load_boundary_set("LAD", DATE, nations=("E",))


def table(boundaries, hidden, *, denominators=True):
    """Pupils and shares of every English district, England's published share among them; ``hidden`` areas are suppressed."""
    codes = list(boundaries.frame["code"])
    place = np.arange(len(codes))
    pupils, shares = 1000.0 + 10 * place, 20.0 + place % 50
    published = float((pupils * shares).sum() / pupils.sum())
    shown = [np.nan if row in hidden else share for row, share in enumerate(shares)]
    status = ["confidential" if row in hidden else "ok" for row in place]
    frame = outcome_frame(
        {
            "code": [*codes, ENGLAND],
            "period": ["2024"] * (len(codes) + 1),
            "value": [*shown, published],
            "denominator": [*pupils, pupils.sum()] if denominators else [np.nan] * (len(codes) + 1),
            "status": [*status, "ok"],
        }
    )
    meta = OutcomeMeta("share", "Share", "rate", "%", nations=("E",), denominator="pupils")
    return OutcomeTable(meta, frame), pupils, shares, published


def solved(joined, pupils, average, row):
    """Return the suppressed share as a reader would work it out from what is printed and the pupils known to all."""
    value = joined.frame["value"].to_numpy()
    others = np.arange(len(value)) != row
    return (average * pupils.sum() - (pupils[others] * value[others]).sum()) / pupils[row]


def test_one_suppressed_area_does_not_follow_from_the_average(england):
    """Fails without the rule: England's share, less all the others', is exactly that of the one."""
    given, pupils, shares, published = table(england, {7})
    joined = join(given, england)
    assert solved(joined, pupils, published, 7) == pytest.approx(shares[7])  # what the published figure would give away
    average = average_of(joined)
    assert average.kind == "denominator-weighted"
    assert solved(joined, pupils, average.value, 7) != pytest.approx(shares[7], abs=1)
    assert joined.meta.averages == {}
    assert any(
        "Published figures are left out (England): 1 figure is suppressed" in said for said in joined.receipt.statements
    )
    assert f"{published:.3f}" not in json.dumps(joined.receipt.to_dict())


@pytest.mark.parametrize(
    ("hidden", "kind"), [({7, 9}, "denominator-weighted"), ({7, 9, 11}, "published"), (set(), "published")]
)
def test_the_published_figure_stays_where_it_tells_none(england, hidden, kind):
    given, *_ = table(england, hidden)
    assert average_of(join(given, england)).kind == kind


def test_without_denominators_the_bases_may_be_known_elsewhere(england):
    given, *_ = table(england, {7}, denominators=False)
    assert average_of(join(given, england)).kind == "population-weighted"


def test_areas_too_unreliable_to_publish_are_not_suppressed(england):
    given, *_ = table(england, {7})
    frame = given.frame.assign(status=given.frame["status"].replace("confidential", "unreliable"))
    assert average_of(join(OutcomeTable(given.meta, frame), england)).kind == "published"


def test_a_partial_whole_hides_its_suppressed_part(england):
    """Of the districts that made Buckinghamshire one is suppressed; the others are brought together on request."""
    before = load_boundary_set("LAD", dt.date(2019, 6, 1), nations=("E",))
    row = list(before.frame["code"]).index("E07000004")
    given, *_ = table(before, {row})
    assert average_of(join(given, england, allow=["partial"])).kind != "published"


def test_the_average_of_ranks_is_the_middle_one_and_of_deviations_nothing(england):
    ranks = outcome_frame({"code": england.frame["code"], "value": np.arange(1, len(england) + 1)})
    joined = join(OutcomeTable(OutcomeMeta("r", "R", "index", "rank", nations=("E",)), ranks), england)
    assert average_of(joined).label == "the middle rank"
    assert average_of(joined).value == (len(england) + 1) / 2
    away = OutcomeMeta("d", "D", "index", "percentage points from the average", nations=("E",))
    assert average_of(join(OutcomeTable(away, ranks), england)).value == 0
