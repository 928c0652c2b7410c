"""The way between two editions of small areas, by a lookup of pairs: 2011 to 2021, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.conversion.crosswalk import Crosswalk

if TYPE_CHECKING:
    from collections.abc import Collection


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
    parts = earlier[earlier["code"].isin(own) & ~earlier["old"].isin(own)]
    whole = pd.DataFrame({"old": sorted(own), "code": sorted(own), "weight": 1.0})
    pairs = pd.concat([parts, whole], ignore_index=True).sort_values(["old", "code"], ignore_index=True)
    sources, source = np.unique(pairs["old"].to_numpy(dtype=str), return_inverse=True)
    targets = np.array(sorted(own))
    unknown = pairs["weight"].isna().to_numpy()
    # A piece is what a former area and one of today's have in common; an area without a former one is a piece by itself.
    alone = pd.DataFrame({"old": "", "code": sorted(own - set(parts["code"]))})
    pieces = pd.concat([parts[["old", "code"]], alone], ignore_index=True)
    number = np.arange(len(pieces))
    held = pd.DataFrame({"source": [*pieces["old"], *pieces["code"]], "piece": [*number, *number]})
    held = held[held["source"] != ""].sort_values(["source", "piece"], ignore_index=True)
    return Crosswalk(
        sources=pd.Index(sources, dtype=object),
        targets=pd.Index(targets, dtype=object),
        source=source.astype(np.int64),
        target=np.searchsorted(targets, pairs["code"].to_numpy(dtype=str)).astype(np.int64),
        share=pairs["weight"].to_numpy(dtype=np.float64),
        back=unknown,
        moved=np.zeros(len(pairs), dtype=np.bool_),
        touched=np.zeros(len(pairs), dtype=np.bool_),
        reasons=tuple("" if same else "lookup of editions" for same in (pairs["old"] == pairs["code"])),
        piece_source=np.searchsorted(sources, held["source"].to_numpy(dtype=str)).astype(np.int64),
        piece=held["piece"].to_numpy(dtype=np.int64),
        piece_target=np.searchsorted(targets, pieces["code"].to_numpy(dtype=str)).astype(np.int64),
    )
