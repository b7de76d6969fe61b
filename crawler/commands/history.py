"""`scrapy history URL`: the versions of an article and what changed; `--outlet NAME`: what an outlet changed."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.arguments import WrongArgument, day
from crawler.command import PressmarkCommand, complain, tell_lacking
from crawler.places import archive_of

if TYPE_CHECKING:
    from datetime import date

    from catalogue.catalogue import Catalogue
    from catalogue.changes import Change
    from catalogue.history import Edit, Version

_SIGNS = {"gone": ("[-", "-]", "\x1b[31m"), "new": ("{+", "+}", "\x1b[32m")}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # what a page could steer a terminal by


class Command(PressmarkCommand):
    """Shows what became of an article after it was published."""

    summary = "Show the versions of an article and what changed, or what an outlet corrected or silently edited"

    def syntax(self) -> str:
        return "[options] URL | --outlet NAME"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--outlet", metavar="NAME", help="all edits of this outlet's articles")
        parser.add_argument("--since", metavar="DATE", help="edits that were captured then or later (YYYY-MM-DD)")
        parser.add_argument("--until", metavar="DATE", help="edits that were captured then or earlier")
        parser.add_argument("--kind", choices=("headline", "correction", "silent"), help="edits of this kind alone")

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from catalogue.catalogue import Catalogue
        from crawler.outlets import Outlets, within

        if len(args) != (0 if opts.outlet else 1):
            raise WrongArgument("history takes one URL, or --outlet NAME")
        if args and not re.match(r"https?://", args[0], re.IGNORECASE):
            raise WrongArgument(f"{args[0]!r} is no URL; one begins with http:// or https://")
        if not opts.outlet and (opts.since or opts.until or opts.kind):
            raise WrongArgument("--since, --until and --kind go with --outlet")
        assert self.settings is not None
        since = opts.since and day("--since", opts.since)
        until = opts.until and day("--until", opts.until)
        root, url = archive_of(self.settings), self.settings["CATALOGUE_URL"]
        with Catalogue.caught_up(root, url, tell_lacking) as catalogue:
            if opts.outlet:
                return _show_edits(catalogue, opts, since, until)
            spiders = Outlets.load(self.settings).spiders.values()
            host = urlsplit(args[0]).hostname or ""
            tracking = [name for one in spiders if within(host, one.allowed_domains) for name in one.tracking]
            return _show_versions(catalogue, args[0], tracking, opts.format)


def _show_versions(catalogue: Catalogue, url: str, tracking: list[str], form: str) -> int:
    from catalogue.history import articles_named, versions

    found = articles_named(catalogue, url, tracking)
    if not found:
        return complain(f"no crawl in {catalogue.database.name} found an article at {url}", 1)
    for article in found:
        with closing(versions(catalogue, article)) as told:
            if form == "json":
                print(json.dumps(_as_dict(list(told)), ensure_ascii=False))
            else:
                _print_versions(told)
    return 0


def _as_dict(versions: list[Version]) -> dict[str, Any]:
    newest = versions[-1].article
    about = {"outlet": newest.outlet, "canonical_url": newest.canonical_url}
    return {**about, "versions": [version.as_dict() for version in versions]}


def _print_versions(versions: Iterator[Version]) -> None:
    for version in versions:
        if version.number == 1:
            print(printable(f"{version.article.canonical_url} ({version.article.outlet})"))
        seen = (
            f"{version.captures} captures until {version.until:%Y-%m-%d %H:%M:%S}" if version.captures > 1 else "once"
        )
        print(f"\nversion {version.number}, captured {version.article.captured}, seen {seen}")
        _print_pressmark(version)
        if version.number == 1:
            print(printable(f"  headline: {version.article.title or '-'}"))
        for change in version.changes:
            print(f"  {_told(change)}")


def _show_edits(catalogue: Catalogue, opts: argparse.Namespace, since: date | None, until: date | None) -> int:
    from catalogue.history import edits

    with closing(edits(catalogue, opts.outlet, since, until)) as found:
        for edit in found:
            if opts.kind is not None and opts.kind not in edit.kinds:
                continue
            if opts.format == "json":
                print(json.dumps(edit.as_dict(), ensure_ascii=False))
            else:
                _print_edit(edit)
    return 0


def _print_edit(edit: Edit) -> None:
    kinds = ", ".join(edit.kinds) or "told by its date of modification"
    print(printable(f"{edit.article.captured}  {kinds}  {edit.article.canonical_url}"))
    _print_pressmark(edit)
    for note in edit.notes:
        print(printable(f"  note: {note}"))
    for change in edit.changes:
        print(f"  {_told(change)}")
    print()


def _print_pressmark(held: Version | Edit) -> None:
    article = held.article
    place = f"{held.folder}/{article.warc} at byte {article.offset}"
    print(printable(f"  {article.record_id} {article.payload_digest} in {place}"))


def _told(change: Change) -> str:
    """A change in one line, its words marked."""
    where = "headline" if change.part == "title" else f"paragraph {change.number}"
    how = {"changed": "", "added": " (new)", "removed": " (gone)"}[change.kind]
    return f"{where}{how}: {''.join(_marked(state, words) for state, words in change.words)}"


def _marked(state: str, words: str) -> str:
    words = printable(words)
    if state == "same":
        return words
    before, after, colour = _SIGNS[state]
    spaces = words[len(words.rstrip()) :]  # behind the mark
    marked = f"{before}{words.rstrip()}{after}"
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return (f"{colour}{marked}\x1b[0m" if coloured else marked) + spaces


def printable(text: str) -> str:
    """The text on one line, without what could steer a terminal, or turn its direction round."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text).encode("utf-8", "replace").decode()
