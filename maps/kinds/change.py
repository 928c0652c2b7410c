"""A map of change between two periods of one outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.change import base_of_two, beyond_error
from boundaries.outcomes.periods import label
from geo.errors import MapError
from maps.findings import ChangeFinding
from maps.findings.cutting import codes_where
from maps.kinds import captions
from maps.kinds.bivariate import same_areas
from maps.kinds.choropleth import scale_assignment, scale_classes
from maps.look.scales import classify
from maps.slugs import slug
from maps.spec import MapSpec
from maps.words import POINTS, Topic, counted, difference_unit, direction_words, format_difference, say
from maps.words.findings import finding_title
from maps.words.findings.changes import change_sure

if TYPE_CHECKING:
    from boundaries.joined import Joined
    from maps.findings.changes import Base
    from maps.look.scales import Scheme

WORDED: dict[Base, str] = {"absolute": "absolute", "relative": "relative", "per cent": "per-cent"}
"""Ends of the keys of phrases that differ by base."""


def spec_change(
    before: Joined, after: Joined, *, base: Base = "absolute", scheme: Scheme = "quantile", k: int = 5
) -> MapSpec:
    """Describe a map of change between two periods of one outcome.

    Parameters
    ----------
    base : ``absolute`` (a fixed base: the later value less the earlier), ``per cent`` (of the earlier value), or ``relative``
        (the change less the median area's, so that half the areas gain).

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
    change = _changes(before, after, codes, base)
    unit = "%" if base == "per cent" else difference_unit(meta.unit)
    scale = classify(change, scheme=scheme, k=k, unit=unit, favourable=meta.favourable, centre=0.0)
    classes = scale_classes(scale, int(change.isna().sum()))
    finding = _finding(before, after, change, base)
    topic = Topic.of(after)
    title = finding_title(finding, topic)
    since, until = finding.since, finding.until
    how = say(f"change.measure-{WORDED[base]}", since=since, until=until)
    # the legend says "percentage points" once; figures in tables go without
    bare = "" if unit == POINTS else unit
    moved = replace(topic, unit=bare, decimals=None if base == "per cent" else topic.decimals)
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
        tables=captions.ends_tables(change, moved),
        notes=(_note(before, after, base), direction_words(meta.favourable)),
        coverage=captions.coverage_notes(after),
        finding=finding,
        method=scale.words(say("change.none")),
        sources=(meta.source,),
        alt=say("change.alt", whole=counted(len(change)), title=title),
        description=captions.description(title, classes, change, moved),
        values=_values(after, change, replace(moved, unit=unit)),
        **captions.drawn_on(after.boundaries),
    )


def _values(after: Joined, change: pd.Series, moved: Topic) -> dict[str, str]:
    """Return change and later value as printed, by code."""
    texts = captions.area_texts(after)
    return {
        code: say(
            "change.value", change=format_difference(value, moved.unit, decimals=moved.decimals), value=texts[code]
        )
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
    if base == "relative":
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
