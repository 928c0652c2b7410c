"""What the pages of a build say, before they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boundaries.vocabulary import geography_words, phrase, policy_words, share_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.provenance import Source


@dataclass(frozen=True, slots=True)
class Picture:
    """A static map of the gallery.

    Parameters
    ----------
    path : PNG, relative to the site's folder.
    title : what it shows, in a few words ("Clusters").
    alt : alternative text.
    formats : other formats of the same map, "SVG" → path.
    narrow : PNG of the same map laid out for a narrow screen; empty where there is none.
    small : PNG of the same map no larger than it stands on the page; ``path`` where there is none.
    """

    path: str
    title: str
    alt: str
    formats: Mapping[str, str] = field(default_factory=dict)
    narrow: str = ""
    small: str = ""

    @property
    def shown(self) -> str:
        """The picture that stands on the page."""
        return self.small or self.path


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """What the front page says of one outcome.

    Parameters
    ----------
    id, title : as in the outcome's meta.
    finding : the sentence that heads the section.
    subtitle : measure, unit, period, boundary date.
    paragraph : where places stand and how sure that is, to be read aloud. findings : the other answers, a line each.
    pictures : static maps; the first is shown large.
    page : interactive page, relative to the site's folder.
    """

    id: str
    title: str
    finding: str
    subtitle: str
    paragraph: str
    findings: tuple[str, ...]
    pictures: tuple[Picture, ...]
    page: str


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One outcome in the table of the front page: lines of each of the four answers; ``id`` is the section it leads to.

    ``order`` holds a number for each answer by which the table is sorted: areas on the unfavourable side, changes for the worse,
    kinds of place with a clear gap, areas in unfavourable clusters.
    """

    id: str
    title: str
    levels: tuple[str, ...]
    change: tuple[str, ...]
    kinds: tuple[str, ...]
    clusters: tuple[str, ...]
    order: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MixingRow:
    """How often a kind of place is in the clusters of one end of an outcome: texts as printed."""

    outcome: str
    direction: str
    kind: str
    definition: str
    members: str
    overall: str
    expected: str
    q: str


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A change of one area beyond the error of both periods: texts as printed.

    ``sure`` is its probability, ``row`` over how many periods in a row it went on ("" for one), ``now`` where the area stands.
    """

    area: str
    outcome: str
    change: str
    since: str
    sure: str
    row: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """What gets worse and what gets better: sentences with the number expected to be false, and the most pressing of each.

    ``power`` says of each outcome how large a change would have been seen.
    """

    sentences: tuple[str, ...] = ()
    worse: tuple[WatchedRow, ...] = ()
    better: tuple[WatchedRow, ...] = ()
    power: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What the front page says before it goes outcome by outcome.

    Parameters
    ----------
    sentences : what matters most, three as a rule. claim : the claim that they answer, "" where there is none.
    rows : one an outcome. mixing : sentences on kinds of place in clusters. mixed : the table behind them.
    several : sentences on places low on several outcomes. watched : what moves, where outcomes are followed.
    """

    sentences: tuple[str, ...] = ()
    claim: str = ""
    rows: tuple[OverviewRow, ...] = ()
    mixing: tuple[str, ...] = ()
    mixed: tuple[MixingRow, ...] = ()
    several: tuple[str, ...] = ()
    watched: Watched = field(default_factory=Watched)

    @property
    def changes(self) -> bool:
        """Whether any outcome has a change to tell of."""
        return any(row.change for row in self.rows)


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An area that can be searched for.

    ``facts`` holds one short text for each outcome, in order, "" where there is none; ``page`` is its own page, relative to the
    site's folder, "" where it has none.
    """

    code: str
    name: str
    region: str
    facts: tuple[str, ...]
    welsh: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """A region or nation with a pack; ``folder`` and ``archive`` are relative to the site's folder.

    ``other`` : what it is called in another ``language``.
    """

    code: str
    name: str
    areas: int
    folder: str
    archive: str
    archive_bytes: int
    finding: str = ""
    other: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file of the whole atlas; ``path`` is relative to the site's folder."""

    path: str
    title: str
    size_bytes: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeMethod:
    """What the method page says of one outcome.

    ``m`` is the number of areas tested, ``k_star`` how many areas must reach the smallest p together before the correction
    can name any (``None``: no correction), ``average`` what values are compared with, ``uncertainty`` what is known of error,
    ``low`` what low means ("below £39,330, …"), ``alike`` global Moran's I, ``untestable`` names of areas with a value whose neighbours all lack one.
    """

    title: str
    measure: str
    unit: str
    period: str
    nations: str
    place_basis: str
    source: str
    m: int
    k_star: int | None
    average: str
    uncertainty: str
    notes: tuple[str, ...] = ()
    low: str = ""
    alike: str = ""
    untestable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypologyRule:
    """A kind of place: its rule in words, where the rule comes from, what it covers and how many areas are in it."""

    name: str
    rule: str
    source: str
    covers: str
    members: int


@dataclass(frozen=True, slots=True)
class RulesCompared:
    """Two definitions of one kind of place, on the areas that both classify.

    ``both``, ``first_only``, ``second_only``, ``neither`` : areas. ``kappa`` : Cohen's, as it is printed; a dash where a definition says
    the same of all areas.
    """

    kind: str
    first: str
    second: str
    both: int
    first_only: int
    second_only: int
    neither: int
    kappa: str


@dataclass(frozen=True, slots=True)
class Method:
    """The parameters of a run, as the method page prints them.

    Parameters
    ----------
    geography, date, areas : the boundary set; ``date`` written out ("11 September 2024").
    weights : how neighbours were chosen, as a policy's name or in words; ``alternatives`` those it was tested against.
    isolates : names of areas without neighbours. components : number of connected groups.
    sea_links : sentences, one a link.
    permutations, alpha, seed, correction : of the tests; ``correction`` of the vocabulary.
    typologies : rules of the kinds of place. agreements : how far every two of one kind say the same.
    approximate : area's name → instrument that moved its boundary.
    projection : of the static maps.
    outcomes : one entry an outcome.
    limits : sentences on what the maps do not show, beyond those every atlas has.
    """

    geography: str
    date: str
    areas: int
    weights: str
    alternatives: tuple[str, ...]
    isolates: tuple[str, ...]
    components: int
    sea_links: tuple[str, ...]
    permutations: int
    alpha: float
    seed: int
    correction: str
    typologies: tuple[TypologyRule, ...]
    approximate: Mapping[str, str]
    projection: str
    outcomes: tuple[OutcomeMethod, ...]
    limits: tuple[str, ...] = ()
    agreements: tuple[RulesCompared, ...] = ()

    @property
    def smallest_p(self) -> float:
        """Return the smallest two-sided p that these permutations can give."""
        return 2 / (self.permutations + 1)

    @property
    def geography_words(self) -> str:
        """Return what the areas are."""
        return geography_words(self.geography, count=self.areas)

    @property
    def weights_words(self) -> str:
        """Return who counts as a neighbour."""
        return policy_words(self.weights, "who")

    @property
    def alternatives_words(self) -> tuple[str, ...]:
        """Return the other choices of neighbours."""
        return tuple(policy_words(policy, "who") for policy in self.alternatives)

    @property
    def correction_name(self) -> str:
        """Return the correction's name."""
        return phrase(f"correction.{self.correction}", "name")

    @property
    def level(self) -> str:
        """Return the level of the tests: ``5%``."""
        return share_words(self.alpha)

    @property
    def correction_words(self) -> str:
        """Return what the correction promises."""
        return phrase(f"correction.{self.correction}", "promise", alpha=self.level)


@dataclass(frozen=True, slots=True)
class Colophon:
    """What stands at the foot of every page.

    Parameters
    ----------
    version : of placeatlas. data_date : date of the newest data, written out. report_to : whom to tell of an error.
    sources : everything that was read. manifest : path of the manifest, relative to the site's folder.
    languages : codes of the languages in which there are pages. address : where the site will lie, "" where nobody says.
    """

    version: str
    data_date: str
    report_to: str
    sources: tuple[Source, ...]
    manifest: str = "manifest.json"
    languages: tuple[str, ...] = ("en",)
    address: str = ""
