"""A server on this machine that behaves like the Open Geography Portal, faults included.

Everything it holds is made up: squares on a grid, codes given by the test. Each fault is a named counter: it happens that many
times and then no more (``FOREVER`` for ever).
"""

from __future__ import annotations

import json
import select
import socket
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOREVER = 10**9
ROOT = "/arcgis/rest/services"
HTML = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>We are experiencing difficulties</body></html>"
DATE = "Wed, 11 Sep 2024 10:00:00 GMT"

_METRES_PER_DEGREE = 100_000


@dataclass
class Layer:
    """One made-up layer or table: rows of attributes, a square each unless it is a table."""

    name: str
    rows: list[dict[str, Any]]
    id: int = 0
    oid: str = "OBJECTID"
    max_record_count: int = 2000
    pagination: bool = True
    geometry: bool = True
    geometry_type: str = "esriGeometryPolygon"
    edited: int = 1_725_000_000_000
    shapes: list[dict[str, Any]] | None = None
    """GeoJSON geometries, one a row, instead of squares."""
    decoys: list[int] = field(default_factory=list)
    """Ids of further layers of the service that hold nothing of use."""


def square(position: int) -> list[list[float]]:
    """Return the ring of the square at a place of a grid over Great Britain."""
    x, y = -5.0 + (position % 25) * 0.2, 51.0 + (position // 25) * 0.2
    return [[x, y], [x, y + 0.2], [x + 0.2, y + 0.2], [x + 0.2, y], [x, y]]


def lad_rows(
    codes: Iterable[str], *, prefix: str = "LAD24", names: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Return attributes as the portal writes them for the codes given."""
    codes = list(codes)
    titles = list(names) if names is not None else [f"Place {number}" for number in range(len(codes))]
    return [
        {f"{prefix}CD": code, f"{prefix}NM": title, f"{prefix}NMW": "", "BNG_E": 400_000, "BNG_N": 300_000}
        for code, title in zip(codes, titles, strict=True)
    ]


class PortalServer:
    """Start it in a ``with`` block; ``base_url`` is what a client is given."""

    def __init__(self, layers: Iterable[Layer] = (), *, certificate: Path | None = None, **faults: int) -> None:
        self.certificate = certificate
        self.tunnel_to: PortalServer | None = None
        self.layers = {layer.name: layer for layer in layers}
        self.faults = dict(faults)
        self.files: dict[str, tuple[bytes, dict[str, str]]] = {}
        self.requests: list[str] = []
        self.happened: dict[str, int] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        portal = self

        class Handler(_Handler):
            server_of = portal

        self._http = _Quiet(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)

    @property
    def url(self) -> str:
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        return self.url + ROOT

    def strikes(self, fault: str) -> bool:
        """Say whether a fault happens now, and count it."""
        with self._lock:
            left = self.faults.get(fault, 0)
            if left <= 0:
                return False
            self.faults[fault] = left - 1
            self.happened[fault] = self.happened.get(fault, 0) + 1
            return True

    def queries(self) -> list[str]:
        """Return the requests for pages of data made so far."""
        return [
            path
            for path in self.requests
            if "/query" in path and "returnCountOnly" not in path and "returnIdsOnly" not in path
        ]


class _Quiet(ThreadingHTTPServer):
    """A client that hangs up is part of the game."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class _Handler(BaseHTTPRequestHandler):
    server_of: PortalServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature is the library's
        """Say nothing."""

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the signature is the library's
        return DATE

    def do_CONNECT(self) -> None:
        """Be a proxy: open a tunnel to the server named by the test, whatever host was asked for."""
        self.server_of.requests.append(f"CONNECT {self.path}")
        if self.server_of.tunnel_to is None:
            self._send(b"", status=403)
            return
        with socket.create_connection(("127.0.0.1", self.server_of.tunnel_to.port), timeout=5) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            other = {self.connection: far, far: self.connection}
            while True:
                ready, _, _ = select.select(list(other), [], [], 5)
                blocks = [(end, end.recv(65_536)) for end in ready]
                if not blocks or not all(block for _, block in blocks):
                    break
                for end, block in blocks:
                    other[end].sendall(block)
        self.close_connection = True

    def do_GET(self) -> None:
        portal = self.server_of
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), {key: values[-1] for key, values in parse_qs(parts.query).items()}
        portal.requests.append(self.path)
        if path in portal.files:
            self._file(*portal.files[path])
        elif path == ROOT:
            self._catalogue()
        elif path.startswith(ROOT + "/"):
            self._service(path.removeprefix(ROOT + "/"), query)
        else:
            self._send(b"nothing here", status=404)

    def _file(self, body: bytes, headers: dict[str, str]) -> None:
        portal = self.server_of
        if portal.strikes("busy"):
            self._send(b"busy", status=503, headers={"Retry-After": "7"})
        elif portal.strikes("busy_until"):
            self._send(b"busy", status=503, headers={"Retry-After": "Wed, 11 Sep 2024 10:00:30 GMT"})
        elif portal.strikes("truncated"):
            self._cut_short(body)
        elif portal.strikes("dropped"):
            self.close_connection = True
        elif portal.strikes("silent"):
            threading.Event().wait(1.0)
            self.close_connection = True
        elif "Location" in headers:
            self._send(b"", status=302, headers=headers)
        else:
            self._send(body, headers=headers)

    def _catalogue(self) -> None:
        portal = self.server_of
        if portal.strikes("catalogue_html"):
            self._send(HTML, headers={"Content-Type": "text/html"})
        elif portal.strikes("catalogue_empty"):
            self._json({"currentVersion": 11.2, "services": []})
        else:
            services = [
                {"name": name, "type": kind} for name in portal.layers for kind in ("FeatureServer", "WFSServer")
            ]
            self._json(
                {
                    "currentVersion": 11.2,
                    "services": [*services, {"name": "Wards_December_2024", "type": "FeatureServer"}],
                }
            )

    def _service(self, rest: str, query: dict[str, str]) -> None:
        name, _, tail = rest.partition("/FeatureServer")
        layer = self.server_of.layers.get(name)
        if layer is None:
            self._json({"error": {"code": 400, "message": "Invalid URL", "details": ["Invalid URL"]}})
        elif not tail:
            listed = [
                {"id": number, "name": f"{name}_{number}", "type": "Feature Layer"}
                for number in sorted([layer.id, *layer.decoys])
            ]
            self._json({"layers": listed if layer.geometry else [], "tables": [] if layer.geometry else listed})
        elif tail in {f"/{number}" for number in layer.decoys}:
            self._json(_meta(Layer(name, [], oid="FID", geometry_type="esriGeometryPoint")))
        elif tail == f"/{layer.id}":
            meta = _meta(layer)
            if self.server_of.strikes("says_it_pages"):
                meta["advancedQueryCapabilities"] = {"supportsPagination": True}
            self._json(meta)
        elif tail == f"/{layer.id}/query":
            self._query(layer, query)
        else:
            self._json({"error": {"code": 404, "message": f"no such layer {tail}", "details": []}})

    def _query(self, layer: Layer, query: dict[str, str]) -> None:
        portal = self.server_of
        ids = list(range(1, len(layer.rows) + 1))
        if query.get("returnCountOnly") == "true":
            self._json({"count": len(ids) + (3 if portal.strikes("count_lies") else 0)})
            return
        if query.get("returnIdsOnly") == "true":
            self._json({"objectIdFieldName": layer.oid, "objectIds": ids})
            return
        asked = int(query.get("resultRecordCount", layer.max_record_count))
        if portal.strikes("error_body"):
            self._json({"error": {"code": 500, "message": "Unable to perform query operation.", "details": []}})
        elif portal.strikes("html_page"):
            self._send(HTML, headers={"Content-Type": "text/html"})
        elif portal.strikes("server_error"):
            self._send(b"oops", status=500)
        elif portal.strikes("truncated_page"):
            self._cut_short(json.dumps(self._page(layer, query, ids, asked)).encode())
        elif portal.strikes("half_json"):
            self._send(json.dumps(self._page(layer, query, ids, asked)).encode()[:-40])
        elif asked > portal.faults.get("largest_page", FOREVER):
            portal.happened["largest_page"] = portal.happened.get("largest_page", 0) + 1
            self._json({"error": {"code": 504, "message": "Your request has timed out.", "details": []}})
        elif "resultOffset" in query and not layer.pagination:
            self._json({"error": {"code": 400, "message": "Pagination is not supported.", "details": []}})
        else:
            self._json(self._page(layer, query, ids, asked))

    def _page(self, layer: Layer, query: dict[str, str], ids: list[int], asked: int) -> dict[str, Any]:
        portal = self.server_of
        chosen = _where(query.get("where", "1=1"), layer.oid, ids)
        offset = 0 if portal.strikes("offset_ignored") else int(query.get("resultOffset", 0))
        size = min(asked, layer.max_record_count)
        if portal.strikes("short_page"):
            size = max(1, size // 3)
        page = chosen[offset : offset + size]
        exceeded = offset + len(page) < len(chosen)
        if portal.strikes("empty_page"):
            page, exceeded = [], True
        if portal.strikes("flag_forgotten"):
            exceeded = False
        if portal.strikes("row_lost"):
            page = page[:-1]
        if portal.strikes("row_doubled"):
            page = [page[0], *page]
        return _features(layer, query, page, exceeded, portal)

    def _json(self, data: dict[str, Any]) -> None:
        self._send(json.dumps(data).encode(), headers={"Content-Type": "application/json"})

    def _send(self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
        headers = headers or {}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut_short(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.close_connection = True


def _meta(layer: Layer) -> dict[str, Any]:
    keys = dict.fromkeys(key for row in layer.rows for key in row)
    return {
        "id": layer.id,
        "name": layer.name,
        "type": "Feature Layer" if layer.geometry else "Table",
        "geometryType": layer.geometry_type if layer.geometry else None,
        "fields": [
            {"name": layer.oid, "type": "esriFieldTypeOID"},
            *({"name": key, "type": "esriFieldTypeString"} for key in keys),
        ],
        "objectIdField": layer.oid,
        "maxRecordCount": layer.max_record_count,
        "advancedQueryCapabilities": {"supportsPagination": layer.pagination},
        "editingInfo": {"lastEditDate": layer.edited},
        "extent": {"spatialReference": {"wkid": 27700, "latestWkid": 27700}},
    }


def _where(where: str, oid: str, ids: list[int]) -> list[int]:
    if where == "1=1":
        return ids
    low, _, high = where.replace(f"{oid} >= ", "").partition(f" AND {oid} <= ")
    return [number for number in ids if int(low) <= number <= int(high)]


def _features(
    layer: Layer, query: dict[str, str], page: list[int], exceeded: int, portal: PortalServer
) -> dict[str, Any]:
    rows = [(number, {layer.oid: number, **layer.rows[number - 1]}) for number in page]
    if query.get("f") != "geojson":
        body: dict[str, Any] = {"objectIdFieldName": layer.oid, "features": [{"attributes": row} for _, row in rows]}
        if exceeded:
            body["exceededTransferLimit"] = True
        return body
    wrong = portal.strikes("wrong_geometry")
    metres = portal.strikes("metres")
    swapped = portal.strikes("axes_swapped")
    features = []
    for number, row in rows:
        ring = square(number - 1)
        if metres:
            ring = [[400_000 + x * _METRES_PER_DEGREE / 10, 300_000 + y] for x, y in ring]
        if swapped:
            ring = [[y, x] for x, y in ring]
        geometry: dict[str, Any] | None = {"type": "Polygon", "coordinates": [ring]}
        if layer.shapes is not None:
            geometry = layer.shapes[number - 1]
        if wrong or layer.geometry_type == "esriGeometryPoint":
            geometry = {"type": "Point", "coordinates": ring[0]}
        if portal.strikes("null_geometry"):
            geometry = None
        if portal.strikes("broken_geometry"):
            geometry = {"type": "Polygon", "coordinates": [[["x"]]]}
        features.append({"type": "Feature", "id": number, "geometry": geometry, "properties": row})
    body = {"type": "FeatureCollection", "features": features}
    if portal.strikes("crs_ignored"):
        body["crs"] = {"type": "name", "properties": {"name": "EPSG:27700"}}
    if portal.strikes("unknown_crs"):
        body["crs"] = {"type": "name", "properties": {"name": "EPSG:999999"}}
    if portal.strikes("bare_rows"):
        body["features"] = [{"type": "Feature", "geometry": None, "properties": [1]}]
    if exceeded and portal.faults.get("flag_at_top"):
        body["exceededTransferLimit"] = True
    elif exceeded:
        body["properties"] = {"exceededTransferLimit": True}
    return body
