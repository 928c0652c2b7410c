"""The page of a place: what it says, what it draws, and that it holds together whatever the figures are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from maps.atlas.formerly import formerly
from maps.findings import Reference
from maps.findings.place import PlaceChange, PlaceLevel
from maps.site.places import Imprint, OtherPlace, PlaceFact, PlacePage, write_place
from maps.site.small import LEAD, STRIP, smaller
from maps.site.strips import EDGE, HEIGHT, WIDTH, history, stretches, strip
from maps.words import Topic
from maps.words.findings.place import chance, place_lies, place_moved, place_standing

if TYPE_CHECKING:
    from collections.abc import Callable

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
NAN = float("nan")
PAY = Topic("Median pay", "£", "high", decimals=0)
UK = Reference("published", 600.0, "EWSN")


def level(**changes: object) -> PlaceLevel:
    given = {
        "reference": UK, "value": 500.0, "level": "low", "p_below": 0.97, "p_low_tenth": 0.2, "p_high_tenth": 0.0,
        "band": "", "rank_lower": 3.0, "rank_upper": 40.0, "n": 361,
    }  # fmt: skip
    return PlaceLevel(**{**given, **changes})  # type: ignore[arg-type]


def test_a_place_is_told_with_the_figure_it_is_compared_with_and_how_sure_that_is() -> None:
    assert place_standing(level(), PAY) == (
        "Clearly below the UK figure of £600 (probability 97%).",
        "Between rank 3 and rank 40 of 361 from the lowest (95% interval).",
    )
    unclear = place_standing(level(level="not-clear", p_below=0.6), PAY)
    assert unclear[0] == "Cannot be distinguished from the UK figure of £600: below it with a probability of 60%."
    high = place_standing(level(level="high", p_below=0.0001), PAY)
    assert high[0] == "Clearly above the UK figure of £600 (probability more than 99%)."


def test_bands_and_tenths_are_told_where_they_are_known() -> None:
    said = place_standing(level(band="Well below", p_low_tenth=0.8), PAY)
    assert said[0] == "Band: Well below."
    assert "In the lowest tenth with a probability of 80%." in said


def test_without_an_error_a_place_is_told_by_its_figure_and_that_is_said() -> None:
    bare = level(level="error-unknown", p_below=NAN, p_low_tenth=NAN, p_high_tenth=NAN, rank_lower=NAN, rank_upper=NAN)
    assert place_standing(bare, PAY) == ("Below the UK figure of £600; the error of the figure is not known.",)
    assert place_standing(level(level="no-data", value=NAN), PAY) == ()


@pytest.mark.parametrize(
    ("p", "told"),
    [(1.0, "more than 99%"), (0.0, "less than 1%"), (0.5, "50%"), (0.994, "more than 99%"), (0.99, "99%")],
)
def test_no_probability_is_told_as_certain(p: float, told: str) -> None:
    assert chance(p) == told


def moved(**changes: object) -> PlaceChange:
    given = {
        "verdict": "fell",
        "since": "2020",
        "amount": -30.0,
        "lower": -50.0,
        "upper": -10.0,
        "unit": "£",
        "relative": False,
    }
    return PlaceChange(**{**given, **changes})  # type: ignore[arg-type]


def test_a_change_is_told_with_its_interval_and_on_its_base() -> None:
    assert place_moved(moved(), PAY) == ("Clearly fell since 2020: −£30 (95% interval −£50 to −£10).",)
    unclear = place_moved(moved(verdict="not-clear", relative=True), PAY)
    assert (
        unclear[0]
        == "No clear change since 2020: −£30 (95% interval −£50 to −£10) is within the error of both periods."
    )
    assert unclear[1].startswith("This is against the other areas")
    bare = place_moved(moved(verdict="error-unknown", lower=NAN, upper=NAN), PAY)
    assert bare == ("Since 2020 the figure moved by −£30; the error is not known.",)
    assert place_moved(moved(verdict="", amount=NAN), PAY) == ()


def test_a_cluster_is_told_by_name_and_whether_it_depends_on_who_counts_as_neighbour() -> None:
    assert (
        place_lies("low", "Powys and Gwynedd", 2, firm=True)
        == "Lies in a cluster of low values: Powys and Gwynedd (2 areas)."
    )
    assert place_lies("low", "", 1, firm=False).startswith("By itself a cluster of low values. Whether it does depends")
    assert place_lies("high-among-low", "", 1, firm=True) == "A high area among low ones."
    assert place_lies("", "", 1, firm=True) == ""


def test_what_a_place_was_is_told_up_to_the_date_of_the_boundaries() -> None:
    assert list(formerly("E06000063", dt.date(2024, 4, 1))) == [
        "Made of Allerdale, Carlisle and Copeland on 1 April 2023."
    ]
    assert list(formerly("smc:1", dt.date(2024, 4, 1))) == []


def test_a_strip_keeps_marks_on_the_line() -> None:
    drawn = strip(5.0, (-10.0, 30.0), (0.0, 10.0), NAN, words="w", against="a")
    assert drawn.x == pytest.approx(WIDTH / 2)
    assert (drawn.lower, drawn.upper, drawn.reference) == (EDGE, WIDTH - EDGE, None)
    assert strip(3.0, (NAN, NAN), (3.0, 3.0), 3.0, words="", against="").x == WIDTH / 2
    with pytest.raises(ValueError, match="there is none"):
        strip(NAN, (NAN, NAN), (0.0, 1.0), 0.5, words="", against="")


def test_a_history_is_broken_where_figures_are_missing_or_cannot_be_compared() -> None:
    assert stretches([1.0, NAN, 2.0, 3.0], breaks=[3]) == [[0], [2], [3]]
    drawn = history(
        [1.0, 2.0, NAN, 3.0],
        [0.5, 1.5, NAN, NAN],
        [1.5, 2.5, NAN, NAN],
        first="a",
        last="d",
        words="w",
        rows=[("a", "1")],
    )
    assert len(drawn.lines) == len(drawn.bands) == 1
    assert len(drawn.dots) == 3
    points = [tuple(map(float, pair.split(","))) for pair in drawn.lines[0].split()]
    assert points[0][0] == EDGE
    assert all(EDGE <= y <= HEIGHT - EDGE for _, y in points)
    assert points[0][1] > points[1][1], "a higher figure stands higher"


def page_of(name: str) -> PlacePage:
    drawn = strip(5.0, (4.0, 6.0), (0.0, 10.0), 6.0, words="5, on a line", against="The mean")
    line = history(
        [1.0, 2.0], [NAN, NAN], [NAN, NAN], first="2020", last="2021", words="From 1 to 2", rows=[("2021", "2")]
    )
    fact = PlaceFact("pay", "Pay, 2021", "£5", ("Below.",), ("Fell.",), "Lies low.", drawn, line, "leaflet/pay.html")
    other = OtherPlace("E06000002.html", name, ("£6",))
    return PlacePage(
        "E06000001", name, name, "cy", "District", ("Made of others.",), ("Of one figure.",), (fact,),
        (("Coastal", ("Yes, by the rule: near.",)),), ("Pay",), (other,), (other,), "Alike.", (("E06000001.csv", "CSV"),),
    )  # fmt: skip


def test_hostile_names_are_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\"' onload=x " + "n" * 220
    path = write_place(
        tmp_path / "areas" / "E06000001.html", page_of(hostile), Imprint("Atlas", ("Line.",), "Made.", "Tell.")
    )
    text = path.read_text(encoding="utf-8")
    assert "<script" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


@pytest.mark.browser
def test_the_page_of_a_place_passes_the_audit_and_fits_a_phone(visit: Callable[..., Any], built: Path) -> None:
    path = write_place(built / "x.html", page_of("Caer " + "n" * 220), Imprint("Atlas", ("Line.",), "Made.", "Tell."))
    page = visit(path.name)
    path.unlink()  # other tests compare the folder as it was written
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert {rule: offenders for rule, offenders in page.evaluate(AUDIT).items() if offenders} == {}
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_small_pictures_are_small_and_alike_each_time(tmp_path: Path) -> None:
    big = Image.radial_gradient("L").resize((1600, 2000)).convert("RGB")
    big.save(tmp_path / "big.png")
    one = smaller(tmp_path / "big.png", tmp_path / "small" / "one.png", STRIP)
    two = smaller(tmp_path / "big.png", tmp_path / "small" / "two.png", STRIP)
    assert one.read_bytes() == two.read_bytes()
    with Image.open(one) as shown:
        assert (shown.size, shown.mode) == ((360, 450), "P")
    narrow = smaller(one, tmp_path / "narrow.png", LEAD)
    with Image.open(narrow) as shown:
        assert shown.width == 360, "nothing is drawn larger than it was"
