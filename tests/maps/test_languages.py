"""Every fixed text stands in one table a language: none is missing, none is unused, every call fills in its fields."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

import maps
from boundaries import vocabulary
from boundaries.outcomes import periods
from geo.errors import ConfigError
from maps import words
from maps.words import phrases

ROOT = Path(maps.__file__).parent
CODE = [path for path in sorted(ROOT.rglob("*.py")) if path != Path(phrases.__file__)]
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".j2", ".js"})
KEY = re.compile(r"[a-z-]+(\.[A-Za-z0-9_*-]+)+")
ENGLISH = phrases.language("en")

FIRST_LAYER = (
    "levels",
    "standing",
    "range",
    "ends",
    "change",
    "types",
    "pattern",
    "region",
    "index",
    "limits",
    "alike",
)
"""Tables of phrases that a reader meets first."""

DETAILS = ("alike.details", "index.method")
"""Phrases of those tables that a statistician looks for."""

BANNED = (
    *("stand out", "stands out", "hot spot", "cold spot", "core", "contested", "every run", "moran", "false discovery"),
    *("choice of neighbours", "seed", "inherited", "cannot be told"),
)


def wholes(node: ast.expr) -> list[str]:
    """Return the texts an expression may be: of a formatted one, a pattern with ``*`` where it is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)]
    if isinstance(node, ast.IfExp):
        return [*wholes(node.body), *wholes(node.orelse)]
    return []


def matching(pattern: str) -> list[str]:
    """Return the keys that a pattern may become; what is filled in is never empty but at its end."""
    made = re.compile(re.escape(pattern).replace(r"\*", r"[^.]*"))
    return [key for key in ENGLISH.phrases if made.fullmatch(key)]


def phrase_fields(key: str) -> frozenset[str]:
    phrase = ENGLISH.phrases[key]
    return phrase.fields | ({"n"} if phrase.counts else frozenset())


def calls() -> list[tuple[str, str, frozenset[str] | None]]:
    """Return file, key (or pattern) and fields of every lookup in code; None for fields that are passed on."""
    found = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
                names = [keyword.arg for keyword in node.keywords]
                fields = None if None in names else frozenset(name for name in names if name)
                found += [(path.name, key, fields) for key in wholes(node.args[0]) if KEY.fullmatch(key)]
    return found


def texts() -> set[str]:
    """Return every text of the code and the templates that may be a key, patterns among them."""
    found = {
        key
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.expr)
        for key in wholes(node)
    }
    for path in TEMPLATES:
        found |= set(re.findall(r"[\"']([a-z-]+\.[A-Za-z0-9_-]+)[\"']", path.read_text(encoding="utf-8")))
    return {text for text in found if KEY.fullmatch(text)}


def test_no_phrase_is_missing():
    asked = [(name, key) for name, key, _ in calls()]
    asked += [
        (path.name, key)
        for path in TEMPLATES
        for key in re.findall(r"\b(?:t|marked|tell)\(\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    ]
    assert len(asked) > 400
    assert [(name, key) for name, key in asked if not matching(key)] == []


def test_no_phrase_is_unused():
    used = {key for text in texts() for key in matching(text)}
    assert sorted(ENGLISH.phrases.keys() - used) == []


def test_every_call_fills_in_the_fields_of_its_phrase():
    wrong = []
    for name, pattern, fields in calls():
        wanted = {key: phrase_fields(key) for key in matching(pattern)}
        # a key that is put together may be one of several families: its fields are those of one of them
        if fields is not None and fields not in wanted.values():
            wrong.append((name, pattern, sorted(fields)))
    assert wrong == []


def test_what_a_reader_meets_first_is_in_plain_words():
    said = [
        (key, word)
        for key, phrase in ENGLISH.phrases.items()
        if key.split(".")[0] in FIRST_LAYER and key not in DETAILS
        for text in phrase.forms.values()
        for word in BANNED
        if re.search(rf"\b{word}", text.lower())
    ]
    assert said == []


def differences(other, reference):
    """Say where a language departs from another: phrases that it lacks or has too many, and other fields."""
    found = [f"lacks {key!r}" for key in sorted(reference.phrases.keys() - other.phrases.keys())]
    found += [f"{key!r} is of no use" for key in sorted(other.phrases.keys() - reference.phrases.keys())]
    return found + [
        f"{key!r} holds {sorted(other.phrases[key].fields)}, expected {sorted(phrase.fields)}"
        for key, phrase in sorted(reference.phrases.items())
        if key in other.phrases and other.phrases[key].fields - {"n"} != phrase.fields - {"n"}
    ]


def test_what_is_missing_or_too_much_is_a_fault_of_ours():
    with pytest.raises(KeyError, match="has no phrase 'nothing'"):
        words.say("nothing")
    with pytest.raises(KeyError, match="takes \\['figure', 'n'\\], and was given \\['n'\\]"):
        words.say("value.points", n=1)
    with pytest.raises(KeyError, match="was given \\['n', 'other'\\]"):
        words.say("count.area", n=1, other="x")


def test_numbers_choose_the_form_and_are_grouped():
    assert [words.say("count.area", n=n) for n in (0, 1, 2, 12_345)] == [
        "no areas",
        "1 area",
        "2 areas",
        "12,345 areas",
    ]
    # a form that a phrase does without is the general one
    assert words.say("count.other-area", n=0) == "0 other areas"


def test_what_is_filled_in_is_not_read_again():
    assert words.say("title.quoted", title="{n} of {title}") == "“{n} of {title}”"


CYMRAEG = """
[language]
plurals = { zero = [0], one = [1], two = [2], few = [3], many = [6] }
small-words = []
denials = []
names = []
[count]
dog = { zero = "{n} cŵn", one = "{n} ci", two = "{n} gi", few = "{n} chi", many = "{n} chi", other = "{n} ci" }
plain = "ci"
"""


@pytest.fixture
def welsh(tmp_path, monkeypatch):
    """Put a second language beside English, as a file and nothing else."""
    for name, text in (("en", (phrases.LANGUAGES / "en.toml").read_text(encoding="utf-8")), ("cy", CYMRAEG)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(phrases, "LANGUAGES", tmp_path)
    phrases.language.cache_clear()
    yield
    phrases.language.cache_clear()


@pytest.mark.usefixtures("welsh")
def test_another_language_is_another_file():
    assert phrases.languages() == ("cy", "en")
    with words.speaking("cy"):
        assert [words.say("count.dog", n=n) for n in (0, 1, 2, 3, 4, 6)] == [
            *("0 cŵn", "1 ci", "2 gi", "3 chi", "4 ci", "6 chi")
        ]
        with words.speaking("en"):
            assert words.counted(1) == "1 area"
        assert words.say("count.plain") == "ci"
    assert words.counted(2) == "2 areas"
    found = differences(phrases.language("cy"), phrases.language("en"))
    assert "lacks 'count.area'" in found
    assert "'count.dog' is of no use" in found


def test_a_language_without_a_table_is_refused():
    with pytest.raises(ConfigError, match="no words of the language 'xx'"), words.speaking("xx"):
        pass


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[a", "not valid TOML"),
        ("[a]\nb = 3", "a.b"),
        ('[a]\nb = "{n"', "braces .* a.b"),
        ("[a]\nb = { other = 1 }", "a.b"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path, text, fault):
    path = tmp_path / "xx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=fault):
        phrases.read_language(path)


CUTTING = {
    "removeprefix",
    "removesuffix",
    "startswith",
    "endswith",
    "partition",
    "rpartition",
    "split",
    "replace",
    "sub",
    "find",
}
SENTENCES = {
    "title",
    "sure",
    "alt",
    "description",
    "finding",
    "findings",
    "sentence",
    "foot",
    "note",
    "notes",
    "paragraph",
}


def test_no_finished_sentence_is_cut_to_get_a_fact_back():
    cut = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CUTTING:
                of = node.func.value
                name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
                if name in SENTENCES:
                    cut.append((path.name, node.lineno))
            if isinstance(node, ast.Compare) and any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
                cut += [
                    (path.name, node.lineno)
                    for of in node.comparators
                    if isinstance(of, ast.Attribute) and of.attr in SENTENCES
                ]
    # an outcome's title is no sentence: it is read word by word to stand inside one
    assert [one for one in cut if one[0] != "titles.py"] == []


@pytest.mark.parametrize("code", phrases.languages())
def test_every_language_has_every_phrase_with_its_fields(code):
    """A language is whole or is no language: pages, finding words and the vocabulary alike."""
    assert differences(phrases.language(code), ENGLISH) == []
    other, english = (vocabulary.phrases.table(name) for name in (code, "en"))
    assert set(other) == set(english)
    assert {key for key, text in other.items() if phrases.fields_of(text) != phrases.fields_of(english[key])} == set()


def test_welsh_is_a_language_and_a_draft_until_somebody_is_named():
    assert "cy" in phrases.languages()
    welsh = phrases.language("cy")
    assert "Drafft" in welsh.say("site.draft", {})
    assert welsh.plurals == {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}
    same = [
        key
        for key, phrase in welsh.phrases.items()
        if len(phrase.forms["other"]) > 40 and phrase.forms == ENGLISH.phrases[key].forms
    ]
    assert same == [], "long sentences that were never translated"


def test_words_of_places_and_periods_follow_the_language_spoken():
    assert words.format_date(dt.date(2023, 4, 1)) == "1 April 2023"
    with words.speaking("cy"):
        assert words.format_date(dt.date(2023, 4, 1)) == "1 Ebrill 2023"
        assert periods.label("2025-04-30") == "30 Ebrill 2025"
        assert vocabulary.geography_words("LAD", nations="W") == "prif ardaloedd"
        assert words.counted(5) == "5 ardal"
    assert vocabulary.geography_words("LAD", nations="W") == "principal areas"
