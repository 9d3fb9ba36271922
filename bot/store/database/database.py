"""A database in which work is done in transactions, whose errors are told in sentences."""

from __future__ import annotations

import os
import time
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Self, TypeVar

from sqlalchemy import Float, cast, func, inspect, literal, literal_column, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.errors import StoreError
from bot.store.database import engines
from bot.store.database import error_messages as faults
from retrieval.database.outages import PAUSES, OutageLog, tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Engine, RootTransaction, Table


Result = TypeVar("Result")
ROOM = 1 << 16  # bytes that a disk has to have free


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
            raise faults.no_file(error) from error

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
        """Return the time in seconds since 1970, by the one clock of all that share the database."""
        if self.is_file:
            return literal(time.time())
        return cast(func.extract("epoch", func.clock_timestamp()), Float)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @property
    def place(self) -> str:
        """Where it is, for people to read."""
        return faults.place(self._engine.url)

    def _insist(
        self, work: Callable[[Connection], Result], *, writing: bool, pauses: tuple[float, ...]
    ) -> Result:
        wait = OutageLog(self.place)
        try:
            for last in tries(pauses):
                try:
                    done = self._once(work, writing=writing)
                except SQLAlchemyError as error:
                    if last or not faults.is_passing(error):
                        raise
                    wait.failed()
                else:
                    wait.over()
                    return done
            raise AssertionError("the last try returns or raises")
        except _UnsureError as unsure:
            raise faults.told(unsure.error, self._engine.url) from unsure
        except (SQLAlchemyError, OSError) as error:
            raise faults.told(error, self._engine.url) from error

    def _once(self, work: Callable[[Connection], Result], *, writing: bool) -> Result:
        with self._engine.connect() as connection:
            connection.execution_options(**{engines.WRITING: writing})
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
            return engines.sqlite(at, lasting=lasting)
        except OSError as error:
            raise faults.no_file(error) from error
    try:
        return engines.postgresql(at, lasting=lasting)
    except (ArgumentError, ValueError):
        raise faults.unreadable() from None


HEAD = "0009"  # the newest step in migrations/versions; a test compares the two
STEPS = Path(__file__).parents[1] / "migrations"
LOCK = 0x6368656E67  # of PostgreSQL: no number of anybody else's, it is to be hoped
NEWER = (
    "对话记录（版本 {found}）是更新的程序建的，这个程序只认到版本 {known}。"
    "请升级程序；不能降级，也不要删掉记录来绕开。"
)


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
