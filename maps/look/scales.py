"""Values into a few classes: breaks that are round, labels that are exactly true, colours that mean something.

mapclassify finds the classes; the break between two classes is then moved to the roundest number in the gap between the
largest value below and the smallest above, so that no area changes class and the legend says exactly what was done.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from geo.errors import MapError, listed
from maps.look import palettes
from maps.words import format_value, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boundaries.outcomes.measures import Favourable

    FloatArray = np.ndarray[Any, np.dtype[np.float64]]
    IntArray = np.ndarray[Any, np.dtype[np.int64]]

Scheme = Literal["quantile", "fisher-jenks", "equal", "std", "headtail", "boxplot", "user", "published"]

SCHEMES: tuple[str, ...] = get_args(Scheme)

STATED = ("user", "published")
"""Schemes whose breaks are given: nothing is found, and nothing is symmetrical."""

MOST_CLASSES = 7
"""Found classes beyond these are joined (head-tail breaks may find many); stated breaks may have nine."""

NO_CLASS = -1
"""Class of an area without a value."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of values.

    ``breaks`` shape (k − 1,): inner breaks, ascending; class i holds breaks[i − 1] ≤ value < breaks[i]. ``labels``, ``colours``
    and ``counts`` shape (k,). ``assignment``: class number per area on the full index, ``NO_CLASS`` where there is no value.
    ``centre`` is the value about which a diverging scale turns; None when sequential. ``sides`` shape (k,): −1 on the unfavourable
    side of the centre (the low side where neither is good), 1 on the favourable, 0 for the class that holds it; all 0 when
    sequential. ``ranges`` shape (k,): the classes' limits in words, where ``labels`` are names; else empty.
    """

    scheme: str
    unit: str
    breaks: tuple[float, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]
    assignment: pd.Series
    centre: float | None = None
    sides: tuple[int, ...] = ()
    ranges: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of classes."""
        return len(self.labels)

    def words(self, centre: str = "") -> str:
        """Return how the classes were made, in plain words; ``centre`` names the centre ("no change") instead of its figure."""
        if self.centre is None or self.scheme in STATED:
            return say(f"scheme.{self.scheme}")
        about = centre or format_value(self.centre, self.unit)
        key = "scheme.centred" if self.breaks else "scheme.centred-one"
        return say(key, about=about, how=say(f"scheme.centred-{self.scheme}"))

    def classify(self, values: pd.Series) -> pd.Series:
        """Put other values (another period, another set) in the same classes."""
        return _assigned(values, self.breaks)


def classify(
    values: pd.Series,
    *,
    scheme: Scheme = "quantile",
    k: int = 5,
    unit: str = "",
    favourable: Favourable = "high",
    centre: float | None = None,
    breaks: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
) -> Scale:
    """Put values in classes with labels and colours.

    Parameters
    ----------
    values : shape (n_areas,), NaN where there is none.
    scheme : how classes are found; ``user`` and ``published`` take ``breaks``.
    k : classes wanted; fewer where the values are not different enough.
    unit : of the values, for the labels.
    favourable : which end is good; decides the direction of the colours.
    centre : a meaningful value (zero of a z-score, the UK figure) about which colours diverge and classes are symmetrical.
    breaks : inner breaks, for ``user`` and ``published``.
    labels : names of the classes, one more than ``breaks``; made from the breaks when absent.

    Raises
    ------
    MapError
        No value at all; an unknown scheme; more than nine classes; breaks missing, unordered or not finite; wrong number of labels.

    Notes
    -----
    About a centre, classes are symmetrical: the scheme is applied to the distance from the centre, so that equal colours mean
    equal distances. Classes that would be empty are dropped, but for ``user`` and ``published`` breaks, which stay as stated.
    """
    faults = _faults(values, scheme=scheme, k=k, breaks=breaks, labels=labels)
    if faults:
        raise MapError("these values cannot be put in classes", faults)
    present = values.dropna().to_numpy(dtype=np.float64)
    if scheme in STATED:
        inner = [float(value) for value in breaks or ()]
    elif centre is None:
        inner = _inner_breaks(present, scheme=scheme, k=k)
    else:
        inner = _symmetrical_breaks(present, scheme=scheme, k=k, centre=centre)
    assignment = _assigned(values, inner)
    n_classes = len(inner) + 1
    ranges = _labels(inner, present, unit)
    steps = _steps(inner, favourable=favourable, centre=centre)
    return Scale(
        scheme=scheme,
        unit=unit,
        breaks=tuple(inner),
        labels=tuple(labels) if labels is not None else ranges,
        colours=_colours(steps, favourable=favourable, centre=centre),
        counts=tuple(int((assignment == i).sum()) for i in range(n_classes)),
        assignment=assignment,
        centre=centre,
        sides=tuple(int(np.sign(step)) if centre is not None else 0 for step in steps),
        ranges=ranges if labels is not None else (),
    )


def _faults(
    values: pd.Series, *, scheme: str, k: int, breaks: Sequence[float] | None, labels: Sequence[str] | None
) -> list[str]:
    faults = []
    finite = values.dropna().to_numpy(dtype=np.float64)
    if finite.size == 0:
        faults.append(f"none of {len(values)} areas has a value")
    if not np.isfinite(finite).all():
        faults.append(f"{int((~np.isfinite(finite)).sum())} values are infinite")
    if scheme not in SCHEMES:
        faults.append(f"unknown scheme {scheme!r}: use one of {', '.join(SCHEMES)}")
    if not 1 <= k <= 9:
        faults.append(f"k is {k}: a legend has one to nine classes, best five")
    if scheme in STATED:
        inner = list(breaks or ())
        if not inner:
            faults.append(f"the scheme {scheme!r} needs breaks")
        elif not np.isfinite(inner).all() or any(a >= b for a, b in pairwise(inner)):
            faults.append(f"breaks are finite and ascending; found {listed(inner)}")
        if len(inner) > 8:
            faults.append(f"{len(inner)} breaks make {len(inner) + 1} classes: at most nine")
        if labels is not None and len(labels) != len(inner) + 1:
            faults.append(f"{len(inner)} breaks make {len(inner) + 1} classes, but {len(labels)} labels were given")
    elif breaks is not None or labels is not None:
        faults.append(f"breaks and labels belong to the schemes user and published, not to {scheme!r}")
    return faults


def _inner_breaks(present: FloatArray, *, scheme: str, k: int) -> list[float]:
    """Return round breaks that divide the values as mapclassify does."""
    numbers = _class_numbers(present, scheme=scheme, k=k)
    order = np.argsort(present, kind="stable")
    ordered, classes = present[order], numbers[order]
    edges = np.flatnonzero(classes[1:] != classes[:-1])
    return [roundest_between(ordered[i], ordered[i + 1]) for i in edges if ordered[i] < ordered[i + 1]]


def _class_numbers(present: FloatArray, *, scheme: str, k: int) -> IntArray:
    distinct = np.unique(present)
    k = min(k, len(distinct))
    if k == 1:
        return np.zeros(len(present), dtype=np.int64)
    if scheme == "quantile":
        # The same definition as mapclassify.Quantiles, without the seconds its import costs every ordinary run.
        return _numbered(present, np.unique(np.percentile(present, np.linspace(100 / k, 100, k))))
    import mapclassify  # noqa: PLC0415  # loads scikit-learn and, where installed, compiles with numba

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mapclassify warns of empty or fewer classes, which are dropped here
        if scheme == "fisher-jenks":
            found = mapclassify.FisherJenks(present, k=k)
        elif scheme == "equal":
            found = mapclassify.EqualInterval(present, k=k)
        elif scheme == "std":
            found = mapclassify.StdMean(present, multiples=_std_multiples(k))
        elif scheme == "headtail":
            found = mapclassify.HeadTailBreaks(present)
        else:
            found = mapclassify.BoxPlot(present)
    return _numbered(present, found.bins)


def _numbered(present: FloatArray, bins: FloatArray) -> IntArray:
    """Return the class of each value: class i holds bins[i − 1] < value ≤ bins[i]."""
    numbers = np.searchsorted(bins, present, side="left").astype(np.int64)
    return np.minimum(numbers, MOST_CLASSES - 1)


def _std_multiples(k: int) -> list[float]:
    """Return cuts one standard deviation apart, symmetrical about the mean: k = 5 gives −1.5, −0.5, 0.5, 1.5."""
    return [i - (k - 2) / 2 for i in range(k - 1)]


def _symmetrical_breaks(present: FloatArray, *, scheme: str, k: int, centre: float) -> list[float]:
    """Return breaks at equal distances on both sides of a centre, the outer ones dropped where no value lies beyond."""
    distance = np.abs(present - centre)
    if distance.max() == 0:
        return []
    odd = k % 2 == 1
    sides = k // 2
    if scheme == "std":
        spread = float(np.sqrt(np.mean((present - centre) ** 2)))
        cuts = [(i + (0.5 if odd else 1.0)) * spread for i in range(sides if odd else sides - 1)]
    elif scheme == "equal":
        step = 2 * distance.max() / k
        cuts = [(i + (0.5 if odd else 1.0)) * step for i in range(sides if odd else sides - 1)]
    elif scheme == "quantile":
        shares = [(2 * i + 1) / k for i in range(sides)] if odd else [2 * (i + 1) / k for i in range(sides - 1)]
        cuts = [float(np.quantile(distance, share)) for share in shares]
    else:
        cuts = _inner_breaks(distance, scheme=scheme, k=sides + 1 if odd else sides)[: MOST_CLASSES // 2]
    rounded = sorted({_rounded(cut, cuts) for cut in cuts} - {0.0})
    below = [centre - cut for cut in reversed(rounded) if (present < centre - cut).any()]
    above = [centre + cut for cut in rounded if (present >= centre + cut).any()]
    middle = [] if odd or not ((present < centre).any() and (present >= centre).any()) else [centre]
    return [float(f"{value:.12g}") for value in (*below, *middle, *above)]


def _rounded(cut: float, cuts: Sequence[float]) -> float:
    """Round to two significant digits, more where cuts would fall together."""
    for digits in range(2, 12):
        if len({_significant(other, digits) for other in cuts}) == len(set(cuts)):
            return _significant(cut, digits)
    return cut


def _significant(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def roundest_between(below: float, above: float) -> float:
    """Return the number r with the fewest digits for which below < r ≤ above.

    Examples
    --------
    >>> roundest_between(31187.2, 31254.0), roundest_between(0.1234, 0.1299), roundest_between(-3, 4)
    (31200.0, 0.125, 0.0)
    """
    if below < 0 <= above:
        return 0.0
    power = math.floor(math.log10(max(abs(below), abs(above)))) + 1
    for exponent in range(power, power - 16, -1):
        for step in (10.0**exponent, 5 * 10.0 ** (exponent - 1), 2 * 10.0 ** (exponent - 1)):
            candidate = float(f"{math.floor(above / step) * step:.15g}")
            if below < candidate <= above:
                return candidate
    return float(above)


def _assigned(values: pd.Series, breaks: Sequence[float]) -> pd.Series:
    numbers = values.to_numpy(dtype=np.float64)
    assigned = np.searchsorted(np.asarray(breaks, dtype=np.float64), numbers, side="right")
    return pd.Series(np.where(np.isnan(numbers), NO_CLASS, assigned), index=values.index, dtype="int64")


def _labels(breaks: Sequence[float], present: FloatArray, unit: str) -> tuple[str, ...]:
    """Return the limits of each class in words, without the unit, which the legend's title states once."""
    if not breaks:
        low, high = float(present.min()), float(present.max())
        text = format_value(low)
        return (text if low == high else say("value.range", low=text, high=format_value(high)),)
    needed = [_decimals_needed(value) for value in breaks]
    if unit in {"£", "€", "$"}:
        needed = [0 if places == 0 else max(2, places) for places in needed]  # 613.20 beside 585
    else:
        needed = [max(needed)] * len(needed)
    texts = [format_value(value, decimals=places) for value, places in zip(breaks, needed, strict=True)]
    middle = [say("class.middle", low=low, high=high) for low, high in pairwise(texts)]
    return (say("class.first", high=texts[0]), *middle, say("class.last", low=texts[-1]))


def _decimals_needed(value: float) -> int:
    text = f"{value:.12f}".rstrip("0")
    return len(text) - text.index(".") - 1


def _steps(breaks: Sequence[float], *, favourable: Favourable, centre: float | None) -> tuple[int, ...]:
    """Return the place of each class: in order, or how many breaks lie between it and the centre, favourable upwards."""
    k = len(breaks) + 1
    if centre is None:
        return tuple(range(k))
    edges = np.asarray(breaks, dtype=np.float64)
    if centre in breaks:
        steps = [i - int(np.searchsorted(edges, centre)) for i in range(k)]
        steps = [step if step > 0 else step - 1 for step in steps]
    else:
        home = int(np.searchsorted(edges, centre, side="right"))
        steps = [i - home for i in range(k)]
    sign = -1 if favourable == "low" else 1
    return tuple(sign * step for step in steps)


def _colours(steps: Sequence[int], *, favourable: Favourable, centre: float | None) -> tuple[str, ...]:
    """Return one colour a class; about a centre, by how many breaks lie between the class and the centre."""
    if centre is None:
        return palettes.ramp(
            palettes.SEQUENTIAL_UNFAVOURABLE if favourable == "low" else palettes.SEQUENTIAL, len(steps)
        )
    reach = max(1, *(abs(step) for step in steps))
    anchors = palettes.DIVERGING_7 if reach == 3 else palettes.DIVERGING_5
    side = palettes.ramp(anchors, 2 * reach + 1)
    return tuple(side[reach + step] for step in steps)
