"""A covariate mapped as an outcome of its own: its values on a set of areas, with its unit and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.additions import further_covariates
from boundaries.outcomes.table import OutcomeMeta, OutcomeTable, outcome_frame
from geo.provenance import Source

if TYPE_CHECKING:
    from analysis.statistics import Covariate
    from boundaries.areas.boundary_set import BoundarySet


def outcome_of_covariate(
    covariate: str | Covariate, boundaries: BoundarySet, *, name: str, **meaning: Any
) -> OutcomeTable:
    """Return the values of a covariate as an outcome; its first column, where it has several.

    Parameters
    ----------
    covariate : as ``StudyConfig`` takes it. boundaries : the areas. name : id of the outcome.
    meaning : title, measure, unit, favourable, of ``OutcomeMeta``; what is None is left out.

    Raises
    ------
    PluginError
        As ``analysis.additions.further_covariates``.
    """
    (added,) = further_covariates([covariate], boundaries, known=())
    column, told = next(iter(added.meanings.items()))
    frame = boundaries.frame
    table = outcome_frame({"code": frame["code"], "name": frame["name"], "value": added.frame[column].to_numpy()})
    stated = {key: value for key, value in meaning.items() if value is not None}
    meta = OutcomeMeta(
        **{
            "id": name,
            "title": told.words,
            "measure": "mean",
            "unit": told.unit,
            "nations": tuple(dict.fromkeys(frame["nation"])),
            "geography": boundaries.geography,
            "source": told.source or Source(title="measured on the shapes of the areas"),
            "note": "".join(f"{note}. " for note in added.notes).strip(),
            **stated,
        }
    )
    return OutcomeTable(meta, table)
