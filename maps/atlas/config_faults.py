"""What is wrong with a configuration, in words: every fault at once, unknown keys with the nearest that exists."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from geo.validation import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError


def faults_of(error: ValidationError, whole: type[BaseModel]) -> list[str]:
    """Return every fault that was found in a configuration, a line each; ``whole`` is the model of it."""
    found_faults = error.errors()
    within = {fault["loc"][0] for fault in found_faults if len(fault["loc"]) > 1}
    faults = []
    for fault in found_faults:
        if fault["type"] == "too_short" and fault["loc"][0] in within:
            continue  # entries that were refused for their own faults are not missing
        where = [str(step) for step in fault["loc"]]
        if fault["type"] == "extra_forbidden":
            known = _keys_at(where[:-1], whole)
            near = difflib.get_close_matches(where[-1], known, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"keys here: {', '.join(sorted(known))}"
            faults.append(f"unknown key '{'.'.join(where)}': {hint}")
        else:
            plain = fault["type"] == "missing" or (fault["type"] == "value_error" and not where)
            found = "" if plain else f" (found {fault['input']!r:.60})"
            faults.append(f"{'.'.join(where) or 'the whole'}: {'; '.join(words_of(fault))}{found}")
    return faults


def _keys_at(where: list[str], whole: type[BaseModel]) -> list[str]:
    """Return the keys that may stand at a place of the configuration."""
    model = whole
    for step in where:
        if step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    extra = ["outcomes"] if model is whole else []
    return [field.alias or name for name, field in model.model_fields.items()] + extra


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the parts that a key may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
