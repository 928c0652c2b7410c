"""The front page and the method: every link leads somewhere, every number is the run's."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from defusedxml import ElementTree

from geo.errors import MapError
from maps.site import AreaEntry, Colophon, MixingRow, OutcomePage, Overview, OverviewRow, RegionEntry, png_size
from maps.site.hosting import write_hosting


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.pictures, self.ids, self.headings = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "a":
            self.links.append(attributes["href"])
        if tag == "img":
            self.pictures.append(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(tag)


def words(text):
    body = re.sub(r"<(script|style).*?</\1>", "", text, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("name", ["index.html", "method.html", "regions/W92000004-wales/index.html"])
def test_every_link_leads_somewhere(built, name):
    page = built / name
    found = Links(page.read_text(encoding="utf-8"))
    for link in found.links + [picture["src"] for picture in found.pictures]:
        if link.startswith("https://example.org/"):
            continue  # the source's own page: a link for the reader, nothing the page loads
        path, _, fragment = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        if fragment.startswith("outcome="):  # a state of the interactive page
            assert f'"id":"{fragment.removeprefix("outcome=")}"' in target.read_text(encoding="utf-8")
        elif fragment:
            assert fragment in Links(target.read_text(encoding="utf-8")).ids
    assert len(found.ids) == len(set(found.ids))
    assert found.headings.count("h1") == 1
    assert found.headings[0] == "h1"


def test_the_front_page_leads_with_the_finding(built):
    text = words((built / "index.html").read_text(encoding="utf-8").partition("</nav>")[2])
    order = [text.index(part) for part in ("Small atlas", "Find a place", "Three areas form a low cluster", "5 of 12 cannot be distinguished", "Open the interactive map",
                                           "Regions and nations", "Wales / Cymru", "Downloads", "What these maps do not show",
                                           "Contains squares.", "Seen an error? Tell maps@example.org.")]  # fmt: skip
    assert order == sorted(order)


def test_the_four_answers_stand_before_the_outcomes(tmp_path, make_site):
    row = OverviewRow(
        "income", "Mean income, 2022", ("3 below",), ("2 rose",), ("Coastal: no clear gap",), ("3 in low",)
    )
    mixed = MixingRow("Mean income", "low values", "Coastal", "open-coast", "2 of 3", "30%", "25%", "0.04")
    overview = Overview(
        ("Sentence one.",), "Coasts are poor", (row,), ("Coastal areas: over.",), (mixed,), ("Low on 2 of 2: Caer.",)
    )
    index, _ = make_site(tmp_path / "whole", overview=overview)
    text = words(index.read_text(encoding="utf-8").partition("</nav>")[2])
    order = [
        text.index(part)
        for part in (
            *("“Coasts are poor”: what the figures say", "Sentence one.", "Find a place", "Every outcome at a glance"),
            *("Where places stand", "Change", "Kinds of place", "Where low and high places lie together"),
            *("3 below", "2 rose", "Coastal: no clear gap", "3 in low", "Low on 2 of 2: Caer.", "Coastal areas: over."),
            *("open-coast", "2 of 3", "Three areas form a low cluster"),
        )
    ]
    assert order == sorted(order)
    assert 'href="#income"' in index.read_text(encoding="utf-8")
    bare = replace(overview, rows=(replace(row, change=()),), claim="", mixing=(), mixed=(), several=())
    index, _ = make_site(tmp_path / "bare", overview=bare)
    text = words(index.read_text(encoding="utf-8"))
    for part in ("Coasts are poor", "Change", "Clusters and kinds of place", "Places low on several outcomes"):
        assert part not in text, part


def test_pictures_have_words_and_keep_their_place(built):
    found = Links((built / "index.html").read_text(encoding="utf-8"))
    assert [(picture["alt"], picture["width"], picture["height"]) for picture in found.pictures] == [
        ("Map of income.", "30", "40"),
        ("Map of clusters.", "30", "40"),
    ]


def test_the_method_states_the_run(built):
    text = words((built / "method.html").read_text(encoding="utf-8"))
    for part in (
        "99,999",
        "the smallest possible is 0.00002",
        "Benjamini-Hochberg, at 5%",
        "On average at most 5% of the areas named are named by accident",
        "Without neighbours, and so not testable: Island.",
        "2 connected groups",
        "Newtown, East: The Newtown Order 2018",
        "At least 10% open coast",
        "Neighbours are areas that share a border or a corner (queen), and areas between which people cross water.",
        "tested against other choices: the 6 nearest areas, and those of which an area is one of the 6 nearest; areas up to 2 steps away",
        "local authority districts, 11 September 2024",
        "Island to Caer: ferry",
        "placeatlas replay manifest.json",
        "Lambert azimuthal equal-area projection",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("code", "promise"),
    [
        ("fdr_by", "however areas depend on each other"),
        ("bonferroni", "even one area"),
        ("none", "about 5% are named all the same"),
    ],
)
def test_each_correction_says_what_it_promises(method, code, promise):
    changed = replace(method, correction=code)
    assert promise in changed.correction_words
    assert changed.correction_name


def test_every_fault_is_named_at_once(tmp_path, make_site):
    page = OutcomePage("income", "Income", "Found", "", "", (), (), "leaflet/absent.html")
    with pytest.raises(MapError) as caught:
        make_site(tmp_path / "out", areas=[AreaEntry("X", "X", "", ())], outcomes=[page])
    message = str(caught.value)
    for part in ("nothing lies at leaflet/absent.html", "X has 0 facts for 1 outcomes", "income has no picture"):
        assert part in message


def test_a_picture_that_is_none(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(b"GIF89a")
    with pytest.raises(MapError, match="not a PNG"):
        png_size(path)


def test_no_outcome_is_no_site(tmp_path, make_site):
    with pytest.raises(MapError, match="no outcome"):
        make_site(tmp_path / "out", outcomes=[], areas=[])


def test_a_site_without_regions_downloads_isolates_or_kinds(tmp_path, make_site, method):
    bare = replace(
        method, isolates=(), sea_links=(), typologies=(), approximate={}, alternatives=(), limits=("One more limit.",)
    )
    index, explained = make_site(tmp_path / "out", regions=[], downloads=[], methods=[bare])
    assert "Regions and nations" not in words(index.read_text(encoding="utf-8"))
    text = words(explained.read_text(encoding="utf-8"))
    assert "Every area has at least one neighbour." in text
    assert "One more limit." in text
    assert "Kinds of place" not in text


def test_the_method_names_what_cannot_be_tested_by_outcome(tmp_path, make_site, method):
    one = replace(
        method.outcomes[0], title="Pay", untestable=("Hastings",), low="below £9, the mean of the areas tested"
    )
    two = replace(one, title="Jobs", untestable=("Hastings", "Southend"), low="")
    _, explained = make_site(tmp_path / "out", methods=[replace(method, isolates=(), outcomes=(one, two))])
    text = words(explained.read_text(encoding="utf-8"))
    for part in (
        "Every area has at least one neighbour.",
        "Pay: Hastings has a figure, but no neighbour of it has, and so is not testable for this outcome.",
        "Jobs: Hastings, Southend have a figure, but no neighbour of theirs has, and so are not testable for this outcome.",
        "below £9, the mean of the areas tested",
        "low-low when its value is below the mean of the areas tested and its neighbours' are lower than chance",
        "the area has a figure but no neighbour with a figure",
    ):
        assert part in text, part


def test_one_area_is_no_plural(tmp_path, make_site):
    lone = RegionEntry("W92000004", "Wales", 1, "regions/W92000004-wales", "regions/W92000004-wales.zip", 9)
    index, _ = make_site(tmp_path / "out", regions=[lone])
    assert re.search(r"Wales ?, 1 area ", words(index.read_text(encoding="utf-8")))


def test_equal_content_is_equal_bytes(tmp_path, built, make_site):
    again = tmp_path / "again"
    make_site(again)
    for path in sorted(built.rglob("*")):
        if path.is_file():
            assert (again / path.relative_to(built)).read_bytes() == path.read_bytes(), path.name


def test_a_site_says_where_it_lies_only_where_somebody_told_it(make_site, country, tmp_path):
    bare = make_site(tmp_path / "bare")[0].read_text(encoding="utf-8")
    assert "canonical" not in bare
    assert "og:" not in bare
    colophon = Colophon("0.1.0", "2022", "", country.boundaries.sources, address="https://maps.example.org/a&b/")
    told = make_site(tmp_path / "told", colophon=colophon)
    front, method = (path.read_text(encoding="utf-8") for path in told)
    assert '<link rel="canonical" href="https://maps.example.org/a&amp;b/index.html">' in front
    assert '<link rel="canonical" href="https://maps.example.org/a&amp;b/method.html">' in method
    assert '<meta property="og:image" content="https://maps.example.org/a&amp;b/preview.png">' in front


def test_the_map_of_a_site_names_every_page(tmp_path):
    sitemap, robots = write_hosting(tmp_path, "https://maps.example.org/a&b/", ["index.html", "areas/E1.html"])
    found = [element.text for element in ElementTree.parse(sitemap).getroot().iter() if element.tag.endswith("loc")]
    assert found == ["https://maps.example.org/a&b/areas/E1.html", "https://maps.example.org/a&b/index.html"]
    assert "Sitemap: https://maps.example.org/a&b/sitemap.xml" in robots.read_text(encoding="utf-8")
