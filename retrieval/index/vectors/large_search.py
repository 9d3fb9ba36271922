"""Nearest neighbours in a very large library: Chroma's graph for all of it, the table for a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index.vectors.flat_search import ExactIndex
    from retrieval.ranking.hybrid import Nearest
    from retrieval.values.documents import Filter

PART = 200_000  # passages up to which a part is compared in the table: Chroma's own filter takes far longer


class LargeIndex:
    """Asks a graph over all passages, or the table where those inside the limits are few enough."""

    def __init__(self, graph: Nearest, table: ExactIndex) -> None:
        self._graph = graph
        self._table = table

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        few = self._table.count(limits) <= PART
        return (self._table if few else self._graph).find(vector, limit=limit, limits=limits)

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        return self._table.scores(vector, ids)
