"""Others: where what readers wrote, and other stories, begin below an article."""

from __future__ import annotations

import re
from itertools import islice

from crawler.edges import Wrapped, is_passage, wrapped
from crawler.labels import heads_others
from crawler.markup import Element, leads_on, width
from crawler.paragraphs import HEADINGS, Paragraph

Home = tuple[bool, Element | None]  # whether alone in its parent


def without_others(blocks: list[Paragraph]) -> list[Paragraph]:
    """The blocks before the readers' comments, and before a list of other stories that ends the page.

    For pages whose elements tell nothing by their names, as hashed ones do. Where a later paragraph stands beside an
    earlier one the article goes on; behind other stories also where it stands in a piece like one before. A heading
    that opens one more of the story's sections is only called like theirs.
    """
    if not any(_heads_others(block.text, resumed=False) for block in blocks):
        return blocks
    homes = {index: _home(block) for index, block in enumerate(blocks) if block.tag == "p"}
    last = {home: index for index, home in homes.items()}
    pieces = _pieces(blocks)
    sections: dict[object, set[Element | None]] = {}  # the parts of each kind, in which the story is told
    said = reach = resumed = 0
    for index, block in enumerate(blocks):
        part = block.element.getparent()
        alike = sections.get(_kind(part), set())
        if (
            said >= _STORY
            and reach <= index
            and _ends(block, resumed=resumed > index, sections=len(alike) - (part in alike))
        ):
            return blocks[:index]
        if is_passage(block):
            sections.setdefault(_kind(part), set()).add(part)
        if index in homes:
            said += width(block.text)
            reach = max(reach, last[homes[index]])  # the last paragraph beside one before
            resumed = max(resumed, pieces.get(wrapped(block), 0))
    return blocks


def _ends(block: Paragraph, *, resumed: bool, sections: int) -> bool:
    """Whether a line heads what is no more of the article; of several `sections` alike one more may be called so."""
    if not _heads_others(block.text, resumed=resumed):
        return False
    return not block.is_heading or sections < _SEVERAL or bool(_CERTAIN.fullmatch(block.text))


def _pieces(blocks: list[Paragraph]) -> dict[Wrapped, int]:
    """Where the last passage stands in each kind of the pieces, with a class and no teaser's heading, of a body."""
    passages = {index: block for index, block in enumerate(blocks) if block.tag == "p" and is_passage(block)}
    around = {block.element.getparent() for block in passages.values()}
    own = {
        one for one in around if one is not None and one.get("class") and not any(map(leads_on, one.iter(*HEADINGS)))
    }
    return {wrapped(block): index for index, block in passages.items() if block.element.getparent() in own}


def _kind(part: Element | None) -> object:
    """What the parts of a story have in common, that stand side by side."""
    return None if part is None else (part.getparent(), part.tag, part.get("class"))


def _heads_others(text: str, *, resumed: bool) -> bool:
    """Whether a line heads comments, or other stories behind which the article is not resumed."""
    if len(text) > _LABEL:
        return False
    if _COMMENTS.fullmatch(text):
        return True
    return not resumed and (heads_others(text) or (not _is_sentence(text) and bool(_OTHERS.fullmatch(text))))


def _is_sentence(text: str) -> bool:
    """Whether a line that may begin like a label goes on to a full stop: "More from the shed was found on Monday."."""
    return text.endswith(".") and not text.endswith("..") and len(text.split()) > _WORDS


def _home(block: Paragraph) -> Home:
    """What a paragraph shares with those beside it: its parent; or what holds the parent that it stands in alone."""
    parent = block.element.getparent()
    if parent is None or len(list(islice(parent.iterchildren("p"), 2))) > 1:
        return False, parent
    return True, parent.getparent()


_SEVERAL = 2
_STORY = 400  # as wide as so many letters of paragraphs, at the least, before what follows an article
_WORDS = 4  # of a label that ends in a full stop
_LABEL = 160  # characters: a label may repeat the headline
_COMMENTS = re.compile(
    r"(?:\d+|leave (?:a|your)|post a|add a|write a) (?:comments?|reply|replies|responses?)(?: cancel reply)?|"
    r"(?:(?:no|view|show|all|reader|readers['’]|your|recent|latest)\s)*(?:comments|kommentare|"
    r"leserkommentare|commentaires?|comentarios?|comentários?|commenti|reacties|kommentarer|"
    r"комментари(?:и|ев)|коментарі|댓글|コメント|评论)(?:\s?\(?\d*\)?):?"
    r"|\d+ (?:thoughts?|responses?|replies|comments?) (?:on|to) .+"
    r"|(?:schreiben sie einen|einen) kommentar.{0,30}|laisser un commentaire.{0,30}|deja un comentario.{0,30}",
    re.IGNORECASE,
)
_CERTAIN = re.compile(  # no section of a story is called so
    rf"(?:{_COMMENTS.pattern})|most (?:read|popular|viewed)|meistgelesen|les plus lus|lo más leído|mais lidas",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|more (?:from|stories|news|in|on)\b.*|"
    r"most (?:read|popular|viewed)\b.*|(?:elsewhere|also) on .+|related\b.*|(?:read|up|what to read) next|"
    r"latest (?:news|stories)|trending(?: now)?|recommended\b.*|editors?['’]s? picks?|don['’]t miss|"
    r"ähnliche (?:artikel|nachrichten|beiträge|themen)|mehr (?:zum thema|aus|von|news|artikel)\b.*|"
    r"das könnte (?:sie|dich) auch interessieren|lesen sie auch|meistgelesen\b.*|"
    r"weitere (?:artikel|themen|nachrichten|meldungen)\b.*|(?:à lire|lire) aussi|sur le même sujet|les plus lus|"
    r"te puede interesar|(?:noticias|notícias|artículos|artigos) relacionad[ao]s|lo más leído|mais lidas|leia também|"
    r"leggi anche|articoli correlati|potrebbe interessarti\b.*|lees ook|meer (?:over|nieuws)\b.*|"
    r"les også|læs også|läs också|читайте также|по теме|"
    r"関連記事|あわせて読みたい|相关(?:新闻|阅读)|관련 ?기사)\s?[:.…]*",
    re.IGNORECASE,
)
