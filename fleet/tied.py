"""Tied: runs a command in its own place, and has the system kill it as soon as the process that began it is gone.

    python -m fleet.tied PARENT COMMAND...

A crawl whose node was lost must not go on beside the one that goes on with it. Linux alone offers this; elsewhere
the crawl goes on to its end, and its lock holds the other off until then.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2); kept across exec


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was gone before
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 (what our own process asks for)


if __name__ == "__main__":
    main()
