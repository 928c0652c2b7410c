"""The page of building blocks runs from top to bottom, and what it says of each holds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "building-blocks.md"


def test_the_page_runs_as_it_stands() -> None:
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL):
        exec(compile(block, PAGE.name, "exec"), names)  # noqa: S102  # our own page
    model, same = names["model"], names["same"]
    assert same.eblup == pytest.approx(model.eblup)
    value = names["value"]
    assert np.ptp(model.eblup) < np.ptp(value)  # estimates are drawn together
    ranks, wider = names["ranks"], names["wider"]
    assert (ranks.lower >= wider.lower).all()
    assert (ranks.upper <= wider.upper).all()
    assert names["among_lowest"][:3].all()
    assert not names["among_lowest"][-1]
    assert 0 < names["share"] < 1
    assert len(names["measured"]) == len(value) == 22
    assert set(names["kinds"]["dimension"]) == {"coastal", "rural", "post-industrial"}
    assert names["group"] == "Unfavourable"
