"""An index as data: what is refused, every fault at once, with what to write instead."""

from __future__ import annotations

import pytest

from analysis.indices import index_of, load_index
from geo.errors import ConfigError

HEAD = 'schema = 1\nid = "x"\ntitle = "X"\nedition = "1"\n'
TWO = '[[indicator]]\nid = "a"\ndirection = "high"\n{}\n[[indicator]]\nid = "b"\ndirection = "low"\n{}\n'


def faults_of(folder, text):
    path = folder / "x.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"x\.toml") as caught:
        load_index(path)
    return "\n".join(caught.value.faults)


def test_the_least_that_is_needed(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(HEAD + TWO.format("", ""), encoding="utf-8")
    definition = load_index(path)
    assert (definition.normalisation, definition.weights, definition.aggregation) == ("z", "equal", "arithmetic")
    assert (definition.missing.how, definition.missing.allowed) == ("refuse", 0.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[indicator]]\nid = "a"\n[[indicator]]\nid = "b"\ndirection = "high"', "indicator 'a': direction is not stated"),
        (TWO.format("", "").replace('"b"', '"a"'), "an indicator stands twice: a"),
        (TWO.format('file = "f.csv"', 'file = "f.csv"'), "the same figures stand twice under another id: b"),
        ('weights = "given"\n' + TWO.format("weight = 0", "weight = 0"), "the weights sum to nothing"),
        (TWO.format("weight = 2", ""), 'weights are equal, yet stated for a: write weights = "given"'),
        (TWO.format("weight = -1", ""), "greater than or equal to 0"),
        ('aggregation = "geometric"\n' + TWO.format("", ""), "geometric mean of z-scores is not defined"),
        ('aggregation = "geometric"\nnormalisation = "min-max"\nscale = [0, 100]\n' + TWO.format("", ""), "scale above 0"),
        ("scale = [2, 1]\n" + TWO.format("", ""), "scale must rise"),
        (TWO.format("goalposts = [0, 1]", ""), 'goalposts are of normalisation = "min-max": a'),
        ('normalisation = "min-max"\n' + TWO.format("goalposts = [1, 1]", ""), "goalposts must rise: a"),
        (TWO.format("", "") + "[missing]\nallowed = 0.2", "missing.allowed needs missing.how"),
        (TWO.format("", "") + "[bands]\ncuts = [1, 0]\nlabels = ['a', 'b', 'c']", "cuts must rise"),
        (TWO.format("", "") + "[bands]\ncuts = [0]\nlabels = ['a']", "1 cuts make 2 bands"),
        (TWO.format("", "") + "[uncertainty]\nnormalisations = []", "at least one normalisation"),
        ('agregation = "arithmetic"\n' + TWO.format("", ""), "unknown key 'agregation': did you mean 'aggregation'?"),
        (TWO.format("perod = 3", ""), "unknown key 'indicator.0.perod': did you mean 'period'?"),
        (TWO.format("zzz = 3", ""), "unknown key 'indicator.0.zzz': keys here:"),
        ('edition = ""\n' + TWO.format("", ""), "Cannot overwrite"),
        ("", "indicator: Field required"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant(tmp_path, text, told):
    assert told in faults_of(tmp_path, text)


def test_faults_come_all_at_once(tmp_path):
    text = 'aggregation = "geometric"\n' + TWO.format("", "").replace('"b"', '"a"')
    assert len(faults_of(tmp_path, text).splitlines()) >= 2


def test_one_figure_may_stand_in_two_periods_of_a_file():
    part = {"file": "f.csv", "direction": "high"}
    definition = index_of({
        "schema": 1, "id": "x", "title": "X", "edition": "1",
        "indicator": [{"id": "a", "period": "2023", **part}, {"id": "b", "period": "2024", **part}],
    })  # fmt: skip
    assert len(definition.indicator) == 2


def test_an_indicator_without_an_id_is_told_by_its_place():
    with pytest.raises(ConfigError) as caught:
        index_of(
            {"schema": 1, "id": "x", "title": "X", "edition": "1", "indicator": [{}, {"id": "b", "direction": "high"}]}
        )
    assert "indicator '0': direction is not stated; say which end is good, high or low" in caught.value.faults


def test_an_index_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_index("nothing-such")
    assert "local-opportunity" in caught.value.faults[0]
    assert load_index("local-opportunity").id == "local-opportunity"
    (tmp_path / "x.toml").write_text("= 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_index(tmp_path / "x.toml")
