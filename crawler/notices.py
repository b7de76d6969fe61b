"""Notices: what a site says of itself, its offers, its rights and its readers, told by its words."""

from __future__ import annotations

import re

_LONGEST = 400  # characters
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


def is_notice(text: str) -> bool:
    """Whether a line is a notice, on whatever."""
    if len(text) >= _LONGEST:
        return False
    lower = text.lower()
    return bool(_NOTICES.fullmatch(text) or (any(word in lower for word in _MENTIONED) and _MENTIONS.fullmatch(text)))


def is_of_the_house(text: str) -> bool:
    """Whether a line at the end of a page asks to follow, to support or to report errors, or says who may copy it."""
    if len(text) >= _LONGEST:
        return False
    if _HOUSE.search(text):
        return True
    asked = _PLATFORM.search(text) and _OURS.search(text) and (_FOLLOW.match(text) or _JOIN.search(text))
    return bool(asked) and not _SPOKEN.search(text)


_SPOKEN = re.compile('["“”„«»「]')
_PLATFORM = re.compile(
    r"\b(?:google news|whatsapp|telegram|facebook|instagram|twitter|youtube|tiktok|zalo|viber|threads|bluesky)"
    r"|واتساب|تلگرام|تلغرام|تليغرام|تيليجرام|فيسبوك|וואטסאפ|טלגרם|פייסבוק|गूगल न्यूज|व्हाट्सएप|वॉट्सऐप|टेलीग्राम|"
    r"फेसबुक|카카오톡|微信|公众号|粉絲團|粉丝团",
    re.IGNORECASE,
)
# Asked of readers where it begins a line; in languages that set the verb last, wherever it stands.
_FOLLOW = re.compile(
    r"\W*(?:follow (?:us|our|@)|join (?:us|our)|like us on|subscribe to (?:us|our)|"
    r"stay (?:tuned|informed|updated)|folg(?:e|en sie|t) uns|abonnier(?:e|en sie|t) (?:uns|jetzt)|tritt unser|"
    r"rejoignez|suivez|abonnez-vous|retrouvez-nous|únete|síguenos|sigue (?:a|nuestr)|suscríbete|"
    r"recibe (?:las|todas|gratis)|receba|acompanhe|siga |inscreva-se|participe do (?:nosso|canal|grupo)|"
    r"entre no (?:nosso|canal|grupo)|seguici|segui la|iscriviti|unisciti|volg |følg |följ |seuraa meitä|"
    r"jälgi meid|seko mums|sekite |obserwuj(?:cie)? |dołącz(?:cie)? |sledujte|přidejte se|kövess|csatlakozz|"
    r"iratkozz|pratite|pridružite|spremljajte|пратите|последвайте|urmăreș?te-ne|urmăriți-ne|abonează-te|"
    r"abonați-vă|ακολουθήστε|подпи(?:сывайтесь|шитесь)|читайте нас|підпи(?:суйтесь|шіться)|تابعونا|تابعنا|"
    r"تابعوا قنات|انضموا|انضم إلينا|انضم إلى قنات|اشتركوا|اشترك في قنات|הצטרפו.{0,40}שלנו|עקבו אחרינו|ikuti|cek |"
    r"dapatkan|mari (?:bergabung|ikuti)|simak |yuk,? (?:ikuti|gabung)|mời bạn|"
    r"theo dõi (?:kênh|chúng tôi|fanpage|báo)|ติดตาม(?:ข่าว|เรา|ได้ที่)|"
    r"(?:立即|[歡欢]迎|快)加入|追蹤我們|[关關]注(?:我[们們]|本|微信))",
    re.IGNORECASE,
)
# Whose they are: whom else to follow on a platform is the story's own matter.
_OURS = re.compile(
    r"\b(?:us|our|uns|unsere?[mnrs]?|nous|notre|nos|nuestr[ao]s?|noticias?|notícias?|noss[ao]s?|"
    r"atualizações|últimas|nostr[aoei]|ci|ons|onze|oss|vår|vårt|våre|vores|våra|meitä|meid|mums|mus|nas|nam|"
    r"naszym?|naše[hm]?|nás|minket|ne|μας|наш\w*|нас|kami|berita\w*|update|chúng tôi|kênh|bạn đọc|haber\w*|bizi|"
    r"kanalımız\w*)\b|نا\b|ונו\b|שלנו|ما\b|हमें|हमारे|खबर|ताजा|เรา|我們|我们|本|粉|最新",
    re.IGNORECASE,
)
_JOIN = re.compile(
    r"takip (?:edin|edebilirsiniz)|abone olun|katılın\b|بپیوندید|دنبال کنید|(?:फॉलो|फ़ॉलो|सब्सक्राइब|लाइक) करें|जुड़ें|"
    r"请关注|請追蹤|보내주세요"
)
_HOUSE = re.compile(
    r"^\W*(?:нашли ошибку|заметили ошибку|знайшли помилку|больше новостей\W{1,3}в нашем|našli jste v článku chybu|"
    r"ha tetszett a cikk|támogassa munkánkat|(?:konten|artikel) ini telah (?:tayang|terbit)|"
    r"dilarang keras mengambil konten|sigue leyendo:|except for the headline, this story has not been edited|"
    r"all rights reserved\. this material, and other digital content|support .{2,40}['’]s? journalism of integrity|"
    r"for more news and analysis, go to|get the latest .{0,60}news straight to your|stay informed\. subscribe|"
    r"published in (?-i:[A-Z])[\w ]{1,40}, (?-i:[A-Z])[a-z]+ \d{1,2}(?:st|nd|rd|th)?, \d{4}\.?$)"
    r"|(?:ошибк|опечатк|помилк).{0,80}ctrl\s?\+\s?enter"
    r"|(?:本文|本站|本[网網]|本刊|本[报報]|版[权權]|声明|聲明|未[经經]\S{2,6}?)[^。]{0,30}(?:[请請]勿|不得|禁止|[严嚴]禁)[^。]{0,6}[转轉][载載]"
    r"|[转轉][载載][请請].{0,6}注明|[转轉][载載]請註明|[仅僅]代表作者|本平台仅提供信息存储"
    r"|(?:资讯|資訊|内容|內容|解读)[^。]{0,12}(?:请下载|请关注|尽在.{2,12}app)|請?加入.{2,12}粉絲團|自殺不能解決問題"
    r"|酒後不開車，安全有保障|無断転載[^。]{0,8}禁|こんな記事も読んでいます|"
    r"구독하세요|제보는 .{0,8}(?:카카오톡|전화|이메일)",
    re.IGNORECASE,
)
