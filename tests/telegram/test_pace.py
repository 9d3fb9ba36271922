from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from time import monotonic

from stage.faults import flood

from bot.store import Store
from bot.telegram.sending.rate_limit import BURST, REMEMBERED, ChatRateLimit

BOT = 7


class Clock:
    """Time that passes when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_few_messages_come_at_once_and_then_one_a_second():
    clock = Clock()
    pace = ChatRateLimit(1.0, burst=3, clock=clock)
    assert [pace.wait(1) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert pace.wait(2) == 0
    clock.now += 2.5
    assert pace.wait(1) == 0.5


def test_after_a_quiet_time_there_is_room_for_a_few_again_and_not_for_more():
    clock = Clock()
    pace = ChatRateLimit(1.0, burst=3, clock=clock)
    assert [pace.wait(1) for _ in range(3)] == [0, 0, 0]
    clock.now += 60
    assert [pace.wait(1) for _ in range(4)] == [0, 0, 0, 1]


def test_what_may_be_left_out_leaves_room_for_an_answer():
    clock = Clock()
    pace = ChatRateLimit(1.0, burst=3, clock=clock)
    while pace.is_free(1):
        pace.wait(1)
    assert pace.wait(1) == 0


def test_chats_that_are_quiet_are_forgotten():
    clock = Clock()
    pace = ChatRateLimit(1.0, clock=clock)
    for chat in range(REMEMBERED):
        pace.wait(chat)
    clock.now += 60
    pace.wait(-1)
    assert len(pace._due) == 1


async def test_a_long_answer_keeps_to_the_pace_of_a_private_chat(stage):
    stage.patience = replace(stage.patience, chat=0.2)
    room = stage.room()
    async with stage.running():
        began = monotonic()
        for number in range(BURST + 3):
            await room.says(f"/help {number}")
        for _ in range(BURST + 3):
            await room.hears()
        assert monotonic() - began >= 3 * 0.2


async def test_a_message_counts_as_being_sent_from_when_it_goes_out_and_not_while_it_waits(stage):
    stage.patience = replace(stage.patience, chat=60.0, stop=0.1)
    room = stage.room()
    async with stage.running():
        for number in range(BURST + 1):
            await room.says(f"/help {number}")
        for _ in range(BURST):
            await room.hears()
        with closing(Store.open(stage.home / "bot.db")) as store:
            await until(lambda: [one.attempts for one in store.inbox.waiting(BOT)] == [1])
            await asyncio.sleep(0.5)  # longer than it takes from there to where it waits
            (last,) = store.inbox.waiting(BOT)
            assert store.inbox.parts(BOT, last.update_id) == ()


async def test_a_message_that_telegram_would_not_have_now_does_not_count_as_being_sent(stage):
    room = stage.room()
    stage.proxy.play(flood("sendMessage", seconds=3))
    async with stage.running():
        await room.says("/help")
        with closing(Store.open(stage.home / "bot.db")) as store:
            await until(lambda: _states(store) == ["waiting"])
            await room.hears()
            await until(lambda: not store.inbox.waiting(BOT))
    assert len(room.said()) == 1


def _states(store):
    return [part.state for one in store.inbox.waiting(BOT) for part in store.inbox.parts(BOT, one.update_id)]


async def until(check):
    async with asyncio.timeout(30):
        while not check():  # noqa: ASYNC110 - the bot writes it, and tells nobody
            await asyncio.sleep(0.02)
