"""A real PgBouncer before the tests' PostgreSQL, which lends a connection for a transaction at a time.

``pooled_url`` is the URL of an empty database behind it; tests that ask for it are skipped with a reason
where the program is not installed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from postgres import ESCAPED, PASSWORD, USER, as_nobody_special

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres import Postgres

PATIENCE = 30  # seconds
# Few connections to the server, so that what one client leaves in them another one meets.
SETTINGS = """[databases]
* = host=127.0.0.1 port={server} user={user} password='{password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
"""


def pgbouncer() -> str | None:
    """Return where the program is; it stands beside those that only an administrator looks for."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def pooling(program: str, postgres: Postgres) -> Iterator[int]:
    """A pooler before a server inside; gives its port."""
    folder = Path(tempfile.mkdtemp(prefix="chengwen-pool-"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    whom = as_nobody_special()
    told = SETTINGS.format(server=postgres.port, user=USER, password=PASSWORD, port=port)
    (folder / "pgbouncer.ini").write_text(told)
    if whom:
        for path in (folder, folder / "pgbouncer.ini"):
            shutil.chown(path, whom["user"], whom["group"])
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, folder / "pgbouncer.ini"], stdout=log, stderr=log, **whom)
    try:
        _await(f"postgresql://{USER}:{ESCAPED}@127.0.0.1:{port}/postgres")
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _await(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def _pool(postgres: Postgres) -> Iterator[int]:
    program = pgbouncer()
    if program is None:
        pytest.skip("PgBouncer is not installed (Debian: apt-get install pgbouncer)")
    with pooling(program, postgres) as port:
        yield port


@pytest.fixture
def pooled_url(_pool: int, postgres: Postgres, database_url: str) -> str:
    """Return the URL of an empty database behind a pooler."""
    return database_url.replace(f":{postgres.port}/", f":{_pool}/")
