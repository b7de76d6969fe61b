"""Changes: what is different between two versions of an article, paragraph by paragraph, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["changed", "added", "removed"]
Words = tuple[tuple[Literal["same", "gone", "new"], str], ...]

ALIKE = 0.4  # how alike two paragraphs must be for one to be the other, changed
_MOST = 9_000_000  # pairs of words that are compared at one place; what is longer is shown gone and new
_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"(?:[{_WIDE}]|[^\s{_WIDE}]+)\s?")  # with the space after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One headline or paragraph that changed; `number` counts the newer version's paragraphs (the older's if gone)."""

    part: Literal["title", "text"]
    number: int | None
    kind: Kind
    before: str | None
    after: str | None
    words: Words

    def as_dict(self) -> dict[str, Any]:
        """The change as plain JSON values."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {**told, "words": [list(pair) for pair in self.words]}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What changed of title and text; the lead is a part of the text."""
    found = []
    if _plain(before["title"]) != _plain(after["title"]):
        found.append(_change("title", None, _plain(before["title"]), _plain(after["title"])))
    found.extend(_text_changes(_paragraphs(before), _paragraphs(after)))
    return found


def _plain(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def _paragraphs(article: Mapping[str, Any]) -> list[str]:
    texts = [" ".join(part.split()) for part in article["text"].split("\n\n")]
    lead = _plain(article["lead"])
    if lead and lead not in texts:  # it stands first in the text, as a rule
        texts.insert(0, lead)
    return [text for text in texts if text]


def _text_changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for how, start, end, new_start, new_end in matcher.get_opcodes():
        if how != "equal":
            for old, new in _pairs(before[start:end], after[new_start:new_end]):
                number = new_start + new + 1 if new is not None else start + (old or 0) + 1
                old_text = None if old is None else before[start + old]
                new_text = None if new is None else after[new_start + new]
                yield _change("text", number, old_text, new_text)


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Which paragraph became which, in the order of the newer: None beside one that is gone or new."""
    words = [_words(text) for text in before]
    taken = 0
    for new, text in enumerate(after):
        old = _nearest(words, taken, _words(text)) if _is_comparable(before, after) else None
        if old is not None:
            yield from ((gone, None) for gone in range(taken, old))
            taken = old + 1
        yield old, new
    yield from ((gone, None) for gone in range(taken, len(before)))


def _is_comparable(before: Sequence[str], after: Sequence[str]) -> bool:
    return sum(text.count(" ") + 1 for text in before) * sum(text.count(" ") + 1 for text in after) <= _MOST


def _nearest(before: Sequence[list[str]], start: int, words: list[str]) -> int | None:
    """The paragraph from `start` on that is most like this one; the first of several, None where none is like it."""
    best, found = ALIKE, None
    for old in range(start, len(before)):
        matcher = SequenceMatcher(None, before[old], words, autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, found = ratio, old
    return found


def _words(text: str) -> list[str]:
    return [word.strip() for word in _WORD.findall(text)]


def _change(part: Literal["title", "text"], number: int | None, before: str | None, after: str | None) -> Change:
    kind: Kind = "changed" if before and after else "added" if after else "removed"
    words = tuple(_marked(before or "", after or ""))
    return Change(part=part, number=number, kind=kind, before=before, after=after, words=words)


def _marked(before: str, after: str) -> Iterator[tuple[Literal["same", "gone", "new"], str]]:
    """The words of both, in an order that reads."""
    if not before or not after or not _is_comparable([before], [after]):
        yield from ((how, text) for how, text in (("gone", before), ("new", after)) if text)  # type: ignore[misc]
        return
    old, new = _WORD.findall(f"{before} "), _WORD.findall(f"{after} ")  # the last word is a word like any other
    for how, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield "same", "".join(old[start:end])
            continue
        if start < end:
            yield "gone", "".join(old[start:end])
        if new_start < new_end:
            yield "new", "".join(new[new_start:new_end])
