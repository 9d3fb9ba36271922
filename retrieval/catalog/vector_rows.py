"""Vectors as rows of the catalogue, read and written within a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import delete, func, insert, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from retrieval.catalog.queries import chunks
from retrieval.catalog.tables import document_vectors, documents, passages, vectors
from retrieval.values.documents import KEY, cut_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Column, ColumnElement, Connection, Select

    from retrieval.values.documents import Filter

KEPT = np.dtype("<f2")  # cosines differ by less than 0.0005 from those of the float32 it came from
_PAIRS = 100  # of a document and a place in it, asked for at once


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageVectors:
    """The vectors of one document's passages."""

    document: str
    keys: tuple[bytes, ...]
    vectors: NDArray[np.float32]  # (passages, dimension)


def note_cuts(connection: Connection) -> None:
    """Note on each document that lacks it how it is cut: those that an older program wrote."""
    for document in (
        connection.execute(select(documents.c.id).where(documents.c.cut.is_(None))).scalars().all()
    ):
        keys = connection.execute(keys_of([document])).scalars().all()
        connection.execute(update(documents).where(documents.c.id == document).values(cut=cut_of(keys)))


def pack_all(connection: Connection) -> None:
    """Give each document its row of vectors, as far as they are kept by text; those rows stay."""
    note_cuts(connection)
    models = connection.execute(select(vectors.c.model).distinct()).scalars().all()
    for document in connection.execute(select(documents.c.id)).scalars().all():
        keys = connection.execute(keys_of([document])).scalars().all()
        for model in models:
            held = loose_rows(connection, model, keys)
            if keys and len(held) == len(set(keys)):
                vectors_ = [held[key] for key in keys]
                pack_row(connection, document, model=model, keys=keys, vectors=vectors_)


def inside(
    connection: Connection, limits: Filter, *, model: str, columns: Sequence[Column[Any]] = ()
) -> list[Any]:
    """Return document, cut and these columns of each document's row inside limits, if it is of today's cut.

    Asked in two steps, the first of which the index on documents answers alone: their texts are long.
    """
    wanted = {
        documents.c.place: limits.places,
        documents.c.year: limits.years,
        documents.c.id: limits.documents,
        documents.c.genre: tuple(genre.value for genre in limits.genres),
    }
    facts = [column.in_(values) for column, values in wanted.items() if values]
    cuts = {
        row.id: row.cut for row in connection.execute(select(documents.c.id, documents.c.cut).where(*facts))
    }
    held = document_vectors.c
    query = select(held.document, held.cut, *columns).where(held.model == model)
    found = []
    for some in chunks(cuts):
        rows = connection.execute(query.where(held.document.in_(some)))
        found += [row for row in rows if row.cut == cuts[row.document]]
    return found


def whereabouts(connection: Connection, names: Iterable[str], *, model: str) -> dict[str, Any]:
    """Return where the vectors of documents stand: document, dimension, text_keys, number, by document."""
    held = document_vectors.c
    number: ColumnElement[Any] = literal_column(
        "rowid" if connection.dialect.name == "sqlite" else "0"
    ).label("number")
    query = select(held.document, held.model, held.dimension, held.text_keys, number)
    found: dict[str, Any] = {}
    for some in chunks(names):
        rows = connection.execute(query.where(held.model == model, held.document.in_(some)))
        found.update((row.document, row) for row in rows)
    return found


def single(connection: Connection, where: Any, at: int) -> NDArray[np.float32]:
    """Return the vector of one passage, by where its document's stand and its place among them.

    SQLite's ``substr`` would read all of them: there its own reading of parts is used.
    """
    held, size = document_vectors.c, where.dimension * KEPT.itemsize
    if connection.dialect.name != "sqlite":
        query = select(func.substr(held.vectors, at * size + 1, size))
        query = query.where(held.model == where.model, held.document == where.document)
        return unpacked(connection.execute(query).scalar_one())
    file: Any = connection.connection.dbapi_connection
    with file.blobopen(document_vectors.name, "vectors", where.number, readonly=True) as blob:
        blob.seek(at * size)
        return unpacked(blob.read(size))


def smallest_keys(connection: Connection, most: int) -> list[tuple[bytes, str, bytes]]:
    """Return key, model and vector of the texts with the smallest keys, of every model, each once."""
    held = document_vectors.c
    found = {
        (key, row.model): row.vector
        for row in connection.execute(select(vectors).order_by(vectors.c.key, vectors.c.model).limit(most))
        for key in [bytes(row.key)]
    }
    where = [
        (key, model, document, at)
        for model, document, keys in connection.execute(select(held.model, held.document, held.text_keys))
        for at, key in enumerate(parted(keys))
    ]
    for key, model, document, at in sorted(where)[: 2 * most]:
        size = held.dimension * KEPT.itemsize
        one = select(func.substr(held.vectors, at * size + 1, size))
        blob = connection.execute(one.where(held.model == model, held.document == document)).scalar_one()
        found.setdefault((key, model), blob)
    return [(key, model, found[key, model]) for key, model in sorted(found)[:most]]


def loose_rows(connection: Connection, model: str, keys: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the vectors that are kept by text, packed as they are."""
    query = select(vectors.c.key, vectors.c.vector).where(vectors.c.model == model)
    found: dict[bytes, bytes] = {}
    for some in chunks(keys):
        found.update(
            (row.key, row.vector) for row in connection.execute(query.where(vectors.c.key.in_(some)))
        )
    return found


def pack_row(
    connection: Connection, document: str, *, model: str, keys: Sequence[bytes], vectors: Sequence[bytes]
) -> None:
    """Keep vectors as those of a document's passages, whose texts have these keys."""
    held = document_vectors.c
    connection.execute(delete(document_vectors).where(held.model == model, held.document == document))
    row = {
        "model": model,
        "document": document,
        "cut": cut_of(keys),
        "passages": len(keys),
        "dimension": len(vectors[0]) // KEPT.itemsize,
        "text_keys": b"".join(keys),
        "vectors": b"".join(vectors),
    }
    connection.execute(insert(document_vectors), row)


def put(connection: Connection, keys: Sequence[bytes], *, model: str, made: NDArray[np.float32]) -> None:
    """Keep a vector under the key of each text, unless one is there."""
    into = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    rows = [
        {"model": model, "key": key, "vector": row} for key, row in zip(keys, packed_rows(made), strict=True)
    ]
    connection.execute(into(vectors).on_conflict_do_nothing(), rows)


def drop(connection: Connection, keys: Iterable[bytes], *, model: str) -> None:
    """Drop what is kept under the keys of texts."""
    for some in chunks(keys):
        connection.execute(delete(vectors).where(vectors.c.model == model, vectors.c.key.in_(some)))


def keys_of(names: Sequence[str]) -> Select[Any]:
    """Return the query for the keys of these documents' passages, in their order."""
    query = select(passages.c.key).where(passages.c.document.in_(names))
    return query.order_by(passages.c.document, passages.c.ordinal)


def named(connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Return the ids of passages by document and place in it."""
    # Not as pairs: SQLite would look at all passages for them.
    columns = (passages.c.document, passages.c.ordinal, passages.c.id)
    found: dict[tuple[str, int], str] = {}
    for some in chunks(places, most=_PAIRS):
        query = select(*columns).where(
            passages.c.document.in_({document for document, _ in some}),
            passages.c.ordinal.in_({at for _, at in some}),
        )
        found.update(((row[0], row[1]), row[2]) for row in connection.execute(query))
    return found


def passages_of(document: str, dimension: int, keys: bytes, blob: bytes) -> PassageVectors:
    """Return what a document's row stands for."""
    return PassageVectors(document=document, keys=parted(keys), vectors=unpacked(blob).reshape(-1, dimension))


def parted(keys: bytes) -> tuple[bytes, ...]:
    """Return the keys that were joined."""
    return tuple(bytes(keys[at : at + KEY]) for at in range(0, len(keys), KEY))


def packed_rows(made: NDArray[np.float32]) -> list[bytes]:
    """Return each row as it is kept."""
    return [row.tobytes() for row in made.astype(KEPT)]


def unpacked(blob: bytes) -> NDArray[np.float32]:
    """Return the numbers that are kept, one after the other."""
    return np.frombuffer(blob, dtype=KEPT).astype(np.float32)
