"""Every reader: of what people write, of what publishers send, and of what placeatlas wrote itself."""

from __future__ import annotations

from tests.fuzz.readers import OF_PEOPLE
from tests.fuzz.readers_of_ours import OF_OURS
from tests.fuzz.readers_of_publishers import OF_PUBLISHERS

READERS = (*OF_PEOPLE, *OF_PUBLISHERS, *OF_OURS)
