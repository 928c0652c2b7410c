"""A configuration from elsewhere: it reads in its own folder and those that were named, writes in its output, asks nobody."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from analysis.indices.writing import index_file
from geo.containing import refuse_outside
from geo.errors import ConfigError, FetchError
from maps.atlas.config import AtlasConfig
from maps.atlas.replaying import replay_build
from maps.atlas.run import build_atlas
from tests.torture.verbs import ATLAS, INDEX, write_inputs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a configuration; beside it lies a file that is none of its business."""
    folder = tmp_path / "theirs"
    for one in (folder, tmp_path / "mine", tmp_path / "cwd"):
        one.mkdir()
        write_inputs(one)
    monkeypatch.chdir(tmp_path / "cwd")
    return folder


@pytest.mark.parametrize("way", ["up", "whole", "link", "working folder"])
def test_a_file_outside_is_refused_and_read_when_its_folder_is_named(place: Path, way: str) -> None:
    mine = place.parent / "mine" / "t.csv"
    name = {"up": "../mine/t.csv", "whole": str(mine), "link": "linked.csv", "working folder": "only.csv"}[way]
    (place / "linked.csv").symlink_to(mine)
    only = place.parent / "cwd" / "only.csv"
    only.write_bytes(mine.read_bytes())
    (place / "a.toml").write_text(ATLAS.replace("t.csv", name), encoding="utf-8")
    out = place.parent / "out"
    with pytest.raises(ConfigError, match="reads outside its folders") as caught:
        build_atlas(str(place / "a.toml"), out=out)
    leads = only if way == "working folder" else mine
    assert caught.value.faults[0] == f"outcome.file = {name!r} leads to {leads}"
    assert [remedy.option for remedy in caught.value.remedies] == ["data"]
    assert not out.exists()
    build_atlas(str(place / "a.toml"), out=out, data=[leads.parent])
    assert (out / "manifest.json").is_file()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"boundaries": {"members": "../x"}}, "boundaries.members"),
        ({"boundaries": {"layer": "../x"}}, "boundaries.layer"),
        ({"type": [{"typologies": ["../x"]}]}, "type.typologies"),
        ({"outputs": {"style": "../x", "layout": "../x"}}, "outputs.style"),
        ({"whatever": {"comes": ["../x"]}}, "whatever.comes"),
    ],
)
def test_every_key_is_asked(tmp_path: Path, found: dict[str, object], said: str) -> None:
    (tmp_path / "x").write_text("", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(ConfigError, match="reads outside its folders") as caught:
        refuse_outside(found, [inner], called="c.toml")
    assert caught.value.faults[0] == f"{said} = '../x' leads to {tmp_path / 'x'}"
    refuse_outside(found, [inner, tmp_path], called="c.toml")
    refuse_outside({"title": "x", "odd": "a\0b", "long": "y" * 5000, "number": 3}, [inner], called="c.toml")


def test_a_manifest_that_was_changed_reads_nothing_else_either(place: Path) -> None:
    out = place.parent / "out"
    build_atlas(str(place / "old.toml"), out=out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["config"]["outcome"][0]["file"] = str(place.parent / "mine" / "t.csv")
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ConfigError, match="the configuration 'pay' reads outside its folders"):
        replay_build(out, data=[place])


def test_an_index_reads_no_file_outside(place: Path) -> None:
    (place / "i.toml").write_text(INDEX.replace('"r.csv"', '"../mine/r.csv"'), encoding="utf-8")
    with pytest.raises(ConfigError, match="the index 'chances' reads outside its folders"):
        index_file(place / "i.toml", place.parent / "out")
    assert not (place.parent / "out").exists()


@pytest.mark.parametrize("word", ["../x", "/x", "a/b", "..", ""])
def test_no_name_leads_out_of_the_output(word: str) -> None:
    outcome = {"id": "pay", "file": "t.csv"}
    said = {"schema": 1, "title": "T", "slug": "t", "outcome": [outcome]}
    AtlasConfig.model_validate(said)
    for wrong in ({**said, "slug": word}, {**said, "outcome": [{**outcome, "id": word}]}):
        with pytest.raises(ValueError, match=r"slug|id"):
            AtlasConfig.model_validate(wrong)


def test_a_build_asks_the_network_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refused(*what: object, **_: object) -> None:
        asked.append(what)
        raise OSError("no network here")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setenv("PLACEATLAS_CACHE", str(place.parent / "cache"))
    (place / "o.toml").write_text(ATLAS.replace("[boundaries]", '[boundaries]\nlayer = "official"'), encoding="utf-8")
    build_atlas(str(place / "old.toml"), out=place.parent / "out")
    with pytest.raises(FetchError, match="has not been fetched"):
        build_atlas(str(place / "o.toml"), out=place.parent / "other")
    (place / "u.toml").write_text(ATLAS.replace("t.csv", "https://example.org/t.csv"), encoding="utf-8")
    with pytest.raises(ConfigError, match="there is no file https"):
        build_atlas(str(place / "u.toml"), out=place.parent / "other")
    assert asked == []
