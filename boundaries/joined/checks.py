"""What a check found, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from boundaries.dating.vintages import Inference, PeriodVintage, describe
from boundaries.outcomes.periods import in_order, readable
from boundaries.vocabulary import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NO_PERIOD = "(no period)"
"""The period of a table that has none."""

_KINDS = {
    "table": "{rows:,} rows; {columns}",
    "layer": "a layer of areas, {rows:,} shapes",
    "build": "a finished build, {rows:,} files",
}
_VERDICTS = {
    "table": ("nothing would be lost or doubled by a join", "a join would lose or double rows"),
    "layer": ("it can be used as it is", "it cannot be used as it is"),
    "build": ("it is as it was written", "it is not as it was written"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """What a file holds.

    ``roles`` says which column was taken for what; ``repairs`` counts what was mended; ``tried`` says what came of the join,
    nothing where it was refused. ``kind`` is "table", "layer" or "build".
    """

    file: str
    rows: int
    roles: Mapping[str, str]
    repairs: Mapping[str, int]
    inference: Inference
    tried: tuple[str, ...] = ()
    kind: str = "table"

    def __repr__(self) -> str:
        """Return the report."""
        return "\n".join(report(self))

    def _repr_html_(self) -> str:
        """Show the report in a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    @property
    def sound(self) -> bool:
        """Say whether a join would neither lose nor double anything."""
        return not self.inference.faults

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON-able data."""
        return {
            "file": self.file,
            "kind": self.kind,
            "rows": self.rows,
            "columns": dict(self.roles),
            "repairs": dict(self.repairs),
            **self.inference.to_dict(),
            "tried": list(self.tried),
        }


def report(check: Check) -> Iterator[str]:
    """Yield the check as lines of text."""
    read = check.rows > 0 and (check.kind != "table" or bool(check.roles))
    told = _KINDS[check.kind].format(rows=check.rows, columns=_columns(check)) if read else "no table of areas was read"
    yield f"{check.file}: {told}"
    for what, count in check.repairs.items():
        yield f"  mended: {what} ({count:,})"
    if read:
        yield f"  geography: {describe(check.inference.geography)}"
    if check.inference.periods:
        yield ""
        yield from _table(check.inference.periods)
    for title, severity in (("faults", "fault"), ("notes", "note")):
        found = [finding for finding in check.inference.findings if finding.severity == severity]
        if not found:
            continue
        yield ""
        yield f"{title}: {len(found)}"
        for finding in found:
            where = f" [{_shortened(finding.periods)}]" if finding.periods else ""
            yield f"  {finding.kind}: {finding.text}{where}"
        for remedy in dict.fromkeys(remedy for finding in found for remedy in finding.remedies):
            yield f"  a join would take {remedy.words('flags')}"
    if check.tried:
        yield ""
        yield "the join, tried:" if check.kind == "table" else "what it is:"
        yield from (f"  {said}" for said in check.tried)
    yield ""
    sound, faulty = _VERDICTS[check.kind]
    yield sound if check.sound else f"{faulty}: {counted(len(check.inference.faults), 'fault', 'faults')}"


def _columns(check: Check) -> str:
    return ", ".join(f"{role} in '{column}'" for role, column in check.roles.items())


def _table(periods: Sequence[PeriodVintage]) -> Iterator[str]:
    """Yield a line for every run of periods with the same epoch."""
    ordered = sorted_periods(periods)
    lines = [("periods", "areas", "codes of", "because")]
    for (span, evidence), group in groupby(ordered, key=lambda period: (period.span, period.evidence)):
        run = list(group)
        areas = sorted({period.areas for period in run})
        lines.append(
            (
                _shortened([period.period for period in run]),
                str(areas[0]) if len(areas) == 1 else f"{areas[0]}-{areas[-1]}",
                span,
                evidence,
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    for line in lines:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, [*widths, 0], strict=True)).rstrip()


def sorted_periods(periods: Sequence[PeriodVintage]) -> list[PeriodVintage]:
    """Return the periods in order of time where all can be read, else as they stand."""
    if all(readable(period.period) for period in periods):
        order = {text: number for number, text in enumerate(in_order([period.period for period in periods]))}
        return sorted(periods, key=lambda period: order[period.period])
    return list(periods)


def _shortened(periods: Sequence[str]) -> str:
    if len(periods) <= 2:
        return ", ".join(periods)
    return f"{periods[0]} … {periods[-1]} ({len(periods)})"
