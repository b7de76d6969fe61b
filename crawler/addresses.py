"""Which addresses a crawler may reach: not those of its own machine or network, wherever a page may point."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future

if TYPE_CHECKING:
    from scrapy import Request
    from twisted.internet.base import ReactorBase


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


class PrivateAddressRefused(Exception):
    """A URL leads to a private, loopback, link-local or otherwise not public address."""


async def refuse_private(request: Request, reactor: ReactorBase) -> None:
    """Raise PrivateAddressRefused unless the request's host is, and resolves to, a public address.

    Resolves through the reactor's resolver, whose cache the connection then uses: the address that
    was looked at is the address that is connected to. Behind a proxy nothing is resolved here, for
    the proxy resolves; a private address that is written out is refused all the same.
    """
    host = urlsplit(request.url).hostname or ""
    if request.meta.get("proxy"):
        _check(host, host)
        return
    address = host if _literal(host) else await maybe_deferred_to_future(reactor.resolve(host))
    _check(host, str(address))


def refuse_private_peer(url: str, address: str) -> None:
    """Raise PrivateAddressRefused when a connection that was made for `url` ends at a private address."""
    _check(urlsplit(url).hostname or "", address)


def _literal(host: str) -> _Address | None:
    """The address that a host spells out, also as 127.1, 2130706433 or 0x7f.0.0.1; None for a name."""
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if re.fullmatch(r"[0-9a-fA-FxX.]+", host) else None
    except OSError:
        return None


def _within(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address stands for, mapped, compatible, 6to4 or NAT64; else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _check(host: str, address: str) -> None:
    literal = _literal(address)
    if literal is None:
        private = address.lower().rstrip(".").endswith("localhost")
    else:
        meant = _within(literal)
        private = not meant.is_global or meant.is_multicast or getattr(meant, "is_site_local", False)
    if private:
        where = host if host == address else f"{host} resolves to {address}, which"
        raise PrivateAddressRefused(
            f"{where} is not a public address; a crawl of your own network needs -s PRIVATE_ADDRESSES_ALLOWED=1"
        )
