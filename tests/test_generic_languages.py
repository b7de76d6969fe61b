"""The generic way in many languages: months, hours and bylines as each of them writes them."""

from __future__ import annotations

import pytest

from crawler import dates
from crawler.authors import is_desk, is_person, names, signed
from tests.test_generic import TITLE, json_ld
from tests.test_generic_metadata import STORY, read, said

# Dates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("15. srpna 2025", "cs", "2025-08-15"),
        ("15. srpna 2025", None, "2025-08-15"),
        ("15. srpnja 2025", "hr", "2025-07-15"),
        ("15. srp 2025", "cs", "2025-08-15"),
        ("15. června 2025", "cs", "2025-06-15"),
        ("15. července 2025", "cs", "2025-07-15"),
        ("15 lipca 2025", "pl", "2025-07-15"),
        ("15. lipnja 2025", "hr", "2025-06-15"),
        ("15 listopada 2025", "pl", "2025-11-15"),
        ("15. listopada 2025", "hr", "2025-10-15"),
        ("15 Agustus 2025", "id", "2025-08-15"),
        ("15 desember 2025", "nb", "2025-12-15"),
        ("15 Φεβρουαρίου 2025", "el", "2025-02-15"),
        ("15 Μαΐου 2025", "el", "2025-05-15"),
        ("2025. február 15.", "hu", "2025-02-15"),
        ("15. helmikuuta 2025", "fi", "2025-02-15"),
        ("15. marraskuuta 2025", "fi", "2025-11-15"),
        ("15 фебруар 2025", "sr", "2025-02-15"),
        ("15 мај 2025", "sr", "2025-05-15"),
        ("15 फ़रवरी 2025", "hi", "2025-02-15"),
        ("१५ मई २०२५", "hi", "2025-05-15"),
        ("۱۵ فوریه ۲۰۲۵", "fa", "2025-02-15"),
        ("15 شباط 2025", "ar", "2025-02-15"),
        ("ngày 15 tháng 2 năm 2025", "vi", "2025-02-15"),
        ("15-Feb-2025", "en", "2025-02-15"),
    ],
)
def test_a_month_is_read_in_the_language_of_its_page(line: str, language: str | None, day: str) -> None:
    assert dates.printed(line, language) == day


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("30 نوفمبر، 2026", "ar"),
        ("الاثنين 30 تشرين الثاني 2026", "ar"),
        ("30 نونبر 2026", "ar"),
        ("30 نومبر ، 2026", "ur"),
        ("30 בנובמבר 2026", "he"),
        ("३० नोव्हेंबर २०२६", "mr"),
        ("৩০ নভেম্বর ২০২৬", "bn"),
        ("30 નવેમ્બર 2026", "gu"),
        ("30 நவம்பர் 2026", "ta"),
        ("30 నవంబర్ 2026", "te"),
        ("30 ನವೆಂಬರ್ 2026", "kn"),
        ("30 നവംബർ 2026", "ml"),
        ("30 නොවැම්බර් 2026", "si"),
        ("30 พฤศจิกายน 2569", "th"),
        ("30 พ.ย. 69", "th"),
        ("30 พฤศจิกายน 2026", "th"),
        ("30 Nobyembre 2026", "fil"),
        ("2026 m. lapkričio 30 d.", "lt"),
        ("2026. gada 30. novembris", "lv"),
        ("2026. nov. 30., hétfő", "hu"),
        ("2026 жылғы 30 қараша", "kk"),
        ("30 ნოემბერი 2026", "ka"),
        ("30 նոյեմբերի, 2026", "hy"),
        ("30 nëntor 2026", "sq"),
        ("30.nov.2026", "pt"),
        ("Noviembre 30 de 2026", "es"),
    ],
)
def test_a_day_is_read_in_the_language_of_its_page(line: str, language: str) -> None:
    assert dates.printed(line, language) == "2026-11-30"


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("1 Mac 2026", "ms", "2026-03-01"),
        ("1 Ogos 2026", "ms", "2026-08-01"),
        ("1. ožujka 2026.", "hr", "2026-03-01"),
        ("1 avgust 2026", "sl", "2026-08-01"),
        ("1 كانون الثاني 2026", "ar", "2026-01-01"),
        ("1 Hunyo 2026", "tl", "2026-06-01"),
        ("1 birželio 2026", "lt", "2026-06-01"),
        ("1 Birmingham 2026", "en", None),
        ("Version 1.10.26 is out", "en", None),
        ("Lamp OS 12.4.26", "en", None),
        ("12 студентов 2026", "ru", None),
        ("Kovacs 12, 2026", "en", None),
    ],
)
def test_what_begins_like_a_month_is_one_in_the_language_that_has_it(line: str, language: str, day: str | None) -> None:
    assert dates.printed(line, language) == day


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("2026.11.30. 오후 3:15", "15:15"),
        ("2026.11.30 오전 3:15", "03:15"),
        ("2026년 11월 30일 15시 15분", "15:15"),
        ("2026-11-30 10:15김서연 기자", "10:15"),
        ("2026/11/30 下午 03:15", "15:15"),
        ("2026年11月30日 午後3時15分", "15:15"),
        ("2026年11月30日15时15分", "15:15"),
        ("30 نوفمبر 2026 03:15 م", "15:15"),
        ("30 نوفمبر 2026 03:15 ص", "03:15"),
        ("30. 11. 2026 3:15 μμ", "15:15"),
        ("Nov 30, 2026 3:15 p. m.", "15:15"),
        ("30/11/2026 a las 09:47h.", "09:47"),
        ("30.11.26, 09:47", "09:47"),
    ],
)
def test_an_hour_is_read_in_the_language_of_its_page(line: str, time: str) -> None:
    assert dates.printed(line) == f"2026-11-30T{time}:00"


def test_a_length_is_no_hour() -> None:
    assert dates.printed("30 ноября 2026, 3.20км от берега") == "2026-11-30"


# Bylines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("글·사진 김서연 기자", "김서연"),
        ("기자명 김서연 기자", "김서연"),
        ("[석포=등대뉴스] 김서연 기자 =", "김서연"),
        ("聯報／ 記者林曉雯／花蓮即時報導", "林曉雯"),
        ("記者林曉雯／台北報導", "林曉雯"),
        ("灯塔报记者 林晓雯", "林晓雯"),
        ("撰文：林曉雯", "林曉雯"),
        ("文・佐藤美咲", "佐藤美咲"),
        ("【佐藤美咲】", "佐藤美咲"),
        ("लेखक: सुनीता वर्मा", "सुनीता वर्मा"),
        ("লেখক: রেহানা সুলতানা", "রেহানা সুলতানা"),
        ("โดย สมหญิง ใจดี", "สมหญิง ใจดี"),
        ("מאת: רונית אשכנזי", "רונית אשכנזי"),
        ("كتبت: سلمى الحداد", "سلمى الحداد"),
        ("نویسنده: مریم کاظمی", "مریم کاظمی"),
        ("Текст: Анна Ветрова", "Анна Ветрова"),
        ("Συντάκτης: Μαρία Αλεξίου", "Μαρία Αλεξίου"),
        ("Piše: Ivana Kolar", "Ivana Kolar"),
        ("Szerző: Kovács Eszter", "Kovács Eszter"),
        ("Haber: Ayşe Demirtaş", "Ayşe Demirtaş"),
        ("Penulis: Siti Rahmawati", "Siti Rahmawati"),
        ("Tác giả: Nguyễn Thu Hà", "Nguyễn Thu Hà"),
        ("Eine Analyse von Ada Wick", "Ada Wick"),
        ("Aus Oberfelden berichtet Ada Wick", "Ada Wick"),
        ("Von unserer Redakteurin Ada Wick", "Ada Wick"),
        ("Von Ada Wick (Text) und Oda Brandt (Fotos)", "Ada Wick"),
        ("Ada Wick/Staff Reporter", "Ada Wick"),
        ("Ayşe Demirtaş / İSTANBUL", "Ayşe Demirtaş"),
        ("Ada Wick, Coast News", "Ada Wick"),
        ("Por Ada Wick, do Jornal da Costa", "Ada Wick"),
    ],
)
def test_a_byline_names_one_person_in_any_language(line: str, name: str) -> None:
    assert names(line) == (name,)
    assert is_person(name)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("記者林曉雯、王海／台北報導", ("林曉雯", "王海")),
        ("灯塔报记者 林晓雯、王海", ("林晓雯", "王海")),
        ("Oleh Marchenko", ("Oleh Marchenko",)),
        ("Ada Wick, Oda de Brandt", ("Ada Wick", "Oda de Brandt")),
        ("Ada Wick, Coast News, and Oda Brandt", ("Ada Wick", "Oda Brandt")),
        ("Ada Wick, Vellum Radio, Oda Brandt", ("Ada Wick", "Oda Brandt")),
        ("Von Ada Wick, Lena Moor und Paul Eck (Fotos)", ("Ada Wick", "Lena Moor")),
        ("Ana Kos, Miloš", ("Ana Kos", "Miloš")),
        ("編輯：陳大文", ()),
    ],
)
def test_a_byline_keeps_its_names(line: str, found: tuple[str, ...]) -> None:
    assert names(line) == found


@pytest.mark.parametrize(
    "desk", ["নিজস্ব প্রতিবেদক", "온라인뉴스팀", "Haber Merkezi", "Our Correspondent", "Tim Redaksi"]
)
def test_a_desk_is_known_in_any_language(desk: str) -> None:
    assert is_desk(desk)
    assert names(desk) == (desk,)


def test_a_label_before_a_name_signs_a_story_and_a_question_does_not() -> None:
    assert signed("Автор: Анна Ветрова") == ("Анна Ветрова",)
    assert signed("By Ada Wick November 12, 2026, 10:30 AM") == ("Ada Wick",)
    assert signed("Reporter: Why?") == signed("Reporter: Why did you go?") == signed("Interview:") == ()


def test_who_is_named_in_a_line_is_believed_before_the_agency_that_is_declared() -> None:
    head = json_ld(headline=TITLE, author={"@type": "Organization", "name": "Associated Press"})
    assert read(said(head, f"<h1>{TITLE}</h1>{STORY}")).authors == ("Associated Press",)
    assert read(said(head, f"<h1>{TITLE}</h1><p>By Oda Brandt</p>{STORY}")).authors == ("Oda Brandt",)


def test_a_byline_names_those_who_have_no_page_beside_those_who_have_one() -> None:
    byline = "<p class='x1'>By <a href='/author/oda-brandt'>Oda Brandt</a> and Ada Wick, CNN</p>"
    assert read(said(body=f"<h1>{TITLE}</h1>{byline}{STORY}")).authors == ("Oda Brandt", "Ada Wick")
