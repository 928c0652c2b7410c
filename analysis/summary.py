"""A study in plain words: how much pattern there is, what it owes to our choices, and what the survey cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.robustness import codes_by_class

if TYPE_CHECKING:
    from analysis.study import Study

LISTED = ("core", "contested")
"""Robustness classes whose areas are named one by one."""


def summary_lines(study: Study) -> list[str]:
    """Say in sentences what a study found.

    Returns
    -------
    list
        The whole map, the classes with their cut-off, clusters under each choice of neighbours, core and contested areas by
        name, how many areas cannot be told from the average (or that nobody can know), and what extensions added.
    """
    added = [addition.line() for addition in (*study.extra, *study.ground.layers)]
    return [*_whole_map(study), *_classes(study), *_choices(study), *_doubt(study), *added]


def summary_numbers(study: Study) -> dict[str, Any]:
    """Return the same as JSON-able numbers and codes: ``classes by_weights core contested not_told with_interval extra``."""
    grid = study.robustness
    named = {} if grid is None else codes_by_class(grid, LISTED)
    return {
        "global_moran": {"i": study.moran.statistic, "z": study.moran.z, "p": study.moran.p, "n": study.moran.n},
        "classes": study.local.counts(),
        "cutoff": study.local.parameters["cutoff"],
        "k_star": study.local.parameters["k_star"],
        "permutations": study.local.parameters["permutations"],
        "by_weights": [] if grid is None else grid.table.to_dict(orient="records"),
        **{
            name: {direction: list(named.get(f"{name} {direction}", ())) for direction in ("low", "high")}
            for name in LISTED
        },
        "not_told": None if study.uncertainty is None else study.uncertainty.not_told,
        "with_interval": 0 if study.uncertainty is None else study.uncertainty.with_interval,
        "extra": {addition.name: addition.counts() for addition in study.extra},
    }


def _whole_map(study: Study) -> list[str]:
    moran = study.moran
    return [
        f"{study.joined.meta.title}, {study.joined.period}: {moran.n} areas tested.",
        f"Moran's I is {moran.statistic:.3f} (z {moran.z:.1f}, p {moran.p:.2g}); chance alone gives {moran.expectation:.3f}.",
    ]


def _classes(study: Study) -> list[str]:
    found = study.local.parameters
    counts = ", ".join(f"{count} {name}" for name, count in study.local.counts().items() if count)
    cut = "no p is small enough" if found["cutoff"] is None else f"cut-off p {found['cutoff']:.2g}"
    how = f"{found['permutations']:,} permutations, {found['alternative']}, {found['correction']} at {found['alpha']:g}"
    return [
        f"Classes under {found['weights']}: {counts}.",
        f"{how}: {cut}, k* {found['k_star']}, seed {found['seed']}.",
    ]


def _choices(study: Study) -> list[str]:
    if study.robustness is None:
        return ["Other choices of neighbours were not tried: how far the clusters depend on them is not known."]
    names = study.joined.boundaries.frame.set_index("code")["name"]
    found = codes_by_class(study.robustness, LISTED)
    lines = study.robustness.lines()
    for label in (f"{name} {direction}" for direction in ("low", "high") for name in LISTED):
        codes = found.get(label, ())
        lines.append(f"{label.capitalize()} ({len(codes)}): {', '.join(names[list(codes)]) if codes else 'none'}.")
    return lines


def _doubt(study: Study) -> list[str]:
    if study.uncertainty is None:
        return ["The publisher gives no uncertainty for this outcome: how sure each value is, is not known."]
    return study.uncertainty.lines()
