"""No template and no kind of map holds text of its own: what a reader reads is a phrase of the language table."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import maps
from maps.kinds.table import BUILT_IN
from maps.words import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(maps.__file__).parent

TEMPLATE_WORDS = {
    "PNG": "the name of a format",
    "zip": "the name of a format",
    "sha256": "the name of a hash",
    "Open Government Licence v3.0": "what a licence is called, in English by law",
    "Creative Commons Attribution 4.0": "what a licence is called",
    "PDF": "a format",
    "DOCX": "a format",
}
"""Words that templates hold, and why no language says them otherwise."""

_COMMANDS = "what a command prints or refuses: commands speak English"
_ERROR = "an error: errors speak English"
_CODE = "code of another language, or a name in a file"

CODES = {"not classified", "none of the three", "per cent", "percentage points"}
"""Values of tables and configurations that are two words; what a reader is told of them is a phrase."""

CODE_WORDS = {
    "atlas/columns.py": "what columns mean, in the data dictionary, which is in English",
    "atlas/config.py": _ERROR,
    "atlas/inputs.py": _COMMANDS,
    "atlas/manifest.py": "the manifest, a file for machines",
    "atlas/minisigned.py": "what a signature says of itself, a file for machines",
    "atlas/replaying.py": _COMMANDS,
    "atlas/run.py": _COMMANDS,
    "atlas/schemas.py": _ERROR,
    "atlas/serving.py": "what the local server answers to whoever asks it wrongly",
    "atlas/signing.py": _COMMANDS,
    "atlas/versions.py": _COMMANDS,
    "atlas/whole.py": "what is shown where an atlas is printed in Python",
    "calls.py": _ERROR,
    "cartogram/layouts.py": "a layout printed in Python, and the name of a file",
    "commands.py": _COMMANDS,
    "kinds/entry.py": _ERROR,
    "kinds/needs.py": _ERROR,
    "kinds/table.py": _ERROR,
    "leaflet/inlined.py": "the licence of Leaflet, as it must stand",
    "leaflet/notebook.py": _CODE,
    "leaflet/page.py": _CODE,
    "one/claiming.py": _ERROR,
    "one/picture.py": _COMMANDS,
    "packs/documents.py": _ERROR,
    "packs/places.py": _ERROR,
    "page/composition.py": _ERROR,
    "page/typefaces.py": "names of typefaces",
    "profiles/page.py": _CODE,
    "qgis/division.py": _CODE,
    "qgis/documents.py": _CODE,
    "qgis/tables.py": _CODE,
    "rendering.py": _CODE,
    "site/writing.py": _ERROR,
}
"""Modules that hold texts of several words, and why these are no interface."""

WORDY = re.compile(r"[A-Za-z]{2,} [a-zA-Z]")
SPOKEN_ATTRIBUTES = re.compile(r'\b(?:aria-label|alt|title|placeholder|content)="([^"{]*)"')
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
SILENT = re.compile(r"<style>.*?</style>|<script.*?</script>|<meta[^>]*>|https?://\S+", re.DOTALL)


def words_of_template(text: str) -> Iterator[str]:
    """Yield the words that a template says by itself: between tags, and in attributes that are read aloud."""
    bare = SILENT.sub(" ", JINJA.sub("{}", text))
    for found in [*SPOKEN_ATTRIBUTES.findall(bare), *re.split(r"<[^>]*>|[{}\n]", bare)]:
        if re.search(r"[A-Za-z]{2}", found):
            yield found.strip(" \t.,()…/")


def texts_of_code(tree: ast.Module) -> Iterator[str]:
    """Yield texts that are no docstring, no help, no part of an error and no fault that becomes part of one."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or refuses(node):
            silent |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            # a tag is no text; one that is filled in is cut in the middle
            yield re.sub(r"</?[a-z!?][^>]*>?", "", node.value)


def refuses(node: ast.AST) -> bool:
    """Say whether a piece of code makes an error: it raises, gathers faults, or makes its parts."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).endswith(("Error", "compile", "Option", "Argument", "Remedy", "faults.append"))
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any("faults" in ast.unparse(target) for target in targets)
    if isinstance(node, ast.FunctionDef):
        return any(word in node.name for word in ("faults", "refuse", "check"))
    return isinstance(node, ast.Raise)


def test_no_template_has_words_of_its_own() -> None:
    found = {
        f"{path.name}: {words}"
        for path in sorted((ROOT / "templates").glob("*.j2"))
        for words in words_of_template(path.read_text(encoding="utf-8"))
        if words not in TEMPLATE_WORDS
    }
    assert found == set()


def test_words_in_a_template_are_found() -> None:
    said = '<p aria-label="Two maps">{{ t("a.b") }} In short</p><style>.soft { color: red; }</style><b>{% if so %}Yes{% endif %}</b>'
    assert list(words_of_template(said)) == ["Two maps", "In short", "Yes"]


def test_no_module_has_sentences_of_its_own_unless_it_says_why() -> None:
    wordy = {
        path.relative_to(ROOT).as_posix(): text
        for path in sorted(ROOT.rglob("*.py"))
        for text in texts_of_code(ast.parse(path.read_text(encoding="utf-8")))
        if WORDY.search(text) and text not in CODES
    }
    assert {name: text for name, text in wordy.items() if name not in CODE_WORDS} == {}
    assert sorted(CODE_WORDS.keys() - wordy.keys()) == [], "take these off the list"


def test_sentences_in_code_are_found() -> None:
    code = 'def f():\n    """A docstring of words."""\n    raise ValueError("an error of words")\nNOTE = f"{1} areas of two"'
    assert [text for text in texts_of_code(ast.parse(code)) if WORDY.search(text)] == [" areas of two"]


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.name)
def test_every_kind_of_ours_is_named_by_a_phrase(kind) -> None:
    assert kind.title in spoken().phrases
    assert not kind.style or kind.style in spoken().phrases
