"""A library: all that is known of one home, to search and to read, and for one writer at a time to change."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Self

from retrieval.catalog.catalog import Catalogue
from retrieval.catalog.fact_repository import Register
from retrieval.index.index_set import Indexes
from retrieval.index.sync.sync import silent
from retrieval.ingest.corrections import carry_vectors, correct, held_source
from retrieval.ingest.pipeline import Ingest, here
from retrieval.places.gazetteer import Gazetteer
from retrieval.ranking.hybrid import Query
from retrieval.runtime.writer_lock import WriterLock
from retrieval.runtime.yield_to_searches import QueryActivity
from retrieval.snapshots import CurrentSnapshot
from retrieval.values.documents import Filter, document_id
from retrieval.values.errors import CatalogueBroken, EmbeddingError, IndexLocked, RetrievalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from retrieval.catalog.models import IngestedSource
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.chroma.address import ChromaAddress
    from retrieval.index.status import IndexStatus
    from retrieval.index.sync.sync import Progress
    from retrieval.ingest.pipeline import Workshop
    from retrieval.ingest.report import FileReport, Report
    from retrieval.values.documents import Document, Hit, Passage, Source

EMBED_AT_OPENING = 500  # passages a reader embeds for a writer that ended too soon: some twenty seconds
log = logging.getLogger(__name__)


class Library:
    """What one home holds, for readers in any thread, and for one writer, who holds the lock meanwhile."""

    def __init__(self, home: Path, catalogue: Catalogue, indexes: Indexes) -> None:
        self.home = home
        self._catalogue = catalogue
        self._indexes = indexes
        self._lock = WriterLock(home)
        self._asked = QueryActivity(home)
        self._alone = catalogue.alone()
        self._views = CurrentSnapshot(catalogue, self._indexes, self._lock)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        embedder: Embedder | None,
        write: bool = False,
        rebuild: bool = False,
        database: str | None = None,
        chroma: ChromaAddress | None = None,
    ) -> Self:
        """Open a home, made on demand; what a writer that ended too soon left undone is done first.

        ``rebuild`` opens for writing and makes every index anew, also after a change of the embedder. The
        catalogue is in the home, or in the ``database`` of a URL that other machines share; vectors are at
        home, or on the server of ``chroma``. Raises ``IndexLocked``, ``IndexMismatch``, ``CatalogueBroken``
        or an ``EmbeddingError``.
        """
        catalogue = Catalogue.open(database or home / "catalogue.db")
        library = cls(home, catalogue, Indexes(catalogue, home, embedder, chroma))
        try:
            library._begin(write=write, rebuild=rebuild)
        except BaseException:
            library.close()
            raise
        return library

    @property
    def text_embedder(self) -> Embedder | None:
        """What turns text into vectors here; None where words alone serve."""
        return self._indexes.model

    def _begin(self, *, write: bool, rebuild: bool) -> None:
        if rebuild:
            self._claim()
            self.rebuild()
            return
        self._indexes.check_model()
        if write:
            self._claim()
            self._make_up()
        elif self._indexes.behind:
            # A reader that may not write, or that finds a writer at work, goes by what is there.
            with suppress(IndexLocked, CatalogueBroken), self._lock:
                self._make_up(most=0 if self._catalogue.shared else EMBED_AT_OPENING)

    def _claim(self) -> None:
        if self._alone is not None:
            self._alone.acquire()
        self._lock.acquire()

    def _make_up(self, *, most: int | None = None) -> None:
        try:
            self._indexes.catch_up(silent, most=most)
        except EmbeddingError as error:
            log.warning("有些段落还没有向量，先按词语检索：%s", error)

    def close(self) -> None:
        """Let go of the indexes, the catalogue and the lock."""
        self._views.close()
        self._indexes.close()
        if self._alone is not None:
            self._alone.release()
        self._catalogue.close()
        if self._lock.held:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # For the writer.

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        options: Mapping[str, str] | None = None,
        progress: Progress = silent,
        workshop: Workshop = here,
        prune: bool = False,
    ) -> Report:
        """Take files, and folders as they stand, into the library; it returns when both indexes hold them.

        ``options`` are facts that go before what a text says of itself: "place", "date", "title", "speaker".
        A file that can't be read is reported, and what was known of it stays. ``progress`` hears the stages
        "read" (files), "words" and "vectors" (passages). ``workshop`` makes the files ready, by default in a
        thread of this process. A folder from which all or most files are gone is refused and nothing of it
        forgotten, unless ``prune`` says that they were removed on purpose.
        """
        self._check_writer()
        with self._lock.working():
            return self._ingest(options, progress).paths(paths, workshop, prune=prune)

    def ingest_sources(
        self,
        sources: Iterable[Source],
        *,
        options: Mapping[str, str] | None = None,
        progress: Progress = silent,
    ) -> Report:
        """Take sources that have been read, as ``ingest`` takes files."""
        self._check_writer()
        with self._lock.working():
            return self._ingest(options, progress).sources(sources)

    def ingest_source(self, source: Source, *, options: Mapping[str, str] | None = None) -> FileReport:
        """Take one source that has been read, such as standard input."""
        return self.ingest_sources([source], options=options).files[0]

    def _ingest(self, options: Mapping[str, str] | None, progress: Progress) -> Ingest:
        return Ingest(
            self._catalogue,
            self._indexes,
            gazetteer=self.gazetteer,
            options=options or {},
            progress=self._asked.paced(progress),
        )

    def correct(self, name: str, facts: Mapping[str, str]) -> FileReport | None:
        """Set facts of a document right ("place", "date", "title", "speaker"); None where it is not known.

        They hold for its file from now on. Nothing is embedded again: the passages keep their vectors. Raises
        RetrievalError where its file holds several documents.
        """
        self._check_writer()
        document = self.document(name)
        if document is None:
            return None
        with self._lock.working():
            source, documents = held_source(self._catalogue, document)
            keys = [one.key for one in self._catalogue.entries_of([one.id for one in documents])]
            correct(self._catalogue, source.key, facts)
            ready = self._ingest(None, silent).ready(source)
            if ready.rows is not None:
                carry_vectors(self._catalogue, self._indexes.embedder, keys, ready.rows.passages)
                self._catalogue.keep(ready.rows)
                self._indexes.catch_up(silent)
            return ready.report

    def remove(self, key: str) -> bool:
        """Forget a source, in the catalogue and in both indexes; tell whether it was known."""
        self._check_writer()
        known = self._catalogue.remove(key)
        self._indexes.catch_up(silent)
        return known

    def rebuild(self, progress: Progress = silent) -> None:
        """Make both indexes anew from the catalogue, beside the old ones, and switch to them."""
        self._check_writer()
        self._indexes.rebuild(progress)

    def catch_up(self, progress: Progress = silent) -> None:
        """Bring both indexes to what the catalogue holds."""
        self._check_writer()
        self._indexes.catch_up(progress)

    def _check_writer(self) -> None:
        if not self._lock.held:
            raise RetrievalError("资料库是以只读方式打开的。请以写入方式打开后再更改。")

    # For readers.

    @property
    def version(self) -> int:
        """A number that grows with each change of what is known."""
        return self._catalogue.version

    @property
    def standing(self) -> IndexStatus:
        """How far this machine's indexes, and the vectors on a server, are behind the catalogue."""
        return self._indexes.standing()

    def check_server(self) -> None:
        """Ask the server of the vectors, if there is one. Raises a RetrievalError with what is wrong."""
        self._indexes.check_server()

    @property
    def identity(self) -> str:
        """A name that no other library has, also not one that is made anew in the same home."""
        return self._catalogue.noted("identity") or ""

    @property
    def embedder(self) -> str:
        """The name of the embedder that questions are searched with; empty where words alone serve."""
        return self._indexes.embedder

    def sources(self) -> tuple[IngestedSource, ...]:
        """Return the sources by key, with the counts of what each holds."""
        return self._catalogue.sources()

    def documents(self) -> tuple[Document, ...]:
        """Return the heads of all documents, with their sections; ``document`` gives text and points."""
        return self._views.now().heads

    def document(self, name: str) -> Document | None:
        """Return a document, whole."""
        whole = self._views.now().whole(name)
        return whole.document if whole else None

    def passages(self, document: str) -> tuple[Passage, ...]:
        """Return the passages of a document in the order of its text; none of an unknown one."""
        whole = self._views.now().whole(document)
        return whole.passages if whole else ()

    def passage(self, name: str) -> Passage | None:
        """Return a passage."""
        return self._views.now().passage(name)

    def neighbours(self, name: str) -> tuple[Passage | None, Passage | None]:
        """Return the passages before and after one in its document; None at either end."""
        passages = self.passages(document_id(name))
        at = next((n for n, passage in enumerate(passages) if passage.id == name), None)
        if at is None:
            return None, None
        before = passages[at - 1] if at > 0 else None
        return before, passages[at + 1] if at + 1 < len(passages) else None

    def locate(self, words: str) -> tuple[Passage, ...]:
        """Return the passages in which ``words`` begin verbatim, the first of each document.

        It reads the catalogue itself, so that it finds words in any text, however they are cut and indexed.
        """
        names = self._catalogue.holding(words) if words.strip() else ()
        wholes = filter(None, map(self._views.now().whole, names))
        return tuple(passage for whole in wholes if (passage := whole.beginning(words)) is not None)

    def places(self) -> tuple[str, ...]:
        """Return the places that documents speak for."""
        return self._views.now().places

    @cached_property
    def register(self) -> Register:
        """The figures and measures of all documents."""
        return Register(self._catalogue)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places that questions and texts may name."""
        return Gazetteer()

    def frequency(self, grams: Sequence[str]) -> dict[str, float]:
        """Return the share of passages that hold each of these words, as ``chinese.bigrams`` cuts them."""
        words = self._views.now().legs.words
        return words.frequency(grams) if words else dict.fromkeys(grams, 0.0)

    def find(
        self,
        query: str,
        *,
        k: int = 8,
        filter: Filter = Filter(),  # noqa: A002, B008 - frozen
        per_place: int | None = None,
    ) -> tuple[Hit, ...]:
        """Return at most ``k`` passages for a query, best first, none outside the filter.

        With ``per_place`` each place of the filter, or of the library, has at most so many, and its first
        before any has its second.
        """
        if k < 1 or not query.strip():
            return ()
        self._asked.note()
        asked = self._query(query)
        return self._views.use(lambda view: view.find(asked, k=k, limits=filter, per_place=per_place))

    def nearness(self, question: str, texts: Sequence[str]) -> tuple[float, ...] | None:
        """Return how near (cosine) each text is to a question; None where words alone must serve.

        Texts are embedded as they are asked for, about ten milliseconds each, and kept at hand.
        """
        try:
            found = self._indexes.nearness(question, texts) if texts else None
        except EmbeddingError as error:
            log.warning("句子没有向量，只按词语比较：%s", error)
            return None
        return None if found is None else tuple(map(float, found))

    def _query(self, text: str) -> Query:
        try:
            return self._indexes.query(text)
        except EmbeddingError as error:
            log.warning("问题没有向量，只按词语检索：%s", error)
            return Query(text=text)
