"""Take every row of a layer, once, however the server pages; and go on where a killed run stopped."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely.geometry
from shapely.errors import ShapelyError

from boundaries.official.service import NoPagesError, page_of
from boundaries.transport.cache import cache_folder, owned, read_json, write_atomically, write_json
from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from boundaries.official.service import LayerMeta, Page, Portal

_PATIENCE = 3
"""Pages in a row that bring nothing new before another way is tried."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of a layer in order of object id.

    Parameters
    ----------
    attributes : one mapping of fields a row.
    geometries : one a row, None where the server sent none; empty for tables.
    crs : as the server named it, empty when it did not.
    retrieved : date of the server's last answer.
    notes : what happened on the way.
    """

    attributes: tuple[dict[str, Any], ...]
    geometries: tuple[BaseGeometry | None, ...]
    crs: str
    retrieved: str
    notes: tuple[str, ...]


def fetch_rows(
    portal: Portal,
    layer: LayerMeta,
    *,
    geometry: bool,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Rows:
    """Fetch all rows: by offset where the server pages, then by ranges of object id whatever is still missing.

    Pages are kept in the cache until all rows are there, so that the next run goes on where this one stopped; ``forget_rows``
    removes them. ``progress`` is called with the rows held and the rows expected.

    Raises
    ------
    FetchError
        The server fails even for single rows, or the rows do not add up to its own count.
    """
    if not layer.object_id:
        raise FetchError(
            f"{layer.service} names no object-id field", ["its rows cannot be told apart, so they cannot be paged"]
        )
    count = portal.count(layer)
    with owned(_partial(layer, cache)) as folder:
        collected = _Collection(portal, layer, count, geometry, folder, progress)
        collected.resume()
        if layer.pages:
            collected.by_offset()
        if len(collected.rows) < count:
            collected.by_ranges()
    if len(collected.rows) != count and len(collected.rows) != portal.count(layer):
        raise FetchError(
            f"{layer.service} is not whole",
            [
                f"the server counts {count:,} rows, {len(collected.rows):,} came",
                "try again; the layer may be in the middle of an edit",
            ],
        )
    order = sorted(collected.rows)
    return Rows(
        attributes=tuple(collected.rows[number] for number in order),
        geometries=tuple(collected.shapes[number] for number in order) if geometry else (),
        crs=collected.crs,
        retrieved=collected.retrieved,
        notes=tuple(collected.notes),
    )


def forget_rows(layer: LayerMeta, cache: Path | None = None) -> None:
    """Remove the pages kept for a layer, unless another run is at work on them."""
    with owned(_partial(layer, cache)) as folder:
        shutil.rmtree(folder, ignore_errors=True)


def _partial(layer: LayerMeta, cache: Path | None) -> Path:
    return cache_folder(cache) / "partial" / f"{layer.service}-{hashlib.sha256(layer.url.encode()).hexdigest()[:12]}"


@dataclass(slots=True)
class _Collection:
    """Rows by object id while they come."""

    portal: Portal
    layer: LayerMeta
    count: int
    geometry: bool
    folder: Path
    progress: Callable[[int, int], None] | None
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    shapes: dict[int, BaseGeometry | None] = field(default_factory=dict)
    offset: int = 0
    pages: int = 0
    crs: str = ""
    retrieved: str = ""
    notes: list[str] = field(default_factory=list)

    def resume(self) -> None:
        """Take up the pages of an earlier run, if the layer is still the same; drop them otherwise."""
        state = {"url": self.layer.url, "edited": self.layer.edited, "count": self.count, "geometry": self.geometry}
        kept = [(path, read_json(path)) for path in sorted(self.folder.glob("page-*.json"))]
        if read_json(self.folder / "state.json") != state or not all(self._take_up(path, page) for path, page in kept):
            self.rows.clear()
            self.shapes.clear()
            self.offset, self.pages = 0, 0
            for path in self.folder.glob("page-*"):
                path.unlink(missing_ok=True)
            write_json(self.folder / "state.json", state, flush=False)
        elif kept:
            self.notes.append(f"resumed with {len(self.rows):,} rows of an earlier run")

    def by_offset(self) -> None:
        """Page until the server says there is no more; never stop at a short page; halve the page on failure."""
        size, idle = self.layer.max_rows, 0
        while len(self.rows) < self.count:
            try:
                page = self.portal.page(self.layer, geometry=self.geometry, offset=self.offset, rows=size)
            except NoPagesError:
                self.notes.append("the server cannot page by offset")
                return
            except FetchError as error:
                self._still_there(size, error)
                size = max(1, size // 2)
                continue
            fresh = self._add(page, self.offset + len(page.rows))
            if not page.exceeded and (self.offset >= self.count or not page.rows):
                return
            idle = 0 if fresh else idle + 1
            if idle >= _PATIENCE:
                self.notes.append("the server repeated itself while paging by offset")
                return

    def by_ranges(self) -> None:
        """Ask for the rows not yet held by ranges of object id, in halves where a range fails."""
        missing = [number for number in self.portal.object_ids(self.layer) if number not in self.rows]
        if not missing:
            return
        self.notes.append(f"{len(missing):,} rows taken by ranges of object id")
        size = self.layer.max_rows
        waiting = [missing[start : start + size] for start in range(0, len(missing), size)][::-1]
        idle = 0
        while waiting and idle < _PATIENCE:
            chunk = waiting.pop()
            name = self.layer.object_id
            try:
                page = self.portal.page(
                    self.layer, geometry=self.geometry, where=f"{name} >= {chunk[0]} AND {name} <= {chunk[-1]}"
                )
            except FetchError as error:
                self._still_there(len(chunk), error)
                half = len(chunk) // 2
                waiting += [chunk[half:], chunk[:half]]
                continue
            fresh = self._add(page, self.offset)
            idle = 0 if fresh else idle + 1
            left = [number for number in chunk if number not in self.rows]
            if left:
                waiting.append(left)

    def _still_there(self, size: int, error: FetchError) -> None:
        """After a failed page: stop if a single row fails, or if the server does not even count any more."""
        if size == 1:
            raise error
        self.portal.count(self.layer)
        self.notes.append(f"a page of {size:,} rows failed and was halved")

    def _add(self, page: Page, offset: int) -> int:
        before = len(self.rows)
        self._hold(page.rows)
        self.offset, self.crs, self.retrieved = offset, page.crs or self.crs, page.retrieved or self.retrieved
        if page.rows:
            self.pages += 1
            path = self.folder / f"page-{self.pages:06}.json"
            # A page is checked by its hash when it is taken up, so waiting for the disk would only make small pages slow.
            with write_atomically(path.with_suffix(".body"), flush=False) as part:
                part.write_bytes(page.content)
            digest = hashlib.sha256(page.content).hexdigest()
            record = {"offset": offset, "crs": self.crs, "retrieved": self.retrieved, "sha256": digest}
            write_json(path, record, flush=False)
        if self.progress is not None:
            self.progress(len(self.rows), self.count)
        return len(self.rows) - before

    def _take_up(self, path: Path, record: dict[str, Any] | None) -> bool:
        """Hold the rows of a page that was kept; say no if it is damaged or one before it is gone."""
        body = path.with_suffix(".body")
        if record is None or path.stem != f"page-{self.pages + 1:06}" or not body.is_file():
            return False
        content = body.read_bytes()
        if hashlib.sha256(content).hexdigest() != record.get("sha256"):
            return False
        page = page_of(content, retrieved=record["retrieved"])
        self._hold(page.rows)
        self.pages += 1
        self.offset, self.crs, self.retrieved = record["offset"], record["crs"], record["retrieved"]
        return True

    def _hold(self, rows: Iterable[dict[str, Any]]) -> None:
        for row in rows:
            stated = row.get("properties")
            properties: dict[str, Any] = stated if isinstance(stated, dict) else {}
            number = properties.get(self.layer.object_id, row.get("id"))
            if not isinstance(number, int):
                raise FetchError(
                    f"{self.layer.service} sends rows without {self.layer.object_id}", [f"found {str(stated)[:80]}"]
                )
            self.rows[number] = properties
            if self.geometry:
                # Built page by page: coordinates as Python lists would take ten times the memory.
                self.shapes[number] = _shape(row.get("geometry"), self.layer)


def _shape(geometry: dict[str, Any] | None, layer: LayerMeta) -> BaseGeometry | None:
    if geometry is None:
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ShapelyError) as error:
        raise FetchError(
            f"{layer.service} sends geometry that cannot be read", [f"{type(error).__name__}: {error}"]
        ) from error
