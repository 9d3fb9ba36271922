"""The vectors of a library on a Chroma server, which any number of machines ask and one at a time fills."""

from __future__ import annotations

import logging
import threading
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from retrieval.index.chroma import collection as vector_index
from retrieval.index.chroma.active_collection import GRACE, ChromaMarks
from retrieval.index.chroma.availability import IndexAvailability
from retrieval.index.chroma.collection import VectorIndex
from retrieval.index.chroma.embed import VectorMaker
from retrieval.index.chroma.http_client import FILLING, ChromaServer
from retrieval.index.chroma.retriever import ChromaRetriever
from retrieval.index.chroma.served_collection import ServedCollection
from retrieval.index.sync.sync import IndexKind, IndexSynchronizer
from retrieval.values.errors import IndexAway, IndexBroken, IndexGone, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.chroma.address import ChromaAddress
    from retrieval.index.sync.sync import Progress
    from retrieval.ranking.hybrid import VectorRetriever
    from retrieval.runtime.stage_timer import StageTimer
    from retrieval.values.documents import IndexEntry

    Right = Callable[[], AbstractContextManager[object]]

_EMBED = 500  # passages that a reader of a file embeds for a writer that ended too soon
_REST = 300.0  # seconds after a mending that failed: whatever is wrong with the server, it is not that
_ITSELF = 0.99  # cosine of a passage with the nearest to it: itself
log = logging.getLogger(__name__)


class ChromaVectors:
    """The vector leg of one catalogue and one embedder on a server, kept in step by the catalogue's writer.

    Readers look after it aside (``Reach``): what a writer left undone, or a server lost, is made up by
    whichever of them gets the ``right`` to write.
    """

    keepers: tuple[IndexSynchronizer[Any, Any], ...] = ()  # none at home

    def __init__(
        self,
        catalogue: Catalogue,
        address: ChromaAddress,
        embedder: Embedder,
        *,
        right: Right,
        pause: Callable[[], None] = lambda: None,
        grace: float = GRACE,
    ) -> None:
        self._catalogue = catalogue
        self._right = right
        self._model = embedder.name
        self._maker = VectorMaker(catalogue, embedder, pause)
        self._asked = ChromaServer(address)
        self._filled = ChromaServer(address, seconds=FILLING)
        self._marks = ChromaMarks(catalogue, self._filled, embedder.name, grace=grace)
        kind = IndexKind(
            name="向量",
            stamp=f"served/{vector_index.stamp_of(embedder.name)}",
            create=self._create,
            open=partial(self._open, self._filled),
            whole=self._marks.sound,
        )
        self._keeper = IndexSynchronizer(catalogue, self._marks, kind)
        self._reach = IndexAvailability(self._look, again="Chroma 服务又可以用了，检索恢复按语义和词语进行。")
        self._leg = ChromaRetriever(self._serving, reach=self._reach, kept=self._maker.kept)
        self._closing = threading.Event()
        self._missed = 0  # looks in a row that found something broken
        self._rested = 0.0  # until when nothing is made anew
        self._unfilled: str | None = None  # why the writer could not bring it on

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        self._maker.check_model()

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self._maker.query(text)

    def nearness(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the cosine of a question and each text; None where that would take too long."""
        return self._maker.nearness(question, texts)

    def nearest(self) -> VectorRetriever:
        """Return what asks the server; what the mark names now is opened with the next question."""
        self.check_model()
        self._leg.renew()
        return self._leg

    @property
    def replayed(self) -> int:
        """Up to which version of the catalogue the server's vectors have come."""
        mark = self._keeper.mark()
        return mark.version if mark else 0

    @property
    def away(self) -> str | None:
        """Why the server can't be asked just now; None while it answers."""
        self._reach.wish()
        return self._reach.away or self._unfilled

    def check(self) -> None:
        """Ask the server now. Raises ``IndexAway`` or ``IndexBroken`` with a sentence."""
        self._asked.ask("GET")  # the database itself, also where it has nothing to hold yet
        try:
            self._sound()
        except IndexBroken as error:
            raise IndexBroken(
                f"{error}正在运行的机器人会自动补齐；没有在运行的，请运行 chengwen ingest --rebuild。"
            ) from error

    def close(self) -> None:
        """Break off what is being made up, and let go of the server."""
        self._closing.set()
        self._reach.close()
        self._asked.close()
        self._filled.close()

    # For the writer.

    def catch_up(
        self, progress: Progress, stages: StageTimer, *, most: int | None = None, more: bool = False
    ) -> None:
        """Embed what lacks a vector, and bring the server to what the catalogue holds.

        A reader, who comes with ``most``, does it aside. What a server lacks that is away is made up later.
        Whether ``more`` follows makes no difference: the server is changed in place.
        """
        del more
        if most is not None:
            self._reach.wish()
            return
        self._maker.catch_up(progress, stages)
        try:
            with stages("graph"):
                self._keeper.catch_up()
                self._marks.sweep()
        except (IndexAway, IndexBroken) as error:
            if self._unfilled is None:
                log.warning("%s文本和向量都已存进资料目录库，服务恢复后会自动补上。", error)
            self._unfilled = str(error)
        else:
            self._unfilled = None

    def rebuild(self, progress: Progress) -> None:
        """Fill a new collection beside the old one with this embedder's vectors, and switch to it."""
        self._maker.rebuild(progress)
        self._keeper.rebuild()
        self._maker.kept.trim()

    # The index on the server.

    def _create(self, name: str) -> VectorIndex:
        facts = vector_index.facts_of(self._model)
        return VectorIndex(None, ServedCollection.create(self._filled, name, facts), self._vectors)

    def _open(self, server: ChromaServer, name: str) -> VectorIndex:
        return VectorIndex(None, ServedCollection.open(server, name, self._model), self._vectors)

    def _serving(self) -> VectorIndex | None:
        mark = self._keeper.mark()
        if mark is None and self._catalogue.version:
            raise IndexGone(self._bare)
        return self._open(self._asked, mark.folder) if mark else None

    @property
    def _bare(self) -> str:
        return f"Chroma 服务 {self._asked.place}上还没有这个资料库的向量。"

    def _vectors(self, entries: Sequence[IndexEntry]) -> NDArray[np.float32]:
        if self._closing.is_set():
            raise IndexAway("程序正在停下，没补完的向量由下一个进程接着补。")
        return self._maker(entries)

    # Looking after it, in a thread.

    def _look(self) -> None:
        """See that the server is well, and mend what nobody else mends. Raises what is wrong with it."""
        try:
            behind = not self._sound()
        except IndexBroken:
            self._missed += 1
            # A second look first: who asks one question from a shell does not begin what takes minutes.
            if self._missed < 2 or monotonic() < self._rested or not self._mended():
                raise
            behind = False
        self._missed = 0
        if behind or self._marks.litter():
            self._mended()
        self._leg.renew()

    def _mended(self) -> bool:
        """Mend what is wrong, unless somebody else is at work; tell whether all is well now."""
        most = 0 if self._catalogue.shared else _EMBED
        if self._maker.kept.unmade(self._maker.kept.lacking()) > most:
            return False
        try:
            with self._right():
                self._mend()
        except IndexLocked:
            return False
        except IndexBroken:
            self._rested = monotonic() + _REST
            raise
        return True

    def _mend(self) -> None:
        try:
            self._sound()
        except IndexBroken as error:  # still, now that nobody else may be at it
            log.warning("%s", error)
            self._keeper.rebuild()
            log.warning("向量已经由资料目录库补齐。")
        else:
            self._keeper.catch_up()

    def _sound(self) -> bool:
        """Tell whether the server holds what the catalogue holds. Raises ``IndexBroken``, ``IndexAway``."""
        mark, version = self._keeper.mark(), self._catalogue.version
        if mark is None:
            if version:
                raise IndexGone(self._bare)
            return True
        if not self._marks.sound(mark.folder):
            raise IndexBroken("Chroma 服务上的向量丢了，或比资料目录库记的旧。")
        if mark.version != version:
            return False
        try:
            self._compare(self._open(self._asked, mark.folder))
        except IndexBroken:
            if self._catalogue.version == version:
                raise
            return False
        return True

    def _compare(self, index: VectorIndex) -> None:
        """See that the passages are there, that some can be read, and that the graph finds one of them."""
        held, known = index.count(), self._catalogue.count()
        if held != known:
            raise IndexBroken(f"Chroma 服务上有 {held} 段的向量，资料目录库有 {known} 段。")
        some = list(self._catalogue.entries(self._catalogue.sample()))
        index.check(some)
        if some:
            (vector,) = self._maker(some[:1])
            if max(index.find(vector, limit=1).values(), default=0.0) < _ITSELF:
                raise IndexBroken("Chroma 服务上的图找不到自己的段落。")
