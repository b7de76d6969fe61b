"""The whole road with an archive behind a URL, by the real commands, killed where it hurts."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture import Capture
from archive.crawl import Crawl
from archive.handing import hand_over_all
from archive.places import place, spool_of
from archive.verify import verify
from newsroom.server import Newsroom
from newsroom.sites import SITES, open_newsroom
from tests.archives import asked, response, told, visited
from tests.buckets import BUCKET, Proxy, Trouble, ask, environment, make_bucket, served
from tests.running import LOOPBACK, ROOT, scrapy
from tests.samples import NOON
from tests.test_extract import foreign
from tests.test_replay import URLS

pytestmark = pytest.mark.xdist_group("storage road")  # in one process: one bucket serves them all

SITE = SITES[0]
CRAWL = ("crawl", SITE.name, "-s", "SPIDER_MODULES=newsroom.outlets", *LOOPBACK)
HANDING = """
import sys
from pathlib import Path
from archive.handing import hand_over_all
from archive.places import place

for folder, error in hand_over_all(place(sys.argv[1], Path(sys.argv[2]))):
    assert error is None, error
"""


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with open_newsroom() as opened:
        yield opened


def setting(root: Path, newsroom: Newsroom, proxy: Proxy) -> dict[str, str]:
    """The environment of a command that crawls the newsroom into this archive."""
    ours = {"PRESSMARK_ARCHIVE_DIR": str(root), "PRESSMARK_SPOOL_DIR": str(spool_of(root).parent)}
    return {**newsroom.environment, **environment(proxy), **ours}


def folders(root: Path) -> list[Path]:
    return [folder for outlet in (root / "crawls").iterdir() for folder in outlet.iterdir()]


def test_a_crawl_goes_to_the_bucket_and_proves_itself_there(
    root: Path, proxy: Proxy, newsroom: Newsroom, tmp_path: Path
) -> None:
    given = setting(root, newsroom, proxy)
    start = ("-a", f"start={SITE.start}") if SITE.start else ()
    run = scrapy(*CRAWL, *start, environment=given)
    assert run.returncode == 0, run.stderr
    (folder,) = folders(root)
    assert not list((spool_of(root) / "crawls").glob("*/*"))
    proxy.log.clear()
    replay = scrapy("replay", str(folder), environment=given)
    assert (replay.returncode, replay.stdout) == (0, f"the same: {SITE.expected} articles\n"), replay.stderr
    extract = scrapy("extract", str(folder), "-o", tmp_path / "out.jsonl", environment=given)
    assert extract.returncode == 0, extract.stderr
    read = [one for one in proxy.log if one.method == "GET" and ".warc.gz" in one.target]
    assert read
    assert all(one.range for one in read)
    assert (tmp_path / "out.jsonl").read_bytes() == (folder / "articles.jsonl").read_bytes()
    secret = environment(proxy)["AWS_SECRET_ACCESS_KEY"].encode()
    kept = [path.read_bytes() for path in (*folder.iterdir(), *spool_of(root).rglob("*.*")) if path.is_file()]
    assert kept
    assert not any(secret in content for content in kept)


@pytest.mark.drill
def test_every_command_reads_the_bucket(root: Path, proxy: Proxy, newsroom: Newsroom, tmp_path: Path) -> None:
    given = setting(root, newsroom, proxy)
    start = ("-a", f"start={SITE.start}") if SITE.start else ()
    for _ in range(2):
        assert scrapy(*CRAWL, *start, environment=given).returncode == 0
    first, second = sorted(folders(root))
    shown = scrapy("crawls", environment=given)
    assert [line.split()[1] for line in shown.stdout.splitlines()[1:]] == [first.name, second.name]
    statistics = Crawl.open(second).manifest["statistics"]
    assert statistics["downloader/response_status_count/304"] > 0  # the catalogue knew the first
    assert scrapy("verify", str(root), environment=given).stdout == ""
    assert scrapy("verify", str(first), str(second), environment=given).returncode == 0
    assert scrapy("catalogue", "rebuild", environment=given).returncode == 0
    url = json.loads((first / "articles.jsonl").read_bytes().splitlines()[0])["url"]
    history = scrapy("history", url, environment=given)
    assert history.returncode == 0, history.stderr
    assert f"{SITE.name}/{first.name}" in history.stdout
    assert scrapy("alarms", environment=given).returncode == 0
    for refused in ("resume", "rebuild"):
        run = scrapy(refused, str(first), environment=given)
        assert run.returncode == 2
        assert "only read" in run.stderr


@pytest.mark.drill
def test_what_is_due_is_crawled_into_the_bucket_and_then_nothing_is(
    root: Path, proxy: Proxy, newsroom: Newsroom, tmp_path: Path
) -> None:
    given = setting(root, newsroom, proxy)
    lines = ["[outlets.one]", f'outlet = "{SITE.name}"']
    lines += [f'arguments = {{ start = "{SITE.start}" }}'] if SITE.start else []
    (tmp_path / "timetable.toml").write_text("\n".join(lines), encoding="utf-8")
    options = ("-s", f"TIMETABLE={tmp_path / 'timetable.toml'}", "-s", "SPIDER_MODULES=newsroom.outlets", *LOOPBACK)
    first = scrapy("due", *options, environment=given)
    assert first.returncode == 0, first.stdout + first.stderr
    (folder,) = folders(root)
    assert list(verify(folder)) == []
    assert list((spool_of(root) / "logs" / "one").iterdir())
    again = scrapy("due", *options, environment=given)
    assert again.returncode == 0, again.stdout + again.stderr
    assert folders(root) == [folder]


def test_what_cannot_be_used_is_one_line(proxy: Proxy, newsroom: Newsroom, tmp_path: Path) -> None:
    there = place("s3://no-such-bucket/news", tmp_path / "spool")
    given = setting(there, newsroom, proxy)
    crawl = scrapy(*CRAWL, "-L", "CRITICAL", environment=given)
    assert crawl.returncode == 1
    (line,) = crawl.stderr.splitlines()
    assert line.startswith("pressmark: s3://no-such-bucket/news")
    assert line.endswith("there is no such bucket; make it, or name another")
    refused = scrapy("crawls", "-s", "ARCHIVE_DIR=s3://key:hidden@bucket/news", environment=given)
    assert refused.returncode == 2
    assert "credentials do not stand in the URL" in refused.stderr
    assert "hidden" not in refused.stderr


@pytest.mark.drill
def test_wrong_credentials_are_told_before_anybody_is_asked(newsroom: Newsroom, tmp_path: Path) -> None:
    there = place(f"s3://{BUCKET}/news", tmp_path / "spool")
    with served() as guarded:
        make_bucket(guarded, BUCKET)
        ask(guarded, "POST", "/moto-api/reset-auth", b"0")  # from now on it looks at credentials, and knows none
        newsroom.log.clear()
        for command in (CRAWL, ("verify", str(there))):
            run = scrapy(*command, "-L", "CRITICAL", environment=setting(there, newsroom, guarded))
            assert run.returncode == 1, run.stderr
            (line,) = run.stderr.splitlines()
            assert "; see AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL" in line
    assert newsroom.log == []


@pytest.mark.drill
def test_a_crawl_waits_while_the_bucket_is_full(root: Path, proxy: Proxy, newsroom: Newsroom) -> None:
    given = setting(root, newsroom, proxy)
    start = ("-a", f"start={SITE.start}") if SITE.start else ()

    def full(method: str, target: str, _: int) -> Trouble | None:
        return Trouble(status=507, code="QuotaExceeded") if method == "PUT" and ".claimed" not in target else None

    proxy.trouble = full
    run = scrapy(*CRAWL, *start, environment=given)
    assert run.returncode == 1
    told_last = run.stderr.splitlines()[-1]
    assert told_last.startswith(f"pressmark: what is closed in {spool_of(root)} is whole, and handed over by the next")
    assert "the storage answers QuotaExceeded" in told_last
    (waiting,) = (spool_of(root) / "crawls").glob("*/*")
    assert list(verify(waiting)) == []
    proxy.trouble = lambda *_: None
    run = scrapy(*CRAWL, *start, environment=given)
    assert run.returncode == 0, run.stderr
    assert min(folder.name for folder in folders(root)) == waiting.name
    assert [list(verify(folder)) for folder in folders(root)] == [[], []]
    assert not list((spool_of(root) / "crawls").glob("*/*"))


def test_where_a_warc_vanishes_while_it_is_read_the_others_are_read(
    root: Path, proxy: Proxy, newsroom: Newsroom, tmp_path: Path
) -> None:
    for number in range(3):
        warc = foreign(tmp_path / f"{number}.warc.gz", URLS, gzipped=True, version="1.1")
        root.storage.put(warc, (root / warc.name).key)  # type: ignore[attr-defined]

    def vanish(method: str, target: str, _: int) -> Trouble | None:
        return Trouble(status=404, code="NoSuchKey") if method == "GET" and "1.warc.gz" in target else None

    proxy.trouble = vanish
    run = scrapy("extract", str(root), "-o", tmp_path / "out.jsonl", environment=setting(root, newsroom, proxy))
    assert (run.returncode, run.stderr) == (1, f"pressmark: {root / '1.warc.gz'}: there is no such file\n")
    read = Counter(json.loads(line)["warc"] for line in (tmp_path / "out.jsonl").read_text().splitlines())
    assert read == {"0.warc.gz": len(URLS), "2.warc.gz": len(URLS)}


def killed_at(number: int, done: bool, root: Path, proxy: Proxy) -> None:
    """Hand over in a process that is killed at this request, whether or not the request is still served."""
    process = subprocess.Popen([sys.executable, "-c", HANDING, str(root), str(spool_of(root).parent)], cwd=ROOT)

    def kill(_method: str, _target: str, asked: int) -> Trouble | None:
        if asked < number:
            return None
        os.kill(process.pid, signal.SIGKILL)
        return None if done else Trouble(status=500, code="InternalError")

    proxy.asked = 0
    proxy.trouble = kill
    process.wait()
    proxy.trouble = lambda *_: None


@pytest.mark.parametrize(
    ("number", "done"),
    [(4, True), (9, False)]
    + [pytest.param(n, done, marks=pytest.mark.drill) for n in range(1, 12) for done in (True, False)],
)
def test_killed_while_it_is_handed_over_a_crawl_comes_whole(root: Path, proxy: Proxy, number: int, done: bool) -> None:
    folder = visited(spool_of(root), {f"https://news.test/{n}": told(f"Gulls {n}.") for n in range(3)})
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    killed_at(number, done, root, proxy)
    seen = [one for one in folders(root) if (one / "crawl.json").exists()] if (root / "crawls").is_dir() else []
    assert all({path.name: path.read_bytes() for path in one.iterdir()} == before for one in seen)
    assert [error for _, error in hand_over_all(root) if error] == []
    (there,) = folders(root)
    assert {path.name: path.read_bytes() for path in there.iterdir()} == before
    assert list(verify(there)) == []
    assert not folder.exists()


@pytest.mark.drill
def test_crawls_that_are_killed_at_random_all_come_whole(root: Path, proxy: Proxy, newsroom: Newsroom) -> None:
    given = setting(root, newsroom, proxy)
    chance = random.Random(1126)
    start = ("-a", f"start={SITE.start}") if SITE.start else ()
    command = [sys.executable, "-m", "scrapy", *CRAWL, "-s", "ONLY_NEW=0", *start]
    for _ in range(6):
        number = chance.randint(2, 18)
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **given}, stderr=subprocess.DEVNULL, start_new_session=True
        )

        def kill(
            _method: str, _target: str, asked: int, process: subprocess.Popen[bytes] = process, at: int = number
        ) -> None:
            if asked == at:
                os.killpg(process.pid, signal.SIGKILL)

        proxy.asked = 0
        proxy.trouble = kill
        process.wait()
        proxy.trouble = lambda *_: None
    for folder in sorted((spool_of(root) / "crawls").glob("*/*")):
        run = scrapy("resume", folder, environment=given)
        assert run.returncode == 0 or "no crawl folder" in run.stderr, run.stderr  # killed before it had a file
    assert scrapy(*CRAWL, "-s", "ONLY_NEW=0", *start, environment=given).returncode == 0
    there = [folder for folder in folders(root) if (folder / "crawl.json").exists()]
    for folder in there:
        assert list(verify(folder)) == []
        assert sum(1 for _ in Crawl.open(folder).articles()) == SITE.expected
    left = [one for one in (spool_of(root) / "crawls").glob("*/*") if any(one.iterdir())]
    assert left == []


PEAK = """
import resource, sys
from pathlib import Path
from archive.crawl import Crawl
from archive.handing import hand_over_all
from archive.places import place

root = place(sys.argv[1], Path(sys.argv[2]))
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
for folder, error in hand_over_all(root):
    assert error is None, error
    name = folder.name
    sizes = [len(one.response) for one in Crawl.open(root / "crawls" / "gazette" / name).captures()]
    print(len(sizes), peak(), flush=True)
"""


@pytest.mark.drill
def test_memory_stays_flat_whatever_is_handed_over(root: Path) -> None:
    chance = random.Random(6)
    for hour, count in ((10, 4), (11, 24)):
        crawl = Crawl.create(
            spool_of(root), outlet="gazette", started=NOON.replace(hour=hour), description={}, max_size=1 << 30
        )
        for number in range(count):
            page = asked(f"https://news.test/{number}")
            crawl.write(Capture(**{**page.__getstate__(), "response": response(200, body=chance.randbytes(1 << 23))}))
        crawl.close("finished", {}, NOON)
    arguments = [sys.executable, "-c", PEAK, str(root), str(spool_of(root).parent)]
    run = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True)
    (few, before), (many, after) = (map(int, line.split()) for line in run.stdout.splitlines())
    assert (few, many) == (4, 24)
    assert after - before < 64  # MB, for 160 MB more


def test_a_command_that_needs_no_storage_does_not_load_it() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scrapy", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "scrapy" in run.stderr
    assert not [
        line for line in run.stderr.splitlines() if line.split("|")[-1].strip() in ("botocore", "fsspec", "s3fs")
    ]
