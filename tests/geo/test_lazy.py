"""Names of packages are listed without being loaded, and every one that is listed can be had."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from geo.lazy import lazily


def test_every_name_that_is_listed_can_be_had() -> None:
    module = importlib.import_module("maps.kinds")
    assert dir(module) == sorted(module.__all__)
    assert all(getattr(module, name) is not None for name in module.__all__)


def test_listing_loads_nothing_heavy() -> None:
    program = "import sys, maps.kinds; dir(maps.kinds); print(sorted({'pandas', 'matplotlib'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    load, listing = lazily("somewhere", {"math": ("sqrt", "floor")})
    assert (load("sqrt")(4), listing()) == (2.0, ["floor", "sqrt"])
    with pytest.raises(AttributeError, match="module 'somewhere' has no attribute 'cube'"):
        load("cube")
    with pytest.raises(ImportError):
        from maps.kinds import no_such_name  # noqa: F401, PLC0415
