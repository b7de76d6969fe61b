"""DemoSite: an invented news site as the newsroom serves it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from newsroom.answers import Content, Pages, Site, in_turn, packed, validated
from newsroom.layouts import layout
from newsroom.messages import Answer, Headers, Request
from newsroom.stories import Story

HTML: Headers = (("Content-Type", "text/html; charset=utf-8"),)
UNPACKED = ("application/x-gzip", "image/")  # what servers do not compress a second time


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSite:
    """One invented outlet: how to crawl it, and what must come of it.

    `feeds`, `sitemaps`, `sections` and `start` are URLs, as a spider declares them. `contents` says what
    each host of the outlet serves beside the stories' own pages.
    """

    name: str
    imitates: str  # the name of the real outlet's spider: dw, rferl, upi, france24, or site
    host: str
    stories: tuple[Story, ...]
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    start: str | None = None
    contents: Callable[[DemoSite], Mapping[str, Mapping[str, Content]]] = field(repr=False)
    encodings: tuple[str, ...] = ()  # what its server packs pages in, the favourite first
    chunk: int | None = None  # its server sends pages in chunks of so many bytes

    def url(self, path: str) -> str:
        """A path of the outlet as a URL."""
        return f"https://{self.host}{path}"

    @property
    def articles(self) -> dict[str, Story]:
        """Each URL at which a crawl of the whole outlet must end with an article, and its story.

        A story that is revised stands here as first published: whichever of its URLs is fetched second,
        and every fetch after that, yields its `revision()`.
        """
        paths = ((path, story) for story in self.stories for path in (story.path, story.twin) if path)
        return {self.url(path): story for path, story in paths}

    @property
    def expected(self) -> int:
        """The number of articles that a crawl of the whole outlet must yield."""
        return len(self.articles)

    def open(self) -> dict[str, Site]:
        """The outlet's hosts, ready to be served: nothing fetched yet, nothing revised yet."""
        contents = {host: dict(pages) for host, pages in self.contents(self).items()}
        contents[self.host] = self._pages() | contents.get(self.host, {})
        return {host: _Served(Pages(pages), self) for host, pages in contents.items()}

    def page(self, story: Story) -> Answer:
        """The page of a story."""
        others = [other for other in self.stories if other.path != story.path][:3]
        html = layout(story.layout).page(story, host=self.host, others=others)
        return Answer(headers=HTML, body=html.encode())

    def _pages(self) -> dict[str, Content]:
        pages: dict[str, Content] = {}
        for story in self.stories:
            versions = [story, story.revision()] if story.revised else [story]
            pages[story.path] = in_turn(*(self.page(version) for version in versions))
            if story.twin:
                pages[story.twin] = pages[story.path]
            if story.moved_from:
                pages[story.moved_from] = moved(self.url(story.path))
        return pages


class _Served:
    """One host of an outlet, with its server's habits."""

    def __init__(self, pages: Pages, site: DemoSite) -> None:
        self._pages = pages
        self._site = site

    def answer(self, request: Request) -> Answer:
        """The page, validated, packed and framed as this outlet's server does it."""
        answer = validated(self._pages.answer(request), request)
        if answer.status != 200 or any(value.startswith(UNPACKED) for _, value in answer.headers):
            return answer
        return replace(packed(answer, request, self._site.encodings), chunk=self._site.chunk)


def listing_page(name: str, stories: tuple[Story, ...], *, title: str, host: str, more: str = "") -> Answer:
    """A front or section page in this layout."""
    return Answer(headers=HTML, body=layout(name).listing(stories, title=title, host=host, more=more).encode())


def moved(url: str) -> Answer:
    """301: for ever."""
    return Answer(status=301, headers=(("Location", url), *HTML), body=b"<p>Moved.</p>")


def busy_once(answer: Answer) -> Content:
    """503 the first time, then this answer."""
    return in_turn(Answer(status=503, headers=(("Retry-After", "0"), *HTML), body=b"<p>Too busy.</p>"), answer)
