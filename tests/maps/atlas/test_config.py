"""A configuration is read whole, and every fault is named at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.errors import ConfigError, PluginError
from maps.atlas.config import BUILT_IN, load_config, locate_config
from maps.atlas.inputs import layout_file, study_config
from maps.atlas.run import prepare
from maps.kinds.table import usual_kinds

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = 'schema = 1\ntitle = "Pay"\nslug = "pay"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "atlas.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_config(written(folder, text))
    return caught.value.faults


def test_the_least_that_is_needed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE + '[[outcome]]\nid = "pay"\nfile = "pay.csv"\n'))
    assert (config.boundaries.geography, config.boundaries.layer) == ("LAD", "bundled")
    assert (config.statistics.weights, config.statistics.alpha, config.statistics.correction) == (
        "queen+sea-links",
        0.05,
        "fdr_bh",
    )
    assert config.outputs.kinds == usual_kinds()
    assert (config.outcome[0].source, config.outcome[0].period) == ("table", "latest")


def test_levels_are_asked_for_an_outcome(tmp_path: Path) -> None:
    keys = 'breaks = [20, 30]\nlabels = ["low", "fair", "high"]\nreliability = 0.8\n'
    config = load_config(written(tmp_path, WHOLE + f'[[outcome]]\nid = "pay"\n{keys}'))
    levels = config.outcome[0].levels
    assert (levels.breaks, levels.labels, levels.reliability) == ((20.0, 30.0), ("low", "fair", "high"), 0.8)
    faults = faults_of(tmp_path, WHOLE + '[[outcome]]\nid = "pay"\nbreaks = [3, 2]\nreliability = 2\nmodelled = true\n')
    for words in ("reliability 2.0 must lie", "modelled and reliability are different ways", "breaks 3, 2 must rise"):
        assert words in faults[0]


def test_the_short_form_names_adapter_and_id(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE + 'outcomes = ["els:gross-median-weekly-pay"]\n'))
    assert [(part.source, part.id) for part in config.outcome] == [("els", "gross-median-weekly-pay")]


def test_every_fault_is_named_with_the_nearest_key(tmp_path: Path) -> None:
    text = 'schema = 1\ntitel = "x"\nslug = "A b"\n[boundaries]\ngeografy = "LAD"\n[[outcome]]\nid = "a"\nmesure = "rate"\n[statistics]\nalpha = 2\n'
    faults = "\n".join(faults_of(tmp_path, text))
    for words in (
        "unknown key 'titel': did you mean 'title'?",
        "unknown key 'boundaries.geografy': did you mean 'geography'?",
        "unknown key 'outcome.0.mesure': did you mean 'measure'?",
        "title: Field required",
        "slug: String should match pattern",
        "statistics.alpha: Input should be less than 0.5 (found 2)",
    ):
        assert words in faults
    assert "at least 1 item" not in faults


def test_extensions_are_asked_for_by_name(tmp_path: Path) -> None:
    asked = '[statistics]\nextra = ["local-geary"]\n[[covariate]]\nname = "centre"\n[[type]]\ndimension = "rural"\ntypologies = ["rural-uk-composite"]\n'
    config = load_config(written(tmp_path, f'{WHOLE}outcomes = ["bundled:hmrc-mean-income"]\n{asked}'))
    how = study_config(config, [tmp_path])
    assert (how.extra, how.covariates, how.typologies) == (("local-geary",), ("centre",), ("rural-uk-composite",))
    wrong = asked.replace("covariate", "covariat").replace("extra", "extras")
    faults = "\n".join(faults_of(tmp_path, f'{WHOLE}outcomes = ["bundled:hmrc-mean-income"]\n{wrong}'))
    assert "unknown key 'covariat': did you mean 'covariate'?" in faults
    assert "unknown key 'statistics.extras': did you mean 'extra'?" in faults


def test_extensions_that_are_not_there_are_said_before_anything_is_read(tmp_path: Path) -> None:
    text = f'{WHOLE}[[outcome]]\nid = "pay"\nfile = "no-such-file.csv"\n[statistics]\nextra = ["local-gery"]\n'
    with pytest.raises(PluginError) as caught:
        prepare(load_config(written(tmp_path, text)), [tmp_path])
    assert "did you mean 'local-geary'?" in caught.value.faults[0]
    text = text.replace('[statistics]\nextra = ["local-gery"]', '[[type]]\ntypologies = ["mine.toml"]')
    with pytest.raises(ConfigError, match=r"there is no typology mine\.toml"):
        prepare(load_config(written(tmp_path, text)), [tmp_path])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WHOLE, "outcome"),
        (WHOLE + "outcomes = []\n", "at least 1 item"),
        (WHOLE + 'outcomes = ["pay"]\n', '"adapter:id"'),
        (WHOLE + 'outcomes = ["els:a", "smc:a"]\n', "share an id: a"),
        ("schema = 2\n", "schema"),
    ],
)
def test_what_cannot_be_an_atlas(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(faults_of(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "fault"),
    [("title = ", "not valid TOML"), ('title = "\udcff"', "not UTF-8 text"), ("a = " + "[" * 5000, "TOML")],
)
def test_what_is_not_toml(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "atlas.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=fault):
        load_config(path)


def test_built_in_atlases_are_found_by_name_and_are_sound() -> None:
    assert locate_config(None) == locate_config("starter")
    names = [path.stem for path in BUILT_IN.glob("*.toml")]
    assert {"starter", "social-mobility"} <= set(names)
    for name in names:
        assert load_config(locate_config(name)).slug == name


def test_a_name_that_is_none_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        locate_config("startr")
    assert caught.value.faults[1] == "did you mean 'starter'?"
    with pytest.raises(ConfigError, match=r"no configuration '.*missing\.toml'"):
        locate_config(str(tmp_path / "missing.toml"))


def test_a_published_layout_is_looked_up_where_the_data_are(tmp_path: Path) -> None:
    text = f'{WHOLE}outcomes = ["table:a"]\n[outputs]\nlayout = "cells.hexjson"\n'
    config = load_config(written(tmp_path, text))
    with pytest.raises(ConfigError, match=r"cells\.hexjson"):
        layout_file(config, [tmp_path])
    (tmp_path / "cells.hexjson").write_text("{}", encoding="utf-8")
    assert layout_file(config, [tmp_path]) == tmp_path / "cells.hexjson"
    without = load_config(written(tmp_path, text + 'kinds = ["choropleth"]\n'))
    assert layout_file(without, []) is None
