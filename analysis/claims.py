"""Claims about kinds of place ("coastal areas have lower pay"): read, tested, and answered in words."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from analysis.association import DRAWS, Association, associate, judge
from analysis.typology.definitions import DEFAULT_DEFINITIONS, DIMENSIONS, built_in_definitions, load_typology
from analysis.typology.membership import definition_columns, memberships
from boundaries.outcomes.periods import label
from boundaries.vocabulary import p_words, policy_words
from geo.errors import ConfigError, StatisticsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.study import Ground
    from analysis.weights import Weights
    from boundaries.joined import Joined
    from boundaries.outcomes.measures import Favourable

Direction = Literal["lower", "higher"]
Verdict = Literal["stands", "reversed", "depends on the neighbours", "not shown"]

WARNING = (
    "Welch's t takes areas for independent. Neighbours are alike, so its p is too small for maps; "
    "it is printed to show by how much, not to be quoted"
)

_WORDS: dict[str, Direction] = {
    **dict.fromkeys(("lower", "less", "fewer", "smaller", "below"), "lower"),
    **dict.fromkeys(("higher", "more", "greater", "larger", "above"), "higher"),
}
_JUDGED = {"worse": False, "poorer": False, "better": True}
_SENTENCE = re.compile(
    r"\s*(?P<kind>.+?)\s+(?:areas|places|councils|districts)?\s*(?:have|has|are|show)\s+(?:a\s+|an\s+)?(?P<word>\w+)\s*(?P<what>.*?)\s*\.?\s*"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed.

    Parameters
    ----------
    kind : coastal, rural or post-industrial.
    direction : lower or higher than in the other areas, in value order.
    outcome : id of the outcome.
    """

    kind: str
    direction: Direction
    outcome: str


UNDATED = "period not stated"


@dataclass(frozen=True, slots=True)
class Wording:
    """What things are called in an answer.

    Parameters
    ----------
    title, unit, period : of the outcome; its id stands for an empty title.
    definition : the rule that says which areas are of the kind (``Typology.statement``).
    """

    title: str = ""
    unit: str = ""
    period: str = UNDATED
    definition: str = "the default definition"


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim with what the data say.

    Parameters
    ----------
    claim : what was claimed.
    verdict : what ``analysis.association.judge`` finds, the rule of the chart and the table of an atlas, turned to the
        claim: ``stands`` and ``reversed`` where the gap goes the claimed way, or the other; ``depends on the neighbours``;
        ``not shown`` where there is no clear gap.
    associations : one a graph, the reported one first.
    wording : what the outcome and the rule are called.
    """

    claim: Claim
    verdict: Verdict
    associations: tuple[Association, ...]
    wording: Wording

    def lines(self) -> tuple[str, ...]:
        """Return the answer for a reader: effect and interval first, then p, then what it does not show."""
        main, claim = self.associations[0], self.claim
        title = _within_a_sentence(self.wording.title or claim.outcome)
        sign = "lower" if main.difference < 0 else "higher"
        found = {
            "stands": f"{claim.kind} areas have {claim.direction} {title}: the difference stands",
            "reversed": f"{claim.kind} areas have {sign} {title}, not {claim.direction}",
            "depends on the neighbours": f"whether {claim.kind} areas have {claim.direction} {title} depends on who "
            "counts as a neighbour",
            "not shown": f"it is not shown that {claim.kind} areas have {claim.direction} {title}",
        }[self.verdict]
        effect = (
            f"Effect: {_signed(main.effect)} standard deviations (95% interval {_signed(main.effect_lower)} to "
            f"{_signed(main.effect_upper)}): {self._amount(main.mean_members)} on average in {main.members} {claim.kind} areas, "
            f"{self._amount(main.mean_others)} in the {main.n - main.members} others classified, a difference of "
            f"{self._range(main.difference, main.lower, main.upper)}; "
            f"{self.wording.period}."
        )
        adjusted = (
            f"Among neighbours (regression with autocorrelated errors, neighbours by {policy_words(main.weights)}): a difference of "
            f"{self._range(main.adjusted, main.adjusted_lower, main.adjusted_upper)}."
        )
        nulls = [
            f"Against maps as smooth as this one (neighbours by {policy_words(entry.weights)}, {entry.draws:,} draws), two "
            f"versions of the same test: {p_words(entry.p_singleton)} and {p_words(entry.p_pair)}; the larger counts."
            for entry in self.associations
        ]
        limits = (
            f"Rule: {self.wording.definition}. Areas count alike whatever their size; the figures describe places, not "
            "the people in them, and not what being such a place does."
        )
        welch = f"Welch's t-test says {p_words(main.p_welch)}. {WARNING}."
        return (f"{found[0].upper()}{found[1:]}.", effect, adjusted, *nulls, welch, limits)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-able data."""
        return {
            "claim": asdict(self.claim),
            "verdict": self.verdict,
            "wording": asdict(self.wording),
            "associations": [asdict(entry) | {"p": entry.p} for entry in self.associations],
            "warning": WARNING,
            "lines": list(self.lines()),
        }

    def _amount(self, value: float, *, places: int | None = None) -> str:
        size = abs(value)
        number = f"{size:,.{_places(size, 4) if places is None else places}f}"
        unit = self.wording.unit
        return ("−" if value < 0 else "") + (f"£{number}" if unit == "£" else f"{number} {unit}".strip())

    def _range(self, value: float, lower: float, upper: float) -> str:
        # A gap and its limits are read together: as many digits after the point as the largest of them asks for.
        places = _places(max(map(abs, (value, lower, upper))), 3)
        gap, low, high = (self._amount(one, places=places) for one in (value, lower, upper))
        return f"{gap} ({low} to {high})"


def read_claim(text: str, *, outcomes: Mapping[str, str], favourable: Mapping[str, Favourable] | None = None) -> Claim:
    """Read a claim written in English.

    Parameters
    ----------
    text : ``"<kind> areas have <lower or higher> <outcome>"``; ``worse`` and ``better`` where it is known which end of
        the outcome is good. The outcome may be left out when there is only one.
    outcomes : id → title of those that can be asked about.
    favourable : id → which end is good.

    Raises
    ------
    ConfigError
        A sentence of another form, an unknown kind or outcome; all at once.

    Examples
    --------
    >>> read_claim("Coastal areas have lower pay.", outcomes={"pay": "Median weekly pay", "jobs": "Jobs"})
    Claim(kind='coastal', direction='lower', outcome='pay')
    """
    match = _SENTENCE.fullmatch(text)
    form = 'write for example "coastal areas have lower pay"'
    if match is None:
        raise ConfigError(f"the claim {text!r} cannot be read", [form])
    faults = []
    kind = (
        match["kind"]
        .lower()
        .strip()
        .replace("postindustrial", "post-industrial")
        .replace("post industrial", "post-industrial")
    )
    if kind not in DIMENSIONS:
        faults.append(f"{match['kind']!r} is not a kind of place; it is one of {', '.join(DIMENSIONS)}")
    outcome = _outcome(match["what"], outcomes, faults)
    direction = _direction(match["word"].lower(), (favourable or {}).get(outcome, "none"), faults)
    if faults:
        raise ConfigError(f"the claim {text!r} cannot be read", [*faults, form])
    return Claim(kind, direction, outcome)


def assess_claim(
    claim: Claim,
    values: pd.Series,
    members: pd.DataFrame,
    graphs: Sequence[Weights],
    *,
    definition: str = "",
    wording: Wording | None = None,
    draws: int = DRAWS,
    seed: int = 20240911,
) -> Answer:
    """Put a claim to the data under several declared neighbour graphs.

    Parameters
    ----------
    claim : what is claimed.
    values : by code, the outcome.
    members : what ``analysis.typology.membership.memberships`` returned.
    graphs : the reported one first; the verdict takes them all.
    definition : id of a definition (``"distance"``); the default one of the kind when empty.
    wording : what things are called in the answer.

    Raises
    ------
    ConfigError
        The memberships do not hold the kind or the definition.
    StatisticsError
        No graph, or nothing to compare (``analysis.association.associate``).

    Notes
    -----
    One claim is one test. Of twenty claims tried one stands by chance: when several are tried, adjust
    (``analysis.association.associations_frame``).
    """
    column = f"{claim.kind}__{definition}" if definition else claim.kind
    if column not in members:
        known = [name.removeprefix(f"{claim.kind}__") for name in definition_columns(members, claim.kind)]
        raise ConfigError(f"no membership {column}", [f"definitions of {claim.kind}: {', '.join(known) or 'none'}"])
    if not graphs:
        raise StatisticsError("a claim needs at least one neighbour graph", ["give the weights of the study"])
    kind = members[column].rename(claim.kind)
    named = values.rename(claim.outcome)
    found = tuple(associate(named, kind, graph, draws=draws, seed=seed) for graph in graphs)
    return Answer(
        claim=claim,
        verdict=_verdict(claim, found),
        associations=found,
        wording=wording or Wording(),
    )


def answer(
    text: str, joined: Joined, ground: Ground, *, definition: str = "", draws: int = DRAWS, seed: int = 20240911
) -> Answer:
    """Answer a claim about one joined outcome, in the areas and under the graphs of its ground.

    Parameters
    ----------
    text : the claim; see ``read_claim``.
    joined : the outcome.
    ground : what ``analysis.study.survey`` found: graphs (the reported one first), indicators, memberships.
    definition : id of a built-in definition of the kind (``"towns"``); the default one when empty.

    Raises
    ------
    ConfigError
        The claim cannot be read, or the kind has no such definition.
    StatisticsError
        Too few areas of the kind, or not of it, have a value.
    """
    meta = joined.meta
    claim = read_claim(text, outcomes={meta.id: meta.title}, favourable={meta.id: meta.favourable})
    members = ground.memberships
    rules = {rule.id: rule for rule in map(load_typology, built_in_definitions()) if rule.dimension == claim.kind}
    wanted = definition or _default_of(claim.kind)
    if wanted not in rules:
        raise ConfigError(f"there is no definition {wanted!r} of {claim.kind}", [f"known: {', '.join(sorted(rules))}"])
    if rules[wanted].column not in members:
        members = memberships(joined.boundaries, indicators=ground.indicators, typologies=[rules[wanted]])
    return assess_claim(
        claim,
        joined.frame.loc[joined.covered, "value"],
        members,
        tuple(ground.weights_by_policy.values()),
        definition=wanted,
        wording=Wording(meta.title, meta.unit, label(joined.period) or UNDATED, rules[wanted].statement()),
        draws=draws,
        seed=seed,
    )


def _default_of(kind: str) -> str:
    return next(name for name in DEFAULT_DEFINITIONS if name.startswith(f"{kind}-")).removeprefix(f"{kind}-")


def _verdict(claim: Claim, found: Sequence[Association]) -> Verdict:
    main = found[0]
    finding = judge(main.difference, main.lower, main.upper, [entry.p for entry in found])
    if finding == "no clear gap":
        return "not shown"
    if finding == "depends on the neighbours":
        return finding
    return "stands" if (finding == "below") == (claim.direction == "lower") else "reversed"


def _outcome(what: str, outcomes: Mapping[str, str], faults: list[str]) -> str:
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


def _within(wanted: str, text: str) -> bool:
    return set(re.findall(r"\w+", wanted)) <= set(re.findall(r"\w+", text))


def _direction(word: str, good: Favourable, faults: list[str]) -> Direction:
    if word in _WORDS:
        return _WORDS[word]
    if word in _JUDGED and good != "none":
        return "higher" if _JUDGED[word] == (good == "high") else "lower"
    if word in _JUDGED:
        faults.append(f"{word!r} needs an outcome of which it is known which end is good; write lower or higher")
    else:
        faults.append(f"{word!r} is no direction; write lower or higher")
    return "lower"


def _places(size: float, digits: int) -> int:
    """Return the digits after the point that show a number with so many digits in all; at least whole numbers."""
    whole = math.floor(math.log10(size)) + 1 if size > 0 else 1
    return max(0, digits - whole)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _within_a_sentence(title: str) -> str:
    """Begin a title with a small letter unless its first word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
