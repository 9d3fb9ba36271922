"""The vectors of a library: made once for each text and model, kept in the catalogue, a table and Chroma."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from retrieval.index.sync.generations import Generations
from retrieval.index.sync.sync import IndexSynchronizer, Kind
from retrieval.index.vectors import chroma as vector_index
from retrieval.index.vectors import table as matrix
from retrieval.index.vectors.chroma import VectorIndex
from retrieval.index.vectors.embed import VectorMaker
from retrieval.index.vectors.flat_search import ExactIndex
from retrieval.index.vectors.large_search import LargeIndex
from retrieval.index.vectors.table import Matrix
from retrieval.runtime.yield_to_searches import QueryActivity

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue
    from retrieval.embeddings.embedder import Embedder
    from retrieval.index.sync.sync import Progress
    from retrieval.ranking.hybrid import Nearest
    from retrieval.runtime.stage_timer import Stages

EXACT = 1_000_000  # passages up to which all questions go to the table: some 3 ms for each 150,000
GRAPH_AT_OPENING = 10_000  # passages above which a reader leaves Chroma, which it does not ask, to a writer
TABLE, GRAPH = "nearest", "vectors"  # their folders in a home
log = logging.getLogger(__name__)


class Vectors:
    """The vector index of one home and one embedder, kept in step with the catalogue.

    Up to ``exact`` passages the table of vectors is asked; above, Chroma, but for questions on a part.
    """

    def __init__(self, catalogue: Catalogue, home: Path, embedder: Embedder, *, exact: int = EXACT) -> None:
        self._catalogue = catalogue
        self._exact = exact
        self._maker = VectorMaker(catalogue, embedder, QueryActivity(home).pause)
        table = Kind(
            name="向量表",
            stamp=matrix.stamp_of(embedder.name),
            create=partial(Matrix.create, vectors=self._maker),
            open=partial(Matrix.open, vectors=self._maker),
            whole=matrix.looks_whole,
        )
        graph = Kind(
            name="向量",
            stamp=vector_index.stamp_of(embedder.name),
            create=partial(VectorIndex.create, model=embedder.name, vectors=self._maker),
            open=partial(VectorIndex.open, model=embedder.name, vectors=self._maker),
            whole=vector_index.looks_whole,
            fragile=True,
            ready=lambda: catalogue.note("model", embedder.name),
        )
        self.table = IndexSynchronizer(catalogue, Generations(home / TABLE), table)
        self.graph = IndexSynchronizer(catalogue, Generations(home / GRAPH), graph)
        self.keepers: tuple[IndexSynchronizer[Any, Any], ...] = (self.table, self.graph)

    def check_model(self) -> None:
        """Raise ``IndexMismatch`` if what is indexed was embedded by another model."""
        self._maker.check_model()

    def catch_up(self, progress: Progress, stages: Stages, *, most: int | None = None) -> None:
        """Replay what is pending, unless more than ``most`` passages would have to be embedded for it."""
        lacking = self._maker.table.lacking()
        if most is not None and lacking > most:
            log.warning("还有 %d 段没有向量，先按现有的检索。运行 chengwen ingest 可以补齐。", lacking)
            return
        self._maker.begin(lacking, progress)
        before = self._maker.seconds
        with stages("vectors"):
            self.table.catch_up()
        embedding = self._maker.seconds - before
        stages.add({"embed": embedding, "vectors": -embedding})
        if most is None or self._catalogue.count() <= GRAPH_AT_OPENING:
            with stages("graph"):
                self.graph.catch_up()

    @property
    def replayed(self) -> int:
        """Up to which version of the catalogue the table has come."""
        mark = self.table.mark()
        return mark.version if mark else 0

    def rebuild(self, progress: Progress) -> None:
        """Make the index anew with this embedder; the vectors of another are kept for its return."""
        if self._maker.changed_dimension:
            self._maker.table.forget()
        self._maker.expect(self._maker.table.lacking(), progress)
        self.table.rebuild()
        self.graph.rebuild()
        self._maker.table.trim()

    def nearest(self) -> Nearest | None:
        """Return what finds passages by vector now; None where there are no vectors yet."""
        self.check_model()
        table = self.table.index()
        if table is None:
            return None
        table.reload()
        exact = ExactIndex(table.parts, self._catalogue.heads())
        graph = self.graph.index() if table.count() > self._exact else None
        return LargeIndex(graph, exact) if graph else exact

    def query(self, text: str) -> NDArray[np.float32]:
        """Return the vector of a question."""
        return self._maker.query(text)

    def close(self) -> None:
        """Let go of the indexes."""
        for keeper in self.keepers:
            keeper.close()
