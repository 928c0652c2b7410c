"""Places are called as the language that is spoken calls them, where the register knows a name of its own."""

from __future__ import annotations

import pandas as pd

from maps import words


def test_places_are_called_as_the_language_calls_them() -> None:
    areas = pd.DataFrame({"code": ["W1", "W2"], "name": ["Denbighshire", "Powys"], "name_cy": ["Sir Ddinbych", ""]})
    assert words.names_spoken(areas) == {}
    with words.speaking("cy"):
        assert words.names_spoken(areas) == {"W1": "Sir Ddinbych"}
        assert words.names_spoken(areas.drop(columns="name_cy")) == {}
