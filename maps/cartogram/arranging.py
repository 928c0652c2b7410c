"""Our own layout of hexagons: one an area, neighbours kept together as far as possible.

It is made in steps, all deterministic: areas are drawn together and pushed apart until neighbours lie one cell from each other
(springs), each is given a cell of its own at the least total displacement (linear assignment), cells are exchanged, first by
chance (the same chance each time, and less and less of it), then while that lets more neighbours touch, and pieces that came to
lie apart from their neighbours are moved to them whole.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.provenance import Source
from maps.cartogram.layouts import NEXT, HexLayout, neighbouring_pairs, scores
from maps.words import say

if TYPE_CHECKING:
    from boundaries.areas.boundary_set import BoundarySet
    from maps.page.composition import FloatArray, IntArray

_STEPS = frozenset(NEXT)
_AFTER_NEXT = ((2, -1), (1, 1), (-1, 2), (-2, 1), (-1, -1), (1, -2))
_ROW = math.sqrt(3) / 2
"""Distance of two rows of cells, in cells."""

_PULL_HOME = 0.12
"""Neighbours' worth of one cell's distance from home, by its square: a gain of one pair is not worth three cells."""

_PASSES = 12
_SHAKES, _MOST_SHAKES = 200, 75_000
"""Exchanges by chance an area, and in all: half a second for 361 areas, for 3 to 4 % more pairs that touch."""

_WARM, _COOL = 0.5, 0.15
"""Pairs that may be given up by chance, at first and at last."""

_SEED = 361

_REACH = 4
"""Cells by which a piece that lies apart is moved at most."""


def hex_layout(boundaries: BoundarySet) -> HexLayout:
    """Lay out one hexagon an area so that neighbours stay neighbours as far as possible.

    Notes
    -----
    Areas that share a border are neighbours; parts of the country without a common border keep a cell of water between them.
    The same boundaries give the same layout.
    """
    frame = boundaries.frame
    links = neighbouring_pairs(boundaries)
    points = shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))
    if len(frame) == 1:
        return HexLayout(pd.DataFrame({"q": [0], "r": [0]}, index=pd.Index(frame["code"], name="code")), _own_source())
    relaxed = _relaxed(points, links)
    cells = _exchanged(_shaken(_assigned(relaxed), links, relaxed), links, relaxed)
    docked = _docked(cells, links)
    moved = docked - cells
    # the home of a piece that was moved moves with it
    home = relaxed + np.stack([moved[:, 0] + moved[:, 1] / 2, moved[:, 1] * _ROW], axis=1)
    cells = _filled(_exchanged(docked, links, home), links, home)
    axial = pd.DataFrame(cells, columns=["q", "r"], index=pd.Index(frame["code"], name="code"))
    kept, touching = scores(cells, links)
    return HexLayout(axial, _own_source(), kept, touching)


def _own_source() -> Source:
    return Source(say("hex.own-title"))


def _relaxed(points: FloatArray, links: IntArray) -> FloatArray:
    """Move points until neighbours lie one cell apart and others no nearer, in units of a cell."""
    n = len(points)
    links = links if len(links) else np.zeros((0, 2), dtype=np.int64)
    ties, length = _bridged(points, links)
    step = np.linalg.norm(points[ties[:, 0]] - points[ties[:, 1]], axis=1)
    # start at the size at which the middle border is one cell long
    place: FloatArray = (points - points.mean(axis=0)) / max(float(np.median(step)), 1.0)
    home = place.copy()
    for turn in range(300):
        force = np.zeros_like(place)
        gap = place[ties[:, 1]] - place[ties[:, 0]]
        distance = np.maximum(np.linalg.norm(gap, axis=1), 1e-9)
        pull = (0.5 * (distance - length) / distance)[:, None] * gap
        np.add.at(force, ties[:, 0], pull)
        np.add.at(force, ties[:, 1], -pull)
        near = cKDTree(place).query_pairs(0.98, output_type="ndarray")
        apart = place[near[:, 1]] - place[near[:, 0]]
        span = np.maximum(np.linalg.norm(apart, axis=1), 1e-9)
        push = (0.9 * (1.0 - span) / span)[:, None] * apart
        np.add.at(force, near[:, 0], -push)
        np.add.at(force, near[:, 1], push)
        weight = np.bincount(ties.ravel(), minlength=n) + np.bincount(near.ravel(), minlength=n)
        ease = 0.6 if turn < 200 else 0.3
        place = place + ease * force / np.maximum(weight, 1)[:, None] + 0.002 * (home - place)
    return place


def _bridged(points: FloatArray, links: IntArray) -> tuple[IntArray, FloatArray]:
    """Return links and their lengths in cells: one for neighbours, two for the nearest pair of parts that share no border."""
    n = len(points)
    ties, lengths = links, np.ones(len(links))
    while True:
        graph = coo_array((np.ones(len(ties)), (ties[:, 0], ties[:, 1])), shape=(n, n))
        count, part = connected_components(graph, directed=False)
        if count == 1:
            return ties, lengths
        main = part == np.bincount(part).argmax()
        rest = np.flatnonzero(~main)
        distance, nearest = cKDTree(points[main]).query(points[rest])
        first = int(np.argmin(distance))
        ties = np.concatenate([ties, [[np.flatnonzero(main)[nearest[first]], rest[first]]]])
        lengths = np.append(lengths, 2.0)


def _assigned(place: FloatArray) -> IntArray:
    """Give each point the cell of a lattice, at the least sum of squared distances."""
    low, high = place.min(axis=0) - 3, place.max(axis=0) + 3
    height = np.sqrt(3) / 2
    rows = np.arange(int(np.floor(low[1] / height)), int(np.ceil(high[1] / height)) + 1)
    cells = np.array(
        [(q, r) for r in rows for q in range(int(np.floor(low[0] - r / 2)), int(np.ceil(high[0] - r / 2)) + 1)],
        dtype=np.int64,
    )
    middle = np.stack([cells[:, 0] + cells[:, 1] / 2, cells[:, 1] * height], axis=1)
    useful = cKDTree(place).query(middle)[0] < 3
    cells, middle = cells[useful], middle[useful]
    cost = ((place[:, None] - middle[None]) ** 2).sum(axis=2)
    chosen: IntArray = cells[linear_sum_assignment(cost)[1]]
    return chosen


class _Board:
    """Areas on cells, and how well an area stands on a cell: neighbours that touch it, less the distance from its home."""

    def __init__(self, cells: IntArray, links: IntArray, home: FloatArray) -> None:
        self.near: list[list[int]] = [[] for _ in range(len(cells))]
        for a, b in links.tolist():
            self.near[a].append(b)
            self.near[b].append(a)
        self.spot: list[tuple[int, int]] = [(int(q), int(r)) for q, r in cells]
        self.holder = {cell: i for i, cell in enumerate(self.spot)}
        self.home: list[list[float]] = home.tolist()

    def worth(self, i: int, cell: tuple[int, int]) -> float:
        q, r = cell
        spot = self.spot
        kept = sum((spot[j][0] - q, spot[j][1] - r) in _STEPS for j in self.near[i])
        dx, dy = q + r / 2 - self.home[i][0], r * _ROW - self.home[i][1]
        return kept - _PULL_HOME * (dx * dx + dy * dy)

    def gain(self, i: int, there: tuple[int, int]) -> float:
        """Return what is gained when an area goes to a cell, and who is there comes to its own."""
        here, spot = self.spot[i], self.spot
        other = self.holder.get(there)
        before = self.worth(i, here) + (self.worth(other, there) if other is not None else 0.0)
        spot[i] = there
        if other is not None:
            spot[other] = here
        after = self.worth(i, there) + (self.worth(other, here) if other is not None else 0.0)
        spot[i] = here
        if other is not None:
            spot[other] = there
        return after - before

    def move(self, i: int, there: tuple[int, int]) -> None:
        here = self.spot[i]
        other = self.holder.pop(there, None)
        del self.holder[here]
        self.spot[i], self.holder[there] = there, i
        if other is not None:
            self.spot[other], self.holder[here] = here, other

    def cells(self) -> IntArray:
        return np.array(self.spot, dtype=np.int64)


def _shaken(cells: IntArray, links: IntArray, home: FloatArray) -> IntArray:
    """Exchange neighbouring cells by chance, ever more rarely against the gain (simulated annealing), to leave poor layouts."""
    board = _Board(cells, links, home)
    # only random() is promised to give the same numbers in every version
    chance = random.Random(_SEED).random  # noqa: S311 - a layout, not a secret
    n = len(cells)
    steps = min(_SHAKES * n, _MOST_SHAKES)
    for step in range(steps):
        warmth = _WARM * (_COOL / _WARM) ** (step / steps)
        i = int(chance() * n)
        dq, dr = NEXT[int(chance() * len(NEXT))]
        there = (board.spot[i][0] + dq, board.spot[i][1] + dr)
        gain = board.gain(i, there)
        if gain >= 0 or chance() < math.exp(gain / warmth):
            board.move(i, there)
    return board.cells()


def _docked(cells: IntArray, links: IntArray) -> IntArray:
    """Move whole pieces that lie apart from their neighbours to where most of them touch again, smallest first.

    A piece is a set of areas joined by borders that touch.
    """
    cells = cells.copy()
    reach = range(-_REACH, _REACH + 1)
    ways = sorted(((q, r) for q in reach for r in reach if (q, r) != (0, 0)), key=lambda way: (_length(*way), way))
    for _ in range(_PASSES):
        steps = cells[links[:, 0]] - cells[links[:, 1]]
        touch = np.array([(int(q), int(r)) in _STEPS for q, r in steps], dtype=bool)
        graph = coo_array((np.ones(touch.sum()), links[touch].T), shape=(len(cells), len(cells)))
        count, piece = connected_components(graph, directed=False)
        sizes = np.bincount(piece, minlength=count)
        moved = False
        for number in np.argsort(sizes, kind="stable")[:-1]:
            members = piece == number
            loose = links[members[links[:, 0]] != members[links[:, 1]]]
            if len(loose) == 0:
                continue
            kept, chosen = _docking(cells, members, loose)[0], None
            best = (kept, math.inf)
            for way in ways:
                lying = _docking(np.where(members[:, None], cells + way, cells), members, loose)
                # one pair of neighbours more at least, and of such places the one with the fewest strangers
                if lying[0] > kept and (lying[0], -lying[1]) > (best[0], -best[1]):
                    best, chosen = lying, way
            if chosen is not None:
                cells[members] += chosen
                moved = True
                break
        if not moved:
            break
    return cells


def _docking(
    cells: IntArray, members: np.ndarray[tuple[int], np.dtype[np.bool_]], loose: IntArray
) -> tuple[int, float]:
    """Return how many neighbours outside a piece touch it, and how many strangers do; (-1, 0) where others stand."""
    others = {(int(q), int(r)) for q, r in cells[~members]}
    own = [(int(q), int(r)) for q, r in cells[members]]
    if not others.isdisjoint(own):
        return -1, 0.0
    met = sum((q + dq, r + dr) in others for q, r in own for dq, dr in NEXT)
    steps = cells[loose[:, 0]] - cells[loose[:, 1]]
    kept = sum((int(q), int(r)) in _STEPS for q, r in steps)
    return kept, float(met - kept)


def _length(q: int, r: int) -> int:
    return max(abs(q), abs(r), abs(q + r))


def _filled(cells: IntArray, links: IntArray, home: FloatArray) -> IntArray:
    """Close every empty cell that areas stand all round, for it would look like an area: a row of areas moves up by one.

    Of the six rows that lead out of the hole the one is taken whose moving costs fewest neighbours.
    """
    board = _Board(cells, links, home)
    while holes := _holes(board):
        hole = holes[0]
        rows = [_row(board, hole, step) for step in NEXT]
        costs = []
        for row, step in zip(rows, NEXT, strict=True):
            moved = list(board.spot)
            for i in row:
                moved[i] = (board.spot[i][0] - step[0], board.spot[i][1] - step[1])
            costs.append((-scores(np.array(moved, dtype=np.int64), links)[0], len(row), step))
        best = min(range(len(NEXT)), key=lambda at: costs[at])
        for i in rows[best]:
            board.move(i, (board.spot[i][0] - NEXT[best][0], board.spot[i][1] - NEXT[best][1]))
    return board.cells()


def _holes(board: _Board) -> list[tuple[int, int]]:
    """Return empty cells with areas on all six sides, in order."""
    beside = {(q + dq, r + dr) for q, r in board.spot for dq, dr in NEXT} - board.holder.keys()
    return sorted((q, r) for q, r in beside if all((q + dq, r + dr) in board.holder for dq, dr in NEXT))


def _row(board: _Board, cell: tuple[int, int], step: tuple[int, int]) -> list[int]:
    """Return the areas in a row from a cell, nearest first, up to the next empty cell."""
    found = []
    while (cell := (cell[0] + step[0], cell[1] + step[1])) in board.holder:
        found.append(board.holder[cell])
    return found


def _exchanged(cells: IntArray, links: IntArray, home: FloatArray) -> IntArray:
    """Exchange neighbouring cells, or move to a free one, while more neighbours then touch for little displacement."""
    board = _Board(cells, links, home)
    for _ in range(_PASSES):
        moved = False
        for i in range(len(board.spot)):
            here = board.spot[i]
            best, chosen = 1e-9, None
            for dq, dr in (*NEXT, *_AFTER_NEXT):
                there = (here[0] + dq, here[1] + dr)
                if (gain := board.gain(i, there)) > best:
                    best, chosen = gain, there
            if chosen is not None:
                board.move(i, chosen)
                moved = True
        if not moved:
            break
    return board.cells()
