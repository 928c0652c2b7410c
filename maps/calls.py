"""What an analyst calls to see a result: claim, explore, draw; to publish: ``maps.publishing_calls``.

A wrong argument is one of our errors, and a ValueError or TypeError too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.study import Study
from boundaries.areas.boundary_set import BoundarySet
from boundaries.joined import Joined
from geo.arguments import folders_of, one_of, path_of, result_of, texts_of
from geo.errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from maps.kinds.entry import Kind
    from maps.kinds.subject import Subject
    from maps.leaflet.notebook import OfflineMap
    from maps.one.claiming import Answered
    from maps.page.scene import Page

_HOW_JOINED = "join first: join(table, areas)"
_HOW = "join a table to areas, or study what was joined: join(table, areas), study(joined)"


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture that is shown in a notebook and can be written to a file."""

    page: Page
    dpi: int = 150

    def __repr__(self) -> str:
        """State what it is a picture of."""
        return f"Shown({self.page.title})"

    def _repr_png_(self) -> bytes:
        """Return the picture for a notebook."""
        from maps.static import page_bytes

        return page_bytes(self.page, kind="png", dpi=self.dpi)

    def _repr_svg_(self) -> str:
        """Return the same as SVG."""
        from maps.static import page_bytes

        return page_bytes(self.page, kind="svg", dpi=self.dpi).decode("utf-8")

    def save(self, file: str | Path) -> Path:
        """Write the picture as PNG, SVG or PDF, by the ending of the file.

        Raises
        ------
        ArgumentError, ArgumentTypeError
            Another ending; no path.
        OutputError
            The place cannot be written to.
        """
        from geo.files import write_bytes
        from maps.static import FORMATS, page_bytes

        path = path_of(file, "file")
        form = one_of(path.suffix[1:].lower(), FORMATS, "format")
        return write_bytes(
            path, page_bytes(self.page, kind=next(known for known in FORMATS if known == form), dpi=self.dpi)
        )


def draw(
    result: Joined | Study,
    kind: str = "choropleth",
    file: str | Path | None = None,
    *,
    since: Joined | Sequence[Joined] = (),
    against: Joined | None = None,
    layout: str | Path | None = None,
    style: str | Path | None = None,
    size: str = "page",
    dpi: int = 150,
) -> Shown | Path:
    """Draw any kind of map or chart.

    Parameters
    ----------
    result : what ``join`` or ``study`` gives. kind : a name of the table of kinds (``placeatlas map --help`` lists them).
    file : where to write; its ending says whether PNG, SVG or PDF. Without one the picture is shown in a notebook.
    since : the same outcome at earlier periods, on the same areas: one for ``change``, one or more for ``multiples``.
    against : a second outcome on the same areas, for ``bivariate`` and ``symbols``.
    layout : a published layout of hexagons, for ``hex``. style : ``govuk``, ``ons``, ``smc``, ``greyscale`` or a TOML file.
    size : ``page``, ``a4``, ``slide``, ``social`` or ``phone``. dpi : dots an inch of a PNG.

    Returns
    -------
    Path, or Shown
        The file that was written; else a picture with ``save``.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A kind, size, style or format that there is none of; a result that lacks what the kind needs.
    MapError
        Values that the kind cannot show.
    """
    from boundaries.bundled.layers import load_neighbours
    from maps.atlas.pictures import kind_page
    from maps.look import styles
    from maps.page import composition
    from maps.static import FORMATS

    chosen = _kind(kind)
    one_of(size, styles.SIZES, "size")
    if file is not None:
        one_of(path_of(file, "file").suffix[1:].lower(), FORMATS, "format")
    subject = _subject(result, chosen, since=since, against=against, layout=layout)
    look = styles.DEFAULT if style is None else styles.load_style(str(path_of(style, "style")))
    canvas = composition.prepare(subject.joined.boundaries, load_neighbours()) if chosen.is_layer else None
    shown = Shown(kind_page(chosen, subject, canvas, style=look, size=size), dpi)
    return shown if file is None else shown.save(file)


def explore(
    result: Joined | Study | BoundarySet,
    kind: str | None = None,
    *,
    since: Joined | Sequence[Joined] = (),
    against: Joined | None = None,
) -> OfflineMap:
    """Return an interactive map to which layers can be added: a ``folium.Map`` that opens without a network.

    Parameters
    ----------
    result : what ``areas``, ``join`` or ``study`` gives.
    kind : of map. Where nothing is named: values; of a study its levels, or its clusters where errors are not known. Charts and
        hexagons have no place on it.
    since, against : as of ``draw``.

    Returns
    -------
    OfflineMap
        Shown in a notebook as it is; ``.save("map.html")`` writes it.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        A kind that there is none of, or that cannot lie on a map; what is none of the three.
    """
    from maps.leaflet.notebook import to_folium, to_plain_folium

    if isinstance(result, BoundarySet):
        if kind is not None:
            raise ArgumentError(f"areas alone have no values to draw as '{kind}'", [_HOW])
        return to_plain_folium(result)
    chosen = _kind(kind or _first_shown(result))
    if not chosen.is_layer:
        raise ArgumentError(f"'{chosen.name}' cannot lie on a map", ["draw it: draw(result, kind)"])
    subject = _subject(result, chosen, since=since, against=against, layout=None)
    return to_folium(chosen.spec(subject), subject.joined.boundaries)


def _first_shown(result: Joined | Study) -> str:
    """Return the kind that answers first: how each area stands, where errors are known; else its clusters, or the values."""
    if not isinstance(result, Study):
        return "choropleth"
    return "levels" if result.levels.counts["ranked"] else "clusters"


def claim(
    words: str | Path,
    joined: Joined | Sequence[Joined],
    *,
    definition: str = "",
    types: str | Sequence[str] = (),
    covariates: str | Mapping[str, Any] | Sequence[str | Mapping[str, Any]] = (),
    data: str | Path | Sequence[str | Path] = (),
    seed: int | None = None,
) -> Answered:
    """Test a claim about kinds of place, such as "coastal areas have lower pay", against maps as smooth as the real one.

    Parameters
    ----------
    words : the claim, or a file of claims (TOML or a table). joined : what ``join`` gives: the outcomes that claims speak of.
    definition : id of the one definition of the kind of place that counts; every one when empty.
    types : further kinds of place, each a list of areas or a definition in TOML. covariates : numbers that their rules name, as of
        ``study``. data : folders in which files are looked up. seed : of every random draw.

    Returns
    -------
    Answered
        Printed, the answer for a reader; ``.table()`` has both gaps, intervals, q and verdict of every definition.

    Raises
    ------
    ArgumentError, ArgumentTypeError
        What is no claim, or no join; two outcomes of one id.
    ConfigError
        The claim cannot be read, or speaks of another outcome.
    """
    from maps.one.claiming import Asking, answer_joined

    several = (joined,) if not isinstance(joined, list | tuple) else tuple(joined)
    outcomes = {one.meta.id: one for one in (result_of(each, Joined, "joined", how=_HOW_JOINED) for each in several)}
    if len(outcomes) < len(several) or not outcomes:
        raise ArgumentError(
            "a claim speaks of outcomes by name", [f"found {len(several)} joins with {len(outcomes)} ids"]
        )
    measured = tuple(covariates) if isinstance(covariates, list | tuple) else (covariates,)
    asking = Asking(
        definition=definition,
        types=texts_of(types, "types"),
        data=folders_of(data),
        seed=seed,
        covariates=measured,
    )
    return answer_joined(str(path_of(words, "words")), outcomes, asking=asking)


def _kind(name: object) -> Kind:
    """Return a kind of map by its name."""
    from maps.kinds.table import kind_named, kind_names

    return kind_named(one_of(name, kind_names("map"), "kind"))


def _subject(
    result: Joined | Study,
    kind: Kind,
    *,
    since: Joined | Sequence[Joined],
    against: Joined | None,
    layout: str | Path | None,
) -> Subject:
    """Return what a kind is drawn of, or refuse a result that lacks what it needs."""
    from boundaries.joined import average_of
    from maps.cartogram import hexagons_of
    from maps.kinds.subject import Subject

    if not isinstance(result, Joined | Study):
        raise ArgumentTypeError(
            "only an outcome on areas can be drawn", [f"found {type(result).__module__}.{type(result).__name__}", _HOW]
        )
    joined = result.joined if isinstance(result, Study) else result
    given = (since,) if isinstance(since, Joined) else tuple(since)
    earlier = tuple(_on_same_areas(one, joined, "since") for one in given)
    other = None if against is None else _on_same_areas(against, joined, "against")
    named = None if layout is None else path_of(layout, "layout")
    subject = Subject(
        joined,
        average_of(joined),
        study=result if isinstance(result, Study) else None,
        before=earlier[0] if earlier else None,
        series=(*earlier, joined) if earlier else (),
        other=other,
        hexagons=hexagons_of(joined.boundaries, named) if "hexagons" in kind.needs else None,
    )
    if lacking := subject.lacks(kind.needs):
        raise ArgumentError(f"kind '{kind.name}' cannot be drawn of this", [f"it needs {words}" for words in lacking])
    return subject


def _on_same_areas(given: object, joined: Joined, name: str) -> Joined:
    """Return another join where it is on the same areas."""
    other = result_of(given, Joined, name, how="join it to the same areas")
    if not other.frame.index.equals(joined.frame.index):
        raise ArgumentError(
            f"{name} is on other areas",
            [f"found {other.boundaries.in_words}", f"join it to {joined.boundaries.in_words}"],
        )
    return other
