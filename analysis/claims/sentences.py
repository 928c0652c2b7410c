"""Claims about kinds of place, read from English sentences: word by word, in time that grows with the length of the text."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.typology.definitions import DIMENSIONS
from geo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from boundaries.outcomes.measures import Favourable

Direction = Literal["lower", "higher"]
Towards = Literal["lower", "higher", "worse", "better"]

MAX_LETTERS = 2_000
"""A longer text is no sentence."""

FORMS = (
    'write for example "coastal areas have lower pay"',
    'or "opportunities are lower in post-industrial, coastal and rural areas"',
)

EVERYTHING = frozenset({"opportunities", "opportunity", "outcomes", "chances", "everything"})
"""Words that mean every outcome of the call; lower and higher then mean worse and better."""

_TOWARDS: dict[str, Towards] = {
    **dict.fromkeys(("lower", "less", "fewer", "smaller", "below", "low", "lowest"), "lower"),
    **dict.fromkeys(("higher", "more", "greater", "larger", "above", "high", "highest"), "higher"),
    **dict.fromkeys(("worse", "poorer", "worst"), "worse"),
    **dict.fromkeys(("better", "best"), "better"),
}
_VERBS = frozenset({"have", "has", "are", "is", "show", "shows"})
_PLACES = frozenset({"areas", "area", "places", "place", "councils", "council", "districts", "district", "towns"})
_ARTICLES = frozenset({"a", "an", "the"})
_JOINTS = frozenset({",", "and", "or", "&"})
_ADVERBS = frozenset({"generally", "mostly", "often", "typically", "usually", "found"})
_WITHIN = frozenset({"in", "among", "for", "on", "of"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed.

    Parameters
    ----------
    types : kinds of place (``coastal``, ``ten-places``), as they are called in memberships.
    direction : lower or higher than in the other areas, in value order; worse or better, for outcomes of which it is known
        which end is good.
    outcomes : ids of the outcomes.
    definition : id of the one definition that is meant; all of them when empty.
    text : the sentence, where there was one.
    """

    types: tuple[str, ...]
    direction: Towards
    outcomes: tuple[str, ...]
    definition: str = ""
    text: str = ""

    def towards(self, favourable: Favourable) -> Direction | None:
        """Return the claimed direction in value order; None where it is not known which end of the outcome is good."""
        if self.direction in ("lower", "higher"):
            return self.direction
        if favourable == "none":
            return None
        return "higher" if (self.direction == "better") == (favourable == "high") else "lower"


def read_claim(
    text: str,
    *,
    outcomes: Mapping[str, str],
    favourable: Mapping[str, Favourable] | None = None,
    types: Collection[str] = DIMENSIONS,
) -> Claim:
    """Read a claim written in English.

    Parameters
    ----------
    text : ``"<kinds> areas have <lower or higher> <outcome>"``, ``"<outcome> is <lower or higher> in <kinds> areas"`` or
        ``"the <lowest or highest> <outcome> is in <kinds> areas"``;
        ``worse`` and ``better`` where it is known which end of the outcome is good. Several kinds are joined by commas and
        "and". The outcome may be left out when there is only one; ``opportunities`` and ``outcomes`` mean them all.
    outcomes : id to title of those that can be asked about. favourable : id to which end is good.
    types : kinds of place that can be asked about.

    Raises
    ------
    ConfigError
        A sentence of another form, an unknown kind or outcome; all at once.

    Examples
    --------
    >>> read_claim("Coastal and rural areas have lower pay.", outcomes={"pay": "Median weekly pay"}).types
    ('coastal', 'rural')
    """
    if len(text) > MAX_LETTERS:
        raise ConfigError(
            "the claim cannot be read", [f"it has {len(text):,} letters; at most {MAX_LETTERS:,}", *FORMS]
        )
    parts = _parts(_words(text), types)
    if parts is None:
        raise ConfigError(f"the claim {_shown(text)} cannot be read", FORMS)
    kinds, word, what = parts
    faults: list[str] = []
    found = _types(kinds, types, faults)
    wanted, everything = _outcomes(what, outcomes, faults)
    direction = _TOWARDS.get(word)
    if direction is None:
        faults.append(f"{word!r} is no direction; write lower or higher, worse or better")
        direction = "lower"
    if everything:
        direction = {"lower": "worse", "higher": "better"}.get(direction, direction)  # type: ignore[assignment]
    ends = favourable or {}
    if direction in {"worse", "better"} and not everything and any(ends.get(one, "none") == "none" for one in wanted):
        faults.append(f"{word!r} needs an outcome of which it is known which end is good; write lower or higher")
    if faults:
        raise ConfigError(f"the claim {_shown(text)} cannot be read", [*faults, *FORMS])
    return Claim(found, direction, wanted, text=text.strip())


def check_form(text: str, types: Collection[str] = DIMENSIONS) -> tuple[list[str], str, list[str]]:
    """Return the words of a sentence for the kinds of place, for the direction and for the outcome.

    Raises
    ------
    ConfigError
        It is longer than a sentence, or of another form.
    """
    if len(text) > MAX_LETTERS:
        raise ConfigError(
            "the claim cannot be read", [f"it has {len(text):,} letters; at most {MAX_LETTERS:,}", *FORMS]
        )
    parts = _parts(_words(text), types)
    if parts is None:
        raise ConfigError(f"the claim {_shown(text)} cannot be read", FORMS)
    return parts


def kind_named(words: str, types: Collection[str]) -> str:
    """Return the kind of place that is meant, however its hyphens are written; empty where there is none.

    Examples
    --------
    >>> kind_named("Post industrial", ["coastal", "post-industrial"])
    'post-industrial'
    """
    kept = words.split()
    while kept:
        plain = _plain("".join(kept))
        if found := next((kind for kind in types if _plain(kind) == plain), ""):
            return found
        if kept[-1].lower() not in _PLACES:
            return ""
        kept = kept[:-1]  # "coastal areas": a kind that ends in "places" was tried with it first
    return ""


def outcome_named(what: str, outcomes: Mapping[str, str], faults: list[str]) -> str:
    """Return the id of the outcome that is meant by its id, its title or some words of them; else say why none is."""
    if not what and len(outcomes) == 1:
        return next(iter(outcomes))
    wanted = what.lower()
    same = [key for key, title in outcomes.items() if wanted in (key.lower(), title.lower())]
    held = same or [key for key, title in outcomes.items() if wanted and _within(wanted, f"{key} {title}".lower())]
    if len(held) == 1:
        return held[0]
    if held:
        faults.append(f"{what!r} may mean {', '.join(held)}; write the id")
    else:
        close = difflib.get_close_matches(wanted, list(outcomes), n=1, cutoff=0.0)
        faults.append(f"{what!r} is no outcome here" + (f"; the nearest is {close[0]}" if close else ""))
    return ""


def _words(text: str) -> list[str]:
    """Return the words of a sentence, commas apart, the full stop off."""
    return text.strip().rstrip(".!").replace(",", " , ").split()


def _parts(words: Sequence[str], types: Collection[str]) -> tuple[list[str], str, list[str]] | None:
    """Return the words for the kinds of place, for the direction and for the outcome; None for another form."""
    verb = next((i for i, word in enumerate(words) if word.lower() in _VERBS), None)
    if not verb:
        return None
    before, after = list(words[:verb]), list(words[verb + 1 :])
    while after and after[0].lower() in _ARTICLES | _ADVERBS:
        after = after[1:]
    if not after:
        return None
    if after[0].lower() in _WITHIN:  # "the lowest opportunities are in coastal areas": the direction stands first
        first = before[1:] if before[0].lower() in _ARTICLES else before
        return (after[1:], first[0].lower(), first[1:]) if first and first[0].lower() in _TOWARDS else None
    word, rest = after[0].lower(), after[1:]
    if rest and rest[0].lower() in _WITHIN:
        rest = rest[1:]
        faults: list[str] = []
        _types(before, types, faults)
        if faults:  # "pay is lower in coastal areas": what stands first is no kind of place
            return rest, word, before
    return before, word, rest


def _types(words: Sequence[str], types: Collection[str], faults: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for piece in _pieces(words):
        kind = kind_named(piece, types)
        if not kind:
            named = " ".join(word for word in piece.split() if word.lower() not in _PLACES)
            faults.append(f"{named!r} is not a kind of place; it is one of {', '.join(types)}")
        elif kind not in found:
            found.append(kind)
    if not found and not faults:
        faults.append(f"no kind of place is named; there are {', '.join(types)}")
    return tuple(found)


def _pieces(words: Sequence[str]) -> list[str]:
    """Cut a list of kinds at its commas and ands, without articles."""
    pieces: list[list[str]] = [[]]
    for word in words:
        if word.lower() in _JOINTS:
            pieces.append([])
        elif word.lower() not in _ARTICLES:
            pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces if any(word.lower() not in _PLACES for word in piece)]


def _outcomes(words: Sequence[str], outcomes: Mapping[str, str], faults: list[str]) -> tuple[tuple[str, ...], bool]:
    kept = [word for word in words if word.lower() not in _ARTICLES]
    what = " ".join(kept).replace(" , ", ", ")
    exact = {name for key, title in outcomes.items() for name in (key.lower(), title.lower())}
    if what.lower() in EVERYTHING and what.lower() not in exact:
        return tuple(outcomes), True
    found = outcome_named(" ".join(words).replace(" , ", ", "), outcomes, faults)
    return ((found,) if found else ()), False


def _plain(words: str) -> str:
    return "".join(letter for letter in words.lower() if letter.isalnum())


def _within(wanted: str, text: str) -> bool:
    return set(re.findall(r"\w+", wanted)) <= set(re.findall(r"\w+", text))


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= 120 else f"{plain[:117]}...")
