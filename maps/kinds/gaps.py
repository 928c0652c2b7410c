"""The gap of each kind of place by its default definition, as far as it could be tested of an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.association import Association
    from analysis.study import Study


def tested_gaps(study: Study) -> dict[str, Association]:
    """Return kind of place → association by its first definition, estimated alone, where it could be tested in the outcome's unit."""
    found: dict[str, Association] = {}
    for one in study.associations:
        if one.estimated == "alone" and one.type not in found:
            found[one.type] = one
    return {kind: one for kind, one in found.items() if not one.reason and one.scale == "value"}
