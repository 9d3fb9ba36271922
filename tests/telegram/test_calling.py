"""A call that nobody waits for any more costs no connection."""

from __future__ import annotations

import asyncio
import random

from bot.telegram.sending.calls import UncancelledRequest, arriving


async def test_calls_that_were_cancelled_leave_all_connections_to_others(proxy):
    calling = UncancelledRequest(connection_pool_size=4, pool_timeout=2.0)
    await calling.initialize()
    address, chance = f"{proxy.url}/bot{proxy.token}/getMe", random.Random(1)

    async def broken_off():
        call = asyncio.create_task(calling.do_request(address, "POST"))
        await asyncio.sleep(chance.random() * 0.02)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)

    for _ in range(10):
        await asyncio.gather(*(broken_off() for _ in range(10)))
    answers = await asyncio.gather(*(calling.do_request(address, "POST") for _ in range(8)))
    assert [status for status, _ in answers] == [200] * 8
    await calling.shutdown()


async def test_what_is_under_way_ends_with_the_calling(proxy):
    calling = UncancelledRequest()
    await calling.initialize()
    address = f"{proxy.url}/bot{proxy.token}/getUpdates?timeout=10&allowed_updates=%5B%5D"
    call = asyncio.create_task(calling.do_request(address, "POST"))
    await asyncio.sleep(0.1)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    async with asyncio.timeout(2):
        await calling.shutdown()


async def test_a_message_is_noted_also_where_nobody_waits_for_the_call(proxy):
    calling, arrived = UncancelledRequest(), asyncio.Queue()
    await calling.initialize()
    address = f"{proxy.url}/bot{proxy.token}/sendMessage?chat_id=77&text=hello"
    with arriving(arrived.put):
        call = asyncio.create_task(calling.do_request(address, "POST"))
    await asyncio.sleep(0)
    call.cancel()
    async with asyncio.timeout(5):
        assert isinstance(await arrived.get(), int)
    await calling.shutdown()
