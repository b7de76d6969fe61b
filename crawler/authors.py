"""Authors: the names that a byline or a page's metadata holds, without what stands around them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from crawler import jsonld
from crawler.bylines import agency, unique
from crawler.markup import squeeze
from crawler.months import MARKS

# What is set before a name with a colon; without one these are words, or names, of other kinds.
_LABELS = (
    r"escribe|oleh|penulis|pewarta|szerző|írta|piše|pise|avtor|haber|yazar|текст|συντάκτης|"
    r"γράφει(?:\s[ηο])?|نویسنده|خبرنگار|تحریر|लेखक|লেখক|ผู้เขียน|tác giả|撰文|取材・文|文"
)
_BY = re.compile(
    r"^(?:(?:written|posted|published|reported|curated|compiled|propos recueillis|story|text|texte|words|interview|"
    r"analysis|opinion|article|reporting|report|rédigé|publié|eine? \w+|kommentar)?\s*"
    r"(?:by|von\sunsere[rm]\s\w+|von(?!\s(?:de[rmn]|und)\b)|par|por|di|da|door|av|af|przez|tekst|yazan|بقلم|كتب|autore?|auteure?|autor(?:in|a|es|en)?|author|"
    r"text|texte|texto|testo|от|Автор|מאת|كتبت|โดย)\b\s*[:·\-–]?\s*"
    r"|aus\s\w+\sberichtet\s"
    rf"|(?:autor|auteur|author|text by|texte par|by|interview|reporter|{_LABELS})\s*[:：]\s*)",
    re.IGNORECASE,
)
_TITLE_WORDS = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|producer|author|redakteur(?:in)?|"
    r"korrespondent(?:in)?|"
    r"chief|bureau|staff|senior|freelance|anchor|host|photographer|fotograf|journaliste|periodista|redactora?|"
    r"corresponsal|envoyée? spéciale?|giornalista|"
    r"redaktør|redaktör|journalisten|kommentator|toimittaja|muhabir|kolumnist|repórter|reportero|redator|inviat[oa]|"
    r"корреспондент|кореспондент|обозреватель|журналист(?:ка)?|редактор|dziennikarz|redaktor|"
    r"follow|@\w+|updated|published|professor|director|analyst|critic|managing|executive|deputy|intern|fellow)\b",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"^(?!.*\b(?:writer|reporter|correspondent|editor|chief|journalist|contributor|producer|photographer|author)\b)"
    r".*(?:\b(?:staff|bureau|desk|newsroom|team|wire services|rédaction|redacción|redação|redazione|redactie|toimitus|"
    r"redakcja|redakce|redaksi|redacția|redakcija|haber merkezi|uredništvo|редакция|редакція|מערכת|تحریریه|وكالات)\b|"
    r"redaktion(?:en)?\b|編集部|编辑部|編輯部|(?:편집국|뉴스팀|취재팀)|डेस्क|ডেস্ক|ڈیسک|প্রতিবেদক|กองบรรณาธิการ)|"
    r"^(?:our|special|staff|[A-Z]{2,5})\s(?:\w+\s)?(?:correspondent|reporter)s?$",
    re.IGNORECASE,
)
# What is no name: how long ago, who took the pictures or edited, logins of the system, addresses, dates.
_NOISE = re.compile(
    r"^(?:null|none|undefined|unknown|n/a)$|^(?:view|read|see|show|more)\s(?:more|all|posts|articles|from|by)\b|"
    r"^\d+\s\w+\sago$|^(?:vor|il y a|hace|fa)\s\d|^special to\b|^(?:fotos?|photos?|bild|bilder|video|edited|editing|"
    r"translated|摄影|(?:责任)?编辑|責任編輯|編輯|责编|تحرير)(?:\sby)?\s?[:：]|"
    r"^\w{0,12}admin(?:istrator)?$|^(?:webmaster|root|wordpress|super-?user|guest)$|"
    r"^(?:in|from|aus|à)\s(?-i:[^\W\d_a-z])|https?:|www\.|\d{4}|\d{1,2}:\d\d|[@{}<>=]|^\W*$"
    r"|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}\b|^\d{1,2}\.?\s\w+$",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\s+(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]{4,})?\.?\s\d{1,2})$",
    re.IGNORECASE,
)
_NAME_SPLIT = re.compile(
    r"\s*(?:\s(?=(?:编辑|责编|摄影)\s?[:：])|\s(?:avec|mit|with|con|com)\s(?=[A-Z])|"
    r"(?<=\w)(?<!The)\s(?=(?:The\s)?(?:Associated|Canadian)\sPress$)|"
    r";|\||\n|•|·|／|\s/\s|\s[-–—]\s(?=[A-Z])|(?<=\w)\s[Aa]nd\s(?:also\s)?|\s&\s|\s(?:und|et|og|och|и|та|і|ja|"
    r"en)\s(?=[^\W\d_a-z])|,\s?(?:and|und|et|y)\s|,\s*(?!(?:Jr|Sr|II|III|MD|PhD|M\.D|Ph\.D|Dr)\b)|、)\s*"
)
_SHORT_AND = re.compile(r"\s(?:y|e|i)\s(?=[^\W\d_a-z])")
# What tells a person's job or paper behind a name, without a comma: "Oda Brandt Staff Writer", "For The Post".
_POSITION = re.compile(
    r"(?<=\w)(?:\s|\s?/\s?)(?:(?:staff|senior|chief|sports|political|contributing)\s)*(?:writer|reporter|correspondent|columnist|"
    r"contributor)s?$|(?<=\w)\sfor\s(?:the\s)?[A-Z][\w ]+$",
    re.IGNORECASE,
)
_PLACES = re.compile(r"\s+(?:in|en|à|aus|reports? from|à)\s+[^\W\d_a-z][\w -]+$")
# What is set in one line with names: addresses and handles, how long the reading takes, the day.
_BESIDE = re.compile(
    r"<[^<>]{0,80}>|[\w.+-]{1,60}@[\w.-]+|(?<!\w)@\w+|\b\d{1,3}[ -]?(?:min(?:ute)?s?|mn)\b(?: read)?"
    r"|\s[-–—]\s\d{1,2}[\s./].*$|\s(?:on|am|vom|den|le|il|el)\s(?:[^\W\d_]{3,12}\.?\s)?\d.*$",
    re.IGNORECASE,
)
_AND = "(?:and|und|et|y|e|en|og|och|и)"
# Who took the pictures, beside who wrote: "Ada Wick (Text) und Oda Brandt (Fotos)".
_PICTURES = re.compile(
    rf"(?:,|\s{_AND})\s(?:(?!\s{_AND}\s)[^,()]){{3,40}}\s\((?:fotos?|photos?|bilder?|grafik|illustrationen)\)",
    re.IGNORECASE,
)
# For whom somebody writes, behind the name and a comma.
_PAPER = re.compile(r"(?:.*\s)?(?:News|Times|Radio|TV|Zeitung)|ARD-.*|(?:d[aoe]|del|para|for|from|для)\s.*")
# Jobs that Korean, Japanese and Chinese bylines set behind or before a name.
_JOB = re.compile(
    r"(?<=\w)\s?(?:기자|특파원|논설위원|선임기자|記者|特派員|編集委員|论说委员)\s?=?$|^文\s?[/／・]\s?|"
    r"^(?:[\u3400-\u9fff]{2,6}(?=记者|記者))?(?:记者|記者|作者)\s?[:：・]?\s?(?=\w)"
)
# The place and paper before a reporter, who took the pictures; and behind one, with a slash, from where.
_AROUND_JOB = re.compile(
    r"^(?:\[[^\[\]]{1,30}\]|글\s?[·ㆍ]\s?사진|기자명|[\u3400-\u9fff]{2,6}\s?[／/](?=\s?記者))\s*(?=\w)|"
    r"\s?[／/]\s?[\u3400-\u9fff]{2,10}[報报][導道导]$"
)
_DEGREES = re.compile(
    r"(?:MD|PhD|Ph\.D\.?|M\.D\.?|MS|MSc|MA|MPH|MBA|BA|BSc|BS|RD|RDN|RN|LD|APD|CPT|DO|DDS|PharmD|PsyD|JD|EdD|Esq\.?)"
)


def names(text: str) -> tuple[str, ...]:
    """The names of a byline as printed: no "By", no job titles, no place, no date; a desk where it names nobody."""
    line = _PICTURES.sub("", _BESIDE.sub(" ", squeeze(text[:400]))).strip()
    for _ in range(2):
        line = _BY.sub("", _AROUND_JOB.sub("", line)).strip()
    parts = _without_papers([bare for part in _parted(line) if (bare := _bare(part))])
    return _people([part for part in parts if not _is_titled(part)]) or unique(filter(is_desk, parts))


def _people(parts: list[str]) -> tuple[str, ...]:
    """The names among the pieces of a byline: beside full names a single word tells a place, an age or a paper."""
    full = any(" " in part and "A" <= part[0] < "\u0250" for part in parts)
    return unique(part for part in parts if not (full and _WORD.fullmatch(part)) or agency(part) or is_desk(part))


def _without_papers(parts: list[str]) -> list[str]:
    """The pieces without those that say for whom somebody writes."""
    return [part for index, part in enumerate(parts) if not (index and " " in parts[0] and _PAPER.fullmatch(part))]


def _parted(line: str) -> list[str]:
    """The pieces of a byline; a slash parts a name from an agency, and else belongs to a name."""
    parts = [part for part in _NAME_SPLIT.split(line) if part]
    pieces = (part.split("/") if not agency(part) and any(map(agency, part.split("/"))) else [part] for part in parts)
    found = [name for several in pieces for piece in several for name in _joined(piece)]
    return [piece for index, piece in enumerate(found) if not (index and _DEGREES.fullmatch(piece.strip()))]


def _joined(piece: str) -> list[str]:
    """Two names with a short "and" between them, or one that holds it: "Ada Wick y Oda Brandt", "Ortega y Gasset"."""
    parts = _SHORT_AND.split(piece)
    return parts if all(" " in part or agency(part) or is_desk(part) for part in parts) else [piece]


def is_desk(name: str) -> bool:
    """Whether a name is that of an editorial staff, and of nobody in it."""
    return bool(_DESK.search(name))


_WORD = re.compile(r"[A-Za-zÀ-ÿ]{4,}|[A-ZÀ-ÞİĞŞ]{4,}|\d{1,3}")
_SIGNED = re.compile(
    r"(?:(?:written|reported|story|words|escrito|scritto|rédigé|geschrieben)\s)?(?:by|von|par|di|da|por|"
    r"door|av|af)\s*:?\s+"
    rf"|(?:autore?|autor(?:in)?|text)\s*:?\s+|(?:автор|{_LABELS})\s*[:：]\s*",
    re.IGNORECASE,
)
# Behind the name: where and when.
_SIGNED_WHEN = re.compile(
    r",?\s[^\W\d_]{3,9}\.?\s\d{1,2},?\s(?:19|20)\d\d\b|,?\s(?:in|on|am|vom|le|il|el)\s|\s[·|]\s|\s\d|,?\s(?i:published|posted|updated|publiziert|veröffentlicht|aktualisiert|"
    r"erstellt|publiée?|mis à jour|publicado|actualizado|atualizado|pubblicato|aggiornato|gepubliceerd|publisert|"
    r"publicerad|opublikowano)\b"
)


def signed(line: str) -> tuple[str, ...]:
    """The names of a line that begins with "By" and goes on with a name in capitals; else none."""
    match = _SIGNED.match(line)
    if not match or not line[match.end() : match.end() + 1].isupper():
        return ()
    found = names(_SIGNED_WHEN.split(line[match.end() :])[0])
    return found if all(_NAME.fullmatch(name) for name in found) else ()


def signed_with(line: str) -> tuple[str, ...]:
    """The name that is all of a line, as letters are signed; else none."""
    found = names(line)
    is_name = len(line) <= 40 and len(found) == 1 and line.strip(" .()—–-").endswith(found[0])
    return found if is_name and (is_desk(line) or (" " in line and _NAME.fullmatch(found[0]))) else ()


_PARTICLE = re.compile(
    r"v[ao]n|vom|de[nrsl]?|d[aiou]|d[ao]s|della|l[ae]|[ae]l|bin|ibn|ben|zu[mr]?|te[nr]?|af|av|[yei]", re.IGNORECASE
)


def _is_cased(name: str) -> bool:
    """Whether every word of a name is set like one, in scripts that have capitals; else it is a sentence."""
    return all(not word[0].islower() or _PARTICLE.fullmatch(word) for word in name.split()) and not name[0].islower()


_PERSON = re.compile(
    rf"[^\W\d_][\w.'’{MARKS}-]*(?:\s+[\w.'’{MARKS}-]+){{1,4}}|"
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}(?:\s[\u3040-\u30ff\u3400-\u9fff]{1,5})?"
)


def is_person(name: str) -> bool:
    """Whether it is set like a person's name: two to five words, or a few characters without space."""
    return bool(_PERSON.fullmatch(name)) and _is_cased(name)


_SHORT_END = re.compile(r"\s(?:Jr|Sr|[^\W\d_a-z])\.$")  # a full stop that belongs to a name
_NAME = re.compile(
    r"(?:(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|von|van|de|der|den|di|da|do|dos|du|la|le|al|el|bin|ibn|zu|zum|ter|ten|y|"
    r"e)\s?){1,6}"
)


def _bare(part: str) -> str:
    part = re.sub(r"\([^()]*\)|\s(?:Suivre|Follow|Folgen|Seguir|Segui|Følg|Följ|Volg)$", "", part).strip(
        ' ,:;|-–—*"“”【】'
    )
    part = part.lstrip(". ") if _SHORT_END.search(part) else part.strip(" .")
    part = _JOB.sub("", _DAY.sub("", _PLACES.sub("", _BY.sub("", part))).strip())
    named = _POSITION.sub("", part)
    if named.count(" ") in {1, 2} and not is_desk(named) and not agency(named.split()[0].upper()):
        part = named
    if not 2 <= len(part) <= 60 or _NOISE.search(part) or len(part.split()) > 6:
        return ""
    return part


def _is_titled(part: str) -> bool:
    """Whether it is a job, or a name with one behind it."""
    title = _TITLE_WORDS.search(part)
    return title is not None and (title.start() == 0 or len(part.split()) > 2)


_AUTHORS = (
    "author",
    "article:author",
    "authors",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
    "author.name",
    "og:author",
    "og:article:author",
    "citation_author",
)
# How WordPress plugins label the author beside their cards for Twitter.
_WRITTEN_BY = re.compile(
    r"(?:written|posted)?\s*by|author|verfasst von|geschrieben von|autor(?:in)?|écrit par|auteure?|escrito por|"
    r"scritto da|(?:geschreven )?door|skrevet a[fv]|skriven av|kirjoittaja|napisane przez|yazan|автор|написано|"
    r"作者|執筆者|投稿者|글쓴이|كتبه",
    re.IGNORECASE,
)


def declared(thing: jsonld.Thing, found: list[jsonld.Thing]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The persons and the organisations that JSON-LD calls authors; authors by reference are looked up."""
    by_id = {one["@id"]: one for one in found if isinstance(one.get("@id"), str)}
    said: list[tuple[str, bool]] = []
    value = thing.get("author") or thing.get("creator")
    for author in value if isinstance(value, list) else [value]:
        known = (
            by_id.get(author.get("@id"), author) if isinstance(author, Mapping) and not author.get("name") else author
        )
        is_body = isinstance(known, Mapping) and "Organization" in " ".join(jsonld.types(known))
        for name in _names_of(known):
            said.extend((one, is_body) for one in names(name))
    people = unique(name for name, is_body in said if not is_body)
    if all(map(is_desk, people)):  # systems that know only persons call a desk one
        return (), unique(name for name, _ in said)
    return people, unique(name for name, is_body in said if is_body)


def _names_of(author: object) -> list[str]:
    """The names that JSON-LD gives an author: whole, or in two fields."""
    if not isinstance(author, Mapping):
        return jsonld.texts(author)
    parts = [jsonld.text(author.get(key)) for key in ("givenName", "familyName")]
    return jsonld.texts(author.get("name")) or ([" ".join(parts)] if all(parts) else [])


def in_meta_tags(metas: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The names in the first of the meta tags for authors that holds any."""
    for key in _AUTHORS:
        found = unique(
            name for value in metas.get(key, ()) if "://" not in value for name in names(html.unescape(value))
        )
        if found:
            return found
    for number in "12":
        if any(_WRITTEN_BY.fullmatch(label) for label in metas.get(f"twitter:label{number}", ())):
            return unique(name for value in metas.get(f"twitter:data{number}", ()) for name in names(value))
    return ()
