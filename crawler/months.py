"""Months: the words by which outlets call them, in the languages that they print dates in."""

from __future__ import annotations

import unicodedata

# Signs of the scripts of South Asia and Thailand, which their words hold beside letters.
MARKS = "".join(sign for sign in map(chr, range(0x900, 0x1100)) if unicodedata.category(sign).startswith("M"))

# The beginnings by which a month is known; the longest one counts.
_MONTHS = (
    "jan gen ene янв січ sty sij led oca tam ian ιαν јан яну қаңт იან հունվ जनव जाने জানু જાન્યુ ஜன జన ಜನ ജനു ජන "
    "ژانویه جنوری يناير جانفي ינו בינו",
    "feb fév fev févr фев лют lut vel úno şub hel φεβ феб ақп თებ փետ फ़र फर फेब ফেব્ ફેબ્ பிப் ఫిబ్ ಫೆಬ್ ഫെബ് පෙබ "
    "فوریه فروری فبراير شباط فيفري פבר בפבר",
    "mar mär maa мар бер oža ožu bře már μαρ μάρ нау მარ մարտ मार्च मार्च মার্চ માર્ચ மார் మార్ ಮಾರ್ മാർ මාර් "
    "مارس مارچ آذار מרץ במרץ מרס",
    "apr avr abr апр кві kwi tra dub nis huh ápr απρ сәу აპრ ապր अप्र एप्रि এপ্রি એપ્રિ ஏப் ఏప్రి ಏಪ್ರಿ ഏപ്രി අප්‍රේ "
    "آوریل اپریل أبريل نيسان أفريل אפר באפר",
    "may mai mag maj mei май мая тра svi kvě tou máj maí μαΐ μάι мај მაი մայ मई मे মে મે மே మే ಮೇ മെയ് മേയ് මැයි "
    "مه مئی مايو ماي أيار מאי במאי",
    "jun juin giu kes июн чер чэр cze lipn lipa haz červ jún ιουν ιούν юни јун iun ივნ հունիս जून জুন જૂન ஜூன் జూన్ ಜೂನ್ "
    "ജൂൺ ජුනි ژوئن جون يونيو جوان حزيران יוני ביוני",
    "jul juil lug июл лип ліп srp srpnj lip červenc července hei júl ιουλ ιούλ юли јул iul шіл ივლ հուլ जुल জুলা જુલા "
    "ஜூலை జులై జూలై ಜುಲೈ ജൂലൈ ජූලි ژوئیه جولا يوليو يوليوز جويلية تموز יולי ביולי",
    "aug aoû aou ago agu avg elo авг сер жні sie kol srpn srpen ağu ágú αυγ αύγ აგვ օգոս अगस ऑगस আগ ઓગ ઑગ ஆக ఆగ ಆಗ "
    "ഓഗ අගෝ اوت اگست أغسطس غشت أوت אוג באוג",
    "sep set syy сен вер wrz ruj zář eyl szep σεπ сеп қыр სექ սեպ सित सप्ट সেপ্ট સપ્ટે செப் సెప్ ಸೆಪ್ സെപ് සැප් "
    "سپتامبر ستمبر سبتمبر شتنبر أيلول ספט בספט",
    "oct okt ott out lok loka окт жов кас paź říj eki οκτ қаз ოქტ հոկ अक्ट अक्त ऑक्ट অক্ট ઓક્ટ ઑક્ટ அக் అక్టో ಅಕ್ಟೋ ഒക് ඔක් "
    "اکتبر اکتوبر أكتوبر אוק באוק",
    "nov noy ноя лис ліс lis stu kas marras noi nóv νοε νοέ ное нов қар ნოე նոյ नवं नवम नोव নভে નવે நவ నవం ನವೆಂ നവം නොවැ "
    "نوامبر نومبر نوفمبر نونبر נוב בנוב",
    "dec dez dic déc dek des joulu дек гру сне pro ara δεκ дец жел დეკ դեկ दिस डिसे ডিসে ડિસે டிச డిసెం ಡಿಸೆಂ ഡിസം දෙසැ "
    "دسامبر دسمبر ديسمبر دجنبر דצמ בדצמ",
)
_MONTH_OF = {start: number for number, starts in enumerate(_MONTHS, 1) for start in reversed(starts.split())}
_LONGEST = max(map(len, _MONTH_OF))


def _numbered(words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), 1)}


# Where neighbours mean other months by the same letters, or words of other languages begin like a month.
_OWN = {
    "cs": {"srp": 8},
    "hr": {"lip": 6, "lis": 10},
    "bs": {"lip": 6, "lis": 10},
    "lt": _numbered("saus vasa kova bala gegu birž liep rugp rugs spal lapk gruo"),
    "lv": {"jūn": 6, "jūl": 7},
    "et": {"jaan": 1, "veeb": 2, "juun": 6, "juul": 7, "dets": 12},
    "sq": _numbered("jana shku mars pril maj qers korr gush shta teto nënt dhje"),
    "ms": {"mac": 3, "ogos": 8, "dis": 12},
    "sw": {"mac": 3},
    "fi": {"tammi": 1},
    "tl": {"peb": 2, "hun": 6, "hul": 7, "nob": 11, "dis": 12},
    "az": {"yan": 1, "iyun": 6, "iyul": 7, "avq": 8},
    "uz": {"yan": 1, "iyun": 6, "iyul": 7},
    "be": {"студ": 1, "сак": 3, "крас": 4, "траў": 5, "сне": 12},
    "kk": {"мам": 5, "мау": 6, "там": 8},
}
_OWN["id"], _OWN["fil"] = _OWN["ms"], _OWN["tl"]
_IN_TWO_WORDS = {
    "كانون الثاني": "يناير",
    "تشرين الأول": "أكتوبر",
    "تشرين الثاني": "نوفمبر",
    "كانون الأول": "ديسمبر",
}
MONTHS_OF_THAILAND = {
    **_numbered("มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"),
    **_numbered("ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค."),
}


def month_of(word: str, language: str | None = None) -> int | None:
    """The month that a word names, in the page's own `language` first."""
    lower = word.lower()
    own = _OWN.get((language or "").partition("-")[0].lower(), {})
    starts = [lower[:size] for size in range(_LONGEST, 1, -1)]
    return next((own[start] for start in starts if start in own), None) or next(
        (_MONTH_OF[start] for start in starts if start in _MONTH_OF), None
    )


def in_one_word(text: str) -> str:
    """A text whose months, of two words in the Levant's Arabic, are called by the one word of the Gulf."""
    for two, one in _IN_TWO_WORDS.items():
        text = text.replace(two, one)
    return text
