"""The one way to the network: get, retry, hash, cache, proxies and private CAs, offline; and safe unpacking.

Promises that what arrives is whole, no larger than asked for, and of the hash that was asked for, or is one ``FetchError``.
It knows nothing of what the bytes mean.
"""

from boundaries.transport.answers import is_html
from boundaries.transport.archives import extract_zip
from boundaries.transport.cache import cache_folder, remove_leftovers, write_atomically
from boundaries.transport.client import MAX_BYTES, Policy, Session, get, open_session
from boundaries.transport.downloads import Fetched

__all__ = [
    "MAX_BYTES",
    "Fetched",
    "Policy",
    "Session",
    "cache_folder",
    "extract_zip",
    "get",
    "is_html",
    "open_session",
    "remove_leftovers",
    "write_atomically",
]
