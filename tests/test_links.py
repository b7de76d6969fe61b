"""What a URL tells by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.links import absolute_url, clean_url, looks_like_article, same_site, site_of, url_date

PIECES = st.sampled_from(
    ["/",
     "//", "/amp", "/amp/", "amp.", "_amp.html", ".amp", "/../", "/./", "..", "%2e", "%2F", "%e9", "%", "%4", "%25",
     "?", "&", "=", "utm_source=x", "amp", "outputType=amp", "#", ":443", ":80", "@", "é", "مرحبا", "straße.test", " ",
     "\t", "a", "A", "123.html", ";jsessionid=1", "/(S(a))", ";sid=", "sid=0123456789abcdefghijklmnop", "[::1]", "[",
     "]", ";", "\ud800", "\x00", "www.Beispiel.test"]
)  # fmt: skip
URLISH = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map(lambda pieces: "http://" + "".join(pieces)))


@pytest.mark.parametrize(
    ("given_url", "clean"),
    [
        ("https://news.lake.test/a?utm_source=x&id=7&fbclid=y#top", "https://news.lake.test/a?id=7"),
        ("https://news.lake.test/a?b=2&a=1&b=2", "https://news.lake.test/a?b=2&a=1&b=2"),
        ("HTTPS://News.Lake.TEST:443", "https://news.lake.test/"),
        ("http://news.lake.test:8080/a/", "http://news.lake.test:8080/a/"),
        ("https://news.lake.test/%7euser/%c3%a9t%C3%A9/a%2fb", "https://news.lake.test/~user/%C3%A9t%C3%A9/a%2Fb"),
        ("https://news.lake.test/été à la mer", "https://news.lake.test/%C3%A9t%C3%A9%20%C3%A0%20la%20mer"),
        ("https://news.lake.test/100%/x", "https://news.lake.test/100%25/x"),
        ("https://straße.test/x", "https://xn--strae-oqa.test/x"),
        ("https://news.lake.test/a/../b/./c", "https://news.lake.test/b/c"),
        ("https://news.lake.test/a?", "https://news.lake.test/a"),
        ("  https://news.lake.test/lo\nng  ", "https://news.lake.test/long"),
        ("https://news.lake.test/2023/06/19/slug/amp/", "https://news.lake.test/2023/06/19/slug/"),
        ("https://news.lake.test/slug/amp", "https://news.lake.test/slug"),
        ("https://news.lake.test/amp/slug/33390703.html", "https://news.lake.test/a/slug/33390703.html"),
        ("https://news.lake.test/amp/25134362.html", "https://news.lake.test/a/25134362.html"),
        ("https://news.lake.test/amp/Top/2020/04/21/Slug/1941/", "https://news.lake.test/Top/2020/04/21/Slug/1941/"),
        ("https://amp.lake.test/en/slug/a-4206592", "https://www.lake.test/en/slug/a-4206592"),
        ("https://news.lake.test/slug.amp.html", "https://news.lake.test/slug.html"),
        ("https://news.lake.test/slug?amp", "https://news.lake.test/slug"),
        ("https://news.lake.test/slug?outputType=amp", "https://news.lake.test/slug"),
        ("https://news.lake.test/amplifiers/the-amp", "https://news.lake.test/amplifiers/the-amp"),
        ("https://news.lake.test/a;jsessionid=1A2B.node3?id=7", "https://news.lake.test/a?id=7"),
        ("https://news.lake.test/(S(x1a2b3))/slug.aspx", "https://news.lake.test/slug.aspx"),
        ("https://news.lake.test/a?PHPSESSID=1&ASPSESSIONIDQQ=x&id=7", "https://news.lake.test/a?id=7"),
        ("https://news.lake.test/a?sid=0123456789abcdef0123456789", "https://news.lake.test/a"),
        ("https://news.lake.test/a?sid=4711&b=(S(x))", "https://news.lake.test/a?sid=4711&b=(S(x))"),
        ("https://news.lake.test/slug-(sic);part=2", "https://news.lake.test/slug-(sic);part=2"),
        ("https://[::1]:443/x", "https://[::1]/x"),
        ("mailto:desk@lake.test", "mailto:desk@lake.test"),
        ("http://[bad", "http://[bad"),
        ("http://lake.test:99999/", "http://lake.test:99999/"),
    ],
)  # fmt: skip
def test_a_page_is_known_under_one_url(given_url: str, clean: str) -> None:
    assert clean_url(given_url) == clean


def test_an_outlet_names_tracking_parameters_of_its_own() -> None:
    url = "https://www.lake.test/Top_News/2020/06/02/Slug/5951591096889/?TT=1&sl=2&page=3"
    assert clean_url(url, ("tt", "sl")) == "https://www.lake.test/Top_News/2020/06/02/Slug/5951591096889/?page=3"


@given(URLISH)
@example("http://a.test/%2e%2e/amp/%61mp/")
@example("http://a.test/..amp")
@example("http://a.test/x/..;jsessionid=1/(S(a))/amp;sid=")
@example("http://amp.amp.amp.test/amp/amp/1.html")
def test_cleaning_twice_changes_nothing_more(url: str) -> None:
    once = clean_url(url)
    assert clean_url(once) == once


@given(URLISH, URLISH)
def test_any_text_is_a_link_or_none(href: str, base: str) -> None:
    url = absolute_url(href, base)
    if url is not None:
        assert url.lower().startswith(("http:", "https:"))
        clean_url(url)
        looks_like_article(url)
        url_date(url)
        same_site(url, url)


@pytest.mark.parametrize(
    "href",
    ["", "#top", "mailto:a@lake.test", "javascript:void(0)", "http://", "http://[x", "http://lake.test:x/", "data:,x"],
)
def test_what_leads_to_no_other_page_is_no_link(href: str) -> None:
    assert absolute_url(href, "about:blank") is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://lake.test/2014/05/19/slug.html", date(2014, 5, 19)),
        ("https://lake.test/world/2014/may/9/slug", date(2014, 5, 9)),
        ("https://lake.test/en/20140331-slug", date(2014, 3, 31)),
        ("https://lake.test/story/2023-06-26/slug", date(2023, 6, 26)),
        ("https://lake.test/news/2025-01-31-slug", date(2025, 1, 31)),
        ("https://lake.test/en/20130412-2013-04-11-slug", date(2013, 4, 12)),
        ("https://lake.test/2018/04/slug.html", None),
        ("https://lake.test/en/201504010-slug", None),  # nine digits
        ("https://lake.test/20140519", None),  # as likely a number
        ("https://lake.test/2014/13/45/slug", None),
        ("https://lake.test/looking-back-at-2012-01-05", None),
        ("https://lake.test/a?from=/2014/05/19/", None),
    ],
)
def test_a_url_tells_its_day_only_where_it_is_plain(url: str, day: date | None) -> None:
    assert url_date(url) == day


@pytest.mark.parametrize(
    ("url", "article"),
    [
        ("https://lake.test/news/ferry-runs-aground-off-the-pier", True),
        ("https://lake.test/story/3000000218734/x", True),
        ("https://lake.test/2018/04/krokodil.html", True),
        ("https://lake.test/weather/2024/04/26/storm", True),
        ("https://lake.test/?p=4711", True),
        ("https://lake.test/news/%E6%B9%96%E4%B8%8A%E6%B8%A1%E8%BC%AA%E6%90%81%E6%B7%BA%E4%BA%8B%E6%95%85", True),
        ("https://lake.test/", False),
        ("https://lake.test/news/europe/", False),
        ("https://lake.test/tag/ferry-runs-aground-off-the-pier", False),
        ("https://lake.test/author/12345-jo-marlow", False),
        ("https://lake.test/login?id=12345", False),
        ("https://lake.test/2024/04/26/chart.png", False),
    ],
)
def test_articles_are_told_by_the_looks_of_their_urls(url: str, article: bool) -> None:
    assert looks_like_article(url) is article


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("rss.upi.com", "upi.com"),
        ("news.lake.co.uk", "lake.co.uk"),
        ("a.lake.test", "lake.test"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("", ""),
    ],
)
def test_hosts_of_one_registrable_domain_are_one_site(host: str, site: str) -> None:
    assert site_of(host) == site
