"""Stores of earlier programs are brought up in place, those of later ones are left alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from old_store import OLD, USAGE
from sqlalchemy import text

from bot.store import ConversationKey, ReceivedUpdate, Store, StoreError
from bot.store import database as schema
from bot.store.database import Database
from bot.store.tables.answer_tables import METADATA

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


def engine_at(at: Path | str) -> Database:
    """Return a database as it is, with nothing brought up."""
    made = (
        schema.server_engine(at, lasting=False)
        if isinstance(at, str)
        else schema.file_engine(at, lasting=False)
    )
    return Database(made)


def differences(database: Database) -> list[object]:
    def work(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    return database.read(work)


def test_the_steps_make_what_the_models_say(database: Database) -> None:
    assert differences(database) == []
    assert database.read(schema.version) == schema.HEAD


def test_the_newest_step_is_the_one_that_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


@pytest.mark.parametrize("script", [OLD, OLD + USAGE], ids=["first", "with usage"])
def test_a_store_of_the_first_program_is_brought_up_and_loses_nothing(home: Path, script: str) -> None:
    path = home / "store.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()
    for _ in range(2):
        store = Store.open(path)
        assert store.inbox.waiting(7) == (ReceivedUpdate(update_id=1, payload='{"a": 1}', attempts=2),)
        assert store.inbox.parts(7, 2)[0].message_id == 5
        talk = ConversationKey(bot=7, chat=1, person=2)
        assert [turn.content for turn in store.talks.history(talk)] == ["问", "说"]
        assert store.talks.conversation(talk) == 3
        assert store.people.seen(7, 2).id == 2
        store.close()
    database = engine_at(path)
    assert differences(database) == []
    spent = database.read(lambda connection: connection.execute(text("SELECT count(*) FROM usage")).scalar())
    assert spent == script.count("INSERT INTO usage")


def test_a_store_of_a_newer_program_is_refused_and_left_as_it_is(at: Path | str) -> None:
    Store.open(at).close()
    database = engine_at(at)
    later = text("UPDATE alembic_version SET version_num = '9999'")
    database.write(lambda connection: connection.execute(later))
    with pytest.raises(StoreError, match=r"9999.*升级"):
        Store.open(at)
    assert database.read(schema.version) == "9999"


def _open(at: Path | str) -> None:
    store = Store.open(at)
    store.people.seen(7, os.getpid())
    store.close()


def test_processes_that_start_at_once_bring_a_store_up_together(at: Path | str) -> None:
    spawn = multiprocessing.get_context("spawn")
    starting = [spawn.Process(target=_open, args=(at,)) for _ in range(3)]
    for process in starting:
        process.start()
    for process in starting:
        process.join(60)
    assert [process.exitcode for process in starting] == [0] * 3
    store = Store.open(at)
    assert store.people.count(7) == 3
    store.close()


def _die_in_the_middle(at: Path | str) -> None:
    def work(connection: Connection) -> None:
        schema.upgrade(connection)
        os.kill(os.getpid(), signal.SIGKILL)

    engine_at(at).write(work)


def test_a_kill_in_the_middle_leaves_the_store_as_it_was(at: Path | str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_in_the_middle, args=(at,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert engine_at(at).read(schema.version) is None
    _open(at)
