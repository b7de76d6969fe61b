"""Metadata: what a page says of itself in meta tags, links and JSON-LD, before anything is guessed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler import jsonld
from crawler.authors import declared, in_meta_tags
from crawler.bylines import agency, unique
from crawler.dates import iso, sharper
from crawler.headlines import sections_of, sites_of
from crawler.markup import Element, select, squeeze, text_of

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "article:published",
    "published_time",
    "og:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "pubdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "publishdate",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "displaydate",
    "article.published",
    "article_date_original",
    "date",
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "article.updated",
    "revision_date",
)
# What systems of their own call it: "pub_date", "article_published_time", "published_at", "og:datePublished".
_PUBLISHED_SOMEHOW = re.compile(r"publi[sc]|(?<![a-z])pub[_.: -]?(?:date|time|day)|issued|release")
_NOT_PUBLISHED = re.compile(r"modif|updat|last|publisher|expir|unpubl|url|id$")
# Beside what `clean_url` takes from every link: what a page is named without where it does not name itself. Requests
# keep these, for elsewhere they tell pages apart.
TRACKING = frozenset(
    ("amp", "maca", "nav", "or", "outputtype", "partner", "ref", "share", "sl", "source", "spt", "st_rec", "tps", "tt")
)

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A page's own word on its article, each value as found and unproved; absent is None or ()."""

    headline: str | None = None  # JSON-LD
    og_title: str | None = None
    page_title: str | None = None  # <title>
    site_name: str | None = None
    publisher: str | None = None
    description: str | None = None
    people: tuple[str, ...] = ()  # authors that JSON-LD calls persons
    bodies: tuple[str, ...] = ()  # authors that JSON-LD calls organisations
    meta_authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None  # often the moment of publication
    canonical: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    body: str | None = None  # JSON-LD articleBody
    kinds: frozenset[str] = field(default_factory=frozenset)  # the types of all JSON-LD objects
    og_type: str | None = None
    free: bool | None = None  # JSON-LD isAccessibleForFree
    url: str = ""  # the page's own

    @property
    def sites(self) -> tuple[str, ...]:
        """The names that the site goes by, and those that its address gives."""
        return (*self.names, *sites_of(self.url))

    @property
    def names(self) -> tuple[str, ...]:
        """What the site calls itself; an agency that is called its publisher only sent the story."""
        said = (self.site_name, None if agency(self.publisher or "") else self.publisher)
        return tuple(filter(None, said))

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the sections that the page stands in."""
        return (*filter(None, (self.section,)), *sections_of(self.url))


def read(tree: Element, url: str) -> Metadata:
    """All that the page declares of its article."""
    metas = _metas(tree)
    found = jsonld.things(tree)
    headline = next((text_of(h1) for h1 in tree.iter("h1")), None)
    thing = jsonld.article(found, headline) or {}
    people, bodies = declared(thing, found)
    published, modified = _dates(thing, metas, tree)
    return Metadata(
        headline=squeeze(jsonld.text(thing.get("headline"))) or None,
        og_title=_first(metas, "og:title", "twitter:title"),
        page_title=next((title for one in tree.iter("title") if (title := squeeze(one.text))), None),
        site_name=_first(metas, "og:site_name", "application-name", "twitter:site"),
        publisher=jsonld.text(thing.get("publisher")) or None,
        description=_first(metas, "og:description", "description", "twitter:description"),
        people=people,
        bodies=bodies,
        meta_authors=in_meta_tags(metas),
        published=published,
        modified=modified,
        canonical=_canonical(tree, metas, url),
        language=language(tree, metas, thing),
        section=squeeze(jsonld.text(thing.get("articleSection")))
        or _first(metas, "article:section", "section", "parsely-section"),
        tags=_tags(metas, thing),
        image=_image(metas, thing, url),
        body=_body(thing),
        kinds=frozenset().union(*(jsonld.types(one) for one in found)),
        og_type=_first(metas, "og:type"),
        free=_free(thing),
        url=url,
    )


def _metas(tree: Element) -> dict[str, list[str]]:
    """The contents of meta tags by name, property or itemprop, in lower case."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        raw = element.get("content")
        if not raw or not (content := squeeze(raw)):
            continue
        for attribute in ("property", "name", "itemprop"):
            if key := element.get(attribute):
                metas.setdefault(key.strip().lower(), []).append(content)
    return metas


def _first(metas: Mapping[str, list[str]], *keys: str) -> str | None:
    value = next((value for key in keys for value in metas.get(key, ()) if value), None)
    return squeeze(html.unescape(value)) if value and "&" in value else value


def _dates(thing: jsonld.Thing, metas: Mapping[str, list[str]], tree: Element) -> tuple[str | None, str | None]:
    """Publication and last change: JSON-LD, then meta tags, then microdata; the more precise of the same day."""
    created = jsonld.text(thing.get("datePublished")) or jsonld.text(thing.get("dateCreated"))
    published = sharper(iso(created), *_meta_dates(metas, _PUBLISHED))
    if published is None:
        published = sharper(None, *_meta_dates(metas, filter(_is_publication, metas)))
    modified = sharper(iso(jsonld.text(thing.get("dateModified"))), *_meta_dates(metas, _MODIFIED))
    if published is None or len(published) == 10:
        itemised = _microdata(tree, "datePublished", "dateModified")
        published = sharper(published, itemised.get("datePublished"))
        modified = sharper(modified, itemised.get("dateModified"))
    return published, modified


def _meta_dates(metas: Mapping[str, list[str]], keys: Iterable[str]) -> list[str | None]:
    return [iso(value) for value in dict.fromkeys(metas[key][0] for key in keys if key in metas)]


def _is_publication(key: str) -> bool:
    """Whether a meta tag of no usual name is named for the day of publication."""
    return bool(_PUBLISHED_SOMEHOW.search(key)) and not _NOT_PUBLISHED.search(key)


def _microdata(tree: Element, *names: str) -> dict[str, str | None]:
    """The dates of the first element of each of these names; weblogs have them in titles, some without a name."""
    found: dict[str, str | None] = {}
    for element in select(tree, "[itemprop]"):
        name = element.get("itemprop")
        if name in names and name not in found:
            found[name] = iso(element.get("datetime") or element.get("content") or element.get("title"))
    for element in tree.iter("abbr"):
        if "published" in (element.get("class") or "").split():
            found.setdefault("datePublished", iso(element.get("title")))
    return found


def _canonical(tree: Element, metas: Mapping[str, list[str]], url: str) -> str | None:
    """What the page says its URL is, made absolute; a bare front page is not believed."""
    said = [
        element.get("href") or "" for element in tree.iter("link") if (element.get("rel") or "").lower() == "canonical"
    ]
    for candidate in (*said, *metas.get("og:url", ())):
        try:
            absolute = urljoin(url, candidate.strip())
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if (
            parts.scheme in {"http", "https"}
            and parts.netloc
            and (parts.path.strip("/") or parts.query or urlsplit(url).path in {"", "/"})
        ):
            return str(urlunsplit(parts._replace(fragment="")))
    return None


def language(tree: Element, metas: Mapping[str, list[str]], thing: jsonld.Thing) -> str | None:
    """The page's language as BCP 47: language, script and region, no more."""
    root = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    said = (
        root,
        jsonld.text(thing.get("inLanguage")),
        *metas.get("content-language", ()),
        *metas.get("og:locale", ()),
        *metas.get("language", ()),
    )
    return next((tag for value in said if (tag := _bcp47(value))), None)


def _bcp47(value: str | None) -> str | None:
    match = re.match(
        r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?![a-zA-Z])", (value or "").strip()
    )
    if not match:
        return None
    language_, script, region = match.groups()
    return "-".join(filter(None, (language_.lower(), script and script.title(), region and region.upper())))


def _tags(metas: Mapping[str, list[str]], thing: jsonld.Thing) -> tuple[str, ...]:
    if tags := metas.get("article:tag"):
        return unique(squeeze(tag) for tag in tags)
    said = jsonld.texts(thing.get("keywords")) or metas.get("news_keywords") or metas.get("keywords") or []
    return unique(squeeze(tag) for value in said for tag in re.split(r"[,;،、]", value))


def _image(metas: Mapping[str, list[str]], thing: jsonld.Thing, url: str) -> str | None:
    image = thing.get("image")
    if isinstance(image, list):
        image = image[0] if image else None
    said = image.get("url") if isinstance(image, Mapping) else image
    value = _first(metas, "og:image", "og:image:url", "twitter:image") or jsonld.text(said)
    try:
        return str(urljoin(url, value)) if value and not value.startswith("data:") else None
    except ValueError:
        return None


def _body(thing: jsonld.Thing) -> str | None:
    """The article's text as JSON-LD has it, without the markup that some systems leave in it."""
    text = jsonld.text(thing.get("articleBody"))
    return (_TAG.sub(" ", text) if "</" in text else text) or None


def _free(thing: jsonld.Thing) -> bool | None:
    said = thing.get("isAccessibleForFree")
    return None if said is None else str(said).lower() in {"true", "1", "yes"}
