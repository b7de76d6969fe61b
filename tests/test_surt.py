"""The key of a URL is the one that pywb and cdxj-indexer compute."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.surt import surt

RFERL = Path(__file__).parents[2] / "shared" / "data" / "sitemaps" / "rferl"
HEX = "0123456789abcdef0123456789ABCDEF"
ASP = "4hqa0555fwsecu455xqckv45"

# Keys that the package `surt` 0.3.1 gave when it was asked, URL by URL.
SITES = [
    ("http://news.test", "test,news)/"),
    ("HTTPS://www.News.TEST/", "test,news)/"),
    ("http://www2.news.test/", "test,news)/"),
    ("http://www.www.news.test/", "test,news,www)/"),
    ("http://wwww.news.test/", "test,news,wwww)/"),
    ("http://www/", "www)/"),
    ("http://www.test/", "test)/"),
    ("http://user:pass@sub.news.test./a", "test,news,sub)/a"),
    ("http://a@b@news.test/", "test,news)/"),
    ("http://news.test:80/", "test,news)/"),
    ("https://news.test:443/", "test,news)/"),
    ("https://news.test:80/", "test,news:80)/"),
    ("http://news.test:443/", "test,news:443)/"),
    ("http://news.test:/", "test,news)/"),
    ("http://news.test:08080/", "test,news:8080)/"),
    ("http://127.0.0.1:8080/a", "1,0,0,127:8080)/a"),
    ("http://[2001:DB8::1]/a", "2001:db8::1)/a"),
    ("http://[::1]:8080/", "::1:8080)/"),
    ("http://www.BÜCHER.test/", "test,xn--bcher-kva)/"),
    ("http://xn--bcher-kva.test/", "test,xn--bcher-kva)/"),
    ("http://b%C3%BCcher.test/", "test,xn--bcher-kva)/"),
    ("http://日本。test:8080/", "test,xn--wgv71a:8080)/"),
    ("http://אa.test/", "test,%d7%90a)/"),
    ("http://ne ws_1.test/", "test,ne%20ws_1)/"),
    ("//news.test/a", "test,news)/a"),
    ("news.test/a", "test,news)/a"),
    ("http:/news.test/a", "test,news)/a"),
    ("http:news.test/a", "test,news)/a"),
    ("http://http://news.test/a", "test,news)/a"),
    (" \thttp://ne\nws.test/a ", "test,news)/a"),
    ("ftp://news.test:21/A", "test,news:21)/a"),
    ("file:///A/B", "file:/a/b"),
    ("dns:WWW.news.test", "dns:www.news.test"),
    ("urn:X:Y?b&A", "urn:x:y?a&b"),
    ("screenshot:http://www.News.test/A/?b&a", "screenshot:http://www.news.test/a?a&b"),
    ("", "-"),
]
PATHS = [
    ("/A/b/", "/a/b"),
    ("//a///b", "/a/b"),
    ("/./a/../b", "/b"),
    ("/a/..", "/"),
    ("/../a", "/../a"),
    ("/a/../../b", "/../b"),
    ("/a//../b", "/a/b"),
    ("/a/%2e%2E/b%2f", "/b"),
    ("/a/.../b", "/a/.../b"),
    ("/a#b?c/d", "/a"),
    ("#a", "/"),
    ("/a b+c%20d", "/a%20b+c%20d"),
    ("/%41%7e%23%25", "/a~%23%25"),
    ("/%252541%25zz%", "/a%25zz%25"),
    ("/%2%35%34%31", "/a"),
    ("/%C3%89É%e9", "/%c3%89%c3%89%e9"),
    ("/你%00\x7f", "/%e4%bd%a0%00%7f"),
    ("/!$&'()*,-:;=@_~\"<>\\^`{|}[]", "/!$&'()*,-:;=@_~\"<>\\^`{|}[]"),
    ("/index.html", "/index.html"),
    ("/a%3fb?d&c", "/a?b?c&d"),
    (f"/a;jsessionid={HEX}", f"/a;jsessionid={HEX.lower()}"),
    (f"/x/(S({ASP}))/A.aspx", "/x/a.aspx"),
    (f"/x/(a({ASP})f({ASP}))/b/c.aspx?d", "/x/b/c.aspx?d"),
    (f"/({ASP})/a.ASPX", "/a.aspx"),
    (f"/({ASP})/({ASP})/a.aspx", f"/({ASP})/a.aspx"),
    (f"/({ASP})/.aspx", f"/({ASP})/.aspx"),
    (f"/({ASP})/a.html", f"/({ASP})/a.html"),
]
QUERIES = [
    ("", ""),
    ("b=2&a=1", "?a=1&b=2"),
    ("B=X&a=Y", "?a=y&b=x"),
    ("a=2&a=10&a&a=", "?a&a=&a=10&a=2"),
    ("a=1&a!=1&ab=1&a%20=1", "?a=1&a!=1&a%20=1&ab=1"),
    ("b=~&b=z&b=%C3%A9", "?b=%c3%a9&b=z&b=~"),
    ("b=1&", "?&b=1"),
    ("&", "?&"),
    ("a=1;b=2", "?a=1;b=2"),
    ("q=%20+%2b %26x=1", "?q=%20++%20&x=1"),
    ("u=http%3A%2F%2Fa.test//B/../c/", "?u=http://a.test//b/../c/"),
    ("utm_source=x", "?utm_source=x"),
    (f"jsessionid={HEX}", ""),
    (f"PHPSESSID={HEX}&b=1", "?b=1"),
    (f"a=1&sid={HEX}&b=1", "?a=1&b=1"),
    (f"a=1&sid={HEX}", "?&a=1"),
    (f"sid={HEX}&phpsessid={HEX}&jsessionid={HEX}", ""),
    (f"sid={'a' * 32}&sid={'b' * 32}", f"?&sid={'a' * 32}"),
    (f"sid={HEX}0", f"?sid={HEX.lower()}0"),
    (f"twsid={HEX}&a", "?twa"),
    ("sid=12&phpsessid=short", "?phpsessid=short&sid=12"),
    ("ASPSESSIONIDABCDEFGH=ABCDEFGHIJKLMNOPQRSTUVWX&b", "?b"),
    ("ASPSESSIONIDABCDEF12=ABCDEFGHIJKLMNOPQRSTUVWX", "?aspsessionidabcdef12=abcdefghijklmnopqrstuvwx"),
    ("CFID=12&CFTOKEN=3-4&b", "?b"),
    ("cfid=12&b&cftoken=3", "?b&cfid=12&cftoken=3"),
    ("cfid=&cftoken=", "?cfid=&cftoken="),
]


@pytest.mark.parametrize(("url", "key"), SITES)
def test_a_site_is_known_by_its_name_from_the_last_label_on(url: str, key: str) -> None:
    assert surt(url) == key


@pytest.mark.parametrize(("path", "key"), PATHS)
def test_a_path_is_known_however_it_is_written(path: str, key: str) -> None:
    assert surt("https://news.test" + path) == "test,news)" + key


@pytest.mark.parametrize(("query", "key"), QUERIES)
def test_a_query_is_known_in_any_order_and_session(query: str, key: str) -> None:
    assert surt("https://news.test/a?" + query) == "test,news)/a" + key


# Keys of our own: the package refuses these, or answers what nobody would look for.
@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://news.test:port/a", "test:port,news)/a"),
        ("http://news.test:99999/a", "test,news:99999)/a"),
        ("http://news.test:" + "9" * 5000 + "/a", "test,news:" + "9" * 5000 + ")/a"),
        ("http://news.test/\ud800", "test,news)/%ed%a0%80"),
        ("http://2130706433/", "2130706433)/"),
        ("http://", "http:"),
        ("https://:443/?a", "https:?a"),
        (" \r\n", "-"),
        ("#a", "-"),
    ],
)
def test_what_is_no_url_has_a_key_too(url: str, key: str) -> None:
    assert surt(url) == key


@given(
    st.text(max_size=60) | st.text(st.sampled_from("/.:@?#&=%25a1[]()é \\"), max_size=60),
    st.sampled_from(["", "http://", "https://news.test/", "http://news.test/?", "urn:"]),
)
def test_any_text_has_a_key_of_printed_ascii(text: str, start: str) -> None:
    assert re.fullmatch(r"[!-~]+", surt(start + text))


words = st.text("abcXYZ09-_.~%20é", min_size=1, max_size=8).map(lambda word: word.replace("%", "%25"))
fields = st.lists(st.tuples(words, words).map("=".join), min_size=1, max_size=5)


@given(fields, st.randoms())
def test_a_key_is_the_same_whatever_the_order_of_the_fields(some: list[str], chance: Random) -> None:
    shuffled = chance.sample(some, len(some))
    assert surt("http://news.test/?" + "&".join(shuffled)) == surt("http://news.test/?" + "&".join(some))


@given(st.lists(words, max_size=4), fields)
def test_a_key_asked_again_as_a_url_is_itself(steps: list[str], some: list[str]) -> None:
    tail = surt("http://news.test/" + "/".join(steps) + "?" + "&".join(some)).removeprefix("test,news)")
    assert surt("https://www2.news.test:443" + tail + "#top") == "test,news)" + tail


# A road that is quadratic in the length stands for minutes at one of these.
@pytest.mark.parametrize(
    ("start", "again"),
    [
        ("http://news.test/", "%25"),
        ("http://news.test/", "../"),
        ("http://news.test/", f"({ASP})/"),
        ("http://news.test/", f"/(a({ASP})"),
        ("http://news.test/?", "cfid="),
        ("http://news.test/?", "cfid=1&cftoken="),
        ("http://news.test/?", f"sid={HEX[1:]}"),
        ("http://", "é"),
        ("http://", "é."),
        ("http://", "".join(map(chr, range(0x4E00, 0x9E00)))),
        ("http://", ":1"),
        ("", "http://"),
        ("", "a:"),
    ],
)
def test_a_very_long_url_has_its_key_in_time(start: str, again: str) -> None:
    assert surt(start + again * (400_000 // len(again))).isascii()


@pytest.mark.skipif(not RFERL.is_dir(), reason=f"the real sitemaps are not at {RFERL}")
def test_each_article_of_a_real_sitemap_has_a_key_of_its_own() -> None:
    text = gzip.decompress((RFERL / "sitemap_8_1.xml.gz").read_bytes()).decode()
    urls = set(re.findall(r"<loc>(https://www\.rferl\.org/a/[^<]+)</loc>", text))
    keys = {surt(url) for url in urls}
    assert len(keys) == len(urls) > 1000
    assert all(key.startswith("org,rferl)/a/") for key in keys)
