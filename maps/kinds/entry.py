"""One row of the table of kinds: what a kind of map or chart is called, needs and takes, who makes it, where it is offered."""

from __future__ import annotations

import importlib
from collections.abc import Callable  # noqa: TC003 - the fields of a dataclass are read at run time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

from geo.errors import PlaceatlasError, PluginError
from geo.guests import guest
from maps.page.scene import Page
from maps.spec import MapSpec

if TYPE_CHECKING:
    from maps.kinds.needs import Need
    from maps.kinds.subject import Subject
    from maps.look.styles import Style

Answer = Literal["levels", "change", "types", "pattern"]
"""Which of the four answers a kind belongs to."""

Option = Literal["since", "against", "against_unit", "layout", "larger"]
"""What a kind may be told, under one name on the command line, in a configuration and in Python."""

Place = Literal["atlas", "page", "pack", "pack-picture", "gis", "map"]
"""Where a kind is offered: as a picture of an atlas, a layer of an outcome's page, a layer or a picture of a pack, a style of
the GeoPackage, and by the verb ``map``."""

EVERYWHERE: frozenset[Place] = frozenset(get_args(Place))
MAP: frozenset[Place] = EVERYWHERE - {"pack-picture"}
PICTURE: frozenset[Place] = frozenset({"atlas", "map"})
"""Charts, and maps whose areas do not lie where they lie: nothing to lay over another map."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of map or chart.

    Parameters
    ----------
    name : lower case, digits and hyphens; the kind of its specs, and the name of its files.
    title : what a reader calls it in a list of maps; of ours, the key of that phrase (``maps.kinds.title_of``).
    maker : takes a ``maps.kinds.subject.Subject`` and returns a ``MapSpec``; of a chart, takes also ``style`` and ``size`` and
        returns a ``Page``. A text ``module:function`` is loaded when it is called for.
    answer : which question it answers.
    needs : what an outcome must have; an outcome that lacks it goes without this kind.
    takes : options it understands.
    offered : where.
    form : "chart" where there are no areas. shapes : "hexagons" where they stand for areas.
    usual : in an atlas that does not say which kinds it wants.
    headline : 1 for the kind whose title is an outcome's headline, 2 for the next best …; 0 for one that is none.
    style : what it is called in a list of styles after the measure, of ours a key; empty where the measure says it.
    field : the field of an outcome that its classes are read from.
    origin : distribution and version that bring it; empty for ours.
    """

    name: str
    title: str
    maker: str | Callable[..., Any]
    answer: Answer = "levels"
    needs: tuple[Need, ...] = ()
    takes: tuple[Option, ...] = ()
    offered: frozenset[Place] = MAP
    form: Literal["map", "chart"] = "map"
    shapes: Literal["areas", "hexagons"] = "areas"
    usual: bool = False
    headline: int = 0
    style: str = ""
    field: str = "value"
    origin: str = ""

    @property
    def is_layer(self) -> bool:
        """Whether its areas lie in their true places, so that pages, packs and GIS can show it."""
        return self.form == "map" and self.shapes == "areas"

    def spec(self, subject: Subject) -> MapSpec:
        """Describe a map of a subject that has what the kind needs.

        Raises
        ------
        PluginError
            The maker of another distribution failed, or returned what is no map of this kind.
        MapError
            Values that the kind cannot show.
        """
        spec = self._made(subject)
        if isinstance(spec, MapSpec) and spec.kind == self.name and not (faults := spec.faults()):
            return spec
        if not isinstance(spec, MapSpec):
            faults = [f"it is a {type(spec).__name__}, not a MapSpec"]
        elif spec.kind != self.name:
            faults = [f"its kind is '{spec.kind}'"]
        raise PluginError(f"what {self._who} returned cannot be drawn", faults)

    def page(self, subject: Subject, *, style: Style, size: str) -> Page:
        """Lay a chart out; raises as ``spec``."""
        page = self._made(subject, style=style, size=size)
        if isinstance(page, Page):
            return page
        raise PluginError(f"what {self._who} returned cannot be drawn", [f"it is a {type(page).__name__}, not a Page"])

    def _made(self, subject: Subject, **options: Any) -> Any:
        if not self.origin:
            maker = _loaded(self.maker) if isinstance(self.maker, str) else self.maker
            return maker(subject, **options)
        with guest(self._who, given=(subject,)):
            try:
                maker = _loaded(self.maker) if isinstance(self.maker, str) else self.maker
                return maker(subject, **options)
            except PlaceatlasError:
                raise
            except Exception as error:
                raise PluginError(f"{self._who} failed", [f"{type(error).__name__}: {error}"]) from error

    @property
    def _who(self) -> str:
        return f"the kind '{self.name}'" + (f" of {self.origin}" if self.origin else "")


@cache
def _loaded(target: str) -> Callable[..., Any]:
    module, _, name = target.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function
