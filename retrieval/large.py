"""Nearest neighbours in a large library: Chroma for all of it, exact comparison for a limited part."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.exact import ExactIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.catalogue_vectors import VectorTable
    from retrieval.documents import Document, Filter
    from retrieval.search import Nearest

PART = 5_000  # passages up to which a part is compared exactly: Chroma's own filter takes five times as long
_KEPT = 16  # parts kept in memory: the next question is often on the same place


class LargeIndex:
    """Asks a graph over all passages, or compares the vectors inside the limits where they are few."""

    def __init__(self, graph: Nearest, table: VectorTable, heads: Sequence[Document]) -> None:
        self._graph = graph
        self._table = table
        self._heads = heads
        self._part = lru_cache(_KEPT)(self._read)

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        return (self._part(limits) or self._graph).find(vector, limit=limit, limits=limits)

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        return self._graph.scores(vector, ids)

    def _read(self, limits: Filter) -> ExactIndex | None:
        heads = [head for head in self._heads if limits.admits(head)]
        if len(heads) == len(self._heads):
            return None
        names = [head.id for head in heads]
        return ExactIndex(self._table.rows(names), heads) if self._table.count(names) <= PART else None
