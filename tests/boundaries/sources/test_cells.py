"""Cells: numbers with footnotes, markers instead of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from boundaries.sources.cells import marker_status, read_numbers


def read(*texts):
    return read_numbers(pd.Series(texts, dtype="str"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1234),
        ("1,234,567.5", 1234567.5),
        ("£1,234", 1234),
        ("-£5", -5),
        ("−3.1", -3.1),
        ("45%", 45),
        ("12.3*", 12.3),
        ("12.3 [u]", 12.3),
        ("12.3 [note 4]", 12.3),
        ("12 (r)", 12),
        ("12.3p", 12.3),
        ("1.2e-3", 0.0012),
        (".5", 0.5),
        (" 7 ", 7),
    ],
)
def test_numbers_with_what_stands_beside_them(text, number):
    cells = read(text)
    assert cells.numbers.tolist() == [number]
    assert not cells.bad


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("..", "unavailable"),
        (":", "unavailable"),
        ("x", "unavailable"),
        ("[x]", "unavailable"),
        ("z", "not_applicable"),
        ("[z]", "not_applicable"),
        ("[c]", "confidential"),
        ("c", "confidential"),
        ("*", "confidential"),
        ("-", "unavailable"),
        ("<5", "confidential"),
        ("", "unavailable"),
        ("NA", "unavailable"),
        ("[u]", "unreliable"),
    ],
)
def test_markers_are_missing_with_a_reason_and_never_zero(text, status):
    cells = read(text)
    assert np.isnan(cells.numbers).all()
    assert cells.status.tolist() == [status]


def test_a_mark_beside_a_number_keeps_its_meaning():
    assert read("12.3 [u]").status.tolist() == ["unreliable"]
    assert read("12.3 [c]").status.tolist() == ["ok"]


def test_text_is_named_with_its_first_row_and_repairs_are_counted():
    cells = read("1", "=A1+2", "abc", "abc", "1,000", "2,000")
    assert cells.bad == {"=A1+2": 1, "abc": 2}
    assert cells.repairs == {"thousands separators, currency or percent signs": 2}


@pytest.mark.parametrize(
    ("texts", "percent", "mixed"), [(("45%", "3%"), True, False), (("45%", "0.3"), True, True), (("1",), False, False)]
)
def test_percent_signs_are_noticed(texts, percent, mixed):
    cells = read(*texts)
    assert (cells.percent, cells.mixed_percent) == (percent, mixed)


def test_numbers_need_no_reading_and_infinity_is_none():
    assert read_numbers(pd.Series([1.0, np.nan])).status.tolist() == ["ok", "unavailable"]
    assert read("inf").bad == {"inf": 0}
    assert read().numbers.shape == (0,)


def test_a_marker_is_known_in_and_out_of_brackets():
    assert marker_status("[low]") == marker_status("LOW") == "unreliable"
    assert marker_status("Hartlepool") is None
