"""The outcome that ships with placeatlas: HMRC mean total income per taxpayer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boundaries.bundled.layers import load_income
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from boundaries.sources.options import check_options, overrule
from geo.errors import TableError
from geo.provenance import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.sources.fetching import Link

INCOME = "hmrc-mean-income"
"""Id of the bundled outcome."""

_IMPUTED = "the source has only an imputed mean here, which is not used"
_NO_ROW = "area absent from the source"
"""How ``income.csv`` marks an area of which the source has no row: the table has none either."""

_SOURCE = Source(
    title="HM Revenue and Customs, Survey of Personal Incomes 2021-22, income by local authority",
    url="https://www.gov.uk/government/statistics/income-and-tax-by-borough-and-district-or-unitary-authority",
    licence="Open Government Licence v3.0",
    attribution=(
        "Source: HM Revenue and Customs, Survey of Personal Incomes.",
        "Contains public sector information licensed under the Open Government Licence v3.0.",
    ),
)


class Bundled:
    """Outcomes that need no file."""

    name = "bundled"

    def file_of(self, outcome: str) -> str | None:
        """Return the id itself: there is no file to look for."""
        return outcome

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read the bundled outcome whose id is ``path``.

        Raises
        ------
        TableError
            If there is no bundled outcome of that id.
        """
        check_options(self.name, options)
        if path.name != INCOME:
            raise TableError(f"there is no bundled outcome '{path.name}'", [f"bundled: {INCOME}"])
        income = load_income()
        income = income[income["reason"] != _NO_ROW]
        imputed = income.loc[income["mean_income"].isna(), "code"]
        frame = outcome_frame(
            {
                "code": income["code"],
                "name": income["name"],
                "period": ["2021-22"] * len(income),
                "value": income["mean_income"],
                "denominator": income["taxpayers"],
            }
        )
        meta = OutcomeMeta(
            id=INCOME,
            title="Mean total income per taxpayer",
            measure="mean",
            unit="£",
            favourable="high",
            geography="LAD",
            source=_SOURCE,
            description="Mean total income before tax of people who pay income tax, by where they live, tax year 2021-22.",
            decimals=0,
            denominator="taxpayers",
            tax_years=True,
        )
        return OutcomeTable(
            meta=overrule(meta, options),
            frame=frame,
            roles={"value": "mean_income"},
            reasons=dict.fromkeys(imputed, _IMPUTED),
        )

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Return the id: what is bundled need not be fetched."""
        del link, options
        return Path(outcome)
