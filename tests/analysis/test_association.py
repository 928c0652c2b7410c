"""Association: surrogates as smooth as the map, p-values that hold on smooth noise, effective sample size."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from analysis.association import (
    Association,
    associate,
    associate_all,
    associations_frame,
    correlate,
    judge,
    moran_spectrum,
    surrogates,
)
from analysis.weights.graph import assembled
from geo.errors import StatisticsError

SIDE = 12


def lattice(side=SIDE):
    """Rook neighbours on a square board, with codes in row order."""
    n = side * side
    place = np.arange(n).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([place[:, :-1].ravel(), place[:, 1:].ravel()], axis=1),
            np.stack([place[:-1].ravel(), place[1:].ravel()], axis=1),
        ]
    )
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    return assembled(pd.Index([f"a{i:03d}" for i in range(n)]), rows, columns, policy="rook")


def ladder(rungs):
    """Return two rows of areas, each joined to the next in its row; every rung but the last joins the rows."""
    place = np.arange(2 * rungs).reshape(2, rungs)
    one = np.concatenate([place[:, :-1].ravel(), place[0, :-1]])
    two = np.concatenate([place[:, 1:].ravel(), place[1, :-1]])
    ids = pd.Index([f"a{i:03d}" for i in range(2 * rungs)])
    return assembled(ids, np.concatenate([one, two]), np.concatenate([two, one]), policy="ladder")


@pytest.fixture(scope="module")
def board():
    return lattice()


@pytest.fixture(scope="module")
def spectrum(board):
    return moran_spectrum(board)


def smooth(board, generator, *, rho=0.95, draws=1):
    """Draw maps of a simultaneous autoregressive process: noise through the inverse of I - rho W."""
    matrix = board.sparse().toarray()
    matrix /= matrix.sum(axis=1, keepdims=True)
    filter_ = np.linalg.inv(np.eye(len(matrix)) - rho * matrix)
    return generator.normal(size=(draws, len(matrix))) @ filter_.T


def moran(x, board):
    z = x - x.mean()
    matrix = board.sparse().toarray()
    return len(z) / matrix.sum() * (z @ matrix @ z) / (z @ z)


def coordinates(board):
    place = np.arange(len(board))
    return pd.DataFrame({"x": place % SIDE, "y": place // SIDE}, index=board.ids) * 1000.0


def test_vectors_are_orthonormal_and_sum_to_zero(board, spectrum):
    n = len(board)
    assert spectrum.vectors.shape == (n, n - 1)
    assert np.allclose(spectrum.vectors.T @ spectrum.vectors, np.eye(n - 1))
    assert np.abs(spectrum.vectors.sum(axis=0)).max() < 1e-9
    assert np.all(np.diff(spectrum.eigenvalues) <= 1e-9)


def test_eigenvalue_is_moran_of_its_vector(board, spectrum):
    # I = n/S0 · v'Wv/v'v, and v'Wv is the eigenvalue.
    scale = len(board) / board.data.sum()
    for k in (0, 7, -1):
        assert moran(spectrum.vectors[:, k], board) == pytest.approx(scale * spectrum.eigenvalues[k])


def test_singleton_keeps_mean_variance_and_moran_exactly(board, spectrum):
    x = smooth(board, np.random.default_rng(1))[0]
    for drawn in surrogates(x, spectrum, method="singleton", draws=5, seed=2):
        assert drawn.mean() == pytest.approx(x.mean())
        assert drawn.var() == pytest.approx(x.var())
        assert moran(drawn, board) == pytest.approx(moran(x, board))


def test_pair_keeps_mean_and_variance_and_nearly_moran(board, spectrum):
    x = smooth(board, np.random.default_rng(1))[0]
    drawn = surrogates(x, spectrum, method="pair", draws=50, seed=2)
    assert np.allclose(drawn.mean(axis=1), x.mean())
    assert np.allclose(drawn.var(axis=1), x.var())
    assert np.abs([moran(row, board) - moran(x, board) for row in drawn]).max() < 0.05


def test_odd_number_of_vectors_keeps_variance_in_pairs():
    # 12 × 12 areas have 143 eigenvectors, one without a partner; 3 × 3 have 8, none left over.
    for side in (SIDE, 3):
        board = lattice(side)
        x = np.random.default_rng(0).normal(size=side * side)
        drawn = surrogates(x, moran_spectrum(board), method="pair", draws=3, seed=1)
        assert np.allclose(drawn.var(axis=1), x.var())


def test_same_seed_same_draws_and_blocks_do_not_matter(board, spectrum):
    x = smooth(board, np.random.default_rng(1))[0]
    assert np.array_equal(surrogates(x, spectrum, seed=3), surrogates(x, spectrum, seed=3))
    assert not np.array_equal(surrogates(x, spectrum, seed=3), surrogates(x, spectrum, seed=4))


def made(board, x, yes, **options):
    values = pd.Series(x, index=board.ids, name="pay")
    members = pd.Series(np.where(yes, "yes", "no"), index=board.ids, name="coastal")
    return associate(values, members, board, **options)


def test_difference_and_effect_by_hand(board):
    # 60 areas at 3 and 84 at 1, plus noise that sums to zero on either side: the difference is 2.
    yes = np.arange(144) < 60
    noise = np.where(np.arange(144) % 2, 0.5, -0.5)
    found = made(board, np.where(yes, 3.0, 1.0) + noise, yes, draws=199)
    assert found.difference == pytest.approx(2.0)
    assert (found.mean_members, found.mean_others) == (pytest.approx(3.0), pytest.approx(1.0))
    x = np.where(yes, 3.0, 1.0) + noise
    assert found.effect == pytest.approx(2.0 / x.std(ddof=1))
    assert found.lower <= 2.0 <= found.upper
    assert (found.n, found.members, found.isolates) == (144, 60, 0)
    assert found.p == max(found.p_singleton, found.p_pair)


def test_smooth_noise_fools_welch_and_not_us(board, spectrum):
    # 300 independent pairs of smooth maps. Nominal 5 %: 15 expected; 99.9 % of binomial draws lie within 4 to 28.
    generator = np.random.default_rng(7)
    outcomes, types = smooth(board, generator, draws=300), smooth(board, generator, draws=300)
    found = [
        made(board, x, t > np.quantile(t, 0.7), draws=199, seed=i, spectrum=spectrum)
        for i, (x, t) in enumerate(zip(outcomes, types, strict=True))
    ]
    assert 4 <= sum(entry.p_singleton <= 0.05 for entry in found) <= 28
    assert sum(entry.p_welch <= 0.05 for entry in found) > 100
    covered = sum(entry.lower <= 0 <= entry.upper for entry in found)
    assert covered >= 250


def test_a_real_difference_is_found(board):
    generator = np.random.default_rng(5)
    yes = generator.random(144) < 0.3
    found = made(board, smooth(board, generator)[0] + 4 * yes, yes)
    assert found.p < 0.001
    assert found.lower > 0


def test_missing_and_unclassified_are_left_out(board):
    x = np.random.default_rng(0).normal(size=144)
    values = pd.Series(x, index=board.ids, name="pay")
    values.iloc[:3] = np.nan
    members = pd.Series(np.where(np.arange(144) % 3, "no", "yes"), index=board.ids, name="coastal")
    members.iloc[3:10] = "not classified"
    assert associate(values, members, board, draws=99).n == 134


def test_faults_are_told_together(board):
    values = pd.Series(1.0, index=[*board.ids, "new"], name="pay")
    members = pd.Series("no", index=values.index, name="coastal")
    with pytest.raises(StatisticsError) as caught:
        associate(values, members, board)
    text = "\n".join(caught.value.faults)
    assert "the graph does not hold new" in text
    assert "found 0 areas of the type" in text
    assert "the outcome is constant" in text


def test_a_graph_without_links_has_no_spectrum():
    none = np.array([], dtype=np.int64)
    with pytest.raises(StatisticsError, match="no area has a neighbour"):
        moran_spectrum(assembled(pd.Index(list("abcde")), none, none, policy="none"))
    with pytest.raises(StatisticsError, match="found 3 areas"):
        moran_spectrum(assembled(pd.Index(list("abc")), np.array([0, 1]), np.array([1, 0]), policy="few"))


def test_frame_adjusts_for_the_number_of_claims(board):
    x = np.random.default_rng(0).normal(size=144)
    rows = [made(board, x, np.arange(144) % k == 0, draws=99) for k in (2, 3)]
    frame = associations_frame(rows)
    assert frame["q"].ge(frame["p"]).all()
    assert frame["q"].max() == pytest.approx(frame["p"].max())
    assert {"outcome", "kind", "effect", "p_welch", "p"} <= set(frame.columns)
    assert associations_frame([]).columns.tolist() == [
        *Association.__dataclass_fields__,
        *("p", "p_highest", "finding", "q"),
    ]


@pytest.mark.parametrize(
    ("gap", "p", "finding"),
    [
        ((-8, -15, -1), [0.03], "below"),
        ((8, 1, 15), [0.03, 0.05], "above"),
        ((-8, -15, -1), [0.03, 0.14, 0.04], "depends on the neighbours"),
        ((-8, -15, -1), [0.2, 0.01], "depends on the neighbours"),
        ((-8, -15, 1), [0.04, 0.04], "no clear gap"),
        ((-8, -15, -1), [0.06, 0.051], "no clear gap"),
    ],
)
def test_a_gap_is_told_only_where_every_graph_agrees(gap, p, finding):
    assert judge(*gap, p) == finding


def test_other_graphs_give_p_of_their_own(board):
    x = pd.Series(np.random.default_rng(0).normal(size=144), index=board.ids, name="pay")
    members = pd.DataFrame({"coastal__a": np.where(np.arange(144) % 3, "no", "yes")}, index=board.ids)
    (entry,), _ = associate_all(x, members, board, against=[ladder(72)], draws=99)
    alone = associate(x, members["coastal__a"], ladder(72), draws=99)
    assert entry.against == (("ladder", alone.p),)
    assert entry.all_p == (entry.p, alone.p)
    (row,) = associations_frame([entry]).to_dict("records")
    assert row["against"] == f"ladder: {alone.p:.4g}"
    assert row["p_highest"] == max(entry.p, alone.p)
    assert row["finding"] == entry.finding


def test_effective_size_is_n_on_noise_and_far_less_on_smooth_maps(board):
    generator = np.random.default_rng(11)
    place = coordinates(board)
    noise, other = (pd.Series(generator.normal(size=144), index=board.ids, name=name) for name in "xy")
    rough = correlate(noise, other, place)
    assert rough.effective_n == pytest.approx(144, rel=0.15)
    assert rough.p == pytest.approx(rough.p_naive, abs=0.05)
    one, two = (
        pd.Series(row, index=board.ids, name=name)
        for row, name in zip(smooth(board, generator, draws=2), "xy", strict=True)
    )
    fine = correlate(one, two, place)
    assert fine.effective_n < 60
    assert fine.p > fine.p_naive
    assert fine.lower < fine.r < fine.upper


def test_modified_t_holds_its_level_on_smooth_noise(board):
    # 200 pairs at nominal 5 %: the naive test rejects several times as often; the modified one stays near 10 or below 24.
    generator = np.random.default_rng(3)
    place = coordinates(board)
    maps = smooth(board, generator, draws=400)
    found = [
        correlate(pd.Series(x, index=board.ids), pd.Series(y, index=board.ids), place)
        for x, y in zip(maps[:200], maps[200:], strict=True)
    ]
    assert sum(entry.p <= 0.05 for entry in found) <= 24
    assert sum(entry.p_naive <= 0.05 for entry in found) > 60


def test_correlation_of_a_map_with_itself(board):
    x = pd.Series(smooth(board, np.random.default_rng(0))[0], index=board.ids, name="x")
    found = correlate(x, x, coordinates(board))
    assert found.r == pytest.approx(1.0)
    assert found.p < 1e-6


def test_correlation_needs_variation_and_areas(board):
    x = pd.Series(1.0, index=board.ids[:5], name="flat")
    with pytest.raises(StatisticsError) as caught:
        correlate(x, x, coordinates(board))
    assert "flat is constant" in caught.value.faults
    assert any("at least 10" in fault for fault in caught.value.faults)


def test_every_definition_is_tested_and_the_others_are_named(board):
    x = pd.Series(np.random.default_rng(0).normal(size=144), index=board.ids, name="pay")
    yes = np.where(np.arange(144) % 3, "no", "yes")
    members = pd.DataFrame(
        {
            "coastal": yes,
            "coastal__a": yes,
            "coastal__a__degree": 0.5,
            "coastal__agreed": yes,
            "rural__b": np.where(np.arange(144) < 40, "not classified", yes),
            "rural__c": "no",
        },
        index=board.ids,
    )
    found, refused = associate_all(x, members, board, draws=99)
    assert [(entry.kind, entry.n) for entry in found] == [("coastal__a", 144), ("rural__b", 104)]
    assert found[0] == associate(x, members["coastal__a"], board, draws=99)
    assert refused == {"rural__c": "found 0 areas of the type and 144 others; 5 of each are needed"}


def test_singleton_p_is_that_of_all_sign_patterns():
    # Ten areas in a ladder have nine eigenvectors: 512 sign patterns, every one tried by a spectrum of numpy's own.
    board = ladder(5)
    generator = np.random.default_rng(2)
    x, yes = generator.normal(size=10), np.arange(10) < 5
    centring = np.eye(10) - 0.1
    values, vectors = np.linalg.eigh(centring @ board.sparse().toarray() @ centring)
    constant = int(np.argmax(np.abs(vectors.sum(axis=0))))
    vectors = np.delete(vectors, constant, axis=1)
    assert np.diff(np.sort(np.delete(values, constant))).min() > 1e-6  # all distinct: the spectrum is unique
    contrast = np.where(yes, 0.2, -0.2)
    terms = (vectors.T @ x) * (vectors.T @ contrast)
    patterns = np.array(list(product([-1, 1], repeat=9)))
    exact = np.mean(np.abs(patterns @ terms) >= abs(contrast @ x) - 1e-12)
    found = made(board, x, yes, draws=20_000)
    assert found.p_singleton == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))


def test_pair_draws_have_the_variance_of_turned_pairs(board, spectrum):
    # Var = sum over pairs of (a1² + a2²)(c1² + c2²)/2, and a² c² for the odd one out.
    x = smooth(board, np.random.default_rng(8))[0]
    contrast = np.where(np.arange(144) < 50, 1 / 50, -1 / 94)
    a, c = (spectrum.vectors.T @ v for v in (x - x.mean(), contrast))
    power, weight = a**2, c**2
    expected = (
        np.sum((power[:142:2] + power[1:142:2]) * (weight[:142:2] + weight[1:142:2])) / 2 + power[142] * weight[142]
    )
    drawn = surrogates(x, spectrum, method="pair", draws=20_000, seed=9) @ contrast
    assert drawn.mean() == pytest.approx(0, abs=4 * np.sqrt(expected / 20_000))
    assert drawn.var() == pytest.approx(expected, rel=0.05)
