"""An outcome made of others as a configuration writes it: ``derive = "ratio(jobs, residents)"``."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from boundaries.outcomes.derived import change, difference, gap, per_head, ratio
from boundaries.outcomes.standardising import standardised
from geo.errors import ConfigError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boundaries.outcomes.table import OutcomeTable

_CALL = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)
_ARGUMENT = re.compile(r'\s*(?:(\w+)\s*=\s*)?(?:"([^"]*)"|([^\s",=()]+))\s*(?:,|$)')
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Kind = Literal["text", "number", "truth"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to make an outcome of others.

    Parameters
    ----------
    parts : how many outcomes it takes. options : keyword → what it must be. needed : keywords that must be given.
    """

    parts: int
    options: Mapping[str, Kind] = field(default_factory=dict)
    needed: tuple[str, ...] = ()


RULES: Final[Mapping[str, Rule]] = {
    "ratio": Rule(2, {"per": "number"}),
    "per_head": Rule(2, {"per": "number"}),
    "difference": Rule(2),
    "gap": Rule(1, {"breakdown": "text", "of": "text", "minus": "text"}, ("breakdown", "of", "minus")),
    "change": Rule(1, {"frm": "text", "to": "text", "relative": "truth"}, ("frm", "to")),
    "standardised": Rule(1, {"base_period": "text"}),
}
"""Names that may be written, and what each takes."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A call taken apart: its rule, the ids of its parts, its options."""

    rule: str
    parts: tuple[str, ...]
    options: Mapping[str, str | float | bool] = field(default_factory=dict)


def parse_derivation(text: str) -> Derivation:
    """Take a call apart and check it against its rule.

    Parameters
    ----------
    text : ``rule(id, …, option = value)``; texts with spaces in double quotes, numbers plain, truths ``true`` or ``false``.

    Raises
    ------
    ConfigError
        Anything that is not such a call, every fault at once.

    Examples
    --------
    >>> parse_derivation('gap(pay, breakdown = sex, of = "All men", minus = Female)').options["of"]
    'All men'
    >>> parse_derivation("ratio(jobs, residents, per = 1000)")
    Derivation(rule='ratio', parts=('jobs', 'residents'), options={'per': 1000.0})
    """
    call = _CALL.fullmatch(text)
    if call is None:
        raise ConfigError(
            f"derive = '{text}' is no call", ['write a rule and ids, for example "ratio(jobs, residents)"']
        )
    name, inside = call[1], call[2]
    if name not in RULES:
        near = difflib.get_close_matches(name, RULES, n=1)
        hint = [f"did you mean '{near[0]}'?"] if near else []
        raise ConfigError(f"derive = '{text}': there is no rule '{name}'", [*hint, f"rules: {', '.join(RULES)}"])
    parts, options, faults = _arguments(inside, RULES[name])
    if len(parts) != RULES[name].parts:
        faults.append(
            f"{name} takes {RULES[name].parts} outcome{'s' if RULES[name].parts > 1 else ''}, found {len(parts)}"
        )
    faults += [f"{name} needs {key} = …" for key in RULES[name].needed if key not in options]
    if faults:
        raise ConfigError(f"derive = '{text}' cannot be understood", faults)
    return Derivation(name, tuple(parts), options)


def _arguments(inside: str, rule: Rule) -> tuple[list[str], dict[str, str | float | bool], list[str]]:
    parts: list[str] = []
    options: dict[str, str | float | bool] = {}
    faults: list[str] = []
    at = 0
    while at < len(inside):
        found = _ARGUMENT.match(inside, at)
        if found is None:
            faults.append(f"'{inside[at:].strip()}' is no id and no option = value")
            break
        at = found.end()
        key, value = found[1], found[2] if found[2] is not None else found[3]
        if key is None:
            parts.append(value)
            if not _SLUG.fullmatch(value):
                faults.append(f"'{value}' is no id of an outcome")
        elif key not in rule.options:
            faults.append(f"there is no option '{key}'; it takes {listed(rule.options) or 'none'}")
        else:
            try:
                options[key] = _read(value, rule.options[key])
            except ValueError:
                faults.append(f"{key} = {value} is no {rule.options[key]}")
    return parts, options, faults


def _read(text: str, kind: Kind) -> str | float | bool:
    if kind == "text":
        return text
    if kind == "number":
        return float(text)
    if text not in {"true", "false"}:
        raise ValueError(text)
    return text == "true"


def derive(text: str, tables: Mapping[str, OutcomeTable], *, name: str, **meaning: Any) -> OutcomeTable:
    """Make the outcome that a call describes.

    Parameters
    ----------
    text : as of ``parse_derivation``. tables : outcomes by id, of one date of codes.
    name : id of the result.
    meaning : fields of OutcomeMeta that overrule what follows from the parts (title, unit, favourable …); None counts as
        not given.

    Raises
    ------
    ConfigError
        A call that is none, or of outcomes that are not there.
    TableError
        Parts that cannot be combined.
    """
    call = parse_derivation(text)
    absent = [part for part in call.parts if part not in tables]
    if absent:
        raise ConfigError(
            f"derive = '{text}' needs outcomes that are not there: {listed(absent)}",
            [f"outcomes before it: {listed(tables) or 'none'}"],
        )
    made = _COMPUTE[call.rule]([tables[part] for part in call.parts], name, dict(call.options))
    stated = {key: given for key, given in meaning.items() if given is not None}
    return replace(made, meta=replace(made.meta, id=name, **stated))


def _ratio(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    above, below = parts
    per = options.get("per", 1.0)
    title = f"{above.meta.title} by {below.meta.title.lower()}"
    unit = {1.0: "ratio", 100.0: "%"}.get(per, f"per {per:,.0f}")
    return ratio(above, below, name=name, title=title, per=per, unit=unit, favourable=above.meta.favourable)


def _per_head(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    return per_head(*parts, name=name, **options)


def _difference(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    return difference(*parts, name=name, **options)


def _gap(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    return gap(*parts, name=name, **options)


def _change(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    return change(*parts, name=name, **options)


def _standardised(parts: list[OutcomeTable], name: str, options: dict[str, Any]) -> OutcomeTable:
    del name  # the caller names the result
    return standardised(*parts, **options)


_COMPUTE: Final[Mapping[str, Callable[[list[OutcomeTable], str, dict[str, Any]], OutcomeTable]]] = {
    "ratio": _ratio,
    "per_head": _per_head,
    "difference": _difference,
    "gap": _gap,
    "change": _change,
    "standardised": _standardised,
}
