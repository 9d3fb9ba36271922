"""The vectors of a home in Chroma, embedded: one folder a generation, which never changes while it serves.

Chroma beside a writer goes stale in memory and then fails on what it has not seen (upstream #3792). So a
writer copies the folder, changes the copy and switches; readers open the folder that serves by then.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import zlib
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from retrieval.database.sqlite_backup import mirrored
from retrieval.index.chroma import collection
from retrieval.index.chroma.availability import IndexAvailability
from retrieval.index.chroma.collection import VectorIndex
from retrieval.index.chroma.embed import VectorMaker
from retrieval.index.chroma.retriever import ChromaRetriever
from retrieval.index.sync.generations import Generations
from retrieval.index.sync.sync import IndexKind, IndexSynchronizer
from retrieval.runtime.writer_lock import WriterLock
from retrieval.runtime.yield_to_searches import QueryActivity
from retrieval.values.errors import IndexAway, IndexBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.sync.sync import Progress
    from retrieval.runtime.stage_timer import StageTimer
    from retrieval.values.documents import IndexEntry

FOLDER = "chroma"  # in a home
OLDER = ("nearest", "vectors")  # folders of older programs
AT_OPENING = 10_000  # passages that are put while somebody waits for a library to open: some seven seconds
_LAG = 4  # in the midst of an ingest, one in so many of the passages may be missing
_KEEP = timedelta(days=1)  # for which a program of before may go on with its own folders
_SUMS = "sums.json"
_PIECE = 1 << 22  # bytes summed at once
log = logging.getLogger(__name__)


class EmbeddedVectors:
    """The vector index of one home and one embedder, kept in step with the catalogue."""

    def __init__(self, catalogue: Catalogue, home: Path, embedder: Embedder) -> None:
        self._catalogue = catalogue
        self._home = home
        self._maker = VectorMaker(catalogue, embedder, QueryActivity(home).pause)
        self._closing = threading.Event()
        kind = IndexKind(
            name="向量",
            stamp=collection.stamp_of(embedder.name),
            create=partial(VectorIndex.create, model=embedder.name, vectors=self._vectors),
            open=partial(_opened, model=embedder.name, vectors=self._vectors),
            whole=collection.looks_whole,
            ready=lambda: catalogue.note("model", embedder.name),
            copy=copied,
            complete=_completed,
        )
        self.keeper = IndexSynchronizer(catalogue, Generations(home / FOLDER), kind)
        self.keepers: tuple[IndexSynchronizer[Any, Any], ...] = (self.keeper,)
        self._reach = IndexAvailability(
            self._look, again="向量索引已经由资料目录库补齐，检索恢复按语义和词语进行。"
        )

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        self._maker.check_model()

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self._maker.query(text)

    def nearness(self, question: str, texts: Sequence[str]) -> NDArray[np.float32] | None:
        """Return the cosine of a question and each text; None where that would take too long."""
        return self._maker.nearness(question, texts)

    @property
    def replayed(self) -> int:
        """Up to which version of the catalogue the index has come."""
        mark = self.keeper.mark()
        return mark.version if mark else 0

    def nearest(self) -> ChromaRetriever:
        """Return what finds passages by vector now; it opens Chroma with its first question.

        Where it is open already, what serves by now is opened here, which may be aside.
        """
        self.check_model()
        if self.keeper.is_open:
            try:
                index = self.keeper.index()
                if index is not None:
                    index.warm()
            except IndexBroken as error:
                log.info("%s", error)  # the question meets it again
        return ChromaRetriever(self.keeper.index, reach=self._reach, kept=self._maker.kept)

    def catch_up(
        self, progress: Progress, stages: StageTimer, *, most: int | None = None, more: bool = False
    ) -> None:
        """Make the vectors that lack, and bring the index to what the catalogue holds.

        With ``most`` it is left undone where more than that would have to be embedded, and done aside where
        it would take long. Where ``more`` follows it waits until a copy of the folder is worth it.
        """
        if not self._maker.catch_up(progress, stages, most=most):
            return
        due = self.keeper.due
        if more and due * _LAG < self._catalogue.count():
            return
        if most is not None and due > AT_OPENING:
            self._reach.wish()
            return
        with stages("graph"):
            self.keeper.catch_up()
        if most is None and not more:
            self._retire()

    def rebuild(self, progress: Progress) -> None:
        """Make the index again with this embedder; the vectors of another are kept for its return."""
        self._maker.rebuild(progress)
        self.keeper.rebuild()
        self._maker.kept.trim()

    def close(self) -> None:
        """Break off what is done aside, and let go of the index."""
        self._closing.set()
        self._reach.close()
        self.keeper.close()

    def _vectors(self, entries: Sequence[IndexEntry]) -> NDArray[np.float32]:
        if self._closing.is_set():
            raise IndexAway("程序正在停下，没补完的向量由下一个进程接着补。")
        return self._maker(entries)

    def _look(self) -> None:
        """Bring the index on, or mend it, if nobody else does. Raises ``IndexBroken`` if it stays broken."""
        broken = self._broken()
        if broken is None and not self.keeper.behind:
            return
        try:
            if self._maker.kept.unmade(self._maker.kept.lacking()) == 0:  # else a writer has to embed first
                with WriterLock(self._home):
                    if broken is None:
                        self.keeper.catch_up()
                    else:
                        self.keeper.rebuild()
                    return
        except IndexLocked:
            log.info("%s", "向量索引由另一个进程补齐。")
        if broken is not None:
            raise broken

    def _broken(self) -> IndexBroken | None:
        """Return what is wrong with the index that serves; that it is behind is not."""
        try:
            index = self.keeper.index()
            if index is not None and not self.keeper.behind:
                index.check(list(self._catalogue.entries(self._catalogue.sample(1))))
        except IndexBroken as error:
            return None if self.keeper.behind else error
        return None

    def _retire(self) -> None:
        """Delete what an older program kept, a day after it was taken over: one may still be running."""
        packed = self._catalogue.noted("packed")
        if packed and datetime.now(UTC) - datetime.fromisoformat(packed) < _KEEP:
            return
        for name in OLDER:
            shutil.rmtree(self._home / name, ignore_errors=True)
        if packed:
            self._maker.kept.drop_copies()
            self._catalogue.note("packed", "")


def copied(source: Path, target: Path) -> None:
    """Copy a generation into an empty folder; readers may have it open, and nobody changes it.

    Raises ``IndexBroken`` where it is damaged.
    """
    _check_sums(source)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.sqlite3*", _SUMS), dirs_exist_ok=True)
    mirrored(source / collection.DATABASE, target / collection.DATABASE)


def _opened(folder: Path, **named: Any) -> VectorIndex:
    _check_sums(folder)
    return VectorIndex.open(folder, **named)


def _completed(folder: Path, index: VectorIndex) -> None:
    """Close what was written, and note the sums of the graph's files: a damaged one ends the program."""
    index.save()
    index.close()
    written = folder.glob("*/index_metadata.pickle")  # else Chroma makes its empty files with each opening
    files = [path for one in written for path in sorted(one.parent.iterdir())]
    sums = {str(path.relative_to(folder)): _sum(path) for path in files}
    (folder / _SUMS).write_text(json.dumps(sums), encoding="utf-8")


def _check_sums(folder: Path) -> None:
    path = folder / _SUMS
    try:
        sums = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}  # a copy has none yet
        same = all(_sum(folder / name) == known for name, known in sums.items())
    except (OSError, ValueError, AttributeError) as error:
        raise IndexBroken(f"向量索引 {folder} 读不了（{error}）。它会由资料目录库自动重建。") from error
    if not same:
        raise IndexBroken(f"向量索引 {folder} 已损坏。它会由资料目录库自动重建。")


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total = zlib.crc32(piece, total)
    return total
