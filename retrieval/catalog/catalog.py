"""The catalogue: what is known, in one SQLite file; the truth that both indexes are derived from.

Each change is one transaction that raises the version by one and logs the passages it touched, so that an
index which has replayed up to some version can be brought up to date from the log.
"""

from __future__ import annotations

import secrets
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from retrieval.catalog import engine as engines
from retrieval.catalog import fact_writer as register
from retrieval.catalog import migrations, queries
from retrieval.catalog import tables as schema
from retrieval.catalog.models import IngestedSource, PendingChanges, StoredDocument
from retrieval.catalog.source_rows import SourceRows, rows_of_source
from retrieval.catalog.tables import changes, documents, meta, passages, sources
from retrieval.parsing.passages import prefixed
from retrieval.values.documents import IndexEntry, document_id, key_of
from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from retrieval.values.documents import Document, Passage, Source

_BEHIND = 10_000  # versions that a machine may be behind others before it makes its indexes anew
_DOCUMENTS = 16  # read at once


class Catalogue:
    """What is known of sources, documents and passages, with the log of their changes."""

    def __init__(self, at: Path | str) -> None:
        self._engine = engines.open_engine(at)
        self.place = engines.place_of(at)
        self.shared = isinstance(at, str)  # with other machines, in PostgreSQL

    @classmethod
    def open(cls, at: Path | str) -> Catalogue:
        """Open the catalogue in a file, made on demand, or in the database of a URL.

        Raises ``CatalogueBroken`` where that can't be done.
        """
        if isinstance(at, Path):
            _make(at.parent)
        catalogue = cls(at)
        try:
            catalogue._ensure_schema()
        except CatalogueBroken:
            catalogue.close()
            raise
        return catalogue

    def close(self) -> None:
        """Let go of the file, or of the server."""
        self._engine.dispose()

    def alone(self) -> engines.AdvisoryLock | None:
        """Return what keeps the writers of other machines out; a file needs no more than the home's lock."""
        return engines.AdvisoryLock(self._engine, self.place) if self.shared else None

    def _ensure_schema(self) -> None:
        with self.reading() as connection:
            found = engines.standing(connection)
        if found > schema.SCHEMA:
            raise CatalogueBroken(f"{self.place} 由更新的版本写成（格式 {found}）。请升级本程序后再打开。")
        if 0 < found < schema.OLDEST:
            raise CatalogueBroken(f"{self.place} 由旧版本写成（格式 {found}）。请把它移走，再重新导入文本。")
        if found < schema.SCHEMA or self.noted("register") != str(register.READER):
            self._bring_up()

    def _bring_up(self) -> None:
        """Bring the tables up to this format, and read the register again from the texts that are held."""
        with self.writing() as connection:
            engines.begin_tables(connection)
            migrations.bring_up(connection, engines.standing(connection))
            if connection.execute(select(func.count()).select_from(meta)).scalar_one() == 0:
                start = {"version": "0", "identity": uuid.uuid4().hex}
                connection.execute(insert(meta), [{"name": n, "value": v} for n, v in start.items()])
            register.refill(connection)
            engines.stand_at(connection, schema.SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the catalogue throughout."""
        try:
            with engines.transaction(self._engine, self.place) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise engines.failure(error, self.place) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together or not at all."""
        try:
            with engines.transaction(self._engine, self.place, writing=True) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise engines.failure(error, self.place) from error

    def noted(self, name: str) -> str | None:
        """Return what is noted under a name: "identity", "version", "model", "chroma"."""
        with self.reading() as connection:
            return queries.told(connection, name)

    def notes(self, *names: str) -> tuple[str | None, ...]:
        """Return what is noted under each of these names, all of one moment."""
        with self.reading() as connection:
            rows = connection.execute(select(meta).where(meta.c.name.in_(names)))
            found = {row.name: row.value for row in rows}
        return tuple(found.get(name) for name in names)

    def note(self, name: str, value: str) -> None:
        """Note a value under a name."""
        with self.writing() as connection:
            queries.note(connection, name, value)

    @property
    def version(self) -> int:
        """How many changes it has seen."""
        return int(self.noted("version") or 0)

    def state(self, key: str) -> str | None:
        """Return the state in which a source was ingested; None for an unknown one."""
        with self.reading() as connection:
            return connection.execute(select(sources.c.state).where(sources.c.key == key)).scalar()

    def states(self) -> dict[str, str]:
        """Return the state of every source, by key."""
        with self.reading() as connection:
            return {row.key: row.state for row in connection.execute(select(sources.c.key, sources.c.state))}

    def put(self, source: Source, state: str, contents: Sequence[tuple[Document, Sequence[Passage]]]) -> None:
        """Keep a source with its documents and their passages, in place of what was known of it."""
        self.keep(rows_of_source(source, state, contents))

    def keep(self, rows: SourceRows) -> None:
        """Keep the rows of a source in place of what was known of it."""
        key = rows.source["key"]
        with self.writing() as connection:
            before = queries.facts_of(connection, key)
            names = register.names_used(connection, key)
            connection.execute(delete(sources).where(sources.c.key == key))
            connection.execute(insert(sources), rows.source | {"ingested": _now()})
            connection.execute(insert(documents), rows.documents)
            connection.execute(insert(passages), rows.passages)
            register.keep(connection, rows.register)
            register.forget(connection, names)
            queries.log_changes(connection, before, queries.facts_of(connection, key))

    def remove(self, key: str) -> bool:
        """Forget a source with all it held, its vectors too; tell whether it was known."""
        with self.writing() as connection:
            before = queries.facts_of(connection, key)
            names = register.names_used(connection, key)
            known = connection.execute(delete(sources).where(sources.c.key == key)).rowcount > 0
            if known:
                register.forget(connection, names)
                queries.log_changes(connection, before, {})
                queries.drop_vectors(connection, before)
            return known

    def pending(self, since: int) -> PendingChanges:
        """Return what changed after a version, as it stands now."""
        with self.reading() as connection:
            put, dropped = queries.touched_since(connection, since)
            complete = queries.noted(connection, "pruned", 0) <= since
            version = queries.noted(connection, "version", 0)
        return PendingChanges(version=version, complete=complete, put=put, dropped=dropped)

    def prune(self, version: int) -> None:
        """Drop the log up to a version that every index has replayed; of a shared one, much later."""
        version -= _BEHIND if self.shared else 0
        if int(self.noted("pruned") or 0) < version:
            with self.writing() as connection:
                connection.execute(delete(changes).where(changes.c.version <= version))
                queries.note(connection, "pruned", str(version))

    def sources(self) -> tuple[IngestedSource, ...]:
        """Return every source, by key."""
        names = IngestedSource.__slots__
        with self.reading() as connection:
            return tuple(
                IngestedSource(**{n: row[n] for n in names}) for row in queries.read_sources(connection)
            )

    def metadata(self, key: str) -> dict[str, str]:
        """Return what a source says of itself, as its file was read; empty for an unknown one."""
        with self.reading() as connection:
            return queries.metadata_of(connection, key)

    def heads(self) -> tuple[Document, ...]:
        """Return every document, by source and place in it, with sections but without text and points."""
        with self.reading() as connection:
            return tuple(queries.read_heads(connection))

    def wholes(self, ids: Collection[str]) -> dict[str, StoredDocument]:
        """Return the documents of these ids that are known, each with its passages, all of one state."""
        with self.reading() as connection:
            return queries.read_wholes(connection, ids)

    def pieces(self, passages: Collection[str]) -> dict[str, StoredDocument]:
        """Return the documents that hold these passages, each with those of them alone, all of one state."""
        with self.reading() as connection:
            return queries.read_pieces(connection, passages)

    def holding(self, words: str) -> tuple[str, ...]:
        """Return the ids of the documents in which ``words`` stand as they are, by source and place in it."""
        with self.reading() as connection:
            return queries.read_holding(connection, words)

    def count(self) -> int:
        """Return how many passages there are."""
        with self.reading() as connection:
            return connection.execute(select(func.count()).select_from(passages)).scalar_one()

    def tenses(self, ids: Collection[str]) -> dict[str, int]:
        """Return of these passages whether each tells of what is done (-1) or planned (1); 0 where open."""
        with self.reading() as connection:
            return queries.read_tenses(connection, ids)

    def sample(self, most: int = 16) -> list[str]:
        """Return some passages, as a rule others each time."""
        query = select(passages.c.id).order_by(passages.c.id).limit(most)
        with self.reading() as connection:
            after = query.where(passages.c.id > secrets.choice("abcdefghijklmnopqrstuvwxyz234567"))
            found = connection.execute(after).scalars().all() or connection.execute(query).scalars().all()
            return list(found)

    def entries(self, ids: Iterable[str] | None = None) -> Iterator[IndexEntry]:
        """Give what the indexes hold of some passages, or of all, document by document."""
        if ids is None:
            yield from self.entries_of([head.id for head in self.heads()])
            return
        wanted = set(ids)
        given = self.entries_of({document_id(name) for name in wanted})
        yield from (entry for entry in given if entry.id in wanted)

    def entries_of(self, documents: Iterable[str]) -> Iterator[IndexEntry]:
        """Give what the indexes hold of some documents, each in the order of its text."""
        for some in queries.chunks(sorted(documents), most=_DOCUMENTS):
            for whole in self.wholes(some).values():
                yield from (_entry(passage, whole.document) for passage in whole.passages)


def _entry(passage: Passage, document: Document) -> IndexEntry:
    text = prefixed(passage, document)
    return IndexEntry(
        id=passage.id,
        document=document.id,
        text=text,
        key=key_of(text),
        genre=document.genre.value,
        place=document.place,
        year=document.year,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueBroken(
            f"资料夹 {folder} 无法建立（{error.strerror}）。请检查权限，或用 CHENGWEN_HOME 换一个位置。"
        ) from error
