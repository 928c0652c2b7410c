"""Unpack a zip that strangers made: no path outside the folder, no bomb, all or nothing."""

from __future__ import annotations

import errno
import shutil
import stat
import tempfile
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from geo.archives import DAMAGE
from geo.errors import FetchError, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_RATIO = 200
"""Shapefiles and CSV shrink 3 to 30 times; 200 and more is what bombs are made of."""

_SMALL = 10 * 1024**2
"""A ratio says nothing about members this small."""

_BLOCK = 1024**2


def extract_zip(
    archive: Path,
    into: Path,
    *,
    max_bytes: int = MAX_UNPACKED_BYTES,
    max_files: int = MAX_FILES,
    max_ratio: float = MAX_RATIO,
) -> tuple[Path, ...]:
    """Unpack ``archive`` into the new folder ``into`` and return the files, sorted.

    Nothing appears at ``into`` unless every member is safe and whole. Zips inside the zip are left packed.

    Raises
    ------
    FetchError
        Not a zip, a damaged or encrypted member, a name that leads outside the folder, a link, two members of one name, or
        more bytes, more files or a higher ratio than allowed (checked against the claims first, then against what comes out).
    """
    if into.exists():
        raise FetchError(
            f"cannot unpack {archive.name}: {into} exists already", ["name a folder that does not exist yet"]
        )
    into.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [member for member in opened.infolist() if not member.is_dir()]
            faults = list(_faults(members, max_bytes=max_bytes, max_files=max_files, max_ratio=max_ratio))
            if faults:
                raise FetchError(
                    f"{archive.name} is not a zip that is safe to unpack", [*faults, "nothing was unpacked"]
                )
            _unpack(opened, members, into, max_bytes=max_bytes)
    except DAMAGE as error:
        raise FetchError(f"{archive.name} is not a whole zip", [str(error), "download it again"]) from error
    except OSError as trouble:
        if (
            trouble.errno != errno.EINVAL
        ):  # a place before the beginning of the file is the archive's fault, the rest the disk's
            raise
        raise FetchError(f"{archive.name} is not a whole zip", [str(trouble), "download it again"]) from trouble
    return tuple(sorted(path for path in into.rglob("*") if path.is_file()))


def _faults(members: list[zipfile.ZipInfo], *, max_bytes: int, max_files: int, max_ratio: float) -> Iterator[str]:
    outside = [member.filename for member in members if not _stays_inside(member.filename)]
    if outside:
        yield f"names that lead outside the folder: {listed(outside)}"
    links = [member.filename for member in members if stat.S_ISLNK(member.external_attr >> 16)]
    if links:
        yield f"links: {listed(links)}"
    encrypted = [member.filename for member in members if member.flag_bits & 0x1]
    if encrypted:
        yield f"encrypted members: {listed(encrypted)}"
    lowered = [member.filename.lower() for member in members]
    doubled = sorted({name for name in lowered if lowered.count(name) > 1}) if len(lowered) <= max_files else []
    if doubled:
        yield f"members of the same name: {listed(doubled)}"
    if len(members) > max_files:
        yield f"{len(members):,} files, more than the {max_files:,} allowed"
    total = sum(member.file_size for member in members)
    if total > max_bytes:
        yield f"{total:,} bytes when unpacked, more than the {max_bytes:,} allowed"
    bombs = [m.filename for m in members if m.file_size > _SMALL and m.file_size > max_ratio * max(m.compress_size, 1)]
    if bombs:
        yield f"members that swell more than {max_ratio:g} times: {listed(bombs)}"


def _stays_inside(name: str) -> bool:
    """Judge a member's name by the rules of both kinds of system, whichever one this is."""
    posix, windows = PurePosixPath(name), PureWindowsPath(name)
    if not name or "\0" in name or posix.is_absolute() or windows.is_absolute() or windows.drive or windows.root:
        return False
    return ".." not in posix.parts and ".." not in windows.parts


def _unpack(opened: zipfile.ZipFile, members: list[zipfile.ZipInfo], into: Path, *, max_bytes: int) -> None:
    left = max_bytes
    with tempfile.TemporaryDirectory(prefix=f".{into.name}.", dir=into.parent) as temporary:
        root = Path(temporary) / "content"
        root.mkdir()
        for member in members:
            target = root / member.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as source, target.open("wb") as sink:
                while block := source.read(_BLOCK):
                    left -= len(block)
                    if left < 0:
                        raise FetchError(
                            f"{opened.filename} holds more than it claims",
                            [f"more than {max_bytes:,} bytes came out", "nothing was unpacked"],
                        )
                    sink.write(block)
        shutil.move(root, into)
