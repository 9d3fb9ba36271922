"""Two processes with one inbox: each update is answered by one of them, also when the other one dies."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import closing

from stage.people import Person
from telegram import Bot

from bot.store import ReceivedUpdate, Store
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.updates.leases import InboxLeases
from bot.telegram.updates.queue import UpdateQueue

LEASE = 1.5
PATIENCE = Timeouts(lease=LEASE)


class Known(Bot):
    """A bot that need not ask Telegram who it is."""

    id = 7


class Worker:
    """One process's intake, whose answers take as long as ``busy`` says."""

    def __init__(self, url, bot, *, busy=0.0):
        self.store, self.seen, self.busy = Store.open(url), [], busy
        self.intake = UpdateQueue(
            bot, self.store, handle=self._handle, give_up=self._handle, patience=PATIENCE
        )

    async def _handle(self, update):
        self.seen.append(update.update_id)
        await asyncio.sleep(self.busy)

    async def dies(self):
        """Stop at once, and tidy nothing up."""
        self.intake._holding.cancel()
        for walker in self.intake._lanes._walkers:
            walker.cancel()

    async def stops(self):
        await self.intake.close(seconds=5)


def came(number):
    chat = {"id": number, "type": "private"}
    whose = {"id": number, "is_bot": False, "first_name": "x"}
    message = {"message_id": 1, "date": 0, "chat": chat, "from": whose, "text": "x"}
    return json.dumps({"update_id": number, "message": message})


async def until(check):
    async with asyncio.timeout(30):
        while not check():  # noqa: ASYNC110 - another process may write
            await asyncio.sleep(0.05)


async def test_what_a_dead_process_held_is_answered_by_the_other_and_nothing_twice(database_url):
    bot = Known("7:x")
    one, other = Worker(database_url, bot, busy=600), Worker(database_url, bot)
    await one.intake.resume()
    await other.intake.resume()
    await one.intake.take([came(1), came(2)])
    await other.intake.take([came(2), came(3)])  # 2 is brought again, to the other one
    await until(lambda: sorted(one.seen) == [1, 2] and other.seen == [3])
    await asyncio.sleep(2 * LEASE)
    assert other.seen == [3]  # whoever lives keeps what it works on
    await one.dies()
    await until(lambda: sorted(other.seen) == [1, 2, 3])
    await until(lambda: not other.store.inbox.waiting(7))
    await other.stops()
    for worker in (one, other):
        worker.store.close()


async def test_whoever_lost_an_update_in_its_midst_says_nothing_of_it(stage, postgres, database_url):
    stage.open_store = lambda _: Store.open(database_url)
    stage.answerer.gate.clear()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        with postgres.connected(database_url) as other:
            other.execute("UPDATE inbox SET owner = 'quicker', until = until + 1000")
        stage.answerer.gate.set()
        another = stage.room(person=Person())
        await another.says("/help")
        await another.hears()
        assert (await asyncio.to_thread(_left, database_url)) == 1
    assert room.said() == []
    assert stage.told[-1] == "已停止。"


def _left(url):
    with closing(Store.open(url)) as store:
        return len(store.inbox.waiting(7))


async def test_an_event_loop_that_is_late_for_longer_than_a_lease_loses_nothing(database_url):
    one = Worker(database_url, Known("7:x"), busy=600)
    await one.intake.resume()
    await one.intake.take([came(1)])
    await until(lambda: one.seen == [1])
    time.sleep(2 * LEASE)  # noqa: ASYNC251 - the loop stands still
    assert one.store.inbox.abandoned(7) == ()
    await one.intake.close(seconds=0)
    one.store.close()


async def test_who_was_late_with_renewing_gives_the_others_time_to_renew(database_url):
    """After an outage longer than a lease nobody's work is taken away, and dead ones' is."""
    with closing(Store.open(database_url)) as store:
        holding = InboxLeases(store, 7, lease=LEASE)
        assert await holding.begin() == ()
        store.inbox.receive(7, [ReceivedUpdate(update_id=1, payload="")], owner="dead", lease=0)
        assert [one.update_id for one in await holding.look()] == [1]
        store.inbox.receive(7, [ReceivedUpdate(update_id=2, payload="")], owner="late too", lease=0)
        await asyncio.sleep(LEASE)
        assert [one.update_id for one in await holding.look()] == [1]
        async with asyncio.timeout(30):
            while [one.update_id for one in await holding.look()] != [1, 2]:  # noqa: ASYNC110 - a lease runs out
                await asyncio.sleep(LEASE / 10)
        await holding.release()
        assert [one.update_id for one in store.inbox.abandoned(7)] == [1, 2]


async def test_what_a_stopped_process_left_is_free_at_once(database_url):
    bot = Known("7:x")
    one, other = Worker(database_url, bot, busy=600), Worker(database_url, bot)
    await one.intake.resume()
    await one.intake.take([came(1)])
    await until(lambda: one.seen == [1])
    assert await one.intake.close(seconds=0) == 1
    assert await other.intake.resume() == 1
    await until(lambda: other.seen == [1])
    await other.stops()
    for worker in (one, other):
        worker.store.close()
