"""What things are called: geographies, nations, kinds of place, neighbours, corrections, statuses.

One table a language (``en.toml``); code holds keys, and words are looked up where they are said.
"""

from boundaries.vocabulary.geographies import geography_words, kind_words
from boundaries.vocabulary.nations import (
    COUNTRY_CODES,
    EXTENTS,
    NATIONS,
    WHOLES,
    WIDER,
    nation_words,
    place_name,
    whole_of,
    wider_names,
)
from boundaries.vocabulary.neighbours import POLICIES, Policy, parse_policy, policy_words
from boundaries.vocabulary.numbers import counted, number_words, p_words, share_words
from boundaries.vocabulary.phrases import has_phrase, phrase, speaking_vocabulary, vocabularies

__all__ = [
    "COUNTRY_CODES",
    "EXTENTS",
    "NATIONS",
    "POLICIES",
    "WHOLES",
    "WIDER",
    "Policy",
    "counted",
    "geography_words",
    "has_phrase",
    "kind_words",
    "nation_words",
    "number_words",
    "p_words",
    "parse_policy",
    "phrase",
    "place_name",
    "policy_words",
    "share_words",
    "speaking_vocabulary",
    "vocabularies",
    "whole_of",
    "wider_names",
]
