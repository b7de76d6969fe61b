"""Walls: what asks for money or consent before it shows an article, told by its names and words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from crawler.markup import Element, text_of

_CONSENT = re.compile(
    r"(?:accept (?:all )?cookies|use cookies|cookies? (?:und|and|et|y) |your privacy|consent|einwillig|zustimm|"
    r"akzeptieren und weiter|mit werbung|"
    r"datenschutz|pur-abo|confidentialité|consentement|tout accepter|privacidad|aceptar (?:todas|y continuar)|"
    r"accetta (?:tutti|e continua))",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:subscribe|sign in|log in|register|create (?:a|an) (?:free )?account|become a (?:member|"
    r"subscriber)) (?:now )?to (?:continue|read|keep (?:on )?reading|unlock|access)|"
    r"(?:this|the) (?:article|content|story) is (?:for|only|reserved|exclusive)[^.]{0,40}(?:subscribers|members)|"
    r"to (?:continue|keep|go on) reading(?! (?:was|is|would|had)\b)|already a (?:subscriber|member)\?|"
    r"become a (?:member|subscriber)\b.{0,80}\b(?:log|sign) in\b|"
    r"(?:weiterlesen|artikel lesen) (?:mit|im) |jetzt (?:weiterlesen|abonnieren|freischalten)|dieser (?:artikel|"
    r"inhalt) ist (?:nur|exklusiv)|mit .{0,20}(?:plus|abo).{0,20}weiterlesen|"
    r"(?:cet article est )?réservé aux? abonnés|pour lire la suite|(?:contenido|"
    r"artículo) exclusivo para suscriptores|suscríbete para|articolo riservato agli abbonati|"
    r"会員限定|有料会員|この記事は有料|続きを読む|続きが読めます|"
    r"artikkelen er for abonnenter|kun for abonnenter|få adgang til|læs videre",
    re.IGNORECASE,
)
_ASKING = (  # one of these stands in whatever the pattern above matches: most lines hold none, and are done sooner
    "subscribe", "sign in", "log in", "register", "account", "become a", "members", "reading", "already a", "lesen",
    "abonnieren", "freischalten", "dieser ", "réservé", "pour lire", "suscri", "suscrí", "riservato", "会員", "有料",
    "続き", "abonnenter", "adgang", "læs videre",
)  # fmt: skip
_MARKED = re.compile(r"paywall|piano-|regwall|premium-wall|subscriber-only|article-locked")
_MANY = 400  # blocks that are looked at
_QUESTION = 40  # characters: a link to log in says less
_PRICE = re.compile(
    r"(?:[£$€]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[£€]|euros?\b))\s?(?:a|per|/|im|pro|par|al|por|ao)\s?"
    r"(?:week|month|year|woche|monat|jahr|mois|an|mes|mese|mês)",
    re.IGNORECASE,
)
_SEVERAL = 2
_GATE = re.compile(
    r"(?:pay|reg|login|premium|subscriber?)-?(?:wall|gate|prompt|overlay|lock)|(?:^|[\s_-])piano-", re.IGNORECASE
)


@lru_cache(maxsize=1 << 14)
def is_gate(names: str) -> bool:
    """Whether an element's class and id name it a paywall; some bodies that are wholly there are named so too."""
    return bool(_GATE.search(names))


@lru_cache(maxsize=8192)
def _is_marked(name: str | None) -> bool:
    return bool(name and _MARKED.search(name))


def asks_payment(text: str) -> bool:
    """Whether a line asks to subscribe, to register or to log in before reading on."""
    lower = text.lower()
    return any(word in lower for word in _ASKING) and bool(_PAYWALL.search(text))


def sells(tree: Element, told: Sequence[str]) -> bool:
    """Whether the page asks for money: it has an element named for that, or says so.

    Where several paragraphs of what is `told` of the story stand in such elements these do not ask: many sites name so
    whatever is for subscribers.
    """
    marked = [text for element in _outermost(tree) if len(text := text_of(element)) >= _QUESTION]
    own = (line for line in told[:_MANY] if line and not _PRICE.search(line))
    within = [line for line in own if any(line in text for text in marked)]
    if any(_says_more(text, within if len(within) >= _SEVERAL else ()) for text in marked):
        return True
    blocks = (block for block in tree.iter("p", "h2", "h3", "button", "div") if not _holds_blocks(block))
    return any(asks_payment(text_of(element)) for element in islice(blocks, _MANY))


def _outermost(tree: Element) -> Iterator[Element]:
    """The elements that are named for a wall, the first of them; of those that stand in each other the outer one."""
    named = (one for one in tree.iter("*") if _is_marked(one.get("class")) or _is_marked(one.get("id")))
    outer: set[Element] = set()
    for element in islice(named, _MANY):
        if outer.isdisjoint(element.iterancestors()):
            outer.add(element)
            yield element


def _says_more(text: str, told: Sequence[str]) -> bool:
    """Whether a text goes beyond what is told: by more than a link to log in."""
    return len(text) - sum(len(line) for line in told if line in text) >= _QUESTION


def _holds_blocks(element: Element) -> bool:
    return element.tag == "div" and next(element.iterdescendants("div", "p"), None) is not None


def asks_consent(tree: Element, most: int) -> bool:
    """Whether the page is mostly a question about cookies: few blocks, and the words for it."""
    blocks = list(islice(tree.iter("p", "h1", "h2", "button", "li"), most))
    asked = sum(bool(_CONSENT.search(text_of(element)[:400])) for element in blocks)
    return asked >= 3 and asked * 4 >= len(blocks)
