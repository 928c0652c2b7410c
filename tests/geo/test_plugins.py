"""Extensions: listed without loading, a broken one is a warning, a clash an error."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from geo import plugins
from geo.errors import PluginError


class Point:
    """An entry point of a named distribution."""

    def __init__(self, name: str, value: str, dist: str) -> None:
        self.name, self.value, self.dist = name, value, SimpleNamespace(name=dist, version="2.1")
        self.load = EntryPoint(name, value, "g").load


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch):
    points: list[Point] = []
    monkeypatch.setattr(plugins, "entry_points", lambda group: [p for p in points if group == "placeatlas.statistics"])
    plugins._found.cache_clear()
    yield points
    plugins._found.cache_clear()


def test_extensions_are_listed_with_their_distribution(installed: list[Point]) -> None:
    installed.append(Point("median", "statistics:median", "stats-plus"))
    assert plugins.extensions() == (
        plugins.Extension("placeatlas.statistics", "median", "statistics:median", "stats-plus", "2.1"),
    )
    assert plugins.extensions()[0].origin == "stats-plus 2.1"
    assert plugins.load_group("placeatlas.statistics")["median"]([1, 2, 9]) == 2
    assert plugins.entry_point("placeatlas.statistics", "mode") is None


def test_one_name_from_two_distributions_is_an_error_naming_both(installed: list[Point]) -> None:
    installed += [Point("median", "a:b", "one"), Point("median", "c:d", "two")]
    with pytest.raises(PluginError) as caught:
        plugins.extensions()
    assert caught.value.faults[0] == "'median' is brought by one and by two"


def test_a_broken_extension_is_one_named_warning(installed: list[Point]) -> None:
    installed += [Point("gone", "no_such_module_here:x", "broken-dist"), Point("median", "statistics:median", "good")]
    with pytest.warns(plugins.PluginWarning, match="'gone' of broken-dist 2.1 cannot be loaded"):
        loaded = plugins.load_group("placeatlas.statistics")
    assert list(loaded) == ["median"]


def test_one_asked_for_by_name_is_loaded_with_who_brings_it(installed: list[Point]) -> None:
    installed.append(Point("median", "statistics:median", "stats-plus"))
    extension, median = plugins.load_named("placeatlas.statistics", "median")
    assert (extension.origin, median([1, 2, 9])) == ("stats-plus 2.1", 2)


def test_one_that_is_not_there_gets_the_nearest_and_the_list(installed: list[Point]) -> None:
    installed += [Point("median", "statistics:median", "good"), Point("mode", "statistics:mode", "good")]
    with pytest.raises(PluginError, match="there is no statistic 'medain'") as caught:
        plugins.load_named("placeatlas.statistics", "medain")
    assert caught.value.faults == ("did you mean 'median'?", "installed: median, mode")
    with pytest.raises(PluginError, match="there is no covariate 'x'") as caught:
        plugins.load_named("placeatlas.covariates", "x")
    assert caught.value.faults == ("installed: none",)


def test_the_former_name_of_a_group_is_read_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {"placeatlas.layers": [Point("height", "statistics:median", "heights")]}
    monkeypatch.setattr(plugins, "entry_points", lambda group: points.get(group, []))
    plugins._found.cache_clear()
    with pytest.warns(plugins.PluginWarning, match="'height' of heights will not be found in the next release"):
        extension, _ = plugins.load_named("placeatlas.covariates", "height")
    assert extension.group == "placeatlas.covariates"
    plugins._found.cache_clear()


def test_a_broken_one_asked_for_by_name_is_an_error(installed: list[Point]) -> None:
    installed.append(Point("gone", "no_such_module_here:x", "broken-dist"))
    with pytest.raises(PluginError, match=r"the statistic 'gone' of broken-dist 2\.1 cannot be loaded") as caught:
        plugins.load_named("placeatlas.statistics", "gone")
    assert "No module named 'no_such_module_here'" in caught.value.faults[0]


@pytest.mark.parametrize(
    ("target", "summary"),
    [
        (
            "geo.commands:plugins",
            "List the extensions that are installed: commands, covariates, kinds of map, sources, statistics; or those of a family.",
        ),
        ("geo.plugins:PluginWarning", "An extension that could not be loaded; everything else goes on without it."),
        ("geo.plugins:GROUPS", "Entry-point groups that placeatlas reads."),
        ("geo.cli:GROUP", ""),
        ("geo.plugins:nothing", ""),
        ("sys:exit", ""),
        ("no_such_module_here:x", "cannot be loaded: there is no module no_such_module_here"),
        ("no_such.module:x", "cannot be loaded: ModuleNotFoundError: No module named 'no_such'"),
    ],
)
def test_what_it_does_is_read_without_importing_it(target: str, summary: str) -> None:
    assert plugins.summary_of(plugins.Extension("g", "n", target, "d", "1")) == summary
