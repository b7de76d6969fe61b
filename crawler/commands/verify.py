"""`scrapy verify PATH...`: whether archives are whole, and where they are not."""

from __future__ import annotations

import argparse

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand
from crawler.places import given


class Command(PressmarkCommand):
    """Checks every record of crawl folders and WARC files, and all that is made from them."""

    summary = "Check crawl folders and WARC files: silent when they are whole"

    def syntax(self) -> str:
        return "[options] PATH..."

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from archive.verify import verify

        if not args:
            raise WrongArgument("verify takes crawl folders or WARC files")
        paths = dict.fromkeys(map(given, args))
        if missing := next((path for path in paths if not path.exists()), None):
            raise WrongArgument(f"no such file or folder: {missing}")
        status = 0
        for path in paths:
            for line in verify(path):
                print(line)
                status = 1
        return status
