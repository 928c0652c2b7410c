"""The command ``placeatlas``: verbs are listed from metadata, and only the one called is imported."""

from __future__ import annotations

import io
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__, shadowing
from geo.errors import PlaceatlasError, PluginError, place_of, remedy_of
from geo.plugins import PluginWarning, entry_point, extensions, load_named, summary_of
from geo.remedies import worded
from geo.renaming import RenamedWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GROUP = "placeatlas.commands"

USAGE = """Usage: placeatlas VERB [OPTIONS]

Outcome data joined to UK boundaries of the right date, tested for real clusters, and published as maps.

Verbs:
{verbs}

Options:
  --version  print the version
  --help     print this page; 'placeatlas VERB --help' for one verb

Example: placeatlas build --out atlas-out/starter
"""

CONFIGURED = frozenset({"atlas", "build_folder", "manifest"})
"""Parameters of verbs that read a configuration: what helps is then a key of it."""

EXIT_ERROR, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 an error of ours, 2 wrong usage, 3 faults found, 130 interrupted."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may hold bytes that are no text
    with warnings.catch_warnings():
        warnings.showwarning = _told_by(warnings.showwarning)
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        shadowing.check(Path(__file__).resolve().parents[1])
        code = _dispatch(list(arguments))
        sys.stdout.flush()
    except PlaceatlasError as error:
        _complain(error.what, [*error.faults, *worded(error.remedies, flags=(), configured=True)])
    except ImportError as error:
        if "hides a package of placeatlas" not in str(error):
            raise
        what, *faults = str(error).splitlines()
        _complain(what, [fault.strip() for fault in faults])
    except BrokenPipeError:
        _drop_output()  # whoever read our output has read enough
    except OSError as trouble:
        if trouble.filename is None:
            _drop_output()
        _complain(f"{place_of(trouble)}: {trouble.strerror or trouble}", [remedy_of(trouble)])
    except KeyboardInterrupt:
        sys.stderr.write("placeatlas: interrupted: what was being written is removed, and what stood before stands\n")
        return EXIT_INTERRUPTED
    else:
        return code
    return EXIT_ERROR


def _told_by(otherwise: Callable[..., None]) -> Callable[..., None]:
    """Return what shows a warning: one of ours in a line, any other as Python does."""

    def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, RenamedWarning | PluginWarning):
            sys.stderr.write(f"placeatlas: warning: {message}\n")
        else:
            otherwise(message, category, *where, **more)

    return show


def _drop_output() -> None:
    """Send what is still to be written nowhere, or Python complains of it once more when it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # stands until the process ends


def _complain(what: str, faults: Sequence[str]) -> None:
    sys.stderr.write("\n".join([f"placeatlas: error: {what}", *(f"  {fault}" for fault in faults)]) + "\n")


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"--help", "-h", "help"}:
        sys.stdout.write(USAGE.format(verbs=_verbs()))
        return 0 if arguments else EXIT_USAGE
    if arguments[0] in {"--version", "-V"}:
        sys.stdout.write(f"placeatlas {__version__}\n")
        return 0
    verb, *rest = arguments
    point = entry_point(GROUP, verb)
    if point is None:
        return _unknown(verb)
    _tidy()
    if getattr(getattr(point, "dist", None), "name", "placeatlas") == "placeatlas":
        return _invoke(verb, point.load(), rest)
    extension, command = load_named(GROUP, verb)
    try:
        return _invoke(verb, command, rest)
    except (PlaceatlasError, OSError):
        raise
    except Exception as error:
        raise PluginError(
            f"the verb '{verb}' of {extension.origin} failed", [f"{type(error).__name__}: {error}"]
        ) from error


def _tidy() -> None:
    """Mend what a killed run left behind, and say so."""
    from geo.staging import tidy  # noqa: PLC0415  # not needed to print help
    from geo.work.leftovers import tidy_work  # noqa: PLC0415  # as above

    mended = tidy()
    for sentence in [*mended, *tidy_work(interrupted=bool(mended))]:
        sys.stderr.write(f"placeatlas: {sentence}\n")


def _unknown(verb: str) -> int:
    import difflib  # noqa: PLC0415  # only for a wrong word

    names = sorted(extension.name for extension in extensions() if extension.group == GROUP)
    near = difflib.get_close_matches(verb, names, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"the verbs are: {', '.join(names)}"
    _complain(f"there is no verb '{verb}'", [hint])
    return EXIT_USAGE


def _invoke(verb: str, command: Any, arguments: list[str]) -> int:
    import typer  # noqa: PLC0415  # not needed to print help

    if not isinstance(command, typer.Typer):
        function, command = command, typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        command.command(name=verb)(function)
    else:
        command.pretty_exceptions_enable = False
    runner = typer.main.get_command(command)
    try:
        result = runner.main(args=arguments, prog_name=f"placeatlas {verb}", standalone_mode=False)
    except PlaceatlasError as error:
        flags, configured = _options(runner, arguments)
        _complain(error.what, [*error.faults, *worded(error.remedies, flags=flags, configured=configured)])
        return EXIT_ERROR
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        return EXIT_INTERRUPTED
    except _usage_error() as wrong:
        wrong.show()
        return int(wrong.exit_code)
    return result if isinstance(result, int) else 0


def _options(runner: Any, arguments: Sequence[str]) -> tuple[frozenset[str], bool]:
    """Return the flags that the command has, and whether it reads a configuration."""
    for word in arguments:
        runner = getattr(runner, "commands", {}).get(word, runner)
    names = frozenset(name for parameter in runner.params for name in parameter.opts)
    return names, any(parameter.name in CONFIGURED for parameter in runner.params)


def _usage_error() -> Any:
    """Return the base of click's errors, wherever the installed typer keeps its click."""
    import typer  # noqa: PLC0415  # as above

    return next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def _verbs() -> str:
    rows = [(entry.name, summary_of(entry)) for entry in extensions() if entry.group == GROUP]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:{width}}  {line}" for name, line in rows)
