"""The change register: every council, county, combined authority, region and country since 1 April 2009.

Facts only: codes, names, dates, kinds of event and instruments. Nothing here holds geometry or values, and nothing
reads the clock: a date after ``Register.known_to`` is an error unless a scenario is named.
"""

from boundaries.register.atoms import atom_codes, moved_land
from boundaries.register.containment import parents, region_of
from boundaries.register.records import Event, Link, Register, Spell, load_register
from boundaries.register.timeline import (
    Epoch,
    check_date,
    codes_alive,
    epoch_of,
    epochs,
    last_life,
    later_codes,
    name_of,
    predecessors,
    spells_of,
    successors,
    welsh_name_of,
)
from boundaries.register.validity import faults_of

__all__ = [
    "Epoch",
    "Event",
    "Link",
    "Register",
    "Spell",
    "atom_codes",
    "check_date",
    "codes_alive",
    "epoch_of",
    "epochs",
    "faults_of",
    "last_life",
    "later_codes",
    "load_register",
    "moved_land",
    "name_of",
    "parents",
    "predecessors",
    "region_of",
    "spells_of",
    "successors",
    "welsh_name_of",
]
