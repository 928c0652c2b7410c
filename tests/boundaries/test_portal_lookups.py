"""Lookups come through the same faults, and are checked on both sides."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from boundaries.official import (
    cached_lookups,
    fetch_lookup,
)
from geo.errors import FetchError
from tests.boundaries.portal_faults import (
    ENGLAND_AND_WALES,
    lad_layer,
    lookup_layer,
)
from tests.boundaries.portal_fetching import (
    AWAKE,
    files_in,
    read_lookup,
)
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from pathlib import Path


def lookup(server: PortalServer, cache: Path) -> Any:
    return fetch_lookup("LAD", "UTLA", dt.date(2024, 12, 31), base_url=server.base_url, cache=cache, policy=AWAKE)


@pytest.mark.parametrize(
    "fault",
    [
        "",
        "catalogue_empty",
        "error_body",
        "html_page",
        "short_page",
        "empty_page",
        "row_lost",
        "half_json",
        "offset_ignored",
    ],
)
def test_a_lookup_is_fetched_through_every_fault(tmp_path: Path, fault: str) -> None:
    with PortalServer([lookup_layer()], **({fault: 3} if fault else {})) as server:
        found = lookup(server, tmp_path)
        assert lookup(server, tmp_path) == found, "held"
    assert (found.child_field, found.parent_field, found.count) == ("LAD24CD", "CTYUA24CD", 318)
    assert found.source.attribution[0].startswith("Source: Office for National Statistics")
    assert str(found) == "LAD to UTLA@2024-12-31, 318 rows, EW"
    table = read_lookup(found)
    assert list(table.columns) == ["LAD24CD", "LAD24NM", "CTYUA24CD", "CTYUA24NM"], (
        "object ids are the server's own affair"
    )
    assert list(table["LAD24CD"]) == ENGLAND_AND_WALES
    assert cached_lookups(tmp_path) == (found,)
    found.path.write_text("x", encoding="utf-8")
    with pytest.raises(FetchError, match="damaged"):
        cached_lookups(tmp_path)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("LAD24CD", None, "1 rows without a code in LAD24CD"),
        ("LAD24CD", "E07000004", "codes in LAD24CD not alive on 2024-12-31: E07000004"),
        ("LAD24CD", ENGLAND_AND_WALES[5], "expected 318 different codes in LAD24CD, found 317"),
        ("CTYUA24CD", "E10000009", "codes in CTYUA24CD not alive on 2024-12-31: E10000009"),
    ],
)
def test_a_lookup_with_a_fault_is_refused(tmp_path: Path, column: str, value: str | None, message: str) -> None:
    layer = lookup_layer()
    layer.rows[0][column] = value
    with PortalServer([layer]) as server, pytest.raises(FetchError, match=message):
        lookup(server, tmp_path)
    assert files_in(tmp_path) == []


def test_a_lookup_carried_in_is_checked_and_kept(tmp_path: Path) -> None:
    layer = lookup_layer()
    text = "\ufeff" + ",".join(layer.rows[0]) + "\r\n" + "".join(",".join(row.values()) + "\r\n" for row in layer.rows)
    (tmp_path / "lookup.csv").write_text(text, encoding="utf-8", newline="")
    found = fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    assert list(read_lookup(found)["LAD24CD"]) == ENGLAND_AND_WALES
    (tmp_path / "lookup.csv").write_text(text.replace("CTYUA24CD", "PARENT"), encoding="utf-8")
    with pytest.raises(FetchError, match="expected one field like"):
        fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    (tmp_path / "lookup.csv").write_bytes(b"")
    with pytest.raises(FetchError, match="cannot be read as a table"):
        fetch_lookup("LAD", "UTLA", from_file=tmp_path / "lookup.csv", cache=tmp_path / "cache")
    assert cached_lookups(tmp_path / "cache") == (found,)


def test_a_lookup_that_is_not_there_says_what_was_tried(tmp_path: Path) -> None:
    with (
        PortalServer([lad_layer()]) as server,
        pytest.raises(FetchError, match=r"no lookup from LAD to UTLA for 2024-12-31(.|\n)*from_file="),
    ):
        lookup(server, tmp_path)
