"""Damaged files say where; other tools' files are read as far as their records go."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import DamagedRecord, NotWarc, TornRecord
from archive.reading import read_captures
from archive.records import read_records
from tests.samples import page
from tests.test_warc import FORMS, a_file, foreign, members_of, reading, rewritten, written


def test_a_flipped_byte_is_damage_or_changes_nothing(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    whole, before = path.read_bytes(), list(read_captures(path))
    starts = [0, *sorted(record.offset for record in read_records(path))]
    for position in range(len(whole)):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << random.Random(position).randrange(8)
        found, error = reading(path, bytes(flipped))
        assert found == before[: len(found)]
        if error is None:
            assert found == before
        elif isinstance(error, DamagedRecord):
            assert error.warc == path.name
            assert error.offset <= position
            assert error.offset in starts
        else:
            assert isinstance(error, NotWarc)
            assert position == 0


def test_a_torn_file_gives_what_stands_before_the_tear(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    whole, before = path.read_bytes(), list(read_captures(path))
    whole_at = [r.offset + (r.length or 0) for r in read_records(path) if r.type in ("warcinfo", "metadata")]
    for cut in range(len(whole)):
        found, error = reading(path, whole[:cut])
        assert found == before[: max(0, len([end for end in whole_at if end <= cut]) - 1)]
        assert error is None if cut in whole_at else isinstance(error, TornRecord)


def test_damage_names_the_file_the_offset_and_the_record(tmp_path: Path) -> None:
    (one, two) = written(tmp_path, [page(b"x" * 500), page(b"y" * 500)])
    path = tmp_path / "w-00000.warc.gz"
    raw = bytearray(path.read_bytes())
    raw[(two.offset or 0) + (two.length or 0) - 6] ^= 1  # in the member's CRC
    found, error = reading(path, bytes(raw))
    assert found == [one]
    assert isinstance(error, DamagedRecord)
    assert (error.warc, error.offset, error.record_id) == (path.name, two.offset, two.record_id)
    assert str(error).startswith(f"w-00000.warc.gz is damaged at byte {two.offset}, record {two.record_id}: ")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"Gulls return", b"Gulls retard", "its block does not have the digest"),
        (b"Content-Length: 107\r\n\r\n", b"Content-Length: 999\r\n\r\n", "its Content-Length is 999, but only"),
        (b"Content-Length: 107\r\n\r\n", b"Content-Length: 12\r\n\r\n", "does not have the digest"),
        (b"Content-Length: 107\r\n\r\n", b"Content-Length: -9\r\n\r\n", "its Content-Length is '-9'"),
        (b"WARC-Payload-Digest: sha1:", b"WARC-Payload-Digest: sha1:A", "its payload does not have the digest"),
        (b"sequence: 1\r\n", b"sequence: x\r\n", "does not have the digest"),
        (b"WARC/1.1", b"WARC/9.9", "is no version of WARC"),
    ],
)
def test_valid_gzip_does_not_hide_a_changed_record(tmp_path: Path, old: bytes, new: bytes, why: str) -> None:
    written(tmp_path, [page()])
    path = tmp_path / "w-00000.warc.gz"
    assert any(old in member for member in members_of(path))
    rewritten(
        path,
        lambda member: member if member.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo") else member.replace(old, new),
    )
    with pytest.raises(DamagedRecord, match=re.escape(why)):
        list(read_captures(path))


def test_exchanges_out_of_order_are_damage(tmp_path: Path) -> None:
    written(tmp_path, [page(), page(b"other")])
    path = tmp_path / "w-00000.warc.gz"
    warcinfo, *rest = [gzip.compress(member) for member in members_of(path)]
    path.write_bytes(b"".join([warcinfo, rest[0], rest[1], *rest[3:]]))
    with pytest.raises(DamagedRecord, match="the exchange before it lacks its metadata record"):
        list(read_captures(path))


@settings(max_examples=200)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"WARC/1.0\r\n", b"WARC/1.1\r\nContent-Length: 5\r\n\r\n", b"\x1f\x8b\x08"]),
)
def test_any_bytes_are_read_or_refused(noise: bytes, start: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "any.warc")
        _, error = reading(path, start + noise)
        assert error is None or str(error).startswith("any.warc")
        _, error = reading(path, gzip.compress(start + noise))
        assert error is None or str(error).startswith("any.warc")


@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
@pytest.mark.parametrize("form", FORMS)
def test_files_of_other_tools_are_read(tmp_path: Path, version: str, form: str) -> None:
    found, error = reading(tmp_path / "x.warc", FORMS[form](version))
    assert error is None
    assert [(one.url, one.body, one.status) for one in found] == [
        ("http://old.test/1", b"one", 200),
        ("http://old.test/2", b"two", 200),
        ("http://old.test/3", b"one", 200),
    ]
    assert [one.request[:5] for one in found] == [b"GET /", b"", b""]
    assert found[2].header("Age") == "5"
    assert all(one.record_id and one.payload_digest and one.warc == "x.warc" for one in found)
    assert [one.sequence for one in found] == [0, 0, 0]


def test_a_revisit_without_a_head_takes_its_originals(tmp_path: Path) -> None:
    found, _ = reading(tmp_path / "x.warc.gz", foreign("WARC/1.0", zipped=True, revisit_has_head=False))
    assert (found[2].url, found[2].response) == ("http://old.test/3", found[0].response)


def test_a_revisit_finds_its_original_in_another_file_of_the_folder(tmp_path: Path) -> None:
    raw = foreign("WARC/1.1", zipped=True)
    (tmp_path / "x.warc.gz").write_bytes(raw)
    revisit = next(r for r in read_records(tmp_path / "x.warc.gz") if r.type == "revisit")
    alone, _ = reading(tmp_path / "y.warc.gz", raw[revisit.offset :])
    assert [(one.url, one.body, one.truncated) for one in alone] == [("http://old.test/3", b"one", None)]
    (tmp_path / "x.warc.gz").unlink()
    alone, error = reading(tmp_path / "y.warc.gz", raw[revisit.offset :])
    assert error is None
    assert [(one.url, one.body, one.truncated) for one in alone] == [("http://old.test/3", b"", "unspecified")]


@pytest.mark.parametrize("form", [bytes, gzip.compress])
def test_our_own_files_are_read_in_any_form(tmp_path: Path, form: Callable[[bytes], bytes]) -> None:
    done = written(tmp_path, [page(), page(), page(b"other")])
    plain = b"".join(members_of(tmp_path / "w-00000.warc.gz"))
    found, error = reading(tmp_path / "w-00000.warc.gz", form(plain))
    assert error is None
    assert [(one.record_id, one.response) for one in found] == [(one.record_id, one.response) for one in done]


def test_files_joined_end_to_end_are_read(tmp_path: Path) -> None:
    ours = written(tmp_path, [page()])
    raw = (tmp_path / "w-00000.warc.gz").read_bytes()
    found, error = reading(tmp_path / "x.warc.gz", raw + foreign("WARC/1.0", zipped=True) + raw)
    assert error is None
    assert [one.url for one in found][1:-1] == ["http://old.test/1", "http://old.test/2", "http://old.test/3"]
    assert found[0].response == found[-1].response == ours[0].response


@pytest.mark.parametrize("form", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"filedesc://x.arc 0.0.0.0 20090101000000 text/plain 9\n1 0 x\n", "is an ARC file"),
        (b"<!DOCTYPE html><p>Gulls", "is no WARC file: it begins with b'<!DOCTYPE h"),
        (bytes(5000), "is no WARC file"),
    ],
)
def test_what_is_no_warc_is_refused_with_a_clear_word(
    tmp_path: Path, form: Callable[[bytes], bytes], content: bytes, why: str
) -> None:
    found, error = reading(tmp_path / "x.warc.gz", form(content))
    assert found == []
    assert isinstance(error, NotWarc)
    assert why in str(error)


def test_an_empty_file_and_zeros_after_the_end_are_damage(tmp_path: Path) -> None:
    assert isinstance(reading(tmp_path / "x.warc", b"")[1], TornRecord)
    written(tmp_path, [page()])
    path = tmp_path / "w-00000.warc.gz"
    found, error = reading(path, path.read_bytes() + bytes(512))
    assert len(found) == 1
    assert isinstance(error, DamagedRecord)
