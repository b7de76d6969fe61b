"""Tools that others wrote find our files whole, and compute the index that we wrote."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive.cdxj import index_lines
from archive.crawl import Crawl
from archive.records import read_records
from tests.foreign import FORMS, TOOLS
from tests.judges.asking import ask, tool
from tests.test_replay import URLS

pytestmark = pytest.mark.drill


def warcio_complaint(warc: Path) -> str:
    """What `warcio check` and `gzip -t` have to say: the first passes over a torn end, the second sees it."""
    checks = [ask(tool("warcio", "bin/warcio"), "check", warc), ask("gzip", "-t", warc)]
    return "".join(f"{check.args[0]}: {check.stdout}{check.stderr}\n" for check in checks if check.returncode)


def fastwarc_verdicts(warc: Path, tmp_path: Path) -> dict[str, str]:
    """FastWARC's word on each record, by record id."""
    report = tmp_path / "verdicts.txt"
    check = ask(tool("fastwarc", "bin/fastwarc"), "check", "-q", "-p", "-o", report, warc)
    assert "Error" not in check.stderr
    lines = report.read_text(encoding="utf-8").splitlines()
    return {record_id: verdict for record_id, _, verdict in (line.rpartition(": ") for line in lines)}


def test_the_lab_holds_what_judges_stumble_over(folders: list[Path]) -> None:
    types = Counter(record.type for warc in folders[-1].glob("*.warc.gz") for record in read_records(warc))
    assert types["revisit"] >= 5
    assert types["response"] >= 25
    assert {"warcinfo", "request", "metadata"} < set(types)


def test_warcio_and_gzip_are_content(warcs: list[Path]) -> None:
    assert [warcio_complaint(warc) for warc in warcs] == [""] * len(warcs)


def test_fastwarc_is_content(warcs: list[Path], tmp_path: Path) -> None:
    """It takes a revisit's payload to be the empty block's own, not the original's, and so finds it wrong."""
    for warc in warcs:
        types = {record.id: record.type for record in read_records(warc)}
        verdicts = fastwarc_verdicts(warc, tmp_path)
        assert set(verdicts) == set(types)
        for record_id, verdict in verdicts.items():
            expected = {
                "response": {"OK, PAYLOAD_OK"},
                "revisit": {"OK, PAYLOAD_FAIL", "OK, PAYLOAD_NO_DIGEST", "OK, PAYLOAD_OK"},
            }
            kind = types[record_id]
            assert verdict in expected.get(kind, {"OK, PAYLOAD_NO_DIGEST", "OK, PAYLOAD_OK"}), (kind, record_id)


def test_warcio_is_content_with_huge_header_blocks(huge: Path) -> None:
    assert [warcio_complaint(warc) for warc in huge.glob("*.warc.gz")] == [""]


def test_cdxj_indexer_computes_our_index(folders: list[Path], huge: Path) -> None:
    indexer = tool("cdxj-indexer", "bin/cdxj-indexer")
    for folder in (*folders, huge):
        index = ask(indexer, "--sort", *sorted(folder.glob("*.warc.gz")))
        assert index.returncode == 0, index.stderr
        assert index.stdout == (folder / "index.cdxj").read_text(encoding="utf-8")


@pytest.mark.parametrize("maker", TOOLS)
def test_cdxj_indexer_computes_our_lines_of_other_tools_files(tmp_path: Path, maker: str) -> None:
    warc = tmp_path / "theirs.warc.gz"
    warc.write_bytes(FORMS["gzip"](TOOLS[maker](URLS)))
    index = ask(tool("cdxj-indexer", "bin/cdxj-indexer"), "--sort", warc)
    resources = {str(record.offset) for record in read_records(warc) if record.type == "resource"}
    theirs = index.stdout.splitlines(keepends=True)
    ours = sorted(index_lines(warc))
    assert [line for line in theirs if json.loads(line.split(" ", 2)[2])["offset"] not in resources] == ours


def test_a_crawl_can_be_packed_as_wacz(folders: list[Path], warcs: list[Path], tmp_path: Path) -> None:
    wacz = tool("wacz", "bin/wacz")
    pack(wacz, folders, warcs, tmp_path / "all.wacz")
    valid = ask(wacz, "validate", "-f", tmp_path / "all.wacz")
    assert valid.returncode == 0, valid.stdout + valid.stderr
    assert "Validation succeeded" in valid.stdout
    lines = ZipFile(tmp_path / "all.wacz").read("pages/pages.jsonl").splitlines()
    packed = {json.loads(line)["url"] for line in lines[1:]}
    assert packed == {article["url"] for folder in folders for article in Crawl.open(folder).articles()}


def pack(wacz: Path, folders: list[Path], warcs: list[Path], target: Path) -> None:
    """Make a WACZ of these crawls; its pages are the articles."""
    pages: list[dict[str, object]] = [{"format": "json-pages-1.0", "id": "pages", "title": "Articles"}]
    for folder in folders:
        articles = Crawl.open(folder).articles()
        pages += [{"url": one["url"], "ts": one["captured"], "title": one["title"]} for one in articles]
    file = target.with_suffix(".pages.jsonl")
    file.write_text("".join(f"{json.dumps(page)}\n" for page in pages), encoding="utf-8")
    packed = ask(wacz, "create", "-o", target, "-p", file, "-f", *warcs)
    assert packed.returncode == 0, packed.stdout + packed.stderr


def test_a_changed_byte_is_seen_by_every_judge_of_digests(warcs: list[Path], tmp_path: Path) -> None:
    """Judges that are content with anything would prove nothing."""
    warc = warcs[0]
    record = next(one for one in read_records(warc) if one.type == "response" and one.url.endswith("/a-71000101"))
    assert record.length
    whole, end = warc.read_bytes(), record.offset + record.length
    plain = bytearray(gzip.decompress(whole[record.offset : end]))
    plain[-10] ^= 1  # in the payload, before the record's two line ends
    changed = tmp_path / "changed.warc.gz"
    changed.write_bytes(whole[: record.offset] + gzip.compress(plain) + whole[end:])
    assert "digest failed" in warcio_complaint(changed)
    assert fastwarc_verdicts(changed, tmp_path)[str(record.id)] == "FAIL, PAYLOAD_FAIL"


def test_a_flipped_byte_or_a_cut_end_of_a_file_is_seen(warcs: list[Path], tmp_path: Path) -> None:
    whole = warcs[0].read_bytes()
    middle = len(whole) // 2
    for harmed in (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], whole[:-20]):
        (tmp_path / "harmed.warc.gz").write_bytes(harmed)
        assert warcio_complaint(tmp_path / "harmed.warc.gz")
