"""Every adapter by name: the built-in ones, and those of other distributions (entry points ``placeatlas.sources``)."""

from __future__ import annotations

import difflib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import parse_qsl

from boundaries.sources.bundled import Bundled
from boundaries.sources.composites import CompositeIndex
from boundaries.sources.dfe import ExploreEducationStatistics
from boundaries.sources.els import ExploreLocalStatistics
from boundaries.sources.fetching import Link
from boundaries.sources.fingertips import Fingertips
from boundaries.sources.foreign import Foreign
from boundaries.sources.held import dated
from boundaries.sources.nomis import Nomis
from boundaries.sources.smc import SocialMobilityCommission
from boundaries.sources.table import Table
from geo.arguments import path_of
from geo.errors import PluginError, TableError
from geo.guests import guest
from geo.plugins import load_group, origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boundaries.outcomes.table import OutcomeTable

GROUP = "placeatlas.sources"

FILE = "file"
"""In front of the address of a table that no adapter knows."""


@runtime_checkable
class Adapter(Protocol):
    """What reads one publisher's format."""

    name: str

    def file_of(self, outcome: str) -> str | None:
        """Return the file, relative to a data folder, that holds an outcome by its id; None when there is no such rule."""
        ...

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read a local file; ``options`` overrule what the file says."""
        ...

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch the file of an outcome, by id or address, into the cache."""
        ...


def adapters() -> Mapping[str, Adapter]:
    """Return every adapter by name.

    Raises
    ------
    PluginError
        If an extension takes a name that is in use, or is not an adapter.
    """
    built_in: tuple[Adapter, ...] = (
        Bundled(),
        CompositeIndex(),
        ExploreEducationStatistics(),
        ExploreLocalStatistics(),
        Fingertips(),
        Nomis(),
        SocialMobilityCommission(),
        Table(),
    )
    found: dict[str, Adapter] = {adapter.name: adapter for adapter in built_in}
    faults = []
    for name, loaded in load_group(GROUP).items():
        who = f"the source '{name}' of {origin_of(GROUP, name)}"
        try:
            with guest(who):
                adapter = loaded() if isinstance(loaded, type) else loaded
        except PluginError as refused:
            faults.append("; ".join([refused.what, *refused.faults]))
            continue
        except Exception as error:  # noqa: BLE001  # whatever a stranger's class does is told with the other faults
            faults.append(f"{who} cannot be made: {type(error).__name__}: {error}")
            continue
        if name in found:
            faults.append(f"'{name}' is an adapter of placeatlas itself; the extension must take another name")
        elif not isinstance(adapter, Adapter):
            faults.append(f"'{name}' is {type(adapter).__name__}, which has no name, file_of, read and fetch")
        else:
            found[name] = Foreign(adapter, who)
    if faults:
        raise PluginError(f"extensions of the group {GROUP} cannot be used", faults)
    return MappingProxyType(dict(sorted(found.items())))


def adapter_named(source: str) -> Adapter:
    """Return one adapter.

    Raises
    ------
    TableError
        If there is none of that name; the nearest is given.
    """
    known = adapters()
    if source not in known:
        near = difflib.get_close_matches(source, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"adapters: {', '.join(known)}"
        raise TableError(f"there is no adapter '{source}'", [hint])
    return known[source]


def read_outcome(source: str, path: Path | str, **options: object) -> OutcomeTable:
    """Read a file with the adapter called ``source``.

    Parameters
    ----------
    source : name of an adapter (``adapters()`` lists them).
    path : the file; for ``"bundled"`` the id of the outcome.
    options : what overrules the file: any field of OutcomeMeta, ``columns`` (role = column), ``where`` (column = value to
        keep), and what the adapter itself takes. Options that are None count as not given.

    Raises
    ------
    TableError
        If there is no such adapter or file, or the file cannot be understood.
    """
    adapter = adapter_named(source)
    path = path_of(path, "path")
    if source != Bundled.name and not path.is_file():
        raise TableError(f"there is no file {path.name}", [f"looked for {path}"])
    table = adapter.read(path, options={name: value for name, value in options.items() if value is not None})
    origin = dated(table.meta.source, path)
    return table if origin == table.meta.source else replace(table, meta=replace(table.meta, source=origin))


def fetch_outcome(source: str, outcome: str, *, link: Link | None = None, **options: object) -> Path:
    """Fetch the file of an outcome into the cache, with hash and retries, and return its path for ``read_outcome``.

    Parameters
    ----------
    source : name of an adapter.
    outcome : id of the outcome (``els``, ``nomis``, ``fingertips``) or the full address of its file (the others).
    link : cache, mirror, offline work, patience. options : what the adapter's ``fetch`` takes.

    Raises
    ------
    TableError
        If there is no such adapter.
    FetchError
        If the file cannot be fetched.
    """
    return adapter_named(source).fetch(outcome, link=link or Link(), options=options)


def names_outcome(text: str) -> bool:
    """Say whether a text is ``adapter:outcome``, or ``file:`` and an address."""
    source, _, outcome = text.partition(":")
    return bool(outcome) and (source == FILE or source in adapters())


def fetch_named(text: str, *, source: str = "", link: Link | None = None) -> Path:
    """Fetch the outcome that a text names, as ``fetch_outcome``.

    Parameters
    ----------
    text : ``els:ID``, ``fingertips:NUMBER``, ``nomis:DATASET?geography=TYPE424&date=latest``, ``dfe:RELEASE#TABLE.csv``; ``smc:``
        and ``file:`` (any table) with the full address of the file.
    source : the adapter that will read what ``file:`` names; a table without one. link : how to reach the publisher.

    Raises
    ------
    TableError, FetchError
        As ``fetch_outcome``.
    """
    prefix, _, outcome = text.partition(":")
    adapter = (source or Table.name) if prefix == FILE else prefix
    link = replace(link or Link(), asked=text)
    if "://" in outcome:
        return fetch_outcome(adapter, outcome, link=link)
    name, _, query = outcome.partition("?")
    return fetch_outcome(adapter, name, link=link, **({"query": dict(parse_qsl(query))} if query else {}))
