"""How the tests fetch: without pauses, from the server on this machine; and runs in processes of their own that are killed."""

from __future__ import annotations

import multiprocessing
import os
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio

from boundaries.official import CachedLayer, CachedLookup, fetch_layer
from boundaries.transport import Policy, store, write_atomically
from tests.boundaries.portal_faults import DAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    import geopandas as gpd

    from tests.boundaries.portal_server import PortalServer

BODY = b"code,value\nE06000001,1\n" * 50
AWAKE = Policy(retries=3, sleep=lambda _: None, timeout_s=5)
KILLED = 9
"""The exit status of a run that ends without clearing up."""


class Naps(list[float]):
    """Collects the pauses that were asked for instead of making them."""

    @property
    def policy(self) -> Policy:
        return Policy(retries=3, first_wait_s=0.5, timeout_s=5, sleep=self.append)


def fetch(server: PortalServer, cache: Path, **options: Any) -> CachedLayer:
    return fetch_layer("LAD", options.pop("date", DAY), base_url=server.base_url, cache=cache, policy=AWAKE, **options)


def read_layer(layer: CachedLayer) -> gpd.GeoDataFrame:
    """Return what a layer in the cache holds: ``code, name, name_cy, geometry``, sorted by code."""
    frame = pyogrio.read_dataframe(layer.path)
    named = {
        layer.code_field: "code",
        layer.name_field: "name",
        **({layer.name_cy_field: "name_cy"} if layer.name_cy_field else {}),
    }
    held = frame.rename(columns=named).assign(**({} if layer.name_cy_field else {"name_cy": ""}))
    return held[["code", "name", "name_cy", "geometry"]].sort_values("code", ignore_index=True)


def read_lookup(table: CachedLookup) -> pd.DataFrame:
    """Return what a lookup in the cache holds, every column text."""
    return pd.read_csv(table.path, dtype=str, keep_default_na=False)


def forget(layer: CachedLayer) -> None:
    """Remove a layer from the cache as a user would: record and file."""
    for path in layer.path.parent.glob(f"{layer.path.stem.rpartition('-')[0]}*"):
        path.unlink()


def files_in(folder: Path, kind: str = "") -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in (folder / kind).rglob("*") if path.is_file())


def started(run: Callable[..., object], *arguments: object) -> BaseProcess:
    """Start a function of this module in a process of its own; where the system can, all are forked of one that has the imports."""
    if os.name == "posix":
        context: Any = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", __name__])
    else:
        context = multiprocessing.get_context("spawn")
    process: BaseProcess = context.Process(target=run, args=arguments)
    process.start()
    return process


def ended(*processes: BaseProcess) -> list[int | None]:
    """Wait for processes and return their exit status; 1 is an exception, told on stderr."""
    for process in processes:
        process.join(timeout=60)
    return [process.exitcode for process in processes]


def run_whole(base_url: str, cache: Path, expected: str) -> None:
    assert fetch_layer("LAD", DAY, base_url=base_url, cache=cache).source.sha256 == expected


def run_killed_while_paging(base_url: str, cache: Path) -> None:
    fetch_layer(
        "LAD", DAY, base_url=base_url, cache=cache, progress=lambda rows, _: os._exit(KILLED) if rows > 150 else None
    )


def run_killed_at(step: str, base_url: str, cache: Path) -> None:
    setattr(store, step, lambda *_: os._exit(KILLED))
    fetch_layer("LAD", DAY, base_url=base_url, cache=cache)


def run_killed_while_writing(path: Path) -> None:
    with write_atomically(path) as part:
        part.write_text("half", encoding="utf-8")
        os._exit(KILLED)
