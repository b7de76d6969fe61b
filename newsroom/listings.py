"""Listings: feeds and sitemaps of the invented outlets, in the dialects of the real ones."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from newsroom.messages import Answer
from newsroom.stories import Story

SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One line of a listing; `url` is as the listing prints it."""

    url: str
    title: str
    published: datetime
    modified: datetime


def link(url: str, story: Story) -> Link:
    """A story under this URL as a listing's line."""
    return Link(
        url=url,
        title=story.title,
        published=_moment(story.published),
        modified=_moment(story.modified or story.published),
    )


def rss(links: Iterable[Link], *, title: str) -> Answer:
    """RSS 2.0, with Atom's and Dublin Core's elements beside its own."""
    items = (
        f"<item><title><![CDATA[{line.title}]]></title><link>{escape(line.url)}</link>"
        f'<guid isPermaLink="false">{escape(line.url)}</guid>'
        f"<pubDate>{format_datetime(line.published)}</pubDate></item>"
        for line in links
    )
    return _xml(
        "application/rss+xml",
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(title)}</title>{''.join(items)}</channel></rss>",
    )


def rdf(links: Iterable[Link], *, title: str) -> Answer:
    """RSS 1.0, which is RDF: items stand beside their channel."""
    items = (
        f'<item rdf:about="{escape(line.url)}"><title>{escape(line.title)}</title><link>{escape(line.url)}</link>'
        f"<dc:date>{line.published.isoformat()}</dc:date></item>"
        for line in links
    )
    return _xml(
        "application/rdf+xml",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="feed"><title>{escape(title)}</title></channel>{"".join(items)}</rdf:RDF>',
    )


def atom(links: Iterable[Link], *, title: str) -> Answer:
    """Atom, with a link of another relation before the one that counts."""
    entries = (
        f'<entry><title type="html">{escape(line.title)}</title>'
        f'<link rel="replies" type="text/html" href="{escape(line.url)}#comments"/>'
        f'<link rel="alternate" type="text/html" href="{escape(line.url)}"/><id>{escape(line.url)}</id>'
        f"<published>{line.published.isoformat()}</published><updated>{line.modified.isoformat()}</updated></entry>"
        for line in links
    )
    return _xml(
        "application/atom+xml",
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(title)}</title>{"".join(entries)}</feed>',
    )


def sitemap(links: Iterable[Link]) -> Answer:
    """A plain sitemap; lastmod is when a page was last touched."""
    urls = (f"<url><loc>{escape(line.url)}</loc><lastmod>{line.modified.isoformat()}</lastmod></url>" for line in links)
    return _xml("application/xml", f"<urlset {SITEMAPS}>{''.join(urls)}</urlset>")


def news_sitemap(links: Iterable[Link], *, name: str, language: str) -> Answer:
    """A news sitemap: it alone tells when an article was published."""
    urls = (
        f"<url><loc>{escape(line.url)}</loc><news:news><news:publication><news:name>{escape(name)}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{line.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(line.title)}</news:title></news:news></url>"
        for line in links
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return _xml("application/xml", f"<urlset {SITEMAPS} {space}>{''.join(urls)}</urlset>")


def sitemap_index(urls: Iterable[str]) -> Answer:
    """A sitemap of sitemaps."""
    parts = (f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return _xml("application/xml", f"<sitemapindex {SITEMAPS}>{''.join(parts)}</sitemapindex>")


def zipped(answer: Answer) -> Answer:
    """A listing that is a gzip file, not merely sent as one."""
    return Answer(headers=(("Content-Type", "application/x-gzip"),), body=gzip.compress(answer.body, mtime=0))


def robots(*rules: str, sitemaps: Iterable[str] = ()) -> Answer:
    """A robots.txt that asks for a fifth of a second between fetches, and for what `rules` say."""
    lines = ["User-agent: *", "Crawl-delay: 0.2", *rules, "", *(f"Sitemap: {url}" for url in sitemaps)]
    return Answer(headers=(("Content-Type", "text/plain"),), body="\n".join(lines).encode())


def _xml(mime: str, body: str) -> Answer:
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return Answer(headers=(("Content-Type", f"{mime}; charset=utf-8"),), body=declared.encode())


def _moment(when: date) -> datetime:
    """A bare date is printed as its first moment."""
    return when if isinstance(when, datetime) else datetime(when.year, when.month, when.day, tzinfo=UTC)
