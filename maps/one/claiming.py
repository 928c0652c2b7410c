"""Claims about kinds of place, answered from a build, from one table, or from the files that a file of claims names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims import Asked, Entry, answers, check_form, claims_of, read_claims_file
from analysis.layered import covariates_of
from analysis.one_table.studying import join_file
from analysis.study import StudyConfig, survey
from analysis.typology.manufacturing import DEFINITION
from analysis.typology.membership import DEFAULT_DEFINITIONS, dimensions_of
from analysis.typology.own_types import definitions_named, find_file, read_type
from analysis.typology.stated_types import typed, types_read
from boundaries.bundled.layers import load_neighbours
from geo.errors import ConfigError
from maps.atlas.builds import build_or_newest
from maps.atlas.inputs import check_reach, study_config
from maps.atlas.manifest import read_manifest
from maps.atlas.run import joined_of
from maps.one.claim_words import answer_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.association import Scale
    from analysis.claims import Answer, ClaimsFile
    from analysis.one_table.reading import Reading
    from analysis.study import Ground
    from analysis.typology.definitions import Typology
    from boundaries.joined import Joined

CLAIM_FILES = (".toml", ".csv", ".tsv", ".xlsx", ".ods")


@dataclass(frozen=True, slots=True)
class Asking:
    """How claims are put.

    Parameters
    ----------
    definition : id of the one definition that counts, a definition in TOML, or a list of areas; all of them when empty.
    types : further kinds of place, each a list of areas or a definition. data : folders in which files are looked up.
    scale : on which gaps beside places nearby are estimated; that of the build by default. seed : of draws; likewise.
    covariates : further numbers of areas that rules may name: names, TOML files with tables ``[[covariate]]``, or such tables.
    """

    definition: str = ""
    types: tuple[str, ...] = ()
    data: tuple[Path, ...] = ()
    scale: Scale | None = None
    seed: int | None = None
    covariates: tuple[str | Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers of one call, the outcomes they are about, and the rules in words."""

    answers: tuple[Answer, ...]
    asked: Mapping[str, Asked]
    rules: Mapping[str, str]

    def __repr__(self) -> str:
        """Return the answers for a reader."""
        return "\n".join(self.lines())

    def _repr_html_(self) -> str:
        """Show the answers in a notebook."""
        return f"<pre>{escape(repr(self))}</pre>"

    def lines(self) -> tuple[str, ...]:
        """Return the answers for a reader."""
        return tuple(answer_lines(self.answers, self.asked, self.rules))

    def table(self) -> pd.DataFrame:
        """Return what was found, each once, in the columns of ``claims.csv``."""
        import pandas as pd  # noqa: PLC0415 - a name of the type checker above

        return pd.concat([one.table() for one in self.answers]).drop_duplicates(ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the answers as JSON-able data."""
        return {"answers": [one.to_dict() for one in self.answers], "lines": list(self.lines())}


def answer_from_build(words: str, build: Path | None = None, asking: Asking | None = None) -> Answered:
    """Answer claims about the outcomes of a build.

    Parameters
    ----------
    words : a sentence ("coastal areas have lower pay"), or the path of a file of claims.
    build : its folder; the newest in ``atlas-out/`` by default. asking : how.

    Raises
    ------
    ConfigError
        A claim cannot be read, or speaks of no outcome of the build.
    """
    asking = _beside(words, asking or Asking())
    asked_for = _asked_for(words, asking)
    manifest = read_manifest(build_or_newest(build))
    folders = [*asking.data, Path.cwd()]
    check_reach(manifest.config, folders)
    joined, _ = joined_of(manifest.config, folders)
    how = replace(study_config(manifest.config, folders), robust=False)
    return _answered(asked_for, joined, how, asking)


def answer_from_file(
    words: str, file: Path | None = None, *, reading: Reading | None = None, asking: Asking | None = None
) -> Answered:
    """Answer claims about the outcome of one table, or about those that the file of claims names.

    Parameters
    ----------
    words : a sentence, or the path of a file of claims. file : a table, read as ``reading`` says; None where the file of
        claims names its outcomes.

    Raises
    ------
    PlaceatlasError
        A file cannot be joined, or a claim cannot be read.
    """
    asking = _beside(words, asking or Asking())
    asked_for = _asked_for(words, asking)
    named: dict[str, Joined] = {}
    if file is not None:
        one = join_file(file, reading)
        named[one.meta.id] = one
    for outcome in asked_for.outcomes:
        found = join_file(find_file(outcome.file, asking.data), outcome.reading)
        meta = replace(found.meta, id=outcome.id, title=outcome.title or found.meta.title)
        named[outcome.id] = replace(found, meta=meta)
    if not named:
        raise ConfigError(
            "no outcome is given", ["name a table, a build with --from, or [[outcome]] in the file of claims"]
        )
    return _answered(
        asked_for, named, StudyConfig(robust=False, isolates=reading.isolates if reading else None), asking
    )


def answer_joined(words: str, joined: Mapping[str, Joined], *, asking: Asking | None = None) -> Answered:
    """Answer claims about outcomes that are joined already, by id.

    Raises
    ------
    ConfigError
        A claim cannot be read, or speaks of none of the outcomes.
    """
    asking = _beside(words, asking or Asking())
    return _answered(_asked_for(words, asking), joined, StudyConfig(robust=False), asking)


def names_outcomes(words: str, data: Sequence[Path] = ()) -> bool:
    """Say whether the words are a file of claims that names its own outcomes."""
    return _is_file(words, data) and bool(read_claims_file(find_file(words, data)).outcomes)


def _is_file(words: str, folders: Sequence[Path]) -> bool:
    named = words.strip().lower().endswith(CLAIM_FILES)
    return named and (" " not in words.strip() or any((folder / words).is_file() for folder in (Path(), *folders)))


def _beside(words: str, asking: Asking) -> Asking:
    """Also look for files beside the file of claims that names them."""
    if not _is_file(words, asking.data):
        return asking
    return replace(asking, data=(*asking.data, find_file(words, asking.data).parent))


def _asked_for(words: str, asking: Asking) -> ClaimsFile:
    """Read a sentence as a file of one claim, or the file that the words name."""
    from analysis.claims import ClaimsFile  # noqa: PLC0415 - a name of the type checker above

    if not _is_file(words, asking.data):
        check_form(words)  # at once, before anything is read
        return ClaimsFile((Entry("the claim", text=words),))
    return read_claims_file(find_file(words, asking.data))


def _answered(asked_for: ClaimsFile, joined: Mapping[str, Joined], how: StudyConfig, asking: Asking) -> Answered:
    """Survey the ground of each outcome with all kinds asked for, and put the claims to them."""
    rules, covariates = types_read((*asked_for.types, *map(typed, asking.types)), asking.data)
    single, only = _definition(asking)
    how = replace(
        how,
        typologies=definitions_named((*how.typologies, *rules, *single)),
        covariates=(*how.covariates, *covariates, *covariates_of(asking.covariates, asking.data)),
        scale=asking.scale or how.scale,
        seed=how.seed if asking.seed is None else asking.seed,
    )
    asked = _grounds(joined, how)
    first = next(iter(asked.values()))
    claims = claims_of(
        asked_for.claims,
        outcomes={name: one.meta.title for name, one in joined.items()},
        favourable={name: one.meta.favourable for name, one in joined.items()},
        types=dimensions_of(first.ground.memberships),
    )
    if only:
        claims = tuple(replace(claim, definition=only) for claim in claims)
    found = answers(claims, asked, scale=how.scale, seed=how.seed)
    said = {one.column: one.statement() for one in definitions_named((*DEFAULT_DEFINITIONS, *how.typologies))}
    return Answered(found, asked, said)


def _definition(asking: Asking) -> tuple[tuple[Typology, ...], str]:
    """Return the definitions that ``--definition`` brings, and the id that counts."""
    if not asking.definition:
        return (), ""
    if "." in asking.definition:
        read = read_type(asking.definition, folders=asking.data)
        return (read,), read.id
    from analysis.typology.definitions import built_in_definitions  # noqa: PLC0415 - asked for only here

    # What is measured needs a table: it counts where a file of claims or the build brings one.
    named = [name for name in built_in_definitions() if name.endswith(f"-{asking.definition}") and name != DEFINITION]
    return tuple(one for one in definitions_named(named) if one.id == asking.definition), asking.definition


def _grounds(joined: Mapping[str, Joined], how: StudyConfig) -> dict[str, Asked]:
    """Return each outcome on its ground; outcomes on the same areas share one."""
    neighbours = load_neighbours()
    surveyed: dict[tuple[str, ...], Ground] = {}
    found = {}
    for name, one in joined.items():
        areas = one.boundaries
        key = (areas.geography, areas.date.isoformat(), *areas.frame["code"])
        if key not in surveyed:
            surveyed[key] = survey(areas, how, neighbours=neighbours)
        found[name] = Asked(one, surveyed[key])
    return found
