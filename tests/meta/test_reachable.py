"""Nothing is built to order and reached by nobody: every public function and class is reached from a door.

Doors are what a user can type: the verbs and plug-in names of ``pyproject.toml``, ``placeatlas.py``, the notebooks, and the Python
that README, CONTRIBUTING and the documentation show. From there names are followed through the source, without running it; what
tests call does not count. Methods belong to their class.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import tomllib
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGES = ("geo", "boundaries", "analysis", "maps")


WAITING: dict[str, str] = {
    "geo.shadowing:rooms_of": "run by its path, since at that moment its own package may be the hidden one",
    "boundaries.register.validity:faults_of": "proves the bundled register, for whoever edits it; the tests run it",
}
"""What no door reaches yet, with the reason why it stays: a function, a module, or a room."""

_TARGET = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)*:\w+")
"""A name in a table that is loaded when it is asked for: ``maps.kinds.makers:hexagons``."""

Node = tuple[str, str]
"""Module and name; the name "" is what runs when the module is imported."""


def modules() -> dict[str, Path]:
    """Return every module of the packages, and the door beside them."""
    found = {"placeatlas": ROOT / "placeatlas.py"} if (ROOT / "placeatlas.py").is_file() else {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


class Source:
    """One module taken apart: what it defines, what names mean in it, and which names each definition uses."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name = name
        self.defined: dict[str, ast.stmt] = {}
        self.assigned: dict[str, list[ast.stmt]] = {}
        self.rest: list[ast.stmt] = []
        self.imports = dict(imported(tree))
        for statement in flattened(tree.body):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self.defined[statement.name] = statement
            elif names := [name for name in targets(statement) if not name.startswith("__")]:
                for target in names:
                    self.assigned.setdefault(target, []).append(statement)
            elif not isinstance(statement, ast.Import | ast.ImportFrom):
                self.rest.append(statement)

    def public(self) -> Iterator[str]:
        """Yield public functions and classes."""
        yield from (name for name in self.defined if not name.startswith("_"))

    def statements(self, name: str) -> list[ast.stmt]:
        """Return the statements that are a name, or, of "", those that are nobody's."""
        if not name:
            return self.rest
        return [self.defined[name]] if name in self.defined else self.assigned.get(name, [])

    def hung_on(self, name: str) -> Iterator[str]:
        """Yield definitions whose decorator registers them with a name of the module: the commands of an app."""
        for other, statement in self.defined.items():
            for decorator in getattr(statement, "decorator_list", ()):
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == name:
                    yield other


def flattened(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those under a condition too."""
    for statement in body:
        if isinstance(statement, ast.If | ast.Try):
            yield from flattened([*statement.body, *statement.orelse])
        else:
            yield statement


def targets(statement: ast.stmt) -> list[str]:
    """Return the names a statement assigns."""
    places = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [node.id for place in places if place is not None for node in ast.walk(place) if isinstance(node, ast.Name)]


def imported(tree: ast.AST) -> Iterator[tuple[str, Node]]:
    """Yield local name → module and name of it; a module itself has the name ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (
                    alias.asname or alias.name.partition(".")[0],
                    (alias.name if alias.asname else alias.name.partition(".")[0], ""),
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, (node.module, alias.name)


@functools.cache
def sources() -> dict[str, Source]:
    return {name: Source(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in modules().items()}


def resolved(module: str, name: str) -> Node | None:
    """Return what a name of a module is, followed through re-exports; None outside our packages."""
    seen = set()
    while (module, name) not in seen:
        seen.add((module, name))
        source = sources().get(module)
        # a name that a package takes from its module of the same name is the name, not the module
        of_module = source is not None and (source.imports.get(name) == (f"{module}.{name}", name))
        if f"{module}.{name}" in sources() and not of_module:
            return f"{module}.{name}", ""
        if source is None:
            return None
        if not name or name in source.defined or name in source.assigned:
            return module, name
        if name not in source.imports:
            return None
        module, name = source.imports[name]
    return None


def used(tree: ast.AST, names: dict[str, Node], own: str = "") -> Iterator[Node]:
    """Yield what a piece of code uses, given what names mean in it and the module it stands in."""
    names = {**names, **dict(imported(tree))}
    for start in ast.walk(tree):
        if (target := written(start, own)) and _TARGET.fullmatch(target):
            module, _, name = target.partition(":")
            yield module, name
        chain: list[str] = []
        node = start
        while isinstance(node, ast.Attribute):
            chain.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            continue
        found = resolved(*names[node.id]) if node.id in names else resolved(own, node.id) if own else None
        while found is not None:
            yield found
            # "module.name" and "package.module.name" are followed to their end
            found = resolved(found[0], chain.pop(0)) if chain and not found[1] else None


def written(node: ast.AST, module: str) -> str:
    """Return a text of the code, constants of its module filled in; "" for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.FormattedValue):
        return written(node.value, module)
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part, module) for part in node.values)
    if isinstance(node, ast.Name) and module in sources():
        values = [getattr(statement, "value", None) for statement in sources()[module].assigned.get(node.id, ())]
        return written(values[0], module) if len(values) == 1 and isinstance(values[0], ast.Constant) else ""
    return ""


def entry_points() -> Iterator[Node]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["scripts"], *project["entry-points"].values()]
    for group in groups:
        for target in group.values():
            module, _, name = target.partition(":")
            yield module, name


def shown() -> Iterator[str]:
    """Yield every piece of Python that a document or a notebook shows."""
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for path in documents:
        yield from re.findall(
            r"^```\{?(?:python|code-cell)[^\n]*\n(.*?)^```", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        )
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(line for line in cell["source"] if not line.startswith(("%", "!")))


def doors() -> Iterator[Node]:
    yield from entry_points()
    if "placeatlas" in sources():
        import placeatlas  # noqa: PLC0415 - the door itself says what it opens to

        for name in placeatlas.__all__:
            thing = getattr(placeatlas, name)
            yield getattr(thing, "__module__", "placeatlas"), getattr(thing, "__qualname__", name)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    yield from ((module, "main") for module in re.findall(r"-m ((?:geo|boundaries|analysis|maps)[\w.]+)", makefile))
    for text in shown():
        tree = ast.parse(text)
        yield from used(tree, {})
        # a name that is imported is shown, whatever the snippet does with it
        yield from (found for node in dict(imported(tree)).values() if (found := resolved(*node)) is not None)


def ancestors(module: str) -> Iterator[str]:
    """Yield the packages a module stands in."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


@functools.cache
def reached() -> frozenset[Node]:
    waiting, seen = deque(doors()), set()
    while waiting:
        node = waiting.popleft()
        module, name = node
        source = sources().get(module)
        if node in seen or source is None:
            continue
        seen.add(node)
        # to import a module is to import the packages it stands in
        waiting.extend((parent, "") for parent in (module, *ancestors(module)))
        for statement in source.statements(name):
            waiting.extend(used(statement, source.imports, module))
        waiting.extend((module, other) for other in source.hung_on(name))
    return frozenset(seen)


def unreached() -> list[str]:
    """Return public functions and classes that no door leads to, as ``module:name``."""
    return [
        f"{source.name}:{name}"
        for source in sources().values()
        for name in source.public()
        if (source.name, name) not in reached()
    ]


def excused(target: str) -> bool:
    """Say whether a function, its module or a room above it waits."""
    module = target.partition(":")[0]
    return any(name in WAITING for name in (target, module, *ancestors(module)))


def test_every_public_function_and_class_is_reached_from_a_door():
    found = [target for target in unreached() if not excused(target)]
    total = sum(1 for source in sources().values() for _ in source.public())
    said = f"{len(found)} of {total} public functions and classes unreached; {len(unreached()) - len(found)} wait"
    print(said)  # noqa: T201
    assert not found, "\n".join([said, *found])


def test_what_waits_is_there_and_still_waits():
    waiting = unreached()
    assert all(reason.strip() for reason in WAITING.values())
    over = [
        name
        for name in WAITING
        if not any(target == name or target.startswith((f"{name}:", f"{name}.")) for target in waiting)
    ]
    assert not over, f"these are reached, or gone: take them off the list: {over}"


def test_the_way_from_the_doors_is_followed():
    assert ("geo.cli", "run") in reached()  # main calls it
    assert ("boundaries.areas.describing", "history_of") in reached()  # imported inside a command of an app
    assert ("boundaries.sources.els", "ExploreLocalStatistics") in reached()  # named in a table of another function
    assert ("geo.errors", "CRSError") in reached()
    assert ("boundaries.register.validity", "faults_of") not in reached()  # only tests call it
