"""How many messages a second a server takes: this one, and the emulator with the scenes' proxy before it."""

from __future__ import annotations

import asyncio
import itertools
from time import perf_counter
from typing import TYPE_CHECKING

from aiohttp import ClientSession
from stage.emulator import Emulator
from stage.proxy import Proxy

from pressure.direct import TOKEN, Direct

if TYPE_CHECKING:
    from stage.spec import Spec

CALLS, ASIDE = 400, 16


async def pace(proxy: Proxy, *, calls: int = CALLS) -> float:
    """Return how many messages a second a started server takes from sixteen senders, and stop it."""
    await proxy.start()
    numbers = itertools.count(1)

    async def sender(client: ClientSession) -> None:
        while (number := next(numbers)) <= calls:
            told = {"chat_id": str(number), "text": f"好，{number}", "parse_mode": "HTML"}
            async with client.post(f"{proxy.url}/bot{proxy.token}/sendMessage", data=told) as answer:
                assert answer.status == 200, await answer.text()

    try:
        async with ClientSession() as client:
            began = perf_counter()
            await asyncio.gather(*(sender(client) for _ in range(ASIDE)))
            return calls / (perf_counter() - began)
    finally:
        await proxy.stop()


async def paces(spec: Spec | None) -> tuple[float, float]:
    """Return the calls a second of this server, and of the emulator with its proxy."""
    ours = await pace(Direct.checking(spec))
    emulator = await asyncio.to_thread(Emulator)
    try:
        return ours, await pace(Proxy(emulator.url, TOKEN, spec))
    finally:
        await asyncio.to_thread(emulator.stop)
