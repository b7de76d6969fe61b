"""Dates: what pages write, machine-readable or printed, as ISO 8601 and no more precise than they say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from crawler.months import MARKS, MONTHS_OF_THAILAND, in_one_word, month_of

# What stands beside the date of a change, and not of publication.
UPDATED = re.compile(
    r"updat|modif|aktualis|mis à jour|actualiza|aggiorn|обновл|оновл|更新|変更|编辑于|수정|edited|changed|geändert|"
    r"bijgewerkt|gewijzigd|güncelle|diperbarui|dikemas kini|zaktualiz|cập nhật|ενημέρωση|עודכן|עדכון|تحديث|به‌روز|अपडेट|"
    r"अद्यतन|আপডেট|frissít|päivitet|ažurira|posodob|อัปเดต|อัพเดต|uuendat|atnaujint|oppdatert|opdateret|uppdaterad",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"publi|posted|created|first|veröffentlicht|erstellt|gepubliceerd|opublikowano|опублик|опублік|입력|発表|发布",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
    r"(?:\s*[T ]\s*(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[ECMP][SD]T\b|CES?T\b|[JK]ST\b)?)?(?![\d-])",
    re.IGNORECASE,
)
# Chinese and Korean go on without a space.
_CLOCK = re.compile(
    r"(?:(?P<before>오후|午後|下午|晚上)\s?|오전\s?|午前\s?|上午\s?)?"
    r"(?P<hour>\d{1,2})(?:[:.h]|\s?[時时点點시]\s?)(?P<minute>\d{2})(?::\d{2}|\s?[分분]|h\b)?\s*"
    r"(?P<half>[apπμ]\.?\s?[mμ]\b\.?|[صم]\b)?\s*"
    r"(?P<zone>(?:GMT|UTC)?[+-]\d{2}:?\d{2}|UTC|GMT|Z|[ECMP][SD]T|CES?T|BST|MSK)?(?![^\W\u2e80-\u9fff\uac00-\ud7ff])",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"[/_-](?P<year>(?:19|20)\d{2})(?P<s>[/_-]?)(?P<month>\d{2}|[a-z]{3}(?=/))(?P=s)(?P<day>\d{2})(?=[/_.-]|$)"
)
_EPOCH = re.compile(r"\d{10}|\d{13}")
_AMERICAN = re.compile(r"\d/\d{1,2}/\d{4}\s+\d{1,2}:\d\d.*[ap]m\b", re.IGNORECASE)  # "3/4/2026 5:06:07 PM"
_NUMERIC = re.compile(r"(?<![\d./-])(?P<a>\d{1,2})(?P<s>[./-])\s?(?P<b>\d{1,2})(?P=s)\s?(?P<year>(?:19|20)\d{2})(?!\d)")
_SHORT_YEAR = re.compile(  # before a time: else it may be a version, or an address
    r"(?<![\d.])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d\d)(?=,?\s(?:um\s)?\d{1,2}[:.]\d\d(?!\d))"
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})\s?[./年년-]\s?(?P<month>\d{1,2})\s?[./月월-]\s?(?P<day>\d{1,2})(?!\d)"
)
# A word, from its beginning: of letters with the signs that scripts of India set beside them; months may have two.
_WORD = rf"(?<![^\W\d_])(?<![{MARKS}])(?P<month>[^\W\d_](?:[^\W\d_]|[{MARKS}])+)"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.º])?(?:\s+|-|(?<=\.))(?:de\s+|of\s+)?{_WORD}\s?[.,،]?,?"
    r"(?:\s+|-|(?<=\.))(?:de\s+|del\s+)?(?P<year>(?:19|20)\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"{_WORD}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:del?\s+)?(?P<year>(?:19|20)\d{{2}})(?!\d)"
)
# Hungarian, Lithuanian; Latvian, Kazakh.
_YEAR_MONTH = re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})\.?\s+(?:m\.\s+)?{_WORD}\.?\s+(?P<day>\d{{1,2}})\b")
_YEAR_DAY = re.compile(rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})\.?\s+(?:gada|жылғы)\s+(?P<day>\d{{1,2}})\.?\s+{_WORD}")
_THAI = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s?(?P<month>{'|'.join(map(re.escape, MONTHS_OF_THAILAND))})\s?"
    r"(?P<year>\d{4}|\d\d)(?!\d)"
)
_VIETNAMESE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>(?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)

_DIGITS = {
    ord(digit): str(number % 10) for number, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙")
}
_AFTERNOON = "pPμم오午下晚"  # what is said of the hours after noon begins with these
_ZONES = {
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "BST": 1,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
}


def iso(text: str | None) -> str | None:
    """A machine-readable date as ISO 8601: a date, or a date and time with the offset where one is given."""
    if not text or _EPOCH.fullmatch(text.strip()) or not (match := _ISO.search(text.strip()[:60])):
        return _http_style(text) if text else None
    parts = {name: int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")}
    if half := match["half"]:
        parts["hour"] = _of_the_day(parts["hour"], half)
    micro = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(**parts, microsecond=micro, tzinfo=_zone(match["zone"]))
    except ValueError:
        return None
    return _plausible(moment.isoformat() if match["hour"] else moment.date().isoformat())


def publication(line: str) -> str:
    """What a line says of the publication, without what it says of a change: "Updated 21 May, published 20 May"."""
    return _parted(line)[0]


def is_change(label: str) -> bool:
    """Whether the words before a date say last that it is one of a change."""
    return bool(_parted(label)[1]) and not _PUBLISHED.search(publication(label))


def _parted(line: str) -> tuple[str, str]:
    changed = UPDATED.search(line)
    if changed is None:
        return line, ""
    before, after = line[: changed.start()], line[changed.start() :]
    published = _PUBLISHED.search(after)
    return (before, after) if published is None else (after[published.start() :], after[: published.start()])


def _http_style(text: str) -> str | None:
    """Dates such as "Tue Apr 21 2020 14:00:00 GMT+0200" and "Mon, 21 Apr 2020 14:00:00 GMT"."""
    if _EPOCH.fullmatch(text.strip()):
        return datetime.fromtimestamp(int(text.strip()[:10]), tz=UTC).isoformat()
    return printed(text, "en-US" if _AMERICAN.search(text) else None)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    text = text.upper()
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text]))
    digits = re.sub(r"\D", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text.startswith("-") else offset)


def _plausible(value: str) -> str | None:
    return value if "1980" <= value[:4] <= "2100" else None


def printed(text: str, language: str | None = None) -> str | None:
    """The first date printed in a line of text, in any of the usual languages.

    The page's own `language` reads 06/05/2020, and months that two languages call by the same letters.
    """
    if not text.isascii():
        text = in_one_word(text.translate(_DIGITS))
    if match := _ISO.search(text):
        return iso(match[0])
    day = _printed_day(text, language)
    if day is None:
        return None
    year, month, date, end = day
    try:
        moment = datetime(year, month, date)  # noqa: DTZ001 - the page names no zone
    except ValueError:
        return None
    clock = _CLOCK.search(text, end, end + 40) or _CLOCK.search(text[: max(0, end - 8)])
    return _plausible(_at(moment, clock) if clock else moment.date().isoformat())


def _of_the_day(hour: int, half: str) -> int:
    """An hour of twelve as one of twenty-four; by the beginning of `half`, or where all of it is of the afternoon."""
    return hour % 12 + (12 if half[0] in _AFTERNOON else 0)


def _at(moment: datetime, clock: re.Match[str]) -> str:
    hour, minute = int(clock["hour"]), int(clock["minute"])
    if half := clock["before"] or clock["half"]:
        hour = _of_the_day(hour, half)
    if hour > 23 or minute > 59:
        return moment.date().isoformat()
    return moment.replace(hour=hour, minute=minute, tzinfo=_zone(clock["zone"])).isoformat()


def _printed_day(text: str, language: str | None) -> tuple[int, int, int, int] | None:
    """Year, month, day, and where they end in the text."""
    if match := _YEAR_FIRST.search(text) or _VIETNAMESE.search(text):
        return int(match["year"]), int(match["month"]), int(match["day"]), match.end()
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH, _YEAR_DAY):
        for match in pattern.finditer(text):
            if month := month_of(match["month"], language):
                return int(match["year"]), month, int(match["day"]), match.end()
    if match := _THAI.search(text):
        return _of_our_era(int(match["year"])), MONTHS_OF_THAILAND[match["month"]], int(match["day"]), match.end()
    if match := _NUMERIC.search(text):
        a, b = int(match["a"]), int(match["b"])
        swap = (_is_month_first(language) and match["s"] != "." and a <= 12) or b > 12
        day, month = (b, a) if swap else (a, b)
        return int(match["year"]), month, day, match.end()
    if match := _SHORT_YEAR.search(text):
        return 2000 + int(match["year"]), int(match["month"]), int(match["day"]), match.end()
    return None


def _of_our_era(year: int) -> int:
    """A year as Thailand counts it, from Buddha's death, or by its last two digits; or one of ours."""
    year = 2500 + year if year < 100 else year
    return year - 543 if year > 2400 else year


def in_address(url: str) -> str | None:
    """The day that a page's address names as a folder or before its name, as "/2026/03/14/" or "/2026-03-14-"."""
    match = _IN_ADDRESS.search(url)
    if not match or not (month := int(match["month"]) if match["month"].isdigit() else month_of(match["month"])):
        return None
    try:
        return datetime(int(match["year"]), month, int(match["day"])).date().isoformat()  # noqa: DTZ001 - a day
    except ValueError:
        return None


def is_near(first: str, second: str) -> bool:
    """Whether two days are the same but for what zones make of them."""
    one, two = (datetime.fromisoformat(value[:10]) for value in (first, second))
    return abs(one - two) <= timedelta(days=1)


def _is_month_first(language: str | None) -> bool:
    """How a page of this language writes 06/05/2020: American English puts the month first."""
    return language in {"en", "en-US"}


def sharper(first: str | None, *others: str | None) -> str | None:
    """`first`, or a later one that tells the time of the same day, or what gives that time its offset."""
    best = first
    for other in others:
        if other and best and (_precision(best), _precision(other)) == (1, 2):
            best = _placed(best, other)
        elif other and (best is None or (_precision(other) > _precision(best) and other[:10] == best[:10])):
            best = other
    return best


def _placed(local: str, moment: str) -> str:
    """A local time as the moment that is told elsewhere in another zone; as it was where they are no such pair.

    Clocks of the world are whole quarters of an hour apart, two events of a story hardly ever.
    """
    here, there = datetime.fromisoformat(local), datetime.fromisoformat(moment)
    apart = here - there.astimezone(UTC).replace(tzinfo=None, second=here.second, microsecond=here.microsecond)
    if apart % timedelta(minutes=15) or not timedelta(hours=-12) <= apart <= timedelta(hours=14):
        return local
    return there.astimezone(timezone(apart)).isoformat()


def _precision(value: str) -> int:
    """A date, a time of no known zone, a time with its offset."""
    return (len(value) > 10) + (len(value) > 10 and value[-6:-5] in "+-" and value[-3:-2] == ":")


def same_moment(first: str, second: str) -> bool:
    """Whether two ISO 8601 values name one moment, whatever their offsets."""
    if len(first) == 10 or len(second) == 10:
        return first == second
    one, two = datetime.fromisoformat(first), datetime.fromisoformat(second)
    return one == two if (one.tzinfo is None) == (two.tzinfo is None) else first[:19] == second[:19]
