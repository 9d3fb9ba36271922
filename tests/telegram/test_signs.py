"""A first sign of life: for whoever waits, before anything else is done, once, and not for the unwelcome."""

from __future__ import annotations

from dataclasses import replace

from stage.faults import Refusal
from stage.people import Person

from bot.telegram.sending.rate_limit import TypingState


async def test_whoever_waits_behind_others_sees_that_they_were_heard(stage):
    stage.answerer.gate.clear()
    rooms = [stage.room(person=Person()) for _ in range(4)]
    stage.more["TELEGRAM_ANSWERS"] = "1"
    async with stage.running():
        for room in rooms:
            await room.says("停车泊位建了多少？")
        await stage.proxy.until(lambda: len(shown(stage)) == 4)
        stage.answerer.gate.set()
        for room in rooms:
            await room.hears()
    assert shown(stage) == {room.id for room in rooms}


async def test_typing_is_shown_once_until_something_else_is_shown(stage):
    stage.answerer.gate.clear()
    stage.patience = replace(stage.patience, live=30.0)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.says("那志愿者呢？")
        await stage.proxy.until(lambda: stage.proxy.made("sendChatAction"))
        await stage.answerer.begun.wait()
        stage.answerer.gate.set()
        await room.hears()
        await room.hears()
    assert len(stage.proxy.made("sendChatAction")) <= 2


async def test_what_is_answered_at_once_comes_without_a_sign(stage):
    stage.patience = replace(stage.patience, typing=20.0)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert stage.proxy.made("sendChatAction") == []


async def test_who_was_turned_away_sees_no_sign(stage):
    stage.more["TELEGRAM_MODE"] = "closed"
    stage.patience = replace(stage.patience, typing=0.0)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("那志愿者呢？")
        await stage.proxy.until(lambda: stage.proxy.acknowledged == 2)
    assert stage.proxy.made("sendChatAction") == []


async def test_a_sign_that_is_refused_costs_no_answer(stage):
    stage.patience = replace(stage.patience, typing=0.0)
    refusal = Refusal(method="sendChatAction", times=9, code=403, description="Forbidden: bot was blocked")
    stage.proxy.play(refusal)
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert refusal.played


def test_typing_stands_for_a_while_in_each_chat_and_topic_and_ends_with_a_message():
    typing = TypingState()
    here, topic, there = {"chat_id": 1}, {"chat_id": 1, "message_thread_id": 2}, {"chat_id": 3}
    assert [typing.stands(one) for one in (here, topic, there, here)] == [False, False, False, True]
    typing.over(here)
    assert [typing.stands(one) for one in (here, topic)] == [False, True]


def shown(stage):
    return {int(call.given["chat_id"]) for call in stage.proxy.made("sendChatAction")}
