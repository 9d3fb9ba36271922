"""The catalogue: what is known, in one SQLite file; the truth that both indexes are derived from.

Each change is one transaction that raises the version by one and logs the passages it touched, so that an
index which has replayed up to some version can be brought up to date from the log.
"""

from __future__ import annotations

import secrets
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from retrieval import catalogue_queries as queries
from retrieval import catalogue_register as register
from retrieval import catalogue_schema as schema
from retrieval.catalogue_contents import SourceRows, rows_of_source
from retrieval.catalogue_schema import changes, documents, meta, passages, sources
from retrieval.entries import Entry, document_id, key_of
from retrieval.errors import CatalogueBroken
from retrieval.passages import prefixed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from retrieval.documents import Document, Passage, Source

_DOCUMENTS = 16  # read at once
_SENTENCES = {  # what SQLite says → what a person is told
    "disk is full": "磁盘已满，{path} 未能写入。请腾出空间后重试，已入库的内容没有受损。",
    "disk I/O error": "{path} 读写出错，可能磁盘已满或已损坏。请检查磁盘后重试。",
    "readonly database": "{path} 只能读，不能写。请检查目录权限，或用 CHENGWEN_HOME 换一个可写的位置。",
    "unable to open": "{path} 打不开。请检查目录是否存在、可读写，或用 CHENGWEN_HOME 换一个位置。",
    "not a database": "{path} 不是本程序的资料目录库。请把它移走后重新导入文本。",
    "malformed": "{path} 已损坏。请用备份恢复，或把它移走后重新导入文本。",
    "locked": "{path} 正被另一个程序占用。请稍后重试。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source as the catalogue knows it, with the counts of what it holds."""

    key: str
    digest: str
    media: str
    encoding: str | None
    ingested: str  # ISO 8601, UTC
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What an index still has to replay to stand at ``version``."""

    version: int
    complete: bool  # whether the log still reaches back so far
    put: tuple[str, ...]  # passages to index, or to index anew
    dropped: tuple[str, ...]  # passages that are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document with its passages in the order of its text."""

    document: Document
    passages: tuple[Passage, ...]


class Catalogue:
    """What is known of sources, documents and passages, with the log of their changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = schema.open_engine(path)

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Open the catalogue, made on demand; raise ``CatalogueBroken`` where that can't be done."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogueBroken(
                f"资料夹 {path.parent} 无法建立（{error.strerror}）。"
                "请检查权限，或用 CHENGWEN_HOME 换一个位置。"
            ) from error
        catalogue = cls(path)
        try:
            catalogue._ensure_schema()
        except CatalogueBroken:
            catalogue.close()
            raise
        return catalogue

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def _ensure_schema(self) -> None:
        with self.reading() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if found > schema.SCHEMA:
            raise CatalogueBroken(f"{self.path} 由更新的版本写成（格式 {found}）。请升级本程序后再打开。")
        if 0 < found < schema.OLDEST:
            raise CatalogueBroken(f"{self.path} 由旧版本写成（格式 {found}）。请把它移走，再重新导入文本。")
        if found < schema.SCHEMA or self.noted("register") != str(register.READER):
            self._bring_up()

    def _bring_up(self) -> None:
        """Make the tables that are missing, and read the register anew from the texts that are held."""
        with self.writing() as connection:
            schema.metadata.create_all(connection)
            if connection.execute(select(func.count()).select_from(meta)).scalar_one() == 0:
                start = {"version": "0", "identity": uuid.uuid4().hex}
                connection.execute(insert(meta), [{"name": n, "value": v} for n, v in start.items()])
            register.refill(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={schema.SCHEMA}")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the catalogue throughout."""
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise CatalogueBroken(self._sentence(error)) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together or not at all."""
        try:
            with self._engine.connect().execution_options(writing=True) as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise CatalogueBroken(self._sentence(error)) from error

    def _sentence(self, error: SQLAlchemyError) -> str:
        told = str(getattr(error, "orig", None) or error)
        fitting = (sentence for words, sentence in _SENTENCES.items() if words in told)
        return f"{next(fitting, '资料目录库 {path} 出错。').format(path=self.path)}（{told}）"

    def noted(self, name: str) -> str | None:
        """Return what is noted under a name: "identity", "version", "model"."""
        with self.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar()

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

    def pending(self, since: int) -> Pending:
        """Return what changed after a version, as it stands now."""
        with self.reading() as connection:
            put, dropped = queries.touched_since(connection, since)
            complete = queries.noted(connection, "pruned", 0) <= since
            version = queries.noted(connection, "version", 0)
        return Pending(version=version, complete=complete, put=put, dropped=dropped)

    def prune(self, version: int) -> None:
        """Drop the log up to a version that every index has replayed."""
        if int(self.noted("pruned") or 0) < version:
            with self.writing() as connection:
                connection.execute(delete(changes).where(changes.c.version <= version))
                queries.note(connection, "pruned", str(version))

    def sources(self) -> tuple[Known, ...]:
        """Return every source, by key."""
        names = Known.__slots__
        with self.reading() as connection:
            return tuple(Known(**{n: row[n] for n in names}) for row in queries.read_sources(connection))

    def heads(self) -> tuple[Document, ...]:
        """Return every document, by source and place in it, with sections but without text and points."""
        with self.reading() as connection:
            return tuple(queries.read_heads(connection))

    def wholes(self, ids: Collection[str]) -> dict[str, Whole]:
        """Return the documents of these ids that are known, each with its passages, all of one state."""
        with self.reading() as connection:
            found = queries.read_documents(connection, ids)
            cut = list(queries.read_passages(connection, {name: d.text for name, d in found.items()}))
        owned: dict[str, list[Passage]] = {name: [] for name in found}
        for passage in cut:
            owned[passage.document].append(passage)
        return {name: Whole(document=found[name], passages=tuple(owned[name])) for name in found}

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

    def entries(self, ids: Iterable[str] | None = None) -> Iterator[Entry]:
        """Give what the indexes hold of some passages, or of all, document by document."""
        wanted = None if ids is None else set(ids)
        names = (
            [head.id for head in self.heads()] if wanted is None else {document_id(name) for name in wanted}
        )
        for some in queries.chunks(sorted(names), most=_DOCUMENTS):
            for whole in self.wholes(some).values():
                cut = (p for p in whole.passages if wanted is None or p.id in wanted)
                yield from (_entry(passage, whole.document) for passage in cut)


def _entry(passage: Passage, document: Document) -> Entry:
    text = prefixed(passage, document)
    return Entry(
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
