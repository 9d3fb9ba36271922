"""Exact nearest neighbours over vectors in memory: complete, and quicker than a graph for small libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from retrieval.documents import Filter
from retrieval.entries import document_id
from retrieval.errors import IndexMismatch

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
        rows = None if limits == _NO_LIMITS else self._allowed(limits)
        matrix = self._matrix if rows is None else self._matrix[rows]
        if not len(matrix) or limit < 1:
            return {}
        if len(vector) != matrix.shape[1]:
            raise IndexMismatch(
                f"问题的向量有 {len(vector)} 维，索引里的有 {matrix.shape[1]} 维：模型变了。"
                "请运行 chengwen ingest --rebuild 重新生成向量。"
            )
        scores = _products(matrix, vector)
        best = np.argpartition(-scores, min(limit, len(scores)) - 1)[:limit]
        best = best[np.argsort(-scores[best], kind="stable")]
        chosen = best if rows is None else rows[best]
        return {self._ids[n]: float(score) for n, score in zip(chosen, scores[best], strict=True)}

    def scores(self, vector: NDArray[np.float32], ids: Collection[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        known = [name for name in ids if name in self._row]
        if not known:
            return {}
        scores = _products(self._matrix[[self._row[name] for name in known]], vector)
        return dict(zip(known, map(float, scores), strict=True))

    def _allowed(self, limits: Filter) -> NDArray[np.intp]:
        admitted = [n for n, document in enumerate(self._heads) if limits.admits(document)]
        return np.flatnonzero(np.isin(self._owner, admitted))


def _products(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    # Not ``@``: its threads wait for one another where cores are shared, ten times longer than they work.
    products: NDArray[np.float32] = np.einsum("ij,j->i", matrix, vector)
    return products
