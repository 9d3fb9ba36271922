"""Scenes of answering once: what comes twice, what the bot was torn from, what it stops in the middle of."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import httpx
from stage.people import Person

from bot.store import ReceivedUpdate, Store
from bot.telegram.updates.queue import ATTEMPTS
from bot.telegram.updates.webhook import HEADER


async def test_an_update_that_is_polled_twice_is_answered_once(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        polls = len(stage.proxy.made("getUpdates"))
        stage.proxy.redeliver()
        await stage.proxy.until(lambda: len(stage.proxy.made("getUpdates")) > polls + 1)
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]
    assert len(room.said()) == 2


async def test_an_update_that_the_webhook_gets_twice_is_answered_once(stage):
    url, room = stage.webhook(), stage.room()
    update = {"update_id": 4711, "message": room.write({"text": "停车泊位建了多少？"})}
    async with stage.running(), httpx.AsyncClient() as telegram:
        for _ in range(3):
            answer = await telegram.post(url, json=update, headers={HEADER: "s3cret_-token"})
            assert answer.status_code == 200
        await room.hears()
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]
    assert len(room.said()) == 2


async def test_many_questions_of_many_chats_at_once_are_each_answered_once_and_in_order(stage):
    rooms = [stage.room(person=Person()) for _ in range(10)]
    stage.answerer.script = lambda question: stage.library.quoted(question, "一万二千个")
    async with stage.running():
        for number in range(4):
            for room in rooms:
                await room.says(f"{room.id} 第{number}问")
        for room in rooms:
            for _ in range(4):
                await room.hears()
    assert all(len(room.said()) == 4 for room in rooms)
    for room in rooms:
        mine = [asked for asked in stage.answerer.asked if asked.startswith(str(room.id))]
        assert mine == [f"{room.id} 第{number}问" for number in range(4)]


async def test_an_update_is_acknowledged_only_when_it_is_kept(stage):
    room = stage.room()
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await stage.proxy.until(lambda: stage.proxy.acknowledged)
        store = Store.open(stage.home / "bot.db")
        (kept,) = store.inbox.waiting(7)
        store.close()
        assert "停车泊位建了多少？" in kept.payload
        stage.answerer.gate.set()
        await room.hears()


async def test_a_stop_lets_the_answer_being_made_be_sent(stage):
    room = stage.room()
    stage.answerer.gate.clear()
    async with asyncio.timeout(10):
        async with stage.running():
            await room.says("停车泊位建了多少？")
            await stage.answerer.begun.wait()
            asyncio.get_running_loop().call_soon(stage.answerer.gate.set)
    assert len(room.said()) == 1
    assert stage.told[-1] == "已停止。"


async def test_what_a_stop_can_not_wait_for_is_answered_at_the_next_start_and_once(stage):
    room = stage.room()
    stage.answerer.gate.clear()
    stage.patience = replace(stage.patience, stop=0.0)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.says("那志愿者呢？")
        await stage.answerer.begun.wait()
        await stage.proxy.until(lambda: stage.proxy.acknowledged == 2)
    assert room.said() == []
    stage.answerer.gate.set()
    async with stage.running():
        first, second = await room.hears(), await room.hears()
    assert len(room.said()) == 2
    assert stage.answerer.asked[-2:] == ["停车泊位建了多少？", "那志愿者呢？"]
    assert first["message_id"] < second["message_id"]
    assert "2 条没来得及答完" in "".join(stage.told)
    assert "上次停下时还有 2 条没答完" in "".join(stage.told)


async def test_buttons_work_after_a_restart(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        card = await room.opens("[1]")
    async with stage.running():
        card = await room.opens("[2]", on=card)
        assert stage.library.cut[1].text in card["text"]
        card = await room.opens("下一段 ▶", on=card)
        assert stage.library.cut[2].text in card["text"]
        assert (await room.opens("收起", on=card))["text"] == answer["text"]
        await room.says("那志愿者呢？")
        await room.hears()
    assert [len(history) for history in stage.answerer.histories] == [0, 2]


async def test_an_update_over_which_the_program_ended_again_and_again_is_given_up_with_an_apology(stage):
    room = stage.room()
    update = {"update_id": 99, "message": room.write({"text": "让程序倒下的"})}
    store = Store.open(stage.home / "bot.db")
    store.inbox.receive(7, [ReceivedUpdate(update_id=99, payload=json.dumps(update))])
    for _ in range(ATTEMPTS):
        store.inbox.begin(7, 99)
    async with stage.running():
        assert "编号" in (await room.hears())["text"]
        await room.says("别的问题")
        await room.hears()
    assert stage.answerer.asked == ["别的问题"]
    assert store.inbox.waiting(7) == ()
    store.close()
