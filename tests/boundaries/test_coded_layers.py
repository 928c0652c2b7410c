"""Any layer with codes is a geography: nested in districts, joined, carried between editions, checked."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from boundaries.areas.loading import load_boundary_set
from boundaries.conversion.edition_files import edition_lookup
from boundaries.conversion.recoding_files import recode_file
from boundaries.joined import join
from boundaries.joined.checking import asking_of, check_file
from boundaries.joined.checks import report
from boundaries.joined.extent import join_within, within
from boundaries.sources.registry import read_outcome
from geo.errors import CodeError, CRSError, DateError, JoinError, TableError
from tests.boundaries.small_layers import DATE, HARTLEPOOL, STOCKTON, pieces, write_layer, write_table


@pytest.fixture(scope="module")
def layer(tmp_path_factory):
    return write_layer(tmp_path_factory.mktemp("layer"))


@pytest.fixture(scope="module")
def areas(layer):
    return load_boundary_set("", layer=layer)


def table_of(folder, values, **how):
    return read_outcome("table", write_table(folder, values), measure="rate", unit="%", **how)


class TestLoading:
    def test_codes_tell_geography_and_the_column_the_date(self, areas):
        assert (areas.geography, areas.date, len(areas)) == ("LSOA", DATE, 12)
        assert areas.in_words == "the 12 lower layer super output areas of 2021-03-21"
        assert areas.frame["name"].iloc[0] == "Piece 001A"

    def test_a_point_inside_tells_the_district_and_it_is_said(self, areas):
        known = pieces().set_index("LSOA21CD")["home"]
        told = areas.districts.set_index("code")
        assert told["district"].to_dict() == known.to_dict()
        assert set(told["basis"]) == {"point"}
        assert areas.notes == ("Districts of 2021-03-21 in which the areas lie: 12 by a point inside the area.",)
        assert set(areas.frame["region_name"]) == {"North East"}
        assert set(areas.frame["nation"]) == {"E"}

    def test_a_lookup_counts_before_the_point_and_brings_residents(self, layer, tmp_path):
        home = pieces().assign(LAD21CD=lambda made: made["home"], pop_2021=[100.0 * i for i in range(1, 13)])
        home.loc[0, "LAD21CD"] = STOCKTON  # a part of Hartlepool that the lookup gives to its neighbour
        path = tmp_path / "lookup.csv"
        home[["LSOA21CD", "LAD21CD", "pop_2021"]].to_csv(path, index=False)
        made = load_boundary_set("", layer=layer, lookup=path)
        told = made.districts.set_index("code")
        assert told.loc["E01000001", "district"] == STOCKTON
        assert set(told["basis"]) == {"lookup"}
        assert made.frame["population"].tolist() == [100.0 * i for i in range(1, 13)]
        assert made.notes == ("Districts of 2021-03-21 in which the areas lie: 12 by lookup.csv (LAD21CD).",)
        assert [source.title for source in made.sources] == ["lsoa.gpkg", "lookup.csv"]

    def test_a_column_of_the_layer_is_a_lookup(self, tmp_path):
        path = tmp_path / "lsoa.gpkg"
        pieces().rename(columns={"home": "LAD21CD"}).to_file(path)
        made = load_boundary_set("", layer=path)
        assert set(made.districts["basis"]) == {"layer"}

    def test_an_area_that_no_district_holds_goes_to_the_nearest_and_is_named(self, tmp_path):
        frame = pieces()
        _west, south, east, _north = frame.total_bounds
        frame.loc[11, "geometry"] = box(east + 40_000, south, east + 40_500, south + 500)  # in the North Sea
        made = load_boundary_set("", layer=write_layer(tmp_path, frame))
        told = made.districts.set_index("code")["basis"]
        assert told["E01000012"] == "nearest"
        assert made.notes[1].startswith("No district holds 1 area: E01000012 to ")

    def test_areas_of_ones_own_need_no_code_of_the_register(self, tmp_path):
        frame = pieces().drop(columns="home").rename(columns={"LSOA21CD": "id", "LSOA21NM": "called"})
        frame["id"] = [f"beat {number}" for number in range(12)]
        path = tmp_path / "beats.gpkg"
        frame.to_file(path)
        made = load_boundary_set("beats", "2023-04-01", layer=path, layer_code="id", layer_name="called")
        assert (made.geography, made.frame["code"].iloc[0]) == ("beats", "beat 0")
        assert made.frame["name"].iloc[0] == "Piece 001A"
        assert made.in_words == "the 12 areas of beats of 2023-04-01"

    def test_districts_of_a_file_are_still_shapes_of_the_register(self, tmp_path):
        path = tmp_path / "lad.gpkg"
        load_boundary_set("LAD", "2023-04-01").frame[["code", "geometry"]].to_file(path)
        made = load_boundary_set("", "2023-04-01", layer=path)
        assert (made.geography, made.districts, len(made)) == ("LAD", None, 361)

    @pytest.mark.parametrize(
        ("how", "error", "words"),
        [
            ({"layer_code": "nothing"}, TableError, "has no column 'nothing'"),
            ({"layer_name": "nothing"}, TableError, "has no column 'nothing'"),
            ({"lookup": "nowhere.csv"}, TableError, "there is no lookup nowhere.csv"),
            ({"nations": ["S"]}, CodeError, "shows no area of S"),
            ({"crs": "EPSG:2157"}, CRSError, "does not lie where the United Kingdom is"),
        ],
    )
    def test_what_cannot_be_is_refused(self, layer, how, error, words):
        with pytest.raises(error, match=words):
            load_boundary_set("LSOA", DATE, layer=layer, **how)

    def test_a_date_is_asked_for_where_no_column_tells_it(self, tmp_path):
        frame = pieces().rename(columns={"LSOA21CD": "code"})
        with pytest.raises(DateError, match="needs a date") as caught:
            load_boundary_set("LSOA", layer=write_layer(tmp_path, frame))
        assert [remedy.option for remedy in caught.value.remedies] == ["date"]

    def test_a_lookup_of_other_areas_is_refused(self, layer, tmp_path):
        path = tmp_path / "other.csv"
        path.write_text("MSOA21CD,LAD21CD\nE02000001,E06000001\n", encoding="utf-8")
        with pytest.raises(TableError, match="no lookup of these areas"):
            load_boundary_set("", layer=layer, lookup=path)
        path.write_text("LSOA21CD,RGN\nE01000001,E12000001\n", encoding="utf-8")
        with pytest.raises(TableError, match="says nothing of these areas"):
            load_boundary_set("", layer=layer, lookup=path)


class TestJoining:
    def test_every_area_gets_its_value_and_the_receipt_says_how_it_nests(self, areas, tmp_path):
        values = {code: float(number) for number, code in enumerate(areas.frame["code"])}
        joined = join(table_of(tmp_path, values), areas)
        assert joined.frame["value"].tolist() == list(values.values())
        assert areas.notes[0] in joined.receipt.statements

    def test_a_district_and_a_region_hold_their_small_areas(self, areas, tmp_path):
        assert len(within(areas, "Hartlepool")) == 6
        assert len(within(areas, "North East")) == 12
        with pytest.raises(CodeError, match="no area of LSOA lies whole in London"):
            within(areas, "London")
        values = dict.fromkeys(areas.frame["code"], 1.0)
        joined = join_within(table_of(tmp_path, values), areas, place=STOCKTON)
        assert len(joined.frame) == 6
        assert len(joined.boundaries.districts) == 6

    def test_codes_of_another_edition_are_refused_without_a_lookup(self, areas, tmp_path):
        values = {**dict.fromkeys(areas.frame["code"][:11], 1.0), "E01033333": 2.0}
        with pytest.raises(JoinError, match="LSOA of 2021") as caught:
            join(table_of(tmp_path, values), areas)
        assert any("E01033333" in fault for fault in caught.value.faults)


class TestEditions:
    """E01000001 and 2 were one area, E01009001; E01000003 was two, E01009002 and 3; the others stayed."""

    def lookup(self, folder, *, residents: bool):
        rows = [("E01009001", "E01000001", 300), ("E01009001", "E01000002", 100)]
        rows += [("E01009002", "E01000003", 500), ("E01009003", "E01000003", 500)]
        rows += [(f"E0100{number:04}", f"E0100{number:04}", 50) for number in range(4, 13)]
        frame = pd.DataFrame(rows, columns=["LSOA11CD", "LSOA21CD", "pop_2021"])
        path = folder / "editions.csv"
        frame.drop(columns=[] if residents else ["pop_2021"]).to_csv(path, index=False)
        return path

    def counts(self, folder):
        values = {"E01009001": 80.0, "E01009002": 5.0, "E01009003": 7.0}
        values |= {f"E0100{number:04}": 1.0 for number in range(4, 13)}
        path = write_table(folder, values, name="count.csv", code="LSOA11CD")
        return path, read_outcome("table", path, measure="count")

    def test_a_count_is_added_where_areas_merged_and_divided_by_residents(self, layer, tmp_path):
        made = load_boundary_set("", layer=layer, lookup=self.lookup(tmp_path, residents=True))
        joined = join(self.counts(tmp_path)[1], made)
        assert joined.frame["value"].tolist()[:4] == [60.0, 20.0, 12.0, 1.0]
        assert joined.frame["quality"].tolist()[:4] == ["modelled", "modelled", "exact", "exact"]
        assert joined.receipt.fates["split"] == 1
        assert joined.receipt.fates["merged"] == 2

    def test_without_residents_the_count_is_refused_and_the_lookup_asked_for(self, layer, tmp_path):
        made = load_boundary_set("", layer=layer, lookup=self.lookup(tmp_path, residents=False))
        with pytest.raises(JoinError, match="LSOA of 2021") as caught:
            join(self.counts(tmp_path)[1], made)
        assert "lookup" in [remedy.option for remedy in caught.value.remedies]

    def test_the_rows_of_other_districts_are_left_aside(self, layer, tmp_path):
        made = load_boundary_set("", layer=layer, lookup=self.lookup(tmp_path, residents=True))
        joined = join_within(self.counts(tmp_path)[1], made, place=STOCKTON)
        assert joined.frame["value"].tolist() == [1.0] * 6

    def test_a_file_is_converted_by_the_lookup_alone(self, tmp_path):
        path, _ = self.counts(tmp_path)
        done = recode_file(
            path, to=None, measure="count", lookup=self.lookup(tmp_path, residents=True), columns={"code": "LSOA11CD"}
        )
        told = done.columns["rate"]
        assert (told.geography, told.to) == ("LSOA", DATE)
        frame = done.to_frame().set_index("code")
        assert frame["rate"].tolist()[:3] == [60.0, 20.0, 12.0]
        assert float(frame["rate"].sum()) == 101.0  # nothing is lost

    def test_a_lookup_that_does_not_say_what_is_wanted_is_refused(self, tmp_path):
        path = tmp_path / "odd.csv"
        path.write_text("LSOA11CD,LSOA21CD,LSOA22CD\nE01000001,E01000001,E01000001\n", encoding="utf-8")
        with pytest.raises(TableError, match="which codes are wanted"):
            edition_lookup(path, {"E01000001"})
        assert edition_lookup(path, {"E01000001"}, to_column="LSOA22CD").date == dt.date(2022, 12, 31)
        with pytest.raises(TableError, match="no lookup of this table"):
            edition_lookup(path, {"E01000009"})
        with pytest.raises(TableError, match="there is no lookup"):
            edition_lookup(tmp_path / "none.csv", {"E01000001"})


class TestChecking:
    def said(self, path, **how):
        found = check_file(path, asking=asking_of(measure="rate", unit="%", **how))
        return found, "\n".join(report(found))

    def test_a_table_of_small_areas_says_which_layer_it_needs(self, tmp_path):
        path = write_table(tmp_path, {"E01000001": 1.0, "E01033800": 2.0, "E01033801": 3.0})
        found, words = self.said(path)
        assert found.inference.geography == "LSOA"
        assert "edition 2021" in words
        assert "a layer of lower layer super output areas of 2021" in words
        assert "--layer …" in words
        assert not found.sound

    def test_with_the_layer_it_is_sound(self, layer, tmp_path):
        path = write_table(tmp_path, {f"E0100{number:04}": number for number in range(1, 13)})
        found, words = self.said(path, layer=str(layer))
        assert found.sound
        assert "joined to the 12 lower layer super output areas of 2021-03-21" in words


def test_shapes_in_degrees_are_projected(tmp_path):
    made = load_boundary_set("", layer=write_layer(tmp_path, pieces().to_crs(4326), "lsoa.geojson"))
    assert made.frame.crs.to_epsg() == 27700
    assert shapely.is_valid(made.frame.geometry.to_numpy()).all()
    assert set(made.districts["district"]) == {HARTLEPOOL, STOCKTON}
