"""What goes wrong with a database is told in a sentence without secrets; what can be is done again."""

from __future__ import annotations

import re
import resource
import signal
import stat
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from postgres import ESCAPED, PASSWORD
from sqlalchemy import text

from bot.store import ReceivedUpdate, Store, StoreError
from bot.store.database import ROOM, Database
from bot.store.tables.person_tables import REMARKS

if TYPE_CHECKING:
    from pathlib import Path

    from postgres import Postgres
    from sqlalchemy import Connection

WORDS = "只有我知道的话"


def told(at: Path | str) -> str:
    """Return the sentence with which a store can't be opened, after a look at what else is told."""
    with pytest.raises(StoreError) as caught:
        Database.open(at, pauses=(0.01,))
    whole = "".join(traceback.format_exception(caught.value))
    assert not [secret for secret in (ESCAPED, PASSWORD, "wr0ng-password") if secret in whole]
    return str(caught.value)


def test_a_file_that_is_no_store_is_told(home: Path) -> None:
    (home / "store.db").write_bytes(b"this is no database, whatever its name says" * 100)
    assert "CHENGWEN_HOME" in told(home / "store.db")


def test_a_folder_in_the_place_of_the_file_is_told(home: Path) -> None:
    (home / "store.db").mkdir()
    assert "CHENGWEN_HOME" in told(home / "store.db")


def test_a_wrong_password_is_told(postgres: Postgres) -> None:
    assert "密码不对" in told(postgres.url(password="wr0ng-password"))


def test_a_database_that_is_not_there_is_told(postgres: Postgres) -> None:
    sentence = told(postgres.url("nowhere"))
    assert "没有这个用户或数据库" in sentence
    assert f"127.0.0.1:{postgres.port}/nowhere" in sentence


@pytest.mark.parametrize("server", ["127.0.0.1:1", "nowhere.invalid"])
def test_a_server_that_is_not_there_is_told(server: str) -> None:
    assert "DATABASE_URL" in told(f"postgresql://me:wr0ng-password@{server}/name")


def test_a_url_that_can_not_be_read_is_told() -> None:
    assert "DATABASE_URL" in told("postgresql://me:wr0ng-password@[::1/name")


def test_what_was_to_be_written_is_not_told(store: Store, database: Database) -> None:
    database.write(REMARKS.drop)
    with pytest.raises(StoreError) as caught:
        store.remarks.add(7, person=1, chat=1, text=WORDS)
    assert WORDS not in "".join(traceback.format_exception(caught.value))


def test_only_the_owner_may_read_the_files(home: Path) -> None:
    (home / "store.db").touch(mode=0o644)
    store = Store.open(home / "store.db")
    store.people.seen(7, 1)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.glob("store.db*")}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    store.close()


def test_threads_that_read_and_then_write_do_not_refuse_each_other(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.chats.migrate(7, number, -number), range(1, 60)))


def test_a_server_that_restarts_is_waited_for_and_nothing_is_lost(
    postgres: Postgres, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store.open(database_url)
    try:
        store.inbox.receive(7, [ReceivedUpdate(update_id=1, payload="{}")])
        postgres.stop()
        back = threading.Timer(1.2, postgres.start)
        back.start()
        assert store.inbox.receive(7, [ReceivedUpdate(update_id=2, payload="{}")])
        back.join()
        assert [one.update_id for one in store.inbox.waiting(7)] == [1, 2]
        told = [row.getMessage() for row in caplog.records if row.name == "retrieval.database.outages"]
        assert len(told) == 1, "the log tells once that it was away"
        assert re.fullmatch(r"PostgreSQL 127\.0\.0\.1:\d+/\w+ was away for \d+ s and is back", told[0])
    finally:
        store.close()
        if postgres.process is None:
            postgres.start()


def test_work_that_broke_off_is_done_again_once(postgres: Postgres, database_url: str) -> None:
    database = Database.open(database_url)
    pids = []

    def work(connection: Connection) -> None:
        pids.append(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        connection.execute(REMARKS.insert().values(bot=7, chat=1, person=1, text="x", made=0))
        if len(pids) == 1:
            with postgres.connected() as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", pids)
        connection.execute(text("SELECT 1"))

    database.write(work)
    assert len(pids) == 2
    assert len(Store(database).remarks.recent(7)) == 1
    database.close()


def test_a_commit_that_broke_off_is_told_and_not_repeated(postgres: Postgres, database_url: str) -> None:
    database = Database.open(database_url)
    with postgres.connected(database_url) as other:
        other.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        other.execute(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON remarks DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()"
        )
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        connection.execute(REMARKS.insert().values(bot=7, chat=1, person=1, text="x", made=0))

    with pytest.raises(StoreError, match="DATABASE_URL"):
        database.write(work)
    assert len(tries) == 1
    database.close()


@pytest.mark.slow
def test_a_server_that_hangs_is_told_and_what_was_asked_goes_on_with_it(
    postgres: Postgres, database_url: str
) -> None:
    """Work under way is given up where nobody is there, and done when the server goes on."""
    store = Store(Database.open(f"{database_url}?answer_timeout=1", pauses=(0.01,)))
    try:
        store.inbox.receive(7, [ReceivedUpdate(update_id=1, payload="{}")])
        with postgres.frozen(), pytest.raises(StoreError, match="没有回应"):
            store.inbox.receive(7, [ReceivedUpdate(update_id=2, payload="{}")])
        store.inbox.receive(7, [ReceivedUpdate(update_id=3, payload="{}")])
        assert {1, 3} <= {one.update_id for one in store.inbox.waiting(7)}
    finally:
        store.close()


def test_a_server_that_is_busy_is_waited_for(postgres: Postgres, database_url: str) -> None:
    database = Database.open(f"{database_url}?answer_timeout=1")
    assert database.read(lambda one: one.execute(text("SELECT 7 FROM pg_sleep(3)")).scalar()) == 7
    database.close()


def test_a_patience_that_is_no_number_is_told() -> None:
    assert "DATABASE_URL" in told("postgresql://me:wr0ng-password@127.0.0.1:1/name?answer_timeout=long")


def test_readiness_writes_so_that_a_full_disk_is_seen(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: writing fails, reading does not."""
    store = Store.open(tmp_path / "bot.db")
    try:
        store.check_writing()
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM // 2, limits[1]))
        try:
            store.ping()
            with pytest.raises(StoreError, match="写不进去"):
                store.check_writing()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        store.check_writing()
    finally:
        store.close()
