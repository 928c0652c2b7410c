"""What a reader sees of an area in words: cells of pages and packs, facts of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.outcomes.periods import dated, parse_period, readable
from maps.words import format_date, format_value, listed_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from analysis.study import Study
    from maps.spec import MapSpec


def data_date(studies: Sequence[Study]) -> str:
    """Return the last day of the newest data, written out; the periods as published where none reads as a date."""
    periods = [(study.joined.period, study.joined.meta.tax_years) for study in studies]
    ends = [_end(period, tax=tax) for period, tax in periods if readable(period)]
    if not ends:
        return listed_words(sorted({period for period, _ in periods if period})) or "a date not stated"
    newest, of_tax_year = max(ends)
    return f"{format_date(newest)}, the end of the tax year" if of_tax_year else format_date(newest)


def _end(period: str, *, tax: bool) -> tuple[dt.date, bool]:
    """Return the last day of a period, and whether it is that of a tax year: 5 April, not 31 March."""
    end = parse_period(period).end
    whole = tax and (end.month, end.day) == (3, 31)
    return (end.replace(month=4, day=5) if whole else end), whole


def value_texts(study: Study) -> dict[str, str]:
    """Return value and interval as printed, by code; why there is none where there is none."""
    unit, decimals = study.joined.meta.unit, study.joined.meta.decimals
    texts = {}
    for code, row in study.joined.frame.iterrows():
        if pd.isna(row["value"]):
            texts[str(code)] = "not covered" if row["status"] == "not_covered" else str(row["reason"] or "no data")
            continue
        text = format_value(row["value"], unit, decimals=decimals)
        if pd.notna(row["lower"]) and pd.notna(row["upper"]):
            low, high = (format_value(row[end], unit, decimals=decimals) for end in ("lower", "upper"))
            text = f"{text} ({low} to {high})"
        texts[str(code)] = text
    return texts


def page_table(study: Study) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the text cells of an outcome's page, indexed by code, and the headings of its columns."""
    table = pd.DataFrame({"value": pd.Series(value_texts(study))})
    names = {group.id: f"{group.name} (a single area)" if group.single else group.name for group in study.clusters}
    table["cluster"] = study.to_frame()["cluster"].map(names).fillna("")
    has_interval = bool(study.joined.frame["lower"].notna().any())
    heading = dated(study.joined.meta.title, study.joined.period) + (" (95% interval)" if has_interval else "")
    return table, {"value": heading, "cluster": "Cluster"}


def area_facts(studies: Sequence[Study], specs: Mapping[str, Sequence[MapSpec]]) -> dict[str, tuple[str, ...]]:
    """Return one short text for each outcome, by code: the value, and the class where it stands out."""
    columns = []
    for study in studies:
        texts = value_texts(study)
        clusters = next((spec for spec in specs[study.joined.meta.id] if spec.kind == "clusters"), None)
        words = {entry.key: entry.label for entry in clusters.classes} if clusters else {}
        classes = clusters.assignment if clusters else {}
        plain = {"not-significant", "no-data", ""}
        columns.append(
            {
                code: f"{text}; {words[classes[code]].lower()}" if classes.get(code, "") not in plain else text
                for code, text in texts.items()
            }
        )
    return {code: tuple(column[code] for column in columns) for code in columns[0]}
