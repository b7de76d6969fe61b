"""Leads: the standfirst of a page of an unknown site, where it has one apart from its body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler import dates
from crawler.authors import signed
from crawler.bodies import ENDS, SENTENCE, Page
from crawler.clutter import is_clutter
from crawler.markup import Element, letters, width
from crawler.metadata import Metadata
from crawler.naming import is_standfirst
from crawler.paragraphs import Paragraph

_SHORTEST = 25  # as wide as so many letters: a standfirst
_UNNAMED, _LONGEST = 40, 400  # as wide: one that nothing names
_DATED = 80  # characters of a line that tells a date and no more
_INITIAL = re.compile(r"drop|initial|first", re.IGNORECASE)  # a paragraph that is set to begin the text
_SPEECH = re.compile(r"[\s(]*[\"“”„«»‘’'‹›「『]")  # what somebody said, as pull quotes are set
# Words of the house about its page, its readers and its writers.
_HOUSE = re.compile(
    r"^\W*(?:(?:this|the) (?:story|article|content|page|post|piece)|warning|correction|clarification|editor|note|"
    r"updates?|(?:last )?updated (?:at|on|\d)|sponsored|published by|by our|"
    r"von unser|listen|watch|join|follow|sign up|support|you have|you['’]ve|it looks like you|"
    r"achtung|warnung|hinweis|korrektur|berichtigung|anmerkung|aktualisierung|h[öo]ren sie|folgen sie|sie haben|"
    r"attention|avertissement|rectificatif|note de|mise à jour|[ée]coutez|suivez|rejoignez|vous avez|"
    r"advertencia|aviso|correcci[óo]n|nota d\w+|actualizaci[óo]n|escuch[ae]|s[íi]g(?:ue|a)(?:nos)?|[úu]nete|"
    r"ha le[íi]do|attenzione|avvertenza|correzione|rettifica|aggiornamento|ascolta|segui(?:ci)?|unisciti|hai letto|"
    r"atenç[ãa]o|correç[ãa]o|errata|atualização|ouça|siga|junte-se|você (?:já )?leu)\b"
    r"|\barticles?\b(?!\s\d)|\b(?:this|our) (?:story|stories)\b|\breaders?\b|\bnewsletters?\b|\bad[ -]?blockers?\b|"
    r"\bsubscri|\bauthors?['’]s? own\b|\bwrites (?:about|for|on)\b|"
    r"\bdiese[rnm]? (?:artikel|beitrag|text)\b|\bleser(?:innen)?\b|\babonn|\bwerbeblocker\b|"
    r"\b(?:cet article|ce (?:contenu|texte)|lecteurs|bloqueurs?)\b|"
    r"\best[ea] (?:art[íi]culo|contenido|texto|nota|noticia|artigo|conteúdo|matéria|reportagem)\b|\blectores\b|"
    r"\bsuscr[íi]|\bquest[oa] (?:articolo|contenuto|testo|pagina)\b|\blettori\b|\biscriviti\b|\bleitores\b|"
    r"\bassinantes?\b",
    re.IGNORECASE,
)


def standfirst(page: Page, blocks: list[Paragraph], declared: Metadata) -> str | None:
    """A standfirst apart from the body: before it alone, and either the page's own description or named so.

    What stands before the body and after it is a notice.
    """
    if not blocks:
        return None
    whole = letters(declared.description or "")
    described = whole[:80]
    if len(blocks) > 2 and (_heads(page, blocks) or _opens(blocks[0], described) or _is_told(blocks, whole)):
        return blocks[0].text
    after = {block.text for block in page.blocks[page.blocks.index(blocks[-1]) + 1 :]}
    first = page.blocks.index(blocks[0])
    before = [block for block in page.blocks[:first] if _may_lead(block) and block.text not in after]
    if described and (match := next((block for block in before if letters(block.text).startswith(described)), None)):
        return match.text
    named = next((block.text for block in before if _is_named(page.chains[id(block)])), None)
    if named:
        return named
    lead = _unnamed(page.blocks[:first])
    if lead is None or lead in after.union(block.text for block in blocks) or _SPEECH.match(lead) or is_aside(lead):
        return None
    return None if lead.startswith((*declared.people, *declared.meta_authors)) else lead


def is_aside(text: str) -> bool:
    """Whether a line speaks of the page, its readers or its writers."""
    return bool(_HOUSE.search(text))


def _unnamed(before: list[Paragraph]) -> str | None:
    """The one line, set as a heading, that tells something between headline and body: directly at first."""
    head = next((index for index in range(len(before) - 1, -1, -1) if before[index].tag == "h1"), len(before))
    between = before[head + 1 :]
    told = [block for block in between if _tells(block)]
    return told[0].text if len(told) == 1 and told[0] is between[0] else None


def _tells(block: Paragraph) -> bool:
    """Whether a line is a sentence or two, and neither a byline, a date nor a notice.

    A paragraph there, plain or in bold, is as often a caption or a notice.
    """
    text = block.text
    if block.tag not in {"h2", "h3", "h4"} or not _UNNAMED <= width(text) <= _LONGEST or not text.endswith(ENDS):
        return False
    if block.links > 0.3 * len(text) or signed(text) or is_clutter(block):
        return False
    return len(text) > _DATED or not dates.printed(text)


def _is_named(chain: list[Element]) -> bool:
    """Whether an element around a line is named for a standfirst; in fact checks a verdict has its intro, too."""
    return any(map(is_standfirst, chain[:3])) and not any("verdict" in (one.get("class") or "") for one in chain[:4])


def _opens(block: Paragraph, described: str) -> bool:
    """Whether a body opens with its standfirst: a heading that is the description, or what is named so.

    A named paragraph that ends a sentence, set with the others, is the first of them.
    """
    if not _may_lead(block) or (SENTENCE.search(block.text) and not block.is_heading):
        return False
    told = block.is_heading and bool(described) and letters(block.text).startswith(described)
    return told or is_standfirst(block.element)


def _heads(page: Page, blocks: Sequence[Paragraph]) -> bool:
    """Whether a body begins with a standfirst: named so, as no other, and not in one element with the next."""
    first, second, *_ = blocks
    if first.element.getparent() is second.element.getparent() or not _may_lead(first):
        return False
    names = {one.get("class") for one in page.chains[id(first)][:2] if is_standfirst(one)}
    return bool(names) and not any(
        one.get("class") in names for block in blocks[1:] for one in page.chains[id(block)][:2]
    )


def _is_told(blocks: Sequence[Paragraph], described: str) -> bool:
    """Whether a body opens with the page's description, all of it, set apart from what follows by type or place."""
    block, following, *_ = blocks
    if not _may_lead(block) or letters(block.text) != described:
        return False
    if block.strong >= len(block.text) - 1:
        return following.strong < len(following.text) - 1
    one, two = _set(block), _set(following)
    return one[1:] != two[1:] or (one[0] != two[0] and not _INITIAL.search(one[0]))


def _set(block: Paragraph) -> tuple[str, object, str]:
    """The class of a block, and tag and class of what it stands in."""
    parent = block.element.getparent()
    around = ("", "") if parent is None else (parent.tag, parent.get("class") or "")
    return block.element.get("class") or "", *around


def _may_lead(block: Paragraph) -> bool:
    return width(block.text) >= _SHORTEST and block.links <= 0.3 * len(block.text) and block.element.tag != "h1"
