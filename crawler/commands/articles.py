"""`scrapy articles`: the newest version of each article, as somebody wants them."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.arguments import WrongArgument, day
from crawler.command import PressmarkCommand, tell_lacking
from crawler.places import archive_of

if TYPE_CHECKING:
    from catalogue.catalogue import Catalogue
    from catalogue.search import Wanted


class Command(PressmarkCommand):
    """Writes articles of all crawls to JSON lines, CSV or Parquet, or groups of those that are nearly the same."""

    summary = "Write the newest version of each article, chosen by outlet, time, words, author, agency or language"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help="a file; - is standard output")
        parser.add_argument("--format", choices=("jsonl", "csv", "parquet"), help="else the file's name tells")
        parser.add_argument("--outlet", metavar="NAME")
        parser.add_argument("--since", metavar="DATE", help="published then or later (YYYY-MM-DD)")
        parser.add_argument("--until", metavar="DATE", help="published then or earlier")
        parser.add_argument("--words", metavar="QUERY", help="all of these whole words, or a query of SQLite's FTS5")
        parser.add_argument("--author", metavar="NAME")
        parser.add_argument("--agency", metavar="NAME", help="credited to this news agency")
        parser.add_argument("--language", metavar="CODE", help="de is also de-AT")
        parser.add_argument("--order", choices=("published", "captured", "url"), default="published")
        parser.add_argument("--groups", action="store_true", help="groups of articles that are nearly the same")

    def go(self, args: list[str], opts: argparse.Namespace) -> int:
        from catalogue.catalogue import Catalogue
        from catalogue.errors import WrongQuery
        from catalogue.search import Wanted

        if args:
            raise WrongArgument(f"articles takes options alone, and {args[0]!r} is none; words go with --words")
        assert self.settings is not None
        wanted = Wanted(
            outlet=opts.outlet,
            since=opts.since and day("--since", opts.since),
            until=opts.until and day("--until", opts.until),
            words=opts.words,
            author=opts.author,
            agency=opts.agency,
            language=opts.language,
        )
        root, url = archive_of(self.settings), self.settings["CATALOGUE_URL"]
        with Catalogue.caught_up(root, url, tell_lacking) as catalogue:
            try:
                if opts.groups:
                    return _write_groups(catalogue, wanted, opts)
                return _write_articles(catalogue, wanted, opts)
            except WrongQuery as error:
                raise WrongArgument(str(error)) from error


def _write_articles(catalogue: Catalogue, wanted: Wanted, opts: argparse.Namespace) -> int:
    from catalogue.search import search
    from crawler.output import article_output

    found = closing(search(catalogue, wanted, opts.order))  # before the catalogue is, whatever goes wrong
    with found as articles, article_output(opts.output, opts.format) as write:
        for held in articles:
            write(held.article)
    return 0


def _write_groups(catalogue: Catalogue, wanted: Wanted, opts: argparse.Namespace) -> int:
    from catalogue.groups import groups
    from crawler.output import line_output

    if opts.format not in (None, "jsonl"):
        raise WrongArgument("groups are written as jsonl: one group a line")
    with closing(groups(catalogue, wanted)) as found, line_output(opts.output) as write:
        for group in found:
            write(group.as_dict())
    return 0
