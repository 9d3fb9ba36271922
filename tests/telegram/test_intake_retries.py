"""What fails is tried again by itself, in each person's order; what can't be done is given up in the end."""

from __future__ import annotations

import asyncio
import json

import pytest
from telegram import Bot

from bot.store import Store, StoreError
from bot.store.delivery.inbox import Inbox
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.updates.queue import (
    APOLOGIES,
    ATTEMPTS,
    FAILURES,
    SUSPECT,
    BatchedCalls,
    UpdateQueue,
    received,
)
from retrieval.values.errors import CatalogueAway

QUICK = Timeouts(again=0.01, longest=0.05)


class Known(Bot):
    """A bot that need not ask Telegram who it is."""

    id = 7


class Desk:
    """One intake, whose work fails as often as it is told."""

    def __init__(self, at, *, failing=0, error=StoreError, **kwargs):
        self.store, self.failing, self.error = Store.open(at), failing, error
        self.seen, self.given_up = [], []
        handlers = {"handle": self._handle, "give_up": self._give_up, "patience": QUICK}
        self.intake = UpdateQueue(Known("7:x"), self.store, **{**handlers, **kwargs})

    async def _handle(self, update):
        self.seen.append(update.update_id)
        self._fail()

    async def _give_up(self, update):
        self.given_up.append(update.update_id)
        self._fail()

    def _fail(self):
        if self.failing:
            self.failing -= 1
            raise self.error("away")

    async def ends(self):
        left = await self.intake.close(seconds=5)
        self.store.close()
        return left


def came(number, person=1):
    chat = {"id": person, "type": "private"}
    whose = {"id": person, "is_bot": False, "first_name": "x"}
    message = {"message_id": number, "date": 0, "chat": chat, "from": whose, "text": "x"}
    return json.dumps({"update_id": number, "message": message})


async def until(check):
    async with asyncio.timeout(20):
        while not check():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("error", [StoreError, ValueError])
async def test_what_failed_is_tried_again_and_holds_up_only_its_own_person(home, error):
    desk = Desk(home / "store.db", failing=2, error=error)
    await desk.intake.take([came(1), came(2), came(3, person=9)])
    await until(lambda: not desk.store.inbox.waiting(7))
    assert [one for one in desk.seen if one != 3] == [1, 1, 1, 2] or desk.seen.count(3) == 2
    assert desk.seen.index(2) > max(at for at, one in enumerate(desk.seen) if one == 1)
    assert await desk.ends() == 0


@pytest.mark.parametrize("error", [StoreError, CatalogueAway])
async def test_a_database_that_is_away_for_long_counts_as_one_death_at_most(home, error):
    desk = Desk(home / "store.db", failing=ATTEMPTS + 3, error=error)
    await desk.intake.take([came(1)])
    await until(lambda: len(desk.seen) > ATTEMPTS)
    assert {one.attempts for one in desk.store.inbox.waiting(7)} == {1}
    await until(lambda: not desk.store.inbox.waiting(7))
    assert desk.seen == [1] * (ATTEMPTS + 4)
    assert desk.given_up == []
    await desk.ends()


async def test_what_fails_again_and_again_is_given_up_and_then_left_for_the_next_start(home):
    desk = Desk(home / "store.db", failing=10**6, error=ValueError)
    await desk.intake.take([came(1)])
    await until(lambda: len(desk.given_up) == APOLOGIES)
    assert desk.seen == [1] * FAILURES
    assert await desk.ends() == 1
    again = Desk(home / "store.db")
    assert await again.intake.resume() == 1
    await until(lambda: not again.store.inbox.waiting(7))
    assert await again.ends() == 0


async def test_what_the_program_did_not_survive_again_and_again_is_tried_one_at_a_time(home):
    store = Store.open(home / "store.db")
    store.inbox.receive(7, [received(json.loads(came(one, one)), came(one, one)) for one in range(1, 6)])
    for update_id, begun in ((1, SUSPECT), (2, SUSPECT), (3, 0), (4, 0), (5, ATTEMPTS)):
        for _ in range(begun):
            store.inbox.begin(7, update_id)
    store.close()
    at_work, most, gate = set(), set(), asyncio.Event()

    async def handle(update):
        at_work.add(update.update_id)
        most.add(frozenset(at_work))
        await gate.wait()
        at_work.discard(update.update_id)

    desk = Desk(home / "store.db", handle=handle)
    await desk.intake.resume()
    await until(lambda: len(at_work) == 3)
    await asyncio.sleep(0.1)
    gate.set()
    await until(lambda: not desk.store.inbox.waiting(7))
    assert {3, 4} < max(most, key=len)
    assert not any({1, 2} <= together for together in most)
    assert desk.given_up == [5]
    await desk.ends()


async def test_a_stop_does_not_wait_for_what_waits_to_be_tried_again(home):
    slow = Timeouts(again=60.0)
    desk = Desk(home / "store.db", failing=1, patience=slow)
    await desk.intake.take([came(1)])
    await until(lambda: desk.seen == [1])
    async with asyncio.timeout(2):
        assert await desk.ends() == 1


async def test_an_outage_longer_than_the_store_waits_loses_no_question(stage, postgres, database_url):
    stage.open_store = lambda _: opened(database_url)
    stage.answerer.gate.clear()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        postgres.stop()
        stage.answerer.gate.set()
        await asyncio.sleep(1.0)  # by now the answer could not be kept
        assert room.said() == []
        postgres.start()
        await room.hears()
    assert len(room.said()) == 1


def opened(url):
    """Open a store that waits for nothing."""
    from bot.store.database import Database

    return Store(Database.open(url, pauses=()))


class Unsure(Inbox):
    """Keeps what comes, and seems to fail the first time."""

    failed = False

    def receive(self, bot, came, **kwargs):
        kept = super().receive(bot, came, **kwargs)
        if not self.failed:
            self.failed = True
            raise StoreError("the commit broke off")
        return kept


async def test_what_was_kept_although_that_seemed_to_fail_is_answered(home):
    desk = Desk(home / "store.db", patience=Timeouts(lease=0.3))
    desk.store.inbox = Unsure(desk.store._database)
    await desk.intake.resume()
    with pytest.raises(StoreError):
        await desk.intake.take([came(1)])
    await desk.intake.take([came(1)])  # Telegram brings it again
    await until(lambda: not desk.store.inbox.waiting(7))
    assert desk.seen == [1]
    await desk.ends()


async def test_an_update_waits_for_an_earlier_one_of_the_same_person_at_another_process(database_url):
    order = []
    gate = asyncio.Event()

    async def slow(update):
        await gate.wait()
        order.append(update.update_id)

    async def quick(update):
        order.append(update.update_id)

    one, other = Desk(database_url, handle=slow), Desk(database_url, handle=quick)
    await one.intake.take([came(1)])
    await other.intake.take([came(2), came(3, person=9)])
    await until(lambda: order == [3])
    await asyncio.sleep(0.5)
    gate.set()
    await until(lambda: order == [3, 1, 2])
    assert await one.ends() + await other.ends() == 0


async def test_what_comes_while_a_call_is_under_way_is_done_in_one_go_after_it():
    begun = asyncio.Event()
    batches, loop = [], asyncio.get_running_loop()

    def work(numbers):
        batches.append(list(numbers))
        loop.call_soon_threadsafe(begun.set)
        return {number for number in numbers if number != 3}

    gathered = BatchedCalls(work)
    first = asyncio.create_task(gathered(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(gathered(number)) for number in (2, 3, 4)]
    assert await asyncio.gather(first, *others) == [True, True, False, True]
    assert batches in ([[1], [2, 3, 4]], [[1, 2, 3, 4]])
