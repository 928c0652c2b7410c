"""An outcome that is followed over all its periods: series, warnings, and what the front page says of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from html import unescape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from analysis.change import Thresholds
from analysis.watch import series_of_build
from boundaries.areas.loading import load_boundary_set
from geo.errors import ConfigError
from maps.atlas.across import alike_on, write_across, write_profiles
from maps.atlas.config import load_config
from maps.atlas.cut_tables import regional_tables
from maps.atlas.overview import overview_of
from maps.atlas.packing import write_region
from maps.atlas.run import prepare
from maps.atlas.tables import write_tables
from maps.findings import WatchedChanges
from maps.kinds.table import kind_named
from maps.packs import Region, RegionInfo
from maps.packs.summary import watched_summary
from maps.rendering import render, template_text
from maps.site import Watched
from maps.site.watched import watched_told

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.config import AtlasConfig
    from maps.atlas.whole import Atlas

HEAD = """
title = "Followed"
slug = "followed"
[boundaries]
date = 2023-04-01
nations = ["W"]
[statistics]
robustness = false
permutations = 999
[[outcome]]
id = "score"
file = "score.csv"
measure = "mean"
favourable = "high"
"""


def table() -> pd.DataFrame:
    """Twenty-two areas of Wales in three years, all but two within the error of one point; one 12 points worse, one 12 better."""
    codes = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame["code"].tolist()
    rng = np.random.default_rng(4)
    base = 50 + 5 * rng.standard_normal(len(codes))
    years = []
    for year in (2018, 2021, 2023):
        values = base + rng.normal(0, 0.3, len(codes))
        if year == 2023:
            values[3] -= 12
            values[7] += 12
        years.append(pd.DataFrame({"code": codes, "period": str(year), "value": values.round(2), "se": 0.5}))
    return pd.concat(years)


def prepared(folder: Path, keys: str) -> Atlas:
    table().to_csv(folder / "score.csv", index=False)
    path = folder / "atlas.toml"
    path.write_text(HEAD + keys, encoding="utf-8")
    return prepare(load_config(path), [folder])


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return prepared(
        tmp_path_factory.mktemp("followed"), 'periods = "all"\nbreaks = [40, 60]\nlabels = ["poor", "fair", "good"]\n'
    )


@pytest.fixture(scope="module")
def data(atlas: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "data"
    write_tables(atlas, folder)
    return folder


def test_series_hold_every_period_and_are_read_back(atlas: Atlas, data: Path) -> None:
    series = pd.read_csv(data / "series.csv")
    assert series["period"].value_counts().to_dict() == dict.fromkeys((2018, 2021, 2023), 22)
    (again,), levels = series_of_build(data)
    assert again.periods == ("2018", "2021", "2023")
    assert levels["score"].to_dict() == atlas.studies[0].levels.frame["level"].to_dict()
    assert (data / "receipts" / "score-periods.json").is_file()


def test_warnings_name_what_moved_and_no_more(data: Path) -> None:
    codes = table()["code"].iloc[:22].tolist()
    warnings = pd.read_csv(data / "warnings.csv")
    moved = dict(zip(warnings["code"], warnings["direction"], strict=True))
    assert moved == {codes[3]: "regressing", codes[7]: "improving"}
    told = pd.read_csv(data / "data-dictionary.csv", keep_default_na=False).groupby("file")["column"].agg(list)
    assert told["warnings.csv"] == list(warnings.columns)
    assert told["series.csv"] == list(pd.read_csv(data / "series.csv").columns)
    assert set(told.index) == {path.name for path in data.glob("*.csv")} - {"data-dictionary.csv"}
    assert warnings["unit"].tolist() == ["", ""] or warnings["unit"].isna().all()
    assert set(warnings["base"]) <= {"fixed", "relative", "not-known"}


def test_the_front_page_tells_them_with_the_false_ones_expected(atlas: Atlas) -> None:
    found = overview_of(atlas)
    assert found.changes
    assert found.rows[0].change == ("1 clearly rose and 1 clearly fell since 2018",)
    worse, better, middle = found.watched.sentences
    assert middle.startswith("An area that stood unusually high or low")
    assert worse.startswith(
        "Getting worse, beyond the error of both periods: 1 figure in 1 area. It is false with a probability below 0.01."
    )
    assert better.startswith("Getting better, beyond the error of both periods: 1 figure in 1 area.")
    (row,) = found.watched.worse
    assert row.change.startswith("−1")
    assert row.since == "2018"
    assert atlas.findings("score").change is not None


def test_stated_bands_are_in_every_table(atlas: Atlas, data: Path) -> None:
    levels = pd.read_csv(data / "levels.csv")
    wanted = pd.cut(levels["value"], [-np.inf, 40, 60, np.inf], right=False, labels=["poor", "fair", "good"])
    assert levels["band"].tolist() == wanted.tolist()
    profiles = pd.read_csv(data / "profiles.csv").set_index("code")
    assert profiles["score"][levels["code"]].tolist() == wanted.tolist()
    assert profiles["p_low_on"].notna().all()
    areas = pd.read_csv(data / "areas.csv")
    assert areas["score__2023__band"].tolist() == wanted.tolist()
    choropleth = next(spec for spec in atlas.specs["score"] if spec.kind == "choropleth")
    assert (choropleth.breaks, choropleth.method) == ((40.0, 60.0), "stated breaks")


def test_several_periods_are_followed_where_nobody_says_otherwise(tmp_path: Path) -> None:
    assert [one.meta.id for one in prepared(tmp_path, "").series] == ["score"]


def place(*codes: str) -> Region:
    return Region(RegionInfo("W1", "Here", "here", "W", tier="council" if len(codes) == 1 else "region"), "LAD", codes)


def test_the_early_warning_of_a_region_counts_its_own(atlas: Atlas, data: Path) -> None:
    codes = table()["code"].iloc[:22].tolist()
    kit = dataclasses.replace(atlas.kits["LAD"], data=data)
    said = watched_summary(place(*codes[:5]), kit)
    assert said[0] == (
        "Getting worse, beyond the error of both periods: 1 figure in 1 area. It is false with a probability below 0.01."
    )
    assert said[1] == "Getting better, beyond the error of both periods: none."
    name = atlas.watched.warnings[0].name
    assert said[2].startswith(f"Worse: {name}, score: −1")
    assert len(said) == 3
    assert regional_tables(kit, place(*codes[:5]))["warnings.csv"]["code"].tolist() == [codes[3]]
    # one beside it is no area of the place: its flags are not counted, nor listed
    beside = dataclasses.replace(place(codes[2]), context=(codes[3],))
    assert "warnings.csv" not in regional_tables(kit, beside)
    assert watched_summary(beside, kit)[0] == "Getting worse, beyond the error of both periods: none."


def test_the_section_of_a_pack_has_sizes_probabilities_levels_and_power(atlas: Atlas) -> None:
    codes = table()["code"].iloc[:22].tolist()
    kit = atlas.kits["LAD"]
    topics = {one.id: one.topic for one in kit.outcomes}
    told = watched_told(kit.watched.within(codes[:5]), topics)
    (row,) = told.worse
    assert (row.since, row.sure, row.row) == ("2018", "above 0.99", "")
    assert row.now == "Clearly below"
    assert told.sentences[-1].startswith("An area that stood unusually high or low")
    assert told.power[0].endswith("in one area would be seen in 1 of 5 of these areas.")
    alone = watched_told(kit.watched.within(codes[:1]), topics, one=True)
    assert (alone.worse, len(alone.sentences)) == ((), 2)
    assert alone.power[0].endswith("would have been seen with a chance of 1 in 5.")
    nobody = watched_told(kit.watched.within(["W99999999"]), topics)
    assert (nobody.worse, nobody.power) == ((), ())


def test_what_moves_is_kept_for_packs_made_later(atlas: Atlas) -> None:
    found = atlas.kits["LAD"].watched
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert WatchedChanges.from_dict(told) == found
    assert not WatchedChanges()
    assert watched_told(WatchedChanges(), {}) == Watched()
    unseen = dataclasses.replace(found.compared[0], thresholds=Thresholds(("a",), (1.0,), (math.inf,)))
    none = dataclasses.replace(found, compared=(unseen,), unjudged=("score",))
    assert WatchedChanges.from_dict(json.loads(json.dumps(none.to_dict()))) == none
    topics = {one.id: one.topic for one in atlas.kits["LAD"].outcomes}
    told_none = watched_told(none, topics)
    assert told_none.power == ("Score: a change of one area could not be distinguished from that of all areas.",)
    assert "Not judged, as no error of two periods that can be compared is published: Score." in told_none.sentences
    assert not found.about(())


def test_a_pack_says_what_gets_worse_there(atlas: Atlas, data: Path, tmp_path: Path) -> None:
    codes = table()["code"].iloc[:22].tolist()
    kit = atlas.kits["LAD"]
    specs = [spec for spec in kit.outcomes[0].specs if spec.kind == "choropleth"]
    bare = (dataclasses.replace(kit.outcomes[0], specs=tuple(specs)),)
    kit = dataclasses.replace(kit, data=data, outcomes=bare)
    write_region(kit, place(*codes[:5]), tmp_path)
    folder = tmp_path / "W1-here"
    assert pd.read_csv(folder / "warnings.csv")["code"].tolist() == [codes[3]]
    for file in ("index.html", "summary.html", "README.txt"):
        text = " ".join((folder / file).read_text(encoding="utf-8").split())
        assert "What gets worse, what gets better" in text
        assert "Getting worse, beyond the error of both periods: 1 figure in 1 area." in text
        assert "It is false with a probability below 0.01." in text
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "above 0.99" in page
    assert page.index("watched-heading") < page.index("score-title")


def test_the_front_page_shows_the_section(atlas: Atlas) -> None:
    told = overview_of(atlas).watched
    page = render("watched.html.j2", watched=told, opened=False)
    assert page.count("<details>") == 3  # worse, better, and what could have been seen
    assert told.worse[0].area in unescape(page)
    assert "{% with watched = overview.watched, opened = false %}" in template_text("index.html.j2")
    assert render("watched.html.j2", watched=Watched(), opened=False).strip() == ""


def test_places_alike_are_told_by_what_is_named(atlas: Atlas, tmp_path: Path) -> None:
    assert alike_on(atlas, "LAD") is None
    asked = dataclasses.replace(atlas, config=_alike(atlas, "residents_per_hectare", "score"))
    found = alike_on(asked, "LAD")
    assert found is not None
    assert found.groupby("code").size().unique().tolist() == [5]
    assert list(found.columns[:6]) == ["code", "name", "like", "like_name", "rank", "distance"]
    wrong = dataclasses.replace(atlas, config=_alike(atlas, "density"))
    with pytest.raises(ConfigError, match="cannot be told by density"):
        alike_on(wrong, "LAD")
    written = {path.name for path in write_across(asked, tmp_path)}
    assert "alike.csv" in written
    told = asked.dictionary.groupby("file")["column"].agg(list)
    assert told["alike.csv"] == list(found.columns)


def _alike(atlas: Atlas, *names: str) -> AtlasConfig:
    statistics = atlas.config.statistics.model_copy(update={"alike": names})
    return atlas.config.model_copy(update={"statistics": statistics})


def test_what_moved_is_drawn_in_an_atlas(atlas: Atlas) -> None:
    for name in ("warning", "watch-list"):
        kind = kind_named(name)
        assert atlas.subject("score", kind).lacks(kind.needs) == ()
    spec = kind_named("warning").spec(atlas.subject("score", kind_named("warning")))
    assert sorted(outline.key for outline in spec.outlines) == sorted(table()["code"].iloc[[3, 7]].tolist())


def test_profiles_are_written_in_every_form(atlas: Atlas, tmp_path: Path) -> None:
    names = {path.relative_to(tmp_path).as_posix() for path in write_profiles(atlas, tmp_path)}
    assert names == {"profiles.html", *(f"maps/profiles.{form}" for form in ("png", "svg", "pdf"))}
    assert "profiles.xlsx" in {path.name for path in write_across(atlas, tmp_path / "data")}


def test_an_outcome_of_one_period_is_shown_as_ever(tmp_path: Path) -> None:
    atlas = prepared(tmp_path, 'periods = "latest"\n')
    assert (atlas.series, atlas.watched) == ((), None)
    write_tables(atlas, tmp_path / "data")
    assert not (tmp_path / "data" / "series.csv").exists()
    found = overview_of(atlas)
    assert (found.watched.sentences, found.changes) == ((), False)


def test_a_claim_of_a_form_that_cannot_be_read_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "atlas.toml"
    path.write_text('claim = "nothing of the kind"\n' + HEAD, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert "the claim 'nothing of the kind' cannot be read" in caught.value.faults[0]
