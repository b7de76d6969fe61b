"""Labels: whole lines by which sites head or part what is no article, in many languages."""

from __future__ import annotations

import unicodedata

from crawler.markup import letters

_LONGEST = 80  # characters


def bare(text: str) -> str:
    """A label's letters alone: without accents, points of vowels, digits, and whatever stands around them."""
    plain = letters(text if text.isascii() else unicodedata.normalize("NFD", text).replace("ı", "i"))
    return plain if plain.isalpha() else "".join(character for character in plain if not character.isdigit())


def _table(*lines: str) -> frozenset[str]:
    return frozenset(bare(label) for line in lines for label in line.split("|"))


def is_label(text: str) -> bool:
    """Whether a line heads links to other stories, or says that an advertisement stands here."""
    return len(text) <= _LONGEST and bare(text) in _LINES


def heads_links(text: str) -> bool:
    """Whether a line heads links to other stories."""
    return len(text) <= _LONGEST and bare(text) in _HEADS


def heads_points(text: str) -> bool:
    """Whether a line heads the key points of a story."""
    return len(text) <= _LONGEST and bare(text) in _POINTS


def heads_others(text: str) -> bool:
    """Whether a line heads a list of other stories, or what readers wrote, as they stand below a story."""
    return len(text) <= _LONGEST and bare(text) in _BELOW


# Before a link amid a story: "Read also:"
_POINTERS = _table(
    "read also|also read|see also|read this too|read this next",
    "lesen sie auch|lesen sie dazu|lesen sie hierzu|lesen sie mehr|auch interessant|passend dazu|passend zum thema",
    "à lire aussi|à lire également|lire aussi|lire également|à voir aussi|voir aussi|à découvrir aussi|à relire",
    "lea también|lee también|leé también|leer también|lea además|lee además|mirá también|mira también|vea también",
    "te puede interesar|también te puede interesar|le puede interesar|podría interesarte|te recomendamos leer",
    "leia também|leia mais|leia ainda|veja também|veja mais|saiba mais|você pode gostar|confira também",
    "leggi anche|vedi anche|ti potrebbe interessare|potrebbe interessarti|potrebbe interessarti anche",
    "lees ook|lees meer|lees verder|bekijk ook|läs också|läs även|läs mer|les også|les mer|læs også|læs mere",
    "lue myös|lue lisää|loe ka|loe veel|lasi arī|lasiet arī|lasi vēl|taip pat skaitykite|skaitykite taip pat",
    "czytaj też|czytaj także|czytaj również|czytaj więcej|zobacz też|zobacz także|zobacz również|przeczytaj także",
    "čtěte také|čtěte dále|čtěte více|přečtěte si také|přečtěte si i|čítajte tiež|čítajte aj|prečítajte si aj",
    "prečítajte si tiež|pročitajte i|pročitajte još|pročitajte više|preberite tudi|preberite še|прочитајте још",
    "olvassa el ezt is|olvasd el ezt is|ez is érdekelheti|citește și|citeşte şi|citiți și|vezi și|te-ar putea interesa",
    "διαβάστε επίσης|διαβάστε ακόμη|διαβάστε ακόμα|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμη|δείτε ακόμα",
    "читайте также|читайте еще|читайте ещё|смотрите также|читайте також|читайте ще|дивіться також|прочетете още",
    "вижте още|bunlar da ilginizi çekebilir|ilginizi çekebilir|bunu da okuyun|ayrıca okuyun",
    "baca juga|baca|baca selengkapnya|simak juga|lihat juga|xem thêm|đọc thêm|basahin din|soma pia|soma zaidi",
    "קראו גם|קראו עוד|אולי יעניין אותך|اقرأ أيضا|إقرأ أيضا|اقرا ايضا|اقرأ المزيد|شاهد أيضا|قد يعجبك أيضا",
    "بیشتر بخوانید|همچنین بخوانید|یہ بھی پڑھیں|یہ بھی پڑھئے|یہ بھی دیکھیں|مزید پڑھیں",
    "ये खबरें भी पढ़ें|ये खबर भी पढ़ें|यह खबर भी पढ़ें|ये भी पढ़ें|यह भी पढ़ें|इसे भी पढ़ें|यह भी देखें|हेही वाचा|यो पनि पढ्नुहोस्",
    "আরও পড়ুন|আরো পড়ুন|આ પણ વાંચો|ਇਹ ਵੀ ਪੜ੍ਹੋ|மேலும் படிக்க|ఇవి కూడా చదవండి|ഇതും വായിക്കുക|በተጨማሪ ያንብቡ",
    "อ่านเพิ่มเติม|อ่านต่อ|อ่านข่าวที่เกี่ยวข้อง|延伸阅读|延伸閱讀|あわせて読みたい|合わせて読みたい|こちらもおすすめ",
)
# Before a list of stories, mostly where one has ended: "Related articles"
_OTHERS = _table(
    "related articles|related stories|related news|similar articles|similar stories|similar posts",
    "verwandte artikel|weitere artikel|articles similaires|articles liés|articles connexes|dans la même rubrique",
    "más noticias|noticias relacionadas|notas relacionadas|contenido relacionado",
    "lo más visto|las más leídas|más leídas|mais notícias|matérias relacionadas",
    "conteúdo relacionado|conteúdos relacionados|posts relacionados|mais lidas|mais vistas|vídeos mais assistidos",
    "veja os vídeos mais assistidos|articoli simili|notizie correlate|i più letti",
    "meer nieuws|meest gelezen|gerelateerde artikelen|relaterte artikler|relaterede artikler|relaterade artiklar",
    "mest lest|mest læste|mest läst|flere nyheder|fler nyheter|aiheesta lisää|aiheesta muualla|luetuimmat",
    "seotud artiklid|seotud lood|samal teemal|saistītie raksti|susiję straipsniai|powiązane artykuły|podobne artykuły",
    "najczęściej czytane|więcej na ten temat|související články|související témata|související zprávy|nejčtenější",
    "súvisiace články|najčítanejšie|povezane vijesti|povezane vesti|povezani članci|povezane teme|vezane vijesti",
    "najčitanije|повезане вести|најчитаније|sorodne novice|sorodne vsebine|kapcsolódó cikkek|kapcsolódó cikk",
    "kapcsolódó anyagok|ajánlott cikkek|articole similare|articole recomandate|știri similare",
    "cele mai citite|pe aceeași temă|σχετικά άρθρα|σχετικά θέματα|σχετικές ειδήσεις|περισσότερα νέα",
    "материалы по теме|новости по теме|похожие статьи|похожие новости|похожие материалы|ещё по теме",
    "самое читаемое|самое популярное|матеріали по темі|новини по темі|схожі новини|свързани статии",
    "още по темата|ilgili haberler|ilgili konular|benzer haberler|çok okunanlar|en çok okunanlar",
    "berita terkait|berita terpopuler|berita berkaitan|artikel terkait",
    "rekomendasi untuk anda|tin liên quan|tin cùng chuyên mục|tin mới nhất|bài viết liên quan|bài liên quan",
    "כתבות נוספות|כתבות קשורות|עוד בנושא|مواضيع ذات صلة|مقالات ذات صلة|أخبار ذات صلة|موضوعات ذات صلة",
    "مواضيع متعلقة|مقالات متعلقة|أخبار متعلقة|الأكثر قراءة|المزيد من الأخبار|اخبار مرتبط|مطالب مرتبط|خبرهای مرتبط",
    "متعلقہ خبریں|مزید خبریں|संबंधित खबरें|संबंधित ख़बरें|संबंधित समाचार|और खबरें|संबंधित बातम्या",
    "सम्बन्धित समाचार|আরও খবর|আরো খবর|সম্পর্কিত খবর|সম্পর্কিত সংবাদ|தொடர்புடைய செய்திகள்|సంబంధిత వార్తలు",
    "ข่าวที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง",
    "相关新闻|相关阅读|相关文章|相关报道|相关推荐|相关链接|推荐阅读|更多新闻|更多报道|热门新闻|热门文章|猜你喜欢",
    "相關新聞|相關閱讀|相關文章|相關報導|相關報道|推薦閱讀|推薦文章|更多新聞|更多報導|熱門新聞|熱門文章|你可能還想看",
    "関連記事|関連ニュース|関連リンク|おすすめ記事|おすすめの記事|人気記事|よく読まれている記事|アクセスランキング",
    "관련기사|관련뉴스|많이 본 뉴스|많이 본 기사|인기기사|인기뉴스|추천기사|추천뉴스|최신기사|최신뉴스",
    "이 시각 주요뉴스",
)
# The same before links; else they may head the news of a digest.
_FURTHER = _table(
    "other stories|other news|latest news|otras noticias|últimas noticias|outras notícias|últimas notícias",
    "altre notizie|ultime notizie|további hírek|другие новости|останні новини|diğer haberler|berita lainnya",
    "berita terbaru|artikel lainnya|tin khác|अन्य खबरें|ข่าวอื่นๆ|ข่าวล่าสุด",
)
# Before what readers wrote.
_COMMENTS = _table(
    "yorumlar|yorum|komentar|komentari|komentara|komentarji|komentarze|komentarai|komentāri|kommentaarid|kommentit",
    "diskuse|diskusia|komentáře|komentáre|hozzászólások|hozzászólás|kommentek|comentarii|σχόλια|komen|maoni",
    "коментари|обсуждение|תגובות|التعليقات|تعليقات|نظرات|نظرات کاربران|دیدگاه ها|دیدگاهها|تبصرے|टिप्पणियां|टिप्पणी",
    "टिप्पणियाँ|কমেন্ট|মন্তব্য|மறுமொழிகள்|ความคิดเห็น|ความเห็น|bình luận|ý kiến bạn đọc|网友评论|最新评论|全部评论",
    "发表评论|評論|網友評論|留言|網友留言|發表評論|コメント|みんなのコメント|댓글|독자 의견",
)
# In place of an advertisement, or beside one.
_ADVERTISEMENTS = _table(
    "advt|advertisement|advertisement scroll to resume content|scroll to resume content",
    "publicidad|publicidade|publicité|publicitate|pubblicità|advertentie|annons|annonse|annonce|mainos|reklaam|reklāma",
    "reklama|reklam|oglas|hirdetés|διαφήμιση|реклама|פרסומת|إعلان|اعلان|إعلانات|تبلیغات|اشتہار|विज्ञापन|जाहिरात|বিজ্ঞাপন",
    "โฆษณา|quảng cáo|iklan|广告|廣告|広告|광고",
    "continúa después de la publicidad|continúa luego de la publicidad|la nota continúa debajo|la nota sigue abajo",
    "continua depois da publicidade|continua após a publicidade|continua após publicidade|continua dopo la pubblicità",
    "l'articolo continua dopo la pubblicità|la suite après la publicité|l'article continue après la publicité",
    "het artikel gaat verder onder de advertentie|artikel gaat verder onder de advertentie",
    "lees verder onder de advertentie|artikkelen fortsetter under annonsen|saken fortsetter under annonsen",
    "artiklen fortsætter efter annoncen|artiklen fortsætter under annoncen|artikeln fortsätter efter annonsen",
    "artikeln fortsätter under annonsen|juttu jatkuu mainoksen jälkeen|artikkeli jatkuu mainoksen jälkeen",
    "artikkel jätkub pärast reklaami|artikkel jätkub reklaami järel|raksts turpinās pēc reklāmas",
    "dalsza część artykułu pod reklamą|dalszy ciąg artykułu pod reklamą|článek pokračuje pod reklamou",
    "článok pokračuje pod reklamou|text pokračuje pod reklamou|tekst se nastavlja ispod oglasa",
    "nastavak teksta ispod oglasa|članak se nastavlja ispod oglasa|a cikk a hirdetés után folytatódik",
    "cikkünk a hirdetés után folytatódik|articolul continuă după reclamă|articolul continuă după publicitate",
    "продолжение после рекламы|продовження після реклами|haberin devamı|haberin devamı için tıklayın",
    "haberin devamı aşağıda|scroll ke bawah untuk melanjutkan membaca|lanjutkan membaca|gulir untuk lanjut membaca",
    "請繼續往下閱讀|文章繼續在廣告之後|广告之后继续阅读|記事は広告の後に続きます",
)
# Before a list that tells a story once more, in short.
_POINTS = _table(
    "key points|main points|key takeaways|main takeaways|key facts|main facts|the key points|the main points",
    "the key takeaways|the main takeaways|the key facts|the main facts|takeaways|highlights|at a glance|in brief",
    "in short|tl;dr|summary|article summary|ai summary|kortversjonen|kort fortalt|kort sagt|kort om saken|oppsummert",
    "sammendrag|sammanfattning|in kürze|das wichtigste|das wichtigste in kürze|das wichtigste auf einen blick",
    "auf einen blick|zusammenfassung|artikel zusammengefasst|artikel kurz zusammengefasst",
    "artikel für sie zusammengefasst|artikel für sie kurz zusammengefasst|der artikel zusammengefasst",
    "der artikel kurz zusammengefasst|der artikel für sie zusammengefasst|der artikel für sie kurz zusammengefasst",
    "dieser artikel zusammengefasst|dieser artikel kurz zusammengefasst|dieser artikel für sie zusammengefasst",
    "dieser artikel für sie kurz zusammengefasst|en bref|en résumé|en breve|lo esencial|las claves|resumen|resumo",
    "in breve|punti chiave|in het kort|samenvatting|w skrócie|коротко|главное|要点",
    "what you need to know|in summary|quick summary|story highlights|key highlights",
    "the gist|the short version|die wichtigsten punkte|kurz zusammengefasst|kurz gesagt|darum geht es",
    "puntos clave|lo que debes saber|lo más importante|en resumen|claves|en pocas palabras|pontos principais",
    "pontos-chave|destaques|em resumo|o que você precisa saber|resumo da notícia|l'essentiel|ce qu'il faut retenir",
    "les points clés|à retenir|i punti chiave|in sintesi|kernpunten|de kern|in 't kort|viktigste punkter",
    "hovedpunkter|huvudpunkter|det viktigaste|tiivistelmä|pääkohdat|lyhyesti|kokkuvõte|lühidalt|īsumā|trumpai",
    "najważniejsze informacje|podsumowanie|skrót|shrnutí|v kostce|stručně|zhrnutie|stručne|ukratko|sažetak",
    "ključne točke|povzetek|na kratko|укратко|a cikk lényege|összefoglaló|röviden|a lényeg|pe scurt|rezumat",
    "με λίγα λόγια|σύνοψη|συνοπτικά|τα βασικά σημεία|главное|кратко|о чём речь|головне|коротко|накратко",
    "öne çıkanlar|haberin özeti|özet|kısaca|ringkasan|ringkasan berita|poin penting|poin utama|intisari berita",
    "ringkasnya|tóm tắt|tóm tắt nội dung|buod|muhtasari|תקציר|עיקרי הדברים|בקצרה|ملخص|ملخص الخبر|أبرز النقاط",
    "النقاط الرئيسية|باختصار|خلاصه|خلاصه خبر|نکات مهم|نکات کلیدی|خلاصہ|اہم نکات|खबर का सार|मुख्य बातें|मुख्य बिंदु|सारांश",
    "हाइलाइट्स|সারসংক্ষেপ|মূল বিষয়|สรุปข่าว|สรุป|ประเด็นสำคัญ|本文要点|要点|摘要|核心提示|内容提要|重點摘要|重點整理",
    "文章重點|新聞重點|この記事のポイント|記事のポイント|要約|記事の要約|요약|핵심 요약|세줄 요약|줄 요약",
    "기사 요약|주요 내용|ai 摘要|ai 요약|ai要約|ai summary|ai overview",
)
_LINKS = _POINTERS | _OTHERS
_HEADS = _LINKS | _FURTHER
_LINES = _LINKS | _ADVERTISEMENTS
_BELOW = _OTHERS | _COMMENTS
