"""Tables of databases by address: SQLite, DuckDB, PostgreSQL; read only, and without credentials in anything that is written.

A user name or a password in an address is refused: both are taken from the environment (``PGUSER``, ``PGPASSWORD``, ``PGPASSFILE``,
``PGSERVICE``), as PostgreSQL's own programs take them, so that no manifest, log or error can hold them.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import TableError, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SCHEMES = ("sqlite", "duckdb", "postgresql")
"""How addresses of databases begin."""

EXTRA = "pip install 'placeatlas[databases]'"
"""What brings the programs of DuckDB and PostgreSQL."""

_ADDRESS = re.compile(rf"({'|'.join(SCHEMES)}|postgres):/+(.*)", re.DOTALL)
_SECRET = ("PGPASSWORD", "PGUSER")

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name",
    "duckdb": "SELECT table_name FROM information_schema.tables ORDER BY table_name",
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema NOT IN "
    "('pg_catalog', 'information_schema') AND table_name NOT IN ('spatial_ref_sys', 'geometry_columns', "
    "'geography_columns') ORDER BY table_name",
}


def is_address(text: str | Path) -> bool:
    """Say whether a text, or a path made of it, is the address of a database.

    Examples
    --------
    >>> is_address("sqlite:///figures.db"), is_address(Path("postgresql://localhost/figures")), is_address("pay.csv")
    (True, True, False)
    """
    return _ADDRESS.fullmatch(str(text)) is not None


def name_of(address: str | Path) -> str:
    """Return what a database is called where it is cited: the last part of its address."""
    return str(address).partition("?")[0].rstrip("/").rpartition("/")[2].rpartition("@")[2]


def files_of(address: str | Path) -> tuple[Path, ...]:
    """Return where the file of an address may lie: relative, and from the root; none for a database that is a server's."""
    found = _ADDRESS.fullmatch(str(address))
    return (Path(found[2]), Path("/") / found[2]) if found and found[1] in {"sqlite", "duckdb"} else ()


def of_configuration(address: str, folders: Sequence[Path]) -> Path:
    """Return an address that a configuration names: a file found in its folders, or a database of the server of the environment.

    Raises
    ------
    TableError
        No such file; or a server that the configuration names itself: credentials of the environment would be sent to it.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise TableError("this is no address of a database", [f"expected one that begins with {', '.join(SCHEMES)}"])
    if relative := files_of(address):
        places = [folder / relative[0] for folder in folders]
        file = next((place for place in (*places, relative[1]) if place.is_file()), None)
        if file is None:
            raise TableError(f"there is no database {name_of(address)}", [f"looked in {listed(map(str, folders))}"])
        return Path(f"{found[1]}:///{file.resolve()}")
    if "/" in found[2] or "?" in found[2]:
        raise TableError(
            "a configuration names no server",
            ["write postgresql:///DATABASE, and set PGHOST, PGUSER and PGPASSWORD in the environment"],
        )
    return Path(address)


def query(address: str | Path, sql: str | None = None) -> pd.DataFrame:
    """Ask a database, read only.

    Parameters
    ----------
    address : ``sqlite:///figures.db``, ``duckdb:///figures.duckdb``, ``postgresql://host:port/database``; a relative file is
        looked up in the working folder. A path made of the address, which loses a slash, is the same.
        ``postgresql:///database`` is of the server that the environment names (``PGHOST``).
    sql : what is asked; without it the one table that the database holds.

    Raises
    ------
    TableError
        No such database, a query that fails, several tables and no query, credentials in the address, or a missing program.
    """
    found = _ADDRESS.fullmatch(str(address))
    if found is None:
        raise TableError("this is no address of a database", [f"expected one that begins with {', '.join(SCHEMES)}"])
    scheme = "postgresql" if found[1] == "postgres" else found[1]
    rest = found[2]
    connect = _OPENERS[scheme]
    if sql is None:
        tables = [str(name) for name in connect(rest, _TABLES[scheme]).iloc[:, 0]]
        if len(tables) != 1:
            raise TableError(
                f"{name_of(address)} holds {len(tables)} tables",
                [f'ask for one: sql = "SELECT …"; tables: {listed(tables, limit=20)}'],
            )
        quoted = tables[0].replace('"', '""')
        sql = f'SELECT * FROM "{quoted}"'  # noqa: S608  # the name is the database's own, quoted
    return _plain(connect(rest, sql))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as numbers: databases give exact decimals as objects of their own."""
    for name in frame.columns[frame.columns.duplicated()].unique():
        raise TableError("the query gives two columns of one name", [f"'{name}': call one of them otherwise, with AS"])
    for name in frame.columns:
        known = frame[name].dropna()
        if len(known) and known.map(lambda cell: isinstance(cell, Decimal)).all():
            frame[name] = frame[name].astype("float64")
    return frame


def _file_of(rest: str) -> Path:
    """Return the file of an address: relative where there is one, else from the root."""
    path = next((place for place in (Path(rest), Path("/") / rest) if place.is_file()), None)
    if path is None:
        raise TableError(
            f"there is no database {name_of(rest)}",
            ["an address has three slashes before a relative file, four before /"],
        )
    return path


def _rows(cursor: Any) -> pd.DataFrame:
    if cursor.description is None:
        raise TableError("this query gives no table", ["ask with SELECT"])
    names = [str(column[0]) for column in cursor.description]
    return pd.DataFrame.from_records(cursor.fetchall(), columns=names)


def _sqlite(rest: str, sql: str) -> pd.DataFrame:
    path = _file_of(rest)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return _rows(connection.execute(sql))
    except (sqlite3.Error, UnicodeDecodeError) as error:  # names of columns that are not UTF-8, too
        raise TableError(f"{path.name} cannot be asked", [str(error)]) from error


def _duckdb(rest: str, sql: str) -> pd.DataFrame:
    path = _file_of(rest)
    try:
        import duckdb  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise TableError("DuckDB is not installed", [EXTRA]) from error
    try:
        # a query may read what the file holds, not other files and no address
        with duckdb.connect(str(path), read_only=True, config={"enable_external_access": "false"}) as connection:
            return _rows(connection.execute(sql))
    except duckdb.Error as error:
        raise TableError(f"{path.name} cannot be asked", str(error).splitlines()[:1]) from error


def _postgresql(rest: str, sql: str) -> pd.DataFrame:
    if "@" in rest or re.search(r"[?&](user|password|passfile|sslpassword)=", rest):
        raise TableError(
            "an address of a database holds no user and no password",
            ["set PGUSER and PGPASSWORD, or PGPASSFILE, in the environment: postgresql://host/database"],
        )
    try:
        import psycopg  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise TableError("the program for PostgreSQL is not installed", [EXTRA]) from error
    try:
        # a database alone is of the server of the environment
        place = f"postgresql://{rest}" if "/" in rest.partition("?")[0] else f"postgresql:///{rest}"
        with psycopg.connect(place, connect_timeout=20) as connection:
            connection.read_only = True
            return _rows(connection.execute(sql.encode()))
    except psycopg.Error as error:
        raise TableError(
            f"{name_of(rest)} cannot be asked", [_without_secrets(str(error).strip().partition("\n")[0])]
        ) from None


def _without_secrets(text: str) -> str:
    for name in _SECRET:
        if secret := os.environ.get(name):
            text = text.replace(secret, "…")
    return text


_OPENERS: Mapping[str, Callable[[str, str], pd.DataFrame]] = {
    "sqlite": _sqlite,
    "duckdb": _duckdb,
    "postgresql": _postgresql,
}
"""By scheme."""
