"""Arguments of a crawl are checked before anything starts."""

from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.arguments import Arguments, WrongArgument


def test_urls_are_split_only_at_a_comma_that_http_follows() -> None:
    given = "https://a.test/x,y?z=1,2,https://b.test/,http://c.test/,https"
    assert Arguments.parse({"urls": given}).urls == (
        "https://a.test/x,y?z=1,2",
        "https://b.test/",
        "http://c.test/,https",
    )


def test_urls_are_read_from_a_file_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text("https://a.test/1\n\n  https://a.test/2,https://a.test/3  \n", encoding="utf-8-sig")
    assert Arguments.parse({"urls": str(file)}).urls == ("https://a.test/1", "https://a.test/2,https://a.test/3")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("urls", "nowhere.txt", "nor a file"),
        ("urls", "https://", "no URL"),
        ("urls", "https://a.test/ b", "no URL"),
        ("urls", "https://a.test:many/", "Port"),
        ("urls", "https://me:secret@a.test/", "secret"),
        ("start", "ftp://a.test/", "http://"),
        ("since", "yesterday", "YYYY-MM-DD"),
        ("since", "2026-02-30", "YYYY-MM-DD"),
        ("since", "20260201", "YYYY-MM-DD"),
        ("limit", "0", "at least 1"),
        ("limit", "-3", "at least 1"),
        ("limit", "many", "whole number"),
        ("colour", "red", "no such argument: colour"),
    ],
)
def test_an_argument_that_makes_no_sense_is_told(name: str, value: str, words: str) -> None:
    with pytest.raises(WrongArgument, match=words):
        Arguments.parse({name: value})


def test_a_binary_file_of_urls_is_told(tmp_path: Path) -> None:
    file = tmp_path / "urls.bin"
    file.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(WrongArgument, match=r"urls\.bin"):
        Arguments.parse({"urls": str(file)})


def test_a_schedulers_own_names_are_no_arguments() -> None:
    assert Arguments.parse({"_job": "17"}) == Arguments()


def test_arguments_come_back_from_the_manifest_as_they_were() -> None:
    arguments = Arguments(urls=("https://a.test/",), since=date(2026, 3, 1), limit=7, language="de")
    assert Arguments.from_dict(arguments.as_dict()) == arguments


def test_too_old_is_a_matter_of_the_day() -> None:
    arguments = Arguments(since=date(2026, 3, 14))
    assert arguments.too_old("2026-03-13T23:59:59+00:00")
    assert arguments.too_old(datetime.fromisoformat("2026-03-13T08:00:00+00:00"))
    assert not arguments.too_old("2026-03-14")
    assert not arguments.too_old(None)
    assert not Arguments().too_old("1999-01-01")
