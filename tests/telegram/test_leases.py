"""What is held is renewed, and what nobody holds is looked for: against a clock in the test's hand."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress

import pytest

from bot.store import ReceivedUpdate, StoreError
from bot.telegram.updates.leases import RENEWALS, STUCK, InboxLeases

LEASE = 0.05  # the thread waits for a fifth of it in real time; all else goes by the clock
PATIENCE = 5.0


def update(number):
    return ReceivedUpdate(update_id=number, payload="")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now, self.asked = 100.0, 0

    def __call__(self):
        self.asked += 1
        return self.now


class Inbox:
    """Holds what it was given, and notes what it was asked for."""

    def __init__(self, *, own=(), free=()):
        self.own, self.free, self.calls, self.fails = list(own), list(free), [], 0
        self.may_renew = threading.Event()
        self.may_renew.set()
        self.renewing = False

    def renew(self, bot, *, owner, lease):
        self.renewing = True
        self.may_renew.wait(PATIENCE)
        if self.fails:
            self.fails -= 1
            raise StoreError("away")
        self.calls.append(("renew", bot, owner, lease))
        return tuple(map(update, self.own))

    def adopt(self, bot, *, owner, lease):
        self.calls.append(("adopt", bot, owner, lease))
        return tuple(map(update, self.free))

    def release(self, bot, *, owner):
        self.calls.append(("release", bot, owner))
        if self.fails:
            raise StoreError("away")


class Process:
    """The leases of one process, and the store they are in."""

    owner = "me"

    def __init__(self, **inbox):
        self.inbox, self.clock, self.got = Inbox(**inbox), Clock(), []
        self.leases = InboxLeases(self, 7, lease=LEASE, clock=self.clock)

    def put(self, found):
        self.got.append([one.update_id for one in found])

    def asked(self, what):
        return sum(call[0] == what for call in self.inbox.calls)

    async def looks(self, *, after):
        """List what is held when so many leases have passed."""
        self.clock.now += after * LEASE
        return [one.update_id for one in await self.leases.look()]


async def until(check):
    async with asyncio.timeout(PATIENCE):
        while not check():  # noqa: ASYNC110 - a thread of its own does it
            await asyncio.sleep(0.002)


async def ended(running):
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_process_begins_with_its_own_and_with_what_nobody_holds_in_their_order():
    process = Process(own=[5, 2], free=[9, 3])
    assert [one.update_id for one in await process.leases.begin()] == [2, 3, 5, 9]
    assert process.inbox.calls == [("renew", 7, "me", LEASE), ("adopt", 7, "me", LEASE)]


async def test_others_leavings_are_taken_only_by_who_was_in_time_for_half_a_lease(caplog):
    caplog.set_level(logging.INFO)
    process = Process(own=[1], free=[2])
    await process.leases.begin()
    process.clock.now = 128.0  # parts of a second that a float has exactly, from here on
    process.leases._lease = 8.0
    await process.leases.begin()
    for moment, held in [
        (132.0, [1, 2]),  # half a lease since the last time: in time
        (136.5, [1]),  # late: the others may be late as well
        (140.5, [1]),  # half a lease is not over yet
        (141.0, [1, 2]),
    ]:
        process.clock.now = moment
        assert [one.update_id for one in await process.leases.look()] == held, moment
    assert [record.getMessage()[0] for record in caplog.records] == ["1", "1"]


async def test_nothing_is_told_where_nothing_was_left_behind(caplog):
    caplog.set_level(logging.INFO)
    process = Process(own=[1])
    await process.leases.begin()
    assert await process.looks(after=0.1) == [1]
    assert process.asked("adopt") == 2
    assert not caplog.records


async def test_while_it_runs_it_renews_and_hands_over_what_it_finds():
    process = Process(own=[1], free=[2])
    await process.leases.begin()
    running = asyncio.create_task(process.leases.run(process.put))
    await until(lambda: len(process.got) >= RENEWALS)
    assert not running.done()
    assert process.got[0] == [1, 2]
    await ended(running)
    await process.leases.release()
    renewed = process.asked("renew")
    assert process.inbox.calls[-1] == ("release", 7, "me")
    assert renewed >= RENEWALS
    with pytest.raises(RuntimeError):  # who has let go takes nothing any more
        await process.leases.look()


async def test_a_store_that_is_away_is_asked_again_and_noted(caplog):
    process = Process(own=[1])
    await process.leases.begin()
    process.inbox.fails = 2
    running = asyncio.create_task(process.leases.run(process.put))
    await until(lambda: [1] in process.got)
    assert process.got[:2] == [[], []]
    assert sum("the inbox can't be asked" in record.getMessage() for record in caplog.records) == 2
    await ended(running)
    await process.leases.release()


async def test_letting_go_comes_behind_a_renewal_under_way():
    process = Process(own=[1])
    await process.leases.begin()
    process.inbox.may_renew.clear()
    process.inbox.renewing = False
    running = asyncio.create_task(process.leases.run(process.put))
    await until(lambda: process.inbox.renewing)
    before = process.asked("renew")
    await ended(running)
    letting_go = asyncio.create_task(process.leases.release())
    await asyncio.wait({letting_go}, timeout=3 * LEASE)  # enough for who does not wait for the renewal
    process.inbox.may_renew.set()
    async with asyncio.timeout(PATIENCE):
        await letting_go
    await until(lambda: process.asked("renew") > before)
    assert process.inbox.calls[-1] == ("release", 7, "me")


async def test_letting_go_while_the_store_is_away_is_no_error():
    process = Process()
    process.inbox.fails = 1
    await process.leases.release()
    assert process.asked("release") == 1


@pytest.mark.parametrize(("leases", "renews"), [(STUCK - 1, True), (STUCK, False), (STUCK + 1, False)])
async def test_a_process_whose_loop_stands_still_for_long_leaves_its_updates_to_others(leases, renews):
    process = Process(own=[1])
    await process.leases.begin()
    process.leases._lease = 1 / 16  # a float has it exactly
    running = asyncio.create_task(process.leases.run(process.put))
    await until(lambda: process.got)
    moved = threading.Event()

    def stands_still():
        """Keep the loop from moving until the thread has looked at the clock a few times."""
        process.clock.now += leases / 16
        for _ in range(2):
            seen, before = process.clock.asked, process.asked("renew")
            while process.clock.asked < seen + 4:
                moved.wait(0.002)
        return process.asked("renew") > before

    assert stands_still() is renews
    await until(lambda: process.got[-1] == [1])  # once it moves, all goes on
    await ended(running)
    await process.leases.release()
