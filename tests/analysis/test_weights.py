"""Neighbour graphs: known answers, crossings, isolates, files, and what is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from analysis.weights import (
    Weights,
    audit_lines,
    build_weights,
    distance_band,
    from_edges,
    from_file,
    from_gal,
    from_graph,
    higher_order,
    knn,
    queen,
    rook,
)
from analysis.weights.graph import assembled
from analysis.weights.sea_links import ISLANDS, chosen, placed, register
from geo.errors import ConfigError, StatisticsError, TableError


def links(weights):
    return {(a, b) for a in weights.ids for b in weights.neighbours(a)}


def shapes(boundaries):
    return gpd.GeoSeries(boundaries.frame.geometry.to_numpy(), index=pd.Index(boundaries.frame["code"]), crs=27700)


class TestContiguity:
    def test_queen_sees_corners_and_rook_does_not(self, chessboard):
        board = shapes(chessboard(3, 3))
        assert set(queen(board).neighbours("r1c1")) == set(board.index) - {"r1c1"}
        assert set(rook(board).neighbours("r1c1")) == {"r0c1", "r1c0", "r1c2", "r2c1"}
        assert queen(board).audit.links == 40  # 4 corners × 3 + 4 sides × 5 + 1 centre × 8
        assert rook(board).audit.links == 24  # 12 shared sides, both ways

    def test_equals_libpysal(self, chessboard):
        graph = pytest.importorskip("libpysal.graph").Graph
        board = shapes(chessboard(5, 4, without=("r1c1", "r3c2")))
        for kind, ours in (("queen", queen(board)), ("rook", rook(board))):
            theirs = graph.build_contiguity(board, rook=kind == "rook")
            assert links(ours) == links(from_graph(theirs))

    def test_a_border_drawn_differently_on_its_two_sides_is_named(self):
        # The left square has a vertex in the middle of the shared side, the right one only its ends moved inwards.
        left, right = box(0, 0, 10, 10), box(10, 2, 20, 8)
        far = box(10, 8, 20, 20)
        board = gpd.GeoSeries([left, right, far], index=["a", "b", "c"], crs=27700)
        weights = queen(board)
        assert links(weights) == {("b", "c"), ("c", "b")}
        assert any("a-b" in note and "not linked" in note for note in weights.audit.notes)

    def test_needs_polygons(self):
        board = gpd.GeoSeries([box(0, 0, 1, 1), None, Point(0, 0), MultiPolygon()], index=list("abcd"), crs=27700)
        with pytest.raises(StatisticsError, match="polygon for every area") as caught:
            queen(board)
        assert "b, d" in str(caught.value)
        assert "not polygons: c" in str(caught.value)


class TestNearest:
    def test_symmetric_means_mutual(self):
        line = gpd.GeoSeries([Point(x, 0) for x in (0, 1, 3, 7)], index=list("abcd"), crs=27700)
        assert links(knn(line, k=1, symmetric=False)) == {("a", "b"), ("b", "a"), ("c", "b"), ("d", "c")}
        assert links(knn(line, k=1)) == {("a", "b"), ("b", "a"), ("c", "b"), ("b", "c"), ("d", "c"), ("c", "d")}

    def test_two_areas_on_one_point_are_neighbours_not_themselves(self):
        points = gpd.GeoSeries([Point(0, 0), Point(0, 0), Point(0, 0), Point(9, 9)], index=list("abcd"), crs=27700)
        weights = knn(points, k=1, symmetric=False)
        assert all(a != b for a, b in links(weights))
        assert weights.audit.links == 4

    @pytest.mark.parametrize("k", [0, 4])
    def test_refuses_impossible_k(self, k):
        points = gpd.GeoSeries([Point(x, 0) for x in range(4)], index=list("abcd"), crs=27700)
        with pytest.raises(StatisticsError, match="nearest neighbours among 4 areas"):
            knn(points, k=k)

    def test_refuses_degrees_and_missing_shapes(self):
        with pytest.raises(StatisticsError, match="degrees"):
            knn(gpd.GeoSeries([Point(x, 0) for x in range(4)], index=list("abcd"), crs=4326), k=1)
        with pytest.raises(StatisticsError, match="shape for every area"):
            knn(gpd.GeoSeries([Point(0, 0), None, Point(1, 1)], index=list("abc"), crs=27700), k=1)

    def test_distance_band(self):
        line = gpd.GeoSeries([Point(x, 0) for x in (0, 1, 3, 7)], index=list("abcd"), crs=27700)
        weights = distance_band(line, threshold_m=2)
        assert links(weights) == {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")}
        assert weights.audit.isolates == ("d",)
        with pytest.raises(StatisticsError, match="joins nothing"):
            distance_band(line, threshold_m=0)


class TestHigherOrder:
    def test_two_steps_on_a_line(self, mutual):
        line = mutual(("a", "b"), ("b", "c"), ("c", "d"))
        assert set(higher_order(line, order=2).neighbours("a")) == {"b", "c"}
        assert set(higher_order(line, order=2, lower=False).neighbours("a")) == {"c"}
        assert links(higher_order(line, order=1)) == links(line)

    def test_a_triangle_has_no_second_ring(self, mutual):
        triangle = mutual(("a", "b"), ("b", "c"), ("c", "a"))
        assert higher_order(triangle, order=2, lower=False).audit.links == 0

    def test_refuses_order_zero(self, mutual):
        with pytest.raises(StatisticsError, match="order 0"):
            higher_order(mutual(("a", "b")), order=0)

    @given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda p: p[0] < p[1]), min_size=1))
    def test_equals_shortest_paths(self, pairs):
        from scipy.sparse.csgraph import shortest_path  # noqa: PLC0415

        from_to = [(str(a), str(b)) for a, b in pairs] + [(str(b), str(a)) for a, b in pairs]
        weights = from_edges(pd.DataFrame(from_to, columns=["from", "to"]), ids=pd.Index([str(i) for i in range(10)]))
        steps = shortest_path(weights.sparse(), unweighted=True)
        assert ((steps == 3) == (higher_order(weights, order=3, lower=False).sparse().toarray() > 0)).all()
        assert (((steps > 0) & (steps <= 3)) == (higher_order(weights, order=3).sparse().toarray() > 0)).all()


class TestTables:
    def test_flows_keep_their_weights_and_direction(self):
        flows = pd.DataFrame({"from": ["a", "a"], "to": ["b", "c"], "weight": [30.0, 10.0]})
        weights = from_edges(flows)
        assert weights.sparse().toarray().tolist() == [[0, 30, 10], [0, 0, 0], [0, 0, 0]]
        assert weights.audit.isolates == ("b", "c")
        both = from_edges(flows, symmetric=True)
        assert both.sparse().toarray().tolist() == [[0, 30, 10], [30, 0, 0], [10, 0, 0]]

    def test_every_fault_of_a_table_at_once(self):
        table = pd.DataFrame({"from": ["a", "x"], "to": ["b", "a"], "weight": ["much", 1]})
        with pytest.raises(TableError) as caught:
            from_edges(table, ids=pd.Index(["a", "b"]))
        assert "much" in str(caught.value)
        assert "not among the areas: x" in str(caught.value)

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (("a", "a", 1), "own neighbour"),
            (("a", "b", 0), "zero"),
            (("a", "b", -1), "negative"),
            (("a", "b", np.inf), "not finite"),
        ],
    )
    def test_refuses_links_that_are_none(self, row, message):
        with pytest.raises(StatisticsError, match=message):
            from_edges(pd.DataFrame([row], columns=["from", "to", "weight"]))

    def test_refuses_missing_columns_and_doubled_links(self):
        with pytest.raises(TableError, match="no column to"):
            from_edges(pd.DataFrame({"from": ["a"]}))
        with pytest.raises(StatisticsError, match="more than once"):
            from_edges(pd.DataFrame({"from": ["a", "a"], "to": ["b", "b"]}))

    def test_gal(self, tmp_path):
        path = tmp_path / "toy.gal"
        path.write_text("0 4 toy POLY_ID\n1 2\n2 3\n2 1\n1\n3 1\n1\n4 0\n\n", encoding="utf-8")
        weights = from_gal(path)
        assert links(weights) == {("1", "2"), ("2", "1"), ("1", "3"), ("3", "1")}
        assert weights.audit.isolates == ("4",)

    def test_gal_that_breaks_its_own_counts(self, tmp_path):
        path = tmp_path / "broken.gal"
        path.write_text("3\n1 2\n2\n2 1\n9\n", encoding="utf-8")
        with pytest.raises(TableError) as caught:
            from_gal(path)
        assert "1 states 2 neighbours and lists 1" in str(caught.value)
        assert "not areas of the file: 9" in str(caught.value)
        assert "but 2 areas follow" in str(caught.value)
        with pytest.raises(TableError, match="cannot be read"):
            from_gal(tmp_path / "absent.gal")


class TestFiles:
    def test_gal_and_csv_by_policy(self, chessboard, tmp_path):
        gal, csv = tmp_path / "own.gal", tmp_path / "own.csv"
        gal.write_text("3\nr0c1 2\nr0c0 r1c1\nr0c0 1\nr0c1\nr1c1 1\nr0c1\n", encoding="utf-8")
        csv.write_text("from,to,weight\nr0c0,r0c1,3\nr0c1,r0c0,3\nr0c1,r1c1,5\nr1c1,r0c1,5\n", encoding="utf-8-sig")
        one = build_weights(chessboard(2, 2), policy=f"file:{gal}", declared_isolates=["r1c0"])
        two = build_weights(chessboard(2, 2), policy=f"file:{csv}", declared_isolates=["r1c0"])
        assert links(one) == links(two)
        assert list(one.ids) == ["r0c0", "r0c1", "r1c0", "r1c1"]
        assert two.sparse().toarray()[1].tolist() == [3, 0, 0, 5]
        assert two.parameters["file"] == "own.csv"

    def test_refuses_strangers_other_files_and_absent_ones(self, tmp_path):
        gal = tmp_path / "own.gal"
        gal.write_text("2\na 1\nmoon\nmoon 1\na\n", encoding="utf-8")
        with pytest.raises(TableError, match="not of this set") as caught:
            from_file(gal, ids=pd.Index(["a", "b"]))
        assert "moon" in str(caught.value)
        with pytest.raises(TableError, match="no file of links"):
            from_file(tmp_path / "own.txt", ids=pd.Index(["a"]))
        with pytest.raises(TableError, match="there is no file"):
            from_file(tmp_path / "absent.csv", ids=pd.Index(["a"]))


class TestWeights:
    def test_round_trip_through_libpysal(self, rooks):
        weights = rooks(3, 4)
        assert links(from_graph(weights.to_graph())) == links(weights)

    def test_subset_keeps_order_and_counts_anew(self, rooks):
        part = rooks(3, 3).subset(["r2c2", "r0c0", "r0c1"])
        assert list(part.ids) == ["r2c2", "r0c0", "r0c1"]
        assert links(part) == {("r0c0", "r0c1"), ("r0c1", "r0c0")}
        assert part.audit.isolates == ("r2c2",)
        assert part.audit.degrees == {0: 1, 1: 2}

    def test_subset_refuses_strangers_and_doubles(self, rooks):
        with pytest.raises(StatisticsError) as caught:
            rooks(2, 2).subset(["r0c0", "r0c0", "moon"])
        assert "moon" in str(caught.value)
        assert "more than once: r0c0" in str(caught.value)

    def test_one_line_repr(self, rooks):
        assert repr(rooks(2, 2)) == "Weights(edges: 4 areas, 8 directed links, 1 components, 0 isolates)"

    def test_arrays_cannot_be_changed(self, rooks):
        with pytest.raises(ValueError, match="read-only"):
            rooks(2, 2).data[0] = 5

    def test_unknown_area(self, rooks):
        with pytest.raises(StatisticsError, match="moon is not an area"):
            rooks(2, 2).neighbours("moon")

    def test_doubled_codes(self):
        nothing = np.empty(0, dtype=np.int64)
        with pytest.raises(StatisticsError, match="codes given more than once: a"):
            assembled(pd.Index(["a", "a"]), nothing, nothing, policy="x")


class TestPolicies:
    @pytest.mark.parametrize(
        ("policy", "expected"),
        [
            ("queen", 40),
            ("rook", 24),
            ("queen+sea-links", 40),
            ("rook+sea-links", 24),
            ("queen-order-2", 72),  # everything is within two queen steps: 9 × 8
            ("knn2-directed", 18),
            ("distance:1000", 24),
        ],
    )
    def test_links_of_a_chessboard(self, chessboard, policy, expected):
        weights = build_weights(chessboard(3, 3), policy=policy)
        assert weights.policy == policy
        assert weights.audit.links == expected

    def test_unknown_policy_and_crossing(self, chessboard):
        with pytest.raises(ConfigError, match="'bishop'"):
            build_weights(chessboard(2, 2), policy="bishop")
        with pytest.raises(ConfigError, match="Bridge of Sighs"):
            build_weights(chessboard(2, 2), sea_links_on=["Bridge of Sighs"])

    def test_unexpected_isolate_is_an_error_unless_declared(self, chessboard):
        board = chessboard(3, 3, without=("r0c1", "r1c0", "r1c1"))
        with pytest.raises(StatisticsError, match="have no neighbour") as caught:
            build_weights(board)
        assert "R0C0 (r0c0)" in str(caught.value)
        assert build_weights(board, declared_isolates=["r0c0"]).audit.isolates == ("r0c0",)
        assert build_weights(board, declared_isolates="any").audit.isolates == ("r0c0",)

    def test_crossing_joins_what_land_does_not(self, chessboard):
        wight, solent, portsmouth = "E06000046", "E06000045", "E06000044"
        board = chessboard(1, 5, without=("r0c1", "r0c3"))
        frame = board.frame.assign(code=[wight, solent, portsmouth])
        frame.geometry = [box(0, 0, 1, 1), box(5, 0, 6, 1), box(6, 0, 7, 1)]
        isle = type(board)("LAD", board.date, frame, board.sources)
        weights = build_weights(isle)
        assert set(weights.neighbours(wight)) == {solent, portsmouth}
        assert {link[:2] for link in weights.audit.sea_links} == {(wight, solent), (wight, portsmouth)}
        lines = "\n".join(audit_lines(weights))
        assert "ferry: Southampton to Cowes" in lines
        assert "Crossings added where no land border joins: 2." in lines
        # With both ferries off the island stays alone, and that is expected: no error, and the audit says so.
        alone = build_weights(isle, sea_links_off=["Southampton to Cowes", "Portsmouth to Fishbourne and Ryde"])
        assert alone.audit.isolates == (wight,)
        assert f"stay without a neighbour, and so are not testable: {wight}" in "\n".join(audit_lines(alone))

    def test_atoms_carry_a_crossing_to_any_set(self, chessboard):
        board = chessboard(1, 3, without=("r0c1",))
        atoms = pd.DataFrame({"code": ["r0c0", "r0c0", "r0c2"], "atom": ["S12000015", "S12000014", "S12000036"]})
        forth = type(board)("custom", board.date, board.frame, board.sources, atoms=atoms)
        weights = build_weights(forth)
        assert weights.neighbours("r0c0") == ("r0c2",)
        assert weights.audit.sea_links[0][2].startswith("bridge: Queensferry Crossing")

    def test_members_stand_in_for_atoms(self, chessboard):
        board = chessboard(1, 3, without=("r0c1",))
        members = pd.DataFrame({"code": ["r0c0", "r0c2"], "member": ["E08000012", "E08000015"]})
        mersey = type(board)("custom", board.date, board.frame, board.sources, members=members)
        assert build_weights(mersey).neighbours("r0c0") == ("r0c2",)

    def test_a_nation_of_one_area_across_the_sea_is_expected(self, chessboard):
        board = chessboard(2, 4, without=("r0c2", "r1c2", "r1c3"), nation=["E", "E", "N", "E", "E"])
        weights = build_weights(board)
        assert weights.audit.isolates == ("r0c3",)

    def test_audit_lines_of_an_empty_graph(self):
        nothing = np.empty(0, dtype=np.int64)
        empty = assembled(pd.Index([], dtype=object), nothing, nothing, policy="none")
        assert isinstance(empty, Weights)
        assert audit_lines(empty)[0] == "Weights none: 0 areas, 0 directed links, no neighbours each (mean 0.00)."


class TestRegister:
    def test_every_island_has_a_default_crossing(self):
        ends = {end for link in chosen() for end in (link.from_atom, link.to_atom)}
        assert ends >= ISLANDS.keys()

    def test_the_irish_sea_is_off_by_default(self):
        on = {link.name for link in chosen()}
        assert "Larne to Cairnryan" not in on
        assert "Larne to Cairnryan" in {link.name for link in chosen(on=["Larne to Cairnryan"])}
        assert "Humber Bridge" not in {link.name for link in chosen(off=["Humber Bridge"])}

    def test_names_are_unique_so_that_each_can_be_switched(self):
        names = [link.name for link in register()]
        assert len(names) == len(set(names))
        assert all(link.reason for link in register())

    def test_ends_that_a_set_lacks_are_reported(self, chessboard):
        joins, homeless = placed(chosen(), chessboard(2, 2))
        assert not joins
        assert len(homeless) == len(chosen())


class TestOutside:
    """What weights give to the world: lags, tables, lines, cards."""

    def test_lag_is_the_mean_of_the_neighbours_that_have_a_value(self, mutual):
        weights = mutual(("a", "b"), ("a", "c"), ids=list("abcd"))
        values = pd.Series({"d": 9.0, "c": np.nan, "b": 4.0, "a": 1.0})
        found = weights.lag(values)
        assert found.index.tolist() == list("abcd")
        assert found.tolist()[:3] == [4.0, 1.0, 1.0]
        assert np.isnan(found["d"])
        full = weights.lag(values.fillna(6.0), total=True)
        assert full["a"] == 10.0

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            (pd.Series({"a": 1.0}), "areas without a row: b"),
            (pd.Series([1.0, 2.0, 3.0], index=["a", "b", "b"]), "more than once"),
            (pd.Series({"a": "x", "b": "y"}), "a lag is of numbers"),
        ],
    )
    def test_a_lag_of_what_it_cannot_be(self, mutual, values, fault):
        with pytest.raises(StatisticsError) as caught:
            mutual(("a", "b")).lag(values)
        assert fault in str(caught.value)

    def test_tables_and_lines(self, chessboard):
        boundaries = chessboard(1, 3)
        weights = build_weights(boundaries, policy="queen")
        links = weights.to_frame()
        assert links.to_numpy().tolist() == [
            ["r0c0", "r0c1", 1.0],
            ["r0c1", "r0c0", 1.0],
            ["r0c1", "r0c2", 1.0],
            ["r0c2", "r0c1", 1.0],
        ]
        assert from_edges(links, ids=weights.ids).to_frame().equals(links)
        lines = weights.to_geo(boundaries)
        assert lines[["from", "to"]].to_numpy().tolist() == [["r0c0", "r0c1"], ["r0c1", "r0c2"]]
        assert lines.crs == boundaries.frame.crs
        assert lines.length.tolist() == [1000.0, 1000.0]
        with pytest.raises(StatisticsError, match="areas of the set"):
            weights.to_geo(chessboard(1, 2))

    def test_a_card(self, mutual):
        shown = mutual(("a", "b"), ids=["a", "b", "<c>"])._repr_html_()
        assert "<caption>Neighbours: edges</caption>" in shown
        assert "&lt;c&gt;" in shown
