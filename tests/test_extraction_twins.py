"""A story's other forms give the same article; real pages that are mutated anyhow give an answer."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.capture import Capture
from crawler.article import Article, NoArticle
from crawler.extraction import extract
from tests.running import SHARED
from tests.samples import NOON
from tests.test_generic import BODY, EVERY, PARAGRAPHS, TITLE, article, json_ld, page

CANONICAL = "<link rel='canonical' href='https://vellum.test/2026/lamp'>"
FACTS = json_ld(author={"@type": "Person", "name": "Lena Moor"}, datePublished="2026-02-20T06:00:00Z")
STORY = page(f"<article>{BODY}</article>", CANONICAL + FACTS)
AMP = (
    f"<!doctype html><html ⚡ lang='en'><head><title>{TITLE} | Vellum Post</title>{CANONICAL}{FACTS}"
    "<style amp-boilerplate>body{visibility:hidden}</style></head><body><amp-analytics></amp-analytics>"
    "<amp-sidebar id='menu'><ul><li><a href='/'>Vellum Post</a></li></ul></amp-sidebar>"
    f"<article><h1>{TITLE}</h1><amp-img src='/lamp.jpg' alt='x'></amp-img>{BODY}<amp-ad type='x'></amp-ad></article>"
    "<amp-consent><p>We use cookies to light our lamps.</p></amp-consent></body></html>"
)
PRINT = (
    f"<html lang='en'><head><title>{TITLE} - print view</title>{CANONICAL}{FACTS}<meta name='robots' content='noindex'>"
    f"</head><body onload='print()'><h1>{TITLE}</h1><div>{BODY}</div><hr><p>© 2026 Vellum Post</p></body></html>"
)
XHTML = '<?xml version="1.0" encoding="utf-8"?>' + STORY.replace(
    "<html lang='en'>",
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:og="http://ogp.me/ns#" xml:lang="en" lang="en">',
)
PIECES = (b"", b"<", b"</div>", b"<p>", b"\x00", b"\xff\xfe", b"'", b"</script>", b"<!--")


@pytest.mark.parametrize("twin", [AMP, PRINT, XHTML], ids=["AMP", "print", "XHTML"])
def test_a_twin_gives_the_same_article(twin: str) -> None:
    one, other = article(STORY), article(twin)
    assert other.text.split("\n\n") == PARAGRAPHS
    assert (other.title, other.authors, other.published, other.canonical_url, other.language) == (
        *(one.title, one.authors, one.published, one.canonical_url, one.language),
    )


@pytest.mark.parametrize(
    "lie",
    [
        {"headline": "Win a lamp today"},
        {"articleBody": "Buy lamps here. " * 40},
        {"datePublished": "0000-00-00T99:99:99Z"},
        {"datePublished": ["soon", {"x": 1}], "author": [None, 7, {"name": {"name": ["Lena Moor"]}}]},
        {"author": {"@type": "Person", "name": "x" * 100_000}},
        {"inLanguage": {"name": 3}, "image": [[[]]], "keywords": {"a": "b"}, "articleSection": [None]},
    ],
    ids=["headline", "body", "date", "shapes", "length", "types"],
)
def test_json_ld_that_lies_changes_no_paragraph_and_no_headline(lie: dict[str, object]) -> None:
    found = article(page(f"<article>{BODY}</article>", json_ld(**lie)))
    assert (found.title, found.text.split("\n\n")) == (TITLE, PARAGRAPHS)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real pages in {SHARED}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_mutation_of_a_real_page_raises(data: st.DataObject) -> None:
    capture = Capture(url="https://vellum.test/2026/lamp", started=NOON)
    paths = sorted((SHARED / "pages").glob("*/*.html.gz"))
    raw = bytearray(gzip.decompress(data.draw(st.sampled_from(paths)).read_bytes()))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw)))
        end = min(len(raw), start + data.draw(st.integers(0, 5000)))
        raw[start:end] = data.draw(st.sampled_from(PIECES)) + (raw[:200] if data.draw(st.booleans()) else b"")
    assert isinstance(extract(bytes(raw), capture, EVERY, "vellum"), Article | NoArticle)
