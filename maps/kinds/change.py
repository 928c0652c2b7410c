"""A map of change between two periods of one outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.change import against_whole, base_of_two, beyond_error
from boundaries.outcomes.periods import label
from geo.errors import MapError
from maps.findings import ChangeFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.kinds.bivariate import same_areas
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look import palettes
from maps.look.scales import classify
from maps.slugs import slug
from maps.spec import MapSpec, Outline
from maps.words import POINTS, Topic, counted, difference_unit, direction_words, format_difference, say
from maps.words.findings import finding_title
from maps.words.findings.changes import change_sure

if TYPE_CHECKING:
    from boundaries.joined import Joined
    from maps.findings.changes import Base
    from maps.look.scales import Scheme

WORDED: dict[Base, str] = {
    "absolute": "absolute",
    "relative": "relative",
    "national": "national",
    "mean": "mean",
    "per cent": "per-cent",
}
"""Ends of the keys of phrases that differ by base."""

MONEY = ("national", "mean")
"""What money is set against in both periods."""

MOST_NAMED = 8
"""More names than this crowd a page; every area whose change is clear is outlined."""
MOST_LISTED = 5
"""Rows of each small table."""


def spec_change(
    before: Joined, after: Joined, *, base: Base = "absolute", scheme: Scheme = "quantile", k: int = 5
) -> MapSpec:
    """Describe a map of change between two periods of one outcome.

    Parameters
    ----------
    base : ``absolute`` (a fixed base: the later value less the earlier), ``per cent`` (of the earlier value), or ``relative``
        (the change less the median area's, so that half the areas gain), or ``national`` (of money: percentages of the national figure
        of each period; of the mean of the areas, ``mean``, where none is published).

    Notes
    -----
    Where both periods have standard errors, a change is *clear* when it is beyond them by the rule of every list of changes
    (``analysis.change.beyond_error``): title and words then count clear changes, and say how many are expected to be false.

    Raises
    ------
    MapError
        Other boundaries, units or editions of an index; no area with both values; per cent of values that are not all above 0.
    """
    same_areas(before, after)
    _check(before, after, base)
    meta = after.meta
    codes = after.frame.index[before.covered & after.covered]
    early, late, base = _set_against(before, after, base)
    change = _changes(early, late, codes, base)
    unit = "%" if base == "per cent" else difference_unit(late.meta.unit)
    scale = classify(change, scheme=scheme, k=k, unit=unit, favourable=meta.favourable, centre=0.0)
    classes = scale_classes(scale, int(change.isna().sum()))
    finding = _finding(early, late, change, base)
    topic = Topic.of(after)
    title, since, until = finding_title(finding, topic), finding.since, finding.until
    how = say(f"change.measure-{WORDED[base]}", since=since, until=until)
    places = None if base == "per cent" else 1 if base in MONEY else topic.decimals
    # the legend says "percentage points" once; figures in tables go without
    moved = replace(topic, unit="" if unit == POINTS else unit, decimals=places)
    own = _named(finding, change)
    return MapSpec(
        id=f"{meta.id}/change-{slug(f'{since} {until}')}",
        kind="change",
        outcome=meta.id,
        title=title,
        measure=say("change.measure", outcome=captions.titled(after), how=how),
        sure=change_sure(finding),
        legend_title=captions.with_unit(say(f"change.legend-{WORDED[base]}", since=since, until=until), unit),
        classes=classes,
        assignment=scale_assignment(scale),
        outlines=_outlines(own, topic),
        tables=_tables(finding, change, moved) if own else (),
        notes=(_note(before, after, base), direction_words(meta.favourable), *([say("change.named")] if own else [])),
        coverage=captions.coverage_notes(after),
        finding=finding,
        method=scale.words(say("change.none")),
        sources=(meta.source,),
        alt=say("change.alt", whole=counted(len(change)), title=title),
        description=captions.description(title, classes, change, moved),
        values=_values(after, change, replace(moved, unit=unit), base),
        **captions.drawn_on(after.boundaries),
    )


def _set_against(before: Joined, after: Joined, base: Base) -> tuple[Joined, Joined, Base]:
    """Return both periods as they are compared: money as percentages of the figure for the whole; and which figure that is."""
    if base not in MONEY:
        return before, after, base
    early, late, published = against_whole(before, after)
    return early, late, "national" if published else "mean"


def _named(finding: ChangeFinding, change: pd.Series) -> list[str]:
    """Return the areas whose change is clear, the largest first; none where most areas moved: then it is no area's own."""
    clear = [*finding.rose, *finding.fell] if finding.clear else []
    if 2 * len(clear) > finding.n:
        return []
    return sorted(clear, key=lambda code: (-abs(float(change[code])), code))


def _outlines(own: list[str], topic: Topic) -> tuple[Outline, ...]:
    named = set(own[:MOST_NAMED])
    return tuple(
        Outline(code, topic.name(code) if code in named else "", (code,), palettes.INK) for code in sorted(own)
    )


def _tables(
    finding: ChangeFinding, change: pd.Series, moved: Topic
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the areas that clearly rose, and those that clearly fell, the largest change first."""
    found = []
    for key, codes in (("rose", finding.rose), ("fell", finding.fell)):
        rows = sorted(codes, key=lambda code: (-abs(float(change[code])), code))[:MOST_LISTED]
        if rows:
            heading = say(f"change.table-{key}-against" if finding.against else f"change.table-{key}")
            found.append((heading, tuple((moved.name(code), _signed(float(change[code]), moved)) for code in rows)))
    return tuple(found)


def _signed(value: float, moved: Topic) -> str:
    return format_difference(value, moved.unit, decimals=moved.decimals)


def _values(after: Joined, change: pd.Series, moved: Topic, base: Base) -> dict[str, str]:
    """Return change and later value as printed, by code."""
    texts, key = captions.area_texts(after), f"change.value-{base}" if base in MONEY else "change.value"
    return {
        code: say(key, change=format_difference(value, moved.unit, decimals=moved.decimals), value=texts[code])
        for code, value in zip(change.index.astype(str), change.tolist(), strict=True)
        if code in texts
    }


def _check(before: Joined, after: Joined, base: Base) -> None:
    """Refuse periods between which a change would mean nothing; every reason at once."""
    meta, faults = after.meta, []
    if before.meta.unit != meta.unit:
        faults.append(f"units differ: {before.meta.unit!r} and {meta.unit!r}")
    if before.meta.index_version != meta.index_version:
        faults.append(
            f"editions of the index differ: {before.meta.index_version!r} and {meta.index_version!r} hold other indicators"
        )
    codes = after.frame.index[before.covered & after.covered]
    early, late = (joined.frame.loc[codes, "value"].astype("float64") for joined in (before, after))
    if (early.notna() & late.notna()).sum() == 0:
        faults.append("no area has a value in both periods")
    if base == "per cent" and (early.dropna() <= 0).any():
        faults.append(
            f"{int((early.dropna() <= 0).sum())} earlier values are not above 0: a percentage of them means nothing"
        )
    if faults:
        raise MapError(f"change in {meta.id!r} from {before.period} to {after.period} cannot be mapped", faults)


def _changes(before: Joined, after: Joined, codes: pd.Index, base: Base) -> pd.Series:
    early, late = (joined.frame.loc[codes, "value"].astype("float64") for joined in (before, after))
    change: pd.Series = late - early
    if base == "per cent":
        change = 100 * change / early
    return change - change.median() if base == "relative" else change


def _finding(before: Joined, after: Joined, change: pd.Series, base: Base) -> ChangeFinding:
    """Find who rose and fell: beyond error where errors are known, else by the bare figures; against others never by the bare ones."""
    since, until = label(before.period), label(after.period)
    known = change.notna()
    beyond = beyond_error(before, after, change.index, against_all=base == "relative")
    if beyond.known.any():
        tested = pd.Series(beyond.known, index=change.index)
        rose, fell = (pd.Series(side, index=change.index) for side in (beyond.rose, beyond.fell))
        unclear, unknown = codes_where(tested & ~rose & ~fell), codes_where(known & ~tested)
        return ChangeFinding(
            since,
            until,
            base,
            codes_where(rose),
            codes_where(fell),
            unclear,
            unknown,
            clear=True,
            false=beyond.false,
        )
    if base == "relative" or base in MONEY:
        ordered = change.dropna().sort_index()
        up, down = str(ordered.idxmax()), str(ordered.idxmin())
        return ChangeFinding(since, until, base, (), (), (), most_up=up, most_down=down)
    rose, fell = change > 0, change < 0
    return ChangeFinding(since, until, base, codes_where(rose), codes_where(fell), codes_where(known & ~rose & ~fell))


def _note(before: Joined, after: Joined, base: Base) -> str:
    """Say whether what happened everywhere can show."""
    if base == "absolute":
        found = base_of_two(before, after).base
        return say(
            {"fixed": "change.note-absolute", "relative": "warning.base-relative"}.get(found, "change.note-not-known")
        )
    return say(f"change.note-{WORDED[base]}")
