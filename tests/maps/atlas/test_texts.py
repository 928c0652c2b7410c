"""Words that pages and packs share."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from maps.atlas.columns import column_name
from maps.atlas.texts import data_date
from maps.words import speaking

if TYPE_CHECKING:
    from analysis.study import Study


def study_of(period: str, *, tax: bool = False) -> SimpleNamespace:
    return SimpleNamespace(joined=SimpleNamespace(period=period, meta=SimpleNamespace(tax_years=tax)))


@pytest.mark.parametrize(
    ("studies", "words"),
    [
        ([study_of("2021-22", tax=True)], "5 April 2022, the end of the tax year"),
        ([study_of("2021-22")], "31 March 2022"),
        ([study_of("2021-22", tax=True), study_of("2024")], "31 December 2024"),
        ([study_of("wave 3"), study_of("wave 2"), study_of("")], "wave 2 and wave 3"),
        ([study_of("")], "a date not stated"),
    ],
)
def test_the_date_of_the_newest_data(studies: list[SimpleNamespace], words: str) -> None:
    assert data_date(cast("list[Study]", studies)) == words


@pytest.mark.parametrize(
    ("period", "name"),
    [("2025-04-30", "pay__2025-04-30__value"), ("2024-04/2025-03", "pay__april-2024-to-march-2025__value")],
)
def test_a_column_is_called_alike_in_every_language(period: str, name: str) -> None:
    study = cast("Study", SimpleNamespace(joined=SimpleNamespace(period=period, meta=SimpleNamespace(id="pay"))))
    assert column_name(study, "value") == name
    with speaking("cy"):
        assert column_name(study, "value") == name
