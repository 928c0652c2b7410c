"""Whatever the server does with offsets, sizes and flags, the rows are whole or there is one error, in bounded time."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boundaries.official.paging import fetch_rows, forget_rows
from boundaries.official.service import LayerMeta, Page
from geo.errors import FetchError

if TYPE_CHECKING:
    from pathlib import Path

HABITS = ("short", "empty", "fail", "lose", "double", "forget flag", "keep flag", "ignore offset", "shuffle")


@dataclass
class Moody:
    """A portal in memory that follows a habit at random, seeded."""

    rows: int
    size: int
    pages: bool
    moods: dict[str, float]
    seed: int
    asked: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - dice, not secrets
        self.ids = [3 * number + 1 for number in range(self.rows)]
        self.layer = LayerMeta("S", 0, f"memory:{self}", ("OID", "V"), "OID", self.size, self.pages, "", "")

    def feels(self, habit: str) -> bool:
        return self.dice.random() < self.moods.get(habit, 0.0)

    def count(self, _: LayerMeta) -> int:
        self.asked += 1
        return self.rows

    def object_ids(self, _: LayerMeta) -> tuple[int, ...]:
        self.asked += 1
        return tuple(self.ids)

    def page(
        self, _: LayerMeta, *, geometry: bool, where: str = "1=1", offset: int | None = None, rows: int | None = None
    ) -> Page:
        self.asked += 1
        assert not geometry
        if self.feels("fail"):
            raise FetchError("the portal is moody")
        if offset is not None and not self.pages:
            raise FetchError("no", ["Pagination is not supported."])
        low, high = (0, 10**9) if where == "1=1" else (int(where.split()[2]), int(where.split()[6]))
        chosen = [number for number in self.ids if low <= number <= high]
        start = 0 if offset is None or self.feels("ignore offset") else offset
        take = min(rows or self.size, self.size)
        if self.feels("short"):
            take = max(1, take // 2)
        page = chosen[start : start + take]
        exceeded = start + len(page) < len(chosen)
        if self.feels("empty"):
            page, exceeded = [], True
        if self.feels("lose"):
            page = page[:-1]
        if self.feels("double"):
            page = page[:1] + page
        if self.feels("shuffle"):
            self.dice.shuffle(page)
        exceeded = (exceeded and not self.feels("forget flag")) or self.feels("keep flag")
        features: list[dict[str, Any]] = [{"properties": {"OID": number, "V": number * 2}} for number in page]
        return Page(tuple(features), exceeded, "", "", json.dumps({"features": features}).encode())


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(0, 40),
    size=st.integers(1, 50),
    pages=st.sampled_from([0, 1]),
    moods=st.dictionaries(st.sampled_from(HABITS), st.sampled_from([0.2, 0.5, 1.0]), max_size=4),
    seed=st.integers(0, 2**16),
)
def test_rows_are_whole_or_refused_in_bounded_time(
    tmp_path: Path, rows: int, size: int, pages: int, moods: dict[str, float], seed: int
) -> None:
    portal = Moody(rows, size, bool(pages), moods, seed)
    try:
        found = fetch_rows(portal, portal.layer, geometry=False, cache=tmp_path)
    except FetchError:
        assert moods.keys() & {"fail", "empty", "lose", "ignore offset", "short"}, "a decent server is never refused"
    else:
        assert [row["OID"] for row in found.attributes] == portal.ids
        assert all(row["V"] == 2 * row["OID"] for row in found.attributes)
    forget_rows(portal.layer, tmp_path)
    assert not list(tmp_path.rglob("page-*"))
    assert portal.asked <= 12 * (rows + 10)


@pytest.mark.parametrize("pages", [1, 0])
def test_a_decent_server_is_asked_no_more_than_it_must(tmp_path: Path, pages: int) -> None:
    portal = Moody(100, 30, bool(pages), {}, 0)
    fetch_rows(portal, portal.layer, geometry=False, cache=tmp_path)
    assert portal.asked == 1 + 4 + (0 if pages else 1), "the count, four pages, and the ids where there is no paging"
