"""What an analyst calls of this floor on several outcomes at once: index, warn; of one outcome: ``analysis.calls``.

A wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boundaries.joined import Joined
from boundaries.outcomes.table import OutcomeTable
from boundaries.series import Series
from geo.arguments import date_of, folders_of, one_of, path_of, result_of, texts_of
from geo.errors import ArgumentError, ArgumentTypeError, StatisticsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    import pandas as pd

    from analysis.change import Watching
    from analysis.indices import Index, IndexDefinition
    from analysis.watch import Warned

    Outcome = str | Path | OutcomeTable | Series


def index(
    definition: str | Path | Mapping[str, Any],
    joined: Joined | Sequence[Joined] = (),
    *,
    data: str | Path | Sequence[str | Path] = (),
    out: str | Path | None = None,
    force: bool = False,
) -> Index:
    """Build a composite index with its uncertainty, as an outcome.

    Parameters
    ----------
    definition : a TOML file, the name of a built-in index (``local-opportunity``), or the content of such a file.
    joined : its indicators, each what ``join`` gives under the id that the definition has; read from files where none is given.
    data : folders in which the files of indicators are looked up. out : folder to write table, receipts and summary to.
    force : replace earlier results in that folder.

    Returns
    -------
    Index
        ``.table``, an outcome that ``join`` takes; ``.to_frame()``, a row an area with intervals of value and rank; ``.sensitivity``,
        which choice moves the ranks.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        What is no definition; indicators that are absent, too many, or no joins.
    ConfigError, StatisticsError
        A definition that cannot be meant, indicators that cannot be read or combined; every fault at once.
    """
    from analysis.indices import build_index, compose_index, index_of, load_index, save_index

    if isinstance(definition, Mapping):
        wanted, beside = index_of(dict(definition)), []
    else:
        path = path_of(definition, "definition")
        wanted, beside = load_index(path), [path.parent]
    several = (joined,) if isinstance(joined, Joined) else tuple(joined)
    if several:
        made = compose_index(wanted, _in_order(wanted, several))
    else:
        made = build_index(wanted, [*folders_of(data), *beside])
    if out is not None:
        save_index(made, path_of(out, "out"), force=force)
    return made


def warn(
    outcomes: Outcome | Sequence[Outcome] = (),
    *,
    build: str | Path | None = None,
    source: str = "table",
    since: str = "years",
    years: float = 5,
    rho: float | None = None,
    beyond: float | None = None,
    deflator: str | Path | None = None,
    geography: str | None = None,
    date: str | dt.date | None = None,
    nations: str | Sequence[str] | None = None,
    members: str | Path | None = None,
    within: str | None = None,
    allow: str | Sequence[str] = (),
    out: str | Path | None = None,
    patterns: bool = False,
    force: bool = False,
) -> Warned:
    """Say what gets worse and what gets better, beyond the error of both periods.

    Parameters
    ----------
    outcomes : outcomes of several periods, each what ``read`` gives; or files and folders, which ``source`` reads.
    build : folder of a finished build, instead of outcomes.
    since : the earlier period: ``"years"``, ``"previous"``, ``"first"``, or one as published. years : how far back, with ``"years"``.
    rho : correlation of the errors of the two periods, if known. beyond : how large a change must be to count.
    deflator : prices, a CSV with ``period,value``, for outcomes in money.
    geography, date, nations, members : areas on which periods are compared, where not as inferred; as of ``areas``.
    within : the one place whose areas are listed; what areas are compared with stays as it is. allow : as of ``join``.
    out : folder to write the lists to, as CSV. patterns : class emerging patterns there too. force : replace earlier results.

    Returns
    -------
    Warned
        Printed, the lists for a reader; ``.to_frame()``, a row a flag; ``.found``, everything behind them.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        Neither outcomes nor a build, or both; what is no outcome; a choice that cannot be meant.
    TableError, StatisticsError
        Outcomes that cannot be read or laid out on one set of areas; every fault at once.
    """
    from analysis.one_table.reading import Reading
    from analysis.watch import files_in, series_from, series_of_build, series_of_tables, watched, write_warned
    from boundaries.sources.registry import adapters

    one_of(source, adapters(), "source")
    several = tuple(outcomes) if isinstance(outcomes, list | tuple) else (outcomes,)
    if bool(several) == (build is not None):
        raise ArgumentError("one of the two is watched", ["give outcomes, or the folder of a build"])
    how = _watching(since, years, rho, beyond)
    prices = None if deflator is None else path_of(deflator, "deflator")
    reading = Reading(
        source=source,
        date=None if date is None else date_of(date, "date").isoformat(),
        geography=geography,
        members=None if members is None else str(path_of(members, "members")),
        nations=texts_of(nations, "nations") or None,
        allow=texts_of(allow, "allow"),
    )
    levels: Mapping[str, pd.Series] = {}
    if build is not None:
        series, levels = series_of_build(path_of(build, "build"))
    else:
        files, tables, laid = _sorted(several)
        read = series_from(files_in(files), reading) if files else ()
        series = (*laid, *series_of_tables(tables, reading), *read)
    found = watched(series, levels=levels, watching=how, deflator=prices, place=within)
    if out is not None:
        write_warned(found, path_of(out, "out"), patterns=patterns, deflator=prices, force=force)
    return found


def _in_order(definition: IndexDefinition, several: Sequence[Joined]) -> list[Joined]:
    """Return the indicators in the order of the definition, by id."""
    given = {one.meta.id: one for one in (result_of(each, Joined, "joined", how="join each first") for each in several)}
    wanted = [part.id for part in definition.indicator]
    faults = [f"'{name}' is not given" for name in wanted if name not in given]
    faults += [f"'{name}' is no indicator of it" for name in given if name not in wanted]
    if len(given) < len(several):
        faults.append(f"{len(several)} joins have {len(given)} ids")
    if faults:
        raise ArgumentError(f"these are not the indicators of '{definition.id}'", faults)
    return [given[name] for name in wanted]


def _watching(since: str, years: float, rho: float | None, beyond: float | None) -> Watching:
    """Return how outcomes are watched; what cannot be meant is a wrong argument."""
    from analysis.change import Comparing, Watching

    try:
        return Watching(since=since, years=years, how=Comparing(rho=rho, beyond=beyond))
    except StatisticsError as error:
        raise ArgumentError(error.what, error.faults) from error


def _sorted(several: Sequence[object]) -> tuple[list[Path], list[OutcomeTable], list[Series]]:
    """Tell files from outcomes that are read and series that are laid out."""
    files: list[Path] = []
    tables: list[OutcomeTable] = []
    laid: list[Series] = []
    for one in several:
        if isinstance(one, OutcomeTable):
            tables.append(one)
        elif isinstance(one, Series):
            laid.append(one)
        elif isinstance(one, str | Path):
            files.append(Path(one))
        else:
            raise ArgumentTypeError("only outcomes can be watched", [f"found {type(one).__name__}", "read it first"])
    return files, tables, laid
