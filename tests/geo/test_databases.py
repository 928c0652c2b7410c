"""Databases by address: SQLite and DuckDB files, and a PostgreSQL with PostGIS that the tests start on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import psycopg
import pytest

import placeatlas as pa
from boundaries.areas.loading import load_boundary_set
from geo.cli import run
from geo.databases import files_of, is_address, name_of, of_configuration, query
from geo.errors import ConfigError, TableError
from maps.atlas.config import load_config
from maps.atlas.inputs import check_reach, read_outcomes

ROWS = [("W06000001", 27.5), ("W06000002", 26.0), ("W06000003", None)]
SECRET = "not-to-be-printed"  # noqa: S105 - of a server that the tests start


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return the working folder, with the same table in SQLite and in DuckDB."""
    monkeypatch.chdir(tmp_path)
    with closing(sqlite3.connect("pay.db")) as file, file:
        file.execute("CREATE TABLE pay (code TEXT, pay REAL)")
        file.executemany("INSERT INTO pay VALUES (?, ?)", ROWS)
    with duckdb.connect("pay.duckdb") as file:
        file.execute("CREATE TABLE pay (code VARCHAR, pay DECIMAL(8, 2))")
        file.executemany("INSERT INTO pay VALUES (?, ?)", ROWS)
    return tmp_path


@pytest.mark.parametrize("address", ["sqlite:///pay.db", "duckdb:///pay.duckdb"])
def test_a_file_is_read_as_a_table(folder, address):
    for given in (address, Path(address), address.replace("///", f"///{folder}/")):
        assert query(given)["pay"].tolist()[:2] == [27.5, 26.0]
    table = pa.read(address, measure="mean", unit="£", sql="SELECT code, pay FROM pay WHERE pay > 26", value="pay")
    assert table.frame[["code", "value"]].to_numpy().tolist() == [["W06000001", 27.5]]
    assert table.meta.source.title == name_of(address)
    assert len(table.meta.source.sha256) == 64


@pytest.mark.parametrize("address", ["sqlite:///pay.db", "duckdb:///pay.duckdb"])
@pytest.mark.usefixtures("folder")
def test_what_is_asked_changes_nothing_and_faults_are_one_error(address):
    for sql in ("DELETE FROM pay", "DROP TABLE pay", "SELECT wage FROM pay", "SELEC"):
        with pytest.raises(TableError):
            query(address, sql)
    assert len(query(address)) == 3
    with pytest.raises(TableError, match="two columns of one name"):
        query(address, "SELECT code, code FROM pay")
    with pytest.raises(TableError, match="there is no database absent"):
        query(f"{address.partition(':')[0]}:///absent.db")


def test_a_query_reads_no_other_file(folder):
    (folder / "secret.csv").write_text("a\n1\n")
    with pytest.raises(TableError, match="cannot be asked"):
        query("duckdb:///pay.duckdb", f"SELECT * FROM read_csv('{folder}/secret.csv')")  # noqa: S608 - of the test


def test_several_tables_are_listed(folder):
    with closing(sqlite3.connect("pay.db")) as file, file:
        file.execute("CREATE TABLE jobs (code TEXT)")
    with pytest.raises(TableError, match="holds 2 tables") as caught:
        query("sqlite:///pay.db")
    assert "jobs, pay" in caught.value.faults[0]
    (folder / "text.db").write_text("no database at all, but some text")
    with pytest.raises(TableError, match=r"text\.db cannot be asked"):
        query("sqlite:///text.db")


def test_addresses():
    assert is_address(Path("postgresql://localhost/figures"))
    assert not is_address("pay.csv")
    assert name_of("postgresql://localhost/figures?sslmode=require") == "figures"
    assert files_of("postgresql://localhost/figures") == ()
    with pytest.raises(TableError, match="no address"):
        query("pay.csv")
    with pytest.raises(TableError, match="no address"):
        of_configuration("pay.csv", [])


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:{SECRET}@localhost/figures",
        "postgresql://me@localhost/figures",
        f"postgresql://localhost/figures?user=me&password={SECRET}",
    ],
)
def test_credentials_in_an_address_are_refused_and_not_repeated(address, capsys):
    with pytest.raises(TableError, match="no user and no password") as caught:
        query(address)
    assert SECRET not in str(caught.value)
    assert run(["map", address, "--sql", "SELECT 1"]) == 1
    assert SECRET not in capsys.readouterr().err


def test_the_verb_and_the_other_door(folder, capsys):
    codes = load_boundary_set("LAD", "2024-09-11", nations=["W"]).frame["code"]
    with closing(sqlite3.connect("wales.db")) as file, file:
        file.execute("CREATE TABLE pay (code TEXT, pay REAL)")
        file.executemany("INSERT INTO pay VALUES (?, ?)", [(code, 20.0 + n) for n, code in enumerate(codes)])
    asked = ["sqlite:///wales.db", "--sql", "SELECT code, pay FROM pay", "--measure", "mean", "--nations", "W"]
    assert run(["map", *asked, "-o", "pay.svg"]) == 0
    assert capsys.readouterr().out == "pay.svg\n"
    (folder / "pay.csv").write_text("code,pay\nW06000001,1\n")
    with pytest.raises(TableError, match="is a file, which is not asked in SQL"):
        pa.read(folder / "pay.csv", sql="SELECT 1")
    with pytest.raises(TableError, match="reads files"):
        pa.read("sqlite:///pay.db", source="els")


CONFIG = """
schema = 1
title = "Pay"
slug = "pay"
[[outcome]]
id = "pay"
file = "{address}"
sql = "SELECT code, pay FROM pay"
measure = "mean"
"""


def configured(folder, address):
    (folder / "atlas.toml").write_text(CONFIG.format(address=address))
    config = load_config(folder / "atlas.toml")
    check_reach(config, [folder])
    return read_outcomes(config, [folder]).tables["pay"]


def test_a_configuration_asks_databases_of_its_folders_only(folder, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.chdir(elsewhere)
    assert configured(folder, "sqlite:///pay.db").frame["value"].tolist()[:2] == [27.5, 26.0]
    shutil.copy(folder / "pay.db", elsewhere / "other.db")
    with pytest.raises(ConfigError, match="reads outside its folders"):
        configured(folder, f"sqlite:///{elsewhere}/other.db")
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        configured(folder, "postgresql://example.org/figures")
    assert "names no server" in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        configured(folder, "duckdb:///absent.duckdb")
    assert "there is no database absent.duckdb" in str(caught.value)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return the port of a PostgreSQL of our own on loopback, whose database "figures" has PostGIS; it wants a password."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    place = tmp_path_factory.mktemp("postgres")
    as_other = {}
    if os.getuid() == 0:  # the server refuses to run as root
        user = pwd.getpwnam("postgres")
        for path in (place, *place.parents):
            if path.owner() == "root" and path != Path("/"):
                path.chmod(path.stat().st_mode | 0o055)
        os.chown(place, user.pw_uid, user.pw_gid)
        as_other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (place / "password").write_text(SECRET)
    (place / "password").chmod(0o644)

    def call(*words):
        subprocess.run(words, check=True, capture_output=True, cwd=place, **as_other)

    data = str(place / "data")
    call(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "me",
        "-A",
        "scram-sha-256",
        f"--pwfile={place / 'password'}",
        "-E",
        "UTF8",
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    call(programs / "pg_ctl", "-D", data, "-o", options, "-l", str(place / "log"), "-w", "start")
    try:
        login = {"host": "127.0.0.1", "port": port, "user": "me", "password": SECRET}
        with psycopg.connect(**login, dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE figures")
        with psycopg.connect(**login, dbname="figures") as connection:
            connection.execute("CREATE EXTENSION postgis")
            connection.execute("CREATE TABLE pay (code text, pay numeric)")
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO pay VALUES (%s, %s)", [(c, v and Decimal(str(v))) for c, v in ROWS])
            connection.execute(
                "CREATE TABLE stops AS SELECT ST_SetSRID(ST_MakePoint(n, n), 27700) AS place FROM generate_series(1, 9) n"
            )
        yield port
    finally:
        call(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def known(server, monkeypatch):
    """Return the address of the server, whose credentials stand in the environment."""
    monkeypatch.setenv("PGUSER", "me")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    return f"postgresql://127.0.0.1:{server}/figures"


def test_postgresql_is_asked(known):
    table = pa.read(known, sql="SELECT code, pay FROM pay ORDER BY code", measure="mean", unit="£")
    assert table.frame["value"].tolist()[:2] == [27.5, 26.0]
    assert table.meta.source.title == "figures"
    with pytest.raises(TableError, match="holds 2 tables"):
        query(known)
    with pytest.raises(TableError, match="cannot be asked"):
        query(known, "DELETE FROM pay RETURNING code")
    assert len(query(known, "SELECT * FROM pay")) == 3


def test_postgis_counts_points_in_areas(known):
    sql = "SELECT 'W06000001' AS code, count(*) AS n FROM stops WHERE ST_Within(place, ST_MakeEnvelope(0, 0, 5.5, 5.5, 27700))"
    assert query(known, sql).to_dict("records") == [{"code": "W06000001", "n": 5}]


def test_a_configuration_names_a_database_of_the_environment(known, server, folder, monkeypatch):
    del known
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(server))
    table = configured(folder, "postgresql:///figures")
    assert table.frame["value"].tolist()[:2] == [27.5, 26.0]


def test_a_wrong_password_is_not_repeated(known, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "wrong-and-secret")
    monkeypatch.setenv("PGUSER", "somebody-secret")
    with pytest.raises(TableError, match="figures cannot be asked") as caught:
        query(known, "SELECT 1")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
