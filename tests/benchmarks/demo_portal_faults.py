"""Fetch LAD, UTLA and a lookup from a misbehaving server on this machine, and print what became of each fault.

Run it from the project's root: ``python -m tests.benchmarks.demo_portal_faults``. Nothing leaves the machine; all geometry is
made up (squares), only the codes are real.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.official import cached_layer, cached_layers, fetch_layer, fetch_lookup
from boundaries.transport import Policy, extract_zip, get
from geo.errors import FetchError
from tests.boundaries.portal_faults import CODES, DAY, REFUSED, SURVIVED, lad_layer, lookup_layer, utla_layer
from tests.boundaries.portal_server import FOREVER, HTML, PortalServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = tuple[str, str, str, str]
"""What was fetched, the fault, survived or refused or WRONG, and the evidence."""

POLICY = Policy(retries=3, sleep=lambda _: None, timeout_s=5)
YEAR_END = dt.date(2024, 12, 31)
SHARED_FAULTS = (
    "catalogue_empty",
    "catalogue_html",
    "error_body",
    "html_page",
    "short_page",
    "empty_page",
    "row_lost",
    "half_json",
    "offset_ignored",
)


def main() -> int:
    """Print the table; return the number of rows that did not end as they should."""
    rows = [*_layers(), *_others(), *_interrupted(), *_files()]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        sys.stdout.write("  ".join([*cells, row[3]]).rstrip() + "\n")
    wrong = sum(row[2] == "WRONG" for row in rows)
    survived, refused = (sum(row[2] == word for row in rows) for word in ("survived", "refused"))
    sys.stdout.write(
        f"{len(rows)} faults: {survived} survived, {refused} refused with one error and the cache unharmed, {wrong} wrong\n"
    )
    return wrong


def _layers() -> Iterator[Row]:
    with PortalServer([lad_layer(max_record_count=2000)]) as server, tempfile.TemporaryDirectory() as folder:
        clean = fetch_layer("LAD", DAY, base_url=server.base_url, cache=Path(folder), policy=POLICY).source.sha256
    for fault, (settings, faults) in SURVIVED.items():
        with PortalServer([lad_layer(**settings)], **faults) as server, tempfile.TemporaryDirectory() as folder:
            layer = fetch_layer("LAD", DAY, base_url=server.base_url, cache=Path(folder), policy=POLICY)
            same = (
                "same bytes as without the fault"
                if layer.source.sha256 == clean
                else f"{layer.code_field}, other field names"
            )
            requests = len(server.requests)
        yield (
            "LAD",
            fault,
            "survived" if layer.count == len(CODES) else "WRONG",
            f"{layer.count} areas in {requests} requests; {same}",
        )
    for fault, (settings, faults, _) in REFUSED.items():
        with PortalServer([lad_layer(**settings)], **faults) as server, tempfile.TemporaryDirectory() as folder:
            yield _refused(
                "LAD",
                fault,
                Path(folder),
                lambda url=server.base_url, at=folder: fetch_layer(
                    "LAD", DAY, base_url=url, cache=Path(at), policy=POLICY
                ),
            )


def _others() -> Iterator[Row]:
    for fault in SHARED_FAULTS:
        with (
            PortalServer([utla_layer(), lookup_layer()], **{fault: 2}) as server,
            tempfile.TemporaryDirectory() as folder,
        ):
            options: dict[str, Any] = {"base_url": server.base_url, "cache": Path(folder), "policy": POLICY}
            layer = fetch_layer("UTLA", YEAR_END, resolution="BUC", **options)
            server.faults[fault] = 2
            table = fetch_lookup("LAD", "UTLA", YEAR_END, **options)
        words = fault.replace("_", " ") + " twice"
        yield "UTLA", words, "survived" if layer.count == 218 else "WRONG", str(layer)
        yield "lookup", words, "survived" if table.count == 318 else "WRONG", str(table)


def _interrupted() -> Iterator[Row]:
    def stop(rows: int, expected: int) -> None:
        if rows >= min(200, expected):
            raise KeyboardInterrupt

    with PortalServer([lad_layer()]) as server, tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        try:
            fetch_layer("LAD", DAY, base_url=server.base_url, cache=cache, policy=POLICY, progress=stop)
        except KeyboardInterrupt:
            half = cached_layers(cache)
        layer = fetch_layer("LAD", DAY, base_url=server.base_url, cache=cache, policy=POLICY)
        yield "LAD", "stopped after 200 rows", "WRONG" if half else "survived", layer.notes[-1]
    with tempfile.TemporaryDirectory() as folder:
        yield (
            "LAD",
            "offline, nothing held",
            "WRONG" if cached_layer("LAD", DAY, cache=Path(folder)) else "survived",
            "no layer, no request",
        )


def _files() -> Iterator[Row]:
    body = b"code,value\nE06000001,1\n"
    files: dict[str, tuple[bytes, dict[str, str]]] = {
        "/huge": (body, {"Content-Length": str(2 * 1024**3)}),
        "/page": (HTML, {"Content-Type": "text/csv"}),
        "/table": (body, {}),
        "/away": (b"", {"Location": "http://example.org/table"}),
    }
    with PortalServer() as server, tempfile.TemporaryDirectory() as folder:
        server.files |= files
        cache = Path(folder) / "cache"
        options: dict[str, Any] = {"cache": cache, "policy": POLICY}
        yield _refused("file", "claims 2 GB", cache, lambda: get(f"{server.url}/huge", **options))
        yield _refused("file", "HTML page with status 200", cache, lambda: get(f"{server.url}/page", **options))
        yield _refused(
            "file",
            "wrong hash",
            cache,
            lambda: get(f"{server.url}/table", expected_sha256=hashlib.sha256(b"").hexdigest(), **options),
        )
        yield _refused("file", "redirect to plain http elsewhere", cache, lambda: get(f"{server.url}/away", **options))
        server.faults["truncated"] = FOREVER
        yield _refused("file", "cut short without end", cache, lambda: get(f"{server.url}/table", **options))
        server.faults["truncated"] = 2
        whole = get(f"{server.url}/table", **options).read_bytes() == body
        yield "file", "cut short twice", "survived" if whole else "WRONG", f"{len(body)} bytes"
        archive = Path(folder) / "hostile.zip"
        with zipfile.ZipFile(archive, "w") as opened:
            opened.writestr("../../escaped.txt", "x")
        yield _refused("zip", "path traversal", cache / "none", lambda: extract_zip(archive, Path(folder) / "out"))


def _refused(what: str, fault: str, cache: Path, act: Callable[[], object]) -> Row:
    before = _state(cache)
    try:
        act()
    except FetchError as error:
        detail = error.faults[0] if error.faults else error.what
        return what, fault, "refused" if _state(cache) == before else "WRONG", detail
    return what, fault, "WRONG", "it was taken"


def _state(cache: Path) -> str:
    """Describe what the cache serves: layers and downloads, not pages waiting for the next run."""
    paths = [
        path
        for kind in ("layers", "lookups", "downloads")
        for path in sorted((cache / kind).rglob("*"))
        if path.is_file()
    ]
    return json.dumps([[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in paths])


if __name__ == "__main__":
    raise SystemExit(main())
