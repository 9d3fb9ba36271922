"""What the catalogue is asked, over a connection that the catalogue gives."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Text, cast, delete, func, insert, select

from retrieval.catalog.mapping import PASSAGE, document_of
from retrieval.catalog.models import StoredDocument
from retrieval.catalog.tables import (
    changes,
    document_vectors,
    documents,
    meta,
    passages,
    sources,
    vectors,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy import Column, Connection, RowMapping

    from retrieval.catalog.mapping import PassageRow
    from retrieval.values.documents import Document

T = TypeVar("T")
_MANY = 500  # values in one IN (…): older SQLite takes 999
Facts = dict[str, tuple[object, ...]]  # of a passage, by id: all that the indexes know of it


def noted(connection: Connection, name: str, otherwise: int) -> int:
    """Return a number noted under a name."""
    found = told(connection, name)
    return otherwise if found is None else int(found)


def told(connection: Connection, name: str) -> str | None:
    """Return what is noted under a name."""
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()


def note(connection: Connection, name: str, value: str) -> None:
    """Note a value under a name."""
    connection.execute(delete(meta).where(meta.c.name == name))
    connection.execute(insert(meta), {"name": name, "value": value})


def facts_of(connection: Connection, source: str) -> Facts:
    """Return what the indexes know of each passage of a source."""
    columns = (passages.c.id, passages.c.key, *_filtered())
    query = select(*columns).join(documents).where(documents.c.source == source)
    return {row[0]: tuple(row[1:]) for row in connection.execute(query)}


def _filtered() -> tuple[Column[str] | Column[int], ...]:
    return passages.c.document, documents.c.place, documents.c.year, documents.c.genre


def log_changes(connection: Connection, before: Facts, after: Facts) -> None:
    """Raise the version, and log what the indexes have to look at."""
    version = noted(connection, "version", 0) + 1
    note(connection, "version", str(version))
    touched = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    if touched:
        connection.execute(insert(changes), [{"version": version, "passage": name} for name in touched])


def drop_vectors(connection: Connection, before: Facts) -> None:
    """Drop the vectors of texts that were in passages, and are in none any more."""
    for names in chunks({str(facts[1]) for facts in before.values()}):
        connection.execute(delete(document_vectors).where(document_vectors.c.document.in_(names)))
    for some in chunks({facts[0] for facts in before.values()}):
        unused = ~select(passages.c.id).where(passages.c.key == vectors.c.key).exists()
        connection.execute(delete(vectors).where(vectors.c.key.in_(some), unused))


def touched_since(connection: Connection, version: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the passages touched after a version: those that are there now, and those that are gone."""
    query = (
        select(changes.c.passage, passages.c.id)
        .join(passages, passages.c.id == changes.c.passage, isouter=True)
        .where(changes.c.version > version)
        .distinct()
    )
    rows = connection.execute(query).all()
    return (
        tuple(name for name, found in rows if found is not None),
        tuple(name for name, found in rows if found is None),
    )


def read_sources(connection: Connection) -> Iterator[RowMapping]:
    """Give every source by key, with the counts ``documents`` and ``passages``."""
    counts = (
        func.count(documents.c.id.distinct()).label("documents"),
        func.count(passages.c.id).label("passages"),
    )
    joined = sources.outerjoin(documents).outerjoin(passages)
    query = select(sources, *counts).select_from(joined).group_by(sources.c.key).order_by(sources.c.key)
    yield from connection.execute(query).mappings()


def metadata_of(connection: Connection, key: str) -> dict[str, str]:
    """Return the metadata of a source; empty for an unknown one."""
    told = connection.execute(select(sources.c.metadata).where(sources.c.key == key)).scalar()
    return dict(told or {})


def read_heads(connection: Connection) -> Iterator[Document]:
    """Give every document, by source and place in it, with sections but without text and points."""
    columns = [column for column in documents.c if column.name not in ("text", "points")]
    query = select(*columns, sources.c.metadata).join(sources)
    query = query.order_by(documents.c.source, documents.c.ordinal)
    yield from (document_of(row) for row in connection.execute(query).mappings())


def read_holding(connection: Connection, words: str) -> tuple[str, ...]:
    """Return the ids of the documents in whose text ``words`` stand, by source and place in it."""
    query = select(documents.c.id).where(func.instr(documents.c.text, words) > 0)
    return tuple(connection.execute(query.order_by(documents.c.source, documents.c.ordinal)).scalars())


def read_documents(connection: Connection, ids: Iterable[str]) -> dict[str, Document]:
    """Return the documents of these ids that are known, whole."""
    found: dict[str, Document] = {}
    for some in chunks(ids):
        query = select(documents, sources.c.metadata).join(sources).where(documents.c.id.in_(some))
        rows = connection.execute(query).mappings()
        found.update((row["id"], document_of(row)) for row in rows)
    return found


def read_wholes(connection: Connection, ids: Iterable[str]) -> dict[str, StoredDocument]:
    """Return the documents of these ids that are known, each with its passages in the order of the text."""
    found = read_documents(connection, ids)
    owned = _rows_by_document(connection, passages.c.document, found)
    return {
        name: StoredDocument(document=one, rows=tuple(owned.get(name, ()))) for name, one in found.items()
    }


def read_pieces(connection: Connection, ids: Collection[str]) -> dict[str, StoredDocument]:
    """Return the documents that hold these passages, each with those of them alone."""
    owned = _rows_by_document(connection, passages.c.id, ids)
    found = read_documents(connection, owned)
    return {
        name: StoredDocument(document=one, rows=tuple(owned[name]), complete=False)
        for name, one in found.items()
    }


def _rows_by_document(
    connection: Connection, column: Column[str], values: Iterable[str]
) -> dict[str, list[PassageRow]]:
    owned: dict[str, list[PassageRow]] = {}
    held = [passages.c[name] for name in PASSAGE]
    columns = [cast(one, Text) if one is passages.c.heading else one for one in held]
    for some in chunks(values):
        query = select(*columns).where(column.in_(some))
        ordered = query.order_by(passages.c.document, passages.c.ordinal)
        for row in connection.execute(ordered).all():  # at once: one by one takes longer
            owned.setdefault(row[1], []).append(tuple(row))
    return owned


def read_tenses(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Return the tenses of these passages."""
    found: dict[str, int] = {}
    for some in chunks(ids):
        query = select(passages.c.id, passages.c.tense).where(passages.c.id.in_(some))
        found.update((name, tense) for name, tense in connection.execute(query).all())
    return found


def chunks(values: Iterable[T], *, most: int = _MANY) -> Iterator[list[T]]:
    """Part values into lists that one IN (…) can take."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some
