"""What finished tasks made, kept by key in a folder: each result whole or not at all, and proved before it is used again."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo.provenance import sha256_of
from geo.staging import replacing, scratch
from geo.work.jobs import packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from geo.work.jobs import Job, Need, Shared

FILES, VALUE, SUMS = "files", "value.pickle", "sums.json"


class Store:
    """A folder of finished tasks.

    Parameters
    ----------
    folder : made where it is not there; it is the user's own, since what is read from it is trusted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def has(self, key: str) -> bool:
        """Tell whether a result is there as it was written; one that is not is removed."""
        entry = self.folder / key
        if not entry.is_dir():
            return False
        try:
            sums = json.loads((entry / SUMS).read_text(encoding="utf-8"))
            whole = bool(sums == _sums(entry))
        except (OSError, ValueError):
            whole = False
        if not whole:
            shutil.rmtree(entry)
        return whole

    def do(self, job: Job) -> Any:
        """Run a job in this process, keep what it made, and return its value.

        A result that another process put there meanwhile is as good.
        """
        with self._making(job.key) as (part, files):
            lent = self.lend(job.needs, files)
            value = job.run(files)
            for path in lent:
                path.unlink()
            (part / VALUE).write_bytes(packed(value, job.on.parts))
        return value

    def keep(self, key: str, files: Mapping[str, bytes], value: bytes) -> None:
        """Keep what was made elsewhere: files by relative path, and the value as ``packed``."""
        with self._making(key) as (part, folder):
            for name, content in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            (part / VALUE).write_bytes(value)

    def value(self, job: Job) -> Any:
        """Return the value of a job that is done."""
        return unpacked(self.packed_value(job.key), job.on.parts)

    def packed_value(self, key: str) -> bytes:
        """Return the value of a job that is done as ``packed``."""
        return (self.folder / key / VALUE).read_bytes()

    def files(self, need: Need) -> dict[str, Path]:
        """Return the files of a finished job that match, by relative path."""
        root = self.folder / need.key / FILES
        return {path.relative_to(root).as_posix(): path for path in sorted(root.glob(need.pattern)) if path.is_file()}

    def lend(self, needs: Iterable[Need], into: Path) -> list[Path]:
        """Put files of finished jobs below a folder; return where they stand."""
        return [_linked(path, into / name) for need in needs for name, path in self.files(need).items()]

    def place(self, key: str, into: Path) -> None:
        """Put all files of a finished job below a folder."""
        root = self.folder / key / FILES
        for path in sorted(root.rglob("*")):
            if path.is_file():
                _linked(path, into / path.relative_to(root))

    def share(self, shared: Shared) -> Path:
        """Write what many tasks are done on, for other processes to read; return where."""
        path = self.folder / f"shared-{shared.key or 'nothing'}.pickle"
        with replacing(path) as part:
            part.write_bytes(packed(shared.value, {}))
        return path

    @contextmanager
    def _making(self, key: str) -> Iterator[tuple[Path, Path]]:
        with scratch(self.folder / key) as part:
            files = part / FILES
            files.mkdir(parents=True)
            yield part, files
            (part / SUMS).write_text(json.dumps(_sums(part)), encoding="utf-8")
            try:
                part.rename(self.folder / key)
            except OSError:
                if not (self.folder / key).is_dir():
                    raise
                # another process was first, with the same result


def _sums(entry: Path) -> dict[str, str]:
    files = sorted(path for path in entry.rglob("*") if path.is_file() and path.name != SUMS)
    return {path.relative_to(entry).as_posix(): sha256_of(path) for path in files}


def _linked(path: Path, to: Path) -> Path:
    """Give a file a second place, without a second copy where the disk is the same."""
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, to)
    except FileExistsError:  # two tasks write one file: a fault of ours, which a copy would hide
        raise
    except OSError:  # another disk, or one that knows no links
        shutil.copyfile(path, to)
    return to
