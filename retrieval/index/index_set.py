"""The derived indexes of a library: kept in step with the catalogue, and handed to a search."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from retrieval.index import keyword as word_index
from retrieval.index.chroma.embedded import FOLDER, EmbeddedVectors
from retrieval.index.keyword import WordIndex
from retrieval.index.status import IndexStatus
from retrieval.index.sync.generations import Generations
from retrieval.index.sync.serving_mark import CHROMA, CatalogueMark
from retrieval.index.sync.sync import IndexKind, IndexSynchronizer, silent
from retrieval.ranking.hybrid import Query, Retrievers
from retrieval.runtime.stage_timer import StageTimer
from retrieval.runtime.writer_lock import WriterLock
from retrieval.runtime.yield_to_searches import QueryActivity
from retrieval.values.errors import IndexBroken

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.chroma.address import ChromaAddress
    from retrieval.index.chroma.served import ChromaVectors
    from retrieval.index.sync.sync import Progress

_WORDS = IndexKind(
    name="词语",
    stamp=word_index.STAMP,
    create=WordIndex.create,
    open=WordIndex.open,
    whole=word_index.looks_whole,
)


class Indexes:
    """The word index of one home and, where there is an embedder, the vectors: at home or on a server."""

    def __init__(
        self, catalogue: Catalogue, home: Path, embedder: Embedder | None, chroma: ChromaAddress | None = None
    ) -> None:
        self._catalogue = catalogue
        self.model = embedder
        self.embedder = embedder.name if embedder else ""
        self._changing = threading.Lock()  # of threads; between processes the writer's lock stands
        self._words = IndexSynchronizer(catalogue, Generations(home / "words"), _WORDS)
        self._served = _served(catalogue, home, embedder, chroma) if embedder and chroma else None
        self._vectors = self._served or (EmbeddedVectors(catalogue, home, embedder) if embedder else None)
        # Also those of vectors which no embedder serves now: the log must be there when one comes back.
        self._generations = tuple(
            Generations(home / name) for name in ("words", *(() if chroma else (FOLDER,)))
        )
        self._mark = CatalogueMark(catalogue) if chroma else None
        self._followed = ("version", CHROMA) if chroma else ("version",)
        self._keepers: list[IndexSynchronizer[Any, Any]] = [self._words]
        if self._vectors is not None:
            self._keepers += self._vectors.keepers

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if the vectors were made by another model than this embedder's."""
        if self._vectors is not None:
            self._vectors.check_model()

    @property
    def state(self) -> tuple[int | str | None, ...]:
        """What changes whenever the catalogue or an index has been brought on, by whatever process."""
        noted = self._catalogue.notes(*self._followed)
        return *noted, *(generations.written() for generations in self._generations)

    def standing(self) -> IndexStatus:
        """Tell how far the indexes have come."""
        words = self._words.mark()
        return IndexStatus(
            version=self._catalogue.version,
            words=words.version if words else 0,
            vectors=self._vectors.replayed if self._vectors else None,
            away=self._served.away if self._served else None,
        )

    def check_server(self) -> None:
        """Ask the server of the vectors, if there is one. Raises a RetrievalError with what is wrong."""
        if self._served is not None:
            self._served.check()

    @property
    def behind(self) -> bool:
        """Whether an index of this home has something to replay, or has to be made anew."""
        return any(keeper.behind for keeper in self._keepers)

    def catch_up(
        self, progress: Progress, *, most: int | None = None, more: bool = False
    ) -> dict[str, float]:
        """Replay what is pending, and return the seconds of each stage; for who holds the writer's lock.

        With ``most``, vectors are left for later where more passages than that would have to be embedded.
        ``more`` says that another call follows soon.
        """
        stages = StageTimer()
        with self._changing:
            with stages("words"):
                self._words.catch_up()
            progress("words", 1, 1)
            if self._vectors is not None:
                self._vectors.catch_up(progress, stages, most=most, more=more)
            marks = [kept.mark() for kept in (*self._generations, self._mark) if kept]
            self._catalogue.prune(min((mark.version for mark in marks if mark), default=0))
        return stages.seconds

    def rebuild(self, progress: Progress) -> None:
        """Make every index anew beside the old; for who holds the writer's lock."""
        with self._changing:
            self._words.rebuild()
            progress("words", 1, 1)
            if self._vectors is not None:
                self._vectors.rebuild(progress)

    def mend(self) -> None:
        """Make the indexes of this home anew, one of which was found broken; a server looks after its own."""
        with self._changing:
            self._words.rebuild()
            if self._vectors is not None and self._served is None:
                self._vectors.rebuild(silent)

    def legs(self) -> Retrievers:
        """Return what a search stands on now. Raises ``IndexBroken``."""
        words = self._words.index()
        mark = self._words.mark()
        if words is not None:
            words.reload()
            if mark and not self._agrees(words, mark.version):
                raise IndexBroken("词语索引与资料目录库不一致。它会自动重建。")
        nearest = self._vectors.nearest() if self._vectors else None
        return Retrievers(words=words, nearest=nearest, tenses=self._catalogue.tenses)

    def _agrees(self, words: WordIndex, version: int) -> bool:
        """Tell whether the word index holds what the catalogue holds, as far as nobody writes meanwhile."""
        before, same = self._catalogue.version, words.count() == self._catalogue.count()
        return same or before != version or self._catalogue.version != version

    def query(self, text: str) -> Query:
        """Return a question as both legs take it."""
        return Query(text=text, vector=self._vectors.query(text) if self._vectors else None)

    def nearness(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the cosine of a question and each text; None without an embedder that is quick enough."""
        return self._vectors.nearness(question, texts) if self._vectors else None

    def close(self) -> None:
        """Let go of the indexes."""
        self._words.close()
        if self._vectors is not None:
            self._vectors.close()


def _served(catalogue: Catalogue, home: Path, embedder: Embedder, chroma: ChromaAddress) -> ChromaVectors:
    from retrieval.index.chroma.served import ChromaVectors  # noqa: PLC0415 - httpx, which others are spared

    return ChromaVectors(
        catalogue,
        chroma,
        embedder,
        right=lambda: catalogue.alone() or WriterLock(home),
        pause=QueryActivity(home).pause,
    )
