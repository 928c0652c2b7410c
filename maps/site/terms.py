"""Plain words for the terms of the method: corrections, geographies, neighbour policies."""

from __future__ import annotations

import re

_FALSE_DISCOVERY = "On average at most {{alpha}} of the areas named are named by accident (the false discovery rate, after {after}), {when}."

CORRECTIONS = {
    "fdr_bh": (
        "Benjamini-Hochberg",
        _FALSE_DISCOVERY.format(after="Benjamini and Hochberg", when="as long as areas do not work against each other"),
    ),
    "fdr_by": (
        "Benjamini-Yekutieli",
        _FALSE_DISCOVERY.format(after="Benjamini and Yekutieli", when="however areas depend on each other"),
    ),
    "bonferroni": (
        "Bonferroni",
        "The chance that even one area is named by accident is at most {alpha} (Bonferroni).",
    ),
    "none": (
        "none",
        "No correction was made: of areas in which nothing is going on, about {alpha} are named all the same.",
    ),
}
"""Name of each correction for many tests, and what it promises."""

GEOGRAPHIES = {
    "LAD": "local authority districts",
    "UTLA": "counties and unitary authorities",
    "CAUTH": "combined authorities",
    "RGN": "regions",
    "CTRY": "nations",
    "smc203": "Social Mobility Commission areas",
}

_POLICIES = (
    (r"queen\+sea-links", "areas that share a border or a corner (queen), and areas between which people cross water"),
    (r"rook\+sea-links", "areas that share a stretch of border (rook), and areas between which people cross water"),
    (r"queen", "areas that share a border or a corner (queen)"),
    (r"rook", "areas that share a stretch of border (rook)"),
    (r"queen-order-(\d+)", "areas up to {0} steps away over borders and crossings"),
    (r"knn(\d+)", "the {0} nearest areas, and those of which an area is one of the {0} nearest"),
    (r"knn(\d+)-directed", "the {0} nearest areas"),
)


def policy_words(policy: str) -> str:
    """Say a choice of neighbours in words; what is not the name of a policy is said already.

    Examples
    --------
    >>> policy_words("knn6")
    'the 6 nearest areas, and those of which an area is one of the 6 nearest'
    """
    for pattern, words in _POLICIES:
        if match := re.fullmatch(pattern, policy):
            return words.format(*match.groups())
    return policy
