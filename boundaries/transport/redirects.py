"""Where an answer may send us: the same publisher, the stores that publishers use, and never inwards."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from geo.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

STORES = (
    "gov.uk",
    "ons.gov.uk",
    "arcgis.com",
    "amazonaws.com",
    "blob.core.windows.net",
    "nomisweb.co.uk",
    "phe.org.uk",
    "github.com",
    "githubusercontent.com",
)
"""Sites that UK publishers keep their files on; a host is of one when it is it or ends in a dot and it."""


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    if host.rstrip(".").lower() == "localhost" or host.rstrip(".").lower().endswith(".localhost"):
        return True
    address = _number(host)
    return address is not None and address.is_loopback


def refuse_plain_http(address: httpx.URL) -> None:
    """Refuse everything but https, and http to this machine itself.

    Raises
    ------
    FetchError
        Of another scheme, or plain http elsewhere.
    """
    if address.scheme == "https" or (address.scheme == "http" and is_loopback(address.host)):
        return
    raise FetchError(
        f"{address} is refused",
        [
            f"expected https, found {address.scheme or 'no scheme'}",
            "plain http is used to this machine itself only (127.0.0.1, localhost)",
        ],
    )


def check_hop(before: httpx.URL, after: httpx.URL, allowed: Iterable[str] = ()) -> None:
    """Judge a redirect.

    Parameters
    ----------
    before, after : the address that answered and the one it sends us to. allowed : further sites, as ``STORES``.

    Raises
    ------
    FetchError
        From another machine to this one or a private network; to a host of another publisher; or as ``refuse_plain_http``.
    """
    refuse_plain_http(after)
    if not is_loopback(before.host) and _is_inward(after.host):
        raise FetchError(
            f"{before} sends us to {after.host}",
            ["an address on this machine or a private network", "nothing was asked of it"],
        )
    if is_loopback(before.host) or _related(before.host, after.host):
        return
    if not any(_within(after.host, site) for site in (*STORES, *allowed)):
        raise FetchError(
            f"{before} sends us to another publisher",
            [f"to {after.host}", "if you trust it, fetch that address itself"],
        )


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_inward(host: str) -> bool:
    """Judge a host: a private number, a number in any old dress, or a name without a dot, which only a local network knows."""
    address = _number(host)
    if address is not None:
        return not address.is_global
    name = host.rstrip(".").lower()
    last = name.rsplit(".", 1)[-1]
    return (
        is_loopback(host) or "." not in name or last.isdigit() or last.startswith("0x") or last in {"local", "internal"}
    )


def _related(one: str, other: str) -> bool:
    one, other = one.lower(), other.lower()
    return _within(one, other.removeprefix("www.")) or _within(other, one.removeprefix("www."))


def _within(host: str, site: str) -> bool:
    host = host.rstrip(".").lower()
    return host == site or host.endswith(f".{site}")
