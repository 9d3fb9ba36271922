"""Answers made before, in a file of their own that may be thrown away at any time."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Column, Float, MetaData, String, Table, Text, delete, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from answering.cache.cache_key import keepable
from answering.values.answer import Answer
from bot.store.database import file_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

RECORD: TypeAdapter[Answer] = TypeAdapter(Answer)
# Answers that may be given again, under keys that hold all they depend on.
CACHED = Table(
    "cached",
    MetaData(),
    Column("key", String(64), primary_key=True),
    Column("record", Text, nullable=False),
    Column("used", Float, nullable=False, index=True),
)
MOST = 2_000  # answers of some ten kilobytes each
log = logging.getLogger(__name__)


class StoredAnswers:
    """An ``AnswerCache`` in SQLite; what was not used for the longest time makes room for what is new.

    Whatever is wrong with the file costs an answer that could have been spared, and nothing else.
    """

    def __init__(self, engine: Engine, *, most: int = MOST, clock: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._most = most
        self._clock = clock

    @classmethod
    def open(cls, path: Path, *, most: int = MOST, clock: Callable[[], float] = time.time) -> Self | None:
        """Open the cache in the file ``path``; a broken one is started again, None where none can be had."""
        try:
            return cls(_engine(path), most=most, clock=clock)
        except (SQLAlchemyError, OSError) as error:
            log.warning("there is no cache of answers: %s", error)
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def get(self, key: str) -> Answer | None:
        """Return the answer kept under ``key``; a record that can't be read whole is none, and goes."""
        answer = None
        with _spared():
            record = self._record(key)
            if record is not None:
                answer = _read(record)
                self._touch(key, keep=answer is not None)
        return answer

    def _record(self, key: str) -> str | None:
        with self._engine.connect() as connection:
            return connection.execute(select(CACHED.c.record).where(CACHED.c.key == key)).scalar()

    def _touch(self, key: str, *, keep: bool) -> None:
        chosen = CACHED.c.key == key
        used = update(CACHED).where(chosen).values(used=self._clock())
        with self._engine.begin() as connection:
            connection.execute(used if keep else delete(CACHED).where(chosen))

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer; one that failed, or that came with a note, is not kept."""
        if not keepable(answer):
            return
        row = {"key": key, "record": RECORD.dump_json(answer).decode(), "used": self._clock()}
        stale = select(CACHED.c.key).order_by(CACHED.c.used.desc()).offset(self._most)
        with _spared(), self._engine.begin() as connection:
            connection.execute(insert(CACHED).prefix_with("OR REPLACE").values(**row))
            connection.execute(delete(CACHED).where(CACHED.c.key.in_(stale)))


def _engine(path: Path) -> Engine:
    try:
        return _made(path)
    except OperationalError:  # locked, or no place to write: another time it may go well
        raise
    except DatabaseError:  # no database at all
        _throw_away(path)
        return _made(path)


def _made(path: Path) -> Engine:
    """Open the file, with the table made where it is missing, though another process may be making it now."""
    engine = file_engine(path, lasting=False)
    with engine.begin() as connection:
        connection.execute(CreateTable(CACHED, if_not_exists=True))
        for index in CACHED.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
    return engine


@contextmanager
def _spared() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        log.warning("the cache of answers does not work: %s", error)


def _read(record: str) -> Answer | None:
    """Return the answer of a record, or None for one that is broken or of another format.

    A record of another format may well be read, with what it lacks or has too much left out, so only one that
    comes out as it went in counts.
    """
    try:
        answer = RECORD.validate_json(record)
    except ValidationError:
        return None
    return answer if RECORD.dump_json(answer).decode() == record else None


def _throw_away(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).unlink()
