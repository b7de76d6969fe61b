"""A crawl killed anywhere can be written on: nothing recorded is lost, and what was torn is gone."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from archive.errors import CrawlBusy, CrawlUnreadable
from archive.records import read_records
from tests.samples import NOON, page
from tests.test_crawl_folder import close, create, files, killed

PAGES = 30


def article_of(one: Capture) -> dict[str, object]:
    return {"url": one.url, "warc": one.warc, "offset": one.offset, "record_id": one.record_id}


def one_page(number: int) -> Capture:
    """Every third page repeats another's body, some are errors."""
    if number % 7 == 6:
        return page(request=b"", response=b"", error="a.B", url=f"http://news.test/{number}")
    return page(b"Gulls %d" % (number - number % 3), url=f"http://news.test/{number}")


def finish(crawl: Crawl, told: Callable[[int], object] = lambda _number: None) -> None:
    """Do what a resumed spider does: take what the crawl holds, fetch the rest, give all articles."""
    held = {one.url: one for one in crawl.captures()}
    for number in range(PAGES):
        one = held.get(f"http://news.test/{number}") or crawl.write(one_page(number))
        told(number)
        if one.response:
            crawl.add_article(article_of(one))
        if number == 10:
            crawl.add_failure({"url": one.url, "record_id": one.record_id, "reason": "time"})
    close(crawl)


def resume_and_finish(folder: Path, told: Callable[[int], object]) -> None:
    finish(Crawl.resume(folder, max_size=2500), told)


def die_somewhere(work: Callable[[Callable[[int], object]], object], after: float) -> set[int]:
    """Run this in a process that is killed after so many seconds; which pages it said it had recorded."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # as sudden as SIGKILL, and sent by the kernel's clock
        signal.setitimer(signal.ITIMER_REAL, after)
        status = 1
        try:
            work(lambda number: os.write(writing, bytes([number])))
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = set(pipe.read())
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGALRM, signal.SIGKILL)
    return told


def opened(folder: Path) -> Crawl | None:
    """The crawl in this folder, unless it was killed before it had recorded anything."""
    try:
        return Crawl.open(folder)
    except CrawlUnreadable:
        return None


def checked(folder: Path) -> Crawl:
    """The finished crawl: each page once, files whole, everything made again byte for byte."""
    crawl = Crawl.open(folder)
    assert crawl.status == "finished"
    found = list(crawl.captures())
    assert sorted(one.url for one in found) == sorted(f"http://news.test/{number}" for number in range(PAGES))
    assert [one.sequence for one in found] == list(range(1, PAGES + 1))
    assert [crawl.load(one) for one in crawl.exchanges()] == found
    assert all(path.suffix == ".gz" for path in crawl.warcs())
    assert list(crawl.articles()) == [article_of(one) for one in found if one.response]
    assert [line["reason"] for line in crawl.failures()] == ["time"]
    before, articles = files(folder), list(crawl.articles())
    Crawl.from_warcs(folder).rebuild(articles)
    assert files(folder) == before
    return crawl


@pytest.mark.parametrize("seed", range(12))
def test_a_crawl_killed_again_and_again_loses_nothing_that_was_recorded(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    told: set[int] = set()
    crawls = tmp_path / "crawls" / "gazette"
    folder = crawls / "20260301T120000Z"
    for lives in range(1, 200):
        after = chance.uniform(0.001, 0.01) * lives  # so it lives long enough in the end, however slow the machine
        if not list(crawls.glob("*/*.warc.gz*")):
            told = die_somewhere(lambda say: finish(create(tmp_path, 2500), say), after)
            folder = max(crawls.glob("*"), default=folder)
            continue
        if opened(folder) is None:
            assert not told
            for path in folder.iterdir():
                path.unlink()
            continue
        told |= die_somewhere(partial(resume_and_finish, folder), after)
        crawl = opened(folder)
        if crawl is None:
            continue
        kept = {int(one.url.rpartition("/")[2]) for one in crawl.captures()}
        assert told <= kept
        if crawl.status != "killed":
            break
    checked(folder)


def test_a_killed_crawl_is_written_on_in_its_next_file(tmp_path: Path) -> None:
    crawl = killed(tmp_path)
    held = list(crawl.captures())
    names = [path.name.removesuffix(".open") for path in crawl.warcs()]
    resumed = Crawl.resume(crawl.folder)
    assert (resumed.status, Crawl.open(crawl.folder).status) == ("running", "running")
    assert list(resumed.captures()) == held
    assert list(resumed.articles()) == []
    done = resumed.write(page(b"5"))
    assert done.sequence == held[-1].sequence + 1
    close(resumed)
    again = Crawl.open(crawl.folder)
    assert list(again.captures()) == [*held, done]
    assert [path.name for path in again.warcs()] == [*names, f"gazette-20260301T120000Z-{len(names):05d}.warc.gz"]
    assert next(r for r in read_records(again.warcs()[-1]) if r.type == "revisit").header("WARC-Refers-To") == next(
        one.record_id for one in held if one.body == b"5"
    )


def test_a_crawl_that_was_closed_can_be_written_on_too(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    crawl.write(page())
    crawl.close("interrupted", {"a": 1}, NOON + timedelta(minutes=1))
    resumed = Crawl.resume(crawl.folder)
    assert json.loads((crawl.folder / "crawl.json").read_bytes())["status"] == "running"
    resumed.write(page(b"more"))
    resumed.close("finished", {"a": 2}, NOON + timedelta(minutes=2))
    assert (resumed.status, resumed.manifest["statistics"]) == ("finished", {"a": 2})
    before = files(crawl.folder)
    Crawl.from_warcs(crawl.folder).rebuild([])
    assert files(crawl.folder) == before


def test_what_is_fetched_anew_is_passed_over(tmp_path: Path) -> None:
    crawl = killed(tmp_path)
    held = list(crawl.captures())
    resumed = Crawl.resume(crawl.folder)
    resumed.supersede([3, 2, 7])
    _, note = list(read_records(crawl.warcs()[-1]))[:2]
    assert note.fields == {"superseded": "2 3 7"}
    done = resumed.write(page(b"anew"))
    kept = [one for one in held if one.sequence not in (2, 3, 7)] + [done]
    assert list(resumed.captures()) == kept
    close(resumed)
    resumed = Crawl.resume(crawl.folder)
    resumed.supersede([1])
    close(resumed)
    opened = Crawl.open(crawl.folder)
    assert list(opened.captures()) == kept[1:]
    assert [one.sequence for one in opened.exchanges()] == [one.sequence for one in kept[1:]]
    assert len((crawl.folder / "index.cdxj").read_text().splitlines()) == len(held) + 1
    before = files(crawl.folder)
    Crawl.from_warcs(crawl.folder).rebuild([])
    assert files(crawl.folder) == before


def test_only_what_there_is_can_be_fetched_anew(tmp_path: Path) -> None:
    crawl = killed(tmp_path)
    resumed = Crawl.resume(crawl.folder)
    with pytest.raises(ValueError, match="no exchange has the number 13"):
        resumed.supersede([1, 13])
    resumed.supersede([])
    close(resumed)


def test_two_processes_cannot_write_one_folder(tmp_path: Path) -> None:
    crawl = create(tmp_path, 1)
    crawl.write(page())
    crawl.write(page(b"more"))
    before = files(crawl.folder)
    with pytest.raises(CrawlBusy, match="is being written by another process"):
        Crawl.resume(crawl.folder)
    assert files(crawl.folder) == before
    close(crawl)
    resumed = Crawl.resume(crawl.folder)
    with pytest.raises(CrawlBusy):
        Crawl.resume(crawl.folder)
    close(resumed)
    close(Crawl.resume(crawl.folder))


def test_failures_that_were_recorded_stay_known(tmp_path: Path) -> None:
    crawl = create(tmp_path)
    one = crawl.write(page())
    failure = {"url": one.url, "record_id": one.record_id, "reason": "time"}
    crawl.add_failure(failure)
    crawl.close("interrupted", {}, NOON)
    (crawl.folder / "articles.jsonl.failed").unlink()
    resumed = Crawl.resume(crawl.folder)
    assert list(resumed.failures()) == [failure]
    resumed.add_failure(failure)
    close(resumed)
    assert list(Crawl.open(crawl.folder).failures()) == [failure]


# Tears


def killed_folder(root: Path) -> tuple[Path, Path]:
    """The folder of a small crawl as a kill leaves it, and its only file."""

    def work(told: Callable[[int], object]) -> None:
        crawl = create(root)
        for number in range(3):
            crawl.write(page(b"Gulls %d" % number, url=f"http://news.test/{number}"))
        os.kill(os.getpid(), signal.SIGKILL)

    die_somewhere(work, 60)
    folder = root / "crawls" / "gazette" / "20260301T120000Z"
    (path,) = folder.glob("*.open")
    return folder, path


def ends_of(path: Path) -> list[int]:
    return [r.offset + (r.length or 0) for r in read_records(path) if r.type in ("warcinfo", "metadata")]


# 304
