"""The data dictionary: what every column of an output means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boundaries.outcomes.periods import label

if TYPE_CHECKING:
    from boundaries.joined.result import Joined

_FIELDS = {
    "value": "{title}",
    "lower": "lower end of the {confidence:.0%} interval of the value",
    "upper": "upper end of the {confidence:.0%} interval of the value",
    "se": "standard error of the value",
    "denominator": "what the value was divided by{denominator}",
    "status": "why there is, or is no, figure in the source: ok, unavailable, unreliable, confidential, not applicable, not covered",
    "quality": "how the value reached the area: exact, carried, approximate, modelled, inherited, partial, missing",
    "reason": "why the value is missing",
}
_UNITLESS = {"status", "quality", "reason"}


def dictionary_rows(joined: Joined) -> list[dict[str, str]]:
    """Describe every column that a joined outcome contributes to an output.

    Returns
    -------
    One dict a column with the keys ``column field outcome meaning unit measure favourable period place_basis geography
    boundary_date source url licence method``; columns are called ``<outcome>__<period>__<field>``. A field that holds nothing in this outcome
    is left out.
    """
    meta = joined.meta
    method = "; ".join(joined.receipt.statements)
    rows = []
    for field, meaning in _FIELDS.items():
        column = joined.frame[field]
        if field not in _UNITLESS and field != "value" and not column.notna().any():
            continue
        said = meaning.format(
            title=meta.title,
            confidence=meta.confidence,
            denominator=f" ({meta.denominator})" if meta.denominator else "",
        )
        unit = "" if field in _UNITLESS else (meta.denominator or "number") if field == "denominator" else meta.unit
        rows.append(
            {
                "column": f"{meta.id}__{joined.period}__{field}",
                "field": field,
                "outcome": meta.id,
                "meaning": f"{said}. {meta.description}".strip() if field == "value" else said,
                "unit": unit,
                "measure": meta.measure,
                "favourable": meta.favourable,
                "period": label(joined.period) if joined.period else "",
                "place_basis": meta.place_basis,
                "geography": joined.boundaries.geography,
                "boundary_date": joined.boundaries.date.isoformat(),
                "source": meta.source.title,
                "url": meta.source.url,
                "licence": meta.source.licence,
                "method": method,
            }
        )
    return rows
