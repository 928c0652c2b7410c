"""An atlas may ask for every kind that ``map`` can draw, with outcomes of several geographies; and its tasks travel."""

from __future__ import annotations

import datetime as dt
import pickle
import shutil
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest

from boundaries.areas.loading import load_boundary_set
from geo import cli
from geo.errors import ConfigError, PluginError
from geo.renaming import RenamedWarning
from maps.atlas.config import load_config
from maps.atlas.inputs import read_outcomes, study_config
from maps.atlas.manifest import read_manifest
from maps.atlas.run import build_atlas, prepare, write_atlas
from maps.atlas.tasks import Site, StudyTask, pack_tasks, page_tasks, picture_tasks
from maps.feet import foot_of
from maps.kinds.table import kind_names, title_of, usual_kinds
from maps.packs import regional

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.whole import Atlas

HEAD = 'schema = 1\ntitle = "Wales"\nslug = "wales"\n'
QUICK = '[statistics]\nrobustness = true\npermutations = 99\ncorrection = "none"\n'
WELSH = '[boundaries]\ndate = 2023-04-01\nnations = ["W"]\n'
JOBS = """[[outcome]]
id = "jobs"
file = "jobs.csv"
measure = "count"
favourable = "high"
since = "2021"
against = "pay"
credit = "A survey of jobs"
licence = "OGL"
attribution = "Contains jobs © somebody"
note = "Jobs are counted where they are."
"""
PAY = """[[outcome]]
id = "pay"
file = "pay.csv"
measure = "mean"
unit = "£"
favourable = "high"
edition = "2nd"
basis = "works in"
"""
SPARE = '[[outcome]]\nid = "spare"\nfile = "not-there.csv"\nmeasure = "mean"\noptional = true\n'
REGIONS = """[[outcome]]
id = "health"
file = "health.csv"
measure = "mean"
favourable = "high"
geography = "pairs"
members = "pairs.csv"
date = 2023-04-01
"""
NEED_OTHERS = ("width", "symbols", "change", "multiples", "bivariate")


def tables(folder: Path) -> Path:
    """Write outcomes of Welsh districts: jobs of three periods, pay with limits; and one of pairs of districts."""
    frame = load_boundary_set("LAD", dt.date(2023, 4, 1), nations=("W",)).frame
    north = (frame.geometry.centroid.y / 10_000).round(1)
    jobs = [
        pd.DataFrame({"code": frame["code"], "period": year, "value": (north * 10).round() + step * (frame.index % 5)})
        for step, year in enumerate((2021, 2022, 2023))
    ]
    pd.concat(jobs).to_csv(folder / "jobs.csv", index=False)
    pay = pd.DataFrame({"code": frame["code"], "value": 400 - north, "lower": 390 - north, "upper": 410 - north})
    pay.to_csv(folder / "pay.csv", index=False)
    ids = pd.Series([f"pairs:{number // 2:02}" for number in range(len(frame))])
    names = ids.str.replace("pairs:", "Pair ")
    pd.DataFrame({"code": ids, "name": names, "member": frame["code"]}).to_csv(folder / "pairs.csv", index=False)
    pd.DataFrame({"code": ids.unique(), "value": range(11)}).to_csv(folder / "health.csv", index=False)
    return folder


def travelled(thing: Any) -> Any:
    """Return what another process would get."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own bytes


def written(folder: Path, text: str) -> Path:
    path = folder / "atlas.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tables(tmp_path_factory.mktemp("wales"))


@pytest.fixture(scope="module")
def wales(folder: Path) -> Atlas:
    """Return an atlas of Wales that asks for every kind."""
    kinds = ", ".join(f'"{name}"' for name in kind_names("atlas"))
    outputs = f'[outputs]\nkinds = [{kinds}]\nformats = ["png"]\npacks = ["nation"]\n'
    return prepare(load_config(written(folder, WELSH + JOBS + PAY + SPARE + QUICK + outputs)), [folder])


@pytest.fixture(scope="module")
def out(wales: Atlas, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    write_atlas(wales, folder)
    return folder


def test_a_kind_of_every_need_is_drawn(wales: Atlas, out: Path) -> None:
    jobs = {path.stem for path in (out / "maps" / "jobs").iterdir()}
    assert {"symbols", "multiples", "bivariate-pay", "change-2021-2023"} <= jobs
    assert "width" not in jobs, "no interval is published"
    pay = {path.stem for path in (out / "maps" / "pay").iterdir()}
    assert {"width", "uncertainty", "caterpillar"} <= pay
    assert pay.isdisjoint({"symbols", "multiples"}), "no count, and one period"
    assert {task.kind for task in picture_tasks(wales)} >= set(NEED_OTHERS)


def test_kinds_stand_where_they_are_offered(wales: Atlas, out: Path) -> None:
    kinds = {place: {spec.kind for spec in wales.specs_for("jobs", place)} for place in ("page", "pack", "gis")}
    assert kinds["page"] - kinds["pack"] == {"symbols"}
    assert kinds["page"] - kinds["gis"] == {"multiples"}
    page = (out / "atlas.html").read_text(encoding="utf-8")
    assert all(f'"{title_of(name)}' in page for name in ("symbols", "change", "multiples", "bivariate"))
    front = (out / "index.html").read_text(encoding="utf-8")
    assert all(title_of(name) in front for name in NEED_OTHERS)


def test_what_a_configuration_says_of_a_source_stands_under_its_maps(wales: Atlas) -> None:
    jobs, pay = wales.study("jobs").joined.meta, wales.study("pay").joined.meta
    source = (jobs.source.title, jobs.source.licence, jobs.source.attribution)
    assert source == ("A survey of jobs", "OGL", ("Contains jobs © somebody",))
    assert (pay.index_version, pay.place_basis) == ("2nd", "works in")
    foot = " ".join(foot_of(wales.specs["jobs"][0]))
    assert "A survey of jobs" in foot
    assert "Contains jobs © somebody." in foot
    assert "Jobs are counted where they are." in wales.specs["jobs"][0].coverage


def test_an_optional_outcome_that_is_not_there_is_said(wales: Atlas, folder: Path) -> None:
    assert [study.joined.meta.id for study in wales.studies] == ["jobs", "pay"]
    assert wales.absent == ("'spare' is left out: there is no file not-there.csv",)
    with pytest.raises(ConfigError) as caught:
        read_outcomes(load_config(written(folder, SPARE)), [folder])
    assert caught.value.faults[-1] == "every outcome is optional, and none is there"


def test_tasks_and_the_atlas_travel_to_another_process(wales: Atlas, out: Path, tmp_path: Path) -> None:
    study = wales.study("pay")
    again = travelled(StudyTask(study.joined, study.config)).run(travelled(Site(study.ground)), tmp_path)[0]
    assert again.local.frame.equals(study.local.frame)
    sent = travelled(wales)
    tasks = travelled([*picture_tasks(wales), *page_tasks(wales), *pack_tasks(wales)])
    wanted = [task for task in tasks if getattr(task, "kind", "choropleth") in {"choropleth", "hex", "scatter"}]
    assert [type(task).__name__ for task in wanted].count("PictureTask") == 6
    shutil.copytree(out / "data", tmp_path / "data")  # a pack takes its tables from those of the build
    for task in reversed(wanted):
        task.run(sent, tmp_path)
    made = [item for item in tmp_path.rglob("*") if item.is_file()]
    assert len(made) > 10
    assert all(item.read_bytes() == (out / item.relative_to(tmp_path)).read_bytes() for item in made)


def test_a_statistic_takes_parameters_and_another_outcome(folder: Path) -> None:
    extra = '[statistics]\nrobustness = false\npermutations = 99\ncorrection = "none"\nextra = ['
    extra += '"local-geary", { name = "esda:Moran_Local_BV", with = "jobs" }]\n'
    jobs = JOBS.replace('against = "pay"\n', "")
    atlas = prepare(load_config(written(folder, WELSH + PAY + jobs + extra)), [folder])
    columns = atlas.table("LAD").columns
    assert any(column.startswith("pay____local_geary") or "local_geary" in column for column in columns)
    assert any("moran_local_bv" in column.lower() for column in columns)
    words = "\n".join(_refused(folder, extra.replace("with", "wiht")))
    assert "'esda:Moran_Local_BV' has no parameter 'wiht'" in words


def _refused(folder: Path, extra: str) -> tuple[str, ...]:
    with pytest.raises(PluginError) as caught:
        study_config(load_config(written(folder, WELSH + PAY + extra)), [folder])
    return caught.value.faults


def test_each_region_is_cut_once(wales: Atlas, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    plain = regional.regional_spec

    def counted(spec, outcome, own):
        cut.append(spec.id)
        return plain(spec, outcome, own)

    monkeypatch.setattr(regional, "regional_spec", counted)
    (pack,) = pack_tasks(wales)
    pack.run(wales, tmp_path)
    assert sorted(cut) == sorted(spec.id for name in ("jobs", "pay") for spec in wales.specs_for(name, "pack"))


def test_outcomes_of_several_geographies_stand_on_their_own_areas(folder: Path, tmp_path: Path) -> None:
    outputs = '[outputs]\nkinds = ["choropleth", "clusters", "hex"]\nformats = ["png"]\npacks = ["nation"]\n'
    text = WELSH + PAY + REGIONS + QUICK.replace("true", "false") + outputs
    built = build_atlas(str(written(folder, text)), data=[folder], out=tmp_path / "out")
    data = built.out / "data"
    districts, regions = pd.read_csv(data / "areas.csv"), pd.read_csv(data / "areas-pairs.csv")
    assert (len(districts), set(districts["geography"])) == (22, {"LAD"})
    assert (len(regions), set(regions["geography"])) == (11, {"pairs"})
    assert "health__value" not in districts.columns
    assert len(gpd.read_file(data / "areas-pairs.gpkg", layer="areas")) == 11
    words = pd.read_csv(data / "data-dictionary.csv", keep_default_na=False)
    for name, table in (("areas.csv", districts), ("areas-pairs.csv", regions)):
        assert sorted(words.loc[words["file"] == name, "column"]) == sorted(table.columns), name
    packs = sorted(item.name for item in (built.out / "regions").iterdir() if item.is_dir())
    assert packs == ["W92000004-wales", "W92000004-wales-pairs"]
    assert len(pd.read_csv(built.out / "regions" / packs[1] / "areas.csv")) == 11
    own = pd.read_csv(built.out / "regions" / packs[1] / "data-dictionary.csv", keep_default_na=False)
    assert set(own["file"]) == {
        *("areas.csv", "levels.csv", "claims.csv", "clusters.csv", "clusters-by-kind.csv", "profiles-pairs.csv"),
    }
    assert {name: one.areas for name, one in read_manifest(built.out).boundaries.items()} == {"LAD": 22, "pairs": 11}
    assert (built.out / "method-pairs.html").is_file()
    assert 'href="method-pairs.html"' in (built.out / "method.html").read_text(encoding="utf-8")
    assert cli.run(["replay", str(built.out), "--data", str(folder)]) == 0


def test_areas_of_one_geography_are_one_set(folder: Path) -> None:
    twice = PAY + 'geography = "LAD"\ndate = 2024-09-11\n'
    with pytest.raises(ConfigError, match="outcomes of one geography stand on one set of areas") as caught:
        prepare(load_config(written(folder, WELSH + JOBS + twice)), [folder])
    assert caught.value.faults == ("LAD of 2023-04-01: jobs", "LAD of 2024-09-11: pay")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PAY + '[outputs]\nkinds = ["chloropleth"]\n', "no kind of map 'chloropleth': did you mean 'choropleth'?"),
        (PAY + '[outputs]\nkinds = ["change"]\n', "kind 'change' needs since in an outcome"),
        (PAY + '[outputs]\nkinds = ["bivariate"]\n', "kind 'bivariate' needs against in an outcome"),
        (JOBS, "against names no outcome of the atlas: pay (found jobs)"),
        (PAY + "date = 2023-04-01\n", "name its geography or members"),
        (PAY + '[boundaries]\nsource = "a"\nlayer = "b"\n', "two names of one thing: source and layer"),
    ],
)
def test_what_does_not_fit_together_is_said(folder: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(written(folder, text))
    assert words in "\n".join(caught.value.faults)


def test_a_period_or_an_outcome_that_cannot_stand_beside_is_named(folder: Path) -> None:
    far = REGIONS + 'against = "pay"\n'
    text = WELSH + JOBS.replace('"2021"', '"1999"') + PAY + far + '[outputs]\nkinds = ["change", "bivariate"]\n'
    with pytest.raises(ConfigError) as caught:
        prepare(load_config(written(folder, text)), [folder])
    said = "\n".join(caught.value.faults)
    assert "outcome 'jobs', since 1999: 'jobs' has no period '1999'" in said
    assert "outcome 'health', against 'pay': the two have other areas" in said


def test_former_keys_are_read_for_one_release_more(folder: Path) -> None:
    former = (
        PAY + '[boundaries]\nsource = "official"\n[outputs]\nhex_layout = "cells.hexjson"\n'
        '[layers]\nextra = ["centre"]\ntypologies = ["rural-uk-composite"]\n'
    )
    with pytest.warns(RenamedWarning) as told:
        config = load_config(written(folder, former))
    assert sorted(str(one.message).split(";")[0] for one in told) == [
        "boundaries.source is now called boundaries.layer",
        "layers.extra is now called [[covariate]] name",
        "layers.typologies is now called [[type]] typologies",
        "outputs.hex_layout is now called outputs.layout",
    ]
    assert (config.boundaries.layer, config.outputs.layout) == ("official", "cells.hexjson")
    assert ([one.name for one in config.covariate], [one.typologies for one in config.type]) == (
        ["centre"],
        [("rural-uk-composite",)],
    )
    assert config.outputs.kinds == usual_kinds()


def test_a_kind_of_place_is_of_the_dimension_that_it_is_called(folder: Path) -> None:
    text = PAY + '[[type]]\ndimension = "coastal"\ntypologies = "rural-uk-composite"\n'
    with pytest.raises(ConfigError) as caught:
        study_config(load_config(written(folder, text)), [folder])
    assert caught.value.faults == ("rural-uk-composite defines rural, not coastal",)
