"""How a judge is found and asked; `make judges` installs them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NoReturn

import pytest

from tests.running import ROOT

JUDGES = ROOT / ".venv-judges"
HEADLESS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # nothing is fetched but from loopback
)
_PROXIES = {"http_proxy", "https_proxy", "no_proxy", "all_proxy"}


def tool(judge: str, name: str) -> Path:
    """A judge's command or file; the test is skipped where it is not installed, and fails where it must be."""
    path = JUDGES / judge / name
    return path if path.exists() else missing(judge)


def browser() -> str:
    """A Chromium, by whatever name it goes here."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome", "chrome"))
    return next((path for path in found if path), None) or missing("chromium")


def missing(judge: str) -> NoReturn:
    """Skip; but where CI is set, nobody would read that a judge was never heard."""
    word = f"the judge {judge} is not installed; `make judges` does it"
    if os.environ.get("CI"):
        pytest.fail(word)
    pytest.skip(word)


def ask(command: Path | str, *arguments: Path | str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a judge, in its own environment alone."""
    return subprocess.run(
        [command, *arguments], cwd=cwd, env=surroundings(), capture_output=True, text=True, timeout=120, check=False
    )


def surroundings() -> dict[str, str]:
    """This process's environment without what would lead a judge past loopback or to our own packages."""
    return {name: value for name, value in os.environ.items() if name.lower() not in {*_PROXIES, "pythonpath"}}


@contextmanager
def serving(command: Path, *arguments: str, cwd: Path) -> Iterator[int]:
    """A judge that serves on a free port of loopback (given as `-p PORT`) until the `with` block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with (cwd / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [command, *arguments, "-p", str(port)], cwd=cwd, env=surroundings(), stdout=log, stderr=log
        )
    try:
        _wait_until_answering(process, port, cwd / "server.log")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_answering(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except ConnectionError:
            assert process.poll() is None, log.read_text(errors="replace")
            time.sleep(0.05)  # another's program: it tells nobody when it is ready
        else:
            return
        finally:
            connection.close()
    pytest.fail(f"no answer on port {port}: {log.read_text(errors='replace')}")
