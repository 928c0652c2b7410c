"""Maps of local Moran and Gi* classes: which areas stand out together after looking everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from boundaries.vocabulary import phrase, policy_words, share_words
from geo.errors import MapError, listed
from maps.kinds import framing
from maps.look import palettes
from maps.look.texture import OUTLIERS, UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import (
    counted,
    counted_of,
    directed,
    direction_words,
    format_count,
    format_value,
    in_sentence,
    noun_of,
    sentence,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from analysis.significance import LocalResult
    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable

Statistic = Literal["moran", "gi"]

MORAN_ORDER = ("low-low", "high-high", "low-high", "high-low")
GI_ORDER = ("low", "high")


UNDER_ONE = " under one choice of neighbours"
"""What a title adds where no area that it counts stands out under every choice."""

ENDS = ("low", "high")


def spec_classes(
    joined: Joined, result: LocalResult, *, statistic: Statistic = "moran", settled: Collection[str] = ENDS
) -> MapSpec:
    """Describe a map of the classes of local Moran or of Gi*.

    Parameters
    ----------
    result : on the areas of ``joined``; its ``parameters`` are quoted in the foot.
    settled : ends (low, high) of which some area stands under every choice of neighbours; of others the title says that none does.

    Raises
    ------
    MapError
        A result on other areas, or with classes that the statistic does not have.

    Notes
    -----
    The title counts areas that stand out at the unfavourable end; where neither end is good, of the low end. Class names keep
    value order (low-low); words and colours follow the outcome's direction.
    """
    meta = joined.meta
    covered = joined.frame.index[joined.covered]
    table = class_table(meta.favourable, statistic)
    kinds = result.frame["class"].reindex(covered)
    _check(kinds, [*table, "not-significant", framing.NOT_TESTABLE, framing.NO_DATA], what=f"{meta.id}, {statistic}")
    counts = kinds.value_counts()
    classes = class_entries(meta.favourable, statistic, {str(key): int(count) for key, count in counts.items()})
    title, tested = _title(joined, kinds, statistic, settled=settled)
    kind = "clusters" if statistic == "moran" else "hotspots"
    return MapSpec(
        id=f"{meta.id}/{kind}",
        kind=kind,
        outcome=meta.id,
        title=title,
        subtitle=framing.subtitle(joined),
        sure=sure_line(result, tested),
        legend_title="Areas and their neighbours" if statistic == "moran" else "Areas with their neighbours",
        classes=classes,
        assignment={str(code): str(kind) for code, kind in kinds.items()},
        notes=(
            f"{direction_words(meta.favourable)} {_explained(joined, result, statistic)}",
            "A cluster says where values gather, not why, and its edges move with the choice of neighbours.",
            *framing.coverage_notes(joined),
        ),
        foot=framing.foot([meta.source], joined.boundaries, method=method_line(result, statistic)),
        alt=f"Map of {counted(len(kinds), 'area')} by {_statistic_name(statistic)} class: {title}.",
        description=framing.description(title, classes, framing.valued(joined), joined.frame["name"], meta.unit),
        values={
            code: f"{text}; {_class_words(classes, str(kinds[code]))}"
            for code, text in framing.area_texts(joined).items()
        },
    )


def class_table(favourable: Favourable, statistic: Statistic) -> dict[str, tuple[str, str, str]]:
    """Return words, colour and hatch of the classes that stand out, in legend order, for an outcome's direction."""
    bad_low = favourable != "low"
    ends = {True: "unfavourable", False: "favourable"}
    neutral = favourable == "none"
    order = MORAN_ORDER if statistic == "moran" else GI_ORDER
    table: dict[str, tuple[str, str, str]] = {}
    for key in order if bad_low else [*reversed(order[:2]), *reversed(order[2:])]:
        own, _, around = key.partition("-")
        bad = (own == "low") == bad_low
        if not around or own == around:
            gathered = "cluster" if statistic == "moran" else "hot spot" if own == "high" else "cold spot"
            words = f"{gathered} of {own} values" if neutral else f"{ends[bad]} {gathered}"
            table[key] = (words.capitalize(), palettes.CLUSTERS[ends[bad]], UNFAVOURABLE if bad else "")
        else:
            words = f"{own} among {around}" if neutral else f"{ends[bad]} among {ends[not bad]}"
            table[key] = (words.capitalize(), palettes.CLUSTERS[f"{ends[bad]}-outlier"], OUTLIERS[0 if bad else 1])
    return table


def class_entries(favourable: Favourable, statistic: Statistic, counts: dict[str, int]) -> tuple[LegendClass, ...]:
    """Return the legend of a statistic's classes with counts."""
    found = [
        _entry(LegendClass(key, words, colour, counts.get(key, 0), note=key), hatch)
        for key, (words, colour, hatch) in class_table(favourable, statistic).items()
    ]
    plain = LegendClass(
        "not-significant", "Not significant", palettes.CLUSTERS["not-significant"], counts.get("not-significant", 0)
    )
    return (
        *found,
        plain,
        framing.not_testable_class(counts.get(framing.NOT_TESTABLE, 0)),
        framing.no_data_class(counts.get(framing.NO_DATA, 0)),
    )


def _entry(entry: LegendClass, hatch: str) -> LegendClass:
    """Return a class with its hatch: fine lines in its own shade, an outlier's in the grey that all maps have."""
    if hatch == UNFAVOURABLE:
        return textured(entry, hatch)
    return replace(entry, hatch=hatch, hatch_colour=palettes.NOT_TESTABLE_DOTS if hatch else "")


def sure_line(result: LocalResult, tested: int) -> str:
    """Return one line on how sure the classes are."""
    share = float(result.parameters.get("alpha", 0.05))
    kind = str(result.parameters.get("correction", "fdr_bh"))
    each = share_words(share)
    promise = {
        "fdr_bh": f"on average at most {each} of the areas named are there by chance (false discovery rate)",
        "fdr_by": f"on average at most {each} of the areas named are there by chance, however areas depend on each other",
        "bonferroni": f"the chance that even one area is named wrongly is at most {each}",
        "none": f"about {format_value(share * tested, '', decimals=0)} areas would be named by chance alone, for nothing is corrected",
    }[kind]
    return (
        f"{format_count(tested)} areas were tested; {promise}. Values are taken as published, without their own error."
    )


def method_line(result: LocalResult, statistic: Statistic) -> str:
    """Return the method in one line: statistic, permutations, weights, correction, seed."""
    given = result.parameters
    draws = given.get("permutations")
    pieces = [
        _statistic_name(statistic),
        f"{format_count(int(draws))} conditional permutations" if draws else "",
        f"neighbours by {policy_words(str(given['weights']))}" if "weights" in given else "",
        f"{given.get('alternative', 'two-sided')} p",
        f"{phrase('correction.' + str(given.get('correction', 'fdr_bh')), 'sentence')} at {share_words(float(given.get('alpha', 0.05)))}",
        f"seed {given['seed']}" if "seed" in given else "",
    ]
    return ", ".join(piece for piece in pieces if piece)


def _title(joined: Joined, kinds: pd.Series, statistic: Statistic, *, settled: Collection[str]) -> tuple[str, int]:
    """Return the finding, and how many areas were tested."""
    meta = joined.meta
    tested = int((~kinds.isin([framing.NOT_TESTABLE, framing.NO_DATA])).sum())
    low, high = ("low-low", "high-high") if statistic == "moran" else ("low", "high")
    first, second = (high, low) if meta.favourable == "low" else (low, high)
    count, other = int((kinds == first).sum()), int((kinds == second).sum())
    first_word, second_word = first.split("-", maxsplit=1)[0], second.split("-", maxsplit=1)[0]
    noun = noun_of(meta.title)
    if statistic == "gi":
        places = {"low": "cold spot", "high": "hot spot"}
        if count == 0 and other == 0:
            return f"No hot or cold spot of {noun} stands out among {format_count(tested)} areas", tested
        rest = f", {counted(other, places[second_word])}"
        return f"{sentence(counted_of(count, tested))} are {places[first_word]}s of {noun}{rest}", tested
    if count == 0 and other == 0:
        return f"None of {format_count(tested)} areas stands out for {directed('low or high', meta.title)}", tested
    what = directed(first_word, meta.title)
    if count == 0:
        found = f"{counted_of(other, tested)} {_stand(other)} out for {second_word}{hedge(second_word, settled)}"
        return f"No area stands out for {what}; {found}", tested
    hedges = hedge(first_word, settled), hedge(second_word, settled) if other else ""
    rest = f", {format_count(other)} for {second_word}{hedges[1]}" if other else ""
    inner = "" if hedges[0] and hedges[1] else hedges[0]
    if hedges[0] and hedges[1]:
        rest = rest.replace(UNDER_ONE, f",{UNDER_ONE}")
    return f"{sentence(counted_of(count, tested))} {_stand(count)} out for {what}{inner}{rest}", tested


def hedge(direction: str, settled: Collection[str]) -> str:
    """Return what a title adds to the areas of one end."""
    return "" if direction in settled else UNDER_ONE


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _statistic_name(statistic: Statistic) -> str:
    return "local Moran's I" if statistic == "moran" else "Getis-Ord Gi*"


def low_means(joined: Joined, result: LocalResult) -> str:
    """Return ``below £39 330, the mean of the areas tested; 68% of them are``; "" where the result does not record it."""
    if "threshold" not in result.parameters:
        return ""
    meta = joined.meta
    mean = format_value(float(result.parameters["threshold"]), meta.unit, decimals=meta.decimals)
    return (
        f"below {mean}, the mean of the areas tested; {share_words(round(result.parameters['below'], 2))} of them are"
    )


def _explained(joined: Joined, result: LocalResult, statistic: Statistic) -> str:
    if statistic == "moran":
        meant = low_means(joined, result)
        low = f"Low is {meant}. " if meant else ""
        return (
            f"{low}A low area stands out when its neighbours are lower than chance alone would make them, a high one when "
            "they are higher; an outlier (hatched) is unlike its neighbours."
        )
    return "A hot or cold spot is an area whose value, taken with its neighbours', is higher or lower than chance would gather."


def _class_words(classes: tuple[LegendClass, ...], key: str) -> str:
    return in_sentence(next(entry.label for entry in classes if entry.key == key))


def _check(kinds: pd.Series, allowed: list[str], *, what: str) -> None:
    values = list(kinds)
    faults = []
    absent = sum(1 for value in values if not isinstance(value, str))
    if absent:
        faults.append(f"{absent} of {len(values)} areas have no class: the result is on other areas")
    strange = sorted({value for value in values if isinstance(value, str) and value not in allowed})
    if strange:
        faults.append(f"unknown classes {listed(strange)}: known are {', '.join(allowed)}")
    if faults:
        raise MapError(f"the classes of {what} cannot be drawn", faults)
