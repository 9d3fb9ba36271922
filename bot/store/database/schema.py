"""The tables brought up to what this program knows, whatever the store was made by. Seam: Alembic."""
# ruff: noqa: PLC0415 - a store that is up to date needs no Alembic, which takes a fifth of a second to import

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from bot.store.database.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.store.database.database import Database

HEAD = "0007"  # the newest step in migrations/versions; a test compares the two
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
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(STEPS).replace("%", "%%"))
    found = version(connection)
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(NEWER.format(found=found, known=HEAD))
    command.upgrade(config, "head")
