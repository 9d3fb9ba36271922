"""A real PostgreSQL server for tests.

``postgres`` is one server a test run, started from Debian's package in a temporary folder, on a free port of
the loopback interface, with a password; it ends with the run. ``database_url`` is the URL of an empty
database of that server, a new one for each test. A test that stops the server starts it again before it ends.
Where the package is not installed, tests that ask for either are skipped with a reason.

The server refuses to run as root; there it runs as the user ``postgres`` that the package makes.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = Path("/usr/lib/postgresql")
PASSWORD = "pass word/of@tests"  # with what has to be escaped in a URL
ESCAPED = "pass%20word%2Fof%40tests"
USER = "chengwen"
PATIENCE = 30  # seconds
# Nothing has to outlive the machine, only the process: what it wrote is with the kernel.
OPTIONS = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=60", "autovacuum=off")


@dataclass
class Postgres:
    """A server that can be stopped, killed and started again."""

    programs: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
        ]
        given = [word for option in (*options, *OPTIONS) for word in ("-c", option)]
        command = [self.programs / "postgres", "-D", self.folder / "data", *given]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **as_nobody_special())
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "PostgreSQL does not come up"
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> None:
        """End the server: SIGINT closes all connections at once, SIGQUIT leaves things as after a crash."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
            self.process = None

    def kill(self) -> None:
        """Kill all its processes, as a machine does that runs out of memory."""
        assert self.process is not None
        for one in self._processes():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(PATIENCE)
        self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes as they stand, so that the server hangs; they go on afterwards."""
        processes = self._processes()
        for one in processes:
            with suppress(psutil.NoSuchProcess):  # one for a connection that has ended meanwhile
                one.suspend()
        try:
            yield
        finally:
            for one in processes:
                with suppress(psutil.NoSuchProcess):
                    one.resume()

    def url(self, database: str = "postgres", *, password: str = ESCAPED) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def fresh(self) -> str:
        """Make an empty database, and return its URL."""
        name = f"test{next(self._numbers)}"
        with self.connected() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        with self.connected() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    @contextmanager
    def connected(self, url: str | None = None) -> Iterator[psycopg.Connection[Any]]:
        """Connect to the server past the program that is tested."""
        with psycopg.connect(url or self.url(), autocommit=True) as connection:
            yield connection

    def _processes(self) -> list[psutil.Process]:
        assert self.process is not None
        whole = psutil.Process(self.process.pid)
        return [*whole.children(), whole]

    def _answers(self) -> bool:
        try:
            with self.connected():
                return True
        except psycopg.OperationalError:
            return False


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a running server, the same for the whole run; or skip where there is none."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with running(found) as server:
        yield server


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, or None where it is not installed."""
    found = sorted(PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))
    return found[-1] if found and (found[-1] / "postgres").exists() else None


@contextmanager
def running(found: Path) -> Iterator[Postgres]:
    """A server of its own inside, made by the programs in a folder; nothing is left of it."""
    folder = Path(tempfile.mkdtemp(prefix="chengwen-pg-"))
    try:
        server = _made(found, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """Return the URL of an empty database; it is dropped after the test."""
    url = postgres.fresh()
    yield url
    postgres.drop(url)


def _made(programs: Path, folder: Path) -> Postgres:
    words = folder / "password"
    words.write_text(PASSWORD)
    whom = as_nobody_special()
    if whom:
        for path in (folder, words):
            shutil.chown(path, whom["user"], whom["group"])
    options = [
        "-U",
        USER,
        f"--pwfile={words}",
        "--auth=scram-sha-256",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]
    command = [programs / "initdb", "-D", folder / "data", *options]
    subprocess.run(command, check=True, capture_output=True, **whom)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Postgres(programs=programs, folder=folder, port=port)


def as_nobody_special() -> dict[str, Any]:
    """Return how to start a program that refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": "/"}
