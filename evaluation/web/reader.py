"""The reader page in a real browser: what it loads, whom it asks, whether everybody can use it."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

from answering.values.answer import Language
from bot.presentation.page_links import PageLinks
from bot.presentation.passage_search import PassageSearcher
from bot.reader.reader_library import ReaderLibrary
from bot.reader.site import ReaderSite, serve
from evaluation.datasets.material import MissingMaterialError
from evaluation.reporting.metrics import percentile, share
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound
from evaluation.web.browser import Viewport, browser, cited_in_view, look
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation.harness.bench import Bench
    from evaluation.web.browser import PageReport
    from retrieval.library import Library
    from retrieval.values.documents import Document, Hit


@contextmanager
def served(library: Library) -> Iterator[str]:
    """Serve the texts of ``library`` in a thread; gives the address, without the slash at its end."""

    def find(words: str) -> Sequence[Hit]:
        return PassageSearcher(library).fitting(words, k=20)

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


SCREENS = tuple(Viewport(width=width, scheme=scheme) for width in (360, 1280) for scheme in ("light", "dark"))
MOST = 50_000  # bytes of a page without its text
WORDS = "停车泊位"


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield what a browser makes of the shipped texts and, where they are, of government documents."""
    yield _table("reader", "The reader page: shipped texts", bench.library(bench.shipped()), bench)
    try:
        library = bench.library(bench.gov())
    except MissingMaterialError:
        return
    yield _table("reader-gov", "The reader page: government documents", library, bench)


def _table(key: str, title: str, library: Library, bench: Bench) -> ResultTable:
    longest = max((one for one in _speaking(library)), key=lambda one: len(one.text))
    spans = _spans(library, longest)
    shots = bench.homes.root / "screens" / key
    shots.mkdir(parents=True, exist_ok=True)
    with served(library) as address, browser() as started:
        seen = []
        for name, path in _pages(longest).items():
            for screen in SCREENS:
                shot = _shot(shots, name, screen)
                seen.append(look(started, address + path, screen, shot=shot))
        narrow = Viewport(width=360, scheme="light", scripts=False)
        found = [
            cited_in_view(started, address + PageLinks().document(longest.id, cited=span), narrow)
            for span in spans
        ]
    return ResultTable(
        key=key, title=title, figures=(*_figures(seen), _in_view(found)), notes=_notes(longest, key)
    )


def _speaking(library: Library) -> Iterator[Document]:
    for head in library.documents():
        whole = library.document(head.id)
        if whole and whole.genre is not Genre.PREFACE:
            yield whole


def _spans(library: Library, document: Document) -> list[tuple[int, int]]:
    """Return the passages that are looked for on the page, from all over the text."""
    passages = library.passages(document.id)
    return [(one.start, one.end) for one in passages[:: max(1, len(passages) // 12)]]


def _pages(longest: Document) -> dict[str, str]:
    links = PageLinks()
    return {
        "list": links.corpus(),
        "text": links.document(longest.id),
        "cited": links.document(longest.id, cited=(0, min(60, len(longest.text)))),
        "search": links.search(WORDS),
        "quotation": links.quotation(longest.id, cited=(0, min(60, len(longest.text)))),
        "missing": "/nowhere",
    }


def _shot(folder: Path, name: str, screen: Viewport) -> Path:
    return folder / f"{name}-{screen.width}-{screen.scheme}.png"


def _figures(seen: Sequence[PageReport]) -> Iterator[Measurement]:
    def count(name: str, value: int, target: int = 0) -> Measurement:
        return Measurement(
            name=name, value=value, unit=MeasureUnit.COUNT, target=target, bound=TargetBound.EXACT
        )

    yield Measurement(
        name="pages looked at, 360 and 1,280 px, light and dark", value=len(seen), unit=MeasureUnit.COUNT
    )
    yield count("findings of axe, serious or critical", sum(one.grave for one in seen))
    yield Measurement(
        name="findings of axe, others", value=sum(one.light for one in seen), unit=MeasureUnit.COUNT
    )
    yield count("requests to other hosts", sum(one.foreign for one in seen))
    yield count("pages wider than the screen", sum(one.wide for one in seen))
    yield count("errors on the console", sum(one.errors for one in seen))
    heaviest = max(one.bytes - one.text for one in seen)
    yield Measurement(
        name="bytes of the heaviest page without its text",
        value=heaviest,
        unit=MeasureUnit.COUNT,
        target=MOST,
        bound=TargetBound.MOST,
    )
    yield Measurement(
        name="bytes sent for it at most", value=max(one.sent for one in seen), unit=MeasureUnit.COUNT
    )
    times = [one.milliseconds for one in seen]
    yield Measurement(name="loaded, median", value=percentile(times, 0.5), unit=MeasureUnit.MS)
    yield Measurement(name="loaded, p95", value=percentile(times, 0.95), unit=MeasureUnit.MS)


def _in_view(found: Sequence[bool]) -> Measurement:
    return Measurement(
        name="cited words on the screen at once, without scripts", value=share(found), target=1.0
    )


def _notes(longest: Document, key: str) -> tuple[str, ...]:
    told = f"the longest text: {len(longest.text)} characters on one page"
    return (told, f"screenshots to look at: screens/{key} in the folder of --home")
