"""A study in plain words: how much pattern there is, what it owes to our choices, and what the survey cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.clusters import single_areas, true_clusters
from analysis.robustness import codes_by_class
from boundaries.outcomes.periods import label
from boundaries.vocabulary import number_words, p_words, phrase, policy_words, share_words
from geo.errors import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.study import Study

LISTED = ("core", "contested")
"""Robustness classes whose areas are named one by one."""

NAMED = 60
"""A list of names is cut after so many."""


def summary_lines(study: Study) -> list[str]:
    """Say in sentences what a study found.

    Returns
    -------
    list
        The whole map, the classes with their cut-off, clusters under each choice of neighbours, core and contested areas by
        name, how many areas are low, high and neither (or that nobody can know), and what extensions added.
    """
    added = [addition.line() for addition in (*study.extra, *study.ground.covariates)]
    return [*_whole_map(study), *_classes(study), *_choices(study), *_doubt(study), *added]


def summary_numbers(study: Study) -> dict[str, Any]:
    """Return the same as JSON-able numbers and codes: ``classes threshold by_weights core contested levels extra``."""
    grid = study.robustness
    named = {} if grid is None else codes_by_class(grid, LISTED)
    return {
        "global_moran": {"i": study.moran.statistic, "z": study.moran.z, "p": study.moran.p, "n": study.moran.n},
        "classes": study.local.counts(),
        "threshold": study.local.parameters["threshold"],
        "cutoff": study.local.parameters["cutoff"],
        "k_star": study.local.parameters["k_star"],
        "permutations": study.local.parameters["permutations"],
        "by_weights": [] if grid is None else grid.table.to_dict(orient="records"),
        **{
            name: {direction: list(named.get(f"{name} {direction}", ())) for direction in ("low", "high")}
            for name in LISTED
        },
        "levels": dict(study.levels.counts.items()),
        "extra": {added.name: added.numbers() or added.counts() for added in study.extra},
    }


def _whole_map(study: Study) -> list[str]:
    moran, period = study.moran, study.joined.period
    when = f", {label(period)}" if period else ""
    return [
        f"{study.joined.meta.title}{when}: {moran.n} areas tested.",
        (
            f"Moran's I is {number_words(moran.statistic, 3)} (z = {number_words(moran.z, 1)}, {p_words(moran.p)}); chance alone gives "
            f"{number_words(moran.expectation, 3)}."
        ),
    ]


def _classes(study: Study) -> list[str]:
    found = study.local.parameters
    counts = ", ".join(f"{count} {name}" for name, count in study.local.counts().items() if count)
    unit = study.joined.meta.unit
    mean = f"£{found['threshold']:,.4g}" if unit == "£" else f"{found['threshold']:,.4g} {unit}".strip()
    cut = (
        "no p is small enough to name an area"
        if found["cutoff"] is None
        else f"areas are named up to p = {_plain(found['cutoff'])}"
    )
    needed = found["k_star"]
    together = (
        ""
        if needed is None
        else f" {needed} area{'s' if needed != 1 else ''} must reach the smallest possible p together before any can be named."
    )
    how = (
        f"{found['permutations']:,} conditional permutations, {found['alternative']} p, "
        f"{phrase('correction.' + found['correction'], 'sentence')} at {share_words(found['alpha'])}"
    )
    return [
        f"Neighbours by {policy_words(found['weights'])}: {counts}.",
        f"Low means below {mean}, the mean of the areas tested; {found['below']:.0%} of them are.",
        *_groups(study),
        f"{how[:1].upper()}{how[1:]}: {cut}.{together} Seed {found['seed']}.",
    ]


def _plain(p: float) -> str:
    """Write a small number out: ``0.00002``."""
    return f"{p:.6f}".rstrip("0") if p >= 1e-6 else f"{p:.1e}"


def _groups(study: Study) -> list[str]:
    """Count clusters and, apart from them, areas by themselves; name members across the median."""
    groups, alone = true_clusters(study.clusters), single_areas(study.clusters)
    if not study.clusters:
        return []
    members = sum(len(group) for group in groups)
    across = [name for group in study.clusters for name in group.across_median]
    lines = [f"Clusters: {len(groups)}, of {members} areas in all; single areas: {len(alone)}."]
    if across:
        lines.append(f"Low but above the median of the areas tested, or high but below it: {_named(across)}.")
    return lines


def _choices(study: Study) -> list[str]:
    if study.robustness is None:
        return ["Other choices of neighbours were not tried: how far the clusters depend on them is not known."]
    names = study.joined.boundaries.frame.set_index("code")["name"]
    found = codes_by_class(study.robustness, LISTED)
    lines = study.robustness.lines()
    for level in (f"{name} {direction}" for direction in ("low", "high") for name in LISTED):
        codes = found.get(level, ())
        lines.append(f"{level.capitalize()} ({len(codes)}): {_named(names[list(codes)])}.")
    return lines


def _named(names: Iterable[str]) -> str:
    """Name areas as long as one can read the list; of small areas there may be hundreds, which stand in ``areas.csv``."""
    return listed(names, limit=NAMED) or "none"


def _few(expected: float) -> str:
    return "fewer than 0.1" if expected < 0.05 else f"about {expected:.1f}"


def _doubt(study: Study) -> list[str]:
    counts = study.levels.counts
    if not counts["ranked"]:
        return ["The publisher gives no uncertainty for this outcome: how sure each value is, is not known."]
    false = counts["false_low"] + counts["false_high"]
    lines = [
        (
            f"Against {study.average.label}: {counts['low']:,} low, {counts['high']:,} high, {counts['not_clear']:,} cannot be "
            f"distinguished from it; {_few(false)} of those named are expected to be there wrongly."
        )
    ]
    if counts["error_unknown"]:
        lines.append(f"The error of {counts['error_unknown']:,} figures is not known.")
    if "below" in counts:
        lines.append(
            f"By single intervals {counts['below']:,.0f} lie below and {counts['above']:,.0f} above "
            f"({counts['by_chance']:.0f} would by chance); corrected for looking at all of them {counts['bh_below']:,.0f} and "
            f"{counts['bh_above']:,.0f}."
        )
    if study.posterior is not None:
        lines += [
            f"{name}: {row.reported:.0f} areas as published; {row.expected:.0f} once errors are allowed for "
            f"({row.lower:.0f} to {row.upper:.0f})."
            for name, row in study.posterior.counts.iterrows()
            if name in ("low-low", "high-high")
        ]
    return lines
