"""Postgres: a real server of PostgreSQL on loopback, in a folder of its own, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

USER, PASSWORD = "pressmark", "sesame"
QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "autovacuum=off")
PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A cluster and its port on 127.0.0.1."""

    folder: Path
    port: int
    programs: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str, user: str = f"{USER}:{PASSWORD}") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def new(self) -> str:
        """The URL of a new, empty database."""
        name = f"archive_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements, each by itself, and give the rows of the last."""
        return run(self.url(database), *statements)

    def start(self, *more: str) -> None:
        """Start it, with further addresses to listen on."""
        listening = f"listen_addresses={','.join(('127.0.0.1', *more))}"
        given = [f"-c {setting}" for setting in (*QUICK, f"port={self.port}", listening)]
        options = " ".join([*given, f"-c unix_socket_directories={self.folder}"])
        self._control("start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def open_to(self, network: str, address: str) -> None:
        """Start it again, so that it also listens at this address, and lets in who comes from this network."""
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {network} scram-sha-256\n")
        self.stop()
        self.start(address)

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *arguments: str) -> None:
        _run(self.programs / "pg_ctl", "-D", str(self.folder / "data"), *arguments)


def run(url: str, *statements: str) -> list[Any]:
    """Run statements in this database, each by itself, and give the rows of the last."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@contextmanager
def server() -> Iterator[Server]:
    """A server that has been started; the test is skipped where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not installed: as root, `make postgresql` does that"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, _nobody())
        (Path(folder) / "password").write_text(PASSWORD)
        (Path(folder) / "password").chmod(0o644)
        made = ("-D", f"{folder}/data", "-U", USER, "-A", "scram-sha-256", f"--pwfile={folder}/password")
        _run(programs / "initdb", *made, "--no-sync", "--encoding=UTF8", "--locale=C")
        started = Server(folder=Path(folder), port=_free_port(), programs=programs)
        started.start()
        try:
            yield started
        finally:
            started.stop()


def _programs() -> Path | None:
    """The newest folder with a server's programs."""
    found = sorted(path for place in PLACES for path in Path(place).glob("*/bin") if (path / "pg_ctl").exists())
    if on_path := shutil.which("pg_ctl"):
        found.append(Path(on_path).resolve().parent)
    return found[-1] if found else None


def _run(program: Path, *arguments: str) -> None:
    """Run one of the server's programs; as somebody without rights where we are root, to whom it would not listen."""
    as_nobody: dict[str, Any] = {"user": _nobody(), "group": _nobody(), "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile() as told:  # and no pipe, which the server would hold open
        run = subprocess.run(
            [program, *arguments], stdin=subprocess.DEVNULL, stdout=told, stderr=told, check=False, cwd="/", **as_nobody
        )
        told.seek(0)
        assert run.returncode == 0, told.read().decode()


def _nobody() -> int:
    return 65534


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
