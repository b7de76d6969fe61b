"""Clutter: lines that stand among an article's paragraphs and are none, told by their words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from crawler import walls
from crawler.bylines import agencies_in, closing, ends, only_names, sign_off, unique
from crawler.labels import heads_links, is_label
from crawler.markup import letters, text_of
from crawler.notices import is_notice
from crawler.paragraphs import Paragraph

# Whole lines, on any site: labels of advertisements, skip links, buttons of sharing, loading and commenting.
_LABELS = re.compile(
    r"(?:advertis(?:ement|ing)|publicit[éà]|anzeige|werbung|reklame?|реклама|publicidad|anuncios?|"
    r"continua a leggere|ad|annonce|(?:story|article) continues (?:below|after).{0,30}|"
    r"advertisement\s?[-–—:].{0,60}|skip (?:to|next).{0,60}|"
    r"accessibility links|breaking news|read (?:more|full story|the full story|next)|lire la suite|lee mas|"
    r"leer más|weiterlesen|mehr lesen|"
    r"leggi tutto|load more(?: comments)?|show more|see more|view more|share(?: this.{0,40}| article|"
    r" on \w+.{0,30})?|teilen|partager|compartir|condividi|tweet|pin|email|e-mail|print(?: this page)?|whatsapp|"
    r"facebook|twitter|"
    r"copy link|copied!?|save|bookmark|comments?(?: \(\d+\))?|\(?\d*\)? ?(?:leave|post|add) a comment.{0,40}|"
    r"no comments?(?: yet)?|see comments.{0,12}|license photo|latest headlines|follow @\w+|follow us.{0,120}|"
    r"topics:?|tags?(?::.{0,200})?|"
    r"related(?: (?:content|stories|articles|topics|news|links?|upi stories|subjects?))?:?|"
    r"recommended(?: (?:stories|for you))?|more on this(?: story| topic)?|more:|contenus liés|sur le même (?:sujet|"
    r"thème)|scroll to continue with content|la suite après cette publicité|article suite après la publicité|"
    r"artikel wird unter der anzeige fortgesetzt|der artikel wird nach der anzeige fortgesetzt|"
    r"comments (?:are|have been) (?:now )?closed\.?|"
    r"16x9 image|explore further|pop-?out player|direct link|no media source currently available|the (?:code|"
    r"url) has been copied to (?:your|the) clipboard\.?|embed|subscribe(?: now)?|sign up(?: now)?|"
    r"to find out more, click here\.?|newsletter|image credits?:.{0,100}|trending(?: now)?|don['’]t miss|"
    r"most (?:read|popular|viewed)|this forum has been closed\.?|click here.{0,60}|"
    r"listen(?: to (?:this )?article)?(?: \d+ min)?|\d+ min(?:utes?)? read|"
    r"(?:reading time|lesezeit|temps de lecture|tempo d[ei] lettura|tempo de leitura|tiempo de lectura|leestijd|"
    r"lesetid|læsetid|lästid|время чтения|czas czytania)\s?:?\s.{0,4}\d.{0,12}|loading\.*|play|watch(?: video)?|video|"
    r"photos?|gallery|\d+/\d+|\d+ of \d+)",
    re.IGNORECASE,
)
# What begins a pointer to another piece, in the languages of the outlets.
_POINTERS = re.compile(
    r"[\W_]*(?:read (?:more|also|next|on|full|the)\b.{0,40}?(?::|\|)|read (?:more|also|next)\b|also (?:read|see)|"
    r"see also|see more|related(?: (?:story|stories|article|articles|coverage|video))?\s?:|related\s+[A-Z]|"
    r"more\s?(?:on this|from|:|>)|watch\s?(?::|now|more|live|the video)|listen\s?(?::|to)|click here|"
    r"[àa] (?:lire|écouter|voir|découvrir|relire|regarder) (?:aussi|également)|(?:re)?lire (?:aussi|également)|"
    r"lire\s:|voir aussi|écouter aussi|lea también|lee también|leer también|le puede interesar|vea también|"
    r"te puede interesar|"
    r"lesen sie (?:auch|hier|mehr|dazu)|mehr (?:zum thema|lesen|infos?)|lesen sie\b|auch interessant|"
    r"hier (?:geht|finden|lesen)|weitere (?:infos|informationen|artikel)|leggi (?:anche|pure)|leia (?:também|"
    r"mais)|veja também|saiba mais|"
    r"чита(?:йте|ть) (?:также|також|ещё|ще|по теме)|смотрите также|см\. также|дивіться також|läs (?:också|mer)|"
    r"les (?:også|mer)|læs (?:også|mere)|lees (?:ook|meer)|czytaj (?:też|także|więcej)|pročitajte (?:i|još)|"
    r"také čtěte|čtěte také|ayrıca okuyun|"
    r"اقرأ (?:أيضا|أيضًا|المزيد)|للمزيد|شاهد أيضا|مواضیع|相关(?:新闻|阅读|报道)|関連(?:記事|ニュース)|관련 ?기사)",
    re.IGNORECASE,
)
# Labels that begin sentences as well: they point elsewhere where a colon or a bar follows.
_BARE = re.compile(
    r"[\W_]*(?:[àa] (?:lire|écouter|voir|découvrir|relire|regarder)|también|mehr dazu)\s?[:|>►]", re.IGNORECASE
)
_CLOSES = re.compile(r"\W*[:|>►»]")  # a label
_HERE = re.compile(r"\b(?:here|hier|ici|aquí|aqui)\W*$", re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:our|unser\w*|notre|nos|nuestr[ao]s?|noss[ao]s?|nostr[aoie]|onze?|ons|vår\w*)\b[^,]{0,60}$", re.IGNORECASE
)
# Credits of pictures and the furniture of dates that some layouts print as paragraphs.
_CREDITS = re.compile(
    r"(?:(?:image|bild|photos?|foto|fotos|picture|video|imagen|crédit(?: photo)?s?|credits?|copyright|quelle|"
    r"illustration|graphic|grafik|file photo|symbolbild)\s?[:/|]|©|\(c\)|📷).{0,140}|"
    r".{0,30}©.{0,60}|"
    r"(?:latest update|date created|issued on|modified|published(?: on)?|updated(?: on)?|last (?:updated|"
    r"modified)(?: on)?|publié le|modifié le|première publication|primera modificación|última modificación|"
    r"veröffentlicht|aktualisiert|stand|erstellt|posted(?: on)?|created)\s?:.{0,100}",
    re.IGNORECASE,
)
_MADE_BY = re.compile(
    r"(?:(?:text|written|illustration|graphic|(?:file )?photo|image|picture|video)s? by|texte par|texto por)"
    r"\s?:?\s(?P<who>.{2,140})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What is left of a body when the clutter is gone, and the agencies that its sign-offs named."""

    paragraphs: tuple[str, ...]
    agencies: tuple[str, ...]


def tidy(
    blocks: Iterable[Paragraph], *, title: str | None, captions: Collection[str], clutter: re.Pattern[str] | None = None
) -> Prose:
    """The paragraphs that are the article's own; `clutter` are an outlet's own lines to leave out, from their start."""
    blocks = list(blocks)
    repeated = {letters(text) for text in (title, *captions) if text}
    starts = {bare[:12] for bare in repeated}
    firsts = {bare[:1] for bare in repeated}
    kept: list[str] = []
    agencies: list[str] = []
    for block in _uncaptioned(blocks, title):
        text = block.text
        if (credited := sign_off(text)) is not None:
            agencies.extend(credited)
        elif not (
            (_first(text) in firsts and letters(text[:48])[:12] in starts and letters(text) in repeated)
            or is_clutter(block)
            or (clutter and clutter.match(text))
        ):
            kept.append(text)
    while kept and (_dangling(kept[-1]) or (len(kept[-1]) < 200 and walls.asks_payment(kept[-1]))):
        kept.pop()
    if kept:
        agencies.extend(closing(kept[-1]))
    return Prose(paragraphs=tuple(kept), agencies=unique(agencies))


def _first(text: str) -> str:
    """A text's first letter or digit, as `letters` has it."""
    return next((character for character in text if character.isalnum()), "").casefold()[:1]


def _uncaptioned(blocks: list[Paragraph], title: str | None) -> list[Paragraph]:
    """Without what copies print for a picture: its words and its caption, alike, or the title and its caption."""
    twice = {id(block) for pair in pairwise(blocks) if pair[0].text == pair[1].text for block in pair}
    blocks = [block for block in blocks if id(block) not in twice or len(block.text) < 25 or block.tag == "tr"]
    bare = letters(title or "")
    heads = [
        index
        for index, block in enumerate(blocks)
        if bare and len(block.text) <= 2 * len(bare) and letters(block.text) == bare
    ]
    if len(heads) < 2:
        return blocks
    gone = {index + 1 for index in heads if index > 0}
    return [block for index, block in enumerate(blocks) if index not in gone]


def is_clutter(block: Paragraph) -> bool:
    """Whether a line is a label, a pointer elsewhere, a credit or a notice."""
    if block.clutter is None:
        block.clutter = _is_clutter(block)
    return block.clutter


def _is_clutter(block: Paragraph) -> bool:
    text = block.text
    if not any(character.isalnum() for character in text):
        return not is_rule(text)
    if is_label(text) and (heads_links(text) or not block.is_heading):  # a section may be about advertisements
        return True
    if (len(text) < 200 and _LABELS.fullmatch(text.lstrip("•·*–- "))) or is_notice(text):
        return True
    if len(text) < 160 and (_CREDITS.fullmatch(text) or _is_made_by(text)):
        return True
    return _points_elsewhere(block)


def _is_made_by(text: str) -> bool:
    """Whether a line is "Photos by" and names; "Photos by Ada Wick hang in the hall" is a sentence."""
    match = _MADE_BY.fullmatch(text)
    return match is not None and (not ends(text) or only_names(match["who"]))


def _points_elsewhere(block: Paragraph) -> bool:
    """A line that is all link, or that says so and holds a link."""
    text = block.text
    if block.links and len(text) < 300 and (_BARE.match(text) or _is_pointer(block)):
        return True
    return block.links >= 0.9 * len(text) and not block.is_heading and block.tag != "li"


def _is_pointer(block: Paragraph) -> bool:
    """Whether a label begins the line, and a colon follows, or mostly a link, or "here" or "our pages" as a link."""
    label = _POINTERS.match(block.text)
    if label is None:
        return False
    rest = block.text[label.end() :]
    if block.links >= 0.5 * len(rest) or label[0][-1] in ":|>":
        return True
    return bool(_CLOSES.match(rest) or _HERE.search(rest) or (_OURS.search(rest) and _ends_in_link(block)))


def _ends_in_link(block: Paragraph) -> bool:
    said = [text for link in block.element.iter("a") if (text := text_of(link).rstrip(" ."))]
    return bool(said) and block.text.rstrip(" .").endswith(said[-1])


def is_rule(text: str) -> bool:
    """Whether a line is AP's rule, which stands in its copy between stories, and at the end of one before its notes."""
    return text == "___"


def _dangling(text: str) -> bool:
    """A heading or label left over at the end: what it headed was clutter."""
    return len(text) < 60 and text.endswith(":") and not text.endswith("::")


def credited_agencies(authors: Iterable[str]) -> tuple[str, ...]:
    """The agencies among the names of a byline."""
    return unique(name for author in authors for name in agencies_in(author))
