"""Sites made of ready answers: a mapping of paths, or a folder of files."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import brotli

from newsroom.messages import Answer, Headers, Request, ascii_target

HTML: Headers = (("Content-Type", "text/html"),)  # no charset: the page itself says, as real ones do
PLAIN: Headers = (("Content-Type", "text/plain; charset=utf-8"),)

type_of = mimetypes.MimeTypes().guess_type  # Python's own table alone: the machine's must not decide


class Site(Protocol):
    """One host of the newsroom."""

    def answer(self, request: Request) -> Answer:
        """What this host answers; called in the newsroom's one thread, so it must not block."""


Content = bytes | Answer | Callable[[Request], Answer]


def ready(content: Content, request: Request) -> Answer:
    """Content of any kind as the answer to this request."""
    if isinstance(content, bytes):
        return Answer(headers=HTML, body=content)
    return content if isinstance(content, Answer) else content(request)


def missing(request: Request) -> Answer:
    """404, in words."""
    return Answer(status=404, headers=PLAIN, body=f"{request.host} has no {request.path}\n".encode())


class Pages:
    """A site that answers from a mapping of paths (or paths with queries); everything else is 404.

    A value is a page's bytes (HTML), an Answer, or a callable that is asked each time, such as one that
    says 503 first and 200 from then on.
    """

    def __init__(self, contents: Mapping[str, Content]) -> None:
        self._contents = {ascii_target(target): content for target, content in contents.items()}

    @classmethod
    def of_folder(cls, folder: Path) -> Pages:
        """The files of a folder as they lie there when asked for; `index.html` stands for its folder."""
        contents: dict[str, Content] = {}
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            target = "/" + path.relative_to(folder).as_posix()
            contents[target.removesuffix("index.html")] = _file(path)
        return cls(contents)

    def answer(self, request: Request) -> Answer:
        """The content that stands at this target, else at this path."""
        for target in (request.target, request.path):
            if (content := self._contents.get(target)) is not None:
                return ready(content, request)
        return missing(request)


def _file(path: Path) -> Callable[[Request], Answer]:
    mime, encoding = type_of(path.name)
    headers = (("Content-Type", "application/gzip" if encoding else mime or "application/octet-stream"),)
    return lambda _: Answer(headers=headers, body=path.read_bytes())


def in_turn(*answers: Answer) -> Callable[[Request], Answer]:
    """These answers one after the other, the last of them for ever."""
    waiting = list(answers)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def packed(answer: Answer, request: Request, encodings: tuple[str, ...] = ("br", "gzip")) -> Answer:
    """The answer in the first of these encodings that the client takes, or as it is."""
    offers = (request.header("Accept-Encoding") or "").split(",")
    accepted = {offer.partition(";")[0].strip() for offer in offers}
    encoding = next((encoding for encoding in encodings if encoding in accepted), None)
    if answer.status != 200 or encoding is None:
        return answer
    headers = (*answer.headers, ("Content-Encoding", encoding), ("Vary", "Accept-Encoding"))
    return replace(answer, body=PACKERS[encoding](answer.body), headers=headers)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "gzip": lambda body: gzip.compress(body, mtime=0),  # the same bytes each time
}


def validated(answer: Answer, request: Request) -> Answer:
    """The answer with an ETag, or 304 where the client's copy is still good."""
    if answer.status != 200:
        return answer
    tag = f'"{sha256(answer.body).hexdigest()[:16]}"'
    headers = (*answer.headers, ("ETag", tag))
    if request.header("If-None-Match") == tag:
        return Answer(status=304, headers=tuple(pair for pair in headers if pair[0] != "Content-Type"))
    return replace(answer, headers=headers)
