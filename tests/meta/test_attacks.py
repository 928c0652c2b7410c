"""The attacks of ``make fuzz`` and ``make torture``, in short: some damaged files for every reader, some kills of some verbs."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.connections import ASKING, EVERY, counted, counted_by_system, counts_in, watched
from tests.fuzz.every import READERS
from tests.fuzz.mutators import damaged
from tests.fuzz.readers import Reader
from tests.fuzz.running import Told, attack, attack_apart
from tests.torture.calls import available
from tests.torture.scene import whole
from tests.torture.verbs import VERBS, in_fork, write_inputs

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_damaged_file_is_read_or_refused(reader: Reader) -> None:
    told = attack(reader, 12, seed=7)
    assert told.failures == {}
    assert told.read + told.refused == told.tries == 12


def test_no_reader_asks_the_network() -> None:
    """Hold on to the readers whose files lead elsewhere, and to one that asks on purpose: each is counted by itself."""
    if available():
        counts, ended = counted_by_system(EVERY)
        assert set(ended) == {"read", "refused"}
    else:
        counts = counted(EVERY)
    asking = {reader.name: count for reader, count in zip(EVERY, counts, strict=True) if count}
    assert asking == {ASKING.name: 1}


def test_sockets_and_calls_are_counted_alike() -> None:
    assert counted((READERS[0], ASKING)) == [0, 1]
    with watched() as asked, pytest.raises(OSError, match="no network here"):
        socket.getaddrinfo("example.org", 80)
    assert len(asked) == 1
    log = """7 access("/reader-of-placeatlas/0", F_OK) = -1 ENOENT
7 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
8 connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1
7 access("/reader-of-placeatlas/1", F_OK) = -1 ENOENT
9 sendto(5, "x", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53)}, 28) = 1
7 faccessat(AT_FDCWD, "/reader-of-placeatlas/2", F_OK) = -1 ENOENT
9 connect(5, {sa_family=AF_INET}, 28) = 1"""
    assert counts_in(log, 2) == [1, 1]


def test_a_reader_that_fails_prints_or_dies_is_told() -> None:
    def fails(path: Path) -> None:
        print("hello")
        if path.read_bytes() != b"1,2,3\n":
            raise ZeroDivisionError

    told = attack(Reader("toy", "t.csv", lambda: b"1,2,3\n", fails), 20, seed=1)
    assert any(fault.startswith("ZeroDivisionError") for fault in told.failures)
    assert told.failures["printed on standard output"] == 20
    unknown = Reader("nobody", "t", lambda: b"", fails)
    assert [fault.split(":")[0] for fault in attack_apart(unknown, 3, 1).failures] == ["crash (1)"]


def test_a_process_apart_tells_the_same() -> None:
    reader = next(one for one in READERS if one.name == "hexjson")
    apart, here = attack_apart(reader, 5, 3), attack(reader, 5, 3)
    assert isinstance(apart, Told)
    assert (apart.tries, apart.read, apart.refused) == (here.tries, here.read, here.refused)


def test_damage_is_the_same_for_the_same_seed_and_changes_something() -> None:
    content = b"code,value\nE06000001,1\n" * 20
    first = [damaged(content, random.Random(seed)) for seed in range(200)]
    assert first == [damaged(content, random.Random(seed)) for seed in range(200)]
    assert sum(one != content for one in first) > 150


def test_a_copy_of_the_process_ends_as_it_ended() -> None:
    assert in_fork(lambda: 3) == 3
    assert in_fork(lambda: os.kill(os.getpid(), signal.SIGKILL) or 0) == -signal.SIGKILL


def test_an_output_is_known_by_its_files(tmp_path: Path) -> None:
    write_inputs(tmp_path)
    assert set(whole(tmp_path)) == {"i.toml", "new.toml", "old.toml", "r.csv", "s.csv", "t.csv", "u.csv", "w.csv"}
    assert whole(tmp_path / "t.csv")[""] == whole(tmp_path)["t.csv"]
    assert whole(tmp_path / "absent") == {}
    assert len({verb.name for verb in VERBS}) == len(VERBS)


def test_kills_of_two_verbs_lose_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "2", "recode", "export gpkg"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(" 0")
