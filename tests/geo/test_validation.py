"""Faults of a checked configuration, part by part."""

from __future__ import annotations

import pydantic
import pytest

from geo.validation import words_of


class Pair(pydantic.BaseModel):
    """Two numbers that rise."""

    low: int
    high: int

    @pydantic.model_validator(mode="after")
    def _rise(self) -> Pair:
        if self.low >= self.high:
            raise ValueError("low; or lower", "high")
        return self


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"low": 2, "high": 1}, [("low; or lower", "high")]),
        (
            {"low": "a"},
            [("Input should be a valid integer, unable to parse string as an integer",), ("Field required",)],
        ),
    ],
)
def test_a_fault_keeps_its_parts(given, said):
    with pytest.raises(pydantic.ValidationError) as refused:
        Pair(**given)
    assert [words_of(fault) for fault in refused.value.errors()] == said
