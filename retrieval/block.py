"""A block of vectors that never changes: passages by id, their vectors, and a sketch of them to scan.

A sketch holds the coordinates of each vector along the directions in which the block's vectors are longest. A
question is compared with all sketches and then exactly with the few whose sketches are nearest; a passage is
missed only if less than half of the numbers rank it far behind where all of them do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = np.dtype("<f2")  # cosines differ by less than 0.0005 from those of the float32 it came from
SKETCHED = 4_096  # rows from which on a block has a sketch: fewer are compared as they are
WIDTH = 160  # numbers of a sketch, of 384
_SAMPLE = 16_384  # rows that the directions are taken from
_AT_ONCE = 32_768  # rows worked on at once, so that memory stays small
_FEWEST, _EACH, _SHARE = 1_000, 20, 64  # rows compared exactly: at least, for each hit, one in so many

Chosen = NDArray[np.intp] | NDArray[np.bool_]  # the rows to look at: their numbers, or a mask over all


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows in the order of their ids, which keeps the passages of a document together."""

    ids: NDArray[np.bytes_]  # (rows,), rising
    vectors: NDArray[np.float16]  # (rows, dimension), L2-normalised
    basis: NDArray[np.float32]  # (dimension, width); of width 0 without a sketch
    sketch: NDArray[np.float32]  # (rows, width)

    @classmethod
    def of(cls, ids: Sequence[str], vectors: NDArray[np.floating]) -> Block:
        """Make a block of passages, each id once."""
        names = np.array([name.encode() for name in ids], dtype=np.bytes_)
        order = np.argsort(names, kind="stable")
        kept = vectors[order].astype(KEPT)
        basis = _basis(kept)
        return cls(ids=names[order], vectors=kept, basis=basis, sketch=_sketch(kept, basis))

    def __len__(self) -> int:
        return len(self.ids)

    def places_of(self, names: NDArray[np.bytes_]) -> NDArray[np.intp]:
        """Return the row of each of these ids; −1 where it has none."""
        if not len(self):
            return np.full(len(names), -1, dtype=np.intp)
        at = np.searchsorted(self.ids, names)
        there = self.ids[np.minimum(at, len(self) - 1)] == names
        return np.where(there, at, -1)

    def chosen(self, rows: Chosen | None) -> int:
        """Return how many rows that is."""
        if rows is None:
            return len(self)
        return int(np.count_nonzero(rows)) if _masks(rows) else len(rows)

    def find(
        self, vector: NDArray[np.float32], *, limit: int, rows: Chosen | None
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the nearest of some rows, or of all, with their cosines, best first."""
        near = self._nearest(vector, limit, rows)
        scores = self.scores(vector, near)
        best = _highest(scores, limit)
        best = best[np.argsort(-scores[best], kind="stable")]
        return near[best], scores[best]

    def scores(self, vector: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the cosines of some rows."""
        return products(self.vectors[rows].astype(np.float32), vector)

    def _nearest(self, vector: NDArray[np.float32], limit: int, rows: Chosen | None) -> NDArray[np.intp]:
        count = self.chosen(rows)
        most = max(_FEWEST, _EACH * limit, count // _SHARE)
        if not self.sketch.shape[1] or count <= most:
            return np.arange(len(self)) if rows is None else _numbers(rows)
        asked = products(self.basis.T, vector)
        if rows is None or _masks(rows):
            scores = products(self.sketch, asked)
            return _highest(scores if rows is None else np.where(rows, scores, -np.inf), most)
        numbers = _numbers(rows)
        return numbers[_highest(products(self.sketch[numbers], asked), most)]


def merged(older: Block, newer: Block, *, keep: NDArray[np.bool_]) -> Block:
    """Return one block of two: all rows of the newer, and those of the older that are still to be kept."""
    ids = np.concatenate([older.ids[keep], newer.ids])
    vectors = np.concatenate([older.vectors[keep], newer.vectors])
    order = np.argsort(ids, kind="stable")
    kept = vectors[order]
    basis = _basis(kept)
    return Block(ids=ids[order], vectors=kept, basis=basis, sketch=_sketch(kept, basis))


def products(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the product of each row with a vector."""
    # Not ``@``: its threads wait for one another where cores are shared, ten times longer than they work.
    found: NDArray[np.float32] = np.einsum("ij,j->i", matrix, vector)
    return found


def _masks(rows: Chosen) -> bool:
    return rows.dtype == np.bool_


def _numbers(rows: Chosen) -> NDArray[np.intp]:
    return np.flatnonzero(rows) if _masks(rows) else np.asarray(rows, dtype=np.intp)


def _highest(scores: NDArray[np.float32], count: int) -> NDArray[np.intp]:
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, count - 1)[:count] if count > 0 else np.arange(0)


def _basis(vectors: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return the directions in which a sample of the rows is longest.

    Not those of greatest spread: questions lie far from the passages' mean, and more near ones were missed.
    """
    if len(vectors) < SKETCHED or vectors.shape[1] <= 2 * WIDTH:
        return np.empty((vectors.shape[1], 0), np.float32)
    some = vectors[:: max(1, len(vectors) // _SAMPLE)].astype(np.float32)
    _, directions = np.linalg.eigh(some.T @ some)
    return np.ascontiguousarray(directions[:, ::-1][:, :WIDTH], dtype=np.float32)


def _sketch(vectors: NDArray[np.float16], basis: NDArray[np.float32]) -> NDArray[np.float32]:
    sketch = np.empty((len(vectors), basis.shape[1]), np.float32)
    for start in range(0, len(vectors) if basis.shape[1] else 0, _AT_ONCE):
        part = vectors[start : start + _AT_ONCE].astype(np.float32)
        sketch[start : start + _AT_ONCE] = part @ basis
    return sketch
