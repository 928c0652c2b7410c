"""How levels are made, as a command line asks for it: stated bands, what is known of error."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.levels import LevelOptions
from geo.errors import ConfigError

BreaksOption = Annotated[str, typer.Option(help="Limits of bands, rising: --breaks 20,30,40.")]
LabelsOption = Annotated[
    str, typer.Option(help="Names of the bands, from the lowest, one more than limits: low,middle,high.")
]
ReliabilityOption = Annotated[
    float | None, typer.Option(help="Share of the spread of values that is truth, where no error is published: 0.8.")
]
ModelledOption = Annotated[
    bool, typer.Option("--modelled", help="The publisher modelled the figures: take their intervals as they are.")
]


def levels_asked(
    breaks: str = "", labels: str = "", reliability: float | None = None, *, modelled: bool = False
) -> LevelOptions:
    """Read how levels are asked for.

    Parameters
    ----------
    breaks : numbers, parted by commas. labels : names, parted by semicolons where there is one, else by commas.
    reliability, modelled : as of ``LevelOptions``.

    Raises
    ------
    ConfigError
        Breaks that are no numbers.
    StatisticsError
        As ``LevelOptions``.

    Examples
    --------
    >>> asked = levels_asked("20, 30", "low; middling, on the whole; high")
    >>> asked.breaks, asked.labels
    ((20.0, 30.0), ('low', 'middling, on the whole', 'high'))
    """
    numbers, wrong = [], []
    for text in (part.strip() for part in breaks.split(",") if part.strip()):
        try:
            numbers.append(float(text.replace("−", "-")))
        except ValueError:
            wrong.append(f"'{text}' is no number")
    if wrong:
        raise ConfigError("breaks are numbers parted by commas, for example 20,30,40", wrong)
    names = [part.strip() for part in labels.split(";" if ";" in labels else ",")] if labels.strip() else []
    return LevelOptions(breaks=tuple(numbers), labels=tuple(names), reliability=reliability, modelled=modelled)
