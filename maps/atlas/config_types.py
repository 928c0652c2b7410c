"""Kinds of words in a configuration: formats, tiers, schemes, slugs, kinds of map, one line or several."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from geo.work import workers_of
from maps.kinds.table import kind_names, unknown_words

Format = Literal["png", "svg", "pdf"]
Scheme = Literal["quantile", "fisher-jenks", "equal", "std", "headtail", "boxplot", "published"]
"""How values are put in classes; ``published``: in the bands that the source gives beside its values."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _known_kind(name: str) -> str:
    names = kind_names("atlas")
    if name not in names:
        raise ValueError(f"there is no kind of map '{name}': {unknown_words(name, names)}")
    return name


def _one_or_several(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _listing_kinds(told: dict[str, Any]) -> None:
    told["enum"] = [*kind_names("atlas")]


Kind = Annotated[str, AfterValidator(_known_kind), Field(json_schema_extra=_listing_kinds)]
"""A kind of map or chart, by the name that ``maps.kinds.table`` has for it."""
Lines = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]
"""One line, or several."""
Hands = Annotated[int | str, AfterValidator(workers_of)]
"""Workers: a number of processes, or the address of a scheduler."""
