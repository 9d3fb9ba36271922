"""Scenes with the bot as a process of its own: killed at bad moments, ended as systems end programs."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from stage.faults import Stall
from stage.process import BotProcess

from bot.store import ReceivedUpdate, SentPart, Store

COMMAND = ("-m", "bot", "bot")


def environment(stage, **more):
    told = {"TELEGRAM_BOT_TOKEN": stage.proxy.token, "TELEGRAM_BASE_URL": stage.proxy.url}
    nothing = stage.home / "empty.env"
    nothing.touch()
    return {**told, "EMBEDDINGS": "none", "CHENGWEN_ENV": str(nothing), **more}


@asynccontextmanager
async def process(stage, **kwargs):
    """The bot's process inside; it is killed at the end if it still runs."""
    calls = len(stage.proxy.calls)
    running = BotProcess(stage.home, environment(stage), **kwargs)
    try:
        await stage.proxy.until(
            lambda: any(call.method == "deleteWebhook" for call in stage.proxy.calls[calls:]),
            patience=60.0,  # a process of its own takes its time on a busy machine
        )
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
        await room.opens("[1]", on=first)
        code = await asyncio.to_thread(bot.terminate)
    assert code == 0
    assert len(room.said()) == 3  # a source opens in the message of its answer
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
    store.inbox.receive(7, [ReceivedUpdate(update_id=99, payload=payload)])
    store.inbox.put_part(7, 99, 0, SentPart(state="sent", message_id=1))
    async with stage.running():
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 1
    assert store.inbox.waiting(7) == ()
    store.close()


async def test_the_command_fills_a_fresh_home_answers_and_ends_in_good_order(stage):
    room = stage.room()
    async with process(stage, program=COMMAND) as bot:
        await room.says("吉林市一共清理了多少处野广告？")
        answer = await room.hears()
        assert "160余万处" in answer["text"]
        assert "160余万处" in (await room.opens("[1]", on=answer))["text"]
        code = await asyncio.to_thread(bot.terminate)
    assert code == 0
    assert "@chengwen_test_bot" in bot.output
    assert bot.output.endswith("已停止。\n")
    logged = "".join(path.read_text("utf-8") for path in (stage.home / "logs").iterdir())
    assert stage.proxy.token not in bot.output + logged


async def test_the_command_with_a_wrong_token_ends_with_one_sentence_and_code_one(stage):
    wrong = "123456:this-token-is-not-known-to-anybody-here"
    bot = BotProcess(stage.home, environment(stage, TELEGRAM_BOT_TOKEN=wrong), COMMAND)
    code = await asyncio.to_thread(bot.ended)
    told = bot.output.splitlines()[-1]
    assert code == 1
    assert "不认这个令牌" in told
    assert "Traceback" not in bot.output
    assert wrong not in bot.output
