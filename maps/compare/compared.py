"""What two builds differ in, as it is handed to an analyst."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from maps.compare.wording import comparison_lines

if TYPE_CHECKING:
    import pandas as pd

    from analysis.comparing import Comparison


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two builds side by side: ``found`` has everything, ``same`` says whether nothing differs."""

    found: Comparison

    @property
    def same(self) -> bool:
        """Whether nothing that a reader sees differs."""
        return self.found.same

    def __repr__(self) -> str:
        """Say in a few lines what changed."""
        return "\n".join(comparison_lines(self.found))

    def _repr_html_(self) -> str:
        """Show the same in a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def to_frame(self) -> pd.DataFrame:
        """Return a row a difference, in the columns of ``differences.csv``."""
        return self.found.rows.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able data."""
        return self.found.to_dict()
