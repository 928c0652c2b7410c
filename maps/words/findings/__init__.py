"""Findings in words: a title, sentences for a page or a region, and lines for the command line; made from records only."""

from maps.words.findings.levels import (
    levels_sentences,
    levels_sure,
    reference_figure,
    reference_words,
    standing_sentences,
)
from maps.words.findings.paragraphs import bullets
from maps.words.findings.pattern import alike_details, alike_sentence, pattern_sentences
from maps.words.findings.places import type_sentence
from maps.words.findings.spread import ends_sentence, range_sentence
from maps.words.findings.titles import finding_title

__all__ = [
    "alike_details",
    "alike_sentence",
    "bullets",
    "ends_sentence",
    "finding_title",
    "levels_sentences",
    "levels_sure",
    "pattern_sentences",
    "range_sentence",
    "reference_figure",
    "reference_words",
    "standing_sentences",
    "type_sentence",
]
