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
from boundaries.vocabulary.neighbours import ISOLATES, POLICIES, Isolates, Policy, parse_policy, policy_words
from boundaries.vocabulary.numbers import counted, number_words, p_words, share_words
from boundaries.vocabulary.phrases import ENGLISH, has_phrase, phrase, speaking_vocabulary, vocabularies
from boundaries.vocabulary.small_areas import (
    CODED,
    SMALL,
    YEARS_OF_CENSUS,
    coded_geography,
    edition_of_codes,
    editions_that_fit,
)

__all__ = [
    "CODED",
    "COUNTRY_CODES",
    "ENGLISH",
    "EXTENTS",
    "ISOLATES",
    "NATIONS",
    "POLICIES",
    "SMALL",
    "WHOLES",
    "WIDER",
    "YEARS_OF_CENSUS",
    "Isolates",
    "Policy",
    "coded_geography",
    "counted",
    "edition_of_codes",
    "editions_that_fit",
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
