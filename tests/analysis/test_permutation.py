"""The engine: exact on every graph small enough to enumerate, and the same for any number of workers."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.moran import global_moran, local_moran
from analysis.permutation import (
    Rows,
    counted,
    field_of,
    neighbour_sums,
    neighbour_tails,
    quadratic_draws,
    quadratic_form,
    row_standardised,
    scaled,
    sum_moments,
)
from analysis.permutation.draws import BLOCK, Block, blocks, drawn
from analysis.weights import from_edges
from analysis.weights.graph import Weights, assembled
from geo.errors import StatisticsError


def rows_of(weights):
    return Rows(weights.indptr, weights.indices, weights.data)


def enumerated(x, rows, area):
    """Shares of all arrangements of the other values whose neighbour sum is at least as high, and as low."""
    n = len(x)
    others = [i for i in range(n) if i != area]
    near = rows.indices[rows.indptr[area] : rows.indptr[area + 1]]
    weight = rows.data[rows.indptr[area] : rows.indptr[area + 1]]
    observed = weight @ x[near]
    sums = []
    for order in arrangements(others):
        placed = np.empty(n)
        placed[others] = x[list(order)]
        sums.append(weight @ placed[near])
    sums = np.array(sums)
    return np.mean(sums >= observed - 1e-9), np.mean(sums <= observed + 1e-9)


STAR = [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("e", "f"), ("d", "e"), ("a", "g")]


class TestExact:
    @pytest.mark.parametrize("uneven", [False, True])
    @pytest.mark.parametrize(
        "values", [[1.0, 4.0, 2.0, 8.0, 5.0, 7.0, -3.0], [1, 1, 0, 0, 1, 0, 0], [1e300, 0, 0, 2e299, 0, 0, 0]]
    )
    def test_draws_tend_to_the_enumeration(self, mutual, values, uneven):
        weights = mutual(*STAR)
        data = np.linspace(1, 2, len(weights.data)) if uneven else np.ones(len(weights.data))
        rows = Rows(weights.indptr, weights.indices, data)
        x = np.array(values, dtype=float)
        draws = 40_000
        found = neighbour_tails(x[None, :], rows, permutations=draws, seed=4)
        for area in range(len(x)):
            upper, lower = enumerated(x / np.abs(x).max(), rows, area)
            # Five standard errors of a share counted over 40,000 draws: a false alarm in a million.
            assert found.upper[0, area] / draws == pytest.approx(upper, abs=5 * np.sqrt(0.25 / draws))
            assert found.lower[0, area] / draws == pytest.approx(lower, abs=5 * np.sqrt(0.25 / draws))

    def test_an_area_joined_to_all_others_has_one_arrangement(self, mutual):
        rows = rows_of(mutual(("a", "b"), ("a", "c"), ("a", "d")))
        found = neighbour_tails(np.array([[5.0, 1, 2, 3]]), rows, permutations=999, seed=1)
        assert found.upper[0, 0] == found.lower[0, 0] == 999

    def test_equal_and_unequal_paths_agree_draw_by_draw(self, rooks, white):
        weights = rooks(12, 12)
        x = white(weights, 5).to_numpy()[None, :]
        even = rows_of(weights)
        # A change of weights below the tolerance for ties takes the other path and must not change one count.
        nudged = Rows(even.indptr, even.indices, even.data * (1 + 1e-14 * np.arange(len(even.data))))
        assert even.even
        assert not nudged.even
        one = neighbour_tails(x, even, permutations=5000, seed=2)
        two = neighbour_tails(x, nudged, permutations=5000, seed=2)
        assert (one.upper == two.upper).all()
        assert (one.lower == two.lower).all()

    def test_moments_are_those_of_the_enumeration(self, mutual):
        weights = mutual(*STAR)
        rows = Rows(weights.indptr, weights.indices, np.linspace(1, 2, len(weights.data)))
        x = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0, -3.0])
        mean, variance = sum_moments(x, rows)
        for area in range(7):
            others = [i for i in range(7) if i != area]
            weight = rows.data[rows.indptr[area] : rows.indptr[area + 1]]
            near = [others.index(i) for i in rows.indices[rows.indptr[area] : rows.indptr[area + 1]]]
            sums = [weight @ np.array(order)[near] for order in arrangements(x[others])]
            assert mean[area] == pytest.approx(np.mean(sums), rel=1e-12)
            assert variance[area] == pytest.approx(np.var(sums), rel=1e-10)


class TestSameAnswer:
    @pytest.mark.parametrize("uneven", [False, True])
    def test_workers_do_not_matter(self, rooks, white, uneven):
        weights = rooks(10, 10)
        rows = rows_of(weights)
        if uneven:
            rows = Rows(rows.indptr, rows.indices, 1 + np.arange(len(rows.data)) % 3)
        x = white(weights).to_numpy()[None, :]
        draws = 2 * BLOCK + 17
        alone = neighbour_tails(x, rows, permutations=draws, seed=7)
        for workers in (2, 3):
            together = neighbour_tails(x, rows, permutations=draws, seed=7, workers=workers)
            assert alone.upper.tobytes() == together.upper.tobytes()
            assert alone.lower.tobytes() == together.lower.tobytes()

    def test_workers_do_not_matter_for_the_whole_map(self, rooks, white):
        weights = rooks(6, 6)
        x = white(weights).to_numpy()
        one = quadratic_draws(x, rows_of(weights), permutations=3000, seed=1)
        two = quadratic_draws(x, rows_of(weights), permutations=3000, seed=1, workers=2)
        assert one.tobytes() == two.tobytes()

    def test_several_outcomes_are_the_same_as_each_alone(self, rooks):
        weights = rooks(9, 9)
        rows = rows_of(weights)
        x = np.random.default_rng(1).normal(size=(7, 81))
        x[3] = np.round(x[3])  # ties
        together = neighbour_tails(x, rows, permutations=999, seed=3)
        for at in range(len(x)):
            alone = neighbour_tails(x[at : at + 1], rows, permutations=999, seed=3)
            assert (together.upper[at] == alone.upper[0]).all()
            assert (together.lower[at] == alone.lower[0]).all()

    @given(st.floats(-1e3, 1e3), st.sampled_from([1e-200, 1e-9, 1.0, 1e9, 1e200]))
    @settings(max_examples=15)
    def test_unit_and_origin_do_not_matter(self, shift, unit):
        rng = np.random.default_rng(0)
        x = rng.normal(size=30)
        pairs = pd.DataFrame({"from": [str(i) for i in range(29)], "to": [str(i + 1) for i in range(29)]})
        rows = rows_of(from_edges(pairs, symmetric=True))
        plain = neighbour_tails(x[None, :], rows, permutations=199, seed=1)
        moved = neighbour_tails(((x + shift) * unit)[None, :], rows, permutations=199, seed=1)
        assert (plain.upper == moved.upper).all()
        assert (plain.lower == moved.lower).all()


class TestProgress:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_says_how_many_draws_are_made(self, rooks, white, workers):
        weights = rooks(6, 6)
        told = []
        options = {"seed": 1, "permutations": 2 * BLOCK + 5, "workers": workers}
        local_moran(white(weights), weights, progress=lambda done, total: told.append((done, total)), **options)
        assert told == [(BLOCK, 2 * BLOCK + 5), (2 * BLOCK, 2 * BLOCK + 5), (2 * BLOCK + 5, 2 * BLOCK + 5)]
        told.clear()
        global_moran(white(weights), weights, progress=lambda done, total: told.append((done, total)), **options)
        assert told[-1] == (2 * BLOCK + 5, 2 * BLOCK + 5)


class TestDraws:
    @pytest.mark.parametrize(("n", "width"), [(6, 3), (40, 5), (1000, 8), (12, 12), (400, 60)])
    def test_rows_hold_distinct_ids(self, n, width):
        table = drawn(Block(2000, np.random.SeedSequence(1)), n, width)
        assert table.shape == (width, 2000)
        assert table.min() >= 0
        assert table.max() < n
        assert (np.diff(np.sort(table, axis=0), axis=0) > 0).all()

    @pytest.mark.parametrize("width", [3, 6])
    def test_every_ordered_selection_is_as_likely(self, width):
        # 6 × 5 × 4 = 120 ordered selections of three, by either method of drawing.
        n = 6
        table = drawn(Block(120_000, np.random.SeedSequence(5)), n, width)
        counts = np.bincount(table[0] * 36 + table[1] * 6 + table[2], minlength=216)
        seen = counts[counts > 0]
        assert len(seen) == 120
        chi_square = ((seen - 1000) ** 2 / 1000).sum()
        assert chi_square < 119 + 5 * np.sqrt(2 * 119)  # five standard deviations of chi-square on 119

    def test_positionwise_draws_are_as_likely_too(self):
        table = drawn(Block(120_000, np.random.SeedSequence(6)), 30, 2)
        counts = np.bincount(table[0] * 30 + table[1], minlength=900)
        seen = counts[counts > 0]
        assert len(seen) == 870
        expected = 120_000 / 870
        assert ((seen - expected) ** 2 / expected).sum() < 869 + 5 * np.sqrt(2 * 869)

    def test_blocks_are_bounded_and_add_up(self):
        parts = blocks(100_000, 5, 1)
        assert sum(part.rows for part in parts) == 100_000
        assert max(part.rows for part in parts) <= BLOCK
        assert max(part.rows for part in blocks(100_000, 4000, 1)) * 4000 <= 4_000_000


class TestWholeMap:
    def test_form_is_the_double_sum(self, mutual):
        weights = mutual(*STAR)
        rows = Rows(weights.indptr, weights.indices, np.linspace(1, 2, len(weights.data)))
        x = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0, -3.0])
        assert quadratic_form(x, rows) == pytest.approx(x @ rows.sparse().toarray() @ x)
        d = np.arange(7.0)
        assert quadratic_form(x, rows, diagonal=d) == pytest.approx(x @ rows.sparse().toarray() @ x + d @ x**2)

    def test_draws_tend_to_the_enumeration(self, mutual):
        weights = mutual(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"))
        rows = row_standardised(rows_of(weights))
        x = scaled(np.array([1.0, 2.0, 4.0, 3.0, 9.0]))
        every = np.array([quadratic_form(x[list(order)], rows) for order in arrangements(range(5))])
        observed = quadratic_form(x, rows)
        upper, lower = counted(quadratic_draws(x, rows, permutations=30_000, seed=1), observed, scale=1.0)
        assert upper / 30_000 == pytest.approx(np.mean(every >= observed - 1e-9), abs=0.015)
        assert lower / 30_000 == pytest.approx(np.mean(every <= observed + 1e-9), abs=0.015)


class TestField:
    def test_missing_values_and_lone_areas_leave(self, mutual):
        weights = mutual(
            ("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ids=["a", "b", "c", "d", "e", "f", "island"]
        )
        field = field_of(pd.Series([1.0, np.nan, 3, 4, 7, 6, 2], index=weights.ids), weights)
        # "a" had only "b", which has no value; "island" has nobody.
        assert list(field.index[field.tested]) == ["c", "d", "e", "f"]
        assert field.has_value.tolist() == [True, False, True, True, True, True, True]
        assert field.rows.degrees.tolist() == [1, 2, 2, 1]

    def test_directed_weights_leave_no_area_without_a_neighbour(self):
        chain = [("a", "b"), ("b", "c"), ("d", "e"), ("e", "d"), ("f", "d"), ("g", "d")]
        weights = from_edges(pd.DataFrame(chain, columns=["from", "to"]))
        field = field_of(pd.Series(np.arange(7.0), index=weights.ids), weights)
        # "c" chooses nobody and leaves; then "b" has nobody left; then "a".
        assert list(field.index[field.tested]) == ["d", "e", "f", "g"]

    def test_order_of_values_is_kept(self, rooks, white):
        weights = rooks(4, 4)
        values = white(weights)
        turned = values.iloc[::-1]
        one, two = field_of(values, weights), field_of(turned, weights)
        assert list(two.index) == list(turned.index)
        assert neighbour_sums(one.x[None, :], one.rows)[0][::-1] == pytest.approx(
            neighbour_sums(two.x[None, :], two.rows)[0]
        )

    def test_nullable_numbers(self, rooks):
        weights = rooks(3, 3)
        values = pd.Series([1, 2, None, 4, 5, 6, 7, 8, 9], index=weights.ids, dtype="Int64")
        assert field_of(values, weights).n == 8

    def test_every_fault_at_once(self, rooks):
        weights = rooks(2, 3)
        values = pd.Series([np.inf, 1, 2, 3, 4], index=["r0c0", "r0c1", "r0c1", "moon", "r1c1"])
        with pytest.raises(StatisticsError) as caught:
            field_of(values, weights)
        text = str(caught.value)
        assert "infinite: r0c0" in text
        assert "more than once: r0c1" in text
        assert "the weights lack: moon" in text
        assert "without a row of values: r0c2, r1c0, r1c2" in text

    def test_words_are_not_numbers(self, rooks):
        weights = rooks(2, 2)
        with pytest.raises(StatisticsError, match="not numbers"):
            field_of(pd.Series(["high", "low", "low", "low"], index=weights.ids), weights)

    @pytest.mark.parametrize("value", [0.0, 7.5, 1e300, 1e-300])
    def test_constant_values(self, rooks, value):
        weights = rooks(3, 3)
        with pytest.raises(StatisticsError, match="all 9 values are"):
            field_of(pd.Series(value, index=weights.ids), weights)

    def test_rounding_of_one_constant_is_constant(self, rooks):
        weights = rooks(2, 2)
        with pytest.raises(StatisticsError, match="all 4 values"):
            field_of(pd.Series([0.3, 0.1 + 0.2, 0.3, 0.3], index=weights.ids), weights)

    def test_fewer_than_four(self, mutual):
        with pytest.raises(StatisticsError, match="2 areas can be tested") as caught:
            field_of(pd.Series([1.0, 2.0], index=["a", "b"]), mutual(("a", "b")))
        assert "2 areas given, 2 with a value, 2 with a neighbour" in str(caught.value)
        with pytest.raises(StatisticsError, match="0 areas can be tested"):
            field_of(pd.Series(np.nan, index=list("abcd")), mutual(("a", "b"), ("c", "d")))

    def test_weights_made_by_hand_are_checked_too(self, rooks, white):
        good = rooks(2, 2)
        bad = Weights(
            good.ids, good.indptr, good.indices, np.array([0.0, 0, -1, 1, np.nan, 1, 1, 1]), "by hand", good.audit
        )
        with pytest.raises(StatisticsError) as caught:
            field_of(white(good), bad)
        text = str(caught.value)
        assert "zero: r0c0" in text
        assert "negative: r0c1" in text
        assert "not finite: r1c0" in text

    def test_assembled_orders_links(self):
        weights = assembled(pd.Index(list("abc")), np.array([2, 0, 0]), np.array([1, 2, 1]), policy="x")
        assert weights.indptr.tolist() == [0, 2, 2, 3]
        assert weights.indices.tolist() == [1, 2, 1]
