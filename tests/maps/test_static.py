"""Static files: what is on the page, where, in which colours; the same bytes every time."""

from __future__ import annotations

import dataclasses
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations

import numpy as np
import pypdf
import pytest
from matplotlib.image import imread

from geo.errors import ConfigError, MapError
from maps.kinds import spec_choropleth, spec_classes, spec_clusters, spec_typology
from maps.look import palettes, styles
from maps.look.texture import told_apart
from maps.page import typefaces
from maps.page.boxes import Box
from maps.page.composition import OUTSIDE, prepare
from maps.page.scene import AreaLayer
from maps.spec import Outline
from maps.static import draw, greys, page_bytes
from maps.static.layout import map_page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def spec(toy_joined, toy_result):
    return spec_classes(toy_joined, toy_result)


@pytest.fixture(scope="module")
def page(spec, toy_canvas):
    return map_page(spec, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"])


@pytest.fixture(scope="module")
def svg(page):
    return ET.fromstring(page_bytes(page, kind="svg"))  # noqa: S314 - our own file


def box_of(text):
    width = typefaces.width(text.text, text.size, bold=text.bold, tabular=text.tabular)
    left = text.x - {"start": 0, "middle": 0.5, "end": 1}[text.anchor] * width
    return Box(left, text.y - 0.75 * text.size, width, 0.95 * text.size)


def assert_texts_apart_and_inside(page):
    sheet = Box(0, 0, page.width, page.height)
    boxes = [(text, box_of(text)) for text in page.texts() if text.text]
    outside = [text.text for text, box in boxes if not sheet.holds(box)]
    assert not outside
    met = [(a.text, b.text) for (a, box_a), (b, box_b) in combinations(boxes, 2) if box_a.overlaps(box_b, margin=-0.3)]
    assert not met


def groups(svg, role):
    return next(g for g in svg.iter(f"{SVG}g") if g.get("class") == role)


@pytest.mark.parametrize("size", sorted(styles.SIZES))
def test_no_text_meets_another_or_leaves_the_page(spec, toy_canvas, size):
    assert_texts_apart_and_inside(map_page(spec, toy_canvas, style=styles.DEFAULT, size=styles.SIZES[size]))


def test_labels_of_groups_keep_apart(spec, toy_canvas):
    codes = list(spec.assignment)
    outlines = tuple(
        Outline(f"o{i}", f"A rather long name of a group {i}", (codes[i],), palettes.INK) for i in range(12)
    )
    page = map_page(
        dataclasses.replace(spec, outlines=outlines), toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"]
    )
    assert_texts_apart_and_inside(page)
    assert sum(text.role == "area-label" for text in page.texts()) >= 12


def test_svg_has_a_path_for_every_area_in_the_group_of_its_class(svg, spec):
    counts = Counter()
    for group in groups(svg, "areas").iter(f"{SVG}g"):
        if (group.get("class") or "").startswith("class-"):
            counts[group.get("class").removeprefix("class-")] = sum(1 for _ in group.iter(f"{SVG}path"))
    assert counts == Counter(spec.assignment.values())


def test_svg_legend_has_every_class_with_its_count(svg, spec):
    texts = list(svg.iter(f"{SVG}text"))
    assert [text.text for text in texts if text.get("class") == "legend-count"] == [
        str(entry.count) for entry in spec.classes
    ]
    labels = " ".join(text.text for text in texts if text.get("class") == "legend-label" and text.text)
    for entry in spec.classes:
        assert entry.label in labels


def test_svg_is_titled_described_and_names_areas(svg, spec, toy_set):
    assert svg.find(f"{SVG}title").text == spec.title
    assert svg.find(f"{SVG}desc").text == spec.description
    assert svg.get("role") == "img"
    assert svg.get("lang") == "en-GB"
    names = {title.text for title in groups(svg, "areas").iter(f"{SVG}title")}
    assert "Tŷ <Mawr> & Môn: 1% (−1% to 3%); unfavourable cluster" in names
    assert len(names) == len(toy_set)


def test_svg_keeps_holes_and_names_no_id_twice(svg):
    ring = next(path for path in groups(svg, "areas").iter(f"{SVG}path") if path.get("data-code") == "E06000005")
    assert ring.get("d").count("M") == 2
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    used = re.findall(r"url\(#([^)]+)\)", ET.tostring(svg, encoding="unicode"))
    assert set(used) <= set(ids)


def test_the_london_box_shows_the_same_classes(svg, spec):
    london = groups(svg, "london")
    found = {
        path.get("data-code"): group.get("class").removeprefix("class-")
        for group in london.iter(f"{SVG}g")
        if (group.get("class") or "").startswith("class-")
        for path in group.iter(f"{SVG}path")
    }
    assert found == {code: spec.assignment[code] for code in ("E06000018", "E06000019", "E06000020", "E06000021")}


def test_every_border_between_areas_is_drawn_and_can_be_seen(page):
    layer = next(item for item in page.items if isinstance(item, AreaLayer) and item.role == "areas")
    colours = {int(area): fill.colour for fill in layer.fills for area in fill.members if fill.colour}
    borders = layer.shapes.borders()
    drawn = {
        int(run): stroke.colour for stroke in layer.strokes for run in stroke.runs if stroke.key.startswith("border")
    }
    inner = np.flatnonzero(borders.right != OUTSIDE)
    assert set(drawn) == set(inner.tolist())
    for run, line in drawn.items():
        first, second = colours[int(borders.left[run])], colours[int(borders.right[run])]
        fills = palettes.contrast(first, second)
        assert fills >= 3 or max(palettes.contrast(line, first), palettes.contrast(line, second)) >= 3


def test_files_are_the_same_bytes_every_time(spec, toy_canvas, toy_set, tmp_path):
    first = draw(spec, toy_canvas, folder=tmp_path / "a")
    second = draw(spec, prepare(toy_set, toy_canvas.neighbours), folder=tmp_path / "b")
    assert [path.relative_to(tmp_path / "a").as_posix() for path in first] == [
        f"good-things/clusters.{kind}" for kind in ("png", "svg", "pdf")
    ]
    for a, b in zip(first, second, strict=True):
        assert a.read_bytes() == b.read_bytes()


def test_pdf_holds_text_as_text_with_embedded_fonts(page, spec):
    reader = pypdf.PdfReader(io.BytesIO(page_bytes(page, kind="pdf")))
    text = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    assert spec.title[:30] in text
    assert "Unfavourable cluster" in text
    fonts = reader.pages[0]["/Resources"]["/Font"]
    assert all("PublicSans" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert reader.metadata.title == spec.title
    assert "/CreationDate" not in reader.metadata


def test_png_has_the_size_and_colours_of_the_page(page):
    pixels = imread(io.BytesIO(page_bytes(page, kind="png", dpi=144)))
    assert pixels.shape[1] == int(2 * page.width)
    seen = {tuple(colour) for colour in np.rint(pixels[::1, ::1, :3].reshape(-1, 3) * 255).astype(int)}
    for key in ("unfavourable", "favourable", "not-significant"):
        colour = palettes.CLUSTERS[key]
        assert tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) in seen


def test_a_regional_map_has_a_scale_bar_and_no_london_box(spec, toy_canvas):
    extent = tuple(f"E0600{i:04d}" for i in range(4))
    regional = dataclasses.replace(spec, region="North East", extent=extent)
    page = map_page(regional, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    roles = {text.role for text in page.texts()}
    assert "scale-text" in roles
    assert "london-name" not in roles
    bar = next(text.text for text in page.texts() if text.role == "scale-text")
    assert re.fullmatch(r"(1|2|5)0*\u00a0km", bar)
    national = map_page(spec, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    assert "scale-text" not in {text.role for text in national.texts()}


def test_areas_left_out_are_grey_context(spec, toy_canvas):
    few = dict.fromkeys(list(spec.assignment)[:6], "not-significant")
    classes = tuple(
        dataclasses.replace(entry, count=6 if entry.key == "not-significant" else 0) for entry in spec.classes
    )
    page = map_page(
        dataclasses.replace(spec, assignment=few, classes=classes),
        toy_canvas,
        style=styles.DEFAULT,
        size=styles.SIZES["page"],
    )
    layer = next(item for item in page.items if isinstance(item, AreaLayer) and item.role == "areas")
    grey = next(fill for fill in layer.fills if fill.key == "context")
    assert (len(grey.members), grey.colour) == (16, palettes.LAND)


def test_every_kind_is_drawn_and_legible(toy_joined, toy_result, toy_set, toy_canvas, tmp_path):
    import pandas as pd  # noqa: PLC0415 - one test needs it

    table = pd.DataFrame({"coastal": "yes", "rural": "no", "post-industrial": "yes"}, index=toy_set.frame["code"])
    for made in (spec_choropleth(toy_joined), spec_clusters(toy_joined, toy_result, []), spec_typology(toy_set, table)):
        assert_texts_apart_and_inside(map_page(made, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"]))
        paths = draw(made, toy_canvas, folder=tmp_path)
        assert all(path.stat().st_size > 1000 for path in paths)


def test_names_that_try_writers_are_drawn_as_they_are(spec, toy_canvas, tmp_path):
    title = "Tŷ <Mawr> & $x^2$ — Na h-Eileanan Siar; κ → λ"
    made = dataclasses.replace(spec, title=title)
    png, svg, pdf = draw(made, toy_canvas, folder=tmp_path)
    assert ET.parse(svg).getroot().find(f"{SVG}title").text == title  # noqa: S314 - our own file
    assert "$x^2$" in pypdf.PdfReader(pdf).pages[0].extract_text()
    assert png.stat().st_size > 1000


def test_letters_no_font_has_are_drawn_as_boxes(spec, toy_canvas, tmp_path):
    (pdf,) = draw(dataclasses.replace(spec, title="North \U0001f9ed"), toy_canvas, folder=tmp_path, formats=("pdf",))
    assert "North \u25a1" in pypdf.PdfReader(pdf).pages[0].extract_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"assignment": {"E06000000": "sideways"}}, "class 'sideways', which the legend lacks"),
        ({"assignment": {"X1": "low-low"}}, "areas that are not in LAD: X1"),
        ({"assignment": {}}, "no area is in any class"),
    ],
)
def test_untrue_specs_are_refused(spec, toy_canvas, tmp_path, change, said):
    with pytest.raises(MapError, match="cannot be drawn truthfully") as caught:
        draw(dataclasses.replace(spec, **change), toy_canvas, folder=tmp_path)
    assert said in str(caught.value)


def test_unknown_formats_and_sizes_are_refused_together(spec, toy_canvas, tmp_path):
    with pytest.raises(MapError) as caught:
        draw(spec, toy_canvas, folder=tmp_path, formats=("gif",), size="stamp")
    assert "unknown format 'gif'" in str(caught.value)
    assert "unknown size 'stamp'" in str(caught.value)


def test_more_text_than_a_fixed_page_holds_is_an_error(spec, toy_canvas):
    long = dataclasses.replace(spec, notes=("word " * 2000,))
    with pytest.raises(MapError, match="does not fit"):
        map_page(long, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["social"])
    assert map_page(long, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"]).height > 2000


def test_figures_of_legends_and_tables_stand_under_each_other(page, svg):
    columns = [text for text in page.texts() if text.role in {"legend-count", "table-figure"}]
    assert columns
    assert all(text.tabular and text.anchor == "end" for text in columns)
    assert not any(text.tabular for text in page.texts() if text.role in {"title", "note", "foot", "label"})
    styled = [node for node in svg.iter() if "tabular-nums" in node.get("style", "")]
    assert {node.get("class") for node in styled} <= {"legend-label", "legend-note", "legend-count", "table-figure"}
    assert sum(node.get("class") == "legend-count" for node in styled) == sum(
        text.role == "legend-count" for text in columns
    )


def test_a_pdf_has_a_bookmark_and_a_language(page, spec):
    reader = pypdf.PdfReader(io.BytesIO(page_bytes(page, kind="pdf")))
    assert [item.title for item in reader.outline] == [spec.title]
    assert reader.root_object["/Lang"] == "en-GB"


@pytest.mark.parametrize("name", ["placeatlas", "ons", "smc", "govuk", "greyscale"])
def test_house_styles_are_drawn(name, spec, toy_canvas, tmp_path):
    style = styles.load_style(name)
    assert style.name == name
    (path,) = draw(spec, toy_canvas, folder=tmp_path, formats=("svg",), style=style)
    text = path.read_text(encoding="utf-8")
    assert ("accent" in text) == bool(style.accent)
    colours = set(re.findall(r"#[0-9a-f]{6}", text))
    if style.greyscale:
        assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours)


def test_the_project_style_file_states_the_defaults():
    assert styles.load_style("placeatlas") == styles.DEFAULT


def test_classes_alike_in_grey_are_hatched_by_the_style_without_colours(spec):
    brown, teal = spec.classes[:2]
    bare = dataclasses.replace(spec, classes=(dataclasses.replace(brown, hatch="", hatch_colour=""), *spec.classes[1:]))
    hatched = greys.hatched_apart(bare).classes
    assert (hatched[0].hatch, hatched[1].hatch, hatched[1].colour) == ("", "diagonal", teal.colour)
    assert all(told_apart(first, second) for first, second in combinations(hatched, 2))
    assert greys.hatched_apart(spec) == spec  # an ordinary map needs nothing more


def test_a_style_of_ones_own_is_read_and_checked(tmp_path):
    (tmp_path / "mine.toml").write_text('name = "mine"\naccent = "#123456"\ntext = 9\n', encoding="utf-8")
    assert styles.load_style("mine", folders=(tmp_path,)).accent == "#123456"
    assert styles.load_style(str(tmp_path / "mine.toml")).text == 9
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'inc = "#000000"\nink = "#cccccc"\nland = "green"\ntext = "big"\nmargin = 900\nzebra = 1\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"bad\.toml cannot be used") as caught:
        styles.load_style(str(bad))
    said = str(caught.value)
    for words in (
        "did you mean 'ink'",
        "1.6:1 on white",
        "found 'green'",
        "text should be float",
        "margin is 900",
        "'zebra'",
    ):
        assert words in said
    broken = tmp_path / "broken.toml"
    broken.write_text("= 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        styles.load_style(str(broken))
    with pytest.raises(ConfigError, match="no map style called 'vogue'"):
        styles.load_style("vogue")


def test_shetland_stands_in_its_place_unless_a_reason_is_given(spec, toy_set):
    frame = toy_set.frame.copy()
    frame.loc[17, "code"] = "S12000027"
    areas = dataclasses.replace(toy_set, frame=frame)
    codes = {"E06000017": "S12000027"}
    made = dataclasses.replace(spec, assignment={codes.get(code, code): key for code, key in spec.assignment.items()})
    places = {}
    for reason in ("", "the map must fit a narrow column"):
        page = map_page(made, prepare(areas, shetland_boxed=reason), style=styles.DEFAULT, size=styles.SIZES["page"])
        layer = next(item for item in page.items if isinstance(item, AreaLayer) and item.role == "areas")
        places[reason] = layer.shapes.bounds[17]
        said = " ".join(text.text for text in page.texts() if text.role == "foot")
        assert ("Shetland is not in its true place: the map must fit a narrow column." in said) == bool(reason)
        frames = [item for item in page.items if getattr(item, "role", "") == "shetland-frame"]
        assert len(frames) == bool(reason)
    north = [bounds[3] for bounds in places.values()]
    assert north[0] - north[1] == pytest.approx(190_000)


def test_long_lines_of_an_svg_keep_their_width_in_another_typeface(svg, page):
    widths = {
        text.text: typefaces.width(text.text, text.size, bold=text.bold, tabular=text.tabular) for text in page.texts()
    }
    kept = {node.text: float(node.get("textLength")) for node in svg.iter() if node.get("textLength")}
    assert set(kept) == {text for text, wide in widths.items() if wide >= 30}
    assert all(abs(kept[text] - widths[text]) <= 0.5 for text in kept)


def test_a_name_on_a_hatch_has_an_edge_of_its_ground(toy_joined, toy_canvas):
    codes = tuple(toy_joined.frame.index[:8])
    spec = spec_choropleth(toy_joined, centre=15.0)
    regional = dataclasses.replace(spec, region="North East", extent=codes)
    page = map_page(regional, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["page"])
    grounds = {entry.colour for entry in spec.classes if entry.hatch}
    edged = [text for text in page.texts() if text.role == "area-name" and text.halo_colour in grounds]
    assert edged
    assert all(palettes.contrast(text.colour, text.halo_colour) >= 3 for text in edged)
    grey = greys.greyed(page)
    assert {text.halo_colour for text in grey.texts() if text.role == "area-name"} <= {
        palettes.grey(colour) for colour in (*grounds, palettes.PAPER)
    }


def test_a_wide_page_gives_the_map_its_whole_height_and_the_foot_to_the_column(toy_joined, toy_canvas):
    spec = spec_choropleth(toy_joined)
    slide = map_page(spec, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["slide"])
    foot = [item for item in slide.items if getattr(item, "role", "") == "foot"]
    column = min(item.x for item in slide.items if getattr(item, "role", "") == "title")
    assert foot
    assert {item.x for item in foot} == {column}
    words = next(item for item in slide.items if getattr(item, "role", "") == "sure")
    legend = next(item for item in slide.items if getattr(item, "role", "") == "legend-title")
    assert words.x > legend.x


def test_on_a_phone_the_column_stands_under_the_map(toy_joined, toy_canvas):
    spec = spec_choropleth(toy_joined)
    phone = map_page(spec, toy_canvas, style=styles.DEFAULT, size=styles.SIZES["phone"])
    legend = next(item for item in phone.items if getattr(item, "role", "") == "legend-title")
    areas = next(item for item in phone.items if isinstance(item, AreaLayer) and item.role == "areas")
    assert legend.y > areas.view.box.bottom
    assert legend.x == styles.DEFAULT.margin
    assert phone.width == 300
