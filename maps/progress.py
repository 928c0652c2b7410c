"""Progress of a run: a line a step and one line that counts, on a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TextIO

from maps.words import say as phrase

if TYPE_CHECKING:
    from types import TracebackType

_CLEAR = "\r\x1b[K"


@dataclass(slots=True)
class Progress:
    """What is told on a terminal while work is done; the line that counts is written over itself.

    Parameters
    ----------
    stream : the terminal; None: nobody is told.
    """

    stream: TextIO | None
    _counted: str = ""

    @classmethod
    def on_a_terminal(cls, *, silent: bool = False) -> Progress:
        """Return progress on standard error where that is a terminal, else none."""
        return cls(None if silent or not sys.stderr.isatty() else sys.stderr)

    def say(self, step: str) -> None:
        """Tell a step on a line of its own, in dim letters."""
        if self.stream is not None:
            self.stream.write(f"{_CLEAR}\x1b[2m{step}\x1b[0m\n{self._counted}")
            self.stream.flush()

    def count(self, number: int, of: int) -> None:
        """Tell how many tasks are done, in place of what was told before."""
        if self.stream is not None:
            self._counted = "" if number == of else phrase("work.count", number=number, of=of)
            self.stream.write(f"{_CLEAR}{self._counted}")
            self.stream.flush()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no half line behind, however the work ended."""
        if self.stream is not None and self._counted:
            self.stream.write(_CLEAR)
            self.stream.flush()
