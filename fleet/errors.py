"""What can go wrong with a fleet.

ArchiveError
└── FleetError          no cluster, or no node of it that can be used
    ├── JobLost         the nodes that had a job were lost, again and again
    └── Unfit           a node from where the work cannot be done

Each message says what, where, and what to do.
"""

from __future__ import annotations

from archive.errors import ArchiveError


class FleetError(ArchiveError):
    """The cluster, or a node of it, cannot do what was asked; the message is one clear line."""


class Unfit(FleetError):
    """A node from where archive or catalogue cannot be used; the others go on."""


class JobLost(FleetError):
    """A job cost as many nodes as it may; the others go on."""
