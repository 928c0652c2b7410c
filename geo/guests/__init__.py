"""Code of other distributions, called at arm's length: named, bounded in time, silent on standard output, and watched."""

from geo.guests.calling import SECONDS, VARIABLE, guest, time_allowed

__all__ = ["SECONDS", "VARIABLE", "guest", "time_allowed"]
