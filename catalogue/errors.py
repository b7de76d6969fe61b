"""What can go wrong with the catalogue.

ArchiveError
└── CatalogueError
    ├── CatalogueMissing      there is none, and none was to be made
    ├── CatalogueUnreadable   damaged, or of another version; `scrapy catalogue rebuild` writes it anew
    ├── CatalogueBusy         another process has held it for too long
    ├── CatalogueUnwritable   its place cannot be written to
    ├── ExportFailed          a data set cannot be written, or another process writes it
    ├── CatalogueUnreachable  its server cannot be reached, or went away
    ├── LeaseLost             the connection by which a crawl's outlet is kept for it has ended
    └── WrongQuery            a full-text query that is none

Each message says what, where, and what to do.
"""

from __future__ import annotations

from archive.errors import ArchiveError

REBUILD = "`scrapy catalogue rebuild` writes it anew"


class CatalogueError(ArchiveError):
    """Anything the catalogue has to complain about; the message is one clear line."""


class CatalogueMissing(CatalogueError):
    """There is no catalogue, and none was to be made."""


class CatalogueUnreadable(CatalogueError):
    """A catalogue that is damaged, or of another version."""


class CatalogueBusy(CatalogueError):
    """Another process has held the catalogue for too long."""


class CatalogueUnwritable(CatalogueError):
    """The catalogue's place cannot be written to."""


class CatalogueUnreachable(CatalogueError):
    """The catalogue's server cannot be reached, or went away."""


class LeaseLost(CatalogueError):
    """Nobody keeps this outlet for the crawl any more: another machine may begin one."""


class WrongQuery(CatalogueError):
    """A full-text query that is none."""


class ExportFailed(CatalogueError):
    """A data set cannot be written, or another process writes it."""
