"""A small press world on loopback: fictional news sites behind a proxy, for the demo and the tests."""

from newsroom.answers import Pages, Site, ready
from newsroom.messages import Answer, Exchange, Request
from newsroom.server import Newsroom

__all__ = ["Answer", "Exchange", "Newsroom", "Pages", "Request", "Site", "ready"]
