"""A catalogue's database, SQLite or PostgreSQL: how it is opened, who writes, what its failures mean."""

from __future__ import annotations

import json
import os
import platform
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from retrieval.catalog.tables import meta
from retrieval.database.outages import OutageLog, is_away, tries
from retrieval.values.errors import CatalogueAway, CatalogueBroken, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from sqlalchemy import Connection, Engine

SPACE = "chengwen_library"  # the schema in PostgreSQL; the bot's own tables stand beside it
LASTING = "lasting"  # the execution option of a transaction that holds a lock and looks at nothing
LOCK = 0x6C696272  # of PostgreSQL: who changes the catalogue
_ADDRESS = "DATABASE_URL 不能用：要写成 postgresql://用户:密码@主机:端口/数据库名。"
INGEST = 0x696E6765  # of PostgreSQL: who ingests
_WHO = text(
    "SELECT a.application_name, coalesce(host(a.client_addr), 'localhost') FROM pg_locks l "
    "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.objid = :lock AND l.granted"
)

# For this transaction alone; it may stand idle for as long as an ingest takes.
_SETTLE = text(
    "SELECT set_config('application_name', :name, true), "
    "set_config('idle_in_transaction_session_timeout', '0', true)"
)
_SENTENCES = {  # what SQLite or PostgreSQL says → what a person is told
    "disk is full": "磁盘已满，{path} 未能写入。请腾出空间后重试，已入库的内容没有受损。",
    "disk I/O error": "{path} 读写出错，可能磁盘已满或已损坏。请检查磁盘后重试。",
    "readonly database": "{path} 只能读，不能写。请检查目录权限，或用 CHENGWEN_HOME 换一个可写的位置。",
    "unable to open": "{path} 打不开。请检查目录是否存在、可读写，或用 CHENGWEN_HOME 换一个位置。",
    "not a database": "{path} 不是本程序的资料目录库。请把它移走后重新导入文本。",
    "malformed": "{path} 已损坏。请用备份恢复，或把它移走后重新导入文本。",
    "timeout": "{path} 没有回应。请检查它和去它那里的网络；它一恢复，再试一次就好。",
    "connection": "{path} 连不上。请检查它是否在运行，以及 DATABASE_URL 是否正确。",
    "locked": "{path} 正被另一个程序占用。请稍后重试。",
}


def open_engine(at: Path | str) -> Engine:
    """Return an engine on a file, or on the database of a URL; its transactions are real, also reading ones.

    Raises ``CatalogueBroken`` for a URL that can't be read.
    """
    return _sqlite(at) if isinstance(at, Path) else _postgresql(at)


def place_of(at: Path | str) -> str:
    """Return where a catalogue is, without a password."""
    if isinstance(at, Path):
        return str(at)
    url = make_url(at)
    return f"PostgreSQL {url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"


def standing(connection: Connection) -> int:
    """Return the format in which the tables are; 0 where there are none."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if not inspect(connection).has_table(meta.name, schema=SPACE):
        return 0
    return int(connection.execute(select(meta.c.value).where(meta.c.name == "schema")).scalar() or 0)


def begin_tables(connection: Connection) -> None:
    """Make the place for the tables, within a writing transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SPACE}"))


def stand_at(connection: Connection, number: int) -> None:
    """Note the format in which the tables are."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={number}")
        return
    connection.execute(meta.delete().where(meta.c.name == "schema"))
    connection.execute(meta.insert(), {"name": "schema", "value": str(number)})


def _sqlite(path: Path) -> Engine:
    address = URL.create("sqlite", database=str(path))
    engine = create_engine(address, connect_args={"timeout": 15}, json_serializer=_json)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_file)
    return engine


def _postgresql(url: str) -> Engine:
    from retrieval.database import postgres as servers  # noqa: PLC0415 - a catalogue in a file needs no psycopg

    try:
        address, patience = servers.parted(make_url(url))
    except (ArgumentError, ValueError):
        raise CatalogueBroken(_ADDRESS) from None
    engine = create_engine(
        address,
        connect_args=servers.REACHING,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        hide_parameters=True,
        json_serializer=_json,
    )
    event.listen(engine, "do_connect", servers.connecting(patience))
    event.listen(engine, "begin", _begin_shared)
    return engine


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare(connection: Any, _record: object) -> None:
    # The driver's own implicit transactions leave reads outside of any snapshot.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_file(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _begin_shared(connection: Connection) -> None:
    if connection.get_execution_options().get(LASTING):
        return  # a snapshot that is held for hours would keep the server from tidying up
    # For this transaction: a pooler may lend each another connection of the server.
    place = f"SET LOCAL search_path = {SPACE}"
    if _writes(connection):
        connection.exec_driver_sql(f"{place}; SELECT pg_advisory_xact_lock({LOCK})")
    else:
        connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; {place}")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("writing", False))


@contextmanager
def transaction(engine: Engine, place: str, *, writing: bool = False) -> Iterator[Connection]:
    """Give a connection within a transaction on what is at a place; raises SQLAlchemyError.

    Only its beginning is tried again: what breaks off later has to be asked again.
    """
    connection, stack = _begun(engine, place, writing=writing)
    with stack:
        yield connection


def _begun(engine: Engine, place: str, *, writing: bool) -> tuple[Connection, ExitStack]:
    wait = OutageLog(place)
    for last in tries():
        try:
            begun = _once(engine, writing=writing)
        except SQLAlchemyError as error:
            if last or not is_away(error):
                raise
            wait.failed()
        else:
            wait.over()
            return begun
    raise AssertionError("the last try returns or raises")


def _once(engine: Engine, *, writing: bool) -> tuple[Connection, ExitStack]:
    with ExitStack() as stack:
        connection = stack.enter_context(engine.connect())
        if writing:
            connection = connection.execution_options(writing=True)
        stack.enter_context(connection.begin())
        return connection, stack.pop_all()


class AdvisoryLock:
    """The right to ingest into one database, held by a transaction of its own that lasts.

    A lock of the session would last as well, but not through a pooler, which lends a connection for a
    transaction at a time.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._connection: Connection | None = None

    def __enter__(self) -> AdvisoryLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the right at once, or raise ``IndexLocked`` with who has it, or ``CatalogueBroken``."""
        try:
            self._acquire()
        except SQLAlchemyError as error:
            raise failure(error, self._place) from error

    def _acquire(self) -> None:
        connection = self._engine.connect().execution_options(**{LASTING: True})
        name = f"chengwen {platform.node()} {os.getpid()}"[:60]
        connection.execute(_SETTLE, {"name": name})
        if connection.execute(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": INGEST}).scalar_one():
            self._connection = connection
            return
        who = connection.execute(_WHO, {"lock": INGEST}).first()
        connection.close()
        told = f"{who[0]}（来自 {who[1]}）" if who else "另一个进程"
        raise IndexLocked(f"{told}正在写入资料库。同一时间只能有一个写入者：请等它结束，再试一次。")

    def release(self) -> None:
        """Give the right back."""
        if self._connection is not None:
            try:
                self._connection.rollback()
            except SQLAlchemyError:
                self._connection.invalidate()  # whatever state it is in, the lock ends with it
            self._connection.close()
            self._connection = None


def failure(error: SQLAlchemyError, place: str) -> CatalogueBroken:
    """Return an error as a sentence on the catalogue at a place."""
    said = str(getattr(error, "orig", None) or error)
    fitting = (sentence for words, sentence in _SENTENCES.items() if words in said)
    kind = CatalogueAway if is_away(error) else CatalogueBroken
    return kind(f"{next(fitting, '资料目录库 {path} 出错。').format(path=place)}（{_first(said)}）")


def _first(said: str) -> str:
    """Return the first line of what a driver said: what follows is guesswork of its own."""
    return next((line.strip() for line in said.splitlines() if line.strip()), "")
