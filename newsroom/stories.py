"""Stories of the invented outlets: read from TOML, and what a clean article of each must be."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

PAGES = Path(__file__).parent / "pages"

Kind = Literal["paragraph", "subhead", "list", "quote", "picture", "clutter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a story's body, its inline marks still in it; a list holds one text an item."""

    kind: Kind
    texts: tuple[str, ...]
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An invented article: its facts, and what must come out of its page, whatever the page adds to it."""

    path: str
    title: str
    published: date  # a datetime with its zone, or a bare date where the page prints no more
    section: str  # as printed; in the markup of DW and UPI no metadata tells it
    body: str
    layout: str
    outlet: str
    language: str
    lead: str | None = None
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    modified: date | None = None
    dateline: str | None = None  # without the dash after it
    dash: str = "--"
    caption: str = ""
    credit: str = ""
    signoff: str = ""
    editor: str = ""
    based_on: str = ""
    access: Literal["full", "paywall"] = "full"
    twin: str | None = None  # a second path of the same article
    moved_from: str | None = None  # a path that redirects here
    revised: tuple[str, ...] = ()  # a sentence, and what it becomes when the newsroom revises the story
    revised_at: date | None = None
    blocks: tuple[Block, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(_block(text) for text in self.body.strip().split("\n\n")))

    @property
    def text(self) -> str:
        """The clean text: lead, paragraphs, subheads and list items, joined by one blank line."""
        texts = [
            plain(text) for block in self.blocks if block.kind not in {"picture", "clutter"} for text in block.texts
        ]
        if self.dateline and self.layout == "pangea":  # an element of its own there, before the first paragraph
            texts.insert(0, f"{self.dateline} {self.dash}")
        elif self.dateline:
            texts[0] = f"{self.dateline} {self.dash} {texts[0]}"
        return "\n\n".join(texts if self.lead is None else [self.lead, *texts])

    @property
    def captions(self) -> tuple[str, ...]:
        """The captions, without their credits, in the order of the page."""
        pictures = [block.texts[0] for block in self.blocks if block.kind == "picture"]
        return tuple(dict.fromkeys(caption for caption in (self.caption, *pictures) if caption))

    def revision(self) -> Story:
        """The story after the newsroom went over it: a changed sentence and a later date."""
        before, after = self.revised
        body = re.sub(re.escape(before).replace(r"\ ", r"\s+"), after, self.body)
        return replace(self, body=body, modified=self.revised_at, revised=(), revised_at=None)


def read_stories(name: str, **defaults: str) -> tuple[Story, ...]:
    """The stories of one outlet's file, in the order of the file: the newest first."""
    entries = tomllib.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))["story"]
    return tuple(Story(**(defaults | _values(entry))) for entry in entries)


def plain(marked: str) -> str:
    """A text without its inline marks, on one line."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", marked).replace("*", "")
    return " ".join(words.split())


def _values(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def _block(text: str) -> Block:
    mark, _, rest = text.partition(" ")
    match mark:
        case "##":
            return Block(kind="subhead", texts=(rest,))
        case ">":
            return Block(kind="quote", texts=(rest,))
        case "-":
            return Block(kind="list", texts=tuple(item.removeprefix("- ") for item in text.splitlines()))
        case "!":
            caption, _, credit = rest.partition("|")
            return Block(kind="picture", texts=(" ".join(caption.split()),), credit=credit.strip())
    if text.startswith("@"):
        return Block(kind="clutter", texts=(text[1:],))
    return Block(kind="paragraph", texts=(text,))
