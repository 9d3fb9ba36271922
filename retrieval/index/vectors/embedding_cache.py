"""The vectors made so far, kept in the catalogue by model and text, so that no text is embedded twice.

The key is a digest of the text, so vectors outlive whatever holds the text: other cuts, rebuilt indexes,
another model in between. They go with a source that is removed, and some of those that nothing uses when
these outnumber the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.catalog.queries import chunks
from retrieval.catalog.tables import passages, vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from retrieval.catalog.catalog import Catalogue

_SPARE = 1_000  # unused vectors that are kept in any case
_KEPT = np.dtype("<f2")  # cosines differ by less than 0.0005 from those of the float32 it came from


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
            put = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            connection.execute(put(vectors).on_conflict_do_nothing(), rows)

    def lacking(self) -> int:
        """Return how many passages have no vector yet."""
        kept = select(vectors.c.key).where(vectors.c.model == self.model, vectors.c.key == passages.c.key)
        with self._catalogue.reading() as connection:
            query = select(func.count()).select_from(passages).where(~kept.exists())
            return connection.execute(query).scalar_one()

    def unmade(self) -> list[str]:
        """Return the ids of the passages that have no vector yet."""
        kept = select(vectors.c.key).where(vectors.c.model == self.model, vectors.c.key == passages.c.key)
        with self._catalogue.reading() as connection:
            return list(connection.execute(select(passages.c.id).where(~kept.exists())).scalars())

    def held_by(self, ids: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each of these passages that has one."""
        query = select(passages.c.id, vectors.c.vector).join(vectors, vectors.c.key == passages.c.key)
        found: dict[str, NDArray[np.float32]] = {}
        with self._catalogue.reading() as connection:
            for some in chunks(ids):
                chosen = query.where(vectors.c.model == self.model, passages.c.id.in_(some))
                found.update((name, _unpacked(blob, 1)[0]) for name, blob in connection.execute(chosen))
        return found

    def count(self) -> int:
        """Return how many are kept, of every model."""
        with self._catalogue.reading() as connection:
            return connection.execute(select(func.count()).select_from(vectors)).scalar_one()

    def forget(self) -> None:
        """Drop the vectors of this model."""
        with self._catalogue.writing() as connection:
            connection.execute(delete(vectors).where(vectors.c.model == self.model))

    def trim(self) -> None:
        """Drop some of those that no passage uses, of every model, as far as they outnumber the used."""
        used = select(passages.c.id).where(passages.c.key == vectors.c.key).exists() & (
            vectors.c.model == self.model
        )
        with self._catalogue.reading() as connection:
            spare = connection.execute(select(func.count()).select_from(vectors).where(~used)).scalar_one()
            held = connection.execute(select(func.count()).select_from(vectors)).scalar_one()
        over = spare - max(held - spare, _SPARE)
        if over > 0:
            with self._catalogue.writing() as connection:
                some = select(vectors.c.model, vectors.c.key).where(~used).limit(over)
                for model, key in connection.execute(some).all():
                    connection.execute(delete(vectors).where(vectors.c.model == model, vectors.c.key == key))


def _unpacked(blob: bytes, rows: int) -> NDArray[np.float32]:
    flat = np.frombuffer(blob, dtype=_KEPT).astype(np.float32)
    return flat.reshape(rows, len(flat) // max(rows, 1))
