"""PostgreSQL, with catalogue and store in it, that restarts, is killed or hangs."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from postgres import programs, running

from beside.people import through
from evaluation.faults.fault_home import QUESTION, FaultHome, MissingPrerequisiteError, complete, ended, texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from typing import Any

    from postgres import Postgres

    from beside.people import Scene
    from evaluation.faults.fault_home import FaultOutcome

    Blow = Callable[[Postgres], None]

PAUSE = 3.0  # seconds without a server
HANGING = 25.0  # longer than the patience with it
PATIENCE = "4"  # seconds, of a default of 30


@dataclass
class SharedStand(FaultHome):
    """A home whose catalogue and store are in PostgreSQL."""

    url: str = ""

    def sources(self) -> frozenset[str]:
        """Return the keys that the catalogue holds, past the program."""
        with psycopg.connect(self.url) as connection:
            found = connection.execute("SELECT key FROM chengwen_library.sources").fetchall()
        return frozenset(key for (key,) in found)


@contextmanager
def _shared(stand: FaultHome) -> Iterator[tuple[Postgres, SharedStand]]:
    """A server with the shipped texts in it inside, and an empty home before it."""
    found = programs()
    if found is None:
        raise MissingPrerequisiteError("PostgreSQL is not installed")
    home = stand.home.parent / "shared" / "home"
    home.mkdir(parents=True)
    with running(found) as server:
        url = server.fresh()
        told = {
            "DATABASE_URL": url,
            "DATABASE_TIMEOUT": PATIENCE,
            "CHENGWEN_CATALOGUE": "database",
            "EMBEDDINGS": "none",
        }
        made = SharedStand(home, env=told, url=url)
        made.say("ask", QUESTION)
        yield server, made


def _restart(server: Postgres) -> None:
    server.stop(signal.SIGINT)
    time.sleep(PAUSE)
    server.start()


def _kill(server: Postgres) -> None:
    server.kill()
    time.sleep(PAUSE)
    server.start()


def _hang(server: Postgres) -> None:
    with server.frozen():
        time.sleep(HANGING)


def _ingesting(name: str, blow: Blow) -> Callable[[FaultHome], FaultOutcome]:
    """Let an ingest meet the blow; what it did not do, the next one does."""

    def run(stand: FaultHome) -> FaultOutcome:
        with _shared(stand) as (server, made):
            folder, known = texts(made.home.parent, 80), made.sources()
            process = made.begin("ingest", str(folder))
            while process.poll() is None and len(made.sources()) <= len(known) + 5:
                time.sleep(0.05)
            amid = process.poll() is None
            before = made.sources()
            blow(server)
            seen = ended(process)
            row = made.row(f"PostgreSQL {name} during an ingest", before, seen=seen)
            after = made.say("ingest", str(folder))
            return replace(row, mended=row.mended and amid and after.code == 0 and complete(made, folder))

    return run


def _serving(name: str, blow: Blow) -> Callable[[FaultHome], Coroutine[Any, Any, FaultOutcome]]:
    @asynccontextmanager
    async def met(made: Scene, server: Postgres) -> AsyncIterator[None]:
        aside = threading.Thread(target=blow, args=(server,))
        aside.start()
        yield
        await asyncio.to_thread(aside.join)

    async def run(stand: FaultHome) -> FaultOutcome:
        with _shared(stand) as (server, made):
            told = f"PostgreSQL {name} while a bot answers"
            return await through(made, told, lambda one: met(one, server))

    return run


BLOWS: dict[str, tuple[str, Blow]] = {
    "restarts": ("restarts", _restart),
    "killed": ("is killed with -9", _kill),
    "hangs": (f"hangs for {HANGING:.0f} s", _hang),
}
INGESTS = {f"postgresql {key} ingest": _ingesting(*blow) for key, blow in BLOWS.items()}
BOTS = {f"postgresql {key} bot": _serving(*blow) for key, blow in BLOWS.items()}
