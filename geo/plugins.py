"""Extensions of other distributions, found by entry point; a broken one is a named warning, a clash an error."""

from __future__ import annotations

import ast
import difflib
import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from geo.errors import PluginError
from geo.guests import guest

GROUPS = (
    "placeatlas.commands",
    "placeatlas.covariates",
    "placeatlas.kinds",
    "placeatlas.sources",
    "placeatlas.statistics",
)
"""Entry-point groups that placeatlas reads."""

FORMER = {"placeatlas.covariates": "placeatlas.layers"}
"""Former names of groups, read for one release more, with a warning."""


@dataclass(frozen=True, slots=True)
class Extension:
    """One entry point: its group, name, the object it names, and the distribution that brings it, with its version."""

    group: str
    name: str
    target: str
    distribution: str
    version: str

    @property
    def ours(self) -> bool:
        """Whether placeatlas itself brings it."""
        return self.distribution == "placeatlas"

    @property
    def origin(self) -> str:
        """Who brings it: distribution and version."""
        return f"{self.distribution} {self.version}".rstrip()


class PluginWarning(UserWarning):
    """An extension that could not be loaded; everything else goes on without it."""


@cache
def _found(group: str) -> tuple[EntryPoint, ...]:
    former = tuple(entry_points(group=FORMER[group])) if group in FORMER else ()
    if former:
        theirs = ", ".join(sorted(f"'{point.name}' of {_distribution(point)}" for point in former))
        message = f"the group {FORMER[group]} is called {group} now: {theirs} will not be found in the next release"
        warnings.warn(message, PluginWarning, stacklevel=2)
    points = {(point.name, point.value, _distribution(point)): point for point in (*entry_points(group=group), *former)}
    ordered = tuple(points[key] for key in sorted(points))
    names: dict[str, list[EntryPoint]] = {}
    for point in ordered:
        names.setdefault(point.name, []).append(point)
    clashes = [
        f"'{name}' is brought by {' and by '.join(_distribution(point) for point in same)}"
        for name, same in names.items()
        if len(same) > 1
    ]
    if clashes:
        raise PluginError(f"extensions of the group {group} share a name", [*clashes, "uninstall one of them"])
    return ordered


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "an unnamed distribution"


def _described(group: str, point: EntryPoint) -> Extension:
    version = point.dist.version if point.dist is not None else ""
    return Extension(group, point.name, point.value, _distribution(point), version)


def extensions() -> tuple[Extension, ...]:
    """List every extension that is installed, without importing any.

    Raises
    ------
    PluginError
        Two distributions bring the same name in one group.
    """
    return tuple(_described(group, point) for group in GROUPS for point in _found(group))


def entry_point(group: str, name: str) -> EntryPoint | None:
    """Return the entry point of that name, unloaded, or None when there is none."""
    return next((point for point in _found(group) if point.name == name), None)


def origin_of(group: str, name: str) -> str:
    """Return distribution and version that bring an extension; empty where there is none of that name."""
    point = entry_point(group, name)
    return "" if point is None else _described(group, point).origin


def summary_of(extension: Extension) -> str:
    """Read the first line of an extension's docstring from its source, without importing its module.

    A package that holds the module is imported, as Python's own search does; one that fails says so in place of the line.
    """
    module, _, name = extension.target.partition(":")
    try:
        with (
            guest(f"{extension.name} of {extension.origin}") if "." in module and not extension.ours else nullcontext()
        ):
            spec = find_spec(module)
    except Exception as error:  # noqa: BLE001  # a list of what is installed must show the broken ones too
        return f"cannot be loaded: {type(error).__name__}: {error}"
    if spec is None:
        return f"cannot be loaded: there is no module {module}"
    if spec.origin is None or not spec.origin.endswith(".py"):
        return ""
    body = ast.parse(Path(spec.origin).read_text(encoding="utf-8")).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return (ast.get_docstring(node) or "").partition("\n")[0]
        if isinstance(node, ast.Assign) and name in {getattr(goal, "id", "") for goal in node.targets}:
            helps = [word.value for word in ast.walk(node) if isinstance(word, ast.keyword) and word.arg == "help"]
            # What stands in quotes below a constant says what it is.
            helps += [after.value] if isinstance(after, ast.Expr) else []
            texts = [text.value for text in helps if isinstance(text, ast.Constant) and isinstance(text.value, str)]
            return texts[0].partition("\n")[0] if texts else ""
    return ""


def load_named(group: str, name: str) -> tuple[Extension, Any]:
    """Load the extension that was asked for by name.

    Returns
    -------
    tuple
        What it is, and the object that its entry point names.

    Raises
    ------
    PluginError
        There is none of that name (the nearest is given, and all that are installed), or it cannot be imported.
    """
    noun = group.rpartition(".")[2].removesuffix("s")
    point = entry_point(group, name)
    if point is None:
        names = [known.name for known in _found(group)]
        near = difflib.get_close_matches(name, names, n=1)
        hint = [f"did you mean '{near[0]}'?"] if near else []
        raise PluginError(
            f"there is no {noun} '{name}'", [*hint, f"installed: {', '.join(names) if names else 'none'}"]
        )
    extension = _described(group, point)
    return extension, _object_of(extension, f"the {noun} '{name}' of {extension.origin}", point)


def _object_of(extension: Extension, who: str, point: EntryPoint) -> Any:
    """Import what an entry point names; raise a PluginError that says who brings what cannot be."""
    with nullcontext() if extension.ours else guest(who):
        try:
            return point.load()
        except Exception as error:
            raise PluginError(f"{who} cannot be loaded", [f"{point.value}: {type(error).__name__}: {error}"]) from error


@dataclass(frozen=True, slots=True)
class Member:
    """One of a family: its group, name, what it is, and why it cannot be had (empty where it can)."""

    group: str
    name: str
    words: str
    why_not: str = ""


def members_of(family: str) -> tuple[Member, ...]:
    """List what a family holds, such as the statistics of esda; what it holds and cannot give comes last.

    A family is an entry point whose object has the methods ``listing`` and ``refused``, both name → words.

    Raises
    ------
    PluginError
        There is no family of that name.
    """
    found: list[Member] = []
    for group in GROUPS:
        # Commands are no family, and a verb is loaded only when it is called.
        if group == "placeatlas.commands" or entry_point(group, family) is None:
            continue
        loaded = load_named(group, family)[1]
        if hasattr(loaded, "listing") and hasattr(loaded, "refused"):
            with guest(f"the family '{family}'"):
                found += [Member(group, name, words) for name, words in loaded.listing().items()]
                found += [Member(group, name, "", why) for name, why in loaded.refused().items()]
    if not found:
        raise PluginError(f"there is no family '{family}'", ["'placeatlas plugins' lists what is installed"])
    return tuple(found)


def load_group(group: str) -> dict[str, Any]:
    """Load every extension of a group; one that fails to import is a named warning and is left out."""
    loaded: dict[str, Any] = {}
    for point in _found(group):
        extension = _described(group, point)
        who = f"extension '{point.name}' of {extension.origin}"
        try:
            loaded[point.name] = _object_of(extension, who, point)
        except PluginError as error:  # whatever a stranger's module does must not stop the run
            warnings.warn("; ".join([error.what, *error.faults]), PluginWarning, stacklevel=2)
    return loaded
