"""Maps of places unlike their neighbours: high among low, low beside high, and low on one outcome beside a hub of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.moran import local_moran_bivariate
from analysis.profiles.hubs import KINDS, beside, outliers_by_name
from analysis.profiles.standing import high_labels, standing_of
from maps.findings.cutting import codes_where
from maps.findings.outliers import BesideFinding, OutliersFinding
from maps.kinds import captions
from maps.kinds.bivariate import same_areas
from maps.kinds.lisa import class_entries, method_line, sure_line
from maps.look import palettes
from maps.look.texture import OUTLIERS, UNFAVOURABLE, textured
from maps.spec import LegendClass, MapSpec, Outline
from maps.words import Topic, counted, direction_words, format_count, in_sentence, listed_names, say, sentence
from maps.words.findings import finding_title
from maps.words.findings.outliers import beside_title, pair_fields

if TYPE_CHECKING:
    from analysis.significance import LocalResult
    from analysis.study import Study
    from analysis.weights import Weights
    from boundaries.joined import Joined

MOST_NAMED = 10
"""More names than this crowd a page; all are outlined, and the files name all."""
MOST_LISTED = 5
"""Rows of each small table."""
MOST_NEIGHBOURS = 3
"""Neighbours in a row of a small table."""
LIKE = "like"


def spec_outliers(joined: Joined, local: LocalResult, weights: Weights) -> MapSpec:
    """Describe a map of areas unlike their neighbours by local Moran's I, named.

    Parameters
    ----------
    joined : the outcome. local : of ``analysis.moran.local_moran`` on its areas. weights : the graph of the test.
    """
    topic = Topic.of(joined)
    codes = joined.frame.index[joined.covered]
    kinds = local.frame["class"].reindex(codes).astype(str)
    ours = {"high-low", "low-high", captions.NOT_TESTABLE, captions.NO_DATA}
    drawn = kinds.where(kinds.isin(ours), LIKE)
    tested = ~drawn.isin([captions.NOT_TESTABLE, captions.NO_DATA])
    finding = OutliersFinding(codes_where(drawn == "high-low"), codes_where(drawn == "low-high"), codes_where(tested))
    title = finding_title(finding, topic)
    classes = _classes(joined, drawn)
    named = outliers_by_name(local, joined.frame.reset_index(names="code"), weights)
    named = named[named["code"].isin([str(code) for code in codes])]
    labels = {entry.key: in_sentence(entry.label) for entry in classes}
    texts = captions.area_texts(joined)
    return MapSpec(
        id=f"{joined.meta.id}/hubs",
        kind="hubs",
        outcome=joined.meta.id,
        title=title,
        measure=captions.measure_words(joined),
        sure=sure_line(local, len(finding.tested)),
        legend_title=say("hubs.legend"),
        classes=classes,
        assignment={str(code): str(kind) for code, kind in drawn.items()},
        outlines=_outlines([str(code) for code in named["code"]], topic),
        tables=_tables(named, joined, topic),
        notes=(f"{direction_words(joined.meta.favourable)} {say('hubs.moran-note')}",),
        coverage=captions.coverage_notes(joined),
        finding=finding,
        method=method_line(local, "moran"),
        sources=(joined.meta.source,),
        alt=say("hubs.alt", whole=counted(len(codes)), title=title),
        description=captions.description(title, classes, captions.valued(joined), topic),
        values={code: say("hubs.value", value=text, label=labels[str(drawn[code])]) for code, text in texts.items()},
        **captions.drawn_on(joined.boundaries),
    )


def _classes(joined: Joined, drawn: pd.Series) -> tuple[LegendClass, ...]:
    """Return the two kinds of outlier in the colours of cluster maps, and those like their neighbours."""
    counts = {str(key): int(count) for key, count in drawn.value_counts().items()}
    entries = {entry.key: entry for entry in class_entries(joined.meta.favourable, "moran", counts)}
    outliers = [entry for key, entry in entries.items() if key in ("high-low", "low-high")]
    plain = LegendClass(LIKE, say("hubs.like"), entries["not-significant"].colour, counts.get(LIKE, 0))
    named = tuple(
        LegendClass(one.key, say(f"hubs.{one.key}-class"), one.colour, one.count, one.hatch, one.note, one.hatch_colour)
        for one in outliers
    )
    return (*named, plain, entries[captions.NOT_TESTABLE], entries[captions.NO_DATA])


def _outlines(codes: list[str], topic: Topic) -> tuple[Outline, ...]:
    named = set(codes[:MOST_NAMED])
    return tuple(
        Outline(code, topic.name(code) if code in named else "", (code,), palettes.INK) for code in sorted(set(codes))
    )


def _tables(named: pd.DataFrame, joined: Joined, topic: Topic) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return each kind with the neighbours it differs from, and its figure."""
    values, found = joined.frame["value"], []
    for key, kind in KINDS.items():
        rows = named[named["kind"] == kind].head(MOST_LISTED)
        cells = []
        for code, around in zip(rows["code"], rows["beside"], strict=True):
            names = listed_names([topic.name(one) for one in around], most=MOST_NEIGHBOURS)
            cells.append(
                (say("hubs.among", name=topic.name(str(code)), names=names), topic.figure(float(values[code])))
            )
        if cells:
            found.append((say(f"hubs.table-{key}"), tuple(cells)))
    return tuple(found)


def beside_of(low: Joined, high: Joined, weights: Weights) -> pd.DataFrame:
    """Return every area at the poor end of one outcome that touches one at the good end of another, with borders and distance.

    Parameters
    ----------
    low, high : on the same areas, each with a good end. weights : who is beside whom.

    Returns
    -------
    As ``analysis.profiles.hubs.beside``.
    """
    areas = low.boundaries.frame[["code", "name", "geometry"]]
    flags = _flags(low, high)
    wanted = [str(code) for code in areas["code"]]
    return beside(
        flags["low"].reindex(wanted, fill_value=False), flags["hub"].reindex(wanted, fill_value=False), areas, weights
    )


def _flags(low: Joined, high: Joined) -> pd.DataFrame:
    """Return, by code, who is at the poor end of the first outcome and who at the good end of the second."""
    here, there = standing_of(low), standing_of(high)
    best = high_labels(there.order, there.favourable)
    return pd.DataFrame({"low": here.is_low, "hub": there.bands.isin(best)}).reindex(low.frame.index, fill_value=False)


def among_high(study: Study, other: Joined) -> LocalResult:
    """Return whether each area's own value goes with the second outcome among its neighbours: bivariate local Moran, as the study tests."""
    values = study.joined.frame.loc[study.joined.covered, "value"]
    weights = study.ground.weights.subset(values.index)
    return local_moran_bivariate(values, other.frame["value"], weights, **study.config.options())


def spec_beside(low: Joined, high: Joined, weights: Weights, local: LocalResult | None = None) -> MapSpec:
    """Describe a map of areas at the poor end of one outcome beside those at the good end of another.

    Parameters
    ----------
    low, high, weights : as of ``beside_of``. local : of ``among_high``: then areas whose neighbours are better on the second outcome
        than chance gives are counted, and named first.

    Raises
    ------
    MapError
        Outcomes on other boundaries.
    StatisticsError
        An outcome whose areas stand in no bands.
    """
    same_areas(low, high)
    first, second = Topic.of(low), Topic.of(high)
    given = pair_fields(first, second)
    codes = low.frame.index[low.covered & high.covered]
    pairs, flags = beside_of(low, high, weights), _flags(low, high).loc[codes]
    pairs = pairs[pairs["code"].isin(codes)]
    known = low.frame.loc[codes, "value"].notna() & high.frame.loc[codes, "value"].notna()
    near = pd.Series(codes.isin(pairs["code"]), index=codes)
    drawn = pd.Series("neither", index=codes).mask(flags["hub"], "hub").mask(flags["low"], "low")
    drawn = drawn.mask(near, "beside").mask(flags["low"] & flags["hub"], "both").mask(~known, captions.NO_DATA)
    finding = BesideFinding(codes_where(flags["low"] & known), codes_where(near & known), codes_where(flags["hub"]))
    title = beside_title(finding, first, second)
    classes = _pair_classes(drawn, first, second)
    texts = [captions.area_texts(joined) for joined in (low, high)]
    beyond = [] if local is None else _beyond_chance(local, low, high)
    own = [str(code) for code in dict.fromkeys(pairs["code"])]
    laid = [*(code for code in own if code in beyond), *(code for code in own if code not in beyond)]
    laid += [str(code) for code in dict.fromkeys(pairs["hub_code"])]
    return MapSpec(
        id=f"{low.meta.id}/hubs-{high.meta.id}",
        kind="hubs",
        outcome=low.meta.id,
        title=title,
        measure=say("hubs.pair-measure", first=captions.measure_words(low), second=captions.measure_words(high)),
        sure=say("hubs.pair-sure"),
        legend_title=sentence(say("hubs.pair-legend", **given)),
        classes=classes,
        assignment={str(code): str(kind) for code, kind in drawn.items()},
        outlines=_outlines(laid, first),
        tables=_pair_table(pairs, first),
        notes=(say("hubs.pair-note"), *([] if local is None else [_tested(beyond, first, second)])),
        coverage=captions.coverage_notes(low),
        finding=finding,
        method=say("hubs.pair-method")
        if local is None
        else say("hubs.pair-method-tested", tests=method_line(local, "moran")),
        sources=(low.meta.source, high.meta.source),
        alt=say("hubs.pair-alt", whole=counted(len(codes)), title=title),
        description=captions.description(title, classes, None, first),
        values={str(code): f"{texts[0][str(code)]}; {texts[1].get(str(code), say('value.none'))}" for code in codes},
        **captions.drawn_on(low.boundaries),
    )


def _beyond_chance(local: LocalResult, low: Joined, high: Joined) -> list[str]:
    """Return the areas at the poor side of the first outcome whose neighbours are at the good side of the second, the surest first."""
    sides = ("low" if low.meta.favourable == "high" else "high", "high" if high.meta.favourable == "high" else "low")
    rows = local.frame[local.frame["class"] == "-".join(sides)].sort_values("q", kind="stable")
    return [str(code) for code in rows.index]


def _tested(beyond: list[str], first: Topic, second: Topic) -> str:
    """Return how many areas differ from their neighbours beyond chance, by name."""
    given = pair_fields(first, second)
    if not beyond:
        return say("hubs.pair-tested-none", **given)
    return say(
        "hubs.pair-tested",
        n=len(beyond),
        names=listed_names([first.name(code) for code in beyond], most=MOST_LISTED),
        **given,
    )


def _pair_classes(drawn: pd.Series, first: Topic, second: Topic) -> tuple[LegendClass, ...]:
    counts, given = drawn.value_counts(), pair_fields(first, second)
    poor = {name: given[name] for name in ("first", "poor")}
    good = {name: given[name] for name in ("second", "good")}
    bad, pale, plain, _, best = palettes.DIVERGING_5
    looks = {
        "beside": (sentence(say("hubs.pair-beside", **poor)), bad),
        "low": (sentence(say("hubs.pair-low", **poor)), pale),
        "hub": (say("hubs.pair-hub", **good), best),
        "both": (sentence(say("hubs.pair-both", **poor)), palettes.CLUSTERS["favourable-outlier"]),
        "neither": (say("hubs.pair-neither"), plain),
    }
    found = []
    for key, (words, colour) in looks.items():
        entry = LegendClass(key, words, colour, int(counts.get(key, 0)))
        if key == "beside":
            entry = textured(entry, UNFAVOURABLE)
        elif key == "both":
            entry = textured(entry, OUTLIERS[1])
        if entry.count or key != "both":
            found.append(entry)
    return (*found, captions.no_data_class(int(counts.get(captions.NO_DATA, 0))))


def _pair_table(pairs: pd.DataFrame, topic: Topic) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    rows = []
    for row in pairs.head(MOST_LISTED + 2).itertuples():
        names = say("hubs.pair-row", name=topic.name(str(row.code)), hub=topic.name(str(row.hub_code)))
        border = float(str(row.border_km))
        water = say("hubs.pair-water")
        rows.append((names, say("hubs.pair-km", km=format_count(round(border))) if border > 0 else water))
    return ((say("hubs.pair-table"), tuple(rows)),) if rows else ()
