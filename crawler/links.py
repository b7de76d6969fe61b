"""Links: what a URL tells by itself: its clean form, its site, its date, whether it looks like an article's."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import idna
import tldextract

MAX_URL = 8_000  # characters: more than any server takes; longer ones are traps or mistakes

# Campaigns, click identifiers, share buttons and sessions. They tell who follows a link, never where it leads.
TRACKING = frozenset(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid _ga
    _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking mkt_tok ref_src ref_url cmpid cmp icid ocid ncid smid
    sr_share xtor wt_mc wt.mc_id wt_zmc ito guccounter guce_referrer guce_referrer_sig ns_mchannel ns_source
    ns_campaign ns_linkname ns_fee s_cid sh_kit share_id trk trkcampaign spm vero_id oly_enc_id oly_anon_id
    rb_clickid amp amp_js_v usqp
    phpsessid jsessionid sessionid session_id sessid oscsid zenid cfid cftoken
    """.split()  # noqa: SIM905 (words are best read as words)
)
_TRACKING_PREFIXES = ("utm_", "at_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "__twitter_", "aspsessionid")

_SESSION_NUMBER = re.compile(r"[0-9a-z]{26,}")  # what PHP numbers its sessions with, and no site its articles

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]")
_IN_QUERY = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]")
_SPACES = re.compile(r"[\x00-\x20]+$|^[\x00-\x20]+|[\t\r\n]")  # browsers drop these
_DEFAULT_PORTS = {"http": 80, "https": 443}

# Sessions in a path: Java's, PHP's, and those of ASP.NET: /a;jsessionid=1A2B, /(S(1a2b))/a
_SESSIONS = (
    re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE),
    re.compile(r"/\((?:[AFSX]\([^()/]+\))+\)(?=/)", re.IGNORECASE),
)

# Twins of a page for fast mobile display, each with the shape of its original. The first that fits is undone.
_AMP_PATHS = (
    (re.compile(r"^/amp/((?:[^/]+/)?\d+\.html)$"), r"/a/\1"),  # Pangea: /amp/slug/1.html beside /a/slug/1.html
    (re.compile(r"^/amp(/.+)$"), r"\1"),  # UPI
    (re.compile(r"^(/.+/)amp/$"), r"\1"),  # WordPress
    (re.compile(r"^(/.+)/amp$"), r"\1"),
    (re.compile(r"^(/.+\.html)/amp[A-Z]\w*$"), r"\1"),  # RFA: /1.html/ampRFA
    (re.compile(r"^(/.*[^/.])\.amp(\.s?html?)?$"), r"\1\2"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where a listing points: to an article, or to a further listing.

    `published` comes from what is a publication date only, never from lastmod. `last_day` is the last day
    that the name of a further listing speaks of: it holds nothing newer.
    """

    url: str
    published: date | None = None  # a date, or a date and time
    listing: bool = False
    last_day: date | None = None


def absolute_url(href: str, base: str) -> str | None:
    """The http(s) URL that `href` means on the page `base`, or None where it means none."""
    try:
        url = urljoin(base, _SPACES.sub("", href))
        parts = urlsplit(url)
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and (parts.port or 1) and len(url) <= MAX_URL
    except ValueError:
        return None
    return url if usable else None


def clean_url(url: str, tracking: Collection[str] = ()) -> str:
    """The one form of a URL under which its page is known; cleaning twice changes nothing more.

    Fragment, tracking parameters (the usual ones and the outlet's own in `tracking`), sessions, default ports and
    AMP are gone; host and percent-encoding are normalised (RFC 3986, 6.2.2). Scheme, `www.`, a trailing slash and
    the order of parameters stay: servers may tell these apart. What is no http(s) URL comes back as it is.
    """
    stripped = _SPACES.sub("", url)
    try:
        parts = urlsplit(stripped)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return stripped
        authority = _authority(parts)
    except ValueError:
        return stripped
    path = _without_amp(_without_dots(_without_sessions(_IN_PATH.sub(_quoted, parts.path)))) or "/"
    query = _IN_QUERY.sub(_quoted, _without_tracking(parts.query, frozenset(name.lower() for name in tracking)))
    return f"{parts.scheme}://{authority}{path}{'?' if query else ''}{query}"


def _authority(parts: SplitResult) -> str:
    """User, host and port; ValueError where the port is none."""
    host = _known_host(parts.hostname or "")
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    user = parts.netloc.rpartition("@")[0]
    return f"{user}{'@' if user else ''}{host}{port}"


@lru_cache(maxsize=4096)
def _known_host(host: str) -> str:
    """A host in lower case ASCII, the `amp.` of a twin turned into `www.`."""
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return host  # no name that any resolver knows; the fetch will say so
    if host.startswith("amp.") and host.count(".") >= 2:
        return "www." + host.removeprefix("amp.")
    return host


def _quoted(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) == 3:
        character = chr(int(text[1:], 16))
        return character if character in _UNRESERVED else text.upper()
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))


def _without_sessions(path: str) -> str:
    for session in _SESSIONS:
        path = session.sub("", path)
    return path


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    if "/." not in path:
        return path
    kept: list[str] = []
    *folders, last = path.split("/")[1:]
    for segment in folders:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last == "..":
        del kept[-1:]
    return "/" + "".join(f"{segment}/" for segment in kept) + ("" if last in (".", "..") else last)


def _without_amp(path: str) -> str:
    while "amp" in path:
        for twin, original in _AMP_PATHS:
            if twin.search(path):
                path = twin.sub(original, path)
                break
        else:
            break
    return path


def _without_tracking(query: str, own: frozenset[str]) -> str:
    return "&".join(part for part in query.split("&") if part and not _tracks(part, own)) if query else ""


def _tracks(parameter: str, own: frozenset[str]) -> bool:
    name, _, value = unquote(parameter).lower().partition("=")
    if name in own or name in TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return (name == "outputtype" and value == "amp") or (name == "sid" and _SESSION_NUMBER.fullmatch(value) is not None)


@cache
def _public_suffixes() -> tldextract.TLDExtract:
    # The list that comes with the package: nothing is downloaded, and a replay next year reads the same one.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def site_of(host: str) -> str:
    """The registrable domain of a host (`rss.upi.com` -> `upi.com`); a bare name or address is its own site."""
    domain = _public_suffixes().extract_str(host).top_domain_under_public_suffix
    if domain or re.fullmatch(r"[\d.]+|.*:.*|[^.]*", host):
        return domain or host
    return ".".join(host.split(".")[-2:])  # reserved names such as .test, which no list knows


def same_site(url: str, other: str) -> bool:
    """Whether two URLs belong to one registrable domain."""
    return site_of(urlsplit(url).hostname or "") == site_of(urlsplit(other).hostname or "")


_MONTHS = {name: number for number, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_DATES = (
    re.compile(r"/((?:19|20)\d\d)/(\d\d?|[a-z]{3})/(\d\d?)/"),  # /2014/05/19/, /2014/may/19/
    re.compile(r"/((?:19|20)\d\d)-(\d\d)-(\d\d)(?=[/_-]|$)"),  # /2014-05-19-slug
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_-])"),  # /20140519-slug; digits alone may be an article's number
)


def url_date(url: str) -> date | None:
    """The day of publication that an article's URL names, or None: whole dates at the start of a segment only."""
    path = urlsplit(url).path.lower()
    for pattern in _DATES:
        for year, month, day in pattern.findall(path):
            try:
                return date(int(year), _MONTHS.get(month) or int(month), int(day))
            except ValueError:  # a month of 13, or a word
                continue
    return None


# Folders, and lone words at the end, that hold no articles on any news site seen.
_NOT_ARTICLES = frozenset(
    """
    tag tags category categories author authors autor auteur auteurs topic topics search suche recherche buscar
    login signin signup register registration account accounts abo subscribe subscription subscriptions
    newsletter newsletters about about-us contact contact-us kontakt impressum privacy privacy-policy
    datenschutz terms terms-of-use legal-notice imprint help faq feed feeds rss rssfeeds sitemap shop jobs
    careers advertise video videos audio podcast podcasts gallery galleries photos live livestream webcams
    weather wp-admin wp-json wp-content wp-includes wp-login.php cdn-cgi page print share comments profile user
    users tv-guide programs programme wetter horoskop corrections
    """.split()  # noqa: SIM905 (words are best read as words)
)
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|gz|mp[34]|m4[av]|ogg|wav|webm|m3u8|css|js|json|"
    r"xml|rss|atom|rdf|txt|ics|apk|exe|woff2?)$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms|story|ece|[a-z]+\.html)$", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![^\W_])[a-z]{0,4}\d{5,}(?![^\W_])|\d{6,}"
)  # an article's number, a few letters before it or none
_MONTHLY = re.compile(r"/(?:19|20)\d\d/(?:0[1-9]|1[0-2])/[^/]+")  # Blogger and older WordPress: /2018/04/slug.html
_NUMBERED_QUERY = re.compile(r"(?:^|&)(?:p|[a-z_]*id|article|story)=\d{3,}(?:&|$)", re.IGNORECASE)
_WORDS = re.compile(r"[-_+\s]+")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def looks_like_article(url: str) -> bool:
    """Whether a URL has the looks of an article's on a site nobody knows: a date, a number or a long slug in it."""
    parts = urlsplit(url)
    segments = [unquote(segment).lower() for segment in parts.path.split("/") if segment]
    if not segments:
        return bool(_NUMBERED_QUERY.search(parts.query))
    if _MEDIA.search(segments[-1]):
        return False
    if url_date(url) or _MONTHLY.search(parts.path):
        return True
    return _NOT_ARTICLES.isdisjoint(segments) and (
        _named_at_length(segments) or bool(_NUMBERED_QUERY.search(parts.query))
    )


def _named_at_length(segments: list[str]) -> bool:
    """Whether the last segments hold a slug of five words, or a number that counts articles."""
    slug = _EXTENSION.sub("", segments[-1])
    if len(_WORDS.split(slug.strip("-_"))) >= 5 or len(_WIDE.findall(slug)) >= 8:
        return True
    return any(_NUMBER.search(segment) for segment in (slug, *segments[-2:-1]))
