"""Which coordinates are the same point: exact identity by hashing, with a check that no two points share a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ODD_A = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: spreads neighbouring bit patterns
_ODD_B = np.uint64(0xC2B2AE3D27D4EB4F)
_SHIFT = np.uint64(29)


def vertex_keys(coordinates: NDArray[Any]) -> NDArray[np.uint64]:
    """Mix both ordinates of each coordinate into one 64-bit key; equal points have equal keys, others hardly ever.

    Parameters
    ----------
    coordinates : shape (n, 2), float64 or int64, finite.
    """
    bits = _bits(coordinates)
    keys = bits[:, 0] * _ODD_A
    keys ^= keys >> _SHIFT
    keys += bits[:, 1] * _ODD_B
    return mixed(keys)


def mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread keys once more, so that their high bits depend on all their bits."""
    keys = keys ^ (keys >> _SHIFT)
    keys *= _ODD_A
    keys ^= keys >> _SHIFT
    keys *= _ODD_B
    return keys


def vertex_ids(coordinates: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """Give the same number to coordinates of the same point; equal means equal to the last bit.

    Parameters
    ----------
    coordinates : shape (n, 2), float64 or int64, finite.

    Returns
    -------
    ids : shape (n,), the number of each coordinate's point, 0 to count − 1 in no meaningful order.
    count : how many distinct points there are.

    Notes
    -----
    Keys are sorted instead of points; packing x and y side by side would overflow for metres at full precision. Equal
    keys are then checked to be equal points, and if one pair were not (odds about n² / 2⁶⁵) the points are sorted by
    both ordinates instead.
    """
    if len(coordinates) == 0:
        return np.empty(0, dtype=np.int64), 0
    bits, keys = _bits(coordinates), vertex_keys(coordinates)
    order = np.argsort(keys)
    new = _starts(bits[order], np.flatnonzero(np.diff(keys[order]) == 0) + 1)
    if new is None:
        order = np.lexsort((bits[:, 1], bits[:, 0]))
        new = np.r_[True, np.any(np.diff(bits[order], axis=0) != 0, axis=1)]
    ids = np.empty(len(order), dtype=np.int64)
    ids[order] = np.cumsum(new) - 1
    return ids, int(new.sum())


def _bits(coordinates: NDArray[Any]) -> NDArray[np.uint64]:
    # adding zero turns −0.0 into 0.0, which compares equal but has other bits
    return np.ascontiguousarray(coordinates + 0).view(np.uint64).reshape(-1, 2)


def _starts(ordered: NDArray[np.uint64], repeats: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    """Mark where a new point begins, or return None when two points share a key."""
    if np.any(ordered[repeats] != ordered[repeats - 1]):
        return None
    new = np.ones(len(ordered), dtype=np.bool_)
    new[repeats] = False
    return new
