"""Limits are kept to the question, by whoever asks and however many at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from bot.store import ExceededQuota, QuotaLimits, QuotaUsage, Store

BOT = 7
FREE = QuotaLimits()
NOON = datetime(2026, 11, 25, 12, 0, 30).timestamp()
TOMORROW = datetime(2026, 11, 26).timestamp()


def take(
    store: Store,
    person: int = 1,
    chat: int = -5,
    of_person: QuotaLimits = FREE,
    of_chat: QuotaLimits = FREE,
    now: float = NOON,
) -> ExceededQuota | None:
    return store.quotas.take(BOT, person=person, chat=chat, of_person=of_person, of_chat=of_chat, now=now)


def test_without_limits_nothing_is_hit_and_all_is_counted(store: Store) -> None:
    now = datetime.now().timestamp()
    assert [take(store, now=now) for _ in range(3)] == [None] * 3
    store.quotas.spend(BOT, person=1, chat=-5, tokens=40)
    store.quotas.spend(BOT, person=1, chat=-5, tokens=2)
    assert (
        store.quotas.spent(BOT, person=1)
        == store.quotas.spent(BOT, chat=-5)
        == QuotaUsage(questions=3, tokens=42)
    )
    assert store.quotas.spent(8, person=1) == store.quotas.spent(BOT, person=2) == QuotaUsage()


@pytest.mark.parametrize(
    ("limits", "what"),
    [(QuotaLimits(minute=0), "minute"), (QuotaLimits(day=0), "day"), (QuotaLimits(tokens=0), "tokens")],
)
def test_a_limit_of_none_at_all_lets_nobody_ask(store: Store, limits: QuotaLimits, what: str) -> None:
    for of in ("person", "chat"):
        hit = take(store, **{f"of_{of}": limits})  # type: ignore[arg-type]
        assert hit is not None
        assert (hit.whose, hit.what, hit.limit) == (of, what, 0)


def test_a_minute_and_a_day_begin_anew(store: Store) -> None:
    limits = QuotaLimits(minute=1, day=2)
    assert take(store, of_person=limits) is None
    assert take(store, of_person=limits) == ExceededQuota(
        whose="person", what="minute", limit=1, again=NOON + 30
    )
    assert take(store, of_person=limits, now=NOON + 30) is None
    assert take(store, of_person=limits, now=NOON + 90) == ExceededQuota(
        whose="person", what="day", limit=2, again=TOMORROW
    )
    assert take(store, of_person=limits, now=TOMORROW) is None


def test_a_question_that_is_refused_is_not_counted_anywhere(store: Store) -> None:
    assert take(store, person=1, of_chat=QuotaLimits(day=1)) is None
    for _ in range(3):
        hit = take(store, person=2, of_person=QuotaLimits(day=1), of_chat=QuotaLimits(day=1))
        assert hit is not None
        assert hit.whose == "chat"
    assert take(store, person=2, chat=-6, of_person=QuotaLimits(day=1)) is None


def test_an_update_is_counted_once_however_often_it_is_begun(store: Store) -> None:
    limits = QuotaLimits(day=2)
    for _ in range(3):
        got = store.quotas.take(BOT, person=1, chat=-5, of_person=limits, of_chat=FREE, update_id=9, now=NOON)
        assert got is None
    assert store.inbox.parts(BOT, 9) == ()
    assert take(store, of_person=limits) is None
    assert take(store, of_person=limits) is not None


def test_tokens_that_were_spent_end_a_day(store: Store) -> None:
    limits = QuotaLimits(tokens=100)
    assert take(store, of_person=limits) is None
    store.quotas.spend(BOT, person=1, chat=-5, tokens=99, now=NOON)
    assert take(store, of_person=limits) is None
    store.quotas.spend(BOT, person=1, chat=-5, tokens=1, now=NOON)
    assert take(store, of_person=limits) == ExceededQuota(
        whose="person", what="tokens", limit=100, again=TOMORROW
    )
    assert take(store, of_person=limits, now=TOMORROW) is None


def test_many_at_once_get_exactly_what_is_allowed(store: Store) -> None:
    def ask(person: int) -> bool:
        return (
            take(store, person=person % 4, of_person=QuotaLimits(day=10), of_chat=QuotaLimits(day=25)) is None
        )

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(ask, range(60)))
    assert sum(got) == 25


def test_old_counts_go(store: Store) -> None:
    take(store, of_person=QuotaLimits(day=1))
    store.quotas.prune(NOON)
    assert take(store, of_person=QuotaLimits(day=1)) is None


def test_a_rate_is_kept_to_by_all_that_share_the_store(store: Store) -> None:
    """So many at once, then none before the time of the next has come; each name has its own."""
    assert [store.rates.take("a", every=60, burst=3) for _ in range(3)] == [0, 0, 0]
    assert 50 < store.rates.take("a", every=60, burst=3) <= 60
    assert store.rates.take("b", every=60, burst=3) == 0
    assert store.rates.take("c", every=0.2, burst=1) == 0
    time.sleep(0.3)
    store.rates.prune()
    assert store.rates.take("c", every=0.2, burst=1) == 0
    assert store.rates.take("a", every=60, burst=3) > 0


def test_many_that_ask_at_once_get_no_more_than_their_rate(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: store.rates.take("a", every=600, burst=5), range(20)))
    assert waits.count(0) == 5
