"""From every code that ever lived to the codes of one date: shares, moves, and the pieces of land behind both.

The register is a graph of codes. Every path through it, from a code without predecessor to one without successor, is a
*piece* of land that was never cut by the graph. A code is the pieces whose paths pass through it, so that two codes of any
dates overlap exactly where they share pieces, and a set of codes covers a target once when its pieces are those of the
target, each once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from boundaries.register import check_date, last_life
from boundaries.register.codes import GEOGRAPHIES, in_geography
from geo.errors import ConversionError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from boundaries.areas.planned import Scenario
    from boundaries.register import Event, Register


_SHARE_TOLERANCE = 1e-9
"""How far the shares of a member may be from 1 in all: float sums of a few hundred terms stay far below."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Which target each source belongs to, by how much, and by which pieces.

    Parameters
    ----------
    sources, targets : codes.
    source, target, share : shape (n_pairs,), sorted by source: positions, and the share of the source in the target
        (NaN where a source made of several targets needs weights and none were given).
    back : shape (n_pairs,): the target is older than the source.
    moved : shape (n_pairs,): a little land was moved between the two dates.
    touched : shape (n_pairs,): a few residents live across a new border that the register's shares do not follow.
    reasons : shape (n_pairs,): the instruments on the way.
    piece_source, piece : shape (n_source_pieces,), sorted by source: the pieces of each source.
    piece_target : shape (n_pieces,): the target that holds each piece, -1 for none.
    """

    sources: pd.Index
    targets: pd.Index
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    share: NDArray[np.float64]
    back: NDArray[np.bool_]
    moved: NDArray[np.bool_]
    touched: NDArray[np.bool_]
    reasons: tuple[str, ...]
    piece_source: NDArray[np.int64]
    piece: NDArray[np.int64]
    piece_target: NDArray[np.int64]

    def __repr__(self) -> str:
        """State the numbers of sources, targets and pairs."""
        return f"Crosswalk({len(self.sources)} sources → {len(self.targets)} targets, {len(self.share)} pairs)"


def crosswalk_to(
    register: Register,
    geography: str,
    date: dt.date,
    *,
    weights: Mapping[str, float] | None = None,
    scenario: Scenario | None = None,
) -> Crosswalk:
    """Return the way from every code of a geography to its codes on a date.

    Parameters
    ----------
    weights : code on ``date`` → residents (or another base), for sources that are made of several targets.
    scenario : planned councils; ``date`` is then its date or later.

    Raises
    ------
    DateError
        A date outside the register and no scenario.
    """
    check_date(register, date, geography=geography, scenario=None if scenario is None else scenario.id)
    planned = () if scenario is None else scenario.events(register)
    graph = _Graph(register, geography, planned)
    paths = [path for root in graph.roots for path in graph.paths(root)]
    position = [next((i for i, code in enumerate(path) if graph.alive(code, date)), -1) for path in paths]
    targets = pd.Index(sorted({path[i] for path, i in zip(paths, position, strict=True) if i >= 0}), dtype=object)
    number = {code: i for i, code in enumerate(targets)}
    pieces_of: dict[str, list[int]] = {}
    links: dict[tuple[str, str], tuple[str, ...]] = {}
    parts: dict[tuple[str, str], dict[tuple[str, ...], float]] = {}
    for piece, (path, here) in enumerate(zip(paths, position, strict=True)):
        for i, code in enumerate(path):
            pieces_of.setdefault(code, []).append(piece)
            if here >= 0:
                way = path[min(i, here) : max(i, here) + 1]
                links[code, path[here]] = way
                parts.setdefault((code, path[here]), {})[way] = graph.share_along(way)
    sources = pd.Index(sorted(pieces_of), dtype=object)
    place = {code: i for i, code in enumerate(sources)}
    pairs = sorted(links)
    shares = _shares(pairs, parts, graph, date, weights)
    return Crosswalk(
        sources=sources,
        targets=targets,
        source=np.array([place[code] for code, _ in pairs], dtype=np.int64),
        target=np.array([number[code] for _, code in pairs], dtype=np.int64),
        share=np.array([shares[pair] for pair in pairs], dtype=np.float64),
        back=np.array([graph.starts(code) > date for code, _ in pairs], dtype=np.bool_),
        moved=np.array([graph.moved(links[pair]) for pair in pairs], dtype=np.bool_),
        touched=np.array([graph.touched(links[pair]) for pair in pairs], dtype=np.bool_),
        reasons=tuple(graph.instruments(links[pair]) for pair in pairs),
        piece_source=np.array([place[code] for code in sources for _ in pieces_of[code]], dtype=np.int64),
        piece=np.array([piece for code in sources for piece in pieces_of[code]], dtype=np.int64),
        piece_target=np.array(
            [number[path[i]] if i >= 0 else -1 for path, i in zip(paths, position, strict=True)], dtype=np.int64
        ),
    )


def _shares(
    pairs: Sequence[tuple[str, str]],
    parts: Mapping[tuple[str, str], Mapping[tuple[str, ...], float]],
    graph: _Graph,
    date: dt.date,
    weights: Mapping[str, float] | None,
) -> dict[tuple[str, str], float]:
    """Return the share of each source in each target; backwards by weights of the targets."""
    shares: dict[tuple[str, str], float] = {}
    by_source: dict[str, list[str]] = {}
    for code, target in pairs:
        by_source.setdefault(code, []).append(target)
    for code, targets in by_source.items():
        ahead = {target: sum(parts[code, target].values()) for target in targets}
        if graph.starts(code) <= date:
            shares |= {(code, target): share for target, share in ahead.items()}
        elif len(targets) == 1:
            shares[code, targets[0]] = 1.0
        else:
            # Share of the young code in each old one: the old one's weight, times the part of it that went in.
            given = {target: (weights or {}).get(target, np.nan) * share for target, share in ahead.items()}
            total = sum(given.values())
            shares |= {(code, target): weight / total for target, weight in given.items()}
    return shares


class _Graph:
    """Whole old → new pairs of a geography as a graph of codes."""

    def __init__(self, register: Register, geography: str, planned: tuple[Event, ...]) -> None:
        changes = list(register.changes(GEOGRAPHIES[geography]))
        self._planned = {event.old_code: event.date for event in planned}
        self._born = {event.new_code: event.date for event in planned}
        self._register = register
        self._out: dict[str, list[Event]] = {}
        self._pair: dict[tuple[str, str], Event] = {}
        into: set[str] = set()
        for event in (*changes, *planned):
            if event.old_code and event.weight is not None:
                self._out.setdefault(event.old_code, []).append(event)
                self._pair[event.old_code, event.new_code] = event
                into.add(event.new_code)
        partial = [event for event in changes if event.partial and event.kind == "reorganisation"]
        self._touched = {(event.old_code, None) for event in partial} | {(None, event.new_code) for event in partial}
        codes = {spell.code for spell in register.spells if in_geography(spell.code, geography)}
        self.roots = sorted((codes | set(self._born)) - into)

    def paths(self, code: str) -> Iterator[tuple[str, ...]]:
        """Yield every way from a code to the end of the register."""
        ahead = self._out.get(code, [])
        if not ahead:
            yield (code,)
        for event in ahead:
            for rest in self.paths(event.new_code):
                yield (code, *rest)

    def alive(self, code: str, date: dt.date) -> bool:
        """Say whether a code lives on a date."""
        if code in self._born:
            return self._born[code] <= date
        if code in self._planned and self._planned[code] <= date:
            return False
        life = last_life(self._register, code)
        return life is not None and life[0] <= date and (life[1] is None or date <= life[1])

    def starts(self, code: str) -> dt.date:
        """Return the first day of a code."""
        if code in self._born:
            return self._born[code]
        life = last_life(self._register, code)
        if life is None:
            raise ConversionError(f"{code} stands in an event but has no spell", ["the register is not sound"])
        return life[0]

    def share_along(self, way: Sequence[str]) -> float:
        """Return the share of the first code of a way that ends up in the last."""
        share = 1.0
        for old, new in pairwise(way):
            share *= self._pair[old, new].weight or 0.0
        return share

    def moved(self, way: Sequence[str]) -> bool:
        """Say whether a boundary moved along a way."""
        return any(event.kind == "boundary_move" for event in self._along(way))

    def touched(self, way: Sequence[str]) -> bool:
        """Say whether a few residents went another way than the shares of a reorganisation say."""
        return any(
            (event.old_code, None) in self._touched or (None, event.new_code) in self._touched
            for event in self._along(way)
        )

    def instruments(self, way: Sequence[str]) -> str:
        """Return the instruments along a way."""
        return "; ".join(dict.fromkeys(event.instrument or event.event_id for event in self._along(way)))

    def _along(self, way: Sequence[str]) -> Iterator[Event]:
        for old, new in pairwise(way):
            yield self._pair[old, new]


def lookup_crosswalk(member: Sequence[str], area: Sequence[str], share: Sequence[float] | None = None) -> Crosswalk:
    """Return a crosswalk that puts members into areas: districts into regions, small areas into districts, custom areas.

    Parameters
    ----------
    share : of the member in the area; without it every member lies whole in one area.

    Raises
    ------
    ConversionError
        A member in two areas and no shares, or shares of a member that do not add up to 1; all of them.
    """
    table = pd.DataFrame({"member": list(member), "area": list(area), "share": 1.0 if share is None else list(share)})
    table = table.drop_duplicates().sort_values(["member", "area"])
    if share is None:
        twice = table.loc[table["member"].duplicated(), "member"].unique()
        if len(twice):
            raise ConversionError("a member lies in more than one area", [listed(twice), "give the shares of each"])
    total = table.groupby("member")["share"].sum()
    wrong = total[(total - 1).abs() > _SHARE_TOLERANCE]
    if len(wrong):
        shown = listed(f"{code} ({number:.4f})" for code, number in wrong.items())
        raise ConversionError("shares of a member do not add up to 1", [shown])
    targets, number = np.unique(table["area"].to_numpy(dtype=str), return_inverse=True)
    members, source = np.unique(table["member"].to_numpy(dtype=str), return_inverse=True)
    none = np.zeros(len(table), dtype=np.bool_)
    return Crosswalk(
        sources=pd.Index(members, dtype=object),
        targets=pd.Index(targets, dtype=object),
        source=source.astype(np.int64),
        target=number.astype(np.int64),
        share=table["share"].to_numpy(dtype=np.float64),
        back=none,
        moved=none,
        touched=none,
        reasons=("",) * len(table),
        piece_source=source.astype(np.int64),
        piece=np.arange(len(table)),
        piece_target=number.astype(np.int64),
    )
