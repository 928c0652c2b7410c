"""An adapter of another distribution, held at arm's length: what it raises, prints, changes or returns is told with its name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.outcomes.table import OutcomeTable
from geo.errors import PlaceatlasError, PluginError
from geo.guests import guest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from boundaries.sources.fetching import Link


class Foreign:
    """Hands everything on to an adapter of others.

    Parameters
    ----------
    adapter : theirs, a ``boundaries.sources.registry.Adapter``. who : what it is and who brings it, for messages.
    """

    def __init__(self, adapter: Any, who: str) -> None:
        self._adapter, self._who = adapter, who
        self.name: str = adapter.name

    def __getattr__(self, name: str) -> Any:
        """Return what else the adapter has."""
        return getattr(self._adapter, name)

    def file_of(self, outcome: str) -> str | None:
        """Return the file of an outcome, as ``Adapter``.

        Raises
        ------
        PluginError
            It failed, or returned no text.
        """
        found = self._asked(lambda: self._adapter.file_of(outcome))
        if found is None or isinstance(found, str):
            return found
        raise self._wrong(found, "the path of a file as text, or None")

    def read(self, path: Path, *, options: Mapping[str, object]) -> OutcomeTable:
        """Read a file, as ``Adapter``; raises as ``file_of``."""
        found = self._asked(lambda: self._adapter.read(path, options=options))
        if isinstance(found, OutcomeTable):
            return found
        raise self._wrong(found, "an OutcomeTable")

    def fetch(self, outcome: str, *, link: Link, options: Mapping[str, object]) -> Path:
        """Fetch a file, as ``Adapter``; raises as ``file_of``."""
        found = self._asked(lambda: self._adapter.fetch(outcome, link=link, options=options))
        if isinstance(found, Path) and found.is_file():
            return found
        raise self._wrong(found, "the path of a file that is there")

    def _asked(self, call: Callable[[], Any]) -> Any:
        with guest(self._who):
            try:
                return call()
            except PlaceatlasError:
                raise
            except Exception as error:
                raise PluginError(f"{self._who} failed", [f"{type(error).__name__}: {error}"]) from error

    def _wrong(self, found: object, expected: str) -> PluginError:
        return PluginError(
            f"what {self._who} returned cannot be used", [f"expected {expected}", f"found {type(found).__name__}"]
        )
