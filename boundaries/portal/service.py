"""The portal's interface: services, layers, counts and pages, with its errors told apart from its answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boundaries.transport import Session

BASE_URL = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
"""The services of the Office for National Statistics on the Open Geography Portal; no key is needed."""

PAGE_ROWS = 2000
"""The most rows asked for at once; most layers allow 1,000 or 2,000."""

_PASSING = frozenset({408, 429, 498, 500, 502, 503, 504})
"""Codes of error bodies that may pass; the others are answers."""

_PAGE_RETRIES = 1
"""A page that fails twice is asked for in halves instead."""


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
    """Some rows: GeoJSON features, or attributes under ``properties``; whether the server has more; the CRS it names."""

    rows: tuple[dict[str, Any], ...]
    exceeded: bool
    crs: str
    retrieved: str


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

        def refuse(content: bytes) -> str | None:
            fault = _refusal(content)
            return fault or (None if json.loads(content).get("services") else _EMPTY)

        try:
            listing = self._object(self.base_url, {"f": "json"}, refuse=refuse)
        except FetchError as error:
            if any(fault.startswith(_EMPTY) for fault in error.faults):
                return ()
            raise
        services = [entry for entry in listing.get("services", []) if isinstance(entry, dict)]
        return tuple(
            sorted(
                {str(entry["name"]) for entry in services if entry.get("type") == "FeatureServer" and entry.get("name")}
            )
        )

    def layers(self, service: str) -> tuple[LayerMeta, ...]:
        """Describe every layer and table of a service, in order of id.

        Raises
        ------
        FetchError
            There is no such service, or its description is not one.
        """
        url = f"{self.base_url}/{service}/FeatureServer"
        listing = self._object(url, {"f": "json"})
        ids = sorted(
            {int(entry["id"]) for kind in ("layers", "tables") for entry in listing.get(kind) or [] if "id" in entry}
        )
        return tuple(self._meta(service, number, f"{url}/{number}") for number in ids)

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
            The portal does not answer with rows.
        """
        query: dict[str, str | int] = {"where": where, "outFields": "*", "orderByFields": layer.object_id}
        query |= {"outSR": 4326, "f": "geojson"} if geometry else {"returnGeometry": "false", "f": "json"}
        if offset is not None and rows is not None:
            query |= {"resultOffset": offset, "resultRecordCount": rows}
        fetched = self._hasty.get(f"{layer.url}/query", params=query, refuse=_refusal)
        body = _answer(fetched.read_bytes(), fetched.source.url)
        features = body.get("features")
        if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
            raise FetchError(
                f"{fetched.source.url} holds no rows", [f"found {', '.join(sorted(body)) or 'an empty object'}"]
            )
        if not geometry:
            features = [{"properties": feature.get("attributes") or {}} for feature in features]
        # The flag stands at the top of f=json, and under "properties" of f=geojson; servers differ.
        exceeded = any((part or {}).get("exceededTransferLimit") is True for part in (body, body.get("properties")))
        named = ((body.get("crs") or {}).get("properties") or {}).get("name", "")
        return Page(tuple(features), exceeded, str(named), fetched.source.retrieved)

    def _meta(self, service: str, number: int, url: str) -> LayerMeta:
        meta = self._object(url, {"f": "json"})
        fields = [field for field in meta.get("fields") or [] if isinstance(field, dict) and "name" in field]
        stated = meta.get("objectIdField") or next(
            (field["name"] for field in fields if field.get("type") == "esriFieldTypeOID"), ""
        )
        return LayerMeta(
            service=service,
            id=number,
            url=url,
            fields=tuple(str(field["name"]) for field in fields),
            object_id=str(stated),
            max_rows=min(PAGE_ROWS, int(meta.get("maxRecordCount") or PAGE_ROWS)),
            pages=bool(
                (meta.get("advancedQueryCapabilities") or {}).get(
                    "supportsPagination", meta.get("supportsPagination", True)
                )
            ),
            geometry_type=str(meta.get("geometryType") or ""),
            edited=str((meta.get("editingInfo") or {}).get("lastEditDate", "")),
        )

    def _object(self, url: str, query: Mapping[str, str | int], *, refuse: Any = None) -> dict[str, Any]:
        fetched = self._session.get(url, params=query, refuse=refuse or _refusal)
        return _answer(fetched.read_bytes(), fetched.source.url)


_EMPTY = "the portal lists no services"


def _refusal(content: bytes) -> str | None:
    """Say why an answer is worth asking for again, or None: not JSON, or an error that may pass in a body with status 200."""
    try:
        body = json.loads(content)
    except ValueError:
        return "the answer is not whole JSON"
    if not isinstance(body, dict):
        return "the answer is not a JSON object"
    error = body.get("error")
    return _told(error) if isinstance(error, dict) and error.get("code") in _PASSING else None


def _answer(content: bytes, url: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(content)
    if "error" in body:
        raise FetchError(f"{url} answers with an error", [_told(body["error"])])
    return body


def _told(error: Any) -> str:
    if not isinstance(error, dict):
        return f"the portal says: {error}"
    details = "; ".join(str(detail) for detail in error.get("details") or [] if str(detail) != error.get("message"))
    return f"the portal says: {error.get('code', 'no code')} {error.get('message', '')}" + (
        f" ({details})" if details else ""
    )
