"""The catalogue's tables: what each crawl found (facts), and what follows from that (derived, made anew by `derive`).

A key is the hash of what it names (see `catalogue.keys`), so a catalogue does not depend on the order in
which crawls were added, and a URL is stored once. Moments are microseconds since 1970, UTC.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

FORMAT = "pressmark catalogue 3"  # a catalogue of another format is not read: it is rebuilt

metadata = MetaData()


def _table(name: str, *parts: Column[object] | Index, rowid: bool = False) -> Table:
    """A table; one whose rows are short is kept in the tree of its key alone."""
    return Table(name, metadata, *parts, sqlite_with_rowid=rowid)


def _key(name: str) -> Column[object]:
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, BigInteger, nullable=nullable)


_TEXT = Text().with_variant(Text(collation="C"), "postgresql")  # ordered by its characters' numbers, as SQLite does


def _text(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, _TEXT, nullable=nullable)


about = _table("about", Column("name", _TEXT, primary_key=True), _text("value"))

# Facts

crawls = _table(
    "crawls",
    Column("id", Integer, primary_key=True),
    Column("folder", _TEXT, nullable=False, unique=True),  # <outlet>/<name>, below ARCHIVE_DIR/crawls
    _text("digest"),  # of its manifest, which holds those of all its files
    _text("outlet"),
    _moment("started"),
    _moment("ended"),
    _text("status"),
    Column("failed", Boolean(create_constraint=False), nullable=False),
    _text("arguments"),  # JSON, its keys sorted
    Column("pages", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("new", Integer, nullable=False, default=0),  # derived: articles that no earlier crawl captured
    Index("crawls_of_outlet", "outlet", "started"),
    rowid=True,
)

looks = _table(  # one page, or listing, as one crawl saw it last
    "looks",
    _key("page"),
    _key("crawl"),
    _moment("at"),
    Column("status", Integer),
)

validated = _table(  # a listing's last whole response in a crawl that followed all it lists
    "validated",
    _key("page"),
    _key("crawl"),
    _moment("at"),
    _text("etag", nullable=True),
    _text("last_modified", nullable=True),
    _text("record_id"),
    _text("url"),
    _text("date"),
    _text("payload_digest"),
)

captures = _table(  # one article, as one record holds it
    "captures",
    _key("article"),
    _key("at"),
    Column("record_id", _TEXT, primary_key=True),
    Column("crawl", Integer, primary_key=True),
    Column("content", BigInteger, nullable=False),
    Column("page", BigInteger, nullable=False),  # what was asked for
    Column("name", BigInteger, nullable=False),  # the key of the URL after redirects
    _text("payload_digest", nullable=True),
    _text("warc"),
    Column("offset", BigInteger, nullable=False),
)

contents = _table(  # what an article says, all but its pressmark: once, however often it was captured
    "contents",
    _key("id"),
    Column("words", BigInteger, nullable=False),  # hash of title, lead and text
    Column("signature", LargeBinary, nullable=False),  # MinHash of the text
    Column("body", LargeBinary, nullable=False),  # the article as compressed JSON
    rowid=True,
)

# Derived

pages = _table(
    "pages",
    _key("id"),
    _text("outlet"),
    Column("listing", Boolean(create_constraint=False), nullable=False),
    _text("url"),
    _moment("since"),  # see `catalogue.due.Seen`
    _moment("last"),
    Column("span", BigInteger, nullable=False),  # microseconds from `since` to `last`
    Column("status", Integer),
    Column("elsewhere", Boolean(create_constraint=False), nullable=False),
    Index("pages_looked_at", "outlet", "listing", "elsewhere", "span", "since", "status"),  # all that tells what is due
    rowid=True,
)

articles = _table(
    "articles",
    _key("id"),
    _text("outlet"),
    _text("canonical_url"),
    _text("url", nullable=True),  # where it is another one
    Column("crawl", Integer, nullable=False),  # the first to capture it
    _moment("first"),
    _moment("last"),
    _text("record_id"),  # of the last capture
    _moment("dated"),  # when it was published, or first captured where it does not say
    _text("day"),  # of that, YYYY-MM-DD, as the page prints it
    _text("language", nullable=True),
    Column("content", BigInteger, nullable=False),  # of the last capture
    Column("versions", Integer, nullable=False),
    Index("articles_by_date", "dated"),
    rowid=True,
)

names = _table("names", _key("url"), _key("article"))  # every URL of an article, and the article
