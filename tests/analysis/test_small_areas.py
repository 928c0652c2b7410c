"""Small areas through the study: isolates, crossings, kinds by nesting, the global test of a large map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from analysis.calls import weights as weights_called
from analysis.moran import global_moran
from analysis.permutation import whole_map
from analysis.permutation.curve import tails_of
from analysis.study import StudyConfig, kinds_of_place, run_study, survey
from analysis.typology.membership import memberships
from analysis.typology.own_types import read_type
from analysis.weights import build_weights
from analysis.weights.sea_links import SeaLink, placed
from boundaries.areas.boundary_set import only
from boundaries.areas.loading import load_boundary_set
from boundaries.bundled.layers import load_neighbours
from boundaries.joined import join
from boundaries.sources.registry import read_outcome
from geo.errors import StatisticsError
from tests.boundaries.small_layers import HARTLEPOOL, pieces, write_layer, write_table


@pytest.fixture(scope="module")
def areas(tmp_path_factory):
    return load_boundary_set("", layer=write_layer(tmp_path_factory.mktemp("layer")))


@pytest.fixture(scope="module")
def with_island(tmp_path_factory):
    frame = pieces()
    _west, south, east, _north = frame.total_bounds
    frame.loc[11, "geometry"] = box(east + 2_000, south, east + 2_500, south + 500)
    return load_boundary_set("", layer=write_layer(tmp_path_factory.mktemp("island"), frame))


@pytest.fixture(scope="module")
def joined(areas, tmp_path_factory):
    values = {code: float(number % 5 + number / 10) for number, code in enumerate(areas.frame["code"])}
    path = write_table(tmp_path_factory.mktemp("table"), values)
    return join(read_outcome("table", path, measure="rate", unit="%"), areas)


class TestIsolates:
    def test_the_island_of_a_layer_is_kept_and_named(self, with_island):
        made = build_weights(with_island)
        assert made.audit.isolates == ("E01000012",)

    def test_it_is_refused_where_that_is_asked_and_the_options_are_named(self, with_island):
        with pytest.raises(StatisticsError, match="no neighbour") as caught:
            build_weights(with_island, isolates="refuse")
        assert [remedy.value for remedy in caught.value.remedies] == ["keep", "nearest"]

    def test_it_is_joined_to_the_nearest(self, with_island):
        made = build_weights(with_island, isolates="nearest")
        assert made.audit.isolates == ()
        [(start, end, _reason)] = [link for link in made.audit.sea_links if "nearest" in link[2]]
        assert start == "E01000012"
        shapes = with_island.frame.set_index("code").geometry
        assert end == shapes.drop(start).distance(shapes[start]).idxmin()
        assert any("joined to the nearest" in note for note in made.audit.notes)

    def test_a_layer_whose_areas_do_not_meet_is_refused(self, areas):
        apart = areas.frame.assign(geometry=areas.frame.geometry.buffer(-200))
        with pytest.raises(StatisticsError, match="no neighbour"):
            build_weights(replace(areas, frame=apart))

    def test_districts_are_still_refused_unasked(self, with_island):
        with pytest.raises(StatisticsError, match="no neighbour"):
            build_weights(replace(with_island, districts=None, atoms=None))

    def test_the_call_and_the_study_take_the_same_words(self, with_island):
        assert weights_called(with_island, isolates="nearest").audit.isolates == ()
        assert weights_called(with_island, isolates="keep").audit.isolates == ("E01000012",)
        ground = survey(with_island, StudyConfig(isolates="nearest", robust=False), neighbours=load_neighbours())
        assert ground.weights.audit.isolates == ()
        with pytest.raises(StatisticsError, match="isolates 'drop'"):
            StudyConfig(isolates="drop")


def test_a_crossing_joins_the_nearest_areas_of_its_two_ends():
    whole = load_boundary_set("LAD", "2011-04-01")
    two = only(whole, ["E06000001", "E06000004"])
    halves = []
    for code, shape in zip(two.frame["code"], two.frame.geometry, strict=True):
        west, south, east, north = shape.bounds
        middle = (south + north) / 2
        halves += [
            (f"{code}-south", code, shape.intersection(box(west, south, east, middle))),
            (f"{code}-north", code, shape.intersection(box(west, middle, east, north))),
        ]
    frame = two.frame.iloc[[0, 0, 1, 1]].reset_index(drop=True)
    frame["code"] = [name for name, _, _ in halves]
    frame = frame.set_geometry([shape for _, _, shape in halves], crs=27700)
    atoms = pd.DataFrame({"code": frame["code"], "atom": [atom for _, atom, _ in halves]})
    small = replace(two, frame=frame, atoms=atoms, districts=atoms.rename(columns={"atom": "district"}))
    link = SeaLink("E06000001", "E06000004", "ferry", "a ferry", "of a test", default=True)
    [(start, end, _)], homeless = placed([link], small)
    shapes = frame.set_index("code").geometry
    gaps = {(one, other): shapes[one].distance(shapes[other]) for one in shapes.index[:2] for other in shapes.index[2:]}
    assert gaps[start, end] == min(gaps.values())
    assert homeless == ()


class TestKinds:
    def test_a_list_of_districts_is_carried_by_nesting(self, areas, tmp_path):
        path = tmp_path / "mine.csv"
        path.write_text(f"code,name\n{HARTLEPOOL},Hartlepool\n", encoding="utf-8")
        made = memberships(areas, typologies=[read_type(str(path))])
        home = areas.districts.set_index("code")["district"]
        [column] = [name for name in made.columns if name.count("__") == 1 and not name.endswith("agreed")]
        assert (made[column] == "yes").to_numpy().tolist() == (home == HARTLEPOOL).tolist()
        assert set(made[column]) == {"yes", "no"}

    def test_the_built_in_kinds_say_nothing_silently(self, joined):
        ground = survey(joined.boundaries, StudyConfig(robust=False), neighbours=load_neighbours())
        assert (ground.memberships["rural__ruc2021"] != "not classified").all()
        assert (ground.memberships["coastal__distance"] == "yes").any()

    def test_of_a_layer_too_large_districts_are_compared_and_it_is_said(self, joined, monkeypatch):
        monkeypatch.setattr(kinds_of_place, "MAX_AREAS", 10)
        study = run_study(joined, StudyConfig(robust=False, permutations=999))
        assert {one.n for one in study.associations} <= {0, 1, 2}
        assert any("between the districts in which the 12 areas lie" in note for note in study.joined.notes)


@pytest.fixture(scope="module")
def mapped():
    made = load_boundary_set("LAD", "2023-04-01")
    return made, build_weights(made)


class TestLargeMaps:
    """The curve stands for shuffles above 5,000 areas; on districts both can be had."""

    @pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
    @pytest.mark.parametrize("spread", ["even", "skewed", "residents"])
    def test_the_curve_agrees_with_draws(self, mapped, alternative, spread, monkeypatch):
        made, weights = mapped
        rng = np.random.default_rng(5)
        own = {
            "even": rng.normal(size=len(made)),
            "skewed": rng.lognormal(0.0, 1.0, size=len(made)),
            "residents": rng.permutation(made.frame["population"].to_numpy(dtype=float)),
        }[spread]
        values = pd.Series(own, index=made.frame["code"])
        drawn = global_moran(values, weights, seed=1, alternative=alternative)
        monkeypatch.setattr(whole_map, "MOST_DRAWN", 100)
        curved = global_moran(values, weights, seed=1, alternative=alternative)
        assert (drawn.parameters["method"], curved.parameters["method"]) == ("permutation", "moments")
        assert curved.parameters["permutations"] == 0
        assert curved.z == drawn.z
        assert curved.p == pytest.approx(drawn.p, abs=0.02 if spread == "even" else 0.04)

    def test_in_the_tail_it_agrees_to_a_tenth(self, mapped, monkeypatch):
        made, weights = mapped
        rng = np.random.default_rng(11)
        noise = pd.Series(rng.normal(size=len(made)), index=made.frame["code"])
        values = noise + 0.08 * weights.lag(noise).fillna(0.0)
        drawn = global_moran(values, weights, seed=1, alternative="greater")
        monkeypatch.setattr(whole_map, "MOST_DRAWN", 100)
        curved = global_moran(values, weights, seed=1, alternative="greater")
        assert drawn.p < 0.05
        assert curved.p == pytest.approx(drawn.p, rel=0.1)

    def test_no_p_is_smaller_than_shuffles_could_show(self, mapped, monkeypatch):
        made, weights = mapped
        north = made.frame.geometry.centroid.y
        values = pd.Series(north.to_numpy(), index=made.frame["code"])
        monkeypatch.setattr(whole_map, "MOST_DRAWN", 100)
        assert global_moran(values, weights, seed=1).p == 2 / 100_000
        assert global_moran(values, weights, seed=1, alternative="greater").p == 1 / 100_000

    def test_a_number_of_permutations_that_is_stated_is_made(self, mapped, monkeypatch):
        made, weights = mapped
        values = pd.Series(np.arange(len(made), dtype=float), index=made.frame["code"])
        monkeypatch.setattr(whole_map, "MOST_DRAWN", 100)
        assert global_moran(values, weights, seed=1, permutations=99).parameters["permutations"] == 99

    def test_the_curve_is_the_normal_one_without_skewness_and_mirrors_itself(self):
        assert tails_of(1.959964, 0.0) == pytest.approx((0.025, 0.975), abs=1e-6)
        assert tails_of(2.0, 0.5) == pytest.approx(tails_of(-2.0, -0.5)[::-1])
        above, below = tails_of(-5.0, 1.0)  # beyond the lower end of the curve, at −2/skewness
        assert (above, below) == (1.0, 0.0)
        # an exponential of rate 1 has mean 1, variance 1, skewness 2: P(X ≥ 3) = e⁻³
        assert tails_of(2.0, 2.0)[0] == pytest.approx(np.exp(-3.0))
