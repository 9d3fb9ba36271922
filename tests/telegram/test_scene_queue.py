"""Scenes of many questions at once: a few are answered at a time, others are told where they stand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from stage.people import MENTION, Person
from stage.proxy import shown

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}


@pytest.fixture
def stage(stage):
    stage.patience = replace(stage.patience, live=0.05, draft=0.05, edits=0.1, group=0.1)
    stage.more["TELEGRAM_ANSWERS"] = "1"
    stage.answerer.gate.clear()
    return stage


async def drafted(stage, room, words):
    """Wait until a draft with these words is shown in a private chat."""
    return await stage.proxy.until(
        lambda: any(
            words in call.given["text"]
            for call in stage.proxy.made("sendMessageDraft")
            if call.given["chat_id"] == str(room.id)
        )
    )


async def test_whoever_waits_sees_their_place_and_how_it_moves(stage):
    rooms = [stage.room() for _ in range(3)]
    async with stage.running():
        await rooms[0].says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await rooms[1].says("停车泊位建了多少？")
        await drafted(stage, rooms[1], "下一个就是你的")
        await rooms[2].says("停车泊位建了多少？")
        await drafted(stage, rooms[2], "前面还有1个问题，你排在第2位")
        stage.answerer.gate.set()
        for room in rooms:
            assert stage.library.cut[0].text in (await room.hears())["text"]


async def test_in_a_group_the_place_stands_in_a_message_which_the_answer_then_takes(stage):
    first, second = stage.room(), stage.room(chat=GROUP)
    async with stage.running():
        await first.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await second.says(f"{MENTION} 楼道堆物清了多少？")
        status = await second.hears()
        assert "下一个就是你的" in status["text"]
        stage.answerer.gate.set()
        await stage.proxy.until(lambda: "[1]" in str(shown(second.said()[0])))
        assert len(second.said()) == 1


async def test_whoever_waits_can_leave_the_queue(stage):
    first, second = stage.room(), stage.room(chat=GROUP)
    async with stage.running():
        await first.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await second.says(f"{MENTION} 楼道堆物清了多少？")
        status = await second.hears()
        await second.taps("⏹ 停止", on=status)
        assert "已停止" in (await second.sees(status))["text"]
        stage.answerer.gate.set()
        await first.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？"]


async def test_commands_and_buttons_do_not_wait_for_answers(stage):
    first, second = stage.room(), stage.room()
    async with stage.running():
        await first.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await second.says("/help")
        assert "/cities" in (await second.hears())["text"]
        stage.answerer.gate.set()
        await first.hears()


async def test_someone_with_many_questions_in_many_groups_lets_others_in_between(stage):
    person, groups = Person(), [{**GROUP, "id": GROUP["id"] - at} for at in range(3)]
    rooms = [stage.room(person=person, chat=chat) for chat in groups]
    other = stage.room()
    async with stage.running():
        for at, room in enumerate(rooms):
            await room.says(f"{MENTION} 问题{at}？")
            await asyncio.sleep(0.05)
        await other.says("停车泊位建了多少？")
        await drafted(stage, other, "下一个就是你的")
        stage.answerer.gate.set()
        await other.hears()
        await stage.proxy.until(
            lambda: all("[1]" in str(shown(one)) for room in rooms for one in room.said())
        )
    assert stage.answerer.asked == ["问题0？", "停车泊位建了多少？", "问题1？", "问题2？"]
