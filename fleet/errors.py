"""What can go wrong with a fleet.

ArchiveError
└── FleetError          no cluster, no node that could be used, or a node that was lost again and again

Each message says what, where, and what to do.
"""

from __future__ import annotations

from archive.errors import ArchiveError


class FleetError(ArchiveError):
    """The cluster, or a node of it, cannot do what was asked; the message is one clear line."""
