"""Clutter: lines that stand among an article's paragraphs and are none, told by their words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from crawler import walls
from crawler.bylines import agencies_in, closing, ends, only_names, sign_off, unique
from crawler.markup import letters, text_of
from crawler.paragraphs import Paragraph

# Whole lines, on any site: labels of advertisements, skip links, buttons of sharing, loading and commenting.
_LABELS = re.compile(
    r"(?:advertis(?:ement|ing)|publicit[éà]|anzeige|werbung|reklame?|реклама|publicidad|anuncios?|"
    r"continua a leggere|ad|annonce|story continues below(?: this)? advertisement|"
    r"article continues (?:below|after).{0,30}|advertisement\s?[-–—:].{0,60}|skip (?:to|next).{0,60}|"
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
# Notices of the site about itself: translation, affiliates, newsletters, cookies, rights, subscriptions.
_NOTICES = re.compile(
    r"(?:empfohlener (?:redaktioneller |externer )?inhalt|externer inhalt.{0,200}|an dieser stelle (?:finden sie|"
    r"(?:befinde[nt]|stehen?|würden?|ist|sind)\b.{0,120}(?:extern|inhalt|dienst|drittanbiet|einge(?:bettet|bunden)|"
    r"unserer redaktion|youtube|instagram|twitter|facebook|tiktok)).{0,300}|"
    r"ich bin (?:damit )?einverstanden, dass mir.{0,400}|hat ihnen (?:dieser|der) (?:artikel|beitrag) gefallen.{0,300}|"
    r"(?:dies|das) ist eine (?:maschinelle|automatische) übersetzung.{0,300}|"
    r"lest? (?:hier )?den original(?:artikel|text).{0,100}|"
    r"(?:du musst|sie müssen) (?:dich|sich) einloggen.{0,120}|you must be logged in.{0,120}|log ?in to (?:comment|"
    r"reply).{0,80}|"
    r"kommentar(?:e)? (?:abgeben|schreiben|hinterlassen).{0,60}|(?:[•·*-]\s*)?(?:e-?mail|contact|kontakt|twitter|"
    r"x)\s?:\s?[^\s]{3,60}|"
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?:this|the) copy is for your personal.{0,200}|order reprints|print article|"
    r"to order presentation-ready.{0,200}|"
    r"write to .{3,60} at [\w.+-]+@[\w.-]+|not all news on the site express.{0,300}|"
    r"(?:this|the) (?:article|story|post|content|page) (?:was|is|has been) (?:automatically|machine|originally|"
    r"first|auto-)[\s-]?(?:translated|generated|published|posted|appeared).{0,160}|"
    r"(?:all rights reserved|copyright(?=$|\s?(?:©|ⓒ|\(c\)|@|:|\d|by\b|and\b|policy|(?-i:[A-Z]))|\s?[^\sa-z])|"
    r"© ?\d{4}).{0,200}|subscribe (?:to|for|now|here|today).{0,200}|"
    r"(?:sign up|register) (?:to|for|now|here|today)(?:[^,;.]{0,12}|.{0,120}?(?:\b(?:newsletters?|alerts?|updates?|"
    r"inbox|podcasts?|briefings?|digest|trial|free account|members?(?:hip)?|access|notifications?|read(?:ing)?|"
    r"comment|unlock|continue|this (?:article|story)|news|stories|scoops|youtube|offers?|delivered|(?-i:Weekly|Daily)|"
    r"(?:and|to) start your (?:day|morning|week))\b|\bour).{0,160})|"
    r"(?:get|receive) (?:the|our|all) .{0,60}(?:newsletter|"
    r"in your inbox|news alerts).{0,120}|"
    r"(?:we|this (?:site|website)) uses? cookies.{0,300}|the post .{1,200} (?:appeared first on|"
    r"first appeared on) .{1,80}|"
    r"to view this video please enable javascript.{0,120}|"
    r"(?:download|get) (?:our .{0,40}\b|the (?:(?:free|new|latest|mobile) )*|"
    r"the (?:(?-i:[A-Z])[\w.'’]*\s){1,4}(?:\w+ )?)"
    r"app\b.{0,100}|"
    r"follow (?:us|me|him|her|them|along|our .{1,50}|(?:the|all|more).{0,20} (?:latest|news|updates|stories)\b.{0,30}|"
    r"@.{1,58}|"
    r"(?!through\b)[\w.]{3,30}|(?:the )?(?-i:[A-Z]).{1,55}) on (?:twitter|facebook|instagram|"
    r"google news|telegram|whatsapp|x)\b.{0,120}|join (?:our|the|us) [^,.]{0,60}(?:telegram|whatsapp|facebook|channel|"
    r"newsletter).{0,120}|"
    r"(?:note|please note): .{0,40}moderat\w+ .{0,20}comments.{0,120}|get .{1,60} delivered (?:to|through|"
    r"straight|directly|daily|every).{0,200}|"
    r"have (?:a|you got a) (?:(?:news |story )?tip\b|(?:story|news)\s?(?:for us|idea|to share|"
    r"\?(?=.{0,40}\b(?:e-?mail|write|contact|call|tell|send|share|reach|message|get in touch|let us)\b)|"
    r"you (?:want|would like) to share)).{0,200}|"
    r"(?:like|enjoy(?:ing|ed)?) (?:this|what you)(?::|[^,.;:]{0,60}\?.{0,120})|"
    r"support (?:our|independent) (?:[\w-]+ ){0,2}(?:"
    r"journalis[mt]s?|work|newsroom|report(?:ing|ers)|coverage|site|mission|media|press)\b.{0,160}|"
    r"(?:letters?|words?|write) to (?:the )?editor(?:\W{0,3}|\s?[:|–-].{0,80}|.{0,80}@.{0,80})|"
    r"(?:click|tap) here to .{0,120}|"
    r"our standards\s?:.{0,80}|to contact the (?:reporter|editor|author|writer)s? .{0,40}this (?:story|article)\s?:"
    r".{0,200}|"
    r"\(?(?:this|the) (?:story|report|article) (?:has not been edited by .{2,60}|is) (?:and is )?"
    r"auto-?generated from .{0,100}|"
    # Follow us, subscribe to us: in languages where such lines need name no platform.
    r"(?:suivez-nous|síguenos|sigue a .{2,40} en|siga-nos|siga .{2,40} no (?:whatsapp|google|telegram|"
    r"instagram|facebook)|"
    r"seguici|folg(?:en sie|e|t) uns|volg ons|följ oss|følg oss|ikuti kami|bizi .{2,40} takip edin|"
    r"п[іи]д?писуйтесь на (?:наш|нас)|подписывайтесь на (?:наш|нас)|"
    r"abonnez-vous à (?:notre|nos)|suscríbete a nuestr[ao]s?|iscriviti all[ae] nostr[ae]|"
    r"newsletter abonnieren)\b.{0,160}|"
    # Calls to comment, and the rules for it.
    r"(?:tell us what you (?:think|thought)|let us know (?:what you think|your thoughts|in the comments?)|"
    r"what do you think\?.{0,20}(?:tell|let) us (?:know|in)|"
    r"(?:sound off|share your (?:thoughts|views|opinions?)) (?:below|in|with us)|"
    r"(?:have your say|join the (?:conversation|discussion))(?=\W|$)(?! (?!below|now|here|online|with us|"
    r"and (?:(?:tell|let) us|share your)\b|"
    r"(?:on|in) (?:our|the comments|facebook|twitter|x|social)\b))).{0,80}|"
    r"(?:atenção|atención|attention|achtung|hinweis|nota|note)\s?[:!].{0,20}\b(?:coment[áa]rios|commentaires|comments|"
    r"kommentare)\b.{0,200}|"
    # What a site earns by, what stands in for what a browser would load, what may be done with a page.
    r"if you (?:buy|purchase|click) .{0,140} commissions?\b.{0,200}|"
    r"(?:we|[\w ]{2,30}) (?:may|might) (?:earn|receive|get) (?:an? )?(?:small |affiliate )*commissions?"
    r"(?:[.!]?|.{0,160}\b(?:links?|purchas\w+|buy|affiliate)\b.{0,100}|"
    r" when you (?:shop|click|book)\b[^,]{0,80})|this slideshow requires javascript\.?|"
    r"externer inhalt nicht verfügbar\.?|deine privatsphäre-einstellungen verhindern .{0,300}|"
    r"this document is subject to copyright\..{0,300}|distribution and use of this material are governed by .{0,300}|"
    r"dies(?:er|e) (?:artikel|text|beitrag|kolumne) (?:ist|erschien|wurde|stammt) .{0,40}"
    r"(?:übersetz|zuerst|zuvor|ursprünglich|im original|aus dem).{0,200}|"
    # What a system's plug-ins would have replaced: [button link="..."]Buy[/button]
    r"\[(?P<code>[a-z][\w-]*)(?:\s[^\]]*)?\].{0,200}\[/(?P=code)\]|\[[a-z][\w-]*\s[\w-]+=[^\]]*\])",
    re.IGNORECASE,
)
# Notices that say so in the middle of a line.
_MENTIONS = re.compile(
    r".{0,200}(?:translat|traduc|übersetz).{0,120}(?:automatic|programmatic|software|machine|technolog).{0,200}|"
    r".{0,200}letters? to the editor.{0,60}(?:we['’]d like|send|e-?mail|submit).{0,200}|"
    r".{0,80}all rights reserved\.?.{0,120}|.{0,60}(?:enable|turn on) javascript.{0,120}|"
    r".{0,160}\bclick here for more (?:information|details|info)\b.{0,40}|"
    r"more AP .{2,40}https?://.{2,160}|"
    r".{0,200}https?://\S+ ?\((?:abgerufen|retrieved|accessed|consulté|consultado)\b.{0,40}\)\.?",
    re.IGNORECASE,
)
_MENTIONED = (
    "to the editor",
    "translat",
    "traduc",
    "übersetz",
    "rights reserved",
    "javascript",
    "here for more",
    "://",
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
    if (len(text) < 200 and _LABELS.fullmatch(text.lstrip("•·*–- "))) or (len(text) < 400 and _is_notice(text)):
        return True
    if len(text) < 160 and (_CREDITS.fullmatch(text) or _is_made_by(text)):
        return True
    return _points_elsewhere(block)


def _is_made_by(text: str) -> bool:
    """Whether a line is "Photos by" and names; "Photos by Ada Wick hang in the hall" is a sentence."""
    match = _MADE_BY.fullmatch(text)
    return match is not None and (not ends(text) or only_names(match["who"]))


def _is_notice(text: str) -> bool:
    lower = text.lower()
    return bool(_NOTICES.fullmatch(text) or (any(word in lower for word in _MENTIONED) and _MENTIONS.fullmatch(text)))


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
