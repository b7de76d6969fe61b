"""Whatever is changed in an archive is found, and named; what is whole passes in silence."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import compression
from archive.capture import Capture
from archive.cdxj import index_lines
from archive.compression import CHOICES, gzip_member
from archive.crawl import Crawl
from archive.errors import DamagedRecord
from archive.manifest import manifest_bytes
from archive.records import read_records
from archive.verify import verify
from tests.running import scrapy
from tests.samples import NOON, page
from tests.test_crawl_folder import create
from tests.test_recover import killed_folder
from tests.test_warc import foreign, members_of, written


def article(one: Capture) -> dict[str, Any]:
    place = {"warc": one.warc, "offset": one.offset}
    return {"text": "Möwen", "record_id": one.record_id, "payload_digest": one.payload_digest, **place}


def a_crawl(root: Path) -> Path:
    """A crawl with all that there can be: two files, revisits, a 304, an error, a failure, a resumption."""
    crawl = create(root, 2500)
    done = [crawl.write(page(b"Gulls %d" % (number % 3), url=f"http://news.test/{number}")) for number in range(4)]
    crawl.write(page(request=b"", response=b"", error="a.B"))
    crawl.close("interrupted", {"a": 1}, NOON + timedelta(minutes=5))
    crawl = Crawl.resume(crawl.folder)
    crawl.supersede([5])
    done.append(crawl.write(page(response=b"HTTP/1.1 304 Not Modified\r\n\r\n", url="http://news.test/1")))
    done.append(crawl.write(page(b"Terns" * 999, interim=b"HTTP/1.1 103 Early\r\n\r\n", attempt=2)))
    for one in done[:4]:
        crawl.add_article(article(one))
    crawl.add_failure({"url": done[5].url, "record_id": done[5].record_id, "reason": "time"})
    crawl.close("finished", {"a": 2}, NOON + timedelta(minutes=6))
    return crawl.folder


def told(path: Path) -> list[str]:
    return [line.removeprefix(str(path)).lstrip("/") for line in verify(path)]


def reseal(folder: Path) -> None:
    """Make the manifest say what the files are now: what is found after this is not found by its sums alone."""
    manifest = json.loads((folder / "crawl.json").read_bytes())
    for name in manifest["files"]:
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "crawl.json").write_bytes(manifest_bytes(manifest))


def test_a_whole_crawl_is_passed_in_silence(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert told(folder) == told(tmp_path) == []
    assert all(told(path) == [] for path in folder.glob("*.warc.gz"))
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


Change = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def cut_out(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(content) + 1), 2))
    return content[:start] + content[end:]


def double(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(content) + 1), 2))
    return content[:end] + content[start:end] + content[end:]


def swap(content: bytes, chance: random.Random) -> bytes:
    one, two, three, four = sorted(chance.sample(range(len(content) + 1), 4))
    return content[:one] + content[three:four] + content[two:three] + content[one:two] + content[four:]


def zero(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.sample(range(len(content) + 1), 2))
    return content[:start] + bytes(end - start) + content[end:]


CHANGES: list[Change] = [flip, flip, flip, flip, cut, cut_out, double, swap, zero]


@pytest.mark.parametrize("seed", range(4))
def test_any_change_of_any_file_of_a_crawl_is_found(tmp_path: Path, seed: int) -> None:
    folder, chance = a_crawl(tmp_path), random.Random(seed)
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for number in range(110):
            damaged = CHANGES[number % len(CHANGES)](whole, chance)
            if damaged == whole:
                continue
            path.write_bytes(damaged)
            assert (lines := list(verify(folder))), f"{path.name}: {number}"
            assert any(path.name in line for line in lines), lines
            if path.name.endswith(".warc.gz"):
                assert list(verify(path))
        path.write_bytes(whole)
    assert told(folder) == []


@pytest.mark.parametrize("seed", range(4))
def test_any_change_of_a_file_that_stands_alone_is_found(tmp_path: Path, seed: int) -> None:
    """But those that end it at the end of a record: what was there is not known then."""
    pages = [page(b"Gulls %d" % number * 200, url=f"http://news.test/{number}") for number in range(5)]
    written(tmp_path, [*pages, pages[0]])
    path, chance = tmp_path / "w-00000.warc.gz", random.Random(seed)
    whole = path.read_bytes()
    for number in range(600):
        damaged = CHANGES[number % len(CHANGES)](whole, chance)
        if not whole.startswith(damaged):
            path.write_bytes(damaged)
            assert list(verify(path)), number


@pytest.mark.parametrize("kind", range(len(CHOICES)))
def test_a_file_packed_as_an_earlier_version_did_is_whole_and_a_member_packed_otherwise_is_found(
    tmp_path: Path, kind: int
) -> None:
    bodies = [b"Gulls", *(b"".join(b"<li>%d</li>" % (n * n) for n in range(size)) for size in (300, 900, 5000))]
    written(tmp_path, [page(body, url=f"http://news.test/{number}") for number, body in enumerate(bodies)])
    path = tmp_path / "w-00000.warc.gz"
    contents = members_of(path)
    members = [packed(content, kind) for content in contents]
    path.write_bytes(b"".join(members))
    assert told(path) == []
    for number, content in enumerate(contents[1:], 1):
        for member in (packed(content, not kind), gzip.compress(content, mtime=0), flipped(members[number], 8)):
            path.write_bytes(b"".join([*members[:number], member, *members[number + 1 :]]))
            assert list(verify(path)) or member == members[number], number


def packed(content: bytes, kind: int) -> bytes:
    compress, level = CHOICES[kind](content)
    return compress(level, content)


def flipped(member: bytes, at: int) -> bytes:
    """With another bit in a byte that no decompressor looks at: byte 8 says how much the compressor tried."""
    return member[:at] + bytes([member[at] ^ 4]) + member[at + 1 :]


def test_records_and_exchanges_out_of_their_place_are_found(tmp_path: Path) -> None:
    written(tmp_path, [page(b"Gulls %d" % number, url=f"http://news.test/{number}") for number in range(3)])
    path = tmp_path / "w-00000.warc.gz"
    spans = [(r.offset, r.offset + (r.length or 0)) for r in read_records(path)]
    raw = path.read_bytes()
    parts = [raw[start:end] for start, end in spans]
    for one in range(1, len(parts)):
        for other in range(one):
            swapped = parts.copy()
            swapped[one], swapped[other] = swapped[other], swapped[one]
            path.write_bytes(b"".join(swapped))
            assert list(verify(path)), (one, other)
        for change in (parts[:one] + parts[one + 1 :], parts[: one + 1] + parts[one:]):
            path.write_bytes(b"".join(change))
            assert list(verify(path)) or one >= len(parts) - 3, one


def test_damage_is_named_by_file_offset_and_record_and_all_of_it(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    path = min(folder.glob("*.warc.gz"))
    records = [record for record in read_records(path) if record.type == "response"]
    raw = bytearray(path.read_bytes())
    for record in records[:2]:
        raw[record.offset + (record.length or 0) - 6] ^= 1
    path.write_bytes(raw)
    lines = [line for line in told(folder) if line.startswith(path.name)]
    assert [line.partition(": ")[0] for line in lines if "gzip" in line] == [
        f"{path.name} is damaged at byte {record.offset}, record {record.id}" for record in records[:2]
    ]


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(b"".join(gzip_member(change(member)) for member in members_of(path)))


def test_a_record_that_is_not_what_its_digest_says_is_found(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    rewrite(min(folder.glob("*.warc.gz")), lambda member: member.replace(b"Gulls 1", b"Gulls 7"))
    reseal(folder)
    assert any("does not have the digest" in line for line in told(folder))


def test_a_revisit_whose_target_is_gone_is_found(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    path = min(folder.glob("*.warc.gz"))
    first = next(record for record in read_records(path) if record.type == "response")
    raw = bytearray(path.read_bytes())
    raw[first.offset + 30] ^= 1
    path.write_bytes(raw)
    assert any("the record that it repeats" in line and str(first.id) in line for line in told(folder))


@pytest.mark.parametrize("key", ["record_id", "payload_digest", "warc", "offset"])
def test_an_article_that_does_not_match_its_record_is_found(tmp_path: Path, key: str) -> None:
    folder = a_crawl(tmp_path)
    path = folder / "articles.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[1][key] = lines[0][key] + 1 if key == "offset" else str(lines[0][key]) + "x"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    reseal(folder)
    assert any(line.startswith("articles.jsonl, line 2: ") for line in told(folder))


def test_an_article_that_stands_twice_and_one_that_is_none_are_found(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    path = folder / "articles.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[0], "{", '{"warc": 1}', "[]", "7"]) + "\n")
    reseal(folder)
    assert [line.partition(": ")[0] for line in told(folder)] == [
        "articles.jsonl, line 5",
        *(f"articles.jsonl, line {number}, is no article" for number in (6, 7, 8, 9)),
    ]


def test_a_wrong_line_of_the_index_is_found(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    path = folder / "index.cdxj"
    whole = path.read_text()
    for wrong in (whole.replace('"200"', '"404"', 1), whole + whole[-9:], whole.partition("\n")[2], ""):
        path.write_text(wrong)
        reseal(folder)
        (line,) = told(folder)
        assert line.startswith("index.cdxj, line ")
        assert f"`scrapy rebuild {folder}` writes it anew" in line


def test_missing_and_extra_files_are_found(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    (folder / "notes.txt").write_text("mine")
    assert told(folder) == ["notes.txt is not in crawl.json"]
    (folder / "notes.txt").unlink()
    (folder / "articles.jsonl").rename(tmp_path / "aside")
    assert told(folder) == ["articles.jsonl is missing; crawl.json has it"]
    (tmp_path / "aside").rename(folder / "articles.jsonl")
    manifest = (folder / "crawl.json").read_bytes()
    (folder / "crawl.json").unlink()
    assert any("has no crawl.json; `scrapy rebuild" in line for line in told(folder))
    (folder / "crawl.json").write_bytes(manifest)
    max(folder.glob("*.warc.gz")).unlink()
    assert any("is missing; crawl.json has it" in line for line in told(folder))


@pytest.mark.parametrize("files", [None, [], "x", {"a": 3}, {"articles.jsonl": {"size": "x"}}])
def test_a_manifest_with_a_strange_list_of_files_is_found(tmp_path: Path, files: Any) -> None:
    folder = a_crawl(tmp_path)
    manifest = json.loads((folder / "crawl.json").read_bytes())
    (folder / "crawl.json").write_bytes(manifest_bytes({**manifest, "files": files}))
    assert told(folder)


def test_a_killed_crawl_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    folder, path = killed_folder(tmp_path)
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08\0torn")
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    lines = told(folder)
    assert f"{path.name} is damaged at byte {path.stat().st_size - 8}: the file ends inside it" in lines[0]
    assert lines[1:] == [f": its crawl was killed; `scrapy resume {folder}` mends it"]
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before
    run = scrapy("verify", folder)
    assert (run.returncode, run.stderr) == (1, "")
    crawl = Crawl.resume(folder)
    assert told(folder) == [" is still being written; verify it when its crawl has ended"]
    crawl.close("finished", {}, NOON)
    assert told(folder) == []


def test_other_tools_files_are_checked_as_far_as_their_records_go(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(foreign("WARC/1.0", zipped=True))
    assert told(path) == []
    (tmp_path / "y.warc").write_bytes(foreign("WARC/1.1", zipped=False))
    assert told(tmp_path) == []
    (tmp_path / "y.warc").write_bytes(foreign("WARC/1.1", zipped=False)[:-30])
    assert [line.partition(" ")[0] for line in told(tmp_path)] == ["y.warc"]


@pytest.mark.parametrize("form", [bytes, gzip.compress])
def test_our_own_files_in_another_form_are_whole_too(tmp_path: Path, form: Callable[[bytes], bytes]) -> None:
    written(tmp_path, [page(), page(), page(b"other")])
    path = tmp_path / "w-00000.warc.gz"
    path.write_bytes(form(b"".join(members_of(path))))
    assert told(path) == []


def test_verify_ends_in_a_status_that_tells(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path / "one")
    other = tmp_path / "two"
    shutil.copytree(folder, other)
    run = scrapy("verify", folder, other)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    (other / "index.cdxj").write_bytes(b"")
    run = scrapy("verify", folder, other)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.startswith(f"{other / 'index.cdxj'}, line 1, is not what the records say")
    for wrong, why in (([], "verify takes"), ([tmp_path / "no"], "no such file or folder"), (["-x"], "no such option")):
        run = scrapy("verify", *wrong)
        assert run.returncode == 2
        assert why in run.stderr
    (tmp_path / "empty").mkdir()
    assert scrapy("verify", tmp_path / "empty").returncode == 2


def test_members_that_hold_no_record_are_found_in_a_file_that_stands_alone(tmp_path: Path) -> None:
    written(tmp_path, [page(b"Gulls %d" % number, url=f"http://news.test/{number}") for number in range(3)])
    path = tmp_path / "w-00000.warc.gz"
    spans = [(record.offset, record.length or 0) for record in read_records(path)]
    raw = path.read_bytes()
    for at in (0, spans[4][0], len(raw)):
        for empty in (gzip_member(b""), gzip_member(b"\r\n")):
            path.write_bytes(raw[:at] + empty + raw[at:])
            (line,) = told(path)
            assert f"is damaged at byte {at}: " in line


@pytest.mark.parametrize("flag", [0x20, 0x40, 0x80])
def test_flags_that_no_gzip_member_may_have_are_found_in_anybodys_file(tmp_path: Path, flag: int) -> None:
    path = tmp_path / "theirs.warc.gz"
    record = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    member = bytearray(gzip.compress(record) * 2)
    path.write_bytes(member)
    assert told(path) == []
    member[len(member) // 2 + 3] |= flag
    path.write_bytes(member)
    (line,) = told(path)
    assert line.endswith(f"is damaged at byte {len(member) // 2}: gzip: reserved flags are set")


def test_a_file_that_another_compressor_would_pack_otherwise_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [b"".join(b"<li>%d</li>" % (n * n) for n in range(size)) for size in (900, 4000, 5000, 6000)]
    written(tmp_path, [page(body, url=f"http://news.test/{number}") for number, body in enumerate(bodies)])
    path = tmp_path / "w-00000.warc.gz"
    assert told(path) == []
    monkeypatch.setattr(compression, "deflate", None)
    assert told(path) == []
    raw = path.read_bytes()
    path.write_bytes(flipped(raw, 8))
    assert len(told(path)) == 1


def test_a_record_without_a_date_is_named_by_whatever_makes_an_index_of_it(tmp_path: Path) -> None:
    folder = a_crawl(tmp_path)
    path = min(folder.glob("*.warc.gz"))
    rewrite(path, lambda member: re.sub(rb"WARC-Date: [^\r]+", b"WARC-Date: 2024-01-01 10:00", member))
    assert any("'2024-01-01 10:00' is no WARC-Date" in line for line in told(folder))
    with pytest.raises(DamagedRecord, match="is no WARC-Date"):
        list(index_lines(path))


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="Linux has such a file, which cannot be read at 0")
def test_a_file_that_the_disk_does_not_give_back_is_named_and_the_others_are_checked(tmp_path: Path) -> None:
    written(tmp_path, [page(b"Gulls")])
    whole = tmp_path / "w-00000.warc.gz"
    whole.write_bytes(whole.read_bytes()[:-1])
    (tmp_path / "a.warc.gz").symlink_to("/proc/self/mem")
    run = scrapy("verify", tmp_path)
    assert (run.returncode, run.stdout.count("\n"), run.stderr) == (1, 2, "")
    first, second = run.stdout.splitlines()
    assert first == (
        f"{tmp_path / 'a.warc.gz'} cannot be read: Input/output error at byte 0; "
        "copy what can be read of it, with ddrescue for example"
    )
    assert second.startswith(f"{whole} is damaged at byte ")
    run = scrapy("extract", tmp_path / "a.warc.gz")
    assert (run.returncode, run.stderr.count("\n")) == (1, 1)
    assert "a.warc.gz: Input/output error at byte 0; copy what can be read of it" in run.stderr
