"""Which addresses a crawler may reach: not those of its own machine or network, wherever a page may point."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future

if TYPE_CHECKING:
    from scrapy import Request
    from twisted.internet.base import ReactorBase


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


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return None


def _check(host: str, address: str) -> None:
    literal = _literal(address)
    if literal is None:
        private = address.lower().rstrip(".").endswith("localhost")
    else:
        mapped = getattr(literal, "ipv4_mapped", None) or literal
        private = not mapped.is_global or mapped.is_multicast
    if private:
        where = host if host == address else f"{host} resolves to {address}, which"
        raise PrivateAddressRefused(
            f"{where} is not a public address; a crawl of your own network needs -s PRIVATE_ADDRESSES_ALLOWED=1"
        )
