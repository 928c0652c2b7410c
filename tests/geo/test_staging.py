"""Output folders are whole before and after a kill at any point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from geo.errors import OutputError
from geo.files import write_text
from geo.staging import MANIFEST, TOOL, adding, cache_folder, is_ours, staged, tidy

if TYPE_CHECKING:
    from pathlib import Path

WRITER = """
import os, signal, sys
from pathlib import Path
from geo import staging
out, journal, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def die(): os.kill(os.getpid(), signal.SIGKILL)
rename = Path.rename
renames = []
def counted(self, target):
    renames.append(target)
    if when == f"before-rename-{len(renames)}": die()
    rename(self, target)
    if when == f"after-rename-{len(renames)}": die()
Path.rename = counted
with staging.staged(out, force=True, journal=journal) as new:
    (new / "data.txt").write_text("new")
    if when == "building": die()
    (new / "manifest.json").write_text('{"tool": "placeatlas"}')
"""


def fail_after_writing(path: Path) -> None:
    path.write_text("half")
    raise ZeroDivisionError


def atlas(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).write_text(json.dumps({"tool": TOOL}))
    (folder / "data.txt").write_text(text)
    return folder


def state(out: Path) -> str:
    return (out / "data.txt").read_text() if (out / MANIFEST).exists() else "broken"


def hidden(out: Path) -> list[str]:
    return [item.name for item in out.parent.iterdir() if item.name.startswith(".")]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("building", "old"),
        ("before-rename-1", "old"),
        ("after-rename-1", "old"),
        ("before-rename-2", "old"),
        ("after-rename-2", "new"),
        ("never", "new"),
    ],
)
def test_a_kill_at_any_point_leaves_one_whole_output(tmp_path: Path, when: str, expected: str) -> None:
    out, journal = atlas(tmp_path / "site" / "out", "old"), tmp_path / "runs"
    run = subprocess.run([sys.executable, "-c", WRITER, str(out), str(journal), when], check=False)
    assert run.returncode == (0 if when == "never" else -signal.SIGKILL)
    said = tidy(journal)
    assert bool(said) == (when != "never")
    assert (state(out), hidden(out), tidy(journal)) == (expected, [], [])


def test_a_run_that_fails_leaves_the_former_output(tmp_path: Path) -> None:
    out = atlas(tmp_path / "out", "old")
    with pytest.raises(ZeroDivisionError), staged(out, force=True, journal=tmp_path / "runs") as new:
        fail_after_writing(new / "data.txt")
    assert (state(out), hidden(out)) == ("old", [])


def test_an_empty_folder_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with staged(tmp_path / "out", force=False, journal=tmp_path / "runs") as new:
        atlas(new, "new")
    assert state(tmp_path / "out") == "new"


def test_a_folder_that_is_not_ours_is_refused_even_with_force(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("precious")
    with (
        pytest.raises(OutputError, match="not written by placeatlas"),
        staged(tmp_path / "out", force=True, journal=tmp_path / "runs"),
    ):
        pass
    assert (tmp_path / "out" / "thesis.docx").read_text() == "precious"


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious")
    with pytest.raises(OutputError, match="is a file"), staged(tmp_path / "out", force=True, journal=tmp_path / "runs"):
        pass


def test_a_place_where_no_folder_can_be_made_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("precious")
    out = tmp_path / "afile" / "out"
    with pytest.raises(OutputError, match="out cannot be written"), staged(out, force=False, journal=tmp_path / "runs"):
        pass
    assert list((tmp_path / "runs").iterdir()) == []


def test_an_atlas_is_replaced_only_with_force(tmp_path: Path) -> None:
    out = atlas(tmp_path / "out", "old")
    with (
        pytest.raises(OutputError, match="already holds an atlas") as caught,
        staged(out, force=False, journal=tmp_path / "runs"),
    ):
        pass
    assert [remedy.words("flags") for remedy in caught.value.remedies] == ["--force to replace it"]


def test_two_runs_do_not_write_one_folder(tmp_path: Path) -> None:
    with staged(tmp_path / "out", force=False, journal=tmp_path / "runs") as new:
        atlas(new, "first")
        with (
            pytest.raises(OutputError, match="another run"),
            staged(tmp_path / "out", force=True, journal=tmp_path / "runs"),
        ):
            pass
        assert tidy(tmp_path / "runs") == []
    assert state(tmp_path / "out") == "first"


def test_only_a_manifest_of_ours_makes_a_folder_ours(tmp_path: Path) -> None:
    for content in ('{"tool": "other"}', "[]", "not json"):
        (tmp_path / MANIFEST).write_text(content)
        assert not is_ours(tmp_path)


def test_the_cache_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", os.fspath(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("PLACEATLAS_CACHE")
    assert cache_folder().name == "placeatlas"


ADDER = """
import json, os, signal, sys
from pathlib import Path
from geo import staging
out, journal, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
moves = []
def counted(act):
    def move(self, target):
        moves.append(target)
        if when == f"before-move-{len(moves)}": os.kill(os.getpid(), signal.SIGKILL)
        done = act(self, target)
        if when == f"after-move-{len(moves)}": os.kill(os.getpid(), signal.SIGKILL)
        return done
    return move
Path.rename, Path.replace = counted(Path.rename), counted(Path.replace)
with staging.adding(out, journal=journal) as new:
    (new / "packs" / "wales").mkdir(parents=True)
    (new / "packs" / "wales" / "a.txt").write_text("added")
    if when == "building": os.kill(os.getpid(), signal.SIGKILL)
    (new / "packs" / "wales.zip").write_text("added")
    files = ["data.txt", "packs/wales/a.txt", "packs/wales.zip"]
    (new / "manifest.json").write_text(json.dumps({"tool": "placeatlas", "files": dict.fromkeys(files, "")}))
"""


@pytest.mark.parametrize(
    ("when", "added"),
    [
        ("building", False),
        ("before-move-1", False),
        ("after-move-1", False),
        ("after-move-2", False),
        ("before-move-3", False),
        ("after-move-3", True),
        ("never", True),
    ],
)
def test_a_kill_at_any_point_leaves_an_addition_whole_or_none(tmp_path: Path, *, when: str, added: bool) -> None:
    out, journal = atlas(tmp_path / "site" / "out", "old"), tmp_path / "runs"
    (out / "packs").mkdir()
    (out / "packs" / "kept.txt").write_text("somebody's")
    run = subprocess.run([sys.executable, "-c", ADDER, str(out), str(journal), when], check=False)
    assert run.returncode == (0 if when == "never" else -signal.SIGKILL)
    assert bool(tidy(journal)) == (when != "never")
    found = sorted(item.relative_to(out).as_posix() for item in out.rglob("*") if item.is_file())
    new = ["packs/wales.zip", "packs/wales/a.txt"] if added else []
    assert found == ["data.txt", MANIFEST, "packs/kept.txt", *new]
    assert (hidden(out), tidy(journal)) == ([], [])


def test_what_a_folder_holds_is_not_added_again(tmp_path: Path) -> None:
    out = atlas(tmp_path / "out", "old")
    with pytest.raises(OutputError, match="holds already") as caught, adding(out, journal=tmp_path / "runs") as new:
        atlas(new, "new")
    assert caught.value.faults == ("found data.txt",)
    assert (state(out), hidden(out)) == ("old", [])
    with pytest.raises(OutputError, match="not written by placeatlas"), adding(tmp_path, journal=tmp_path / "runs"):
        pass


FILE_WRITER = """
import os, signal, sys
from pathlib import Path
from geo import files, staging
with staging.replacing(Path(sys.argv[1])) as part:
    part.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_file_that_a_killed_run_was_writing_is_removed_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    out = tmp_path / "maps" / "pay.svg"
    write_text(out, "old")
    assert subprocess.run([sys.executable, "-c", FILE_WRITER, str(out)], check=False).returncode == -signal.SIGKILL
    (left,) = hidden(out)
    assert left.endswith(".part.svg")
    assert tidy() == [f"removed the unfinished file of an interrupted run: {out.with_name(left)}"]
    assert (out.read_text(), hidden(out), tidy()) == ("old", [], [])


def test_a_file_in_a_folder_that_is_being_built_needs_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    with staged(tmp_path / "out", force=False) as new:
        write_text(new / "maps" / "pay.svg", "map")
        assert [entry.name.startswith("files-") for entry in (tmp_path / "cache" / "runs").iterdir()] == [False]
        atlas(new, "new")


def test_a_cache_that_cannot_be_written_keeps_nobody_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    assert write_text(tmp_path / "elsewhere" / "a.txt", "whole").read_text() == "whole"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b"/a/path/as/it/was/once/written"])
def test_a_note_that_nobody_can_read_stops_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "0.run").write_bytes(content)
    (tmp_path / "1.run").write_bytes(b"")
    (said,) = tidy(tmp_path)
    assert said.startswith("a note of an interrupted run could not be read")
    assert tidy(tmp_path) == []
