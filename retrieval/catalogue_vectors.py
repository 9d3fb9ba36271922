"""The vectors made so far, kept in the catalogue by model and text, so that no text is embedded twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue_queries import chunks
from retrieval.catalogue_schema import passages, vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrieval.catalogue import Catalogue

_KEPT = np.dtype("<f2")  # cosines differ by less than 0.0005 from those of the float32 it came from


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The vectors of all passages that have one: ``matrix[i]`` is that of passage ``ids[i]``."""

    ids: tuple[str, ...]
    matrix: NDArray[np.float32]  # (passages, dimension), L2-normalised


class VectorTable:
    """The vectors of one model, by key of the text they stand for."""

    def __init__(self, catalogue: Catalogue, model: str) -> None:
        self._catalogue = catalogue
        self.model = model

    def dimension(self) -> int | None:
        """Return how many numbers the vectors kept have; None where none is kept."""
        query = select(vectors.c.vector).where(vectors.c.model == self.model).limit(1)
        with self._catalogue.reading() as connection:
            blob = connection.execute(query).scalar()
        return None if blob is None else len(blob) // _KEPT.itemsize

    def get(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors that are kept of these keys."""
        found: dict[bytes, NDArray[np.float32]] = {}
        with self._catalogue.reading() as connection:
            for some in chunks(keys):
                query = select(vectors.c.key, vectors.c.vector).where(
                    vectors.c.model == self.model, vectors.c.key.in_(some)
                )
                found.update((key, _unpacked(blob, 1)[0]) for key, blob in connection.execute(query))
        return found

    def keep(self, keys: Sequence[bytes], made: NDArray[np.float32]) -> None:
        """Keep a vector for each key."""
        rows = [
            {"model": self.model, "key": key, "vector": vector.astype(_KEPT).tobytes()}
            for key, vector in zip(keys, made, strict=True)
        ]
        with self._catalogue.writing() as connection:
            connection.execute(insert(vectors).on_conflict_do_nothing(), rows)

    def lacking(self) -> int:
        """Return how many passages have no vector yet."""
        kept = select(vectors.c.key).where(vectors.c.model == self.model, vectors.c.key == passages.c.key)
        with self._catalogue.reading() as connection:
            query = select(func.count()).select_from(passages).where(~kept.exists())
            return connection.execute(query).scalar_one()

    def count(self, documents: Iterable[str]) -> int:
        """Return how many passages some documents have."""
        with self._catalogue.reading() as connection:
            query = select(func.count()).select_from(passages)
            parts = (query.where(passages.c.document.in_(some)) for some in chunks(documents))
            return sum(connection.execute(part).scalar_one() for part in parts)

    def rows(self, documents: Iterable[str] | None = None) -> Rows:
        """Return the vectors of the passages of some documents, or of all, in the order of their ids."""
        query = (
            select(passages.c.id, vectors.c.vector)
            .join(vectors, (vectors.c.key == passages.c.key) & (vectors.c.model == self.model))
            .order_by(passages.c.id)
        )
        with self._catalogue.reading() as connection:
            if documents is None:
                found = list(connection.execute(query))
            else:
                parts = (query.where(passages.c.document.in_(some)) for some in chunks(sorted(documents)))
                found = [row for part in parts for row in connection.execute(part)]
        matrix = _unpacked(b"".join(blob for _, blob in found), len(found))
        return Rows(ids=tuple(name for name, _ in found), matrix=matrix)

    def forget(self) -> None:
        """Drop the vectors of this model."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(vectors).where(vectors.c.model == self.model))

    def forget_others(self) -> None:
        """Drop the vectors of every other model."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(vectors).where(vectors.c.model != self.model))


def _unpacked(blob: bytes, rows: int) -> NDArray[np.float32]:
    flat = np.frombuffer(blob, dtype=_KEPT).astype(np.float32)
    return flat.reshape(rows, len(flat) // max(rows, 1))
