"""Nearest neighbours asked of a Chroma server; the cosines of given passages come from the catalogue."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from retrieval.values.errors import IndexGone

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

    from retrieval.index.chroma_server.availability import Reach
    from retrieval.index.vectors.chroma import VectorIndex
    from retrieval.index.vectors.embedding_cache import VectorTable
    from retrieval.values.documents import Filter


class ChromaLeg:
    """Asks the collection that the mark names; where that is gone, the one that it names now.

    ``opened`` opens it, or gives None where there is no mark. What can't be had raises ``IndexAway``.
    """

    def __init__(self, opened: Callable[[], VectorIndex | None], *, reach: Reach, table: VectorTable) -> None:
        self._opened = opened
        self._reach = reach
        self._table = table
        self._index: VectorIndex | None = None
        self._stale = True
        self._opening = threading.Lock()

    def renew(self) -> None:
        """Have the mark read again with the next question."""
        self._stale = True

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        return self._reach.use(partial(self._find, vector, limit=limit, limits=limits))

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        return {name: float(held @ vector) for name, held in self._table.held_by(ids).items()}

    def _find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        index = self._current()
        if index is None:
            return {}
        try:
            return index.find(vector, limit=limit, limits=limits)
        except IndexGone:
            self.renew()
        index = self._current()
        return index.find(vector, limit=limit, limits=limits) if index else {}

    def _current(self) -> VectorIndex | None:
        with self._opening:
            if self._stale:
                self._stale = False
                try:
                    self._index = self._opened()
                except BaseException:
                    self._stale = True
                    raise
            return self._index
