"""A bucket lets through what it holds, fills again with time, and each key has its own."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.api.keys import ApiKeys
from bot.store import Store
from bot.store.database import Database

if TYPE_CHECKING:
    from postgres import Postgres


def keys(now: list[float], rate: int = 60) -> ApiKeys:
    return ApiKeys(["one", "two"], rate=rate, clock=lambda: now[0])


def test_each_key_is_known_by_its_number_and_no_other_text_is() -> None:
    known = keys([0.0])
    assert [known.number(key) for key in ("one", "two", "", "On", "one ")] == [0, 1, None, None, None]


def test_a_full_bucket_is_spent_and_fills_with_time() -> None:
    now = [0.0]
    known = keys(now)
    assert [known.wait(0) for _ in range(60)] == [0.0] * 60
    assert 0 < known.wait(0) <= 1
    assert known.wait(1) == 0
    now[0] += 1.0
    assert known.wait(0) == 0
    assert known.wait(0) > 0


@given(steps=st.lists(st.floats(0, 5), max_size=200), rate=st.integers(1, 100))
def test_never_more_pass_than_the_bucket_and_the_time_allow(steps: list[float], rate: int) -> None:
    now = [0.0]
    known, passed = keys(now, rate), 0
    for step in steps:
        now[0] += step
        passed += known.wait(0) == 0
    assert passed <= rate + now[0] * rate / 60 + 1e-6


def test_processes_that_share_a_store_count_a_key_together(postgres: Postgres, database_url: str) -> None:
    """While it is away, each counts by itself."""
    with closing(Store(Database.open(database_url, pauses=()))) as store:
        replicas = [ApiKeys(["one", "two"], rate=4, rates=store.rates) for _ in range(2)]
        assert [replicas[number % 2].wait(0) for number in range(4)] == [0.0] * 4
        assert all(0 < one.wait(0) <= 15 for one in replicas)
        assert replicas[0].wait(1) == 0
        postgres.stop()
        try:
            assert replicas[0].wait(0) == 0
        finally:
            postgres.start()
