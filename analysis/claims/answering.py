"""Claims put to the data: every definition of the kinds they name, in every outcome, corrected over all claims of one call."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.association import claims_table, judged
from analysis.study.kinds_of_place import associations_of
from analysis.typology.membership import definition_columns, dimensions_of
from geo.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from analysis.association import Association, Scale
    from analysis.claims.sentences import Claim, Direction
    from analysis.study import Ground
    from boundaries.joined import Joined


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An outcome that claims can speak of: joined, on ground of which the kinds of place are known."""

    joined: Joined
    ground: Ground


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim with what the data say.

    Parameters
    ----------
    claim : what was claimed. directions : by outcome, the claimed direction in value order; None where it is not known which
        end of the outcome is good.
    found : by outcome, kind of place and definition, alone and together with other kinds; judged over all claims of the call.
    asked_at_once : how many p were adjusted for each other in what is estimated alone.
    """

    claim: Claim
    directions: Mapping[str, Direction | None]
    found: tuple[Association, ...]
    asked_at_once: int

    def as_claimed(self, one: Association) -> bool | None:
        """Say whether a gap beside places nearby goes the claimed way; None where no gap is called, or no way was claimed."""
        claimed = self.directions[one.outcome]
        if claimed is None or not one.verdict.endswith("beside-nearby"):
            return None
        return one.verdict.startswith(claimed)

    def table(self) -> pd.DataFrame:
        """Return the answer in the columns of ``claims.csv``."""
        return claims_table(self.found)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-able data."""
        return {
            "claim": asdict(self.claim),
            "directions": dict(self.directions),
            "asked_at_once": self.asked_at_once,
            "found": [
                {name: _plain(value) for name, value in asdict(one).items()} | {"as_claimed": self.as_claimed(one)}
                for one in self.found
            ],
        }


def answers(
    claims: Sequence[Claim], asked: Mapping[str, Asked], *, scale: Scale = "value", seed: int = 20240911
) -> tuple[Answer, ...]:
    """Answer claims about joined outcomes.

    Parameters
    ----------
    claims : of one call: their p are adjusted for each other; what two of them ask is asked once.
    asked : by id, the outcomes. scale : on which gaps beside places nearby are estimated. seed : of draws.

    Raises
    ------
    ConfigError
        A claim of an outcome, a kind or a definition that is not there; all at once.
    """
    wanted = _wanted(claims, asked)
    found: list[Association] = []
    for outcome, columns in wanted.items():
        one = asked[outcome]
        tested = associations_of(one.joined, one.ground, scale=scale, seed=seed, only=columns)
        found += [replace(entry, outcome=outcome) for entry in tested]
    verdicts = judged(found)
    at_once = sum(one.estimated == "alone" and one.p == one.p for one in verdicts)
    return tuple(
        Answer(
            claim=claim,
            directions={outcome: claim.towards(asked[outcome].joined.meta.favourable) for outcome in claim.outcomes},
            found=tuple(
                one
                for outcome in claim.outcomes
                for one in verdicts
                if one.outcome == outcome and one.column in _columns(claim, asked[outcome].ground.memberships)
            ),
            asked_at_once=at_once,
        )
        for claim in claims
    )


def _wanted(claims: Sequence[Claim], asked: Mapping[str, Asked]) -> dict[str, list[str]]:
    """Return by outcome the columns of memberships that are asked about."""
    found: dict[str, list[str]] = {}
    faults: list[str] = []
    for claim in claims:
        for outcome in claim.outcomes:
            if outcome not in asked:
                faults.append(f"{outcome!r} is no outcome here; there are {', '.join(asked)}")
                continue
            members = asked[outcome].ground.memberships
            faults += [
                f"{kind!r} is not a kind of place; there are {', '.join(dimensions_of(members))}"
                for kind in claim.types
                if kind not in dimensions_of(members)
            ]
            columns = _columns(claim, members)
            if claim.definition and not columns:
                known = {
                    kind: [one.removeprefix(f"{kind}__") for one in definition_columns(members, kind)]
                    for kind in claim.types
                }
                told = "; ".join(f"{kind}: {', '.join(ids) or 'none'}" for kind, ids in known.items())
                faults.append(f"there is no definition {claim.definition!r}; known are {told}")
            found.setdefault(outcome, []).extend(one for one in columns if one not in found.get(outcome, ()))
    if faults:
        raise ConfigError("the claims cannot be put to the data", dict.fromkeys(faults))
    return found


def _columns(claim: Claim, members: pd.DataFrame) -> list[str]:
    """Return the columns of memberships that a claim is about: all definitions of its kinds, or the one it names."""
    return [
        column
        for kind in claim.types
        for column in definition_columns(members, kind)
        if not claim.definition or column == f"{kind}__{claim.definition}"
    ]


def _plain(value: Any) -> Any:
    """Return a number that JSON has: none is null."""
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN is not itself
