"""The catalogue: what the Open Geography Portal publishes, as data, read and checked.

One entry a release, one file a geography, in the folder ``catalogue``. Every entry has a title, a pattern, fields, a count, a
licence and attribution. To contribute a release is to add an entry: its date, extent, count and the names under which it was
seen. Names drift (``_V2``, ``_2022``, ``GCB`` for ``BGC``), so an entry is found by a pattern and confirmed by its fields and
its count.
"""

from __future__ import annotations

import datetime as dt  # pydantic reads the annotations while the program runs
import functools
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import pydantic

from geo.errors import ConfigError, FetchError, listed
from geo.validation import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Resolution = Literal["BFE", "BFC", "BGC", "BSC", "BUC"]
Extent = Literal["UK", "GB", "EW", "EN"]

RESOLUTIONS: tuple[str, ...] = get_args(Resolution)
"""From the finest to the coarsest."""

_FOLDER = Path(__file__).parents[1] / "catalogue"
_TRAILER = r"(?:_WGS84)?(?:_V\d+)?(?:_20\d\d)?(?:_[0-9a-f]{8,32})?"
"""What the portal hangs on a name when it is published again."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""In English whatever the language of the machine."""

_Text = Annotated[str, pydantic.Field(min_length=1)]


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")

    @pydantic.field_validator("pattern", "code", "name", "name_cy", "child_field", "parent_field", check_fields=False)
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value


class LayerEntry(_Strict):
    """One release of one geography.

    Parameters
    ----------
    geography, date, extent : what, when (the last day of the month the release names), and which nations.
    title : what a map's foot prints.
    pattern : regular expression of service names with ``{resolution}`` still to be filled in.
    code, name, name_cy : regular expressions of the fields; Welsh names may be absent.
    count : areas in the release.
    seen : service names met in the wild, by resolution.
    """

    geography: _Text
    date: dt.date
    extent: Extent
    title: _Text
    pattern: _Text
    code: _Text
    name: _Text
    name_cy: str = ""
    count: Annotated[int, pydantic.Field(gt=0)]
    licence: _Text
    attribution: Annotated[tuple[_Text, ...], pydantic.Field(min_length=1)]
    resolutions: dict[Resolution, _Text]
    seen: dict[Resolution, tuple[_Text, ...]] = {}

    def service_pattern(self, resolution: str) -> re.Pattern[str]:
        """Return the pattern of names of this release at one resolution."""
        return _compiled(self.pattern.replace("{resolution}", f"(?:{self.resolutions[_known(resolution)]})"))

    def seen_at(self, resolution: str) -> tuple[str, ...]:
        """Return the names met at one resolution."""
        return self.seen.get(_known(resolution), ())

    @property
    def id(self) -> str:
        """Name the release: ``LAD_2024-05-31_UK``."""
        return f"{self.geography}_{self.date.isoformat()}_{self.extent}"


class LookupEntry(_Strict):
    """One lookup table.

    Parameters
    ----------
    child, parent : geographies of the two codes: ``("LAD", "UTLA")``, ``("LSOA21", "LAD")``.
    date, extent : of the parents' codes.
    child_field, parent_field : regular expressions of the two code fields.
    count : distinct codes of the child.
    """

    child: _Text
    parent: _Text
    date: dt.date
    extent: Extent
    title: _Text
    pattern: _Text
    child_field: _Text
    parent_field: _Text
    count: Annotated[int, pydantic.Field(gt=0)]
    licence: _Text
    attribution: Annotated[tuple[_Text, ...], pydantic.Field(min_length=1)]
    seen: tuple[_Text, ...] = ()

    def service_pattern(self) -> re.Pattern[str]:
        """Return the pattern of names of this table."""
        return _compiled(self.pattern)

    @property
    def id(self) -> str:
        """Name the table: ``LAD-UTLA_2024-12-31_EW``."""
        return f"{self.child}-{self.parent}_{self.date.isoformat()}_{self.extent}"


class Catalogue(_Strict):
    """All releases known, in order of geography and date."""

    layers: tuple[LayerEntry, ...]
    lookups: tuple[LookupEntry, ...]

    def releases(self, geography: str) -> tuple[LayerEntry, ...]:
        """Return the releases of a geography in order of date.

        Raises
        ------
        FetchError
            None is known.
        """
        found = tuple(entry for entry in self.layers if entry.geography == geography)
        if not found:
            known = dict.fromkeys(entry.geography for entry in self.layers)
            raise FetchError(f"no release of {geography!r} is in the catalogue", [f"known: {', '.join(known)}"])
        return found

    def tables(self, child: str, parent: str) -> tuple[LookupEntry, ...]:
        """Return the lookups between two geographies in order of date.

        Raises
        ------
        FetchError
            None is known.
        """
        found = tuple(entry for entry in self.lookups if (entry.child, entry.parent) == (child, parent))
        if not found:
            known = dict.fromkeys(f"{entry.child} to {entry.parent}" for entry in self.lookups)
            raise FetchError(
                f"no lookup from {child!r} to {parent!r} is in the catalogue", [f"known: {', '.join(known)}"]
            )
        return found

    def __repr__(self) -> str:
        """State the size."""
        return f"Catalogue({len(self.layers)} releases of layers, {len(self.lookups)} lookups)"

    __str__ = __repr__


_Entry = TypeVar("_Entry", LayerEntry, LookupEntry)


@functools.cache
def load_catalogue(*folders: Path) -> Catalogue:
    """Read the catalogue that comes with the package, and further folders of TOML files in the same shape.

    Raises
    ------
    ConfigError
        Entries that do not fit the schema, or two of the same name; all faults at once.
    """
    vocabulary = tomllib.loads((_FOLDER / "vocabulary.toml").read_text(encoding="utf-8"))
    layers: list[LayerEntry] = []
    lookups: list[LookupEntry] = []
    faults: list[str] = []
    files = [
        path
        for folder in (_FOLDER, *folders)
        for path in sorted(folder.glob("*.toml"))
        if path.name != "vocabulary.toml"
    ]
    for path in files:
        try:
            shared = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: {error}")
            continue
        schema, layer_rows, lookup_rows = shared.pop("schema", None), shared.pop("layer", []), shared.pop("lookup", [])
        if schema != 1:
            faults.append(f"{path.name}: expected schema = 1, found {schema!r}")
        layers += _entries(LayerEntry, layer_rows, shared, vocabulary, path.name, faults)
        lookups += _entries(LookupEntry, lookup_rows, shared, vocabulary, path.name, faults)
    ids = [entry.id for entry in layers] + [entry.id for entry in lookups]
    doubled = sorted({name for name in ids if ids.count(name) > 1})
    if doubled:
        faults.append(f"two entries of the same geography, date and extent: {listed(doubled)}")
    if faults:
        raise ConfigError("the catalogue of releases cannot be used", faults)
    layers.sort(key=lambda entry: (entry.geography, entry.date, entry.extent))
    lookups.sort(key=lambda entry: (entry.child, entry.parent, entry.date))
    return Catalogue(layers=tuple(layers), lookups=tuple(lookups))


def _entries(
    kind: type[_Entry],
    rows: list[dict[str, Any]],
    shared: Mapping[str, Any],
    vocabulary: Mapping[str, Any],
    file: str,
    faults: list[str],
) -> Iterable[_Entry]:
    for number, row in enumerate(rows, start=1):
        try:
            yield kind.model_validate(_filled({**shared, **row}, vocabulary, layer=kind is LayerEntry))
        except (pydantic.ValidationError, KeyError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else _words(error)
            faults.append(f"{file}, entry {number} ({row.get('date', 'no date')}): {what}")


def _filled(row: dict[str, Any], vocabulary: Mapping[str, Any], *, layer: bool) -> dict[str, Any]:
    """Fill an entry's blanks from its date, its extent and the shared vocabulary."""
    date, extent = row["date"], row["extent"]
    month = _MONTHS[date.month - 1]
    vintage = row.pop("vintage", None) or f"{month[:3]}(?:{month[3:]})?_(?:20)?{date.year % 100:02}"
    blanks = {"{vintage}": vintage, "{extent}": vocabulary["extents"][extent]}
    pattern = row["pattern"]
    for blank, words in blanks.items():
        pattern = pattern.replace(blank, words)
    row["pattern"] = f"(?i)^{pattern}{_TRAILER}$"
    row["title"] = row["title"].format(month=month, year=date.year, extent=extent)
    row.setdefault("licence", vocabulary["licence"])
    row.setdefault("attribution", vocabulary["attribution"][extent])
    row["attribution"] = [line.format(year=date.year) for line in row["attribution"]]
    if layer:
        row.setdefault("resolutions", vocabulary["resolutions"])
    return row


def _words(error: pydantic.ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {', '.join(words_of(fault))}" for fault in error.errors())


def _known(resolution: str) -> Resolution:
    """Return a resolution in capitals.

    Raises
    ------
    FetchError
        There is no such resolution.
    """
    for known in get_args(Resolution):
        if resolution.upper() == known:
            return known  # type: ignore[no-any-return]
    raise FetchError(
        f"{resolution!r} is not a resolution", [f"known, from the finest to the coarsest: {', '.join(RESOLUTIONS)}"]
    )


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
