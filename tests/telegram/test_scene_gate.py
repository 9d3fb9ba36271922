"""Scenes of who may ask the bot, and how much."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from stage.messages import BOT
from stage.people import MENTION, Person

from answering.values.trace import Call, Trace
from bot.store import Store
from bot.telegram.access_control import AccessPolicy

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
QUESTION = "停车泊位建了多少？"


def store_of(stage):
    """Open the store in which the stage's bot keeps what it knows."""
    return closing(Store.open(stage.home / "bot.db"))


@pytest.fixture
def closed(stage):
    stage.more["TELEGRAM_MODE"] = "closed"
    return stage


async def test_a_closed_bot_tells_a_stranger_once_how_to_be_let_in(closed):
    room = closed.room()
    async with closed.running():
        await room.says(QUESTION)
        told = await room.hears()
        await room.says("/help")
        await room.says(QUESTION)
        other = closed.room()
        await other.says(QUESTION)
        await other.hears()
    assert str(room.person.id) in told["text"]
    assert len(room.said()) == 1
    assert closed.answerer.asked == []


@pytest.mark.parametrize("variable", ["TELEGRAM_ALLOWED", "TELEGRAM_ADMINS"])
async def test_a_closed_bot_answers_those_whom_the_settings_name(closed, variable):
    room = closed.room()
    closed.more[variable] = f"1,{room.person.id}"
    async with closed.running():
        await room.says(QUESTION)
        assert "泊位" in (await room.hears())["text"]


async def test_a_closed_bot_is_open_in_an_allowed_group_and_for_an_allowed_person_in_any(closed):
    known, other = Person(), {**GROUP, "id": -1009876543210}
    closed.more["TELEGRAM_ALLOWED"] = f"{GROUP['id']}, {known.id}"
    here, there = closed.room(chat=GROUP), closed.room(person=known, chat=other)
    async with closed.running():
        for room in (here, there):
            await room.says(f"{MENTION} {QUESTION}")
            assert "泊位" in (await room.hears())["text"]


async def test_a_closed_bot_is_silent_in_a_group_until_it_is_spoken_to(closed):
    room, known = closed.room(chat=GROUP), closed.room()
    closed.more["TELEGRAM_ALLOWED"] = str(known.person.id)
    async with closed.running():
        await room.says("大家好")
        await room.says("/cities")
        await room.says(f"{MENTION} {QUESTION}")
        told = await room.hears()
        await known.says(QUESTION)
        await known.hears()
    assert str(GROUP["id"]) in told["text"]
    assert str(room.person.id) in told["text"]
    assert len(room.said()) == 1


async def test_buttons_of_before_do_nothing_for_someone_who_is_no_longer_let_in(stage):
    room = stage.room()
    async with stage.running():
        await room.says(QUESTION)
        answer = await room.hears()
    stage.more["TELEGRAM_MODE"] = "closed"
    async with stage.running():
        await room.taps("[1]", on=answer)
        told = await room.hears()
    assert str(room.person.id) in told["text"]
    assert len(stage.proxy.made("answerCallbackQuery")) == 1


async def test_someone_who_is_banned_is_not_heard_in_an_open_bot_either(stage):
    room, other = stage.room(), stage.room()
    with store_of(stage) as store:
        store.people.set_role(BOT["id"], room.person.id, "banned", value=True)
    async with stage.running():
        await room.says(QUESTION)
        await other.says(QUESTION)
        await other.hears()
    assert room.said() == []
    assert stage.answerer.asked == [QUESTION]


async def test_private_texts_are_for_those_who_are_named_and_not_banned(stage):
    stage.more["TELEGRAM_ALLOWED"], stage.more["TELEGRAM_ADMINS"] = "11, 12", "13"
    with store_of(stage) as store:
        gate, bot = AccessPolicy(stage.settings(), store), stage.settings().telegram_bot
        store.people.set_role(bot, 12, "banned", value=True)
        store.people.set_role(bot, 14, "allowed", value=True)
        assert [number for number in range(10, 16) if gate.may_read(number)] == [11, 13, 14]


async def test_a_limit_of_none_means_that_nothing_is_answered(stage):
    stage.more["TELEGRAM_PERSON_DAY"] = "0"
    room = stage.room()
    async with stage.running():
        await room.says(QUESTION)
        assert (await room.hears())["text"] == "现在暂停提问，恢复时间请问管理员。"
        await room.says("/help")
        assert "/cities" in (await room.hears())["text"]
    assert stage.answerer.asked == []


@pytest.mark.parametrize(
    ("variable", "words"),
    [
        ("TELEGRAM_PERSON_MINUTE", "秒后再问"),
        ("TELEGRAM_PERSON_DAY", "今天的1个问题用完了"),
        ("TELEGRAM_CHAT_MINUTE", "这个群问得有点快了"),
        ("TELEGRAM_CHAT_DAY", "这个群今天的1个问题用完了"),
    ],
)
async def test_a_limit_says_when_one_may_ask_again(stage, variable, words):
    stage.more[variable] = "1"
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} {QUESTION}")
        await room.hears()
        await room.says(f"{MENTION} 还有呢？")
        assert words in (await room.hears())["text"]
    assert stage.answerer.asked == [QUESTION]


async def test_the_limit_of_one_person_is_not_that_of_another_and_admins_have_none(stage):
    one, other, admin = stage.room(), stage.room(), stage.room()
    stage.more |= {"TELEGRAM_PERSON_DAY": "1", "TELEGRAM_ADMINS": str(admin.person.id)}
    async with stage.running():
        for room in (one, other, admin, admin):
            await room.says(QUESTION)
            assert "泊位" in (await room.hears())["text"]


async def test_a_days_tokens_end_with_what_answers_cost(stage):
    stage.more["TELEGRAM_PERSON_TOKENS"] = "100"
    script = stage.answerer.script
    cost = Trace(calls=(Call(purpose="answer", model="m", prompt_tokens=60, completion_tokens=50),))
    stage.answerer.script = lambda question: replace(script(question), trace=cost)
    room = stage.room()
    async with stage.running():
        await room.says(QUESTION)
        assert "泊位" in (await room.hears())["text"]
        await room.says(QUESTION)
        assert "今天的用量用完了" in (await room.hears())["text"]


async def test_a_question_that_is_answered_after_a_restart_is_not_counted_twice(stage):
    stage.more["TELEGRAM_PERSON_DAY"] = "1"
    stage.patience = replace(stage.patience, stop=0.1)
    stage.answerer.gate.clear()
    room = stage.room()
    async with stage.running():
        await room.says(QUESTION)
        await stage.answerer.begun.wait()
    stage.answerer.gate.set()
    async with stage.running():
        assert "泊位" in (await room.hears())["text"]


@pytest.mark.parametrize("banned", [False, True])
async def test_what_is_kept_of_people_is_theirs_also_when_they_are_not_let_in_any_more(stage, banned):
    room = stage.room()
    async with stage.running():
        await room.says(QUESTION)
        await room.hears()
    if banned:
        with store_of(stage) as store:
            store.people.set_role(BOT["id"], room.person.id, "banned", True)
    else:
        stage.more["TELEGRAM_MODE"] = "closed"
    async with stage.running():
        await room.says("/privacy")
        assert "/forget" in (await room.hears())["text"]
        await room.says("/forget")
        asked = await room.hears()
        await room.taps("全部删掉", on=asked)
        await room.sees(asked)
        with store_of(stage) as store:
            assert store.export(BOT["id"], room.person.id).get("answers", []) == []
        before = stage.proxy.acknowledged
        await room.says(QUESTION)
        await stage.proxy.until(lambda: stage.proxy.acknowledged > before)
    assert len(stage.answerer.asked) == 1
