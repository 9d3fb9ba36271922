"""Scenes with the bot as a process of its own: killed at bad moments, ended as systems end programs."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from stage.faults import Stall
from stage.process import BotProcess

from bot.store import Part, Received, Store


@asynccontextmanager
async def process(stage, *, ready="deleteWebhook"):
    """The bot's process inside; it is killed at the end if it still runs."""
    calls = len(stage.proxy.calls)
    environment = {"TELEGRAM_BOT_TOKEN": stage.proxy.token, "TELEGRAM_BASE_URL": stage.proxy.url}
    running = BotProcess(stage.home, environment)
    try:
        await stage.proxy.until(lambda: any(call.method == ready for call in stage.proxy.calls[calls:]))
        yield running
    finally:
        await asyncio.to_thread(running.kill)


async def test_what_was_received_before_a_kill_is_answered_after_it_and_once(stage):
    room = stage.room()
    async with process(stage) as bot:
        await room.says("停车泊位建了多少？")
        await room.says("那志愿者呢？")
        await stage.proxy.until(lambda: stage.proxy.acknowledged == 2)
        await asyncio.to_thread(bot.kill)
    assert room.said() == []
    async with process(stage) as bot:
        bot.open_gate()
        first = await room.hears()
        await room.hears()
        await room.says("还有呢？")
        await room.hears()
        await room.taps("[1]", on=first)
        await room.hears()
        code = await asyncio.to_thread(bot.terminate)
    assert code == 0
    assert len(room.said()) == 4
    assert "上次停下时还有 2 条没答完" in bot.output
    assert "已停止。" in bot.output
    assert stage.proxy.token not in bot.output


@pytest.mark.parametrize("delivered", [True, False], ids=["arrived", "lost"])
async def test_a_kill_inside_a_send_loses_nothing_and_owns_up_to_a_possible_double(stage, delivered):
    room = stage.room()
    stage.proxy.play(Stall(method="sendMessage", delivered=delivered))
    async with process(stage) as bot:
        bot.open_gate()
        await room.says("停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.made("sendMessage"))
        await asyncio.to_thread(bot.kill)
    async with process(stage) as bot:
        await stage.proxy.until(lambda: len(room.said()) == 1 + delivered)
        await room.says("那志愿者呢？")
        await stage.proxy.until(lambda: len(room.said()) == 2 + delivered)
    assert bot.output.count("may stand twice") == 1


async def test_an_answer_that_was_sent_before_the_end_is_not_sent_again(stage):
    room = stage.room()
    message = room.write({"text": "停车泊位建了多少？"})
    store = Store.open(stage.home / "bot.db")
    payload = f'{{"update_id": 99, "message": {json.dumps(message)}}}'
    store.receive(7, [Received(update_id=99, payload=payload)])
    store.put_part(7, 99, 0, Part(state="sent", message_id=1))
    async with stage.running():
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 1
    assert store.waiting(7) == ()
    store.close()
