"""Digests by which two catalogues are told to hold the same: texts, register, and a sample of vectors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from retrieval.catalog.fact_tables import figures, measures, metrics
from retrieval.catalog.tables import documents, passages, sources
from retrieval.catalog.vector_rows import smallest_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

    from retrieval.catalog.catalog import Catalogue

_SAMPLE = 256  # vectors: those with the smallest keys, which are digests themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """SHA-256, hexadecimal; equal digests, equal content, whenever and by however many it was made."""

    texts: str  # sources, documents, passages
    register: str
    vectors: str


def digests_of(catalogue: Catalogue) -> Digests:
    """Return the digests of what a catalogue holds now."""
    with catalogue.reading() as connection:
        return Digests(
            texts=_digest(connection, _texts()),
            register=_digest(connection, _register()),
            vectors=_whole(smallest_keys(connection, _SAMPLE)),
        )


def _texts() -> Iterable[Select[Any]]:
    yield select(*(column for column in sources.c if column.name != "ingested"))
    yield select(*(column for column in documents.c if column.name != "cut"))  # which follows from the keys
    yield select(passages)


def _register() -> Iterable[Select[Any]]:
    held = (column for column in figures.c if column.name not in ("id", "metric"))
    yield select(*held, metrics.c.name).join(metrics)
    yield select(*(column for column in measures.c if column.name != "id"))


def _digest(connection: Connection, queries: Iterable[Select[Any]]) -> str:
    """Digest rows in the order of their own digests: databases differ in how they sort."""
    whole = sha256()
    for query in queries:
        rows = sorted(sha256(_plain(tuple(row))).digest() for row in connection.execute(query))
        whole.update(b"".join(rows))
    return whole.hexdigest()


def _whole(rows: Iterable[tuple[Any, ...]]) -> str:
    return sha256(b"".join(sorted(sha256(_plain(row)).digest() for row in rows))).hexdigest()


def _plain(row: tuple[Any, ...]) -> bytes:
    told = [value.hex() if isinstance(value, bytes | memoryview) else value for value in row]
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
