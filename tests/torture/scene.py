"""What stands before a verb is disturbed, and what is judged after: the former output, the new one, or a loss."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.provenance import sha256_of
from geo.staging import tidy
from tests.torture.verbs import in_fork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.torture.verbs import Verb


@dataclass(slots=True)
class Tried:
    """Disturbances of one verb: kills, faults of the disk, how many left the former output or the new one, what was wrong."""

    kills: int = 0
    faults: int = 0
    former: int = 0
    new: int = 0
    failures: tuple[str, ...] = ()


def whole(path: Path) -> dict[str, str]:
    """Return the hash of every file of an output, by relative path; nothing where it is not there."""
    if path.is_file():
        return {"": sha256_of(path)}
    return {item.relative_to(path).as_posix(): sha256_of(item) for item in sorted(path.rglob("*")) if item.is_file()}


class Scene:
    """The place where one verb writes.

    Parameters
    ----------
    folder : with the inputs; what is written lies in a folder of its own in it.
    """

    def __init__(self, verb: Verb, folder: Path) -> None:
        self.verb, self.folder = verb, folder
        self.out = folder / "out" / verb.out
        self.kept = folder / "kept"
        self.words = [word.replace("{out}", os.fspath(self.out)) for word in verb.words]
        self.before: dict[str, str] = {}
        self.expected: dict[str, str] = {}

    def set(self, *, former: bool) -> None:
        """Put things as they are before the verb runs."""
        shutil.rmtree(self.out.parent, ignore_errors=True)
        self.out.parent.mkdir()
        if self.verb.former:
            shutil.copytree(self.folder / self.verb.former, self.out)
        elif former and self.expected:
            self._stand()
        self.before = self._whole()

    def _whole(self) -> dict[str, str]:
        """Return what stands; a file of the cache without its note counts for nothing, as it does when it is looked for."""
        found = whole(self.out)
        if self.verb.name != "fetch":
            return found
        return {name: one for name, one in found.items() if f"{name.rpartition('.')[0]}.json" in found}

    def _stand(self) -> None:
        if self.out.suffix:
            self.out.write_bytes(b"former")
            return
        shutil.copytree(self.kept, self.out)
        if self.verb.name != "fetch":  # the cache adds, and replaces nothing
            (self.out / "former.txt").write_text("former", encoding="utf-8")

    def keep(self) -> None:
        """Take what a whole run wrote as what is expected of every other."""
        in_fork(_tidied)
        self.expected = self._whole()
        if not self.expected:
            raise RuntimeError(f"{self.verb.name} wrote nothing")
        if self.out.is_dir():
            self.out.rename(self.kept)

    def last(self, run: Callable[[], int]) -> list[str]:
        """Run once more undisturbed, from nothing but what disturbed runs kept of finished work: the output is what it should be."""
        self.set(former=False)
        code = run()
        in_fork(_tidied)
        if code != self.verb.code or self._whole() != self.expected:
            return [f"a run after them all ends with {code} and is not what it should be"]
        return []

    def judged(self, tried: Tried) -> Iterator[str]:
        """Tidy as the next command would, count what stands, and say what is wrong with it."""
        in_fork(_tidied)
        after = self._whole()
        tried.former += after == self.before
        tried.new += after == self.expected and after != self.before
        if after not in (self.before, self.expected):
            wrong = sorted(name for name in {*after, *self.expected} if after.get(name) != self.expected.get(name))
            yield f"neither the former output nor the new one: {', '.join(wrong[:3])}"
        # what a table says of itself stands beside it: each of the two is whole, and a table is read without the other
        beside = {self.out, self.out.with_name(f"{self.out.name}-metadata.json")}
        if left := sorted(item.name for item in self.out.parent.iterdir() if item not in beside):
            yield f"left behind: {', '.join(left)}"


def _tidied() -> int:
    tidy()
    return 0
