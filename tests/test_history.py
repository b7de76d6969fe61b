"""The history of an article: its versions, what changed, and which edits were told to readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crawl import Crawl
from catalogue.catalogue import Catalogue, rebuild
from catalogue.changes import Words, changes
from catalogue.corrections import corrections
from catalogue.history import articles_named, edits, versions
from tests.archives import DAY, asked, listed, told, visit, visited
from tests.running import scrapy
from tests.samples import NOON

A, B = "https://news.test/a", "https://news.test/b"
FIRST = "The ferry sails at noon.\n\nGulls have come back to the pier.\n\nNobody was hurt."


def history(root: Path, *arguments: str, expect: int = 0) -> str:
    run = scrapy("history", *arguments, "-s", f"ARCHIVE_DIR={root}")
    assert run.returncode == expect, run.stdout + run.stderr
    return run.stdout + run.stderr


def an_archive(root: Path) -> list[Path]:
    """An article that changes twice and back, one that never does; all by way of a redirect."""
    texts = [FIRST, FIRST.replace("noon", "dawn"), f"{FIRST}\n\nCorrection: an earlier hour was wrong.", FIRST]
    folders = []
    for number, text in enumerate([texts[0], *texts]):
        article = told(text, title="Gulls return", modified=f"2026-03-0{number}" if number == 3 else None)
        article |= {"captions": (f"Clutter {number}",), "canonical_url": f"{A}?canonical", "authors": (f"{number}",)}
        exchanges = [listed(), asked(f"{A}/old", 301), asked(A, via=f"{A}/old"), asked(B)]
        folders.append(visit(root, NOON + number * DAY, exchanges, {A: article, B: told("Bells ring.")}))
    assert rebuild(root) == []
    return folders


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("archive")
    an_archive(root)
    return root


def test_versions_are_found_by_any_url_of_the_article(archive: Path) -> None:
    with Catalogue.open(archive) as catalogue:
        for url in (A, f"{A}/old", f"{A}?canonical", f"{A}/old?utm_source=mail#top"):
            (article,) = articles_named(catalogue, url)
            found = list(versions(catalogue, article))
            assert {(one.article.outlet, one.article.canonical_url) for one in found} == {("gazette", f"{A}?canonical")}
            assert [(one.number, one.captures) for one in found] == [(1, 2), (2, 1), (3, 1), (4, 1)]


def test_each_version_has_the_pressmark_of_the_capture_that_found_it(archive: Path) -> None:
    found = json.loads(history(archive, A, "--format", "json"))
    for version in found["versions"]:
        (line,) = [one for one in Crawl.open(archive / "crawls" / version["folder"]).articles() if one["url"] == A]
        for name in ("captured", "record_id", "payload_digest", "warc", "offset"):
            assert version[name] == line[name]
    assert found["versions"][0]["captured"].startswith("2026-03-01T12:00:02")
    assert found["versions"][0]["until"].startswith("2026-03-02T12:00:02")


def test_what_changed_is_told_word_by_word(archive: Path) -> None:
    versions = json.loads(history(archive, A, "--format", "json"))["versions"]
    (change,) = versions[1]["changes"]
    assert (change["part"], change["number"], change["kind"]) == ("text", 1, "changed")
    assert change["words"] == [["same", "The ferry sails at "], ["gone", "noon. "], ["new", "dawn. "]]
    assert [(one["kind"], one["number"]) for one in versions[2]["changes"]] == [("changed", 1), ("added", 4)]
    text = history(archive, A)
    assert "paragraph 1: The ferry sails at [-noon.-] {+dawn.+}" in text
    assert "paragraph 4 (gone): [-Correction: an earlier hour was wrong.-]" in text
    assert "\x1b" not in text


def test_an_outlets_edits_are_listed_by_kind_and_time(archive: Path) -> None:
    edits = [json.loads(line) for line in history(archive, "--outlet", "gazette", "--format", "json").splitlines()]
    assert [(one["captured"][:10], one["kinds"]) for one in edits] == [
        ("2026-03-03", ["silent"]),
        ("2026-03-04", ["correction"]),
        ("2026-03-05", ["silent"]),
    ]
    assert edits[1]["notes"] == ["Correction: an earlier hour was wrong."]
    silent = history(archive, "--outlet", "gazette", "--kind", "silent")
    assert "2026-03-03T12:00:02.123456Z  silent" in silent
    assert "2026-03-04" not in silent
    assert silent == history(archive, "--outlet", "gazette", "--until", "9999-12-31", "--kind", "silent")
    span = ("--since", "2026-03-04", "--until", "2026-03-04", "--format", "json")
    assert len(history(archive, "--outlet", "gazette", *span).splitlines()) == 1
    assert history(archive, "--outlet", "courier") == ""


def test_an_edit_may_be_of_several_kinds_or_told_by_its_date_alone(tmp_path: Path) -> None:
    titles = ("Gulls return", "Gulls  return ", "Gulls do not return", "Gulls may return")
    for number, title in enumerate(titles):
        modified = "2026-03-04" if number == 3 else None
        visited(tmp_path, {A: told(FIRST, title=title, modified=modified)}, NOON + number * DAY)
    rebuild(tmp_path)
    with Catalogue.open(tmp_path) as catalogue:
        assert [edit.kinds for edit in edits(catalogue, "gazette")] == [("headline", "silent"), ("headline",)]
    assert "headline: Gulls {+do not+} return" in history(tmp_path, A)


def test_a_page_cannot_steer_the_terminal(tmp_path: Path) -> None:
    visited(tmp_path, {A: told("One.", title="\x1b]0;owned\x07\u202e")})
    rebuild(tmp_path)
    text = history(tmp_path, A)
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["https://news.test/nowhere"], 1, "found an article at https://news.test/nowhere"),
        ([], 2, "one URL, or --outlet NAME"),
        ([A, B], 2, "one URL"),
        (["news.test/a"], 2, "is no URL; one begins with http:// or https://"),
        ([A, "--kind", "silent"], 2, "go with --outlet"),
        (["--outlet", "gazette", "--since", "March"], 2, "--since=March is no date"),
        (["--outlet", "gazette", "--until", "2026-02-30"], 2, "--until=2026-02-30 is no date"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_line(archive: Path, arguments: list[str], status: int, says: str) -> None:
    line = history(archive, *arguments, expect=status)
    assert says in line
    assert line.count("\n") == 1


def test_without_a_catalogue_the_way_to_one_is_told(tmp_path: Path) -> None:
    assert "`scrapy catalogue rebuild` makes one" in history(tmp_path, A, expect=1)


words = st.lists(st.sampled_from(["gulls", "ferry", "noon", "dawn", "pier", "新聞", "the", "the"]), max_size=8).map(
    " ".join
)
texts = st.lists(words, max_size=6).map("\n\n".join)


def put_together(words: Words, without: str) -> str:
    return "".join(text for state, text in words if state != without).strip()


@given(texts, texts, st.none() | words, st.none() | words)
def test_marked_words_give_back_both_versions(old: str, new: str, title: str | None, other: str | None) -> None:
    before, after = told(old, title=title), told(new, title=other)
    paragraphs, older = ([part for part in text.split("\n\n") if part] for text in (new, old))
    found = changes(before, after)
    for change in found:
        assert put_together(change.words, "new") == (change.before or "")
        assert put_together(change.words, "gone") == (change.after or "")
        if change.part == "text" and change.after is not None:
            assert change.number is not None
            assert paragraphs[change.number - 1] == change.after
    assert (found == []) == ((title or "") == (other or "") and paragraphs == older)


def test_a_huge_paragraph_is_shown_gone_and_new() -> None:
    found = changes(told("a " * 40_000, title=None), told("b a " * 40_000, title=None))
    assert sorted(change.kind for change in found) == ["added", "removed"]


@pytest.mark.parametrize(
    "note",
    [
        "Correction: the ferry sails at dawn.",
        "CORRECTION (March 3): the ferry sails at dawn.",
        "Editor’s note: this was changed.",
        "Clarification, March 3: it sails.",
        "Berichtigung: Die Fähre fährt um sechs.",
        "Anmerkung der Redaktion: In einer früheren Version hieß es anders.",
        "Rectificatif : le bac part à six heures.",
        "Une première version de cet article disait autre chose.",
        "Corrección: sale al alba.",
        "Исправление: паром уходит на рассвете.",
        "تصحيح: تغادر العبارة فجرا",
        "更正：渡輪黎明開出。",
        "An earlier version of this article gave another hour.",
        "(Corrects hour in paragraph 1)",
    ],
)
def test_notes_of_correction_are_known(note: str) -> None:
    before = told(FIRST)
    after = told(f"{FIRST}\n\n{note}")
    assert corrections(before, after) == [note]
    assert corrections(after, after) == []


@pytest.mark.parametrize(
    "text",
    ["Corrections officers went on strike.", "The correction of the river took years.", "Precision tools: sold."],
)
def test_prose_is_no_note_of_correction(text: str) -> None:
    assert corrections(told(FIRST), told(f"{FIRST}\n\n{text}")) == []
