"""The vectors of texts, kept in the catalogue: one row a document, and single ones beside them.

A document's row holds the vectors of its passages in their order, float16. A vector that was just made, and
one whose text is in no passage any more, has a row of its own under the key of the text. So a text that is
cut otherwise and then as before, or returns after another model, is not embedded again. Vectors go with a
source that is removed, and some of those that nothing uses when these outnumber the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import and_, delete, func, select

from retrieval.catalog import vector_rows as rows
from retrieval.catalog.queries import chunks
from retrieval.catalog.tables import document_vectors, documents, passages, vectors
from retrieval.catalog.vector_rows import KEPT
from retrieval.values.documents import KEY, Filter, cut_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import ColumnElement, Connection

    from retrieval.catalog.catalog import Catalogue
    from retrieval.catalog.vector_rows import PassageVectors

_NONE = cut_of(())  # of a document without passages
_SPARE = 1_000  # unused vectors that are kept in any case


class CatalogueVectors:
    """The vectors of one model."""

    def __init__(self, catalogue: Catalogue, model: str) -> None:
        self._catalogue = catalogue
        self.model = model

    # What is there.

    def dimension(self) -> int | None:
        """Return how many numbers the vectors kept have; None where none is kept."""
        packed = select(document_vectors.c.dimension).where(document_vectors.c.model == self.model).limit(1)
        loose = select(vectors.c.vector).where(vectors.c.model == self.model).limit(1)
        with self._catalogue.reading() as connection:
            found = connection.execute(packed).scalar()
            if found is not None:
                return int(found)
            blob = connection.execute(loose).scalar()
        return None if blob is None else len(blob) // KEPT.itemsize

    def count(self) -> int:
        """Return how many vectors are kept, of every model."""
        with self._catalogue.reading() as connection:
            loose = connection.execute(select(func.count()).select_from(vectors)).scalar_one()
            packed = select(func.coalesce(func.sum(document_vectors.c.passages), 0))
            return int(loose + connection.execute(packed).scalar_one())

    def get(self, keys: Iterable[bytes]) -> dict[bytes, NDArray[np.float32]]:
        """Return the vectors kept of these texts, by their keys."""
        wanted = list(dict.fromkeys(keys))
        with self._catalogue.reading() as connection:
            found = self._in_documents(connection, passages.c.key, wanted)
            lacking = [key for key in wanted if key not in found]
            for some in chunks(lacking):
                query = select(vectors.c.key, vectors.c.vector).where(
                    vectors.c.model == self.model, vectors.c.key.in_(some)
                )
                found.update((key, rows.unpacked(blob)) for key, blob in connection.execute(query))
        return found

    def held_by(self, ids: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each of these passages that has one."""
        with self._catalogue.reading() as connection:
            return self._in_documents(connection, passages.c.id, ids)

    def _in_documents(
        self, connection: Connection, column: ColumnElement[Any], values: Iterable[Any]
    ) -> dict[Any, NDArray[np.float32]]:
        # Two questions: asked in one, SQLite begins with all rows of the model.
        found: dict[Any, NDArray[np.float32]] = {}
        columns = (column, passages.c.document, passages.c.ordinal, passages.c.key)
        for some in chunks(values):
            asked = connection.execute(select(*columns).where(column.in_(some))).all()
            held = rows.whereabouts(connection, {row[1] for row in asked}, model=self.model)
            for value, document, at, key in asked:
                row = held.get(document)
                if row is not None and row.text_keys[at * KEY : (at + 1) * KEY] == key:  # else cut otherwise
                    found[value] = rows.single(connection, row, at)
        return found

    def of_documents(self, ids: Iterable[str]) -> list[PassageVectors]:
        """Return the vectors of each of these documents that has them."""
        held = document_vectors.c
        columns = (held.dimension, held.text_keys, held.vectors)
        limits = Filter(documents=tuple(ids))
        with self._catalogue.reading() as connection:
            found = rows.inside(connection, limits, model=self.model, columns=columns)
        return [rows.passages_of(row.document, *row[2:]) for row in found]

    # Inside limits.

    def number(self, limits: Filter) -> int:
        """Return how many passages with a vector lie inside limits."""
        with self._catalogue.reading() as connection:
            held = rows.inside(connection, limits, model=self.model, columns=(document_vectors.c.passages,))
            return sum(row.passages for row in held)

    def documents(self, limits: Filter) -> frozenset[str]:
        """Return the ids of the documents with vectors inside limits."""
        with self._catalogue.reading() as connection:
            return frozenset(row.document for row in rows.inside(connection, limits, model=self.model))

    def nearest(self, vector: NDArray[np.float32], *, limit: int, limits: Filter) -> dict[str, float]:
        """Compare all passages inside limits, and return the nearest with their cosine, best first."""
        columns = (document_vectors.c.passages, document_vectors.c.vectors)
        with self._catalogue.reading() as connection:
            held = rows.inside(connection, limits, model=self.model, columns=columns)
            if not held:
                return {}
            flat = np.frombuffer(b"".join(row.vectors for row in held), KEPT).astype(np.float32)
            starts = np.cumsum([0, *(row.passages for row in held)])
            scores = products(flat.reshape(int(starts[-1]), -1), vector)
            best = np.argsort(-scores, kind="stable")[:limit]
            which = np.searchsorted(starts, best, side="right") - 1
            where = [(held[row].document, int(at - starts[row])) for row, at in zip(which, best, strict=True)]
            names = rows.named(connection, where)
        pairs = zip(where, scores[best].tolist(), strict=True)
        return {names[place]: score for place, score in pairs if place in names}

    def cosines(self, vector: NDArray[np.float32], ids: Iterable[str]) -> dict[str, float]:
        """Return the cosine of each of these passages that has a vector."""
        held = self.held_by(ids)
        if not held:
            return {}
        scores = products(np.stack(list(held.values())), vector)
        return dict(zip(held, scores.tolist(), strict=True))

    # What is to be made.

    def lacking(self) -> tuple[str, ...]:
        """Return the ids of the documents that have passages and no vectors for them yet."""
        held = select(document_vectors.c.document, document_vectors.c.cut)
        with self._catalogue.reading() as connection:
            packed = {
                tuple(row) for row in connection.execute(held.where(document_vectors.c.model == self.model))
            }
            cuts = connection.execute(select(documents.c.id, documents.c.cut)).all()
        return tuple(sorted(name for name, cut in cuts if cut != _NONE and (name, cut) not in packed))

    def unmade(self, documents_: Iterable[str]) -> int:
        """Return how many texts of these documents have no vector, whatever other documents hold them."""
        keys: set[bytes] = set()
        with self._catalogue.reading() as connection:
            for some in chunks(documents_):
                keys |= set(connection.execute(rows.keys_of(some)).scalars())
        return len(keys) - len(self.get(keys))

    def keep(self, keys: Sequence[bytes], made: NDArray[np.float32]) -> None:
        """Keep a vector for each of these texts."""
        with self._catalogue.writing() as connection:
            rows.put(connection, keys, model=self.model, made=made)

    def pack(self, packed: Iterable[PassageVectors]) -> None:
        """Keep vectors as those of their documents' passages."""
        with self._catalogue.writing() as connection:
            for one in packed:
                by_key = dict(zip(one.keys, rows.packed_rows(one.vectors), strict=True))
                kept = [by_key[key] for key in one.keys]
                rows.pack_row(connection, one.document, model=self.model, keys=one.keys, vectors=kept)
                rows.drop(connection, one.keys, model=self.model)

    def settle(self) -> None:
        """Put the vectors of documents that are gone or cut otherwise under the keys of their texts."""
        held = document_vectors.c
        with self._catalogue.writing() as connection:
            rows.note_cuts(connection)
            cuts = {row.id: row.cut for row in connection.execute(select(documents.c.id, documents.c.cut))}
            packed = connection.execute(select(held.model, held.document, held.cut)).all()
            for model, document in [(m, name) for m, name, cut in packed if cuts.get(name) != cut]:
                this = and_(held.model == model, held.document == document)
                columns = select(held.document, held.dimension, held.text_keys, held.vectors)
                old = rows.passages_of(*connection.execute(columns.where(this)).one())
                rows.put(connection, old.keys, model=model, made=old.vectors)
                connection.execute(delete(document_vectors).where(this))

    # What goes.

    def forget(self) -> None:
        """Drop the vectors of this model."""
        with self._catalogue.writing() as connection:
            for table in (vectors, document_vectors):
                connection.execute(delete(table).where(table.c.model == self.model))

    def trim(self) -> None:
        """Drop some of those that no passage uses, of every model, as far as they outnumber the used."""
        held = document_vectors.c
        total = select(func.coalesce(func.sum(held.passages), 0))
        with self._catalogue.writing() as connection:
            used = connection.execute(total.where(held.model == self.model)).scalar_one()
            others = connection.execute(total.where(held.model != self.model)).scalar_one()
            loose = connection.execute(select(func.count()).select_from(vectors)).scalar_one()
            over = loose + others - max(used, _SPARE)
            if over > 0:
                some = select(vectors.c.model, vectors.c.key).limit(over)
                for model, key in connection.execute(some).all():
                    connection.execute(delete(vectors).where(vectors.c.model == model, vectors.c.key == key))
            if over > loose:
                connection.execute(delete(document_vectors).where(held.model != self.model))

    def drop_copies(self) -> None:
        """Drop the vectors of single texts that a document's row holds too."""
        held = select(document_vectors.c.text_keys).where(document_vectors.c.model == self.model)
        with self._catalogue.writing() as connection:
            for keys in connection.execute(held).scalars().all():
                rows.drop(connection, rows.parted(keys), model=self.model)


def products(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the product of each row, (rows, dimension), with a vector, (dimension,)."""
    # Not ``@``: its threads wait for one another where cores are shared, ten times longer than they work.
    found: NDArray[np.float32] = np.einsum("ij,j->i", matrix, vector)
    return found
