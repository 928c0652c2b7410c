"""How the statistics of a study are computed: every choice, refused together where it cannot be meant."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.association import scale_named
from analysis.significance import Inference
from analysis.statistics import Statistic, covariates_named, statistics_named
from analysis.typology.definitions import Typology
from analysis.typology.own_types import definitions_named
from boundaries.vocabulary import ISOLATES
from geo.errors import StatisticsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.association import Scale
    from analysis.significance import Correction, Options
    from analysis.statistics import Covariate
    from boundaries.vocabulary import Isolates


@dataclass(frozen=True, slots=True)
class StudyConfig:
    """How the statistics are computed; the defaults are those of the method page.

    Parameters
    ----------
    weights : neighbour policy that is reported.
    against : the other policies of the declared robustness grid.
    permutations : conditional permutations; ``None`` takes 99,999, and more where the correction asks for it.
    correction : multiple-testing correction. alpha : its level.
    seed : of every random draw. robust : whether the robustness grid is run.
    extra : further statistics, by name, as a table ``{ name, with, id }`` and parameters, or as an
        ``analysis.statistics.Statistic``.
    covariates : further numbers of the areas, by name or as an ``analysis.statistics.Covariate``.
    typologies : further definitions of kinds of place: built-in names, TOML files, lists of areas, or definitions as read
        (``analysis.typology.own_types.read_type``); a rule may name a column of a covariate.
    scale : on which kinds of place are compared: the values as they are, ranks, normal scores or logs.
    larger : larger areas on which local Moran is run again (``UTLA``, ``ITL2``, ``region``, a column of a lookup …).
    isolates : what is done about areas without a neighbour that nothing says are islands, one of
        ``boundaries.vocabulary.ISOLATES``; None keeps those of a layer of one's own and refuses those of other sets.

    Raises
    ------
    StatisticsError
        A choice that is unknown or out of range; every fault at once.
    ConfigError
        A typology that cannot be read.
    PluginError
        Extensions that are not installed or cannot be loaded.
    """

    weights: str = "queen+sea-links"
    against: tuple[str, ...] = ("knn6", "queen-order-2")
    permutations: int | None = None
    correction: Correction = "fdr_bh"
    alpha: float = 0.05
    seed: int = 20240911
    robust: bool = True
    extra: tuple[str | Mapping[str, Any] | Statistic, ...] = ()
    covariates: tuple[str | Covariate, ...] = ()
    typologies: tuple[str | Typology, ...] = ()
    scale: Scale = "value"
    larger: tuple[str, ...] = ()
    isolates: Isolates | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant before anything is computed."""
        if self.isolates is not None and self.isolates not in ISOLATES:
            raise StatisticsError(
                f"isolates '{self.isolates}' is not known", [f"expected one of {', '.join(ISOLATES)}"]
            )
        Inference(**self.options())
        statistics_named(self.extra)
        covariates_named(self.covariates)
        definitions_named(self.typologies)
        scale_named(self.scale)

    def options(self) -> Options:
        """Return the keywords that every statistic takes."""
        return {
            "seed": self.seed,
            "permutations": self.permutations,
            "correction": self.correction,
            "alpha": self.alpha,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as JSON-able data, extensions and typologies by name."""
        return {
            **asdict(replace(self, extra=(), covariates=(), typologies=())),
            "extra": [_asked(one) for one in self.extra],
            "covariates": [one if isinstance(one, str) else one.name for one in self.covariates],
            "typologies": [one.column if isinstance(one, Typology) else Path(one).name for one in self.typologies],
        }


def _asked(one: str | Mapping[str, Any] | Statistic) -> str | dict[str, Any]:
    """Return what was asked for, JSON-able; a statistic without columns or parameters of its own by its name alone."""
    if isinstance(one, Statistic):
        return one.to_dict() if one.beside or one.parameters else one.name
    return one if isinstance(one, str) else dict(one)
