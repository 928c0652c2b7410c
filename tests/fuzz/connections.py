"""Count what readers ask the network: ``python -m tests.fuzz.connections``; a line a reader, ends with 1 where one asks.

Every reader gets its sound example, and files that lead elsewhere on purpose. ``strace`` counts the calls to the system that
open a connection or look a name up, so that libraries in C are seen, too; without it the sockets of Python are watched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.areas.layer_files import read_layer
from boundaries.sources.registry import read_outcome
from geo.databases import query
from geo.errors import PlaceatlasError
from geo.vectors import read_vectors
from maps.atlas.run import build_atlas
from tests.fuzz.every import READERS
from tests.fuzz.readers import CODES, Reader, as_json, as_layer, as_text, written
from tests.torture.calls import available
from tests.torture.verbs import ATLAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ELSEWHERE = "http://127.0.0.1:9/asked"
"""Where the files lead: nobody listens there, and nobody need: the question is what counts."""

_MARK = "/reader-of-placeatlas/"
_ASKS = re.compile(r"^\d+ +(?:connect|sendto|sendmsg|sendmmsg)\(\d+, .*sa_family=AF_INET6?")
_HERE = re.compile(rf'^\d+ +f?access\w*\(.*"{_MARK}(\d+)"')


def _linked(crs: object = None, **more: object) -> Callable[[], bytes]:
    """Return a layer that says of itself where more of it is."""

    def made() -> bytes:
        content: dict[str, Any] = json.loads(as_layer(".geojson", "GeoJSON"))
        if crs is not None:
            content["crs"] = crs
        return json.dumps({**content, **more}).encode()

    return made


def _packed(name: str, content: str) -> Callable[[], bytes]:
    def made() -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, content)
        return out.getvalue()

    return made


def _workbook() -> bytes:
    """Return a workbook whose first cell is a picture from elsewhere, and which links to another workbook."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(written("xlsx"))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"<t>name</t>", f'<f>WEBSERVICE("{ELSEWHERE}")</f>'.encode())
            new.writestr(name, content)
        new.writestr("xl/externalLinks/externalLink1.xml", f'<externalLink r:id="{ELSEWHERE}"/>')
    return out.getvalue()


def _table(path: Path) -> object:
    return read_outcome("table", path, columns={"value": "rate"}, measure="rate")


def _asked(sql: str) -> Callable[[Path], object]:
    return lambda path: query(f"duckdb:///{path}", sql)


def _built(path: Path) -> object:
    path.with_name("t.csv").write_text("code,value\n" + "".join(f"{code},1\n" for code in CODES), encoding="utf-8")
    return build_atlas(str(path), out=path.with_name("out"))


def _by_name(name: str) -> Reader:
    return next(one for one in READERS if one.name == name)


_VRT = f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{ELSEWHERE}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
_KML = f'<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>{ELSEWHERE}</href></Link></NetworkLink></kml>'
_GML = f'<a xmlns:xsi="x" xsi:schemaLocation="b {ELSEWHERE}"/>'
_RASTER_VRT = f'<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand band="1"><SimpleSource><SourceFilename>/vsicurl/{ELSEWHERE}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>'
_FEED = {"rel": "next", "href": ELSEWHERE, "type": "application/geo+json"}

LEADING = (
    Reader("crs by link", "l.geojson", _linked({"type": "link", "properties": {"href": ELSEWHERE}}), read_layer),
    Reader("crs by address", "l.geojson", _linked({"type": "name", "properties": {"name": ELSEWHERE}}), read_layer),
    Reader("next page", "l.geojson", _linked(links=[_FEED], exceededTransferLimit=True, nextPageToken="2"), read_layer),
    Reader("virtual layer", "l.vrt", as_text(_VRT), read_layer),
    Reader("virtual in zip", "l.zip", _packed("l.vrt", _VRT), read_layer),
    Reader("virtual as json", "l.geojson", as_text(_VRT), read_vectors),
    Reader("virtual as gpkg", "l.gpkg", as_text(_VRT), read_vectors),
    Reader("network link", "l.kml", as_text(_KML), read_layer),
    Reader("schema elsewhere", "l.gml", as_text(_GML), read_layer),
    Reader("virtual raster", "r.tif", as_text(_RASTER_VRT), lambda path: _by_name("raster").read(path)),
    Reader("address as file", "a.csv", as_text(""), lambda _path: read_outcome("table", Path(ELSEWHERE))),
    Reader("linked workbook", "t.xlsx", _workbook, _table),
    Reader("query of address", "p.duckdb", _by_name("duckdb").example, _asked(f"FROM read_csv('{ELSEWHERE}')")),
    Reader("query attaches", "p.duckdb", _by_name("duckdb").example, _asked(f"ATTACH '{ELSEWHERE}' AS other")),
    Reader("query installs", "p.duckdb", _by_name("duckdb").example, _asked("INSTALL httpfs")),
    Reader("atlas of address", "a.toml", as_text(ATLAS.replace("t.csv", ELSEWHERE)), _built),
    Reader("atlas of layer", "a.toml", as_text(ATLAS.replace("within", f'layer = "{ELSEWHERE}"\nwithin')), _built),
    Reader("atlas of source", "a.toml", as_text(ATLAS.replace('file = "t.csv"', 'source = "els"')), _built),
    Reader(
        "style elsewhere", "a.toml", as_text(ATLAS.replace("[outputs]", f'[outputs]\nstyle = "{ELSEWHERE}"')), _built
    ),
    Reader(
        "manifest elsewhere",
        "m.json",
        as_json({"tool": "placeatlas", "files": {ELSEWHERE: "0"}}),
        _by_name("manifest").read,
    ),
)
"""Files that lead elsewhere: each is refused, or read without what it leads to."""


def ask(path: Path) -> None:
    """Ask the network, as no reader may: what counts must see it."""
    place = path.read_text(encoding="utf-8")
    with socket.socket() as asking, suppress(OSError):
        asking.connect((place, 9))


ASKING = Reader("(asks on purpose)", "a", as_text("127.0.0.1"), ask)
"""Shows that a question is counted."""


def give_all(readers: tuple[Reader, ...]) -> list[str]:
    """Give every reader its example, each behind a mark that ``strace`` shows; return how each ended."""
    ended = []
    for place, reader in enumerate(readers):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / reader.file
            path.write_bytes(reader.example())
            os.access(f"{_MARK}{place}", os.F_OK)  # a call to the system that little else makes
            try:
                reader.read(path)
                ended.append("read")
            except PlaceatlasError:
                ended.append("refused")
    os.access(f"{_MARK}{len(readers)}", os.F_OK)
    return ended


def counted(readers: tuple[Reader, ...]) -> list[int]:
    """Return how often each reader asks, by what Python's own sockets are asked for."""
    counts: list[int] = []
    for reader in readers:
        with watched() as asked:
            give_all((reader,))
        counts.append(len(asked))
    return counts


@contextmanager
def watched() -> Iterator[list[object]]:
    """Let no socket of Python be connected, and note every try."""
    asked: list[object] = []

    def refused(*what: object, **_: object) -> None:
        asked.append(what)
        raise OSError("no network here")

    former = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    looked_up = socket.getaddrinfo
    try:
        for name in former:
            setattr(socket.socket, name, refused)
        socket.getaddrinfo = refused  # type: ignore[assignment]
        yield asked
    finally:
        for name, own in former.items():
            setattr(socket.socket, name, own)
        socket.getaddrinfo = looked_up


def counts_in(log: str, readers: int) -> list[int]:
    """Return how often each reader asked, by the calls between its mark and the next in a log of ``strace``."""
    counts, at = [0] * (readers + 1), readers
    for line in log.splitlines():
        if found := _HERE.match(line):
            at = int(found[1])
        elif _ASKS.match(line):
            counts[at] += 1
    return counts[:readers]


def counted_by_system(readers: tuple[Reader, ...]) -> tuple[list[int], list[str]]:
    """Return how often each reader asks by the calls that its process makes to the system, and how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        log, said = Path(folder) / "log", Path(folder) / "ended.json"
        watch = "trace=connect,sendto,sendmsg,sendmmsg,access,faccessat,faccessat2"
        words = [
            shutil.which("strace") or "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-s",
            "200",
            "-e",
            watch,
            "-o",
            str(log),
        ]
        words += [sys.executable, "-m", "tests.fuzz.connections", str(said)]
        subprocess.run(words, check=True, capture_output=True)
        text = log.read_text(encoding="utf-8", errors="replace")
        return counts_in(text, len(readers)), json.loads(said.read_text(encoding="utf-8"))


EVERY = (*READERS, *LEADING, ASKING)

if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(give_all(EVERY)), encoding="utf-8")
        sys.exit()
    if available():
        found, ends = counted_by_system(EVERY)
    else:
        print("(no strace here: what libraries in C ask is not seen)")
        found, ends = counted(EVERY), ["" for _ in EVERY]
    for one, count, end in zip(EVERY, found, ends, strict=True):
        print(f"{one.name:20} {end:8} {count:4}")
    print(f"{'all readers':20} {'':8} {sum(found[:-1]):4}")
    sys.exit(1 if sum(found[:-1]) or found[-1] != 1 else 0)
