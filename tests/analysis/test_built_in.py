"""Statistics that look at other columns, or say several things: by hand on small lattices, and through the registry."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import Beside, Statistic, compute, statistics_named
from geo.errors import PluginError, StatisticsError

OPTIONS = {"seed": 1, "permutations": 999, "correction": "none", "alpha": 0.05}


def asked(name, find=None, values=None, weights=None, **how):
    (statistic,) = statistics_named([{"name": name, **how}])
    given = {} if find is None else {"find": find.__getitem__}
    return compute(statistic, values, weights, **given, **OPTIONS)


def faults_of(*args, **given):
    with pytest.raises(PluginError) as caught:
        asked(*args, **given)
    return str(caught.value)


@pytest.fixture
def grid(rooks, white):
    weights = rooks(6, 6)
    return {"values": white(weights), "weights": weights}


def test_whole_numbers_have_rows_and_a_line(grid):
    added = asked("global-geary", **grid)
    (row,) = added.numbers()
    assert row["part"] == ""
    assert row["n"] == 36
    assert row["expectation"] == 1.0
    assert not len(added.frame.columns)
    assert added.line() == (
        f"global-geary ({added.origin}): {row['statistic']:.4f}, expected 1.0000, z {row['z']:.2f}, p {row['p']:.2g}, "
        "36 areas."
    ).replace("-", "\N{MINUS SIGN}").replace("global\N{MINUS SIGN}geary", "global-geary")
    assert added.parameters["seed"] == 1


def test_join_counts_by_hand(mutual):
    # a-b-c-d in a row, the first two of the kind: one join of both, one mixed, one of neither.
    weights = mutual(("a", "b"), ("b", "c"), ("c", "d"), ids=list("abcd"))
    values = pd.Series([1.0, 1.0, 0.0, 0.0], index=list("abcd"))
    added = asked("join-counts", values=values, weights=weights)
    assert {row["part"]: row["statistic"] for row in added.numbers()} == {"both": 1.0, "neither": 1.0, "mixed": 1.0}
    # The kind may be another column: then an area without a value for the outcome counts for neither.
    other = {"kind": pd.Series([0.0, 1.0, 1.0, 1.0], index=list("abcd"))}
    beside = asked(
        "join-counts",
        other,
        values=pd.Series([3.0, 5.0, 2.0, 9.0], index=list("abcd")),
        weights=weights,
        **{"with": ["kind"]},
    )
    assert {row["part"]: row["statistic"] for row in beside.numbers()} == {"both": 2.0, "neither": 0.0, "mixed": 1.0}


def test_join_counts_of_an_outcome_say_what_to_name(grid):
    said = faults_of("join-counts", **grid)
    assert "the outcome is neither" in said
    assert "--with coastal" in said


def test_correlogram_counts_steps(grid):
    added = asked("correlogram", orders=3, **grid)
    assert [row["part"] for row in added.numbers()] == ["1 step", "2 steps", "3 steps"]
    whole = asked("global-moran", **grid)
    assert added.numbers()[0]["statistic"] == pytest.approx(whole.numbers()[0]["statistic"])
    assert "give one order or more" in faults_of("correlogram", orders=0, **grid)


def test_correlogram_ends_where_no_areas_are_so_far_apart(mutual):
    weights = mutual(("a", "b"), ("b", "c"), ("c", "d"), ids=list("abcd"))
    found = asked("correlogram", values=pd.Series([1.0, 2.0, 4.0, 9.0], index=list("abcd")), weights=weights, orders=2)
    assert [row["part"] for row in found.numbers()] == ["1 step", "2 steps"]


def test_many_columns_share_their_draws_and_keep_their_names(grid, white):
    other = {"Jobs density": white(grid["weights"], seed=5)}
    added = asked("local-moran-many", other, **grid, **{"with": ["Jobs density"]})
    one = asked("local-moran", **grid)
    assert added.frame["local_moran_many_outcome_p"].tolist() == one.frame["local_moran_p"].tolist()
    assert set(added.frame["local_moran_many_jobs_density_class"]) <= {
        "high-high",
        "low-low",
        "high-low",
        "low-high",
        "not-significant",
    }
    assert added.meanings["local_moran_many_jobs_density_p"].words == "p of local-moran-many of Jobs density"
    assert set(added.parameters) == {"outcome", "Jobs density"}


def test_residuals_are_of_regions_where_no_group_is_named(grid):
    halves = pd.Series(["north"] * 18 + ["south"] * 18, index=grid["weights"].ids)
    values = grid["values"] + np.where(halves == "north", 100.0, 0.0)
    added = asked("residuals", {"region": halves}, values=values, weights=grid["weights"])
    assert added.frame["residuals_residual"].groupby(halves).mean().abs().max() < 1e-9
    tested = asked("local-moran-residuals", {"region": halves}, values=values, weights=grid["weights"])
    plain = asked("local-moran", values=values, weights=grid["weights"])
    # 100 more in the north makes both ends a cluster; what is left within each is noise.
    assert plain.frame["local_moran_class"].isin(["high-high", "low-low"]).sum() >= 8
    assert tested.frame["local_moran_residuals_class"].isin(["high-high", "low-low"]).sum() <= 3


def test_rates_take_the_denominators_of_the_outcome(grid):
    index = grid["weights"].ids
    counts = pd.Series(np.arange(36) % 7 + 1.0, index=index)
    base = {"denominator": pd.Series(np.linspace(100, 900, 36), index=index)}
    own = asked("local-moran-rates", base, values=counts, weights=grid["weights"])
    named = asked("local-moran-rates", base, values=counts, weights=grid["weights"], **{"with": ["denominator"]})
    pd.testing.assert_frame_equal(own.frame, named.frame)
    whole = asked("global-moran-rates", base, values=counts, weights=grid["weights"])
    assert whole.numbers()[0]["n"] == 36


class TestScales:
    """A lattice of 8 × 8 areas in 2 × 2 blocks whose values are those of their block: both scales see the same."""

    @pytest.fixture
    def blocks(self, rooks):
        weights = rooks(8, 8)
        block = pd.Series([f"b{int(code[1]) // 2}{int(code[3]) // 2}" for code in weights.ids], index=weights.ids)
        level = pd.Series({code: int(code[1]) // 2 + int(code[3]) // 2 for code in weights.ids}, dtype=float)
        return {"values": level, "weights": weights}, block

    def test_share_and_chance_by_hand(self, blocks):
        given, block = blocks
        added = asked("scale-agreement", {"region": block}, **given)
        rows = {row["part"]: row for row in added.numbers()}
        table = pd.DataFrame(added.parameters["all classes"]["classes"]).T
        assert table.to_numpy().sum() == 64 == rows["all classes"]["n"]
        same = sum(table.loc[kind, kind] for kind in table.index if kind in table.columns)
        assert rows["all classes"]["statistic"] == same / 64
        chance = sum(table.loc[kind].sum() * table[kind].sum() for kind in table.index if kind in table.columns) / 64**2
        assert rows["all classes"]["expectation"] == pytest.approx(chance)
        assert rows["all classes"]["p"] is None
        assert "z" not in added.line().split(":")[-1]
        assert added.parameters["all classes"]["larger_areas"] == 16

    def test_weights_of_the_parts_count(self, blocks):
        given, block = blocks
        first = block.drop_duplicates().index
        ones = pd.Series(0.0, index=block.index)
        ones[first] = 1.0
        values = given["values"].copy()
        values[~values.index.isin(first)] = np.random.default_rng(3).normal(size=48)
        alone = asked(
            "scale-agreement",
            {"b": block, "ones": ones},
            values=values,
            weights=given["weights"],
            **{"with": ["b", "ones"]},
        )
        # Only the first part of each block has weight: the larger areas see what they saw before.
        whole = asked("scale-agreement", {"region": block}, **given)
        larger = [pd.DataFrame(one.parameters["all classes"]["classes"]).T.sum() / 4 for one in (alone, whole)]
        pd.testing.assert_series_equal(larger[0], larger[1])
        assert "not negative" in faults_of(
            "scale-agreement",
            {"b": block, "ones": -ones},
            values=values,
            weights=given["weights"],
            **{"with": ["b", "ones"]},
        )

    def test_areas_of_no_larger_area_are_left_out(self, blocks):
        given, block = blocks
        added = asked("scale-agreement", {"region": block.mask(block == "b00")}, **given)
        assert added.numbers()[0]["n"] == 60


class TestBeside:
    def test_too_few_and_too_many(self):
        beside = Beside(pd.Index(["a"]), ("x", "y"), {"x": pd.Series({"a": 1}), "y": pd.Series({"a": "w"})}.__getitem__)
        with pytest.raises(StatisticsError, match="other columns: 1 needed") as caught:
            beside.columns(least=1)
        assert caught.value.faults[0] == "found 2: x, y"
        with pytest.raises(StatisticsError, match="3 to 4 needed"):
            beside.columns(least=3, most=4)
        with pytest.raises(StatisticsError, match="3 or more needed"):
            beside.columns(least=3, most=99)
        with pytest.raises(StatisticsError, match=r"columns of numbers"):
            beside.numbers(least=2)

    def test_found_none(self):
        with pytest.raises(StatisticsError) as caught:
            Beside(pd.Index(["a"])).columns(least=1)
        assert caught.value.faults[0] == "found none"
        with pytest.raises(StatisticsError, match="there is no column 'x'"):
            Beside(pd.Index(["a"])).columns(least=1, default=("x",))

    def test_columns_are_laid_on_the_areas(self):
        beside = Beside(pd.Index(["a", "b"]), ("x",), {"x": pd.Series({"b": True, "c": False})}.__getitem__)
        assert beside.columns(least=1)["x"].tolist()[1] is True
        numbers = Beside(pd.Index(["b", "c"]), ("x",), {"x": pd.Series({"b": True, "c": False})}.__getitem__).numbers(
            least=1
        )
        assert numbers["x"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"with": ["a"]}, "names no statistic"),
        ({"name": "local-moran-bivariate", "with": [1]}, "names of columns are needed"),
        ({"name": "local-moran", "id": 3}, "a name is needed"),
        ({"name": "local-moran", "with": ["a"]}, "looks at no other columns, and was given a"),
        ({"name": "correlogram", "order": 3}, "'correlogram' has no parameter 'order'; did you mean 'orders'?"),
        ({"name": "local-moran", "k": 3}, "'local-moran' has no parameter 'k'; it takes none"),
        ({"name": "local-moran:x"}, "'local-moran' is one statistic, not a family of them"),
        ({"name": "esda"}, "there is no statistic 'esda:'"),
    ],
)
def test_what_cannot_be_asked(table, fault):
    with pytest.raises(PluginError) as caught:
        statistics_named([table])
    assert fault in "\n".join(caught.value.faults)


def test_one_statistic_twice_needs_an_id(grid, white):
    find = {"a": white(grid["weights"], seed=8), "b": white(grid["weights"], seed=9)}
    pair = [{"name": "local-moran-bivariate", "with": one} for one in "ab"]
    with pytest.raises(PluginError, match="tell them apart"):
        statistics_named(pair)
    found = [
        compute(one, **grid, find=find.__getitem__, **OPTIONS)
        for one in statistics_named([pair[0], {**pair[1], "id": "with-b"}])
    ]
    assert [added.name for added in found] == ["local-moran-bivariate", "with-b"]
    assert "with_b_p" in found[1].frame


def test_options_of_every_test_can_be_set_for_one(grid):
    added = asked("local-geary", permutations=99, alternative="less", **grid)
    assert added.parameters["permutations"] == 99
    assert added.parameters["alternative"] == "less"


def test_a_builtin_without_a_signature_is_given_nothing_of_its_own():
    with pytest.raises(PluginError, match="failed"):
        compute(Statistic("odd", dict.fromkeys), pd.Series([1.0]), None, **OPTIONS)
