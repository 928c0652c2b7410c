"""The parameters of a run as the method page prints them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from analysis.typology.membership import DEFAULT_DEFINITIONS, agreement, load_typology
from boundaries.outcomes.periods import label
from boundaries.vocabulary import nation_words
from geo.crs import UK_EQUAL_AREA_NAME
from maps.findings import AlikeFinding, reference_of
from maps.kinds.lisa import low_means
from maps.site import Method, OutcomeMethod, RulesCompared, TypologyRule
from maps.words import Topic, counted, format_date, format_number, say
from maps.words.findings import alike_details, reference_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.study import Ground, Study
    from maps.atlas.whole import Atlas


def methods_of(atlas: Atlas) -> tuple[Method, ...]:
    """Return the parameters of a run, one entry a geography: its areas, its neighbours and the outcomes that stand on it."""
    return tuple(_method_on(atlas, geography) for geography in atlas.grounds)


def _method_on(atlas: Atlas, geography: str) -> Method:
    ground, studies, config = atlas.grounds[geography], atlas.studies_on(geography), atlas.how
    boundaries, weights = ground.boundaries, ground.weights
    names = dict(zip(boundaries.frame["code"], boundaries.frame["name"], strict=True))
    return Method(
        geography=boundaries.geography,
        date=format_date(boundaries.date),
        areas=len(boundaries),
        weights=config.weights,
        alternatives=config.against if config.robust else (),
        isolates=tuple(names[code] for code in weights.audit.isolates),
        components=len(weights.audit.components),
        sea_links=tuple(f"{names[one]} and {names[two]}: {why}" for one, two, why in weights.audit.sea_links),
        permutations=max(int(study.local.parameters["permutations"]) for study in studies),
        alpha=config.alpha,
        seed=config.seed,
        correction=config.correction,
        typologies=tuple(_rules(ground)),
        approximate={names[code]: "; ".join(why) for code, why in boundaries.approximate.items()},
        projection=UK_EQUAL_AREA_NAME,
        outcomes=tuple(_method(study) for study in studies),
        agreements=tuple(_agreements(ground)),
    )


def _rules(ground: Ground) -> list[TypologyRule]:
    members = ground.memberships
    rules = []
    for name in DEFAULT_DEFINITIONS:
        rule = load_typology(name)
        default = rule.column == f"{rule.dimension}__{rule.id}" and rule.dimension in members
        label = rule.dimension if default else rule.column
        count = int((members[rule.column] == "yes").sum()) if rule.column in members else 0
        rules.append(TypologyRule(label, rule.title, rule.source.title, nation_words(rule.nations), count))
    return rules


def _agreements(ground: Ground) -> Iterator[RulesCompared]:
    """Yield how far every two definitions of a kind of place agree; the clearer a kind, the nearer kappa to 1."""
    for row in agreement(ground.memberships).to_dict("records"):
        yield RulesCompared(
            row["dimension"],
            row["first"],
            row["second"],
            row["both_yes"],
            row["first_only"],
            row["second_only"],
            row["both_no"],
            "–" if math.isnan(row["kappa"]) else format_number(row["kappa"], decimals=2),
        )


def _method(study: Study) -> OutcomeMethod:
    meta, frame = study.joined.meta, study.joined.frame
    known = int(frame["lower"].notna().sum())
    uncertainty = say("method.error-known", whole=counted(known)) if known else say("method.error-unknown")
    topic, reference = Topic.of(study.joined), reference_of(study.joined, study.average)
    k_star = study.local.parameters.get("k_star")
    untested = study.local.frame.index[study.local.frame["class"] == "not-testable"]
    alone = untested.difference(list(study.ground.weights.audit.isolates), sort=False)
    return OutcomeMethod(
        title=meta.title,
        measure=meta.measure,
        unit=meta.unit,
        period=label(study.joined.period),
        nations=nation_words(meta.nations),
        place_basis=meta.place_basis,
        source=meta.source.title,
        m=int(study.local.frame["testable"].sum()),
        k_star=int(k_star) if k_star is not None else None,
        average=reference_words(reference, topic),
        uncertainty=uncertainty,
        notes=tuple(study.joined.receipt.statements),
        low=low_means(study.joined, study.local),
        alike=alike_details(AlikeFinding.of(study.moran, alpha=study.config.alpha)),
        untestable=tuple(frame["name"][alone]),
    )
