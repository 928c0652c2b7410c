"""Type: cut the same on every machine, with every letter that is needed, and measured before it is set."""

from __future__ import annotations

import pytest

from geo.errors import OutputError
from maps.page import typefaces


def test_a_font_cache_that_cannot_be_written_is_an_error(monkeypatch, tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("PLACEATLAS_CACHE", str(blocker))
    with pytest.raises(OutputError, match="font cannot be kept"):
        typefaces.font_path.__wrapped__(bold=False)


def test_fonts_are_cut_the_same_each_time(monkeypatch, tmp_path):
    made = []
    for name in ("a", "b"):
        monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / name))
        made.append(typefaces.font_path.__wrapped__(bold=True).read_bytes())
    assert made[0] == made[1]


def test_public_sans_has_every_letter_of_british_names():
    letters = "ÂÊÎÔÛŴŶâêîôûŵŷÀÈÌÒÙàèìòùÁÉÍÓÚáéíóúÄËÏÖÜäëïöü’–—−×£€©°\u2009"
    for bold in (False, True):
        assert not typefaces.missing_letters(letters, typefaces.font_path(bold=bold))


@pytest.mark.parametrize("bold", [False, True])
def test_tabular_figures_have_one_width_and_ordinary_ones_have_not(bold):
    tabular, ordinary = (
        {typefaces.width(digit, 10, bold=bold, tabular=kind) for digit in "0123456789"} for kind in (True, False)
    )
    assert len(tabular) == 1
    assert len(ordinary) > 5
    assert tabular == {max(ordinary)}  # no wider than the widest figure
    assert typefaces.width("n−.", 10, tabular=True) == typefaces.width("n−.", 10)
    name = typefaces.loaded(typefaces.font_path(bold=bold, tabular=True)).postscript_name
    assert name.endswith("Tabular")


def test_numbers_are_never_broken_at_their_thin_spaces():
    text = "£208\u2009000 and 3.1\u00a0per 1,000 people"
    lines = typefaces.wrapped(text, 10, within=30)
    assert "£208\u2009000" in lines
    assert "3.1\u00a0per" in lines
    assert " ".join(lines) == text


def test_lines_are_broken_between_words():
    assert typefaces.wrapped("", 10, within=50) == []
    assert typefaces.wrapped("Llanfairpwllgwyngyll a b", 10, within=20) == ["Llanfairpwllgwyngyll", "a b"]


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Ynys Môn", "Ynys Môn"),
        ("North \u2067\u05d0\u2069 side", "North \u05d0 side"),
        ("\u202eevil gnp.exe", "evil gnp.exe"),
        ("a\u200bb\x00c", "abc"),
        ("Caer \u540d", "Caer \u25a1"),
        ("\ud800", ""),
    ],
)
def test_whatever_a_text_holds_can_be_drawn(text, drawn):
    shown = typefaces.drawable(text)
    assert shown == drawn
    assert not typefaces.missing_letters(shown, typefaces.path_for(shown))
    assert typefaces.width(text, 10) == typefaces.width(shown, 10), "what is measured is what is drawn"
