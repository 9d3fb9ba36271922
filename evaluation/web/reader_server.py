"""The reader page of a home, served on a free port while it is measured."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.presentation.passage_search import PassageSearcher
from bot.reader.reader_library import ReaderLibrary
from bot.reader.site import ReaderSite, serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.library import Library
    from retrieval.values.documents import Hit


@contextmanager
def served(library: Library) -> Iterator[str]:
    """Serve the texts of ``library`` in a thread; gives the address, without the slash at its end."""

    def find(words: str) -> Sequence[Hit]:
        return PassageSearcher(library).find(words, k=20)

    site = ReaderSite(ReaderLibrary(texts=library, find=find, recall=lambda _: None), Language.HANS).mount()
    told: SimpleQueue[str] = SimpleQueue()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    running = threading.Thread(
        target=lambda: loop.run_until_complete(serve(site, port=0, told=told.put, stop=stop))
    )
    running.start()
    try:
        yield told.get(timeout=10).rstrip("/")
    finally:
        loop.call_soon_threadsafe(stop.set)
        running.join()
        loop.close()
