"""A closed crawl is handed over from the spool as it is, once, and to its end, or waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.errors import CrawlNotFound, NotHandedOver, StorageFailed
from archive.handing import claim, hand_over, hand_over_all
from archive.places import spool_of
from archive.verify import verify
from catalogue.catalogue import Catalogue, rebuild
from catalogue.holdings import holdings
from crawler.visits import crawl_folders
from tests.archives import told, visited
from tests.buckets import BUCKET, Proxy, Trouble
from tests.samples import NOON
from tests.spools import content, handed, spooled

pytestmark = pytest.mark.xdist_group("storage")  # in one process: one bucket serves them all


def puts(proxy: Proxy) -> list[str]:
    """What was put into the bucket."""
    return [one.target.rpartition("/")[2] for one in proxy.log if one.method == "PUT" and one.status == 200]


def test_a_crawl_is_handed_over_byte_for_byte_and_reads_the_same(root: Path) -> None:
    folder = spooled(root)
    before, captures, lines = content(folder), list(Crawl.open(folder).captures()), list(Crawl.open(folder).articles())
    assert handed(root) == [folder]
    assert not folder.exists()
    there = root / "crawls" / "gazette" / folder.name
    crawl = Crawl.open(there)
    assert content(there) == before
    assert list(crawl.captures()) == captures
    assert [crawl.load(one) for one in crawl.exchanges()] == captures
    assert list(crawl.articles()) == lines
    assert crawl.status == "finished"
    assert list(verify(there)) == []
    assert list(verify(root)) == []
    assert crawl_folders(root) == [there]


def test_nobody_sees_a_crawl_until_it_is_there_to_its_end(root: Path, proxy: Proxy) -> None:
    folder = spooled(root)
    claim(root, "gazette", folder.name)
    there = root / "crawls" / "gazette" / folder.name

    def no_manifest(method: str, target: str, _: int) -> Trouble | None:
        return Trouble(status=403, code="AccessDenied") if method == "PUT" and "crawl.json" in target else None

    proxy.trouble = no_manifest
    with pytest.raises(StorageFailed, match="access is denied"):
        handed(root)
    assert any(name.endswith(".warc.gz") for name in puts(proxy))
    for read in (Crawl.open, verify):
        with pytest.raises(CrawlNotFound):
            list(read(there))  # type: ignore[arg-type]
    assert list(there.rglob("*")) == list(there.iterdir()) == []
    assert rebuild(root) == []
    with Catalogue.open(root) as catalogue:
        assert holdings(catalogue).crawls == 0
    assert crawl_folders(root) == [folder]

    before, put = content(folder), set(puts(proxy)) - {".claimed"}
    proxy.trouble = lambda *_: None
    proxy.log.clear()
    handed(root)
    assert puts(proxy) == ["crawl.json"]
    assert put | {"crawl.json"} == set(before)
    assert content(root / "crawls" / "gazette" / folder.name) == before


def test_a_crawl_that_still_runs_is_left_alone(root: Path) -> None:
    crawl = Crawl.create(spool_of(root), outlet="gazette", started=NOON, description={}, max_size=1 << 20)
    assert handed(root) == []
    assert crawl.folder.is_dir()


def test_two_machines_never_have_one_name(root: Path, proxy: Proxy, tmp_path: Path) -> None:
    def begun(spool: str) -> Crawl:
        return Crawl.create(
            tmp_path / spool,
            outlet="gazette",
            started=NOON,
            description={},
            max_size=1 << 20,
            claim=lambda outlet, name: claim(root, outlet, name),
        )

    first = begun("one")
    spooled(root, started=NOON + timedelta(seconds=1))  # made before archives were claimed
    handed(root)
    second = begun("two")
    names = [folder.name for folder in crawl_folders(root)]
    assert [first.folder.name, second.folder.name] == names[::2]
    assert names == ["20260301T120000Z", "20260301T120001Z", "20260301T120002Z"]
    assert [path.name for path in (tmp_path / "two" / "crawls" / "gazette").iterdir()] == names[2:]
    proxy.trouble = lambda method, _, number: Trouble(cut=0) if method == "PUT" and number % 2 else None
    proxy.asked = 0
    assert claim(root, "gazette", "20260301T130000Z")  # the answer was lost, and the request repeated
    assert not claim(root, "gazette", "20260301T130000Z")


def test_nothing_is_overwritten(root: Path) -> None:
    spooled(root)
    handed(root)
    folder = visited(spool_of(root), {"https://news.test/other": told("Another crawl of that name.")})
    ((told_of, error),) = hand_over_all(root)
    assert told_of == folder
    assert isinstance(error, NotHandedOver)
    assert "another crawl stands at" in str(error)
    assert folder.is_dir()


def test_what_was_damaged_in_the_spool_is_not_handed_over(root: Path) -> None:
    folder = spooled(root)
    with (folder / "articles.jsonl").open("ab") as file:
        file.write(b"{}\n")
    ((_, error),) = hand_over_all(root)
    assert str(error).endswith(f"articles.jsonl is not as crawl.json has it; `scrapy verify {folder}` tells more")


def test_a_storage_that_does_not_keep_what_it_takes_is_told(root: Path, proxy: Proxy) -> None:
    folder = spooled(root)
    before = content(folder)

    def lost(method: str, target: str, _: int) -> Trouble | None:
        return Trouble(status=200) if method == "PUT" and target.endswith("index.cdxj") else None

    proxy.trouble = lost
    ((_, error),) = hand_over_all(root)
    assert f"index.cdxj does not read as it was put at s3://{BUCKET}/" in str(error)
    assert content(folder) == before
    assert "crawl.json" not in puts(proxy)


def test_a_second_hand_over_at_once_does_no_harm(root: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    folders = [spooled(root, started=NOON + timedelta(hours=hours)) for hours in range(4)]
    before = {folder.name: content(folder) for folder in folders}
    with ThreadPoolExecutor(3) as pool:
        outcomes = [one for found in pool.map(lambda _: list(hand_over_all(root)), range(3)) for one in found]
    assert [error for _, error in outcomes if error] == []
    handed(root)
    assert {folder.name: content(folder) for folder in crawl_folders(root)} == before
    assert not any(folder.exists() for folder in folders)


def test_hand_over_needs_a_closed_crawl(root: Path) -> None:
    with pytest.raises(CrawlNotFound):
        hand_over(spool_of(root) / "crawls" / "gazette" / "20260301T120000Z", root)
