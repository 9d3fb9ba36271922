"""A database in which work is done in transactions: a SQLite file, or PostgreSQL by its URL.

Errors are told in sentences, the schema is brought up to date, and text is kept as any database can hold it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import (
    Float,
    Text,
    bindparam,
    cast,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeDecorator

from bot.errors import StoreError
from retrieval.database.outages import PAUSES, OutageLog, is_away, tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, ColumnElement, Connection, Dialect, Engine, RootTransaction, Table


Result = TypeVar("Result")
ROOM = 1 << 16  # bytes that a disk has to have free
WRITING = "writing"  # the execution option of connections that will write
PATIENCE = 30  # seconds that a writer of SQLite waits for another one
BROKEN = "\N{REPLACEMENT CHARACTER}"  # what has no place in a text
HEAD = "0009"  # the newest step in migrations/versions; a test compares the two
STEPS = Path(__file__).parent / "migrations"
LOCK = 0x6368656E67  # of PostgreSQL: no number of anybody else's, it is to be hoped
NEWER = (
    "对话记录（版本 {found}）是更新的程序建的，这个程序只认到版本 {known}。"
    "请升级程序；不能降级，也不要删掉记录来绕开。"
)
ADDRESS = (
    "DATABASE_URL 不能用：要写成 postgresql://用户:密码@主机:端口/数据库名，密码里的特殊字符要用 %XX 转写。"
)
UNDONE = ("40001", "40P01")  # one of two transactions that met was undone whole
REFUSALS = {
    "password authentication failed": "用户名或密码不对",
    "no password supplied": "没有写密码",
    "no pg_hba.conf entry": "服务器不许从这里连接（pg_hba.conf）",
    "does not exist": "没有这个用户或数据库",
    "failed to resolve": "找不到这个主机名",
    "could not translate host name": "找不到这个主机名",
    "connection refused": "没有服务在这个地址听候",
    "timeout": "服务器没有回应",
    "permission denied": "这个用户没有权限",
    "read-only": "数据库是只读的",
    "no space left": "服务器的磁盘满了",
}


class Database:
    """Does work in transactions. All methods may raise StoreError and may be called from several threads."""

    def __init__(self, engine: Engine, *, pauses: tuple[float, ...] = PAUSES) -> None:
        self._engine, self._pauses = engine, pauses

    @classmethod
    def open(cls, at: Path | str, *, lasting: bool = True, pauses: tuple[float, ...] = PAUSES) -> Self:
        """Open the SQLite file at a path, or the PostgreSQL database at a URL, with its tables brought up.

        Unless ``lasting``, no connection is held between two uses, and there is nothing to close. ``pauses``
        are the seconds to wait before each further try where a server went away.
        """
        database = cls(_engine(at, lasting=lasting), pauses=pauses)
        try:
            bring_up(database)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Let go of the file, or of the server."""
        self._engine.dispose()

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Return what ``work`` returns; it only reads, and is done again where the server went away."""
        return self._insist(work, writing=False, pauses=self._pauses)

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Do ``work`` in one transaction, and return what it returns once that is committed.

        What broke off before its commit left nothing behind and is done again, so ``work`` touches nothing
        but the connection. A commit that broke off is not repeated: it may have gone through.
        """
        return self._insist(work, writing=True, pauses=self._pauses)

    def ping(self) -> None:
        """Ask for nothing, once."""
        self._insist(lambda connection: connection.execute(select(1)), writing=False, pauses=())

    def check_room(self) -> None:
        """Write ``ROOM`` bytes beside a file and take them away again; raises StoreError on a full disk.

        A database finds room inside its own file for a while after its disk is full.
        """
        at = self._engine.url.database
        if not self.is_file or not at:
            return
        try:
            with TemporaryFile(dir=Path(at).parent) as probe:
                probe.write(bytes(ROOM))
                probe.flush()
                os.fsync(probe.fileno())
        except OSError as error:
            raise _no_file(error) from error

    def alone(self, connection: Connection, what: str) -> None:
        """Wait until nobody else is at ``what``, for the rest of this transaction, which writes.

        For what looks first and writes then: on PostgreSQL others might write in between.
        """
        if not self.is_file:  # anyone who writes a file is alone already
            number = int.from_bytes(blake2b(what.encode(), digest_size=7).digest())
            connection.execute(select(func.pg_advisory_xact_lock(number)))

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an INSERT that can say what to do on a conflict."""
        return sqlite.insert(table) if self.is_file else postgresql.insert(table)

    def clock(self) -> ColumnElement[float]:
        """Return the time in seconds since 1970, by the one clock of all that share the database.

        It is read at each execution of the statement that it becomes a part of.
        """
        if self.is_file:
            return bindparam(None, callable_=lambda: time.time(), type_=Float)  # noqa: PLW0108 - tests set it
        return cast(func.extract("epoch", func.clock_timestamp()), Float)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Where it is, for people to read."""
        return _place(self._engine.url)

    def _insist(
        self, work: Callable[[Connection], Result], *, writing: bool, pauses: tuple[float, ...]
    ) -> Result:
        wait = OutageLog(self.place)
        try:
            for last in tries(pauses):
                try:
                    done = self._once(work, writing=writing)
                except SQLAlchemyError as error:
                    if last or not _is_passing(error):
                        raise
                    wait.failed()
                else:
                    wait.over()
                    return done
            raise AssertionError("the last try returns or raises")
        except _UnsureError as unsure:
            raise _told(unsure.error, self._engine.url) from unsure
        except (SQLAlchemyError, OSError) as error:
            raise _told(error, self._engine.url) from error

    def _once(self, work: Callable[[Connection], Result], *, writing: bool) -> Result:
        with self._engine.connect() as connection:
            connection.execution_options(**{WRITING: writing})
            with connection.begin() as transaction:
                done = work(connection)
                _commit(transaction)
        return done


def took_effect(connection: Connection, insert: sqlite.Insert | postgresql.Insert) -> bool:
    """Execute an INSERT of one row that may do nothing on a conflict, and tell whether it did anything.

    Not ``rowcount``: on PostgreSQL SQLAlchemy does not tell it for an INSERT.
    """
    return connection.execute(insert.returning(literal_column("1"))).first() is not None


class _UnsureError(Exception):
    """A commit broke off: it may have gone through."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except DBAPIError as error:
        raise _UnsureError(error) from error


def _engine(at: Path | str, *, lasting: bool) -> Engine:
    if isinstance(at, Path):
        try:
            return file_engine(at, lasting=lasting)
        except OSError as error:
            raise _no_file(error) from error
    try:
        return server_engine(at, lasting=lasting)
    except (ArgumentError, ValueError):
        raise _unreadable() from None


def bring_up(database: Database) -> None:
    """Bring the tables up to ``HEAD``, all of it or nothing; others that try at the same time wait.

    Raises StoreError, also for a store of a newer program: it is left as it is.
    """
    if database.read(version) != HEAD:
        database.write(upgrade)


def version(connection: Connection) -> str | None:
    """Return the step that the tables stand at; None where there are none, or older ones than steps."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: Connection) -> None:
    """Take all steps that are missing, within the transaction of ``connection``."""
    # A writer of SQLite is alone by now.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    # A store that is up to date needs no Alembic, which takes a fifth of a second to import.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    found = version(connection)
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(NEWER.format(found=found, known=HEAD))
    command.upgrade(config, "head")


def file_engine(path: Path, *, lasting: bool = True) -> Engine:
    """Open the SQLite file at ``path``, made where there is none, for the eyes of its owner only.

    Unless ``lasting``, no connection is held between two uses, and there is nothing to close.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The files that SQLite puts beside it get the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with suppress(OSError):
        path.chmod(0o600)
    # As many connections as threads ask for: none waits for a connection while it holds up an answer.
    pool: dict[str, Any] = {"max_overflow": -1} if lasting else {"poolclass": NullPool}
    arguments = {"timeout": PATIENCE, "isolation_level": None}
    engine = create_engine(f"sqlite:///{path}", connect_args=arguments, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def server_engine(url: str, *, lasting: bool = True) -> Engine:
    """Return what connects to the PostgreSQL database at ``url``; nothing is connected yet.

    A connection that died while it lay idle is replaced before it is used; a server that hangs is noticed
    after ``DATABASE_TIMEOUT``. Raises ArgumentError or ValueError for a URL that can't be read.
    """
    from retrieval.database import postgres as servers  # noqa: PLC0415 - a store in a file needs no psycopg

    address, patience = servers.parted(make_url(url))
    pool: dict[str, Any] = {"pool_size": 8, "max_overflow": 24} if lasting else {"poolclass": NullPool}
    engine = create_engine(
        address,
        connect_args=servers.REACHING,
        pool_pre_ping=True,
        hide_parameters=True,
        **pool,
    )
    event.listen(engine, "do_connect", servers.connecting(patience))
    return engine


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # A commit survives the end of the process at any moment; readers don't wait for the writer.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes then would be refused when another one wrote in between.
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _is_passing(error: SQLAlchemyError) -> bool:
    """Tell whether what failed before its commit may go well in a moment; always False for SQLite."""
    undone = isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in UNDONE
    return undone or is_away(error)


def _told(error: Exception, url: URL) -> StoreError:
    """Return the error for a person; it holds neither the password nor what was to be written."""
    if url.get_backend_name() == "sqlite":
        return _no_file(error)
    why = _short(error)
    meant = next((meaning for words, meaning in REFUSALS.items() if words in why.lower()), why)
    return StoreError(
        f"{_place(url)} 连不上或写不进去（{meant}）。"
        "请查它是否在运行，以及 DATABASE_URL 里的主机、用户、密码和数据库名。"
    )


def _place(url: URL) -> str:
    """Return where a database is, without the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    server = url.host or url.query.get("host") or "localhost"
    return f"PostgreSQL {server}:{url.port or 5432}/{url.database or ''}"


def _no_file(error: Exception) -> StoreError:
    """Return the error for a person where the store is a file."""
    return StoreError(f"对话记录打不开或写不进去（{_short(error)}）。请查 CHENGWEN_HOME 的权限和磁盘空间。")


def _unreadable() -> StoreError:
    """Return the error for a URL that can't be read; it does not quote it, since it may hold a password."""
    return StoreError(ADDRESS)


def _short(error: Exception) -> str:
    """Return the first line of what the driver said, without the statement and its values."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    lines = str(inner).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


class CleanText(TypeDecorator[str]):
    """A column of text: what has no place in UTF-8, or in PostgreSQL, is kept as U+FFFD.

    A message may hold the character NUL or half of a surrogate pair, and must not fail to be kept for that.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text as it is kept."""
        if value is None or (value.isprintable() and value.isascii()):
            return value
        whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return whole.replace("\0", BROKEN)
