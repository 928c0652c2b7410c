"""An outcome on the councils of another date, with the fate of every row and the quality of every value."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from boundaries.areas.planned import load_scenario
from boundaries.conversion.arithmetic import STATUS_ORDER, Shares, converted
from boundaries.conversion.crosswalk import Crosswalk, crosswalk_to
from boundaries.conversion.expansion import expand
from boundaries.conversion.naming import contradictions_of, own_names, with_codes_of_names
from boundaries.conversion.ranks import ranked_again, refuse_bounds
from boundaries.conversion.refusals import called, check_alive, refuse, strangers_among
from boundaries.conversion.rows import groups_of, kept_rows, positions_of, rows_outside
from boundaries.conversion.telling import (
    ALLOWANCES,
    allowed_in_words,
    assumptions_of,
    fates_of,
    qualities_of,
    reasons_of,
    statements_of,
    words,
)
from boundaries.outcomes.measures import is_rank
from boundaries.outcomes.table import OutcomeTable, withheld
from boundaries.places.contradictions import TAKE_CODES, contradictions_in_words
from boundaries.places.recognition import LEAVE_UNMATCHED
from boundaries.register import load_register, name_of
from geo.arguments import date_of, result_of
from geo.errors import ConversionError, listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from boundaries.conversion.arithmetic import Figures
    from boundaries.conversion.expansion import Expansion
    from boundaries.conversion.naming import Named

_FIGURES = ("value", "lower", "upper", "se", "denominator", "sample_size")


@dataclass(frozen=True, slots=True)
class Recoded:
    """A table on councils of one date.

    Parameters
    ----------
    table : the outcome; rows of other geographies (regions, the UK) stand unchanged at its end.
    to : the date; geography : of the codes.
    quality : one row for each row of ``table.frame``, same index: ``code, period, quality, reason, own_name``; quality as in
        ``boundaries.outcomes.measures.QUALITIES``, "" of rows of other geographies; own_name is what the table calls the area, of
        several rows all their names.
    fates : rows of the source table by fate (words of ``boundaries.joined.FATES``), zeros left out.
    details : one entry for each pair of codes that was not simply matched: ``{"fate", "from", "to", "note"}``.
    statements : sentences for a person. allowed : what was done that is refused by default, of ``ALLOWANCES``.
    """

    table: OutcomeTable
    to: dt.date
    geography: str
    quality: pd.DataFrame
    fates: Mapping[str, int]
    details: tuple[Mapping[str, str], ...]
    statements: tuple[str, ...]
    allowed: tuple[str, ...] = ()

    def told(self) -> tuple[str, ...]:
        """Return every sentence, those on what was allowed last."""
        return (*self.statements, *allowed_in_words(self.allowed))

    def __repr__(self) -> str:
        """State the outcome, the date and the fates."""
        fates = ", ".join(f"{number:,} {fate}" for fate, number in self.fates.items())
        return f"Recoded({self.table.meta.id} on {self.geography}@{self.to.isoformat()}: {fates})"


def recode(
    table: OutcomeTable,
    *,
    to: dt.date | str,
    frm: dt.date | str | None = None,
    denominator: Mapping[str, float] | pd.Series | None = None,
    weights: Mapping[str, float] | pd.Series | str | None = None,
    allow: Iterable[str] = frozenset(),
    geography: str = "LAD",
    scenario: str | Path | None = None,
) -> Recoded:
    """Convert an outcome to the councils of a date, forwards or backwards, every period and breakdown of it.

    Parameters
    ----------
    table : the outcome; each code is taken as of its own lifetime, so that periods of different vintages may stand in it.
    to : date of the councils wanted.
    frm : when given, every code must have been alive on it.
    denominator : code of the table → base of its rate or mean (residents, pupils, …); without it the column
        ``denominator`` of the table.
    weights : code on ``to`` → residents, to share a count out among former areas; ``"residents-2011"`` takes the bundled
        Census 2011 residents. Only needed backwards.
    allow : overrides of ``ALLOWANCES``; each is said in the statements.
    geography : LAD, UTLA or CAUTH.
    scenario : planned councils to convert to; ``to`` is then their date or later.

    Raises
    ------
    ConversionError
        Everything that would be false, at once: a median or index merged, a rate without denominator, a part of an area
        without weights, land that two rows of a period cover, codes of no register or not of ``frm``.
    DateError
        A date outside the register.

    Notes
    -----
    Standard errors take members as independent: of a sum √Σ(share·SE)², of a mean √Σ(w·SE)²/Σw. A missing member makes
    the whole missing unless ``"partial"`` is allowed. Land moved by a boundary order is never moved with values: both
    areas are carried and flagged. Suppressed cells stay suppressed: a whole of which a member is ``confidential`` is missing,
    or the partial sum of the others. An index in the unit "rank" is a rank: where land moved its score was carried, so the
    order stands; where areas were merged or split the table is refused, or, with ``"missing"``, those areas have no rank and
    the others are ranked again among themselves.
    """
    result_of(table, OutcomeTable, "table", how="read_outcome reads one from a file")
    to, frm = date_of(to, "to"), None if frm is None else date_of(frm, "frm")
    allowed = _allowances(allow)
    if table.meta.both_vintages:
        allowed |= {"both"}
    register = load_register()
    planned = None if scenario is None else load_scenario(scenario, register)
    given = _weights(weights, to, geography)
    crosswalk = crosswalk_to(register, geography, to, weights=given, scenario=planned)
    named = with_codes_of_names(table, geography=geography, frm=frm)
    if frm is not None:
        check_alive(named.table, frm, geography)
    names = None if planned is None else {area.code: area.name for area in planned.areas}
    how = {"to": to, "geography": geography, "denominator": denominator, "allow": allowed, "names": names, "own": True}
    contradicted = contradictions_of(named.table)
    return _told_of_names(_converted_by_name(named, crosswalk, how, contradicted), named, contradicted)


def _converted_by_name(
    named: Named, crosswalk: Crosswalk, how: Mapping[str, Any], contradicted: Mapping[tuple[str, str], str]
) -> Recoded:
    """Convert rows of which some got their code from their name; what is wrong with either is told at once."""
    faults = () if "unmatched" in how["allow"] else named.faults
    said = () if "contradictions" in how["allow"] else tuple(contradictions_in_words(contradicted))
    helps = [*([LEAVE_UNMATCHED] if faults else []), *([TAKE_CODES] if said else [])]
    try:
        recoded = convert(named.table, crosswalk, **how)
    except ConversionError as error:
        raise ConversionError(error.what, [*faults, *said, *error.faults], [*helps, *error.remedies]) from error
    if faults or said:
        raise ConversionError(f"{called(named.table)} cannot be converted truthfully", [*faults, *said], helps)
    return recoded


def _told_of_names(recoded: Recoded, named: Named, contradicted: Mapping[tuple[str, str], str]) -> Recoded:
    """Add to what a conversion tells which rows were taken by name, which were left out, and whose name is of another area."""
    if not (named.statements or named.lost or contradicted):
        return recoded
    against = [
        {"fate": "matched", "from": name, "to": code, "note": f"the name is of {kind}"}
        for (code, name), kind in contradicted.items()
    ]
    lost = [{"fate": "unmatched", "from": name, "to": "", "note": "name of no area"} for name in named.lost]
    number = recoded.fates.get("unmatched", 0) + sum(named.lost.values())
    return replace(
        recoded,
        fates={**recoded.fates, **({"unmatched": number} if number else {})},
        details=(*recoded.details, *lost, *against),
        statements=(*recoded.statements, *named.statements),
    )


def convert(
    table: OutcomeTable,
    crosswalk: Crosswalk,
    *,
    to: dt.date,
    geography: str,
    denominator: Mapping[str, float] | pd.Series | None = None,
    allow: frozenset[str] = frozenset(),
    names: Mapping[str, str] | None = None,
    own: bool = False,
) -> Recoded:
    """Convert along any crosswalk: councils to regions or custom areas are merges like any other.

    Raises
    ------
    ConversionError
        As ``recode``.
    """
    ranks = is_rank(table.meta.measure, table.meta.unit)
    if ranks:
        refuse_bounds(table, allow)
    table = replace(table, frame=withheld(table.frame))
    frame = table.frame
    code = positions_of(frame["code"], crosswalk.sources)
    outside = rows_outside(frame["code"], code, crosswalk)
    unmatched = (code < 0) & ~outside
    group, keys = groups_of(frame, table.breakdowns)
    keep, dropped = kept_rows(code, group, len(keys), crosswalk, allow)
    source = frame.take(keep) if len(keep) < len(frame) else frame
    laid = expand(code[keep], group[keep], len(keys), crosswalk)
    source = _with_denominator(source, denominator)
    shares = _shares(laid, crosswalk)
    figures = converted(source, laid, shares, table.meta, allow)
    refuse(table, crosswalk, laid, source, figures, strangers_among(frame[unmatched], geography, to, allow), allow)
    out = _laid_out(table, crosswalk, laid, figures, keys, to, names)
    rest = frame[outside]
    quality = qualities_of(laid, shares, figures, crosswalk, table.meta.measure)
    said: tuple[str, ...] = ()
    if ranks:
        out, again, said = ranked_again(out, laid.group, figures.refused)
        quality = quality.mask(again, "approximate")
    whole, told = _with_rest(out, rest, quality, reasons_of(laid, figures))
    if own:
        told["own_name"] = own_names(source["name"], laid, rest["name"]).array
    counted, details = fates_of(laid, shares, crosswalk, frame["code"], dropped, unmatched)
    counted["out_of_geography"] = int(outside.sum())
    return Recoded(
        table=replace(table, frame=whole),
        to=to,
        geography=geography,
        quality=told,
        fates={fate: number for fate, number in counted.items() if number},
        details=tuple(details),
        statements=(
            *statements_of(counted, told["quality"][told["quality"] != ""], to, geography),
            *assumptions_of(shares, figures, table.meta, given=denominator is not None),
            *said,
        ),
        allowed=tuple(sorted(allow)),
    )


def _with_rest(
    out: pd.DataFrame, rest: pd.DataFrame, quality: pd.Series, reasons: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put rows of other geographies unchanged behind those that were converted, and say of every row how it came about."""
    whole = pd.concat([out, rest], ignore_index=True) if len(rest) else out
    if len(rest):
        # What is of no area of the geography was not converted, so nothing can be said of how well it was.
        none = pd.Series("", index=rest.index, dtype="str")
        quality = pd.concat([quality, none], ignore_index=True)
        reasons = pd.concat([reasons, none], ignore_index=True)
    columns = {"code": whole["code"].array, "period": whole["period"].array}
    return whole, pd.DataFrame({**columns, "quality": quality.array, "reason": reasons.array}, copy=False)


def _allowances(allow: Iterable[str]) -> frozenset[str]:
    allowed = frozenset([allow] if isinstance(allow, str) else allow)
    faults = []
    for name in sorted(allowed - set(ALLOWANCES)):
        near = difflib.get_close_matches(name, ALLOWANCES, n=1)
        faults.append(f"'{name}': " + (f"did you mean '{near[0]}'?" if near else f"known are {', '.join(ALLOWANCES)}"))
    if faults:
        raise ConversionError("a conversion cannot allow what it does not know", faults)
    return allowed


def _weights(
    weights: Mapping[str, float] | pd.Series | str | None, to: dt.date, geography: str
) -> dict[str, float] | None:
    if weights is None:
        return None
    if isinstance(weights, str):
        if weights != "residents-2011":
            raise ConversionError(f"there are no bundled weights {weights!r}", ["bundled: residents-2011"])
        from boundaries.areas.loading import load_boundary_set  # noqa: PLC0415 - geometry is read only for these weights

        frame = load_boundary_set(geography, to).frame
        return {str(code): float(number) for code, number in zip(frame["code"], frame["population"], strict=True)}
    given = {str(code): float(weight) for code, weight in weights.items()}
    bad = [code for code, weight in given.items() if not np.isfinite(weight) or weight < 0]
    if bad:
        raise ConversionError("weights must be numbers that are not negative", [listed(bad)])
    return given


def _with_denominator(frame: pd.DataFrame, denominator: Mapping[str, float] | pd.Series | None) -> pd.DataFrame:
    if denominator is None:
        return frame
    labels, distinct = pd.factorize(frame["code"])
    base = pd.Series(dict(denominator), dtype=np.float64).reindex(distinct).to_numpy()
    return frame.assign(denominator=base[labels])


def _shares(laid: Expansion, crosswalk: Crosswalk) -> Shares:
    n_targets = len(crosswalk.targets)
    inside = crosswalk.piece_target >= 0
    needed = np.bincount(crosswalk.piece_target[inside], minlength=n_targets)
    owner = crosswalk.piece_target[crosswalk.piece]
    key = crosswalk.piece_source * n_targets + owner
    pair_key = crosswalk.source * n_targets + crosswalk.target
    pieces = np.bincount(key[owner >= 0], minlength=len(crosswalk.sources) * n_targets)[pair_key]
    full = (pieces == needed[crosswalk.target])[laid.pair]
    share = crosswalk.share[laid.pair]
    back = crosswalk.back[laid.pair] & (share != 1)

    def some(parts: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(np.bincount(laid.cell[parts], minlength=len(laid.group)) > 0)

    merged = some(~full)
    sole = (laid.parts == 1) & ~merged
    return Shares(
        share=share,
        sole=sole & ~some(back),
        whole=sole & ~some(share != 1),
        merged=merged,
        split=some((share != 1) & ~back),
        back=some(back),
    )


def _laid_out(
    table: OutcomeTable,
    crosswalk: Crosswalk,
    laid: Expansion,
    figures: Figures,
    keys: pd.DataFrame,
    to: dt.date,
    names: Mapping[str, str] | None,
) -> pd.DataFrame:
    register = load_register()
    called = [(names or {}).get(code) or name_of(register, code, to) for code in crosswalk.targets]
    # Arrays, not Series: a frame of Series compares their indexes column by column.
    built: dict[str, ExtensionArray | NDArray[np.generic]] = {
        "code": words(list(crosswalk.targets), laid.target).array,
        "name": words(called, laid.target).array,
        **{name: keys[name].array.take(laid.group) for name in keys.columns},
        **{name: getattr(figures, name) for name in _FIGURES},
        "status": words(STATUS_ORDER, figures.status).array,
    }
    # What a publisher says of an area besides its value (a band) is true of that area only: it is not carried.
    built |= {name: pd.array([""], dtype="str").repeat(len(laid.group)) for name in table.extras if name not in built}
    return pd.DataFrame({name: built[name] for name in table.frame.columns if name in built}, copy=False)
