"""The newsroom's server, asked by clients that are not ours."""

from __future__ import annotations

import csv
import gzip
import http.client
import os
import socket
import ssl
import string
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom import Answer, Newsroom, Pages, Request
from newsroom.answers import in_turn, packed, validated
from newsroom.messages import RequestError, read_head

HOST = "www.harbour.test"
REAL_PAGES = Path(__file__).parents[2] / "shared" / "data" / "pages"
PAGE = b"<html><p>The lighthouse was painted.</p></html>"


@contextmanager
def straight(newsroom: Newsroom) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def tunnelled(newsroom: Newsroom, host: str) -> Iterator[http.client.HTTPSConnection]:
    context = ssl.create_default_context(cafile=str(newsroom.certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", newsroom.port, timeout=10, context=context)
    connection.set_tunnel(host)
    try:
        yield connection
    finally:
        connection.close()


def fetch(connection: http.client.HTTPConnection, target: str, **headers: str) -> http.client.HTTPResponse:
    connection.request("GET", target, headers={"Host": HOST, **headers})
    return connection.getresponse()


def one(answer: Answer) -> Newsroom:
    return Newsroom({HOST: Pages({"/": answer})})


def wire(newsroom: Newsroom, request: bytes) -> bytes:
    """All that comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", newsroom.port), timeout=10) as plug:
        plug.sendall(request)
        plug.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: plug.recv(65536), b""))


def test_a_page_is_served_under_its_real_name_through_the_proxy() -> None:
    with Newsroom.for_pages({f"https://{HOST}/a?b=1": PAGE}) as newsroom, straight(newsroom) as client:
        response = fetch(client, f"http://{HOST}/a?b=1")
        assert (response.status, response.read()) == (200, PAGE)
        assert [exchange.request.url for exchange in newsroom.log] == [f"http://{HOST}/a?b=1"]


def test_a_page_is_served_over_tls_under_its_real_name() -> None:
    with Newsroom.for_pages({f"https://{HOST}/a": PAGE}) as newsroom, tunnelled(newsroom, HOST) as client:
        for _ in range(3):
            response = fetch(client, "/a")
            assert (response.status, response.read()) == (200, PAGE)
        assert [exchange.request.url for exchange in newsroom.log] == [f"https://{HOST}/a"] * 3


def test_a_page_is_served_without_a_proxy_by_its_host_header() -> None:
    with Newsroom.for_pages({f"https://{HOST}/": PAGE}) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/").read() == PAGE


def test_a_certificate_holds_for_no_other_host() -> None:
    with Newsroom.for_pages({f"https://{HOST}/": PAGE}) as newsroom:
        context = ssl.create_default_context(cafile=str(newsroom.certificate))
        with socket.create_connection(("127.0.0.1", newsroom.port), timeout=10) as plug:
            plug.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
            assert plug.recv(1000).startswith(b"HTTP/1.1 200")
            with pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(plug, server_hostname="www.other.test")


def test_a_crawler_needs_only_the_environment() -> None:
    script = "import sys, urllib.request as u; sys.stdout.buffer.write(u.urlopen(sys.argv[1], timeout=10).read())"
    with Newsroom.for_pages({f"https://{HOST}/a": PAGE}) as newsroom:
        environment = {**os.environ, "no_proxy": "", **newsroom.environment}
        command = [sys.executable, "-c", script, f"https://{HOST}/a"]
        assert subprocess.run(command, env=environment, capture_output=True, check=True).stdout == PAGE


def test_an_unknown_host_is_502_in_plain_words() -> None:
    with Newsroom({}) as newsroom:
        with straight(newsroom) as client:
            response = fetch(client, "http://nowhere.test/")
            assert response.status == 502
            assert b"nowhere.test" in response.read()
        with tunnelled(newsroom, "nowhere.test") as client, pytest.raises(OSError, match="502"):
            fetch(client, "/")


def test_robots_txt_is_404_where_none_was_given() -> None:
    with Newsroom.for_pages({f"https://{HOST}/": PAGE}) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/robots.txt").status == 404


def test_a_url_in_any_script_is_found_in_the_form_that_clients_send() -> None:
    with Newsroom.for_pages({f"https://{HOST}/новости/é": PAGE}) as newsroom, straight(newsroom) as client:
        target = "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%C3%A9"
        assert fetch(client, target).read() == PAGE


@pytest.mark.skipif(not REAL_PAGES.exists(), reason=f"{REAL_PAGES} is not there")
def test_real_pages_are_served_under_their_real_urls() -> None:
    with (REAL_PAGES / "index.tsv").open(encoding="utf-8") as table:
        files = {row["url"]: REAL_PAGES / row["file"] for row in csv.DictReader(table, delimiter="\t") if row["url"]}
    pages = {url: gzip.decompress(path.read_bytes()) for url, path in files.items()}
    with Newsroom.for_pages(pages) as newsroom, straight(newsroom) as client:
        for url, page in pages.items():
            assert fetch(client, quote(url.replace("https:", "http:"), safe=string.punctuation)).read() == page, url
        assert len(newsroom.log) == len(pages) > 40


def test_a_connection_is_kept_for_several_requests() -> None:
    with one(Answer(body=PAGE)) as newsroom, straight(newsroom) as client:
        sockets = set()
        for _ in range(4):
            assert fetch(client, "/").read() == PAGE
            sockets.add(client.sock)
        assert len(sockets) == 1


def test_headers_go_out_in_their_order_and_case_with_repeats() -> None:
    headers = (("X-b", "1"), ("x-A", "2"), ("X-b", "3"))
    with one(Answer(reason="Fine, thanks", headers=headers, body=b"hi")) as newsroom:
        sent = wire(newsroom, b"GET / HTTP/1.1\r\nHost: www.harbour.test\r\n\r\n")
        assert sent == b"HTTP/1.1 200 Fine, thanks\r\nX-b: 1\r\nx-A: 2\r\nX-b: 3\r\nContent-Length: 2\r\n\r\nhi"
        assert newsroom.log[0].sent == sent


def test_the_log_holds_the_request_byte_for_byte() -> None:
    request = b"POST /?q=1 HTTP/1.1\r\nhOST: www.harbour.test\r\nContent-Length: 3\r\n\r\nabc"
    with one(Answer(body=PAGE)) as newsroom:
        wire(newsroom, request)
        logged = newsroom.log[0].request
        assert (logged.raw, logged.body, logged.method, logged.target) == (request, b"abc", "POST", "/?q=1")
        assert logged.header("Host") == HOST


def test_a_chunked_body_arrives_whole() -> None:
    with one(Answer(body=PAGE, chunk=7)) as newsroom, straight(newsroom) as client:
        response = fetch(client, "/")
        assert response.headers["Transfer-Encoding"] == "chunked"
        assert response.read() == PAGE


def test_head_204_and_304_carry_no_body() -> None:
    for answer, method in ((Answer(body=PAGE), "HEAD"), (Answer(status=204), "GET"), (Answer(status=304), "GET")):
        with one(answer) as newsroom:
            sent = wire(newsroom, f"{method} / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            assert sent.endswith(b"\r\n\r\n")


def test_a_truncated_body_is_seen_as_such() -> None:
    for answer in (Answer(body=PAGE, cut=20), Answer(body=PAGE, chunk=16, cut=30)):
        with one(answer) as newsroom, straight(newsroom) as client:
            response = fetch(client, "/")
            with pytest.raises(http.client.IncompleteRead):
                response.read()


def test_a_reset_is_a_reset() -> None:
    reset = Answer(raw=b"", ending="reset")
    with one(reset) as newsroom, straight(newsroom) as client, pytest.raises(ConnectionResetError):
        fetch(client, "/")


def test_raw_bytes_go_out_verbatim() -> None:
    raw = b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200\r\nno colon\r\n folded\r\n\r\nrest"
    with one(Answer(raw=raw, ending="close")) as newsroom:
        assert wire(newsroom, b"GET / HTTP/1.1\r\nHost: www.harbour.test\r\n\r\n") == raw


def test_a_dripped_body_arrives_whole() -> None:
    with one(Answer(body=b"drop", drip=0.001)) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/").read() == b"drop"


def test_a_503_recovers() -> None:
    site = Pages({"/": in_turn(Answer(status=503, headers=(("Retry-After", "0"),)), Answer(body=PAGE))})
    with Newsroom({HOST: site}) as newsroom, straight(newsroom) as client:
        statuses = []
        for _ in range(3):
            response = fetch(client, "/")
            response.read()
            statuses.append(response.status)
        assert statuses == [503, 200, 200]


def test_a_body_is_packed_as_the_client_takes_it() -> None:
    site = Pages({"/": lambda request: packed(Answer(body=PAGE), request)})
    with Newsroom({HOST: site}) as newsroom, straight(newsroom) as client:
        response = fetch(client, "/", **{"Accept-Encoding": "gzip"})
        assert gzip.decompress(response.read()) == PAGE
        assert fetch(client, "/", **{"Accept-Encoding": "gzip, br"}).headers["Content-Encoding"] == "br"


def test_a_copy_that_is_still_good_is_not_sent_again() -> None:
    site = Pages({"/": lambda request: validated(Answer(body=PAGE), request)})
    with Newsroom({HOST: site}) as newsroom, straight(newsroom) as client:
        response = fetch(client, "/")
        response.read()
        assert fetch(client, "/", **{"If-None-Match": response.headers["ETag"]}).status == 304


def test_a_folder_is_a_site(tmp_path: Path) -> None:
    (folder := tmp_path / "site").mkdir()
    (folder / "deep").mkdir()
    (folder / "deep" / "index.html").write_bytes(PAGE)
    (folder / "map.xml.gz").write_bytes(gzip.compress(b"<urlset/>"))
    with Newsroom({HOST: Pages.of_folder(folder)}) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/deep/").read() == PAGE
        response = fetch(client, "/map.xml.gz")
        assert (response.headers["Content-Type"], response.headers["Content-Encoding"]) == ("application/gzip", None)


def test_a_mistake_in_a_site_is_not_silent() -> None:
    def broken(_: Request) -> Answer:
        raise KeyError("nobody wrote this page")

    with pytest.raises(KeyError), Newsroom({HOST: Pages({"/": broken})}) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/").status == 500


def test_what_is_no_request_is_refused_in_plain_words() -> None:
    long = b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"
    many = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"
    cases = [(b"hello\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n\r\n", 400), (long, 431), (many, 413)]
    with one(Answer(body=PAGE)) as newsroom:
        for request, status in cases:
            assert wire(newsroom, request).startswith(b"HTTP/1.1 %d " % status)


def test_a_request_that_breaks_off_harms_nobody() -> None:
    with one(Answer(body=PAGE)) as newsroom:
        assert wire(newsroom, b"GET / HTT") == b""
        assert wire(newsroom, b"CONNECT www.harbour.test:443 HTTP/1.1\r\n\r\nno handshake").startswith(b"HTTP/1.1 200")
        with straight(newsroom) as client:
            assert fetch(client, "/").read() == PAGE


def test_closing_ends_connections_that_are_still_open() -> None:
    with one(Answer(body=PAGE, drip=3600)) as newsroom, straight(newsroom) as client:
        assert fetch(client, "/").status == 200  # the head is here, the body has an hour for each byte
    assert not newsroom.certificate.exists()


@given(st.binary(max_size=200) | st.text(alphabet="GET /:htp1.\r\n[]@?#%", max_size=60).map(str.encode))
def test_any_bytes_are_a_request_or_a_clear_error(raw: bytes) -> None:
    with suppress(RequestError):
        assert read_head(raw, tunnel=None, time=0.0).host
