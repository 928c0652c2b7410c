"""Files appear in the cache whole or not at all, whoever is killed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from boundaries.transport import (
    cache_folder,
    get,
    remove_leftovers,
    write_atomically,
)
from boundaries.transport.cache import owned
from geo.errors import FetchError
from geo.staging import leftovers
from tests.boundaries.portal_fetching import KILLED, ended, files_in, run_killed_while_writing, started

if TYPE_CHECKING:
    from pathlib import Path

    from tests.boundaries.portal_server import PortalServer


def test_the_cache_is_the_folder_given_else_the_one_named_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "named"))
    assert cache_folder(tmp_path) == tmp_path
    assert cache_folder() == tmp_path / "named"
    monkeypatch.delenv("PLACEATLAS_CACHE")
    assert cache_folder().name == "placeatlas"


def test_an_unwritable_cache_is_one_error(server: PortalServer, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where a folder should", encoding="utf-8")
    with pytest.raises(FetchError, match="cannot write"):
        get(f"{server.url}/table.csv", cache=tmp_path / "cache")


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), write_atomically(path) as part:
        part.write_text("half, then something that cannot be written: é", encoding="ascii")
    assert path.read_text(encoding="utf-8") == "old"
    assert files_in(tmp_path) == ["kept.txt"]


def test_a_kill_while_writing_leaves_the_old_file_and_a_leftover_that_is_cleared(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_text("old", encoding="utf-8")
    assert ended(started(run_killed_while_writing, path)) == [KILLED]
    assert path.read_text(encoding="utf-8") == "old"
    (left,) = leftovers(tmp_path)
    assert left.read_text(encoding="utf-8") == "half"
    with write_atomically(tmp_path / "other.txt") as part:
        part.write_text("mine", encoding="utf-8")
        assert remove_leftovers(tmp_path) == (left,), "what a living run is writing is left alone"
    assert files_in(tmp_path) == ["kept.txt", "other.txt"]
    assert leftovers(tmp_path / "absent") == ()


def test_a_folder_that_is_taken_stays_with_its_owner(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    with owned(folder) as first, owned(folder) as second:
        assert first == folder
        assert second != folder
        second.mkdir()
    assert files_in(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["pages"], "the second one's is gone"
    (folder / "owner").write_text("999999999", encoding="ascii")
    with owned(folder) as third:
        assert third == folder, "its owner was killed"
    (folder / "owner").write_text("", encoding="ascii")
    with owned(folder) as fourth:
        assert fourth != folder, "somebody is just writing a name"
