"""What further statistics say of the whole map, and what larger areas say of it, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.columns import LARGER_FIELDS, WHOLE_MAP_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.study import Study


def whole_map_frame(studies: Iterable[Study]) -> pd.DataFrame:
    """Return a row a number of the whole map: the columns of ``whole-map.csv``; no rows where nobody asked for one."""
    parts = [
        added.whole.assign(outcome=study.joined.meta.id, period=study.joined.period, name=added.name)
        for study in studies
        for added in study.extra
        if len(added.whole)
    ]
    return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(WHOLE_MAP_FIELDS)))[
        list(WHOLE_MAP_FIELDS)
    ]


def larger_frame(studies: Iterable[Study]) -> pd.DataFrame:
    """Return a row an outcome and scale: the columns of ``larger-areas.csv``; no rows where no larger areas were named."""
    parts = [
        study.larger.table.assign(outcome=study.joined.meta.id, period=study.joined.period)
        for study in studies
        if study.larger is not None
    ]
    return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(LARGER_FIELDS)))[
        list(LARGER_FIELDS)
    ]
