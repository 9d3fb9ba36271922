"""A real Chroma server for tests.

``chroma`` is one server a test run, the program that comes with the package, in a temporary folder, on a free
port of the loopback interface. ``chroma_address`` is an empty database of that server, a new one for each
test. A test that stops the server starts it again before it ends.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from retrieval.index.chroma.address import TENANT, ChromaAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 240  # seconds, on a machine with much else to do


@dataclass
class Chroma:
    """A server that can be stopped, killed, emptied and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Where it is spoken to."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """The folder of all that it keeps."""
        return self.folder / "data"

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        command = [*program(), "run", "--path", self.data, "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "Chroma does not come up"
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGKILL) -> None:
        """End the server."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(PATIENCE)
            self.process = None

    def freeze(self) -> None:
        """Have it take connections and answer nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def thaw(self) -> None:
        """Have it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def fresh(self) -> ChromaAddress:
        """Make an empty database, and return its address."""
        name = f"test{next(self._numbers)}"
        self.make(name)
        return ChromaAddress(url=self.url, database=name)

    def make(self, name: str) -> None:
        """Make an empty database of a name."""
        made = httpx.post(f"{self.url}/api/v2/tenants/{TENANT}/databases", json={"name": name}, timeout=30)
        assert made.status_code == 200, made.text

    def empty(self, address: ChromaAddress) -> None:
        """Have the server lose all it keeps, as on a new disk; the database is there, and nothing in it."""
        self.stop()
        shutil.rmtree(self.data)
        self.start()
        self.make(address.database)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


def program() -> list[str]:
    """Return the command of the server's program, which comes with the package.

    It is what ``chroma`` runs, without seconds of a processor for imports that the server has no use for.
    """
    run = "import sys, chromadb_rust_bindings as chroma; chroma.cli(['chroma', *sys.argv[1:]])"
    return [sys.executable, "-c", run]


@contextmanager
def running_chroma() -> Iterator[Chroma]:
    """A server of its own inside; nothing is left of it."""
    folder = Path(tempfile.mkdtemp(prefix="chengwen-chroma-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Chroma(folder=folder, port=port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def chroma() -> Iterator[Chroma]:
    """Return a running server, the same for the whole run; or skip where the program is missing."""
    if find_spec("chromadb_rust_bindings") is None:
        pytest.skip("the server does not come with this build of chromadb")
    with running_chroma() as server:
        yield server


@pytest.fixture
def chroma_address(chroma: Chroma) -> ChromaAddress:
    """Return the address of an empty database."""
    return chroma.fresh()
