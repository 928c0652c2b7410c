"""Zips that strangers made."""

from __future__ import annotations

import os
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from boundaries.transport import (
    extract_zip,
)
from geo.errors import FetchError
from tests.boundaries.portal_fetching import BODY, files_in

if TYPE_CHECKING:
    from pathlib import Path


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_harmless_zip_is_unpacked(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"in/a.csv": BODY, "b.txt": b"b", "empty/": b""})
    out = extract_zip(archive, tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in out] == ["b.txt", "in/a.csv"]
    assert out[1].read_bytes() == BODY
    with pytest.raises(FetchError, match="exists already"):
        extract_zip(archive, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt", "\\\\host\\share\\x", "C:x"]
)
def test_a_name_that_leads_outside_is_refused_and_nothing_unpacked(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {"good.txt": b"g", name: b"bad"})
    with pytest.raises(FetchError, match="lead outside the folder"):
        extract_zip(archive, tmp_path / "deep" / "out")
    assert files_in(tmp_path) == ["a.zip"]


def test_every_fault_of_a_zip_is_named_at_once(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../x", b"x")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("A.txt", b"1")
        archive.writestr("a.txt", b"2")
        archive.writestr("bomb", b"0" * 20_000_000)
    with pytest.raises(FetchError) as caught:
        extract_zip(tmp_path / "a.zip", tmp_path / "out", max_bytes=1000, max_files=3)
    text = str(caught.value)
    for words in (
        "outside",
        "links: link",
        "5 files, more than the 3",
        "swell more than 200 times",
        "bytes when unpacked",
        "nothing was",
    ):
        assert words in text
    with pytest.raises(FetchError, match=r"same name: a\.txt"):
        extract_zip(tmp_path / "a.zip", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_member_larger_than_it_claims_is_stopped(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(5000)})
    data = archive.read_bytes()
    small = (100).to_bytes(4, "little")
    archive.write_bytes(data.replace((5000).to_bytes(4, "little"), small))
    with pytest.raises(FetchError, match=r"not a whole zip|holds more than it claims"):
        extract_zip(archive, tmp_path / "out", max_bytes=1000)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("spoil", ["not a zip", "cut", "flipped", "encrypted"])
def test_a_damaged_zip_is_one_error(tmp_path: Path, spoil: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {"a.bin": os.urandom(5000)})
    data = bytearray(archive.read_bytes())
    if spoil == "not a zip":
        data = bytearray(b"hello")
    elif spoil == "cut":
        data = data[:-100]
    elif spoil == "flipped":
        data[2000] ^= 255
    else:
        data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(FetchError, match=r"not a whole zip|encrypted"):
        extract_zip(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert files_in(tmp_path) == ["a.zip"]
