"""One rule decides what is said of a kind of place: the chart, the table and the claim agree."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from maps.one.claiming import answer_from_build

if TYPE_CHECKING:
    from maps.atlas.run import Built

VERDICTS = {
    "below": "stands",
    "above": "reversed",
    "no clear gap": "not shown",
    "depends on the neighbours": "depends on the neighbours",
}


@pytest.fixture(scope="module")
def tested(starter: Built) -> pd.DataFrame:
    return pd.read_csv(starter.out / "data" / "associations.csv").set_index("kind")


def test_the_claim_says_what_the_table_says(starter: Built, tested: pd.DataFrame) -> None:
    row = tested.loc["coastal__open-coast"]
    found = answer_from_build("coastal areas have lower income", starter.out)
    assert found.verdict == VERDICTS[str(row["finding"])] == "depends on the neighbours"
    assert max(one.p for one in found.associations) == pytest.approx(row["p_highest"])


def test_the_chart_says_what_the_table_says(starter: Built, tested: pd.DataFrame) -> None:
    page = html.unescape((starter.out / "index.html").read_text(encoding="utf-8"))
    (title,) = re.findall(r'alt="(Mean total income per taxpayer by type of place[^"]*?)\.', page)
    kinds = {"coastal": "coastal__open-coast", "rural": "rural__density", "post-industrial": "post-industrial__ons2011"}
    for kind, column in kinds.items():
        finding = str(tested["finding"][column])
        assert (f"{kind} {finding}" in title) == (finding in {"below", "above"}), (kind, title)
        assert ("depend" in title and kind in title) or finding != "depends on the neighbours", (kind, title)
    assert "against the other areas classified" in title
