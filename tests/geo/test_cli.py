"""The command line: lists verbs without importing them, and fails in one clear way."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import typer

from geo import __version__, cli
from geo.errors import ConfigError
from geo.renaming import RenamedWarning, under_new_names

HEAVY = {"numpy", "pandas", "geopandas", "rasterio", "matplotlib", "shapely", "scipy", "libpysal", "folium"}


class Named:
    """Stands for an entry point that is already loaded."""

    def __init__(self, target: object) -> None:
        self.target, self.dist = target, None

    def load(self) -> object:
        return self.target


def use(monkeypatch: pytest.MonkeyPatch, command: object) -> None:
    monkeypatch.setattr(cli, "entry_point", lambda _group, _name: Named(command))


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(flag: str) -> None:
    program = f"import sys; from geo.cli import run; code = run(['{flag}']); print(sorted(set(sys.modules) & {HEAVY!r})); sys.exit(code)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == f"placeatlas {__version__}\n"


def test_help_has_a_line_for_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    verbs = {line[0]: line[1:] for line in lines if not line[0].startswith("-")}
    assert {
        "build",
        "check",
        "recode",
        "fetch",
        "boundaries",
        "analyse",
        "map",
        "claim",
        "pack",
        "replay",
        "serve",
        "plugins",
        "schema",
    } <= set(verbs)
    assert all(verbs.values()), [verb for verb, words in verbs.items() if not words]


def test_no_verb_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == cli.EXIT_USAGE
    assert "Usage" in capsys.readouterr().out


def test_an_unknown_verb_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bild"]) == cli.EXIT_USAGE
    assert capsys.readouterr().err == "placeatlas: error: there is no verb 'bild'\n  did you mean 'build'?\n"
    assert cli.run(["zzz"]) == cli.EXIT_USAGE
    assert "the verbs are: analyse, " in capsys.readouterr().err


def test_an_error_of_ours_is_exit_1_with_every_fault_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def verb() -> None:
        raise ConfigError("x.toml cannot be used", ["first", "second"])

    use(monkeypatch, verb)
    assert cli.run(["verb"]) == cli.EXIT_ERROR
    assert capsys.readouterr().err == "placeatlas: error: x.toml cannot be used\n  first\n  second\n"


def test_exit_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def verb(how: str) -> None:
        if how == "interrupt":
            raise KeyboardInterrupt
        raise typer.Exit({"faults": 3, "fine": 0}[how])

    use(monkeypatch, verb)
    assert [cli.run(["verb", how]) for how in ("fine", "faults", "interrupt")] == [0, 3, cli.EXIT_INTERRUPTED]
    assert cli.run(["verb"]) == cli.EXIT_USAGE
    assert "Missing argument" in capsys.readouterr().err
    assert cli.run(["verb", "--nonsense"]) == cli.EXIT_USAGE


def test_a_bug_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def verb() -> None:
        raise ImportError("no such thing")

    use(monkeypatch, verb)
    with pytest.raises(ImportError, match="no such thing"):
        cli.run(["verb"])


def test_a_group_of_verbs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    app = typer.Typer()
    app.command("list")(lambda: typer.echo("listed"))
    app.command("show")(lambda: typer.echo("shown"))
    use(monkeypatch, app)
    assert cli.run(["boundaries", "list"]) == 0
    assert capsys.readouterr().out == "listed\n"


def test_main_exits() -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["--version"])
    assert left.value.code == 0


def test_a_file_that_hides_a_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "maps.py").write_text("mine = True\n")
    program = "import sys; from geo.cli import main; main(['plugins'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    what, *rest = done.stderr.splitlines()
    assert what == "placeatlas: error: a file or folder hides a package of placeatlas"
    assert "'maps' is found at" in rest[0]
    assert "maps.py" in rest[0]


@pytest.mark.parametrize(
    ("hiding", "imported"), [("geo", "boundaries"), ("boundaries", "analysis"), ("analysis", "maps")]
)
def test_an_import_from_our_code_says_what_hides_it(tmp_path: Path, hiding: str, imported: str) -> None:
    (tmp_path / f"{hiding}.py").write_text("mine = True\n")
    done = subprocess.run(
        [sys.executable, "-c", f"import {imported}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"'{hiding}' is found at" in done.stderr


def test_plugins_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plugins"]) == 0
    assert "Build an atlas: join, study, maps, pages, packs, manifest." in capsys.readouterr().out
    assert cli.run(["plugins", "--json"]) == 0
    assert '"target": "maps.commands:build"' in capsys.readouterr().out


def test_trouble_with_a_file_is_one_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def read() -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "kept/pay.csv")

    use(monkeypatch, read)
    assert cli.run(["anything"]) == cli.EXIT_ERROR
    assert capsys.readouterr().err == (
        "placeatlas: error: kept/pay.csv: Permission denied\n"
        "  choose a place you may use, or have its permissions changed\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", ["['--help']", "['schema', 'config']"])
def test_output_that_takes_no_more_is_one_error(arguments: str) -> None:
    with Path("/dev/full").open("w") as full:
        program = f"from geo.cli import main; main({arguments})"
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == cli.EXIT_ERROR
    assert done.stderr.splitlines() == [
        "placeatlas: error: standard output: No space left on device",
        "  make room there, or choose another place",
    ]


@pytest.mark.parametrize("arguments", ["['--help']", "['schema', 'config']"])
def test_a_reader_who_has_read_enough_is_no_error(arguments: str) -> None:
    program = f"from geo.cli import main; main({arguments})"
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=pipe, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (cli.EXIT_ERROR, "")


def test_a_former_name_is_said_in_one_line_and_other_warnings_as_python_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def verb() -> None:
        under_new_names({"source": "bundled"}, {"source": "layer"}, where="boundaries")
        warnings.warn("something of a library's", UserWarning, stacklevel=1)

    use(monkeypatch, verb)
    with pytest.warns(UserWarning, match="something of a library's"):
        assert cli.run(["anything"]) == 0
    assert capsys.readouterr().err == (
        "placeatlas: warning: boundaries.source is now called boundaries.layer; "
        "the former name is accepted for one release more\n"
    )


def test_two_names_of_one_thing_are_refused() -> None:
    with pytest.raises(ValueError, match="two names of one thing: source and layer"):
        under_new_names({"source": "a", "layer": "b"}, {"source": "layer"})
    with pytest.warns(RenamedWarning):
        assert under_new_names({"source": "a", "x": 1}, {"source": "layer"}) == {"layer": "a", "x": 1}
    assert under_new_names("no table", {"source": "layer"}) == "no table"
