"""Words: numbers, lists and phrases as a reader expects them. Every sentence is made from numbers that were computed.

Fixed texts stand in ``maps/languages``, one table a language, and are looked up by key (``say``); findings are worded in
``maps.words.findings``. No sentence is ever cut or compared to get a fact back.
"""

from maps.words.lists import counted, counted_of, listed_names, listed_words, sentence
from maps.words.numbers import (
    MINUS,
    NO_BREAK_SPACE,
    POINTS,
    decimals_for,
    difference_unit,
    exact_decimals,
    format_count,
    format_date,
    format_difference,
    format_number,
    format_value,
    published_decimals,
)
from maps.words.phrases import language, languages, say, script_words, speaking, spoken
from maps.words.titles import denies, direction_words, in_sentence, kind_of_place, noun_of, unit_words
from maps.words.topics import Topic, called, names_spoken

__all__ = [
    "MINUS",
    "NO_BREAK_SPACE",
    "POINTS",
    "Topic",
    "called",
    "counted",
    "counted_of",
    "decimals_for",
    "denies",
    "difference_unit",
    "direction_words",
    "exact_decimals",
    "format_count",
    "format_date",
    "format_difference",
    "format_number",
    "format_value",
    "in_sentence",
    "kind_of_place",
    "language",
    "languages",
    "listed_names",
    "listed_words",
    "names_spoken",
    "noun_of",
    "published_decimals",
    "say",
    "script_words",
    "sentence",
    "speaking",
    "spoken",
    "unit_words",
]
