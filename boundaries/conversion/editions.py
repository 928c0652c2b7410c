"""The way between two editions of small areas, by a lookup of pairs: 2011 to 2021, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.conversion.crosswalk import lookup_crosswalk

if TYPE_CHECKING:
    from collections.abc import Collection

    from boundaries.conversion.crosswalk import Crosswalk


def edition_crosswalk(earlier: pd.DataFrame, codes: Collection[str]) -> Crosswalk:
    """Return the way from codes of other editions, and from today's to themselves, to today's codes.

    Parameters
    ----------
    earlier : columns ``old, code, weight``: the share of a former area in each of today's, NaN where nothing tells it.
    codes : today's.

    Notes
    -----
    A former area of several of today's whose shares are not known is like a young area of former ones: a count is not divided
    without weights, and a rate or mean is carried to each part.
    """
    own = set(codes)
    known = earlier[earlier["code"].isin(own) & ~earlier["old"].isin(own)]
    pairs = pd.DataFrame(
        {
            "old": [*known["old"], *sorted(own)],
            "code": [*known["code"], *sorted(own)],
            "weight": [*known["weight"], *(1.0 for _ in own)],
        }
    ).sort_values(["old", "code"], ignore_index=True)
    unknown = pairs["weight"].isna().to_numpy()
    parts = pairs.groupby("old")["code"].transform("size").to_numpy()
    made = lookup_crosswalk(list(pairs["old"]), list(pairs["code"]), list(np.where(unknown, 1 / parts, pairs["weight"])))
    return replace(
        made,
        share=np.where(unknown, np.nan, made.share),
        back=unknown,
        reasons=tuple("" if old == new else "lookup of editions" for old, new in zip(pairs["old"], pairs["code"], strict=True)),
    )
