"""The gap of each kind of place by its default definition, as far as it could be tested of an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.typology.membership import DEFAULT_DEFINITIONS, load_typology

if TYPE_CHECKING:
    from analysis.association import Association
    from analysis.study import Study


def tested_gaps(study: Study) -> dict[str, Association]:
    """Return dimension → association, of the first definition of each dimension, where that could be tested."""
    by_kind = {one.kind: one for one in study.associations}
    first: dict[str, str] = {}
    for rule in map(load_typology, DEFAULT_DEFINITIONS):
        first.setdefault(rule.dimension, rule.column)
    return {dimension: by_kind[column] for dimension, column in first.items() if column in by_kind}
