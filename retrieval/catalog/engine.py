"""How a catalogue's database is opened: a SQLite file, or a schema of PostgreSQL for many machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError

from retrieval.catalog.tables import meta
from retrieval.values.errors import CatalogueBroken

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SPACE = "chengwen_library"  # the schema in PostgreSQL; the bot's own tables stand beside it
LASTING = "lasting"  # the execution option of a transaction that holds a lock and looks at nothing
LOCK = 0x6C696272  # of PostgreSQL: who changes the catalogue
_ADDRESS = "DATABASE_URL 不能用：要写成 postgresql://用户:密码@主机:端口/数据库名。"


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
