"""Exact nearest neighbours over vectors in memory: complete, and quicker than a graph for small libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.documents import Filter
from retrieval.entries import document_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from retrieval.catalogue_vectors import Rows
    from retrieval.documents import Document

_NO_LIMITS = Filter()


class ExactIndex:
    """The vectors of all passages, compared one by one."""

    def __init__(self, rows: Rows, heads: Iterable[Document]) -> None:
        self._ids = rows.ids
        self._matrix = rows.matrix
        self._row = {name: n for n, name in enumerate(rows.ids)}
        self._heads = list(heads)
        numbers = {document.id: n for n, document in enumerate(self._heads)}
        self._owner = np.array([numbers.get(document_id(name), -1) for name in rows.ids], dtype=np.intp)

    def find(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Return the nearest passages with their cosine similarity, best first."""
        rows = self._allowed(limits)
        if not len(rows):
            return {}
        scores = (self._matrix if len(rows) == len(self._ids) else self._matrix[rows]) @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        return {self._ids[rows[n]]: float(scores[n]) for n in best}

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        known = [name for name in ids if name in self._row]
        if not known:
            return {}
        scores = self._matrix[[self._row[name] for name in known]] @ vector
        return dict(zip(known, map(float, scores), strict=True))

    def _allowed(self, limits: Filter) -> NDArray[np.intp]:
        if limits == _NO_LIMITS:
            return np.arange(len(self._ids))
        admitted = [n for n, document in enumerate(self._heads) if limits.admits(document)]
        return np.flatnonzero(np.isin(self._owner, admitted))
