"""The watch over all outcomes: from files, or a finished build, to the lists of what gets worse and what gets better, in words and as files.

Statistics are in ``analysis.change``; here they are only called.
"""

from analysis.watch.from_files import files_in, levels_in, series_from, series_of_build, series_of_tables
from analysis.watch.telling import lines_of
from analysis.watch.warn import Warned, patterns_of, trends_of, warn_of, watched, write_warned

__all__ = [
    "Warned",
    "files_in",
    "levels_in",
    "lines_of",
    "patterns_of",
    "series_from",
    "series_of_build",
    "series_of_tables",
    "trends_of",
    "warn_of",
    "watched",
    "write_warned",
]
