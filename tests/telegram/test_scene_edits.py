"""Scenes of questions that are edited, and of long ones that came in parts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from stage.faults import Stall
from stage.people import Person
from stage.proxy import sourced
from stage.spec import units

from answering.claims.claim_request import CHECK
from answering.values.answer import Answer, Outcome, Statement, Turn
from bot.telegram.formatting import limits


async def edit(room, message, text, **more):
    """Edit a message, as its sender's client tells it."""
    edited = {**message, "text": text, "edit_date": message["date"] + 1, **more}
    room.proxy.chats.keep(edited)
    await room.proxy.inject({"edited_message": edited})
    return edited


def echo(stage):
    stage.answerer.script = lambda question: Answer(
        question=question, outcome=Outcome.ANSWERED, statements=(Statement(text=f"答{question}"),)
    )


async def test_an_edited_question_is_answered_anew_in_the_place_of_its_answer(stage):
    room = stage.room()
    echo(stage)
    async with stage.running():
        asked = await room.says("甲问")
        answer = await room.hears()
        await room.says("乙问")
        await room.hears()
        await edit(room, asked, "丙问")
        assert (await room.sees(answer))["text"] == "答丙问"
    assert [one["text"] for one in room.said()] == ["答丙问", "答乙问"]
    assert stage.answerer.histories[2] == ()


async def test_the_next_question_takes_up_the_answer_that_stands(stage):
    room = stage.room()
    echo(stage)
    async with stage.running():
        asked = await room.says("甲问")
        answer = await room.hears()
        await edit(room, asked, "丙问")
        await room.sees(answer)
        await room.says("乙问")
        await room.hears()
    told = (Turn(role="user", content="丙问"), Turn(role="assistant", content="答丙问"))
    assert stage.answerer.histories[-1] == told


async def test_a_question_may_be_edited_again_and_again_also_after_a_restart(stage):
    room = stage.room()
    echo(stage)
    async with stage.running():
        asked = await room.says("一问")
        answer = await room.hears()
        await edit(room, asked, "二问")
        answer = await room.sees(answer)
    async with stage.running():
        await edit(room, asked, "三问")
        answer = await room.sees(answer)
    assert answer["text"] == "答三问"
    assert len(room.said()) == 1


async def test_an_edit_that_leaves_the_words_as_they_are_changes_nothing(stage):
    room = stage.room()
    async with stage.running():
        asked = await room.says("停车泊位建了多少？")
        await room.hears()
        await edit(room, asked, "停车泊位建了多少？")
        await room.says("下一问")
        await room.hears()
    assert len(stage.answerer.asked) == 2
    assert stage.proxy.made("editMessageText") == []


async def test_what_had_no_answer_gets_none_when_it_is_edited(stage):
    chat = {"id": -100123, "type": "supergroup", "title": "社区"}
    room = stage.room(chat=chat)
    private = stage.room()
    async with stage.running():
        unaddressed = await room.says("大家好")
        await edit(room, unaddressed, "@chengwen_test_bot 停车泊位建了多少？")
        command = await private.says("/help")
        await private.hears()
        await edit(private, command, "停车泊位建了多少？")
        await private.says("一问")
        await private.hears()
    assert stage.answerer.asked == ["一问"]
    assert room.said() == []


async def test_a_shorter_answer_takes_away_the_messages_that_it_does_not_need_and_a_longer_one_adds(stage):
    room = stage.room()
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        statements=(Statement(text="好" * (9000 if "长" in question else 5)),),
    )
    async with stage.running():
        asked = await room.says("长问")
        parts = [await room.hears() for _ in range(3)]
        await edit(room, asked, "短问")
        await stage.proxy.until(lambda: len(room.said()) == 1)
        assert room.said()[0]["message_id"] == parts[0]["message_id"]
        await edit(room, asked, "又长")
        await stage.proxy.until(lambda: len(room.said()) == 3)
    assert [units(one["text"]) > 5 for one in room.said()] == [True, True, True]


async def test_while_it_is_answered_anew_the_old_answer_tells_so_and_can_be_stopped(stage):
    room = stage.room()
    stage.patience = replace(stage.patience, live=0.05, edits=0.05)
    async with stage.running():
        asked = await room.says("停车泊位建了多少？")
        answer = await room.hears()
        stage.answerer.gate.clear()
        await edit(room, asked, "志愿者有多少？")
        status = await room.sees(answer)
        assert "检索中" in status["text"]
        stage.answerer.gate.set()
        done = await room.sees(status)
    assert sourced(done) == [["[1]", "[2]", "[3]"]]
    assert len(room.said()) == 1
    assert stage.proxy.made("sendMessageDraft") == []


async def test_an_answer_that_was_deleted_is_sent_anew(stage):
    room = stage.room()
    echo(stage)
    stage.proxy.expected = "message to edit not found"
    async with stage.running():
        asked = await room.says("甲问")
        answer = await room.hears()
        del stage.proxy.chats.messages[room.id, answer["message_id"]]
        await edit(room, asked, "乙问")
        await stage.proxy.until(lambda: [one["text"] for one in room.said()] == ["答乙问"])


async def test_an_edit_is_answered_after_the_question_that_it_changes(stage):
    room = stage.room()
    echo(stage)
    stage.answerer.gate.clear()
    async with stage.running():
        asked = await room.says("甲问")
        await stage.answerer.begun.wait()
        await edit(room, asked, "乙问")
        stage.answerer.gate.set()
        answer = await room.hears()
        if answer["text"] != "答乙问":
            answer = await room.sees(answer)
    assert answer["text"] == "答乙问"
    assert len(room.said()) == 1


async def test_an_edit_that_a_stop_tore_off_is_answered_in_its_place_at_the_next_start(stage):
    room = stage.room()
    echo(stage)
    async with stage.running():
        asked = await room.says("甲问")
        answer = await room.hears()
        stage.answerer.begun.clear()
        stage.answerer.gate.clear()
        stage.patience = replace(stage.patience, stop=0.05)
    async with stage.running():
        await edit(room, asked, "乙问")
        await stage.answerer.begun.wait()
    stage.answerer.gate.set()
    async with stage.running():
        assert (await room.sees(answer))["text"] == "答乙问"
    assert len(room.said()) == 1


async def test_an_edit_that_was_answered_and_not_shown_is_shown_at_the_next_start_without_asking_again(stage):
    room = stage.room()
    echo(stage)
    stage.patience = replace(stage.patience, stop=0.05)
    stall = Stall(method="editMessageText")
    async with stage.running():
        asked = await room.says("甲问")
        answer = await room.hears()
        stage.proxy.play(stall)
        await edit(room, asked, "乙问")
        await stage.proxy.until(lambda: stall.played)
    stall.release.set()
    async with stage.running():
        assert (await room.sees(answer))["text"] == "答乙问"
    assert stage.answerer.asked == ["甲问", "乙问"]
    assert len(room.said()) == 1


LONG = "清河市的泊位" * 682 + "尾尾尾尾"  # at the limit to the unit


async def test_the_parts_of_a_pasted_text_are_one_question(stage):
    room = stage.room()
    assert limits.units(LONG) == limits.MESSAGE_UNITS
    async with stage.running():
        await room.says(LONG)
        await room.says(LONG)
        await room.says("一共多少？")
        await room.hears()
        await room.says("下一问")
        await room.hears()
    assert stage.answerer.asked == [LONG + LONG + "一共多少？", "下一问"]


async def test_parts_that_were_kept_before_a_restart_are_put_together_after_it(stage):
    room = stage.room()
    stage.patience = replace(stage.patience, stop=0.05)
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("先问")
        await stage.answerer.begun.wait()
        await room.says(LONG)
        last = await room.says("一共多少？")
        await stage.proxy.until(lambda: stage.proxy.acknowledged >= 3)
    stage.answerer.gate.set()
    async with stage.running():
        for _ in range(2):
            await room.hears()
    assert stage.answerer.asked == ["先问", "先问", LONG + last["text"]]
    assert len(room.said()) == 2


async def test_a_long_text_alone_is_answered_after_a_moment_and_a_short_one_at_once(stage):
    room, other = stage.room(), stage.room(person=Person(first_name="乙"))
    async with stage.running():
        await room.says(LONG)
        await other.says("短问")
        await other.hears()
        assert stage.answerer.asked == ["短问"]
        await room.hears()
    assert stage.answerer.asked == ["短问", CHECK + LONG]  # no question, but an article


async def test_what_does_not_go_on_with_a_long_text_stays_by_itself(stage):
    room, other = stage.room(), stage.room(person=Person(first_name="乙"))
    async with stage.running():
        first = await room.says(LONG)
        await other.says("别人的")
        await room.posts({"text": "晚来的", "date": first["date"] + 60})
        for _ in range(2):
            await room.hears()
        await room.says(LONG)
        await room.says("/help")
        for _ in range(2):
            await room.hears()
        await other.hears()
    assert sorted(stage.answerer.asked) == sorted([CHECK + LONG, "别人的", "晚来的", CHECK + LONG])


async def test_in_a_group_the_second_part_needs_no_mention_of_its_own(stage):
    room = stage.room(chat={"id": -100125, "type": "supergroup", "title": "社区"})
    mention = "@chengwen_test_bot "
    first = mention + LONG[: limits.MESSAGE_UNITS - len(mention)]
    async with stage.running():
        await room.says(first)
        await room.says("@somebody 一共多少？")
        await room.hears()
    assert stage.answerer.asked == [first.removeprefix(mention) + "@somebody 一共多少？"]


async def test_a_long_text_does_not_hold_up_a_stop(stage):
    room = stage.room()
    async with asyncio.timeout(10):
        async with stage.running():
            await room.says(LONG)
            await stage.proxy.until(lambda: stage.proxy.acknowledged)
        assert len(room.said()) in (0, 1)
