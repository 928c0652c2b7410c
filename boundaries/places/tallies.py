"""Which kinds of place the codes of a table name, in words: for messages that say why a table is not of a geography."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from boundaries.register.codes import ENTITIES, GEOGRAPHIES, entity_of, in_geography, parse_code
from boundaries.vocabulary import SMALL, WIDER, coded_geography, editions_that_fit, geography_words, place_name
from geo.remedies import Remedy

if TYPE_CHECKING:
    from collections.abc import Iterable


def tiers_in_words(codes: Iterable[str]) -> list[str]:
    """Name the kinds of place among codes, the most frequent first.

    Examples
    --------
    >>> tiers_in_words(["E12000001", "E12000002", "E92000001", "K02000001"])
    ['2 regions', '1 country', 'the United Kingdom']
    """
    tallies: dict[str, list[str]] = {}
    wholes: set[str] = set()
    for code in sorted({code for code in codes if code}):
        known = parse_code(code)
        whole = ENTITIES.get(known.entity, "") if known.scheme == "gss" else ""
        if whole in WIDER:
            wholes.add(place_name(whole))
        else:
            scheme = code.partition(":")[0]
            tallies.setdefault(geography_words(scheme, count=1) if ":" in code else known.kind, []).append(code)
    ordered = sorted(tallies.items(), key=lambda item: (-len(item[1]), item[0]))
    return [*(_counted(held) for _, held in ordered), *sorted(wholes)]


def _counted(codes: list[str]) -> str:
    """Count codes of one kind: "2 regions"."""
    first, number = codes[0], len(codes)
    own = geography_words(first.partition(":")[0], count=number) if ":" in first else parse_code(first).kinds(number)
    return f"{number:,} {own}"


def remedies_for(codes: Iterable[str]) -> tuple[Remedy, ...]:
    """Return what would help a table that is not of the geography that was asked for; none where nothing is known to."""
    distinct = {code for code in codes if code}
    own = {code for code in distinct if ":" in code}
    if own and 2 * len(own) >= len(distinct):
        return (Remedy("members", purpose="to name the table that says which districts they are made of"),)
    distinct -= own
    if _are_small(distinct):
        return (Remedy("layer", "", purpose="to name a file of these areas with a column of their codes"),)
    levels = Counter(len(code) - 2 for code in sorted(distinct) if parse_code(code).scheme == "itl")
    if levels:
        # TLC, TLC3, TLC31: a level is two letters and as many characters
        return (Remedy("geography", f"ITL{max(levels.most_common(1)[0][0], 1)}"),)
    shares = {name: sum(in_geography(code, name) for code in distinct) for name in GEOGRAPHIES}
    best = max(shares, key=lambda name: shares[name])
    return (Remedy("geography", best),) if shares[best] else ()


def advice_for(codes: Iterable[str]) -> tuple[str, ...]:
    """Say which layer a table of areas smaller than districts is joined to; nothing of other tables."""
    distinct = {code for code in codes if code and ":" not in code}
    if not _are_small(distinct):
        return ()
    kind = coded_geography({entity_of(code) for code in distinct} & SMALL)
    editions = editions_that_fit(distinct, kind)
    which = f" of {' or '.join(editions)}" if editions else ""
    return (f"they are joined to a layer of {geography_words(kind)}{which}: none comes with placeatlas",)


def _are_small(codes: set[str]) -> bool:
    return bool(codes) and 2 * sum(entity_of(code) in SMALL for code in codes) >= len(codes)
