"""The foot of a map, chart or page: where it is from, how it was made, what licences ask for; made last, for its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.provenance import attribution_lines
from maps.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from geo.provenance import Source
    from maps.spec import MapSpec

NORTHERN = "N"
"""First letter of codes in Northern Ireland."""


def foot_of(spec: MapSpec) -> tuple[str, ...]:
    """Return source, method, approximate shapes and licence lines of a map, in that order."""
    return (
        *about_lines(spec.sources, spec.method, spec.approximate),
        *joined_lines([*spec.sources, *spec.shape_sources]),
    )


def chart_foot(sources: Iterable[Source], shape_sources: Iterable[Source], *, method: str) -> tuple[str, ...]:
    """Return the foot of a chart, which draws no shapes."""
    given = tuple(sources)
    return (*about_lines(given, method), *joined_lines([*given, *shape_sources]))


def about_lines(sources: Iterable[Source], method: str, approximate: Collection[str] = ()) -> tuple[str, ...]:
    """Return the lines on source, method and shapes that are not where they were."""
    titles = list(dict.fromkeys(_cited(source) for source in sources if source.title))
    lines = [say("foot.source", titles="; ".join(titles))] if titles else []
    if method:
        lines.append(say("foot.method", method=method.rstrip(".")))
    if approximate:
        northern = any(code.startswith(NORTHERN) for code in approximate)
        lines.append(say("foot.approximate-northern" if northern else "foot.approximate", n=len(approximate)))
    return tuple(lines)


def _cited(source: Source) -> str:
    """Return the title of a source; behind it the name of its licence where no line of its own tells that."""
    title = source.title.rstrip(".")
    return f"{title} ({source.licence})" if source.licence and not source.attribution else title


def joined_lines(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return what licences ask for as one paragraph; none where they ask for nothing."""
    said = " ".join(licence_lines(sources))
    return (said,) if said else ()


def licence_lines(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the lines that licences ask for, each once and as a sentence; several sources ask for the same.

    Examples
    --------
    >>> from geo.provenance import Source
    >>> licence_lines([Source("One", attribution=("Contains data",)), Source("Two", attribution=("Contains data.",))])
    ('Contains data.',)
    """
    return tuple(dict.fromkeys(f"{line.strip().rstrip('.')}." for line in attribution_lines(sources)))
