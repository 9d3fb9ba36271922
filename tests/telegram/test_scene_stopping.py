"""Scenes of having heard enough: a button or /cancel ends the work, and what was proved stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from stage.faults import Refusal
from stage.people import MENTION, Person, unfolded
from stage.proxy import shown, sourced

from bot.store.conversations.conversations import ConversationKey
from bot.telegram.streaming.answer_stream import RunningAnswer, RunningAnswers

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}


@pytest.fixture
def stage(stage):
    stage.patience = replace(stage.patience, live=0.05, draft=0.05, edits=0.1, group=0.1)
    stage.answerer.write(free=1)
    return stage


async def stood(room, words):
    """Wait until one of the bot's messages in the room holds these words."""
    return await room.proxy.until(lambda: next((one for one in room.said() if words in one["text"]), None))


async def notice(stage, count=1):
    """Wait for what the bot tells to whoever tapped, and return it."""
    calls = await stage.proxy.until(
        lambda: made if len(made := stage.proxy.made("answerCallbackQuery")) >= count else None
    )
    return calls[-1].given


async def again(stage, query):
    """Tap as the client of someone does who has not yet seen that the button is gone."""
    stage.proxy.queries.add(f"{query['id']}1")
    await stage.proxy.inject({"callback_query": {**query, "id": f"{query['id']}1"}})
    query["id"] += "1"


async def test_the_button_ends_the_work_and_what_was_proved_stays_with_its_source(stage):
    room = stage.room(chat=GROUP)
    first = stage.library.cut[0].text
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await stood(room, first)
        await room.taps("⏹ 停止", on=status)
        told = await notice(stage)
        answer = await stood(room, "已停止")
        room.heard = 1
        card = await room.opens("[1]", on=answer)
        assert first in card["text"]
    assert stage.answerer.closed == ["停车泊位建了多少？"]
    assert (told["text"], told.get("show_alert", "false")) == ("好，停下了。", "false")
    assert unfolded(answer) == [f"{first}[1]", "", "⏹ 已停止，以上是停下前已经核过的部分。"]
    assert answer["message_id"] == status["message_id"]
    assert sourced(answer) == [["[1]"]]


async def test_cancel_in_a_private_chat_passes_the_question_that_keeps_the_chat_busy(stage):
    room = stage.room()
    first = stage.library.cut[0].text
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.proxy.until(
            lambda: next((one for one in stage.proxy.chats.drafts if first in one["text"]), None)
        )
        await room.says("/cancel")
        await stood(room, "好，停下了")
        answer = await stood(room, "已停止")
        assert sourced(answer) == [["[1]"]]
        stage.answerer.let_out()
        await room.says("那志愿者呢？")
        await stood(room, "[3]")
    assert stage.answerer.closed == ["停车泊位建了多少？"]
    assert len(room.said()) == 3
    assert stage.answerer.histories[-1][-1].content.endswith("[1]")


async def test_before_anything_was_proved_a_stop_is_one_short_line(stage):
    room = stage.room()
    stage.answerer.write()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.chats.drafts)
        await room.says("/cancel")
        assert (await room.hears())["text"] == "好，停下了。"
        stage.answerer.let_out()
        await room.says("那志愿者呢？")
        assert "[3]" in (await room.hears())["text"]
    assert len(room.said()) == 2


async def test_before_anything_was_proved_a_stop_says_so_where_the_status_stood(stage):
    room = stage.room(chat=GROUP)
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await room.hears()
        await room.taps("⏹ 停止", on=status)
        answer = await stood(room, "已停止")
    assert answer["text"] == "⏹ 已停止，还没有核对好的内容。"
    assert answer["message_id"] == status["message_id"]
    assert shown(answer) == []


async def test_stopping_twice_does_no_harm_and_after_the_answer_it_is_told_so(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await stood(room, stage.library.cut[0].text)
        query = await room.taps("⏹ 停止", on=status)
        await again(stage, query)
        await notice(stage, 2)
        await stood(room, "已停止")
        await again(stage, query)
        told = await notice(stage, 3)
        await room.says(f"/cancel@{MENTION[1:]}")
        await stood(room, "现在没有正在回答的问题")
    assert "已经答完" in told["text"]
    assert stage.answerer.closed == ["停车泊位建了多少？"]
    assert stage.proxy.made("deleteMessage") == []


@pytest.mark.parametrize("way", ["button", "cancel"])
async def test_only_whoever_asked_may_stop_it(stage, way):
    room = stage.room(chat=GROUP)
    other = stage.room(chat=GROUP, person=Person(first_name="旁人"))
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await stood(room, stage.library.cut[0].text)
        if way == "button":
            await other.taps("⏹ 停止", on=status)
            assert "只有提问的人" in (await notice(stage))["text"]
        else:
            await other.says("/cancel")
            await other.says(f"/cancel@{MENTION[1:]}")
            await stood(room, "只有提问的人")
        assert stage.answerer.closed == []
        stage.answerer.let_out()
        await stood(room, "[3]")
    assert len(room.said()) == 1 + (way == "cancel")


async def test_a_bare_cancel_in_a_group_may_be_meant_for_another_bot(stage):
    room = stage.room(chat=GROUP)
    stage.answerer.steps = {}
    async with stage.running():
        await room.says("/cancel")
        await room.says("/cancel@some_other_bot")
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await stood(room, "[3]")
    assert len(room.said()) == 1


async def test_what_stops_an_answer_stops_none_to_what_was_asked_after_it():
    talk, running = ConversationKey(bot=1, chat=GROUP["id"], person=7), RunningAnswers()
    work = asyncio.create_task(asyncio.sleep(0))
    with running.held(12, RunningAnswer(talk=talk, work=work)) as run:
        assert running.asked_in(talk, before=11) is None
        assert running.asked_in(talk, before=13) is run
    await work


async def test_cancel_works_when_as_many_questions_are_answered_as_may_be(stage):
    stage.answerer.write()
    rooms = [stage.room(person=Person()) for _ in range(20)]
    stage.patience = replace(stage.patience, live=30.0, typing=30.0)
    async with stage.running():
        asked = {f"停车泊位建了多少？说{number}个": room for number, room in enumerate(rooms)}
        for question, room in asked.items():
            await room.says(question)
        async with asyncio.timeout(20):
            while len(stage.answerer.writing) < 16:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
        room = asked[stage.answerer.writing[0]]  # not always who asked first
        await room.says("/cancel")
        assert (await room.hears())["text"] == "好，停下了。"
        stage.answerer.let_out()


async def test_a_stop_by_button_works_where_drafts_are_refused(stage):
    room = stage.room()
    stage.proxy.play(Refusal(method="sendMessageDraft", description="Bad Request: not available", times=9))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        status = await stood(room, stage.library.cut[0].text)
        await room.taps("⏹ 停止", on=status)
        answer = await stood(room, "已停止")
    assert sourced(answer) == [["[1]"]]
    assert len(room.said()) == 1


async def test_a_stopped_answer_is_not_begun_again_by_a_restart(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await stood(room, stage.library.cut[0].text)
        await room.taps("⏹ 停止", on=status)
        await stood(room, "已停止")
    async with stage.running():
        await room.says(f"/why@{MENTION[1:]}")
        told = await stood(room, "被停下")
    assert len(stage.answerer.closed) == 1
    assert "没有留下完整的经过" in told["text"]


async def test_why_tells_how_the_last_answer_of_this_conversation_came_about(stage):
    room, other = stage.room(), stage.room(person=Person())
    stage.answerer.steps = {}
    async with stage.running():
        await room.says("/why")
        assert "还没有回答过问题" in (await room.hears())["text"]
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("/why")
        assert "由程序从原文里摘取" in (await room.hears())["text"]
        await other.says("/why")
        assert "还没有回答过问题" in (await other.hears())["text"]
        await room.says("/new")
        await room.hears()
        await room.says("/why")
        assert "还没有回答过问题" in (await room.hears())["text"]


@pytest.mark.parametrize("code", ["zh-hans", "zh-hant", "en"])
async def test_help_names_the_commands(stage, code):
    room = stage.room(person=Person(language_code=code))
    async with stage.running():
        await room.says("/help")
        told = (await room.hears())["text"]
    assert "/why" in told
    assert "/cancel" in told
