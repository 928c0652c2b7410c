"""Across outcomes: where a place stands on all of them, which places are alike, and what lies beside what."""

from analysis.profiles.alike import agreement, places_alike
from analysis.profiles.hubs import beside, outliers_by_name
from analysis.profiles.places import place_profile
from analysis.profiles.published import read_neighbours
from analysis.profiles.standing import Standing, standing_of
from analysis.profiles.table import low_on_several, profile_table, types_of_places
from analysis.profiles.with_levels import standing_with_levels

__all__ = [
    "Standing",
    "agreement",
    "beside",
    "low_on_several",
    "outliers_by_name",
    "place_profile",
    "places_alike",
    "profile_table",
    "read_neighbours",
    "standing_of",
    "standing_with_levels",
    "types_of_places",
]
