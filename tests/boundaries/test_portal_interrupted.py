"""Fetches that are stopped, killed, or run side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boundaries.official import (
    cached_layer,
    cached_layers,
)
from geo.staging import leftovers
from tests.boundaries.portal_faults import (
    DAY,
    lad_layer,
)
from tests.boundaries.portal_fetching import (
    KILLED,
    ended,
    fetch,
    files_in,
    run_killed_at,
    run_killed_while_paging,
    run_whole,
    started,
)
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from pathlib import Path


class Stopped(Exception):  # noqa: N818 - it is not an error but somebody's wish
    """Raised by a progress callback, as Ctrl-C would."""


@pytest.mark.parametrize("pagination", ["pages", ""])
def test_a_stopped_fetch_goes_on_where_it_stopped(tmp_path: Path, clean: str, pagination: str) -> None:
    def stop(rows: int, expected: int) -> None:
        assert expected == 361
        if rows >= 200:
            raise Stopped

    with PortalServer([lad_layer(pagination=bool(pagination))]) as server:
        with pytest.raises(Stopped):
            fetch(server, tmp_path, progress=stop)
        assert cached_layers(tmp_path) == ()
        assert len(server.queries()) == 2
        layer = fetch(server, tmp_path)
        assert len(server.queries()) == 4, "the first 200 rows are not asked for again"
    assert layer.source.sha256 == clean
    assert "resumed with 200 rows of an earlier run" in layer.notes


@pytest.mark.parametrize("change", ["edited", "grown", "page damaged", "page lost", "body damaged", "body lost"])
def test_a_stopped_fetch_starts_anew_when_it_must(tmp_path: Path, clean: str, change: str) -> None:
    def stop(rows: int, expected: int) -> None:
        if rows >= min(200, expected):
            raise Stopped

    layer = lad_layer()
    with PortalServer([layer]) as server:
        with pytest.raises(Stopped):
            fetch(server, tmp_path, progress=stop)
        pages = sorted((tmp_path / "partial").rglob("page-*.json"))
        if change == "edited":
            layer.edited += 1
        elif change == "grown":
            state = next((tmp_path / "partial").rglob("state.json"))
            state.write_text(state.read_text(encoding="utf-8").replace("361", "360"), encoding="utf-8")
        elif change == "page damaged":
            pages[0].write_text('{"rows": [', encoding="utf-8")
        elif change == "body damaged":
            pages[0].with_suffix(".body").write_text("{}", encoding="utf-8")
        elif change == "body lost":
            pages[1].with_suffix(".body").unlink()
        else:
            pages[0].unlink()
        found = fetch(server, tmp_path)
    assert found.source.sha256 == clean


def test_runs_side_by_side_do_not_disturb_each_other(tmp_path: Path, clean: str) -> None:
    with PortalServer([lad_layer()]) as server:
        runs = [started(run_whole, server.base_url, tmp_path, clean) for _ in range(2)]
        assert ended(*runs) == [0, 0]
    assert len(files_in(tmp_path)) == 2


def test_a_kill_while_paging_is_taken_up_by_the_next_run(tmp_path: Path, clean: str) -> None:
    with PortalServer([lad_layer()]) as server:
        assert ended(started(run_killed_while_paging, server.base_url, tmp_path)) == [KILLED]
        layer = fetch(server, tmp_path)
    assert layer.source.sha256 == clean
    assert "resumed with 200 rows of an earlier run" in layer.notes
    assert len(files_in(tmp_path)) == 2


@pytest.mark.parametrize("at", ["sha256_of", "write_json"])
def test_a_kill_while_the_layer_is_written_leaves_nothing_half(tmp_path: Path, clean: str, at: str) -> None:
    with PortalServer([lad_layer()]) as server:
        assert ended(started(run_killed_at, at, server.base_url, tmp_path)) == [KILLED]
        assert cached_layers(tmp_path) == ()
        assert cached_layer("LAD", DAY, cache=tmp_path) is None
        assert fetch(server, tmp_path).source.sha256 == clean
    assert len(files_in(tmp_path)) == (2 if at == "write_json" else 3)
    assert len(leftovers(tmp_path)) == (0 if at == "write_json" else 1)


def test_what_is_kept_is_flushed_to_the_disk_and_pages_are_not(tmp_path: Path, flushed: list[int]) -> None:
    with PortalServer([lad_layer(max_record_count=7)]) as server:
        fetch(server, tmp_path)
    assert len(flushed) == 2, "the layer and its record; a page is checked by its hash when it is taken up"
