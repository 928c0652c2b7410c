"""The documentation: its sources hang together and its tables can be made; once built, it asks no other host."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest

import placeatlas as pa
from analysis import columns
from analysis.statistics.catalogue import SHAPES
from boundaries.sources.registry import adapters
from maps.atlas.config import load_config
from maps.atlas.pages import DOWNLOADS
from maps.kinds.table import BUILT_IN

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BUILT = DOCS / "_build" / "html"
WRITERS = (
    *sorted((ROOT / "maps" / "atlas").glob("*.py")),
    *(ROOT / "analysis" / name for name in ("one_table/studying.py", "watch/warn.py", "indices/writing.py")),
    ROOT / "maps" / "compare" / "writing.py",
)
"""Modules that write what a user asked for; of packs there is a page of its own."""

PAGES = [path for path in sorted(DOCS.rglob("*.md")) if BUILT.parent not in path.parents]


@pytest.fixture(scope="module")
def registries() -> Any:
    """Load the extension that makes the tables, as Sphinx does."""
    where = importlib.util.spec_from_file_location("registries", DOCS / "_ext" / "registries.py")
    module = importlib.util.module_from_spec(where)
    where.loader.exec_module(module)
    return module


def test_every_table_that_a_page_asks_for_can_be_made(registries: Any) -> None:
    asked = {name for page in PAGES for name in re.findall(r"\{registry\} (\S+)", page.read_text())}
    assert asked == set(registries.MAKERS)
    made = {name: make() for name, make in registries.MAKERS.items()}
    assert all(text.count("\n|") > 3 for text in made.values())
    assert all(f"`esda:{name}`" in made["statistics"] for name in SHAPES)
    assert all(f"`{kind.name}`" in made["kinds"] for kind in BUILT_IN)
    assert all(f"`{name}`" in made["adapters"] for name in adapters())
    assert "## placeatlas boundaries\n" in made["commands"]
    assert "### placeatlas boundaries list" in made["commands"]
    assert "`[[outcome]]`" in made["configuration"]
    # Every key says what it means.
    rows = [line.split("|") for line in made["configuration"].splitlines() if line.startswith("| `")]
    assert [row[1] for row in rows if not row[2].strip()] == []


def test_every_column_that_has_a_meaning_stands_in_the_reference(registries: Any) -> None:
    made = registries.columns()
    tables = {name: table for name, table in vars(columns).items() if name.endswith("_FIELDS")}
    # of a kind of place, columns of clusters are named after it
    tables["KIND_FIELDS"] = {f"coastal_{name}": words for name, words in columns.KIND_FIELDS.items()}
    tables["PLACE_FIELDS"] = {name: words for name, words, _ in columns.PLACE_FIELDS}
    told = {name for table in tables.values() for name in table}
    assert len(tables) > 8
    assert sorted(name for name in told if f"`{name}`" not in made) == []
    cells = [cell.strip() for line in made.splitlines() for cell in line.split("|")]
    assert "`" not in cells


def test_every_file_that_a_verb_writes_stands_in_the_reference() -> None:
    page = (DOCS / "reference" / "outputs.md").read_text()
    named = re.compile(r"(?:folder|data|out) / \"([\w.-]+\.(?:csv|json|txt|gpkg|html|xlsx|png|xml))\"")
    found = {name for path in WRITERS for name in named.findall(path.read_text(encoding="utf-8"))}
    assert {"limits.csv", "differences.csv", "whole-map.csv"} <= found
    wanted = found | {f"{stem}.csv" for stem in DOWNLOADS}
    assert sorted(name for name in wanted if f"`{name}`" not in page) == []


def test_every_name_of_the_door_stands_in_the_reference() -> None:
    page = (DOCS / "reference" / "api.md").read_text()
    assert re.findall(r"autofunction:: placeatlas\.(\w+)", page) != []
    assert set(re.findall(r"autofunction:: placeatlas\.(\w+)", page)) == set(pa.__all__)


def test_links_between_pages_lead_somewhere_and_every_page_is_listed() -> None:
    listed = set()
    for page in PAGES:
        text = page.read_text()
        for goal in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            assert (page.parent / goal).is_file(), f"{page.name}: {goal}"
        for block in re.findall(r"```\{toctree\}\n(.*?)```", text, flags=re.DOTALL):
            names = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {found for name in names for found in page.parent.glob(f"{name}.md")}
    assert listed == {page for page in PAGES if page != DOCS / "index.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_lines_of_python_are_python_and_call_what_is_there(page: Path) -> None:
    for block in re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.DOTALL):
        lines = [line.strip() if block.startswith(" ") else line for line in block.splitlines()]
        tree = ast.parse("\n".join(lines))
        called = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "pa"
        }
        assert called <= set(pa.__all__)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_blocks_of_toml_can_be_read_and_whole_configurations_are_sound(page: Path, tmp_path: Path) -> None:
    for block in re.findall(r"```toml\n(.*?)```", page.read_text(), flags=re.DOTALL):
        text = "\n".join(line.strip() for line in block.splitlines())
        if "slug" in tomllib.loads(text):
            (tmp_path / "atlas.toml").write_text(text)
            assert load_config(tmp_path / "atlas.toml").outcome


def test_commands_are_typed_with_verbs_and_options_that_exist(registries: Any) -> None:
    told = re.split(r"^#{2,3} (?=placeatlas )", registries.commands(), flags=re.MULTILINE)[1:]
    sections = {part.splitlines()[0]: part for part in told}
    typed = []
    for page in PAGES:
        text = page.read_text().replace("\\\n", " ")
        blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
        lines = [line.strip() for block in blocks for line in block.splitlines()]
        lines += re.findall(r"`(placeatlas (?!VERB)[^`\n]+)`", text)
        found = [re.split(r" #|\|\|", line.removeprefix(".venv/bin/"))[0] for line in lines]
        typed += [(page.name, line) for line in found if line.startswith("placeatlas ")]
    assert len(typed) > 40
    for name, line in typed:
        parts = line.split()
        verb = next(one for size in (3, 2) if (one := " ".join(parts[:size])) in sections or size == 2)
        assert verb in sections, (name, line)
        options = re.findall(r"(?<!\S)--?[a-z][a-z-]*", line)
        assert [one for one in options if f"`{one}`" not in sections[verb]] == [], (name, line)


def test_parameters_are_set_apart(registries: Any) -> None:
    lines = [
        "Do it.",
        "",
        "Parameters",
        "----------",
        "a : first. b, c : two",
        "    of them.",
        "",
        "Raises",
        "------",
        "E",
    ]
    registries.parameters_apart(SimpleNamespace(), "function", "f", None, None, lines)
    assert lines[4:10] == ["a", "    first.", "b, c", "    two of them.", "", "Raises"]
    short = ["Nothing to set apart."]
    registries.parameters_apart(SimpleNamespace(), "function", "f", None, None, short)
    assert short == ["Nothing to set apart."]


@pytest.mark.docs
class TestBuilt:
    @pytest.fixture(scope="class")
    @staticmethod
    def pages() -> dict[Path, str]:
        assert BUILT.is_dir(), "run make docs first"
        return {path: path.read_text(encoding="utf-8") for path in sorted(BUILT.rglob("*.html"))}

    def test_it_asks_no_other_host(self, pages: dict[Path, str]) -> None:
        for path, text in pages.items():
            asked = re.findall(
                r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"((?:https?:)?//[^\"]+)\"", text
            )
            assert asked == [], path
        for path in BUILT.rglob("*.css"):
            assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")) == [], path

    def test_links_inside_lead_somewhere(self, pages: dict[Path, str]) -> None:
        for path, text in pages.items():
            for goal in re.findall(r"<a\b[^>]*?href=\"([^\"#:]+)(?:#[^\"]*)?\"", text):
                assert (path.parent / unquote(goal)).exists(), f"{path.name}: {goal}"
