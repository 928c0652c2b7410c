"""Groups of areas that touch, and areas that are alone in their class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from maps.findings.cutting import Codes, kept

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from analysis.clusters import Cluster


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its name, members, mean, the kind of place most residents live in ("" where none), members beyond the median."""

    id: str
    name: str
    direction: Literal["low", "high"]
    codes: Codes
    mean: float
    mostly: str
    across_median: int

    @property
    def single(self) -> bool:
        """Whether it is one area alone: no cluster."""
        return len(self.codes) == 1


@dataclass(frozen=True, slots=True)
class ClustersFinding:
    """Every group of both ends, the largest first, among ``tested`` areas."""

    groups: tuple[Group, ...]
    tested: int

    def of(self, direction: str) -> tuple[Group, ...]:
        """Return the groups of one end."""
        return tuple(one for one in self.groups if one.direction == direction)

    def within(self, codes: Collection[str]) -> ClustersFinding:
        """Return the groups that reach into a region, each with its whole name and only its members there."""
        inside = [replace(one, codes=kept(one.codes, codes)) for one in self.groups]
        return replace(self, groups=tuple(one for one in inside if one.codes))


def clusters_of(clusters: Sequence[Cluster], tested: int) -> ClustersFinding:
    """Return the record of clusters among so many tested areas."""
    ranked = sorted(clusters, key=lambda one: (-len(one.codes), one.id))
    groups = tuple(
        Group(
            one.id,
            one.name,
            one.direction,
            one.codes,
            one.mean_value,
            "" if one.dominant_type in {"mixed", "none of the three"} else one.dominant_type,
            len(one.across_median),
        )
        for one in ranked
    )
    return ClustersFinding(groups, tested)
