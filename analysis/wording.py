"""The terms of the method in the words that every output uses: neighbours, corrections, p, shares."""

from __future__ import annotations

import re

CORRECTION_WORDS = {
    "fdr_bh": "Benjamini-Hochberg correction",
    "fdr_by": "Benjamini-Yekutieli correction",
    "bonferroni": "Bonferroni correction",
    "none": "no correction",
}

_WEIGHTS_WORDS = (
    (r"queen", "shared borders"),
    (r"rook", "shared border lines"),
    (r"sea-links", "sea links"),
    (r"knn(\d+)(?:-directed)?", "the {0} nearest areas"),
    (r"queen-order-(\d+)", "shared borders up to {0} steps away"),
)


def weights_words(policy: str) -> str:
    """Return a neighbour policy in words.

    Examples
    --------
    >>> weights_words("queen+sea-links"), weights_words("knn6")
    ('shared borders and sea links', 'the 6 nearest areas')
    """
    *most, last = [_part_words(part) for part in policy.split("+")]
    return f"{', '.join(most)} and {last}" if most else last


def p_words(p: float) -> str:
    """Return ``p = 0.002``, or ``p < 0.001``: never p = 0.000, never a power of ten."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def share_words(share: float) -> str:
    """Return a share of one as a percentage: ``5%``."""
    return f"{100 * share:.12g}%"


def _part_words(part: str) -> str:
    for pattern, words in _WEIGHTS_WORDS:
        if match := re.fullmatch(pattern, part):
            return words.format(*match.groups())
    return part
