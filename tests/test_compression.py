"""Each record is one gzip member that anybody reads, whichever compressor made it."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.compression import gzip_member, gzip_reader

CHANCE = random.Random(7)
MARKUP = b"".join(b'<li class="teaser"><a href="/a-%d">Gulls %d</a></li>\n' % (n, n * n) for n in range(2000))
WORDS = " ".join("".join(CHANCE.choices("aeioulnrstmdk", k=2 + n % 9)) for n in range(9000)).encode()
PACKED = CHANCE.randbytes(60_000)
SHORT = b"WARC/1.1\r\n" * 5
WITHOUT = (
    "import sys; sys.modules[{!r}] = None; from archive.compression import *; print(gzip_member(b'a' * 50_000).hex())"
)


@pytest.mark.parametrize(
    "content", [MARKUP, WORDS, PACKED, SHORT, b""], ids=["markup", "words", "packed", "short", "no"]
)
def test_a_member_gives_its_content_back_and_is_the_same_every_time(content: bytes) -> None:
    member = gzip_member(content)
    assert gzip.decompress(member) == content
    assert gzip_member(bytes(bytearray(content))) == member
    reader = gzip_reader()
    assert reader.decompress(member + b"next") == content
    assert (reader.eof, reader.unused_data) == (True, b"next")


@given(st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 3000)), max_size=8))
def test_a_member_gives_any_content_back(pieces: list[tuple[bytes, int]]) -> None:
    content = b"".join(piece * times for piece, times in pieces)
    assert gzip.decompress(gzip_member(content)) == content


def test_what_cannot_shrink_hardly_grows_and_markup_is_nearly_as_small_as_zlib_makes_it() -> None:
    assert len(gzip_member(PACKED)) < len(PACKED) * 1.01
    assert len(gzip_member(MARKUP)) < len(gzip.compress(MARKUP, 9)) * 1.06


@pytest.mark.parametrize("missing", ["isal", "deflate"])
def test_without_a_compressor_another_takes_its_place(missing: str) -> None:
    code = WITHOUT.format(missing)
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert gzip.decompress(bytes.fromhex(made.stdout)) == b"a" * 50_000
