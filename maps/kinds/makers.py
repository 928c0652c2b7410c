"""From a subject to a spec, one function a kind of map: what ``maps.kinds.table`` names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.change import base_of_two, is_money
from analysis.typology.definitions import DEFAULT_DEFINITIONS
from analysis.typology.own_types import definitions_named
from boundaries.vocabulary import policy_words
from maps.findings import alone_in, firm_in, study_levels
from maps.kinds.bivariate import spec_bivariate
from maps.kinds.change import spec_change
from maps.kinds.choropleth import spec_choropleth
from maps.kinds.cluster_types import spec_cluster_types
from maps.kinds.hex import spec_hex
from maps.kinds.hubs import among_high, spec_beside, spec_outliers
from maps.kinds.labels import spec_clusters
from maps.kinds.levels import spec_levels
from maps.kinds.lisa import spec_classes
from maps.kinds.multiples import spec_multiples
from maps.kinds.probability import spec_probability
from maps.kinds.robustness import spec_robustness
from maps.kinds.subject import own_kinds
from maps.kinds.symbols import spec_symbols
from maps.kinds.typology import TYPES, spec_typology
from maps.kinds.uncertainty import spec_interval_width, spec_uncertainty
from maps.kinds.warning import spec_warning
from maps.words import format_count, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypedDict, TypeVar

    from analysis.study import Study
    from analysis.typology.definitions import Typology
    from maps.findings.changes import Base
    from maps.kinds.subject import Subject
    from maps.look.scales import Scheme
    from maps.spec import MapSpec

    Thing = TypeVar("Thing")

    class Classes(TypedDict, total=False):
        """How values are put in classes."""

        scheme: Scheme
        breaks: Sequence[float]
        labels: Sequence[str] | None


def choropleth(subject: Subject) -> MapSpec:
    """Describe values in classes; of a studied outcome the title counts its levels, as every other answer does."""
    known = None if subject.study is None else study_levels(subject.study)
    return spec_choropleth(subject.joined, average=subject.average, levels=known, **_classes_of(subject))


def _classes_of(subject: Subject) -> Classes:
    """Return how values are put in classes: in the bands that were stated, else by a scheme."""
    if subject.breaks:
        return {"scheme": "user", "breaks": subject.breaks, "labels": subject.labels or None}
    return {"scheme": subject.scheme}


def clusters(subject: Subject) -> MapSpec:
    """Describe the classes of local Moran."""
    study = subject.studied
    return spec_classes(study.joined, study.local, alone=alone_in(study), firm=firm_in(study))


def hotspots(subject: Subject) -> MapSpec:
    """Describe the classes of Gi*."""
    return spec_classes(subject.joined, subject.studied.hotspots, statistic="gi")


def labels(subject: Subject) -> MapSpec:
    """Describe the groups that touch, outlined and named."""
    study = subject.studied
    return spec_clusters(study.joined, study.local, study.clusters, firm=firm_in(study))


def robustness(subject: Subject) -> MapSpec:
    """Describe how robust the unfavourable clusters are."""
    study = subject.studied
    return spec_robustness(study.joined, unfavourable_levels(study), method=robustness_method(study))


def levels(subject: Subject) -> MapSpec:
    """Describe which areas are clearly below or above the average."""
    return spec_levels(subject.studied)


def probability(subject: Subject) -> MapSpec:
    """Describe how probable it is that each area is below the average."""
    return spec_probability(subject.studied)


def uncertainty(subject: Subject) -> MapSpec:
    """Describe what can be distinguished from the average."""
    known = None if subject.study is None else study_levels(subject.study)
    return spec_uncertainty(subject.joined, subject.average, levels=known)


def width(subject: Subject) -> MapSpec:
    """Describe how wide the published intervals are."""
    return spec_interval_width(subject.joined)


def typology(subject: Subject) -> MapSpec:
    """Describe the built-in kinds of place by the default definitions."""
    return _typology(subject, TYPES)


def types(subject: Subject) -> MapSpec:
    """Describe the kinds of place of one's own."""
    return _typology(subject, own_kinds(subject.studied))


def _typology(subject: Subject, kinds: Sequence[str]) -> MapSpec:
    study = subject.studied
    defaults: dict[str, Typology] = {}
    for rule in definitions_named((*DEFAULT_DEFINITIONS, *study.config.typologies)):
        defaults.setdefault(rule.dimension, rule)
    rules = [defaults[kind] for kind in kinds if kind in defaults]
    return spec_typology(
        study.joined.boundaries,
        study.ground.memberships,
        kinds=kinds,
        method="; ".join(dict.fromkeys(rule.title for rule in rules)),
        sources=tuple(dict.fromkeys(rule.source for rule in rules)),
        outcome=study.joined.meta.id,
    )


def cluster_types(subject: Subject) -> MapSpec:
    """Describe the kinds of place of the areas in clusters."""
    return spec_cluster_types(subject.studied)


def hexagons(subject: Subject) -> MapSpec:
    """Describe values on hexagons of equal size."""
    ready = _given(subject.hexagons, "hexagons")
    return spec_hex(subject.joined, ready, average=subject.average, **_classes_of(subject))


def symbols(subject: Subject) -> MapSpec:
    """Describe amounts as discs, in the colours of a second outcome where there is one."""
    return spec_symbols(subject.joined, subject.other, scheme=subject.scheme)


def change(subject: Subject) -> MapSpec:
    """Describe the change since an earlier period."""
    before = _given(subject.before, "earlier")
    after = subject.joined
    relative: Base = "relative" if base_of_two(before, after).base == "relative" else "absolute"
    # money over years is never shown bare
    base: Base = "national" if is_money(after.meta.unit) and after.meta.measure != "count" else relative
    return spec_change(before, after, base=base, scheme=subject.scheme)


def warning(subject: Subject) -> MapSpec:
    """Describe what is beyond the error of two periods."""
    return spec_warning(subject.joined, _given(subject.followed, "followed"))


def hubs(subject: Subject) -> MapSpec:
    """Describe the areas unlike their neighbours; those low on the outcome beside those high on a second one where there is one."""
    study = subject.studied
    if subject.other is not None:
        local = among_high(study, subject.other)
        return spec_beside(study.joined, subject.other, study.ground.weights, local)
    return spec_outliers(study.joined, study.local, study.ground.weights)


def multiples(subject: Subject) -> MapSpec:
    """Describe several periods side by side."""
    spec = spec_multiples(subject.series, scheme=subject.scheme)
    return replace(spec, notes=(*spec.notes, *subject.series_notes))


def bivariate(subject: Subject) -> MapSpec:
    """Describe two outcomes at once."""
    return spec_bivariate(subject.joined, _given(subject.other, "other"))


def robustness_method(study: Study) -> str:
    """Say how many areas lie in clusters by each choice of neighbours: fewest and most over the seeds."""
    table = _given(study.robustness, "robustness").table
    said = []
    for end, column in (("low", "low-low"), ("high", "high-high")):
        spans = [
            say("robustness.by", span=_span(runs[column]), policy=policy_words(str(policy)))
            for policy, runs in table.groupby("policy", sort=False)
        ]
        said.append(say(f"robustness.method-{end}", spans=", ".join(spans)))
    return say("method.both", first=said[0], second=said[1])


def _span(counts: pd.Series) -> str:
    low, high = format_count(int(counts.min())), format_count(int(counts.max()))
    return low if low == high else say("value.range", low=low, high=high)


def unfavourable_levels(study: Study) -> pd.DataFrame:
    """Return, by code, how robustly an area belongs to a cluster of the unfavourable end (the low end where neither is good)."""
    frame = _given(study.robustness, "robustness").frame
    end = "high" if study.joined.meta.favourable == "low" else "low"
    other_way = frame["class"].isin(["core", "probable", "contested"]) & (frame["direction"] != end)
    return pd.DataFrame({"class": frame["class"].mask(other_way, "none")})


def _given(thing: Thing | None, need: str) -> Thing:
    if thing is None:
        raise ValueError(f"a kind that takes this must need '{need}'")
    return thing
