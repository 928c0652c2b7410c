"""Outcomes that are taken when their file is there, and said to be left out when it is not."""

from __future__ import annotations

import pytest

from geo.errors import ConfigError
from maps.atlas.config import BUILT_IN, load_config
from maps.atlas.optional import without_absent
from maps.atlas.run import joined_of

HEAD = 'schema = 1\ntitle = "T"\nslug = "t"\n'
PAY = '[[outcome]]\nid = "pay"\nfile = "pay.csv"\n'
JOBS = '[[outcome]]\nid = "jobs"\nfile = "jobs.csv"\noptional = true\n'


def config_of(folder, text):
    path = folder / "atlas.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_config(path)


def test_an_optional_outcome_is_taken_where_its_file_is_and_said_where_not(tmp_path):
    config = config_of(tmp_path, PAY + JOBS)
    kept, said = without_absent(config, [tmp_path])
    assert [part.id for part in kept.outcome] == ["pay"]
    assert said == ("Left out, as its file is not there: jobs (jobs.csv).",)
    (tmp_path / "jobs.csv").write_text("code,value\n", encoding="utf-8")
    assert without_absent(config, [tmp_path]) == (config, ())


def test_nothing_left_is_an_error_that_says_where_one_looked(tmp_path):
    with pytest.raises(ConfigError, match="every outcome is optional, and none of jobs") as caught:
        without_absent(config_of(tmp_path, JOBS), [tmp_path])
    assert str(tmp_path) in caught.value.faults[0]


def test_an_outcome_whose_file_nobody_can_tell_is_left_for_reading_to_refuse(tmp_path):
    config = config_of(
        tmp_path,
        '[[outcome]]\nid = "x"\noptional = true\n[[outcome]]\nid = "total-income"\nsource = "bundled"\noptional = true\n',
    )
    assert without_absent(config, [tmp_path]) == (config, ())


def test_the_fourth_composite_of_2025_is_optional_and_the_three_others_are_not():
    config = load_config(BUILT_IN / "social-mobility-2025.toml")
    assert {part.id: part.optional for part in config.outcome} == {
        "conditions-of-childhood": False,
        "labour-market-outcomes": False,
        "innovation-and-growth": False,
        "promising-prospects": True,
    }
    assert {part.edition for part in config.outcome} == {"2025"}


@pytest.mark.real_data
def test_the_regional_indicators_join_to_41_regions_under_titles_that_name_their_subject(real_data):
    config = load_config(BUILT_IN / "social-mobility-itl2.toml")
    joined, _ = joined_of(config, [real_data / "outcomes" / "smc"])
    assert len(joined) == 19
    assert {len(one.frame) for one in joined} == {41}
    parents = next(one for one in joined if one.meta.id == "parents-with-a-degree")
    assert parents.meta.title == "Parents with a degree"
    assert not any(one.meta.title.startswith("Distribution") for one in joined)
    assert all(one.meta.favourable in {"high", "low"} for one in joined)
