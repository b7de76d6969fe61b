"""WARC files as other tools write them, record by record; the pages are our own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable

import brotli

WHEN = "2024-05-06T07:08:09Z"
HTTP_RESPONSE = "application/http; msgtype=response"
HTTP_REQUEST = "application/http; msgtype=request"
IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"

Header = tuple[str, str]
Maker = Callable[[dict[str, bytes]], list[bytes]]

FORMS: dict[str, Callable[[Iterable[bytes]], bytes]] = {
    "gzip": lambda records: b"".join(gzip.compress(record, mtime=0) for record in records),
    "one-member": lambda records: gzip.compress(b"".join(records), mtime=0),
    "plain": b"".join,
}


def sha1(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()


def new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def record(version: str, kind: str, block: bytes, *headers: Header) -> bytes:
    """One WARC record, with the headers that each has."""
    every = [("WARC-Type", kind), *headers, ("Content-Length", str(len(block)))]
    names = {name for name, _ in headers}
    every += [(name, value) for name, value in (("WARC-Record-ID", new_id()), ("WARC-Date", WHEN)) if name not in names]
    return "".join([f"WARC/{version}\r\n", *(f"{name}: {value}\r\n" for name, value in every), "\r\n"]).encode() + (
        block + b"\r\n\r\n"
    )


def answer(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def in_chunks(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def heritrix(pages: dict[str, bytes]) -> list[bytes]:
    """Heritrix 3: DNS answers, response before request, notes of the crawl, revisits without Refers-To."""
    info = b"software: Heritrix/3.4.0-20220727 http://crawler.archive.org\r\nformat: WARC File Format 1.0\r\n\r\n"
    records = [record("1.0", "warcinfo", info, ("WARC-Filename", "x.warc.gz"), ("Content-Type", _FIELDS))]
    dns = b"20240506070809\nwww.lamp.test.\t300\tIN\tA\t192.0.2.7\n"
    records.append(
        record("1.0", "response", dns, ("WARC-Target-URI", "dns:www.lamp.test"), ("Content-Type", "text/dns"))
    )
    for url, page in pages.items():
        framed = in_chunks(page)
        block = answer(framed, "Content-Type: text/html", "Transfer-Encoding: chunked", "Connection: close")
        records += _with_notes(url, "response", block, ("WARC-Payload-Digest", sha1(page)))
    first, page = next(iter(pages.items()))
    told = (("WARC-Payload-Digest", sha1(page)), ("WARC-Profile", IDENTICAL), ("WARC-Truncated", "length"))
    head = answer(b"", "Content-Type: text/html", f"Content-Length: {len(page)}")
    records += _with_notes(f"{first}?again", "revisit", head, *told)
    records += _with_notes(f"{first}?bare", "revisit", b"", *told)
    modified = (("WARC-Profile", NOT_MODIFIED), ("WARC-Truncated", "length"))
    unchanged = answer(b"", 'ETag: "x"', status="304 Not Modified")
    return [*records, *_with_notes(f"{first}?unchanged", "revisit", unchanged, *modified)]


def _with_notes(url: str, kind: str, block: bytes, *headers: Header) -> list[bytes]:
    """What Heritrix writes of one fetch."""
    target, answer_id = ("WARC-Target-URI", url), new_id()
    ip = ("WARC-IP-Address", "192.0.2.7")
    asked = answer(b"", "Host: www.lamp.test").replace(b"HTTP/1.1 200 OK", b"GET / HTTP/1.0", 1)
    note = b"via: https://www.lamp.test/\r\nhopsFromSeed: L\r\noutlink: https://a.test/ L a/@href\r\n\r\n"
    together = ("WARC-Concurrent-To", answer_id)
    return [
        record(
            "1.0", kind, block, target, ip, ("WARC-Record-ID", answer_id), ("Content-Type", HTTP_RESPONSE), *headers
        ),
        record("1.0", "request", asked, target, together, ("Content-Type", HTTP_REQUEST)),
        record("1.0", "metadata", note, target, together, ("Content-Type", _FIELDS)),
    ]


def browser(pages: dict[str, bytes], version: str = "1.1") -> list[bytes]:
    """A crawler that drives a browser: bodies decoded, headers of HTTP/2 as they came, notes of its own."""
    info = b"software: Browser Crawler 1.2.3 (with a browser)\r\nformat: WARC File Format 1.1\r\n"
    records = [record(version, "warcinfo", info, ("WARC-Filename", "x.warc.gz"), ("Content-Type", _FIELDS))]
    for number, (url, page) in enumerate(pages.items()):
        coding = ("gzip", "br")[number % 2]
        sent = gzip.compress(page) if coding == "gzip" else brotli.compress(page)
        lines = (
            "content-type: text/html; charset=utf-8",
            f"content-encoding: {coding}",
            f"content-length: {len(sent)}",
        )
        target, answer_id = ("WARC-Target-URI", url), new_id()
        told = (
            ("WARC-Page-ID", str(uuid.uuid4())),
            ("WARC-JSON-Metadata", '{"ipType":"Public","cert":{"issuer":"R"}}'),
        )
        kept = page if number < 2 else sent  # of some it had the bytes before they were decoded
        block = answer(kept, *lines, status="200 ")
        records.append(
            record(
                version,
                "response",
                block,
                target,
                ("WARC-Record-ID", answer_id),
                ("Content-Type", HTTP_RESPONSE),
                ("WARC-Payload-Digest", f"sha256:{hashlib.sha256(kept).hexdigest()}"),
                ("WARC-Block-Digest", f"sha256:{hashlib.sha256(block).hexdigest()}"),
                ("WARC-Resource-Type", "document"),
                *told,
            )
        )
        asked = b"GET / HTTP/1.1\r\nuser-agent: x\r\n\r\n"
        records.append(
            record(version, "request", asked, target, ("WARC-Concurrent-To", answer_id), ("Content-Type", HTTP_REQUEST))
        )
        info = json.dumps({"pageid": "x", "urls": {url: {"status": 200}}}).encode()
        about = (("WARC-Target-URI", f"urn:pageinfo:{url}"), ("Content-Type", "application/json"))
        records.append(record(version, "resource", info, *about))
        words = (("WARC-Target-URI", f"urn:text:{url}"), ("Content-Type", "text/plain"))
        records.append(record(version, "resource", b"The words of the page.", *words))
    return records


def common_crawl(pages: dict[str, bytes]) -> list[bytes]:
    """Common Crawl's monthly crawl: bodies decoded and unframed, what is no longer true of them renamed."""
    info = b"isPartOf: CC-MAIN-2024-22\r\npublisher: CC\r\nformat: WARC File Format 1.0\r\nrobots: checked\r\n\r\n"
    records = [record("1.0", "warcinfo", info, ("WARC-Filename", "x.warc.gz"), ("Content-Type", _FIELDS))]
    for url, page in pages.items():
        lines = ("content-type: text/html", "X-Crawler-content-encoding: gzip", "X-Crawler-transfer-encoding: chunked")
        block = answer(page, *lines, f"Content-Length: {len(page)}")
        target, answer_id, request_id = ("WARC-Target-URI", url), new_id(), new_id()
        asked = b"GET / HTTP/1.1\r\nUser-Agent: x\r\n\r\n"
        records += [
            record("1.0", "request", asked, target, ("WARC-Record-ID", request_id), ("Content-Type", HTTP_REQUEST)),
            record(
                "1.0",
                "response",
                block,
                target,
                ("WARC-Record-ID", answer_id),
                ("WARC-Concurrent-To", request_id),
                ("WARC-Payload-Digest", sha1(page)),
                ("WARC-Block-Digest", sha1(block)),
                ("WARC-Identified-Payload-Type", "text/html"),
                ("Content-Type", HTTP_RESPONSE),
            ),
            record(
                "1.0",
                "metadata",
                b'fetchTimeMs: 177\r\ncharset-detected: UTF-8\r\nlanguages-cld2: {"reliable":true}\r\n\r\n',
                target,
                ("WARC-Concurrent-To", answer_id),
                ("Content-Type", _FIELDS),
            ),
        ]
    return records


def news_crawl(pages: dict[str, bytes]) -> list[bytes]:
    """Common Crawl's news crawler since May 2019.

    It stores HTTP/2 as HTTP/1.1 without a reason phrase, versions of protocols in one header, and names no record in
    another: a request is the one before its response. What it has no headers of is a resource.
    """
    records = [_of_news_crawl("warcinfo", _ABOUT_NEWS, ("WARC-Filename", "CC-NEWS-20240506070809-00042.warc.gz"))]
    for number, (url, page) in enumerate(pages.items()):
        target, ip = ("WARC-Target-URI", url), ("WARC-IP-Address", "2001:db8::7")
        asked = b"GET / HTTP/1.1\r\nUser-Agent: NewsBot\r\nHost: www.lamp.test\r\nAccept-Encoding: gzip\r\n\r\n"
        records.append(_of_news_crawl("request", asked, ip, target, ("Content-Type", HTTP_REQUEST)))
        sent = len(gzip.compress(page))
        lines, status, protocol = (
            (
                ["Content-Type: text/html", "X-Crawler-Transfer-Encoding: chunked", "X-Crawler-Content-Encoding: gzip"],
                "200 OK",
                "http/1.1,TLS_1_2,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            ),
            (
                [
                    "content-type: text/html; charset=utf-8",
                    f"X-Crawler-content-length: {sent}",
                    f"Content-Length: {len(page)}",
                    "X-Crawler-content-encoding: gzip",
                ],
                "200 ",
                "h2,TLS_1_3,TLS_AES_128_GCM_SHA256",
            ),
        )[number % 2]
        block = answer(page, *lines, status=status)
        told = (("WARC-Protocol", protocol), ("WARC-Payload-Digest", sha1(page)))
        records.append(_of_news_crawl("response", block, ip, target, ("Content-Type", HTTP_RESPONSE), *told))
        note = b"isSitemapNews: false\r\nfeed.publishedDate: Mon, 06 May 2024 06:00:00 GMT\r\n"
        records.append(_of_news_crawl("metadata", note, ip, target, ("Content-Type", _FIELDS)))
    target = ("WARC-Target-URI", "https://www.lamp.test/robots.txt")
    return [*records, _of_news_crawl("resource", b"User-agent: *", target, ("Content-Type", "text/plain"))]


def early_news_crawl(pages: dict[str, bytes]) -> list[bytes]:
    """The same before that: bodies decoded under the very headers with which they were sent, and responses alone."""
    records = [_of_news_crawl("warcinfo", _ABOUT_NEWS, ("WARC-Filename", "CC-NEWS-20170506070809-00042.warc.gz"))]
    for number, (url, page) in enumerate(pages.items()):
        framing = ("Transfer-Encoding: chunked", f"Content-Length: {len(gzip.compress(page))}")[number % 2]
        block = answer(page, "Content-Type: text/html", "Content-Encoding: gzip", framing)
        told = (("WARC-Target-URI", url), ("Content-Type", HTTP_RESPONSE), ("WARC-Payload-Digest", sha1(page)))
        records.append(_of_news_crawl("response", block, *told))
    return records


def _of_news_crawl(kind: str, block: bytes, *headers: Header) -> bytes:
    """One record with its fields in that crawler's order."""
    about = [("WARC-Record-ID", new_id()), ("Content-Length", str(len(block))), ("WARC-Date", WHEN)]
    every = [*about, ("WARC-Type", kind), *headers]
    every += [("WARC-Block-Digest", sha1(block))] if kind != "warcinfo" else [("Content-Type", _FIELDS)]
    return "".join(["WARC/1.0\r\n", *(f"{name}: {value}\r\n" for name, value in every), "\r\n"]).encode() + (
        block + b"\r\n\r\n"
    )


_FIELDS = "application/warc-fields"
_ABOUT_NEWS = b"software: StormCrawler 2.10\r\nisPartOf: CC-NEWS\r\nformat: WARC File Format 1.0\r\nrobots: obey\r\n"
UNLINKED = {"news-crawl", "news-crawl-2017"}  # whose responses name no request
TOOLS: dict[str, Maker] = {
    "heritrix": heritrix,
    "browser": browser,
    "browser-1.0": lambda pages: browser(pages, "1.0"),
    "common-crawl": common_crawl,
    "news-crawl": news_crawl,
    "news-crawl-2017": early_news_crawl,
}
