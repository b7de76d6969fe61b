"""Layouts: an outlet's markup as named pieces of HTML, and a story set in them.

A layout is one file in `pages/`, cut into pieces by lines such as `<!-- piece: subhead -->`; `$name` in a
piece stands for a value. A story's page is the piece `page`; whatever a story lacks stays out of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from html import escape
from string import Template

from newsroom.stories import PAGES, Block, Story

RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


class Layout:
    """The pieces of one layout."""

    def __init__(self, html: str) -> None:
        _, *parts = re.split(r"<!-- piece: (\w+) -->\n", html)
        self._pieces = {name: Template(piece.rstrip("\n")) for name, piece in zip(parts[::2], parts[1::2], strict=True)}

    def piece(self, name: str, /, **values: str) -> str:
        """A piece with these values in place, or nothing where the layout has no such piece."""
        return self._pieces[name].substitute(values) if name in self._pieces else ""

    def page(self, story: Story, *, host: str, others: Iterable[Story]) -> str:
        """The whole page of a story; `others` are what the page promotes around it."""
        related = [{"href": other.path, "title": escape(other.title), "host": host} for other in others]
        values = _values(story, host)
        parts = {
            "lead": self.piece("lead", text=values["lead"]) if story.lead else "",
            "authors": self._authors(story, values),
            "cards": "".join(self.piece("card", name=escape(name)) for name in story.authors),
            **{name: self._tags(name.removesuffix("s"), story) for name in ("tags", "meta_tags")},
            "related": "".join(self.piece("related_item", **link) for link in related),
            "picture": self._picture(story.caption, story.credit) if story.caption or story.credit else "",
            "modified_note": self.piece("modified_note", **values) if story.modified else "",
            **{name: self._optional(name, values[name]) for name in ("signoff", "editor", "based_on")},
        }
        body = self._body(story, related[0])
        return self.piece("page", **(values | parts | {"body": body}))

    def listing(self, stories: Iterable[Story], *, title: str, host: str, more: str = "") -> str:
        """A front or section page: links to these stories, `more` (HTML) after them."""
        items = [self.piece("listing_item", **_values(story, host)) for story in stories]
        return self.piece("listing", title=escape(title), host=host, items="\n".join(items), more=more)

    def _authors(self, story: Story, values: dict[str, str]) -> str:
        names = [self.piece("author", name=escape(name)) for name in story.authors]
        return self.piece("byline", **(values | {"names": self.piece("and").join(names)})) if names else ""

    def _tags(self, piece: str, story: Story) -> str:
        return "".join(self.piece(piece, text=escape(tag)) for tag in story.tags)

    def _picture(self, caption: str, credit: str) -> str:
        return self.piece("picture", caption=escape(caption), credit=self._optional("credit", escape(credit)))

    def _optional(self, name: str, text: str) -> str:
        return self.piece(name, text=text) if text else ""

    def _body(self, story: Story, related: Mapping[str, str]) -> str:
        """The body's blocks in the layout's markup; the dateline goes where the layout has it."""
        blocks = [self._block(block, story, related) for block in story.blocks]
        if story.dateline:
            blocks[0] = self.piece(
                "opening", dateline=escape(f"{story.dateline} {story.dash}"), text=_inline(story.blocks[0].texts[0])
            )
        return "\n".join(blocks)

    def _block(self, block: Block, story: Story, related: Mapping[str, str]) -> str:
        match block.kind:
            case "picture":
                caption, credit = escape(block.texts[0]), self._optional("credit", escape(block.credit))
                name = "inner_picture" if "inner_picture" in self._pieces else "picture"
                return self.piece(name, caption=caption, credit=credit, title=escape(story.title))
            case "clutter":
                return self.piece(block.texts[0], **related)
            case "list":
                return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in block.texts) + "</ul>"
            case "quote" | "subhead" | "paragraph":
                return self.piece(block.kind, text=_inline(block.texts[0]))


@cache
def layout(name: str) -> Layout:
    """The layout of this name."""
    return Layout((PAGES / f"{name}.html").read_text(encoding="utf-8"))


def _inline(marked: str) -> str:
    """A text with its marks as HTML: links and emphasis."""
    linked = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r'<a href="\2">\1</a>', escape(marked, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", linked)


def _values(story: Story, host: str) -> dict[str, str]:
    """A story's facts as a template's values, escaped."""
    facts = {name: escape(str(getattr(story, name) or "")) for name in Story.__slots__ if name != "blocks"}
    return facts | {
        "host": host,
        "url": f"https://{host}{story.path}",
        "direction": "rtl" if story.language in RIGHT_TO_LEFT else "ltr",
        "keywords": escape(", ".join(story.tags)),
        "published_printed": f"{story.published:{'%d.%m.%Y' if story.language == 'de' else '%m/%d/%Y'}}",
        "first_lines": escape(story.lead or story.text.partition("\n\n")[0]),
        "json": _json_ld(story),
        "free": json.dumps(story.access == "full"),
        **_printed("published", story.published),
        **_printed("modified", story.modified or story.published),
    }


def _printed(name: str, when: date) -> dict[str, str]:
    """A date in the ways in which outlets print dates."""
    clock = f"{when:%I:%M %p}".lstrip("0") if isinstance(when, datetime) else ""
    return {
        name: when.isoformat(),
        f"{name}_long": f"{when:%B} {when.day}, {when.year}",
        f"{name}_day": f"{when:%Y-%m-%d}",
        f"{name}_dotted": f"{when:%d.%m.%Y}",
        f"{name}_slashed": f"{when:%m/%d/%Y}",
        f"{name}_clock": clock,
    }


def _json_ld(story: Story) -> str:
    """What outlets' JSON-LD says alike; layouts put it into their own objects."""
    facts: dict[str, object] = {"headline": story.title, "datePublished": story.published.isoformat()}
    facts["dateModified"] = (story.modified or story.published).isoformat()
    if story.authors:
        facts["author"] = [{"@type": "Person", "name": name} for name in story.authors]
    return json.dumps(facts, ensure_ascii=False)[1:-1].replace("</", "<\\/")
