"""One outcome of a page: its layers, its numbers, its columns of text; and why it could not be shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo.errors import listed
from maps.kinds.table import title_of
from maps.leaflet.figures import figures_content
from maps.leaflet.views import class_columns, class_content, expanded, layer_faults, layer_key, layers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from maps.leaflet.figures import Figures
    from maps.spec import MapSpec

ANSWERS = ("levels", "change", "types", "pattern")
"""The four answers, in the order in which they are always given."""


@dataclass(frozen=True, slots=True, eq=False)
class PageOutcome:
    """An outcome as a page shows it.

    Parameters
    ----------
    id, title : of the outcome.
    specs : one layer each; the first is shown first.
    table : indexed by code; cells are text, ready to print. columns : column of ``table`` → its heading.
    figures : its numbers; None where the page has the texts alone.
    ground : the place of its geography among the page's.
    family, group : where several outcomes are groups of one (by sex, by disadvantage): what they are together, and which this is.
    """

    id: str
    title: str
    specs: tuple[MapSpec, ...]
    table: pd.DataFrame
    columns: Mapping[str, str]
    figures: Figures | None = None
    ground: int = 0
    family: str = ""
    group: str = ""
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def layers(self) -> list[MapSpec]:
        """Layers in the order of the four answers, small multiples as one each."""
        return expanded(self.specs)


def outcome_content(outcome: PageOutcome, codes: Sequence[str]) -> dict[str, Any]:
    """Return an outcome as the page's script reads it, areas in the order of ``codes``."""
    specs = outcome.layers
    names = layer_names(specs)
    cells = outcome.table.set_axis(outcome.table.index.map(str)).loc[list(codes), list(outcome.columns)].astype(object)
    texts = cells.where(cells.notna(), "").astype(str)
    columns = [[heading, texts[column].tolist()] for column, heading in outcome.columns.items()]
    keys = Counter(layer_key(spec) for spec in specs)
    return {
        "id": outcome.id,
        "title": outcome.title,
        "ground": outcome.ground,
        "family": outcome.family,
        "group": outcome.group,
        "layers": [
            {**layer, "key": layer["key"] if keys[layer["key"]] == 1 else layer["id"]}
            for layer in layers_of(codes, specs, names)
        ],
        "columns": columns,
        "classes": [[heading, *_packed(shown)] for heading, shown in class_columns(codes, specs, names).items()],
        "figures": None if outcome.figures is None else figures_content(outcome.figures, class_content),
    }


def outcome_faults(outcome: PageOutcome, codes: set[str]) -> list[str]:
    """Say why a page of an outcome would be false."""
    faults = layer_faults(codes, outcome.layers)
    if lost := sorted(codes - {str(code) for code in outcome.table.index}):
        faults.append(f"areas without a row in the table: {listed(lost)}")
    if lost := [column for column in outcome.columns if column not in outcome.table.columns]:
        faults.append(f"columns the table does not have: {listed(lost)}")
    return faults


def layer_names(specs: Sequence[MapSpec]) -> list[str]:
    """Return a short name for each layer, each different.

    A layer is called after its kind; when two are of one kind, the rest of their ids tells them apart.
    """
    kinds = [spec.kind for spec in specs]
    names = []
    for spec in specs:
        name = title_of(spec.kind)
        if kinds.count(spec.kind) > 1:
            rest = spec.id.rpartition("/")[2].removeprefix(spec.kind).strip("-")
            name = f"{name}, {rest}" if rest else f"{name}, latest"
        names.append(name)
    if len(set(names)) < len(names):
        return [f"{name} ({spec.id})" for name, spec in zip(names, specs, strict=True)]
    return names


def _packed(cells: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the different texts of a column, and which of them each cell is."""
    texts = list(dict.fromkeys(cells))
    place = {text: position for position, text in enumerate(texts)}
    return texts, [place[text] for text in cells]
