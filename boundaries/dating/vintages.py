"""Of which date are the codes of a table? Inferred for each period to an epoch, with the evidence, and with every fault."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from boundaries.dating.code_faults import (
    Finding,
    file_findings,
    missing_areas,
    period_findings,
    timing,
    without_superseded,
)
from boundaries.outcomes.periods import in_order, readable
from boundaries.register import Epoch, epochs, last_life, load_register
from boundaries.register.codes import GEOGRAPHIES, entity_of, in_geography, parse_code
from boundaries.vocabulary import CODED, coded_geography, editions_that_fit, geography_words
from geo.arguments import one_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from boundaries.register import Register


@dataclass(frozen=True, slots=True)
class PeriodVintage:
    """What the codes of one period say.

    ``first`` and ``last`` are the epochs between which the code set fits equally well (one epoch when they are equal);
    None when the period has no code of the geography. ``evidence`` names the codes that decide. ``edition`` says what codes of a
    layer are of, which the register knows no epochs of.
    """

    period: str
    rows: int
    areas: int
    first: Epoch | None
    last: Epoch | None
    evidence: str
    edition: str = ""

    @property
    def span(self) -> str:
        """Say the epoch in words."""
        if self.edition:
            return self.edition
        if self.first is None or self.last is None:
            return "no code of this geography"
        return f"{self.first.start.isoformat()} to {self.last.end.isoformat()}"

    def to_dict(self) -> dict[str, Any]:
        """Return the inference as JSON-able data."""
        return {
            "period": self.period,
            "rows": self.rows,
            "areas": self.areas,
            "from": self.first.start.isoformat() if self.first else None,
            "to": self.last.end.isoformat() if self.last else None,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Inference:
    """Geography, epoch of every period, and findings (faults first)."""

    geography: str
    periods: tuple[PeriodVintage, ...]
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """Findings by which a join would lose or double something."""
        return tuple(finding for finding in self.findings if finding.severity == "fault")

    def to_dict(self) -> dict[str, Any]:
        """Return the inference as JSON-able data."""
        return {
            "geography": self.geography,
            "periods": [period.to_dict() for period in self.periods],
            "findings": [finding.to_dict() for finding in self.findings],
            "faults": len(self.faults),
        }


def infer_epochs(frame: pd.DataFrame, *, geography: str | None = None) -> Inference:
    """Infer geography and epoch of every period, and find everything a join would stumble over.

    Parameters
    ----------
    frame : columns ``code`` and ``period`` (str; codes already repaired), optionally ``name`` and ``group`` (the
        breakdowns of a row as one text, so that men and women of one area are no duplicates).
    geography : when stated; otherwise LAD if there are districts, UTLA if there are counties and no districts, else the
        geography of most codes.

    Notes
    -----
    A code set is of an epoch when none of its codes is outside it; among such epochs those with fewest absent areas count,
    absent meaning absent from a nation of which at least half the areas are there. The same code set spans several
    releases of boundaries: an epoch is all that can be inferred, never a date.
    """
    register = load_register()
    if (small := coded_inference(frame, geography)) is not None:
        return Inference(*small)
    if geography:
        one_of(geography, GEOGRAPHIES, "geography")
    kind = geography or inferred_geography(frame["code"].unique())
    found: list[PeriodVintage] = []
    findings: list[Finding] = list(file_findings(frame, register, kind))
    seen: dict[frozenset[str], tuple[Epoch | None, Epoch | None, str, list[Finding]]] = {}
    for period, rows, here in _code_sets(frame, kind):
        if here not in seen:
            first, last, evidence = _fitting(register, kind, here)
            seen[here] = (first, last, evidence, period_findings(register, here, first, last))
        first, last, evidence, here_found = seen[here]
        found.append(PeriodVintage(period, rows, len(here), first, last, evidence))
        note = timing(period, first, last)
        findings += [replace(finding, periods=(period,)) for finding in (*here_found, *([note] if note else []))]
    return Inference(kind, tuple(found), gathered(findings))


def coded_inference(
    frame: pd.DataFrame, geography: str | None = None
) -> tuple[str, tuple[PeriodVintage, ...], tuple[Finding, ...]] | None:
    """Infer what the codes of a layer's areas are (small areas, wards, areas of one's own); None where the register knows them.

    Parameters
    ----------
    frame, geography : as of ``infer_epochs``.

    Returns
    -------
    Geography, its periods, and a note of which layer has these areas.
    """
    codes = {code for code in frame["code"].unique() if code}
    entities = Counter(entity_of(code) for code in codes if parse_code(code).scheme == "gss")
    held = {entity: count for entity, count in entities.items() if entity in frozenset().union(*CODED.values())}
    if geography and geography.upper() in GEOGRAPHIES:
        return None  # in small letters too, which is then refused with the name that was meant
    named = geography if geography and not geography.startswith("ITL") else ""
    if not named and (geography or 2 * sum(held.values()) <= len(codes)):
        return None
    kind = named or coded_geography(held)
    periods = []
    for period, rows in frame.groupby("period", sort=False):
        own = {code for code in rows["code"].unique() if code}
        inside = [code for code in own if kind not in CODED or entity_of(code) in CODED[kind]]
        fitting = editions_that_fit(inside, kind)
        said = f"edition {' or '.join(fitting)}" if fitting else "no edition is told by codes alone"
        newest = max(inside, default="")
        periods.append(
            PeriodVintage(str(period), len(rows), len(inside), None, None, f"up to {newest}" if newest else "", said)
        )
    words = geography_words(kind)
    fitting = editions_that_fit([code for code in codes if kind in CODED and entity_of(code) in CODED[kind]], kind)
    which = f" of {' or '.join(fitting)}" if fitting else ""
    note = Finding("note", "layer", f"the codes are of {words}{which}: they are joined to a layer of these areas")
    return kind, tuple(periods), (note,)


def inferred_geography(codes: Iterable[str]) -> str:
    """Return the geography a table is about by its codes, "" when the register knows none of them.

    Examples
    --------
    >>> inferred_geography(["E10000002", "E06000001"]), inferred_geography(["E12000001", "E92000001"])
    ('UTLA', 'RGN')
    """
    counts: dict[str, int] = {}
    for code in codes:
        for name in ("LAD", "UTLA", "CAUTH", "RGN", "CTRY"):
            if in_geography(code, name):
                counts[name] = counts.get(name, 0) + 1
                break
    if "LAD" in counts:
        districts = any(code[:3] == "E07" for code in codes)
        return "UTLA" if "UTLA" in counts and not districts else "LAD"
    return max(counts, key=lambda name: counts[name], default="")


def _code_sets(frame: pd.DataFrame, geography: str) -> Iterator[tuple[str, int, frozenset[str]]]:
    """Yield each period with its number of rows and its set of codes of the geography."""
    period, periods = pd.factorize(frame["period"])
    code, codes = pd.factorize(frame["code"])
    members = _members(codes, geography)
    inside = np.array([members[text] for text in codes], dtype=np.bool_)[code]
    there = np.zeros((len(periods), len(codes)), dtype=np.bool_)
    there[period[inside], code[inside]] = True
    rows = np.bincount(period[inside], minlength=len(periods))
    known: dict[bytes, frozenset[str]] = {}
    for number, name in enumerate(periods):
        # Most periods of a file hold the same codes: a set is made once.
        pattern = there[number].tobytes()
        if pattern not in known:
            known[pattern] = frozenset(str(text) for text in codes[there[number]])
        yield str(name), int(rows[number]), known[pattern]


def _members(codes: Iterable[str], geography: str) -> dict[str, bool]:
    register = load_register()
    return {
        code: bool(geography) and in_geography(code, geography) and last_life(register, code) is not None
        for code in codes
    }


def _fitting(register: Register, geography: str, codes: frozenset[str]) -> tuple[Epoch | None, Epoch | None, str]:
    if not codes:
        return None, None, ""
    own = without_superseded(register, codes)
    scored = [(len(own - epoch.codes), len(missing_areas(epoch, own)), epoch) for epoch in epochs(register, geography)]
    best = min((outside, absent) for outside, absent, _ in scored)
    fitting = [epoch for outside, absent, epoch in scored if (outside, absent) == best]
    return fitting[0], fitting[-1], _evidence(register, own, fitting[0], fitting[-1])


def _evidence(register: Register, codes: frozenset[str], first: Epoch, last: Epoch) -> str:
    said = []
    began = sorted(code for code in codes if (last_life(register, code) or (None,))[0] == first.start)
    ended = sorted(code for code in codes if (last_life(register, code) or (None, None))[1] == last.end)
    if began:
        said.append(f"{_few(began)} began on {first.start.isoformat()}")
    if ended:
        said.append(f"{_few(ended)} ended on {last.end.isoformat()}")
    return "; ".join(said)


def _few(codes: Sequence[str]) -> str:
    return ", ".join(codes[:2]) + (f" and {len(codes) - 2} more" if len(codes) > 2 else "")


def gathered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings that say the same of several periods; faults first."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.kind, finding.text, finding.codes), []).append(finding)
    joined = [
        replace(group[0], periods=_in_time([period for finding in group for period in finding.periods]))
        for group in groups.values()
    ]
    return tuple(sorted(joined, key=lambda finding: finding.severity))


def _in_time(periods: Sequence[str]) -> tuple[str, ...]:
    return in_order(periods) if periods and all(readable(period) for period in periods) else tuple(periods)


def describe(geography: str) -> str:
    """Return the geography in words."""
    return geography_words(geography)
