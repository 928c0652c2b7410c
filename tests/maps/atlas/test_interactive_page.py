"""The interactive page of an atlas: what it holds of outcomes that are followed, of groups, regions and probabilities."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.change.result import MOVED
from geo.errors import ConfigError, TableError
from maps.atlas.config import load_config
from maps.atlas.interactive import write_interactive
from maps.atlas.run import prepare
from tests.maps.atlas.test_followed import HEAD, table
from tests.maps.test_page_figures import read_numbers

if TYPE_CHECKING:
    from maps.atlas.whole import Atlas

GROUPS = """
periods = "all"
where = { sex = "F" }
[[outcome]]
id = "boys"
file = "score.csv"
measure = "mean"
favourable = "high"
where = { sex = "M" }
[outputs]
kinds = ["choropleth", "levels", "clusters", "hex"]
"""


@pytest.fixture(scope="module")
def atlas(tmp_path_factory) -> Atlas:
    folder = tmp_path_factory.mktemp("groups")
    girls = table().assign(sex="F")
    boys = girls.assign(sex="M", value=girls["value"] - 1)
    pd.concat([girls, boys]).to_csv(folder / "score.csv", index=False)
    (folder / "outward.csv").write_text("outward,code\nLL77,W06000001\nLL57,W06000002\n", encoding="utf-8")
    path = folder / "atlas.toml"
    path.write_text(
        'postcodes = "outward.csv"\npostcodes_credit = "A table of tests"\n' + HEAD + GROUPS, encoding="utf-8"
    )
    return prepare(load_config(path), [folder])


@pytest.fixture(scope="module")
def content(atlas, tmp_path_factory):
    text = write_interactive(atlas, tmp_path_factory.mktemp("page")).read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', text, re.DOTALL)[1])


def test_every_period_of_a_followed_outcome_is_there(atlas, content):
    figures = content["outcomes"][0]["figures"]
    assert figures["periods"] == ["2018", "2021", "2023"]
    assert figures["at"] == 2
    columns = [read_numbers(text) for text in figures["value"]]
    frame = atlas.study("score").joined.frame
    last = [sum(steps) / 10 ** figures["held"] for steps in zip(*columns, strict=True)]
    assert last == pytest.approx(frame["value"].tolist())
    assert [one["figures"]["at"] for one in content["outcomes"]] == [2, 2]


def test_layers_stand_in_the_order_of_the_four_answers(content):
    layers = content["outcomes"][0]["layers"]
    assert [layer["kind"] for layer in layers] == ["choropleth", "levels", "probability", "warning", "clusters"]
    assert [layer["answer"] for layer in layers] == ["levels", "levels", "levels", "change", "pattern"]


def test_the_layer_of_change_counts_what_was_found(atlas, content):
    change = atlas.watched.changes[0]
    verdicts = Counter(change.frame["verdict"])
    layer = next(one for one in content["outcomes"][0]["layers"] if one["kind"] == "warning")
    moved = sum(
        entry["count"] for entry in layer["classes"] if entry["key"] in MOVED or entry["key"].endswith("-common")
    )
    assert moved == sum(verdicts[verdict] for verdict in MOVED) > 0
    worst = change.frame["change"].idxmin()
    at = content["grounds"][0]["codes"].index(worst)
    assert "since 2018" in layer["values"][at]


def test_the_layer_of_probability_agrees_with_the_levels(atlas, content):
    layer = next(one for one in content["outcomes"][0]["layers"] if one["kind"] == "probability")
    below = atlas.study("score").levels.frame["p_below"]
    labels = [entry["label"] for entry in layer["classes"]]
    assert labels == ["95% or more", "80% to 95%", "20% to 80%", "5% to 20%", "Less than 5%", "No data"]
    counts = [int((below >= 0.95).sum()), int(below.between(0.8, 0.95, inclusive="left").sum())]
    assert [entry["count"] for entry in layer["classes"]][:2] == counts
    assert sum(entry["count"] for entry in layer["classes"]) == len(below)
    assert layer["classes"][0]["colour"] == "#8c510a"  # surely below is the unfavourable end


def test_outcomes_that_differ_by_a_breakdown_are_groups_of_one(content):
    assert [(one["family"], one["group"]) for one in content["outcomes"]] == [("score", "F"), ("score", "M")]


def test_areas_have_cells_neighbours_kinds_and_pages(atlas, content):
    ground = content["grounds"][0]
    assert len(read_numbers(ground["cells"])) == 2 * 22
    codes = ground["codes"]
    near = {codes[other] for other in ground["near"][codes.index("W06000001")]}
    assert near == set(atlas.study("score").ground.weights.neighbours("W06000001"))
    assert [kind for kind, _ in ground["kinds"]][:3] == ["Coastal", "Rural", "Post-industrial"]
    assert ground["pages"][0] == f"areas/{codes[0]}.html"
    assert ground["parts"] == []  # Wales alone: no part of it is the whole


def test_the_figure_of_the_whole_stands_first(atlas, content):
    one = content["outcomes"][0]["figures"]["benchmarks"][0]
    assert one["code"] == ""
    assert one["label"] == atlas.study("score").average.label


def test_postcodes_are_those_of_the_configuration(content):
    search = content["search"]
    assert search["whose"] == "A table of tests"
    assert [search["places"][at][0] for at in search["postcodes"]["LL77"]] == ["W06000001"]


def test_wrong_postcodes_stop_the_build_before_any_work(tmp_path):
    table().to_csv(tmp_path / "score.csv", index=False)
    path = tmp_path / "atlas.toml"
    path.write_text('postcodes = "outward.csv"\n' + HEAD, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"the postcodes 'outward\.csv' were not found"):
        prepare(load_config(path), [tmp_path])
    (tmp_path / "outward.csv").write_text("outward,code\nLL77,E06000001\n", encoding="utf-8")
    with pytest.raises(TableError, match="codes of no area of this atlas: E06000001"):
        prepare(load_config(path), [tmp_path])
