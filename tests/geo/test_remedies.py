"""What would help is data: every surface says it in its own words, and none says what it has no word for."""

from __future__ import annotations

import pytest
import typer

from geo import cli
from geo.errors import JoinError
from geo.remedies import Remedy, worded


class Named:
    """Stands for an entry point that is already loaded."""

    def __init__(self, target: object) -> None:
        self.target = target

    def load(self) -> object:
        return self.target


@pytest.mark.parametrize(
    ("remedy", "flags", "toml", "api"),
    [
        (Remedy("allow", "missing"), "--allow missing", 'allow = ["missing"]', 'allow=("missing",)'),
        (Remedy("geography", "UTLA"), "--geography UTLA", 'geography = "UTLA"', 'geography="UTLA"'),
        (Remedy("date"), "--date YYYY-MM-DD", "date = YYYY-MM-DD", 'date="YYYY-MM-DD"'),
        (Remedy("unit"), "--unit …", 'unit = "…"', 'unit="…"'),
        (Remedy("columns", key="value"), "--value …", 'columns = { value = "…" }', 'columns={"value": "…"}'),
        (Remedy("columns", key="name"), "--column name=…", 'columns = { name = "…" }', 'columns={"name": "…"}'),
        (Remedy("where", key="sex"), "--where sex=…", 'where = { sex = "…" }', 'where={"sex": "…"}'),
        (
            Remedy("where", "16 to 64", key="age group"),
            "--where 'age group=16 to 64'",
            'where = { "age group" = "16 to 64" }',
            'where={"age group": "16 to 64"}',
        ),
        (Remedy("force", value=True), "--force", "force = true", "force=True"),
        (Remedy("nations", ("E", "W")), "--nations E,W", 'nations = ["E", "W"]', 'nations=("E", "W")'),
        (Remedy("from_file"), "--from-file …", 'from_file = "…"', 'from_file="…"'),
    ],
)
def test_every_surface_has_its_own_words(remedy, flags, toml, api):
    assert remedy.words("flags") == flags
    assert remedy.words("toml") == toml
    assert remedy.words("api") == api


def test_the_outcome_of_a_configuration_is_named_in_its_words_only():
    remedy = Remedy("allow", "county", purpose="to give districts the figure of their county", scope="pay")
    assert remedy.words("toml") == "allow = [\"county\"] in outcome 'pay' to give districts the figure of their county"
    assert remedy.words("flags") == "--allow county to give districts the figure of their county"
    assert remedy.to_dict() == {
        "option": "allow",
        "value": "county",
        "purpose": "to give districts the figure of their county",
        "scope": "pay",
    }


def test_only_what_the_command_has_is_said_and_each_once():
    county, layer = Remedy("allow", "county"), Remedy("layer", "official")
    assert worded([county, layer, county], flags={"--allow"}) == ("use --allow county",)
    assert worded([county, layer], flags=(), configured=True) == ('use allow = ["county"]', 'use layer = "official"')


def test_an_error_says_facts_first_then_what_would_help():
    error = JoinError("it does not fit", ["two rows are lost"], [Remedy("allow", "missing")])
    assert error.faults == ("two rows are lost",)
    assert str(error) == 'it does not fit\n  two rows are lost\n  use allow=("missing",)'


def refused(**_given: object) -> None:
    raise JoinError("it does not fit", ["two rows are lost"], [Remedy("allow", "missing"), Remedy("layer", "official")])


def test_the_command_line_says_flags_of_the_verb_that_was_run(monkeypatch, capsys):
    def verb(allow: str = "") -> None:
        refused(allow=allow)

    monkeypatch.setattr(cli, "entry_point", lambda _group, _name: Named(verb))
    assert cli.run(["verb"]) == 1
    assert capsys.readouterr().err == (
        "placeatlas: error: it does not fit\n  two rows are lost\n  use --allow missing\n"
    )


def test_a_verb_that_reads_a_configuration_says_its_keys(monkeypatch, capsys):
    def verb(atlas: str = "", layer: str = "") -> None:
        refused(atlas=atlas, layer=layer)

    monkeypatch.setattr(cli, "entry_point", lambda _group, _name: Named(verb))
    assert cli.run(["verb"]) == 1
    assert capsys.readouterr().err.splitlines()[2:] == ['  use allow = ["missing"]', "  use --layer official"]


def test_a_verb_of_several_says_the_flags_of_the_one_that_was_called(monkeypatch, capsys):
    app = typer.Typer()

    @app.command()
    def one(layer: str = "") -> None:
        refused(layer=layer)

    @app.command()
    def other(allow: str = "") -> None:
        refused(allow=allow)

    monkeypatch.setattr(cli, "entry_point", lambda _group, _name: Named(app))
    assert cli.run(["verb", "one"]) == 1
    assert capsys.readouterr().err.splitlines()[2:] == ["  use --layer official"]
    assert cli.run(["verb", "other"]) == 1
    assert capsys.readouterr().err.splitlines()[2:] == ["  use --allow missing"]
