"""Findings as JSON-able data, and back."""

from __future__ import annotations

import math
from dataclasses import asdict, fields
from typing import Any

from maps.findings.changes import ChangeFinding
from maps.findings.clusters import ClustersFinding, Group
from maps.findings.larger import LargerFinding
from maps.findings.levels import BandTally, DoubtFinding, LevelsFinding, Reference, StandingFinding, Tally
from maps.findings.outliers import BesideFinding, OutliersFinding
from maps.findings.pattern import AlikeFinding, PatternFinding, RobustnessFinding
from maps.findings.places import KindsFinding, PairFinding, SeriesFinding, ShareFinding, TypeFinding, WidthFinding
from maps.findings.spread import EndsFinding, Figure, RangeFinding

Pictured = (
    BesideFinding
    | ChangeFinding
    | ClustersFinding
    | DoubtFinding
    | KindsFinding
    | LargerFinding
    | LevelsFinding
    | OutliersFinding
    | PairFinding
    | PatternFinding
    | RangeFinding
    | RobustnessFinding
    | SeriesFinding
    | ShareFinding
    | WidthFinding
)
"""What a map can show; each can be cut to a region, to None where its parts are not known."""

Finding = Pictured | AlikeFinding | EndsFinding | StandingFinding | TypeFinding

RECORDS: dict[str, type[Any]] = {
    record.__name__: record
    for record in (
        *(
            AlikeFinding,
            BesideFinding,
            ChangeFinding,
            ClustersFinding,
            DoubtFinding,
            EndsFinding,
            KindsFinding,
            LargerFinding,
            LevelsFinding,
        ),
        *(
            OutliersFinding,
            PairFinding,
            PatternFinding,
            RangeFinding,
            RobustnessFinding,
            SeriesFinding,
            ShareFinding,
            StandingFinding,
            TypeFinding,
        ),
        *(WidthFinding, Reference, Figure, Tally, BandTally, Group),
    )
}

NESTED: dict[str, type[Any]] = {
    "reference": Reference,
    "lowest": Figure,
    "highest": Figure,
    "here": LevelsFinding,
    "levels": LevelsFinding,
    "nation_tally": Tally,
    "whole_tally": Tally,
    "banded": BandTally,
    "groups": Group,
}
"""Fields that hold records of their own, where they hold a table."""


def written(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON-able data that says which record it is; what is not known is null."""
    return {"record": type(finding).__name__, **_plain(asdict(finding))}


def finding_from(data: dict[str, Any]) -> Any:
    """Return the record that ``written`` wrote."""
    rest = {name: value for name, value in data.items() if name != "record"}
    return _revived(RECORDS[data["record"]], rest)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _revived(record: type[Any], data: dict[str, Any]) -> Any:
    numbers = {field.name for field in fields(record) if field.type == "float"}
    made: dict[str, Any] = {}
    for name, value in data.items():
        if name in NESTED and isinstance(value, dict):
            made[name] = _revived(NESTED[name], value)
        elif name in NESTED and isinstance(value, list):
            made[name] = tuple(_revived(NESTED[name], inner) for inner in value)
        elif isinstance(value, list):
            made[name] = tuple(tuple(inner) if isinstance(inner, list) else inner for inner in value)
        else:
            made[name] = math.nan if value is None and name in numbers else value
    return record(**made)
