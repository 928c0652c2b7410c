"""What a reader sees of an area in words: cells of pages and packs, facts of the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from boundaries.outcomes.periods import dated, parse_period, readable
from maps.words import Topic, format_date, listed_words, say

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
        return listed_words(sorted({period for period, _ in periods if period})) or say("page.no-date")
    newest, of_tax_year = max(ends)
    return say("page.tax-year", date=format_date(newest)) if of_tax_year else format_date(newest)


def _end(period: str, *, tax: bool) -> tuple[dt.date, bool]:
    """Return the last day of a period, and whether it is that of a tax year: 5 April, not 31 March."""
    end = parse_period(period).end
    whole = tax and (end.month, end.day) == (3, 31)
    return (end.replace(month=4, day=5) if whole else end), whole


def value_texts(study: Study) -> dict[str, str]:
    """Return value and interval as printed, by code; why there is none where there is none."""
    topic = Topic.of(study.joined)
    texts = {}
    for code, row in study.joined.frame.iterrows():
        if pd.isna(row["value"]):
            uncovered = row["status"] == "not_covered"
            texts[str(code)] = say("page.not-covered") if uncovered else str(row["reason"] or say("value.none"))
            continue
        text = topic.figure(row["value"])
        if pd.notna(row["lower"]) and pd.notna(row["upper"]):
            low, high = (topic.figure(row[end]) for end in ("lower", "upper"))
            text = say("value.interval", figure=text, lower=low, upper=high)
        texts[str(code)] = text
    return texts


def page_table(study: Study, texts: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the text cells of an outcome's page, indexed by code, and the headings of its columns.

    Parameters
    ----------
    texts : of ``value_texts``.
    """
    table = pd.DataFrame({"value": pd.Series(texts)})
    names = {
        group.id: say("page.cluster-single", name=group.name) if group.single else group.name
        for group in study.clusters
    }
    table["cluster"] = study.to_frame()["cluster"].map(names).astype("object").fillna("")
    has_interval = bool(study.joined.frame["lower"].notna().any())
    heading = dated(study.joined.meta.title, study.joined.period)
    return table, {
        "value": say("page.interval", heading=heading) if has_interval else heading,
        "cluster": say("page.cluster"),
    }


def area_facts(
    texts: Mapping[str, Mapping[str, str]], specs: Mapping[str, Sequence[MapSpec]]
) -> dict[str, tuple[str, ...]]:
    """Return one short text for each outcome, by code: the value, and the class of its cluster.

    Parameters
    ----------
    texts : outcome id → value as printed, by code; an outcome says nothing of areas of another geography.
    specs : outcome id → its maps.
    """
    columns = []
    for outcome, printed in texts.items():
        clusters = next((spec for spec in specs[outcome] if spec.kind == "clusters"), None)
        words = {entry.key: entry.label for entry in clusters.classes} if clusters else {}
        classes = clusters.assignment if clusters else {}
        plain = {"not-significant", "no-data", ""}
        columns.append(
            {
                code: text
                if classes.get(code, "") in plain
                else say("value.classed", value=text, label=words[classes[code]].lower())
                for code, text in printed.items()
            }
        )
    codes = dict.fromkeys(code for column in columns for code in column)
    return {code: tuple(column.get(code, "") for column in columns) for code in codes}
