"""Areas by outcomes in bands: one page that can be sorted and filtered, a workbook, and a picture of the areas low on most."""

from maps.profiles.content import ProfileColumn, Profiles, profiles_of
from maps.profiles.page import write_profile_page
from maps.profiles.picture import profile_picture
from maps.profiles.workbook import write_profile_workbook

__all__ = [
    "ProfileColumn",
    "Profiles",
    "profile_picture",
    "profiles_of",
    "write_profile_page",
    "write_profile_workbook",
]
