"""`scrapy verify PATH...`: whether archives are whole, and where they are not."""

from __future__ import annotations

import argparse
from pathlib import Path

from crawler.arguments import WrongArgument
from crawler.command import PressmarkCommand


class Command(PressmarkCommand):
    """Checks every record of crawl folders and WARC files, and all that is made from them."""

    summary = "Check crawl folders and WARC files: silent when they are whole"

    def syntax(self) -> str:
        return "[options] PATH..."

    def go(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        from archive.verify import verify

        if not args:
            raise WrongArgument("verify takes crawl folders or WARC files")
        if missing := next((arg for arg in args if not Path(arg).exists()), None):
            raise WrongArgument(f"no such file or folder: {missing}")
        status = 0
        for path in dict.fromkeys(map(Path, args)):
            for line in verify(path):
                print(line)
                status = 1
        return status
