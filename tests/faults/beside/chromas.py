"""A Chroma server, with the vectors on it, that is killed, emptied or hangs."""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chroma import running_chroma

from beside.outages import SECONDS
from beside.people import through
from evaluation.faults.fault_home import (
    QUESTION,
    WORDS,
    FaultHome,
    MissingPrerequisiteError,
    complete,
    ended,
    texts,
)
from retrieval.catalog.catalog import Catalogue
from retrieval.index.chroma.http_client import ChromaServer
from retrieval.index.sync.serving_mark import CatalogueMark
from retrieval.values.errors import IndexAway, IndexBroken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
    from typing import Any

    from chroma import Chroma

    from beside.people import Scene
    from evaluation.faults.fault_home import FaultOutcome
    from retrieval.index.chroma.address import ChromaAddress

WHOLE = 180.0  # seconds until all vectors are there again, on a busy machine
AGAIN = "Chroma 服务又可以用了"  # in the log of a bot that searches by meaning again
AT_HOME = "chroma"  # the folder that the server takes the place of


@dataclass(frozen=True, slots=True)
class Served:
    """A home whose vectors are on a server of its own."""

    stand: FaultHome
    server: Chroma
    address: ChromaAddress

    def whole(self) -> bool:
        """Tell whether the server holds as many passages as the catalogue, past the program."""
        with (
            closing(Catalogue.open(self.stand.home / "catalogue.db")) as catalogue,
            closing(ChromaServer(self.address, seconds=30)) as server,
        ):
            mark = CatalogueMark(catalogue).mark()
            try:
                held = mark and server.ask("GET", f"/collections/{mark.folder}")["id"]
                return bool(held) and server.ask("GET", f"/collections/{held}/count") == catalogue.count()
            except (IndexAway, IndexBroken):
                return False

    def empty(self) -> None:
        """Have the server lose all it keeps."""
        self.server.empty(self.address)


@contextmanager
def _served(stand: FaultHome) -> Iterator[Served]:
    if find_spec("chromadb_rust_bindings") is None:
        raise MissingPrerequisiteError("the server does not come with this build of chromadb")
    shutil.rmtree(stand.home / AT_HOME, ignore_errors=True)
    with running_chroma() as server:
        address = server.fresh()
        told = {"CHROMA_URL": address.url, "CHROMA_DATABASE": address.database, "EMBEDDINGS": "embedded"}
        made = Served(replace(stand, env={**stand.env, **told}), server, address)
        filled = made.stand.say("ingest", "--rebuild")
        assert filled.code == 0, filled.err
        assert made.whole()
        yield made


def _ingesting(name: str, blow: Blow, back: Blow) -> Callable[[FaultHome], FaultOutcome]:
    """Let an ingest meet the blow, ask while it lasts, and see what the next ingest makes up for."""

    def run(stand: FaultHome) -> FaultOutcome:
        with _served(stand) as made:
            home = made.stand
            folder, known = texts(home.home.parent, 80), home.sources()
            process = home.begin("ingest", str(folder))
            while process.poll() is None and len(home.sources()) <= len(known) + 5:
                time.sleep(0.02)
            amid = process.poll() is None
            blow(made)
            seen = ended(process)
            asked = home.say("ask", QUESTION)
            back(made)
            row = home.row(f"a Chroma server {name} during an ingest", known, seen=seen)
            after = home.say("ingest", str(folder))
            good = amid and seen.code == after.code == asked.code == 0 and WORDS in asked.out
            return replace(row, mended=row.mended and good and complete(home, folder) and made.whole())

    return run


def _serving(name: str, blow: Blow, back: Blow) -> Callable[[FaultHome], Coroutine[Any, Any, FaultOutcome]]:
    """Let people ask a bot meanwhile; it searches by meaning again, with all vectors, before it ends."""

    async def run(stand: FaultHome) -> FaultOutcome:
        with _served(stand) as made:
            whole = False

            @asynccontextmanager
            async def met(scene: Scene) -> AsyncIterator[None]:
                nonlocal whole
                await asyncio.to_thread(blow, made)
                yield
                await asyncio.sleep(SECONDS)
                await asyncio.to_thread(back, made)
                whole = await _soon(lambda: made.whole() and AGAIN in scene.stand.log())

            row = await through(made.stand, f"a Chroma server {name} while a bot answers", met)
            return replace(row, mended=row.mended and whole)

    return run


async def _soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + WHOLE
    while time.monotonic() < until:
        if await asyncio.to_thread(true):
            return True
        await asyncio.sleep(1)
    return False


if TYPE_CHECKING:
    Blow = Callable[[Served], None]

_BLOWS: dict[str, tuple[str, Blow, Blow]] = {
    "killed": (
        "is killed, and started again,",
        lambda made: made.server.stop(),
        lambda made: made.server.start(),
    ),
    "emptied": ("loses all it keeps", Served.empty, lambda _made: None),
    "hangs": ("hangs", lambda made: made.server.freeze(), lambda made: made.server.thaw()),
}
INGESTS = {f"chroma {key} ingest": _ingesting(*blow) for key, blow in _BLOWS.items()}
BOTS = {f"chroma {key} bot": _serving(*blow) for key, blow in _BLOWS.items()}
