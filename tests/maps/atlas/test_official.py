"""A configuration that asks for official shapes gets the release in the cache, and says which under every map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.errors import FetchError
from maps.atlas.config import load_config
from maps.atlas.inputs import atlas_boundaries
from maps.feet import licence_lines
from tests.boundaries.portal_faults import lad_layer
from tests.boundaries.portal_fetching import fetch
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from pathlib import Path

    from maps.atlas.config import AtlasConfig

ATLAS = """
schema = 1
title = "Pay"
slug = "pay"
[boundaries]
geography = "LAD"
date = 2024-09-11
layer = "official"
[[outcome]]
id = "pay"
file = "pay.csv"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AtlasConfig:
    monkeypatch.setenv("PLACEATLAS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "atlas.toml").write_text(ATLAS, encoding="utf-8")
    return load_config(tmp_path / "atlas.toml")


def test_the_release_in_the_cache_is_drawn_and_named_under_the_map(config: AtlasConfig, tmp_path: Path) -> None:
    with PortalServer([lad_layer()]) as server:
        kept = fetch(server, tmp_path / "cache")
    boundaries = atlas_boundaries(config.boundaries, [], [])
    assert boundaries.sources[0].sha256 == kept.source.sha256
    assert boundaries.shapes == kept.source.title
    printed = " ".join(licence_lines(boundaries.sources))
    assert "Local Authority Districts (May 2024) Boundaries UK BGC" in printed
    assert kept.source.sha256[:12] in printed


def test_without_the_release_the_error_names_the_command(config: AtlasConfig) -> None:
    with pytest.raises(FetchError, match="run: placeatlas fetch LAD@2024-09-11"):
        atlas_boundaries(config.boundaries, [], [])
