"""JSON schemas of the files that placeatlas reads and writes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from geo.errors import ConfigError
from maps.atlas.config import AtlasConfig
from maps.atlas.manifest import Manifest

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReceiptFile(BaseModel):
    """What ``Receipt.to_dict`` writes: what happened to every row of an outcome table."""

    model_config = ConfigDict(extra="forbid")

    outcome: str
    geography: str
    date: str
    period: str
    fates: dict[str, int]
    statements: list[str]
    details: list[dict[str, str]]
    sources: list[dict[str, Any]]


SCHEMAS: Mapping[str, type[BaseModel]] = {"config": AtlasConfig, "manifest": Manifest, "receipt": ReceiptFile}


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON schema of ``config``, ``manifest`` or ``receipt``.

    Raises
    ------
    ConfigError
        Another name.
    """
    if name not in SCHEMAS:
        near = difflib.get_close_matches(name, SCHEMAS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"schemas: {', '.join(SCHEMAS)}"
        raise ConfigError(f"there is no schema '{name}'", [hint])
    return SCHEMAS[name].model_json_schema(by_alias=True)
