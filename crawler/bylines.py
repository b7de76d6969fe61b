"""Bylines: which agencies are credited, where a story was filed, what a sign-off says; read from what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.markup import squeeze

# News agencies by every name they are printed under; initials count only in their usual case.
_AGENCIES = {
    "AP": r"AP|ap|The Associated Press|Associated Press",
    "Reuters": r"Reuters|REUTERS|reuters|Thomson Reuters|rtr",
    "AFP": r"AFP|afp|Agence France-Presse|Agence France Presse",
    "dpa": r"dpa|DPA|Deutsche Presse-Agentur",
    "EPA": r"EPA|epa",
    "KNA": r"KNA|kna",
    "epd": r"epd|EPD",
    "SID": r"SID|sid",
    "UPI": r"UPI|United Press International",
    "EFE": r"EFE|efe|Agencia EFE",
    "ANSA": r"ANSA|ansa",
    "APA": r"APA|apa",
    "TASS": r"TASS|ITAR-TASS|Tass|Itar-Tass",
    "Interfax": r"Interfax|INTERFAX|interfax",
    "RIA Novosti": r"RIA Novosti|RIA",
    "Xinhua": r"Xinhua|XINHUA",
    "Kyodo": r"Kyodo|KYODO|Kyodo News|共同通信|共同",
    "Jiji": r"Jiji|JIJI|Jiji Press|時事通信|時事",
    "Yonhap": r"Yonhap|YONHAP|연합뉴스",
    "PTI": r"PTI|Press Trust of India",
    "ANI": r"ANI",
    "IANS": r"IANS",
    "PA": r"PA Media|Press Association|PA",
    "Bloomberg": r"Bloomberg|Bloomberg News",
    "CNN": r"CNN",
    "BBC": r"BBC",
    "RFE/RL": r"RFE/RL|Radio Free Europe/Radio Liberty",
    "VOA": r"VOA|VOA News|Voice of America",
    "dapd": r"dapd",
    "ddp": r"ddp",
    "Europa Press": r"Europa Press|EUROPA PRESS",
    "Lusa": r"Lusa|LUSA",
    "Belga": r"Belga|BELGA",
    "ANP": r"ANP",
    "NTB": r"NTB",
    "TT": r"TT",
    "Ritzau": r"Ritzau|ritzau",
    "STT": r"STT",
    "CP": r"The Canadian Press|Canadian Press",
    "AAP": r"AAP|Australian Associated Press",
    "Keystone-SDA": r"Keystone-SDA|SDA|sda|ats",
    "Anadolu": r"Anadolu|Anadolu Agency|AA",
    "IRNA": r"IRNA",
    "KCNA": r"KCNA",
    "Ukrinform": r"Ukrinform",
    "Unian": r"Unian|UNIAN",
    "AKI": r"AKI",
    "MENA": r"MENA",
    "SPA": r"SPA",
}
# Elsewhere their letters are words or other bodies: these count in lists that are all agencies, not as bylines.
_NOT_AS_BYLINE = frozenset({"BBC", "CNN", "VOA", "RFE/RL", "UPI", "TT", "PA", "AA"})
_EXACT = {printed: name for name, pattern in reversed(_AGENCIES.items()) for printed in pattern.split("|")}

_INITIALS = r"[^\W\d_]{1,5}"
_SIGN_OFF = re.compile(rf"(?P<who>{_INITIALS}(?:\s?[/,]\s?{_INITIALS})*)?\s*\((?P<what>[^()]{{2,80}})\)\.?")
_INITIALS_ONLY = re.compile(r"[a-z]{2,4}(?:\s?/\s?[a-zA-Z]{2,5})+|[a-z]{2,3}/[A-Z]{2,4}")
_WITH = re.compile(
    r"\(?(?:(?P<who>[\w’'./ -]{1,40})\s)?(?:with|avec|con|mit|com|dengan|ile|с|из)\s+(?P<what>[^()]{2,80})\)?\.?",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\(?(?:Source[s]?|Quelle[n]?):\s*(?P<what>.{0,300})", re.IGNORECASE)
_REPORTING = re.compile(
    r"\(?(?:Based on (?:reporting|reports?|material|an? \w+ (?:report|story))[^:]{0,20}\b(?:by|from)|(?:Some|"
    r"Additional) (?:information|material|reporting)"
    r"[^.]{0,40}\b(?:by|from)|With (?:additional )?(?:reporting|contributions?|material|agencies)(?:\s(?:by|"
    r"from))?|Reporting by"
    r"|(?:Written|Translated|Compiled) (?:by|from))\s*(?P<what>.{0,300})",
    re.IGNORECASE,
)
_MATERIAL = re.compile(
    r"(?:По материалам|С использованием (?:материалов|информации)|За матеріалами)\s*"
    r"(?:(?:агентств|издани|видан)\w{1,2}\s)?(?P<what>.{0,150})",
    re.IGNORECASE,
)
# "NAME contributed to this report", "NAME contributed reporting from Vellum", "NAME contributed."
_CONTRIBUTED = re.compile(
    r".{0,300}\bcontributed (?:(?:reporting|research)\b(?: (?:to|for) (?:this|the)\b)?|to this (?:report|story|"
    r"article|piece|guide|list|review|post|project|analysis|dispatch|coverage|newsletter|investigation)\b)[^.]{0,80}\.?"
    r"|(?P<who>.{0,300})\bcontributed to (?:this reporting|the (?:report(?:ing)?|story|article|piece))\.?"
    r"|.{0,200}(?<!The )\b(?-i:[A-Z])[\w.’'-]+ (?-i:[A-Z])[\w’'-]+(?: in (?-i:[A-Z])[\w’'-]+)? contributed\.",
    re.IGNORECASE,
)
_EDITED = re.compile(
    r"\(?(?:Edited|Editing|Reported|Reporting|Written|Translated|Adapted|Compiled|Produced|Photos?|"
    r"Additional reporting|"
    r"Contributing|Article|Edité|Édité|Edition|Édition|Rédaction|Redaktion|Redigiert|Adaption|Adaptation|"
    r"Adaptación|Aus dem \w+(?: übersetzt)?|Übersetzt|Übersetzung|"
    r"Traduit(?: de [^.]{2,20})?|Traducción|Tradotto|Editado|Edición|Autor(?:in|a|es)?|Auteure?|Traduction|Edição|"
    r"Edited and translated|Автор|Редактор|Под редакцией)\s*(?:(?:by|in \w+ by|von|par|por|da)\s?(?P<who>.{2,200})|"
    r":\s?.{2,200})",
    re.IGNORECASE,
)
# What may stand in small letters among names: what joins them, what they did, where and when.
_AMONG = frozenset([
    "a", "an", "and", "av", "af", "al", "at", "bin", "by", "d", "da", "de", "del", "della", "den", "der", "di", "do",
    "dos", "du", "e", "el", "en", "et", "for", "from", "i", "ibn", "in", "la", "las", "le", "los", "of", "och",
    "og", "on", "or", "por", "the", "ten", "ter", "to", "und", "van", "via", "von", "with", "y", "zu", "zum", "à", "и",
    "і", "с", "из", "та", "additional", "agencies", "agency", "bureau", "compiled", "contributed", "contributing",
    "correspondent", "correspondents", "data", "desk", "edited", "editing", "editor", "editors", "fact-checking",
    "freelance", "graphics", "journalist", "journalists", "local", "media", "news", "newsroom", "original", "other",
    "our", "photographer", "photography", "photos", "produced", "report", "reporter", "reporters", "reporting",
    "reports", "research", "service", "services", "staff", "translated", "translation", "video", "wire", "wires",
    "writer", "writers", "writing", "written", "агентства", "издания", "видання", "материалов", "матеріалів",
])  # fmt: skip
_WORDS = re.compile(r"[^\s,;:/|()&–—]+")
_SPLIT = re.compile(
    r"\s*(?:,|/|;|\||&|\+|、|・|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bog\b|\boch\b|\ben\b|\bi\b|\bи\b|\bі\b|\bwith\b|"
    r"\bvia\b)\s*"
)


def agencies_in(text: str) -> tuple[str, ...]:
    """The agencies of a list such as "dpa, afp" by their canonical names, in order; words between are passed over."""
    names = (agency(part) for part in _SPLIT.split(text.strip(" ().:-–—")))
    return unique(name for name in names if name)


def agency(text: str) -> str | None:
    """The canonical name of the agency that `text` names, and nothing but names."""
    bare = re.sub(r"^(?:the|l'|la|el|die|der)\s+(?=[A-Z])", "", text.strip(" .()©"), flags=re.IGNORECASE)
    return _EXACT.get(bare)


def sign_off(text: str) -> tuple[str, ...] | None:
    """The agencies of a line that only says who made the piece ("rc/jm (AP, Reuters)"); None for any other line."""
    if len(text) > 400:
        return None
    if _INITIALS_ONLY.fullmatch(text) or (len(text) < 250 and _is_edited(text)):
        return agencies_in(_after_colon(text))
    if "contribut" in text and _is_contribution(text):
        return _anywhere(text)
    if (sources := _sources(text)) is not None:
        return agencies_in(sources)
    match = _SIGN_OFF.fullmatch(text) or _with(text)
    if match and (agencies := _only_agencies(match["what"])):
        return agencies
    return (_only_agencies(text) or None) if len(text) < 40 and "(" in text else None


def _sources(text: str) -> str | None:
    """What a line names that says by whom, or from what, a piece was made."""
    if match := _SOURCE.fullmatch(text):
        return match["what"]
    match = _REPORTING.fullmatch(text) or _MATERIAL.fullmatch(text)
    if match and (_is_credit(match["what"]) or (match.re is _MATERIAL and not ends(text))):
        return match["what"]
    return None


def _is_contribution(text: str) -> bool:
    match = _CONTRIBUTED.fullmatch(text)
    return match is not None and (match["who"] is None or only_names(match["who"]))


def only_names(text: str) -> bool:
    """Whether a text holds names and what joins them; a verb, or any other word in small letters, makes a sentence."""
    words = _WORDS.findall(text.rstrip(" .)"))
    others = [word for word in words if not word[0].islower() or "@" in word]
    return bool(others) and all(word in _AMONG for word in words if word not in others)


def _is_edited(text: str) -> bool:
    """Whether a line is "Edited by" and names, or what ends no sentence; or whatever follows "Redaktion:"."""
    match = _EDITED.fullmatch(text)
    return match is not None and (match["who"] is None or not ends(text) or only_names(match["who"]))


def ends(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return text.endswith((".", "!", "?", "…", "”", '"'))


def _is_credit(text: str) -> bool:
    return not text or only_names(text) or bool(_only_agencies(text))


def _with(text: str) -> re.Match[str] | None:
    """The match of "With AFP" behind nothing, initials or a name; "she spoke with AFP" is a sentence."""
    match = _WITH.fullmatch(text)
    return match if match and (not match["who"] or _is_signature(match["who"])) else None


def _is_signature(who: str) -> bool:
    return bool(re.fullmatch(r"[\w/]{1,12}", who)) or only_names(who)


_CLOSING = re.compile(r"(?P<said>.*[.!?…”“\"»])\s?\((?P<who>[^()]{2,40})\)|(?P<ended>.*)\((?P<whom>[^()]{2,40})\)\.")
_ENDED = re.compile(r"[.!?…][”“\"»]?\s*$")
_REGION = re.compile(r"[a-z]{2,4}")  # initials, or an agency's service: "dpa/lno"
# Their letters in brackets stand for other things as well: these are not credited by a bracket alone.
_NOT_IN_BRACKETS = _NOT_AS_BYLINE | {"CP", "MENA", "SPA", "AKI", "STT"}


def closing(text: str) -> tuple[str, ...]:
    """The agencies that stand alone in brackets at the end of a sentence: "The council votes in spring. (dpa)"."""
    before, names = in_brackets(text)
    if not _ENDED.search(before):
        return ()  # "by a member of the Aam Aadmi Party (AAP).": the sentence goes on, and its bracket belongs to it
    if any(re.search(rf"\b(?:{_AGENCIES[name]})\s*$", before) for name in names):
        return ()  # the bracket tells how the agency is called in short
    return unique(name for name in names if name not in _NOT_IN_BRACKETS)


def in_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """The sentence before a last bracket that holds agencies alone, and those; else no agencies."""
    match = _CLOSING.fullmatch(text[-400:])
    if match is None:
        return text, ()
    before, inside = match["said"] or match["ended"] or "", match["who"] or match["whom"]
    parts = [part for part in _SPLIT.split(inside) if not _REGION.fullmatch(part) or agency(part)]
    names = [agency(part) for part in parts]
    return before, () if None in names else tuple(name for name in names if name)


def _anywhere(text: str) -> tuple[str, ...]:
    """The agencies named somewhere in a sentence."""
    return tuple(name for name, pattern in _AGENCIES.items() if re.search(rf"\b(?:{pattern})\b", text))


def _after_colon(text: str) -> str:
    return re.sub(r"^.*?(?:\(|:|\bby\b)", "", text)


def _only_agencies(text: str) -> tuple[str, ...]:
    """The agencies of a list that holds an agency and otherwise only short names or initials."""
    inner = re.sub(r"^.{0,40}?\b(?:with|avec|con|mit|com)\s+", "", text.strip(" ()"), flags=re.IGNORECASE)
    parts = [part for part in _SPLIT.split(inner) if part]
    found = agencies_in(inner)
    return found if found and all(len(part) <= 30 for part in parts) and len(parts) <= len(found) + 4 else ()


_AGENCY = r"(?:UPI|AP|AFP|Reuters|RFE/RL|RFA|VOA|Xinhua|Interfax|Bloomberg|dpa|EFE|ANSA|IANS|PTI|ANI|TASS)"
_MONTH = r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z.]*"
# Cities and months are capitalised, with days and agencies: "ROSTOV, Russia, May 19 (UPI)", "June 19 (UPI)". After
# a day any capitals are an agency.
_DATELINE = re.compile(
    r"(?!(?:FILE|LIVE|EXCLUSIVE|UPDATED?|BREAKING|WATCH|OPINION|ANALYSIS|NEW|VIDEO|PHOTOS?|READ|NOTE|CORRECTION)\b)"
    r"(?P<dateline>"
    rf"(?:[^\W\d_][\w.’' -]{{1,30}}, ){{0,3}}{_MONTH}\s\d{{1,2}}\s\([A-Z][A-Z/]{{1,7}}\)"
    rf"|(?:[^\W\d_][\w.’' -]{{1,30}}, ){{0,3}}[^\W\d_][\w.’' -]{{1,30}}\s?\({_AGENCY}\)"
    r"|(?:[A-Z][A-Z.’' -]{2,30}(?:,\s[A-Z][\w.’' ]{1,25}){0,2}(?:\s\((?:[A-Z][\w/ ]{1,20})\))?)"
    r"|(?:[А-ЯЁІЇЄҐ][А-ЯЁІЇЄҐ.’' -]{2,30})"
    r")\s?(?:--|—|–|―|-)\s"
)


def dateline(text: str) -> str | None:
    """The place, day and agency that open a first paragraph, without the dash that closes them."""
    head = text[:120]
    match = _DATELINE.match(head)
    return squeeze(match["dateline"]).rstrip(" -") if match else None


def initials_only(text: str) -> bool:
    """Whether a byline holds nothing but initials and agencies, like `mz/jam/sje, reuters/afp/ap`."""
    parts = [part for part in re.split(r"[/,;() ]+", text) if part]
    return bool(parts) and "/" in text and all(agency(part) or re.fullmatch(r"[^\W\d_]{1,5}", part) for part in parts)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(value for value in values if value))
