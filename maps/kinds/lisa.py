"""Maps of local Moran and Gi* classes: which areas lie together after looking everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from boundaries.vocabulary import phrase, policy_words, share_words
from geo.errors import MapError, listed
from maps.findings import pattern_of
from maps.findings.pattern import NOT_SIGNIFICANT
from maps.kinds import captions
from maps.look import palettes
from maps.look.texture import OUTLIERS, UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec
from maps.words import Topic, counted, direction_words, format_count, format_value, in_sentence, say
from maps.words.findings import finding_title

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from analysis.significance import LocalResult
    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable
    from maps.findings.pattern import Statistic

MORAN_ORDER = ("low-low", "high-high", "low-high", "high-low")
GI_ORDER = ("low", "high")


def spec_classes(
    joined: Joined,
    result: LocalResult,
    *,
    statistic: Statistic = "moran",
    alone: Collection[str] = (),
    firm: Collection[str] | None = None,
) -> MapSpec:
    """Describe a map of the classes of local Moran or of Gi*.

    Parameters
    ----------
    result : on the areas of ``joined``; its ``parameters`` are quoted in the foot.
    alone : codes of areas that no neighbour of the same class touches.
    firm : codes of areas whose class stands under every choice of neighbours that was tried; None where no other was.

    Raises
    ------
    MapError
        A result on other areas, or with classes that the statistic does not have.

    Notes
    -----
    The title counts areas in clusters of the unfavourable end first; where neither end is good, of the low end. Class names
    keep value order (low-low); words and colours follow the outcome's direction.
    """
    meta, topic = joined.meta, Topic.of(joined)
    covered = joined.frame.index[joined.covered]
    table = class_table(meta.favourable, statistic)
    kinds = result.frame["class"].reindex(covered)
    allowed = [*table, NOT_SIGNIFICANT, captions.NOT_TESTABLE, captions.NO_DATA]
    _check(kinds, allowed, what=f"{meta.id}, {statistic}")
    counts = kinds.value_counts()
    classes = class_entries(meta.favourable, statistic, {str(key): int(count) for key, count in counts.items()})
    finding = pattern_of(kinds, statistic, alone=alone, firm=firm)
    title = finding_title(finding, topic)
    kind = "clusters" if statistic == "moran" else "hotspots"
    labels = {entry.key: in_sentence(entry.label) for entry in classes}
    texts = captions.area_texts(joined)
    return MapSpec(
        id=f"{meta.id}/{kind}",
        kind=kind,
        outcome=meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=sure_line(result, finding.tested),
        legend_title=say(f"lisa.{statistic}-legend"),
        classes=classes,
        assignment={str(code): str(kind) for code, kind in kinds.items()},
        notes=(f"{direction_words(meta.favourable)} {_explained(joined, result, statistic)}", say("note.cluster")),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=method_line(result, statistic),
        sources=(meta.source,),
        alt=say("lisa.alt", whole=counted(len(kinds)), title=title),
        description=captions.description(title, classes, captions.valued(joined), topic),
        values={code: say("value.classed", value=text, label=labels[str(kinds[code])]) for code, text in texts.items()},
        **captions.drawn_on(joined.boundaries),
    )


def class_table(favourable: Favourable, statistic: Statistic) -> dict[str, tuple[str, str, str]]:
    """Return words, colour and hatch of the classes that are significant, in legend order, for an outcome's direction."""
    bad_low = favourable != "low"
    ends = {True: "unfavourable", False: "favourable"}
    neutral = favourable == "none"
    order = MORAN_ORDER if statistic == "moran" else GI_ORDER
    table: dict[str, tuple[str, str, str]] = {}
    for key in order if bad_low else [*reversed(order[:2]), *reversed(order[2:])]:
        own, _, around = key.partition("-")
        bad = (own == "low") == bad_low
        if statistic == "gi":
            words = say(f"lisa.gi-{own}" if neutral else f"lisa.gi-{ends[bad]}-{own}")
        elif neutral:
            words = say(f"lisa.moran-{key}")
        else:
            words = say(f"lisa.moran-{ends[bad]}" if own == around else f"lisa.moran-{ends[bad]}-outlier")
        if not around or own == around:
            table[key] = (words, palettes.CLUSTERS[ends[bad]], UNFAVOURABLE if bad else "")
        else:
            table[key] = (words, palettes.CLUSTERS[f"{ends[bad]}-outlier"], OUTLIERS[0 if bad else 1])
    return table


def class_entries(favourable: Favourable, statistic: Statistic, counts: dict[str, int]) -> tuple[LegendClass, ...]:
    """Return the legend of a statistic's classes with counts."""
    found = [
        _entry(LegendClass(key, words, colour, counts.get(key, 0), note=key), hatch)
        for key, (words, colour, hatch) in class_table(favourable, statistic).items()
    ]
    grey, count = palettes.CLUSTERS[NOT_SIGNIFICANT], counts.get(NOT_SIGNIFICANT, 0)
    plain = LegendClass(NOT_SIGNIFICANT, say("lisa.not-significant"), grey, count)
    return (
        *found,
        plain,
        captions.not_testable_class(counts.get(captions.NOT_TESTABLE, 0)),
        captions.no_data_class(counts.get(captions.NO_DATA, 0)),
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
    if kind == "none":
        promise = say("lisa.promise-none", expected=format_value(share * tested, decimals=0))
    else:
        promise = say(f"lisa.promise-{kind}", share=share_words(share))
    return say("lisa.sure", tested=format_count(tested), promise=promise)


def method_line(result: LocalResult, statistic: Statistic) -> str:
    """Return the method in one line: statistic, permutations, weights, correction, seed."""
    given: Mapping[str, object] = result.parameters
    draws = given.get("permutations")
    pieces = [
        say(f"lisa.{statistic}-name"),
        say("lisa.draws", n=int(str(draws))) if draws else "",
        say("lisa.neighbours", policy=policy_words(str(given["weights"]))) if "weights" in given else "",
        say("lisa.alternative", which=str(given.get("alternative", "two-sided"))),
        say(
            "lisa.correction",
            which=phrase(f"correction.{given.get('correction', 'fdr_bh')}", "sentence"),
            level=share_words(float(str(given.get("alpha", 0.05)))),
        ),
        say("lisa.seed", seed=str(given["seed"])) if "seed" in given else "",
    ]
    return ", ".join(piece for piece in pieces if piece)


def low_means(joined: Joined, result: LocalResult) -> str:
    """Return ``below £39,330, the mean of the areas tested; 68% of them are``; "" where the result does not record it."""
    if "threshold" not in result.parameters:
        return ""
    mean = Topic.of(joined).figure(float(result.parameters["threshold"]))
    return say("lisa.low-means", mean=mean, share=share_words(round(result.parameters["below"], 2)))


def _explained(joined: Joined, result: LocalResult, statistic: Statistic) -> str:
    if statistic == "gi":
        return say("lisa.gi-explained")
    meant = low_means(joined, result)
    said = say("lisa.moran-explained")
    return f"{say('lisa.low-is', meant=meant)} {said}" if meant else said


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
