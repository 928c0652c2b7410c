"""Shared fixtures: the folder of published files, and markers that say what they need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REAL_DATA = Path(os.environ.get("PLACEATLAS_REAL_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of published files; tests that use it carry the marker ``real_data``."""
    return REAL_DATA


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests whose need is absent, with one line saying so; CI has all and fails instead."""
    absent = [] if REAL_DATA.is_dir() else ["real_data"]
    dropped = [item for item in items if any(item.get_closest_marker(name) for name in absent)]
    if not dropped:
        return
    line = f"{len(dropped)} tests deselected: no folder of published files at {REAL_DATA} (PLACEATLAS_REAL_DATA)"
    if os.environ.get("CI"):
        raise pytest.UsageError(line)
    config.hook.pytest_deselected(items=dropped)
    items[:] = [item for item in items if item not in dropped]
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(line)
