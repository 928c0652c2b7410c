"""Shared fixtures: the folder of published files, and markers that say what they need."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
from hypothesis import settings

# The tests run what an installation runs: numba is no dependency of ours, and where it is installed esda compiles for a minute.
sys.modules.setdefault("numba", None)  # type: ignore[arg-type]  # Python's own way to say that there is no such module

# One profile for every property: a slow import is no fault of what is tested, and continuous integration tries the same every time.
settings.register_profile("placeatlas", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("placeatlas")

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of published files; tests that use it carry the marker ``real_data``."""
    return REAL_DATA


@pytest.fixture(scope="session", autouse=True)
def _own_cache() -> None:
    """Keep the tests out of the user's cache, and every worker out of the others': a killed run of one is no run of another."""
    checkout = hashlib.sha256(str(Path(__file__).parents[1]).encode()).hexdigest()[:8]
    own = f"placeatlas-tests-{os.getuid()}-{checkout}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    os.environ["PLACEATLAS_CACHE"] = str(Path(tempfile.gettempdir()) / own)


@pytest.fixture(autouse=True)
def _no_unfinished_runs() -> Iterator[None]:
    """Forget runs that a test killed: what the next command would say of them is no word of the next test's."""
    yield
    for name in ("runs", "work"):
        shutil.rmtree(Path(os.environ["PLACEATLAS_CACHE"]) / name, ignore_errors=True)


def _no_index() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "0", "--dest", folder]
        return subprocess.run([*command, "six==1.16.0"], capture_output=True, check=False).returncode != 0


NEEDS = {
    "real_data": (
        lambda: not REAL_DATA.is_dir(),
        f"no folder of published files at {REAL_DATA} (PLACEATLAS_REAL_DATA)",
    ),
    "browser": (lambda: not any(map(shutil.which, BROWSERS)), "no Chromium"),
    "database": (lambda: not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")), "no PostGIS"),
    "cluster": (lambda: find_spec("distributed") is None, "no dask.distributed (extra scale)"),
    "index": (_no_index, "no package index"),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests whose need is absent, with one line saying so; continuous integration has all and fails instead."""
    if os.environ.get("CI"):
        return
    for marker, (absent, why) in NEEDS.items():
        needing = [item for item in items if item.get_closest_marker(marker)]
        if needing and absent():
            config.hook.pytest_deselected(items=needing)
            items[:] = [item for item in items if item not in needing]
            reporter = config.pluginmanager.get_plugin("terminalreporter")
            if reporter is not None:
                reporter.write_line(f"{len(needing)} tests deselected: {why}")
