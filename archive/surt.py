"""SURT: a URL as an index sorts it, so that the pages of a site and its sections stand together."""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from urllib.parse import quote_from_bytes

_NO_BREAKS = {9: None, 10: None, 13: None}
# Without another scheme, with a scheme twice, with too few or too many slashes: browsers and people mean the web.
_WEB = re.compile(r"\A(?:https?://)*(?:https?:)?/*", re.IGNORECASE)
_OTHER = re.compile(r"(?!https?:)([a-z][a-z0-9+.-]*):(?://([^/]*))?(.*)", re.IGNORECASE | re.DOTALL)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LONGEST_HOST = 255  # RFC 1035, 2.3.4: longer ones are no names, and Punycode takes long over them.

_ESCAPE = re.compile(rb"%[0-9A-Fa-f]{2}")
_PLAIN = re.compile(r'[!"$&-~]*')  # what stays as it is, but for its case
_AS_IT_IS = bytes(set(range(0x21, 0x7F)) - set(b"#%"))

# A visitor's number is no part of a page's name. Two forms of ASP.NET in the path, before a page:
_PATH_SESSION = re.compile(r"(.*/)\((?:[0-9a-z]{24}|(?:[a-z]\([0-9a-z]{24}\))+)\)/(?=.)")
# Java, PHP, any, ASP and ColdFusion in the query. Each is cut once, the last one, even from the end of a longer name.
_QUERY_SESSIONS = [
    re.compile(rf"\A(.*){session}(?:&|\Z)")
    for session in (
        "jsessionid=[0-9a-z]{32}",
        "phpsessid=[0-9a-z]{32}",
        "sid=[0-9a-z]{32}",
        "aspsessionid[a-z]{8}=[a-z]{24}",
        "cfid=(?:(?!cfid=)[^&])+&cftoken=[^&]+",
    )
]


def surt(url: str) -> str:
    """The key of a URL: `https://www.news.test/A/?b&a` has `test,news)/a?a&b`.

    Any text has one: ASCII, without spaces, never empty ("-" where there is nothing). No name is
    ever resolved. A key only finds lines of an index, and each line holds its URL in full.

    The rules are those by which Wayback machines look pages up. The key has no fragment, user,
    default port, `www.` or `www2.`; the host's labels are reversed (an IPv4 address's numbers too);
    percent-encoding is undone as often as it was done, then done once; path and query are in lower
    case, the path without dot segments, empty segments and its last slash; the query's fields are
    sorted and its session ids cut out (one in the path stays, unless it is ASP.NET's).

    So says the package `surt` 0.3.1 too, which pywb and cdxj-indexer use, but for URLs that are not
    well formed, where the simplest answer is given here: a host that is one number, or shortened or
    octal ones, stays as it is; so does a port that is no number or is above 65535, and an unpaired
    surrogate is encoded (the package refuses these); a URL without a host, unbalanced brackets,
    three dots in a row in a host, a question mark encoded into the path of an `.aspx` page.
    """
    text = (url if url.isprintable() else url.translate(_NO_BREAKS)).strip(" ").partition("#")[0]
    if not text:
        return "-"
    address, _, asked = text.partition("?")
    scheme, authority, path = _split(address)
    host = _host(scheme, authority)
    key = f"{host}){_path(path)}" if host else f"{scheme}:{_clean(path).removesuffix('/')}"
    query = _query(asked)
    return f"{key}?{query}" if query else key


def _split(address: str) -> tuple[str, str, str]:
    """Scheme, authority and path; the authority is empty where there is none, as in `urn:a`."""
    other = _OTHER.fullmatch(address)
    if other:
        return other[1], other[2] or "", other[3]
    authority, slash, path = address[_WEB.match(address).end() :].partition("/")  # type: ignore[union-attr]
    return "https" if address[:6].lower() == "https:" else "http", authority, slash + path


@lru_cache(maxsize=256)
def _host(scheme: str, authority: str) -> str:
    place = authority.rpartition("@")[2]
    name, colon, port = place.rpartition(":")
    if not colon or port.strip("0123456789"):  # What follows the last colon is no port, as in `[::1]`.
        name, port = place, ""
    labels = _name(name.strip("[]"))
    port = port.lstrip("0")
    return labels if not labels or port in ("", _DEFAULT_PORTS.get(scheme.lower())) else f"{labels}:{port}"


def _name(host: str) -> str:
    raw = _decoded(host)
    # What is no name that could be registered is percent-encoded like the rest.
    with contextlib.suppress(UnicodeError):
        raw = raw.decode(errors="ignore").encode("idna") if len(raw) <= _LONGEST_HOST else raw
    name = re.sub(r"\.+", ".", _encoded(raw)).strip(".")
    return ",".join(reversed(re.sub(r"\Awww[0-9]*\.", "", name).split(".")))


def _path(path: str) -> str:
    steps: list[str] = []
    for step in _clean(path).removeprefix("/").split("/"):
        if step == ".." and steps:
            steps.pop()
        elif step != ".":
            steps.append(step)
    whole = "/" + "/".join(filter(None, steps))
    session = _PATH_SESSION.match(whole, 0, max(whole.rfind(".aspx"), 0))
    return session[1] + whole[session.end() :] if session else whole


def _query(asked: str) -> str:
    if not asked:
        return ""
    query = _clean(asked)
    for session in _QUERY_SESSIONS:
        query = session.sub(r"\1", query, count=1)
    return "&".join(sorted(query.split("&"), key=lambda field: field.partition("=")))


def _clean(text: str) -> str:
    return text.lower() if _PLAIN.fullmatch(text) else _encoded(_decoded(text))


def _encoded(raw: bytes) -> str:
    return quote_from_bytes(raw, safe=_AS_IT_IS).lower()


def _decoded(text: str) -> bytes:
    """Percent-decoded until nothing is left to decode, in one pass: `%252541` is an A."""
    encoded = text.encode(errors="surrogatepass")
    if b"%" not in encoded:
        return encoded
    raw = bytearray()
    for byte in encoded:
        raw.append(byte)
        while len(raw) > 2 and _ESCAPE.match(raw, len(raw) - 3):
            raw[-3:] = [int(raw[-2:], 16)]
    return bytes(raw)
