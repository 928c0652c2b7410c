"""A job: a task with what it is done on, the key of its result, and how all three travel to another process."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Task(Protocol):
    """A small picklable record of work that depends on nothing but itself and what it is run on."""

    def run(self, on: Any, folder: Path, /) -> object:
        """Do it: write files below ``folder``, and return what is small and can be pickled."""


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What many tasks are done on, handed to each worker once.

    Parameters
    ----------
    key : of its content. value : the thing itself.

    Notes
    -----
    Where ``value`` has a method ``shared_parts``, what that returns by name travels as its name in tasks and results that hold it
    too, and is the same object where it arrives.
    """

    key: str
    value: Any = None

    @property
    def parts(self) -> Mapping[str, object]:
        """What travels by its name."""
        named = getattr(self.value, "shared_parts", None)
        return named() if callable(named) else {}


@dataclass(frozen=True, slots=True)
class Need:
    """Files of another job that a job reads: those below its folder that match ``pattern``."""

    key: str
    pattern: str


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A task to be done.

    Parameters
    ----------
    key : of its content: what it is, what it is done on, and the code that does it; equal keys have equal results.
    words : what is told of it. task : what is run. on : what it is run on.
    needs : files of jobs that stand before it in the list, which it finds in its folder.
    """

    key: str
    words: str
    task: Task
    on: Shared = field(default_factory=lambda: Shared(""))
    needs: tuple[Need, ...] = ()

    def run(self, folder: Path) -> object:
        """Run the task in ``folder``, on one thread: the last digit of a sum depends on how it is shared out."""
        with threadpool_limits(limits=1):
            return self.task.run(self.on.value, folder)


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, parts: Mapping[str, object]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._names = {id(part): name for name, part in parts.items()}

    def persistent_id(self, thing: object) -> str | None:
        """Return the name of a shared part; None for everything else."""
        return self._names.get(id(thing))


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, parts: Mapping[str, object]) -> None:
        super().__init__(file)
        self._parts = parts

    def persistent_load(self, name: str) -> object:
        """Return the shared part of that name."""
        return self._parts[name]


def packed(thing: object, parts: Mapping[str, object]) -> bytes:
    """Pickle a thing, shared parts by their names."""
    file = io.BytesIO()
    _Packer(file, parts).dump(thing)
    return file.getvalue()


def unpacked(data: bytes, parts: Mapping[str, object]) -> Any:
    """Read what ``packed`` wrote, of our own; ``parts`` are those of the same shared thing."""
    return _Unpacker(io.BytesIO(data), parts).load()
