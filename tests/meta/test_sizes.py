"""A module can be read at a sitting, and a function on a page: 400 and 60 lines at most, docstrings among them."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
MODULE, FUNCTION = 400, 60

LONGER_FUNCTIONS = {
    # a door's keywords stand one under the other, each with its line of explanation
    "boundaries/calls.py:read": 88,
    "boundaries/calls.py:check": 76,
    "boundaries/place_calls.py:areas": 69,
    "analysis/calls.py:study": 80,
    "analysis/several_calls.py:warn": 76,
}
"""What is longer today, and how long it may be at most."""


def sources() -> Iterator[tuple[str, str]]:
    for package in ("geo", "boundaries", "analysis", "maps"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_module_is_longer_than_can_be_read_at_a_sitting() -> None:
    long = {name: len(text.splitlines()) for name, text in sources()}
    over = {name: lines for name, lines in long.items() if lines > MODULE}
    assert over == {}


def test_no_function_is_longer_than_a_page() -> None:
    long = {f"{path}:{name}": lines for path, text in sources() for name, lines in functions(text) if lines > FUNCTION}
    over = {name: lines for name, lines in long.items() if lines > LONGER_FUNCTIONS.get(name, FUNCTION)}
    assert over == {}
    assert sorted(LONGER_FUNCTIONS.keys() - long.keys()) == [], "take these off the list"


def test_lines_are_counted() -> None:
    assert dict(functions("def one():\n    pass\n\nclass Two:\n    def three(self):\n\n        pass\n")) == {
        "one": 2,
        "three": 3,
    }
