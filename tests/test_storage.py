"""An archive behind a URL reads as one on this disk does, whatever the storage and the network do meanwhile."""

from __future__ import annotations

import pickle
from datetime import timedelta
from pathlib import Path

import pytest

from archive.crawl import Crawl
from archive.errors import DamagedRecord, StorageFailed
from archive.handing import claim
from archive.places import is_remote, place, spool_of
from archive.reading import read_capture_at
from archive.verify import verify
from catalogue.catalogue import Catalogue
from catalogue.holdings import holdings, missing
from crawler.visits import crawl_folders
from tests.archives import FEED
from tests.buckets import BUCKET, Proxy, Trouble, make_bucket
from tests.samples import NOON
from tests.spools import content, handed, spooled

pytestmark = pytest.mark.xdist_group("storage")  # in one process: one bucket serves them all


def test_a_lookup_fetches_the_record_and_nothing_else(root: Path, proxy: Proxy) -> None:
    folder = spooled(root)
    captures = list(Crawl.open(folder).captures())
    handed(root)
    proxy.log.clear()
    one = captures[0]  # later ones repeat its body
    assert one.warc is not None
    assert one.offset is not None
    assert one.length is not None
    found = read_capture_at(root / "crawls" / "gazette" / folder.name / one.warc, one.offset, one.length)
    assert found.response == one.response
    asked = [(one.method, one.range, one.size) for one in proxy.log]
    assert asked == [("GET", f"bytes={one.offset}-{one.offset + one.length - 1}", one.length)]


def test_the_catalogue_asks_once_for_each_crawl(root: Path, proxy: Proxy) -> None:
    for hours in range(3):
        spooled(root, started=NOON + timedelta(hours=hours))
    handed(root)
    with Catalogue.open(root) as catalogue:
        assert catalogue.catch_up() == []
        assert missing(catalogue) == []
        assert holdings(catalogue).crawls == 3
        assert [one.folder for one in catalogue.visits("gazette", 1)] == crawl_folders(root)[-1:]
        assert catalogue.database.name.startswith(str(spool_of(root)))
        proxy.log.clear()
        assert catalogue.catch_up() == []
    assert [one.method for one in proxy.log] == ["GET", "GET"]  # two listings: of outlets, and of the outlet's crawls
    assert all("list-type" in one.target for one in proxy.log)
    assert FEED not in str(proxy.log)


def test_a_place_can_be_sent_to_another_machine(root: Path) -> None:
    sent = pickle.loads(pickle.dumps(root.absolute()))
    assert sent == root
    assert spool_of(sent) == spool_of(root).absolute()


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(status=500, code="InternalError"),
        Trouble(status=503, code="SlowDown"),
        Trouble(cut=0),
        Trouble(cut=100),
    ],
    ids=["500", "slow down", "cut before the answer", "cut within the answer"],
)
def test_what_the_network_breaks_is_asked_for_again(root: Path, proxy: Proxy, trouble: Trouble) -> None:
    folder = spooled(root)
    before, captures = content(folder), list(Crawl.open(folder).captures())
    proxy.trouble = lambda *given: trouble if given[2] % 3 == 1 else None
    handed(root)
    there = root / "crawls" / "gazette" / folder.name
    assert list(Crawl.open(there).captures()) == captures
    assert list(verify(there)) == []
    proxy.trouble = lambda *_: None
    assert content(there) == before


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (Trouble(status=404, code="NoSuchBucket"), "there is no such bucket; make it, or name another"),
        (Trouble(status=403, code="InvalidAccessKeyId"), r"the credentials are refused \(InvalidAccessKeyId\)"),
        (Trouble(status=403, code="SignatureDoesNotMatch"), "the credentials are refused"),
        (Trouble(status=403, code="AccessDenied"), "access is denied"),
        (Trouble(status=403, code="RequestTimeTooSkewed"), "this machine's clock is wrong"),
        (Trouble(status=507, code="QuotaExceeded"), "the storage answers QuotaExceeded: as it was told to"),
        (Trouble(status=503, code="SlowDown"), r"the storage is too busy \(SlowDown\)"),
        (Trouble(status=500, code="InternalError"), "the storage answers InternalError"),
        (Trouble(cut=0), "the storage cannot be reached: "),
    ],
    ids=lambda given: given.code or "cut" if isinstance(given, Trouble) else "",
)
def test_what_does_not_heal_is_told_and_nothing_is_lost(
    root: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, trouble: Trouble, words: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    folder = spooled(root)
    before = content(folder)
    proxy.trouble = lambda method, *_: trouble if method == "PUT" else None
    with pytest.raises(StorageFailed, match=words) as failure:
        handed(root)
    assert str(failure.value.filename).startswith(f"s3://{BUCKET}/")
    assert content(folder) == before
    proxy.trouble = lambda *_: None
    handed(root)
    assert content(root / "crawls" / "gazette" / folder.name) == before


def test_nobody_at_the_address_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StorageFailed, match="the storage cannot be reached"):
        crawl_folders(place(f"s3://{BUCKET}/nobody", spool_of(root)))


def test_a_warc_that_vanishes_while_it_is_read_is_told(root: Path, proxy: Proxy) -> None:
    folder = spooled(root)
    handed(root)
    crawl = Crawl.open(root / "crawls" / "gazette" / folder.name)
    proxy.trouble = lambda _, target, __: Trouble(status=404, code="NoSuchKey") if ".warc.gz" in target else None
    with pytest.raises(FileNotFoundError, match="there is no such file") as failure:
        list(crawl.captures())
    assert str(failure.value.filename).endswith(".warc.gz")


def test_damage_behind_a_url_is_found_and_read_past(root: Path, proxy: Proxy) -> None:
    folder = spooled(root)
    captures = list(Crawl.open(folder).captures())
    handed(root)
    there = root / "crawls" / "gazette" / folder.name
    (warc,) = Crawl.open(there).warcs()
    altered = bytearray(warc.read_bytes())
    assert captures[2].offset
    altered[captures[2].offset + 100] ^= 1
    copy = spool_of(root) / "altered"
    copy.write_bytes(altered)
    warc.storage.put(copy, warc.key)  # type: ignore[attr-defined]
    (line,) = [line for line in verify(there) if f"damaged at byte {captures[2].offset}" in line]
    assert line.startswith(f"s3://{BUCKET}/")
    with pytest.raises(DamagedRecord):
        list(Crawl.open(there).captures())
    from archive.reading import read_past_damage

    sound = [one for one in read_past_damage(warc) if not isinstance(one, Exception)]
    assert len(sound) >= len(captures) - 1


@pytest.mark.parametrize("protocol", ["memory", "local"])
def test_other_storage_than_s3_serves_as_well(tmp_path: Path, protocol: str) -> None:
    url = f"{protocol}://{tmp_path}/archive"
    root = place(url, tmp_path / "spool")
    assert is_remote(root)
    folder = spooled(root)
    before = content(folder)
    assert claim(root, "gazette", folder.name)
    assert not claim(root, "gazette", folder.name)
    handed(root)
    there = root / "crawls" / "gazette" / folder.name
    assert content(there) == before
    assert list(verify(root)) == []
    assert str(there) == f"{url}/crawls/gazette/{folder.name}"
    assert crawl_folders(root) == [there]


def test_a_file_url_is_a_path() -> None:
    assert place("file:///an%20archive/x") == Path("/an archive/x")


def test_a_bucket_may_be_an_archive_as_a_whole(proxy: Proxy, tmp_path: Path) -> None:
    make_bucket(proxy, "whole")
    root = place("s3://whole/", tmp_path / "spool")
    folder = spooled(root)
    handed(root)
    assert [str(one) for one in crawl_folders(root)] == [f"s3://whole/crawls/gazette/{folder.name}"]
    assert list(verify(root)) == []


def test_credentials_in_a_url_are_not_shown(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="credentials do not stand in the URL") as failure:
        place("s3://key:secret@bucket/archive", tmp_path)
    assert "secret" not in str(failure.value)
    with pytest.raises(StorageFailed) as failure:
        place("no-such-protocol://user:secret@host/archive", tmp_path)
    assert "secret" not in str(failure.value)
