"""Kinds of place that a configuration or a file of claims names: definitions, lists, and the one that needs a table of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.typology.definitions import load_typology
from analysis.typology.manufacturing import DEFINITION, manufacturing_covariate
from analysis.typology.own_types import Stated, find_file, read_type
from geo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.statistics import Covariate
    from analysis.typology.definitions import Typology


@dataclass(frozen=True, slots=True)
class TypeRead:
    """A kind of place that a file names.

    Parameters
    ----------
    members : a built-in definition, a definition in TOML, or a table that lists areas. stated : what is said of a list.
    file : a table that the definition needs: value added by industry for ``post-industrial-measured``.
    """

    members: str
    stated: Stated = field(default_factory=Stated)
    file: str = ""


def typed(text: str) -> TypeRead:
    """Return the kind of place that one text names: a definition, a list, or a definition with the table it needs.

    Examples
    --------
    >>> one = typed("post-industrial-measured=data/gva.csv")
    >>> one.members, one.file
    ('post-industrial-measured', 'data/gva.csv')
    >>> typed("a=b.csv").members
    'a=b.csv'
    """
    name, sign, file = text.partition("=")
    return TypeRead(name, file=file) if sign and name == DEFINITION else TypeRead(text)


def types_read(
    asked: Sequence[TypeRead], folders: Sequence[Path] = ()
) -> tuple[tuple[Typology, ...], tuple[Covariate, ...]]:
    """Read kinds of place, and the covariates that their rules need.

    Parameters
    ----------
    asked : what is named. folders : where relative files are looked up, in order, after the working folder.

    Raises
    ------
    ConfigError
        ``post-industrial-measured`` without its table, another definition with one, or a file that is not there.
    PlaceatlasError
        As ``analysis.typology.own_types.read_type`` and ``analysis.typology.manufacturing.manufacturing_covariate``.
    """
    rules, covariates = [], []
    for one in asked:
        if (one.members == DEFINITION) != bool(one.file):
            raise ConfigError(
                f"the kind of place {one.members!r} cannot be read",
                [
                    f'only {DEFINITION} needs a table, of value added by industry: members = "{DEFINITION}", file = "…"',
                    f"on the command line --type {DEFINITION}=FILE",
                ],
            )
        if one.file:
            rules.append(load_typology(one.members))
            covariates.append(manufacturing_covariate(find_file(one.file, folders)))
        else:
            rules.append(read_type(one.members, one.stated, folders=folders))
    return tuple(rules), tuple(covariates)
