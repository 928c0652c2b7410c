"""Fixtures of the tests that fetch: a server on this machine, pauses that are not made, the layer as it ought to come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.boundaries.portal_faults import lad_layer
from tests.boundaries.portal_fetching import BODY, Naps, fetch
from tests.boundaries.portal_server import PortalServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count what is flushed to the disk instead of waiting for it: no test outlives a power cut."""
    files: list[int] = []
    monkeypatch.setattr(os, "fsync", files.append)
    return files


@pytest.fixture
def server() -> Iterator[PortalServer]:
    with PortalServer() as running:
        running.files["/table.csv"] = (BODY, {"Content-Type": "text/csv"})
        yield running


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the hash of the layer as it comes from a server without faults, in one page."""
    with PortalServer([lad_layer(max_record_count=2000)]) as server:
        return fetch(server, tmp_path_factory.mktemp("clean")).source.sha256
