"""The portal's interface: services, layers, counts and pages, with its errors told apart from its answers."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from boundaries.transport import Session

BASE_URL = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
"""The services of the Office for National Statistics on the Open Geography Portal; no key is needed."""

PAGE_ROWS = 2000
"""The most rows asked for at once; most layers allow 1,000 or 2,000."""

_PASSING = frozenset({408, 429, 498, 500, 502, 503, 504})
"""Codes of error bodies that may pass; the others are answers."""

_PAGE_RETRIES = 1
"""A page that fails twice is asked for in halves instead."""


class NoPagesError(FetchError):
    """A server that cannot page by offset."""


@dataclass(frozen=True, slots=True)
class LayerMeta:
    """What the portal says of one layer or table."""

    service: str
    id: int
    url: str
    fields: tuple[str, ...]
    object_id: str
    max_rows: int
    pages: bool
    geometry_type: str
    edited: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows: GeoJSON features, or attributes under ``properties``; whether the server has more; the CRS it names.

    ``content`` is the body as it came, from which ``page_of`` makes the page again.
    """

    rows: tuple[dict[str, Any], ...]
    exceeded: bool
    crs: str
    retrieved: str
    content: bytes


class Portal:
    """One portal over one session."""

    def __init__(self, session: Session, base_url: str | None = None) -> None:
        self._session = session
        self._hasty = session.with_retries(_PAGE_RETRIES)
        self.base_url = (base_url or BASE_URL).rstrip("/")

    def service_names(self) -> tuple[str, ...]:
        """List the feature services, sorted; empty only if the portal says so again and again.

        Raises
        ------
        FetchError
            The portal does not answer, or with something else.
        """
        reader = _Reader(needed="services", otherwise=_EMPTY)
        try:
            listing = self._object(self.base_url, {"f": "json"}, reader)
        except FetchError:
            if reader.lacked:
                return ()
            raise
        with _understood("the list of services"):
            found = {str(entry["name"]) for entry in listing["services"] if entry.get("type") == "FeatureServer"}
        return tuple(sorted(found))

    def layers(self, service: str) -> tuple[LayerMeta, ...]:
        """Describe every layer and table of a service, in order of id.

        Raises
        ------
        FetchError
            There is no such service, or its description is not one.
        """
        url = f"{self.base_url}/{service}/FeatureServer"
        listing = self._object(url, {"f": "json"})
        with _understood(f"the description of {service}"):
            ids = {int(entry["id"]) for kind in ("layers", "tables") for entry in listing.get(kind) or []}
        return tuple(self._meta(service, number, f"{url}/{number}") for number in sorted(ids))

    def count(self, layer: LayerMeta) -> int:
        """Ask how many rows there are.

        Raises
        ------
        FetchError
            No number comes back.
        """
        answer = self._object(f"{layer.url}/query", {"where": "1=1", "returnCountOnly": "true", "f": "json"})
        count = answer.get("count")
        if not isinstance(count, int):
            raise FetchError(f"{layer.service} does not say how many rows it has", [f"found {str(answer)[:80]}"])
        return count

    def object_ids(self, layer: LayerMeta) -> tuple[int, ...]:
        """Ask for the ids of all rows, sorted.

        Raises
        ------
        FetchError
            The portal does not answer.
        """
        answer = self._object(f"{layer.url}/query", {"where": "1=1", "returnIdsOnly": "true", "f": "json"})
        with _understood(f"the object ids of {layer.service}"):
            return tuple(sorted(int(number) for number in answer.get("objectIds") or []))

    def page(
        self,
        layer: LayerMeta,
        *,
        geometry: bool,
        where: str = "1=1",
        offset: int | None = None,
        rows: int | None = None,
    ) -> Page:
        """Ask for some rows, in order of object id.

        Raises
        ------
        FetchError
            The portal does not answer with rows; ``NoPagesError`` where it cannot page by offset.
        """
        query: dict[str, str | int] = {"where": where, "outFields": "*", "orderByFields": layer.object_id}
        query |= {"outSR": 4326, "f": "geojson"} if geometry else {"returnGeometry": "false", "f": "json"}
        if offset is not None and rows is not None:
            query |= {"resultOffset": offset, "resultRecordCount": rows}
        reader = _Reader()
        try:
            fetched = self._hasty.get(f"{layer.url}/query", params=query, refuse=reader)
            body = _answer(reader.body, fetched.source.url)
        except FetchError as error:
            if _cannot_page(reader.body):
                raise NoPagesError(error.what, error.faults) from error
            raise
        return _page(body, fetched.read_bytes(), fetched.source.url, fetched.source.retrieved)

    def _meta(self, service: str, number: int, url: str) -> LayerMeta:
        meta = self._object(url, {"f": "json"})
        with _understood(f"the description of {service}, layer {number}"):
            kinds = {str(field["name"]): field.get("type") for field in meta.get("fields") or []}
            object_id = meta.get("objectIdField") or next(
                (name for name, kind in kinds.items() if kind == _OBJECT_ID), ""
            )
            abilities = meta.get("advancedQueryCapabilities") or {}
            return LayerMeta(
                service=service,
                id=number,
                url=url,
                fields=tuple(kinds),
                object_id=str(object_id),
                max_rows=max(1, min(PAGE_ROWS, int(meta.get("maxRecordCount") or PAGE_ROWS))),
                pages=bool(abilities.get("supportsPagination", meta.get("supportsPagination", True))),
                geometry_type=str(meta.get("geometryType") or ""),
                edited=str((meta.get("editingInfo") or {}).get("lastEditDate", "")),
            )

    def _object(self, url: str, query: Mapping[str, str | int], reader: _Reader | None = None) -> dict[str, Any]:
        reader = reader or _Reader()
        fetched = self._session.get(url, params=query, refuse=reader)
        return _answer(reader.body, fetched.source.url)


def page_of(content: bytes, *, retrieved: str) -> Page:
    """Make a page again from a body that was kept.

    Raises
    ------
    FetchError
        It is not a page.
    """
    reader = _Reader()
    fault = reader(content)
    if fault:
        raise FetchError("a page that was kept cannot be read", [fault])
    kept = "a page that was kept"
    return _page(_answer(reader.body, kept), content, kept, retrieved)


_OBJECT_ID = "esriFieldTypeOID"
_EMPTY = "the portal lists no services"


@contextlib.contextmanager
def _understood(what: str) -> Iterator[None]:
    """Turn an answer of an unexpected shape into one error."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FetchError(f"{what} is not what the portal promises", [f"{type(error).__name__}: {error}"]) from error


class _Reader:
    """Judge an answer, and keep it parsed: a page of full resolution takes seconds to parse.

    Called with the bytes it says why they are worth asking for again, or None: not JSON, an error that may pass in a body with
    status 200, or nothing under the key that is needed.
    """

    def __init__(self, *, needed: str = "", otherwise: str = "") -> None:
        self.body: dict[str, Any] = {}
        self.lacked = False
        self._needed = needed
        self._otherwise = otherwise

    def __call__(self, content: bytes) -> str | None:
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            return "the answer is not whole JSON"
        if not isinstance(body, dict):
            return "the answer is not a JSON object"
        self.body, self.lacked = body, False
        error = body.get("error")
        if isinstance(error, dict) and error.get("code") in _PASSING:
            return _told(error)
        self.lacked = bool(self._needed) and not body.get(self._needed)
        return self._otherwise if self.lacked else None


def _page(body: dict[str, Any], content: bytes, url: str, retrieved: str) -> Page:
    features = body.get("features")
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise FetchError(f"{url} holds no rows", [f"found {', '.join(sorted(body)) or 'an empty object'}"])
    rows = tuple({"properties": row["attributes"] or {}} if "attributes" in row else row for row in features)
    # The flag stands at the top of f=json, and under "properties" of f=geojson; servers differ.
    exceeded = any(
        isinstance(part, dict) and part.get("exceededTransferLimit") is True for part in (body, body.get("properties"))
    )
    named: Any = body
    for key in ("crs", "properties", "name"):
        named = named.get(key) if isinstance(named, dict) else None
    return Page(rows, exceeded, str(named or ""), retrieved, content)


def _answer(body: dict[str, Any], url: str) -> dict[str, Any]:
    if "error" in body:
        raise FetchError(f"{url} answers with an error", [_told(body["error"])])
    return body


def _cannot_page(body: Mapping[str, Any]) -> bool:
    """Say whether the server's own error is that it cannot page by offset."""
    error = body.get("error")
    said = [error.get("message"), *(error.get("details") or [])] if isinstance(error, dict) else [error]
    return any("pagination" in str(words).lower() for words in said)


def _told(error: Any) -> str:
    if not isinstance(error, dict):
        return f"the portal says: {error}"
    details = "; ".join(str(detail) for detail in error.get("details") or [] if str(detail) != error.get("message"))
    return f"the portal says: {error.get('code', 'no code')} {error.get('message', '')}" + (
        f" ({details})" if details else ""
    )
