"""Claims about kinds of place ("coastal areas have lower pay"): read from sentences and files, and put to the data.

Promises numbers and codes, one record a kind, definition and outcome; the words of an answer are made where it is read.
"""

from analysis.claims.answering import Answer, Asked, answers
from analysis.claims.files import ClaimsFile, Entry, OutcomeRead, claims_of, read_claims_file
from analysis.claims.sentences import FORMS, Claim, Direction, check_form, kind_named, read_claim

__all__ = [
    "FORMS",
    "Answer",
    "Asked",
    "Claim",
    "ClaimsFile",
    "Direction",
    "Entry",
    "OutcomeRead",
    "answers",
    "check_form",
    "claims_of",
    "kind_named",
    "read_claim",
    "read_claims_file",
]
