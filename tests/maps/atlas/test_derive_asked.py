"""A configuration asks for an outcome made of others."""

from __future__ import annotations

import pytest

from geo.errors import ConfigError
from maps.atlas.config import load_config
from maps.atlas.inputs import read_outcomes

CONFIG = """
schema = 1
title = "Jobs"
slug = "jobs"
[[outcome]]
id = "jobs"
file = "jobs.csv"
measure = "count"
[[outcome]]
id = "residents"
file = "residents.csv"
measure = "count"
[[outcome]]
id = "density"
derive = "ratio(jobs, residents, per = 100)"
title = "Jobs by hundred residents"
favourable = "high"
"""


@pytest.fixture
def folder(tmp_path):
    for name, values in (("jobs", (50, 30)), ("residents", (100, 120))):
        rows = "\n".join(f"E0600000{place},2023,{value}" for place, value in enumerate(values, start=1))
        (tmp_path / f"{name}.csv").write_text(f"code,year,value\n{rows}\n", encoding="utf-8")
    return tmp_path


def written(folder, text):
    (folder / "atlas.toml").write_text(text, encoding="utf-8")
    return load_config(folder / "atlas.toml")


def test_an_outcome_is_derived_from_those_before_it(folder):
    made = read_outcomes(written(folder, CONFIG), [folder])
    table = made.tables["density"]
    assert table.frame["value"].tolist() == [50.0, 25.0]
    assert (table.meta.title, table.meta.unit, table.meta.favourable) == ("Jobs by hundred residents", "%", "high")
    assert [path.name for path in made.files.values()] == ["jobs.csv", "residents.csv"]


def test_what_cannot_be_derived_is_told_with_the_outcome(folder):
    with pytest.raises(ConfigError, match=r"outcome 'density': derive = .* needs outcomes that are not there: houses"):
        read_outcomes(written(folder, CONFIG.replace("(jobs, residents", "(jobs, houses")), [folder])


def test_a_derived_outcome_reads_no_file(folder):
    with pytest.raises(ConfigError, match="reads no file: leave out file"):
        written(folder, CONFIG.replace("derive =", 'file = "x.csv"\nderive ='))
