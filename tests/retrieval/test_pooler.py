"""The store and the catalogue behind PgBouncer, which lends a connection for a transaction at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from shelf import HashedWords, source

from bot.store import ReceivedUpdate, Store
from retrieval.library import Library
from retrieval.values.errors import IndexLocked

if TYPE_CHECKING:
    from pathlib import Path

    from postgres import Postgres


def test_a_store_behind_a_pooler_keeps_what_many_threads_write(pooled_url: str) -> None:
    with closing(Store.open(pooled_url)) as store, closing(Store.open(pooled_url)) as other:
        with ThreadPoolExecutor(8) as pool:
            for one in (store, other):
                list(pool.map(lambda number, one=one: one.chats.migrate(7, number, -number), range(1, 40)))
        assert store.inbox.receive(7, [ReceivedUpdate(update_id=1, payload="{}")], owner="a", lease=600)
        assert not other.inbox.claim(7, 1, owner="b", lease=600)


def test_one_machine_writes_at_a_time_and_others_follow_behind_a_pooler(
    tmp_path: Path, pooled_url: str, postgres: Postgres
) -> None:
    """Also when who wrote has gone, and another has its connection."""
    for number in range(3):
        with Library.open(tmp_path / "one", embedder=HashedWords(), write=True, database=pooled_url) as one:
            for _ in range(2):
                with pytest.raises(IndexLocked, match="chengwen"):
                    Library.open(tmp_path / "two", embedder=None, write=True, database=pooled_url)
            one.ingest_source(source(f"a{number}", f"第{number}市新建口袋公园87处。"))
    with Library.open(tmp_path / "two", embedder=HashedWords(), database=pooled_url) as two:
        assert len(two.documents()) == 3
        assert two.find("口袋公园")
    with postgres.connected(pooled_url) as asked:
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert asked.execute(locks).fetchone() == (0,)
