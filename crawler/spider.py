"""NewsSpider: from an outlet's listings to its article pages to articles."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.exceptions import IgnoreRequest

from crawler.arguments import Arguments, WrongArgument
from crawler.article import Article, NoArticle
from crawler.discovery import MAX_INFLATED, read_listing
from crawler.keeper import Keeper
from crawler.links import Link, clean_url, url_date
from crawler.memory import KnownListing, Memory
from crawler.outlets import Outlets, within
from crawler.workers import ExtractionFailed, ExtractionPool

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from archive.capture import Capture
    from crawler.discovery import Listing
    from crawler.profile import Profile

ASKED_AT_ONCE = 500  # links of a listing: so many does the memory tell apart, known or not, in one answer
DEEPEST = 3  # an index of indexes of sitemaps; the protocol knows one level


class NewsSpider(Spider):
    """An outlet: the facts below, and one road for all of them.

    Listings are read one after another in the order in which they stand here, and article pages are
    asked for in the order of the listings, as the engine has room for them: `limit` and `since` depend
    on that order alone, and no more than one listing's links are held at a time.
    """

    allowed_domains: list[str] = []  # noqa: RUF012 (Scrapy's name and type)
    feeds: ClassVar[tuple[str, ...]] = ()  # URLs, in which "{language}" and "{host}" are filled in
    sitemaps: ClassVar[tuple[str, ...]] = ()
    sections: ClassVar[tuple[str, ...]] = ()
    languages: ClassVar[tuple[str, ...]] = ()  # BCP 47; the first is the default edition
    editions: ClassVar[dict[str, str]] = {}  # language -> host, where editions live on hosts of their own
    article_url: ClassVar[str] = ""  # a regular expression, searched in the cleaned URL
    tracking: ClassVar[tuple[str, ...]] = ()  # query parameters that do not tell pages apart
    sisters: ClassVar[tuple[str, ...]] = ()  # domains of other sites on the same system
    profiles: ClassVar[tuple[Profile, ...]] = ()  # how pages are laid out, the newest first
    generic: ClassVar[bool] = False  # stands for any other outlet

    def __init__(self, *args: Any, arguments: Arguments | None = None, **given: str) -> None:
        super().__init__(*args)
        self.arguments = arguments or self.check(given)
        self._seen: set[str] = set()
        self._closed: set[str] = set()  # hosts that are not asked for article pages
        self._outlets: Outlets | None = None

    @classmethod
    def check(cls, given: dict[str, str]) -> Arguments:
        """The arguments as values; WrongArgument where one makes no sense for this outlet."""
        arguments = Arguments.parse(given)
        if arguments.language is not None and arguments.language not in cls.languages:
            there_are = f"there are {', '.join(cls.languages)}" if cls.languages else "it has one edition"
            raise WrongArgument(f"{cls.name} has no edition with language={arguments.language}; {there_are}")
        if arguments.start is not None and not cls.generic:
            raise WrongArgument(f"start=URL is for `scrapy crawl site`; {cls.name} knows where to start")
        return arguments

    # From listings to article pages

    async def start(self) -> AsyncIterator[Request]:
        """Requests for article pages, as the engine has room for them."""
        asked = 0
        async for request in self._given() if self.arguments.urls is not None else self._discovered():
            if self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            self._count("articles/requested")
            yield request
            asked += 1
            if asked == self.arguments.limit:
                return

    async def _given(self) -> AsyncIterator[Request]:
        """The pages that `urls` names: exactly these, whatever they turn out to be."""
        self._count("progress/found", len(self.arguments.urls or ()))
        for url in self.arguments.urls or ():
            meta = {"purpose": "article", "via": "urls", "allow_offsite": True}
            yield self._article_request(url, meta, dont_filter=True)

    async def _discovered(self) -> AsyncIterator[Request]:
        """The pages that the listings name, each once, in their order; then those that are to be looked at again."""
        again = dict.fromkeys(self._memory.again() if self._memory else ())
        self._closed = self._memory.closed() if self._memory else set()
        for host in sorted(self._closed):
            self.logger.warning("%s forbade its article pages: its listings alone are read for a while", host)
        async for links, listing in self.links():
            candidates = self._candidates(links)
            while some := list(islice(candidates, ASKED_AT_ONCE)):
                known = self._memory.known(listing, some) if self._memory else set()
                self._count("articles/known", len(known))
                self._count("progress/found", len(some) - len(known))
                for url in some:
                    if url not in known:
                        meta = {"purpose": "article", "via": listing, "again": url in again}
                        yield self._article_request(url, meta)
        unlisted = [url for url in again if url not in self._seen and self._is_open(url)]
        self._count("progress/found", len(unlisted))
        for url in unlisted:
            yield self._article_request(url, {"purpose": "article", "via": "again", "again": True})

    def _candidates(self, links: Sequence[Link]) -> Iterator[str]:
        """The cleaned URLs of the articles among a listing's links that no listing named before."""
        for link in links:
            url = clean_url(link.url, self.tracking)
            if url in self._seen or not self.is_article(url):
                continue
            self._seen.add(url)
            if self.arguments.too_old(link.published or url_date(url)):
                self._count("articles/older")
            elif self._is_open(url):
                yield url

    def _is_open(self, url: str) -> bool:
        """Whether a page may be asked for: not on a host that is left alone for a while, which is counted."""
        if urlsplit(url).hostname not in self._closed:
            return True
        self._count("articles/left_alone")
        return False

    def _article_request(self, url: str, meta: dict[str, Any], *, dont_filter: bool = False) -> Request:
        return Request(url, callback=self.parse_article, errback=self.no_page, meta=meta, dont_filter=dont_filter)

    def is_article(self, url: str) -> bool:
        """Whether a cleaned URL is that of one of this outlet's article pages, as far as a URL tells."""
        on_site = not self.allowed_domains or within(urlsplit(url).hostname or "", self.allowed_domains)
        return on_site and re.search(self.article_url, url) is not None

    async def links(self) -> AsyncIterator[tuple[Sequence[Link], str]]:
        """Links to articles, one listing's after another's, each time with that listing's URL."""
        language = self.arguments.language or (self.languages[0] if self.languages else "")
        facts = {"{language}": language, "{host}": self.editions.get(language, "")}
        for url in (*self.feeds, *self.sitemaps, *self.sections):
            for slot, value in facts.items():
                url = url.replace(slot, value)  # noqa: PLW2901
            async for found in self.follow(url):
                yield found

    async def follow(
        self, url: str, *, expected: bool = True, first: Response | None = None
    ) -> AsyncIterator[tuple[Sequence[Link], str]]:
        """The article links of one listing, and those of the further listings it names.

        `expected` is False for a place where a listing may be or not be; `first` is the response to the
        first listing, where that is at hand already.
        """
        waiting, read = deque([(url, 1, "outlet")]), set()
        while waiting:
            url, depth, via = waiting.popleft()
            if url in read:
                continue
            read.add(url)
            response, first = first or await self.fetch(url, expected=expected, via=via), None
            listing = self._checked_listing(response, url, expected=expected) if response is not None else None
            if listing is None:
                continue
            further = [link.url for link in listing.links if link.listing and not self.arguments.too_old(link.last_day)]
            if further and depth == DEEPEST:
                self.logger.warning("%s: the listings that it names are passed over: an index that deep is a trap", url)
            elif further:
                waiting.extendleft((one, depth + 1, url) for one in reversed(further))
            if articles := [link for link in listing.links if not link.listing]:
                yield articles, url

    def _checked_listing(self, response: Response, url: str, *, expected: bool) -> Listing | None:
        """What a listing lists, its faults told; None where a page stands at a place where none was expected."""
        listing = self.read_listing(response)
        if not expected and listing.kind == "html":
            self._count("listings/absent")
            return None
        for warning in listing.warnings:
            self.logger.warning(warning)
        self._count("listings/read")
        if not listing.links:
            self._count("listings/empty")
            self.logger.error("Nothing is listed in %s: it may have moved, or changed its format", url)
        return listing

    def read_listing(self, response: Response) -> Listing:
        """What a fetched listing lists, by this outlet's patterns."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        return read_listing(
            response.body, response.url, content_type, article_url=self.article_url, tracking=self.tracking
        )

    async def fetch(
        self, url: str, *, expected: bool = True, via: str = "outlet", anew: bool = False
    ) -> Response | None:
        """A listing's response; None, with a word in the log and the statistics, when it gives nothing.

        That is when it cannot be had, and when it says that it has not changed since an earlier crawl; `anew`
        asks for it even then. `via` is the URL of the listing that names it.
        """
        known = self._memory.listing(url) if self._memory and not anew else KnownListing()
        if known.pass_over:
            self._count("listings/passed_over")
            self.logger.info("The listing %s is passed over: %s", url, known.pass_over)
            return None
        meta = {"purpose": "listing", "via": via, "allow_offsite": True, "download_maxsize": MAX_INFLATED}
        request = Request(url, meta={**meta, "refers_to": known.stands_at}, headers=known.conditions)
        try:
            response = await self._downloaded(request)
            trouble = "" if response.status in (200, 304) else f"status {response.status}"
        except Exception as error:  # noqa: BLE001 (whatever kept this listing from us, others are still there)
            trouble = f"{type(error).__name__}: {error}"
        if not trouble:
            if response.status == 200:
                return response
            self._count("listings/unchanged")
            return None
        self._count("listings/failed" if expected else "listings/absent")
        if expected:
            self.logger.error("The listing %s cannot be had: %s", url, trouble)
        return None

    async def _downloaded(self, request: Request) -> Response:
        """The response; a crawl that is told to end cancels who waits for it, but not the exchange: it is recorded."""
        downloading = asyncio.ensure_future(self.crawler.engine.download_async(request))
        try:
            return await asyncio.shield(downloading)
        except asyncio.CancelledError:
            downloading.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise

    # From an article page to its article

    async def parse_article(self, response: Response) -> AsyncIterator[Article]:
        """The article of a page, if there is one and it is as new as was asked for."""
        outcome = await self._read(response.meta["capture"])
        self._count("progress/done")
        if isinstance(outcome, NoArticle):
            self._count(f"articles/none/{outcome.reason}")
        elif not self.arguments.too_old(outcome.published):
            self._count(f"articles/by/{outcome.extractor.split('/')[0]}")
            if response.meta.get("again"):
                self._count("articles/again")
            yield outcome
        else:
            self._count("articles/older")

    def no_page(self, failure: Failure) -> None:
        """Tell in one line why an article page could not be had: the archive holds the rest."""
        self._count("progress/done")
        error: Any = failure.value
        if isinstance(error, IgnoreRequest):
            self.logger.info("Passed over %s: %s", failure.request.url, error or type(error).__name__)
        else:
            self.logger.error("No page at %s: %s: %s", failure.request.url, type(error).__name__, error)

    async def _read(self, capture: Capture) -> Article | NoArticle:
        keeper = self.crawler.get_extension(Keeper)  # type: ignore[type-abstract]
        pool = self.crawler.get_extension(ExtractionPool)
        assert keeper is not None
        assert pool is not None
        if self._outlets is None:
            self._outlets = Outlets.load(self.crawler.settings)
        outlet, profiles = self._outlets.reading(capture.url, self.name)
        failure = keeper.failure_of(capture)
        if failure is None:
            try:
                return await pool.read(capture, profiles, outlet)
            except ExtractionFailed as error:
                failure = str(error)
        self.logger.error("No article is read from %s (record %s): it %s", capture.url, capture.record_id, failure)
        keeper.keep_failure(capture, failure)
        return NoArticle(reason="failed")

    @property
    def _memory(self) -> Memory | None:
        """What is known across crawls; None where this one is to know nothing."""
        return self.crawler.get_extension(Memory)  # type: ignore[type-abstract]

    def _count(self, name: str, number: int = 1) -> None:
        if number:
            self.crawler.stats.inc_value(name, number)
