"""Scenes with the server: who asks is told whether the bot is ready, and which part isn't."""

from __future__ import annotations

import asyncio

import httpx
from stage.emulator import free_port
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.store import Store, StoreError

ALL = {"library": "ok", "store": "ok", "telegram": "ok"}
WELL = {"status": "ok", "parts": ALL, "versions": {"catalogue": 1, "words": 1, "vectors": 1}}


def polling(stage) -> httpx.URL:
    """Ask for a server beside polling, and return its address."""
    port = free_port()
    stage.more |= {"CHENGWEN_HEALTH": "1", "TELEGRAM_WEBHOOK_PORT": str(port)}
    return httpx.URL(f"http://127.0.0.1:{port}/readyz")


async def ready(client, url, status):
    """Ask until this status is told, and return what was told with it."""
    async with asyncio.timeout(10):
        while True:
            told = await client.get(url)
            if told.status_code == status:
                return told.json()
            await asyncio.sleep(0.02)


async def test_a_bot_with_a_webhook_is_ready_once_telegram_knows_of_it(stage):
    url = httpx.URL(stage.webhook()).copy_with(path="/readyz")
    async with stage.running(), httpx.AsyncClient() as client:
        assert await ready(client, url, 200) == WELL


async def test_a_polling_bot_is_ready_after_its_first_poll(stage):
    url = polling(stage)
    room = stage.room()
    async with stage.running(), httpx.AsyncClient() as client:
        await room.says("停车泊位建了多少？")
        await room.hears()
        assert await ready(client, url, 200) == WELL
        assert (await client.get(url.copy_with(path="/healthz"))).json() == {"status": "ok"}


async def test_a_store_that_does_not_answer_is_named(stage):
    url = polling(stage)

    class Gone(Store):
        def ping(self):
            raise StoreError("no disk")

    stage.open_store = Gone.open
    async with stage.running(), httpx.AsyncClient() as client:
        told = await ready(client, url, 503)
        assert told["parts"]["store"] == "unready"
        assert (await client.get(url.copy_with(path="/healthz"))).status_code == 200


async def test_the_site_is_served_while_telegram_is_away_and_the_bot_is_not_ready(stage):
    url = polling(stage)
    stage.more["TELEGRAM_BASE_URL"] = f"http://127.0.0.1:{free_port()}"
    stage.site = [Route("/page", lambda _: PlainTextResponse("a page"))]
    stop = asyncio.Event()
    running = asyncio.create_task(stage.serve(stop))
    await stage.tells("监听")
    async with httpx.AsyncClient() as client:
        assert (await client.get(url.copy_with(path="/page"))).text == "a page"
        assert (await ready(client, url, 503))["parts"] == ALL | {"telegram": "unready"}
    stop.set()
    await running
