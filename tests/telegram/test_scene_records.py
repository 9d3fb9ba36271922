"""Scenes of what is kept on a person: told, given, deleted; and of what they tell those who run the bot."""

from __future__ import annotations

import json

import pytest
from stage.people import Person
from stage.proxy import shown

from bot.store import Store


@pytest.fixture
def store(stage):
    """The bot's own store, looked at beside it."""
    opened = Store.open(stage.home / "bot.db")
    yield opened
    opened.close()


async def test_privacy_tells_what_is_kept_how_long_and_who_sees_it(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/privacy")
        forever = (await room.hears())["text"]
    stage.more |= {"TELEGRAM_KEEP_DAYS": "30"}
    async with stage.running():
        await room.says("/privacy")
        month = (await room.hears())["text"]
    assert "/forget" in forever
    assert "30天" not in forever
    assert "30天" in month


async def test_export_gives_all_that_is_kept_on_a_person_and_nothing_of_others(stage):
    room, other = stage.room(), stage.room(person=Person(first_name="别"))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await other.says("别人的问题")
        await room.hears()
        await other.hears()
        await room.says("/feedback 很好用")
        await room.hears()
        await room.says("/export")
        sent = await room.hears()
    held = json.loads(sent["content"])
    assert sent["document"]["file_name"].endswith(".json")
    assert held["person"] == room.id
    assert [one["record"]["question"] for one in held["answers"]] == ["停车泊位建了多少？"]
    assert [one["text"] for one in held["remarks"]] == ["很好用"]
    assert "别人的问题" not in sent["content"]


async def test_records_are_not_given_where_others_read_along(stage):
    room = stage.room(chat={"id": -100123, "type": "supergroup", "title": "社区"})
    async with stage.running():
        await room.says("/export")
        assert "私聊" in (await room.hears())["text"]
    assert stage.proxy.made("sendDocument") == []


async def test_forget_asks_and_then_deletes_all_and_says_what_that_was(stage, store):
    room, other = stage.room(), stage.room(person=Person(first_name="别"))
    async with stage.running():
        for one in (room, other):
            await one.says("停车泊位建了多少？")
            await one.hears()
        (answer,) = [one for one in room.said() if "reply_markup" in one]
        await room.says("/feedback 很好用")
        await room.hears()
        await room.says("/forget")
        asked = await room.hears()
        await room.taps("先不删", on=asked)
        assert "什么都没删" in (await room.sees(asked))["text"]
        await room.says("/forget")
        asked = await room.hears()
        await room.taps("全部删掉", on=asked)
        told = (await room.sees(asked))["text"]
        await room.taps("[1]", on=answer)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 3)
    assert "问答1条" in told
    assert "意见1条" in told
    assert "找不到" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]
    held = store.export(7, room.id)
    assert held["answers"] == held["remarks"] == []
    assert len(store.export(7, other.id)["answers"]) == 1


async def test_nobody_deletes_what_is_kept_on_another(stage, store):
    chat = {"id": -100124, "type": "supergroup", "title": "社区"}
    one, other = stage.room(chat=chat), stage.room(chat=chat, person=Person(first_name="别"))
    async with stage.running():
        await one.says("@chengwen_test_bot 停车泊位建了多少？")
        await one.hears()
        await one.says("/forget")
        asked = await one.hears()
        await other.taps("全部删掉", on=asked)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
    assert "别人的按钮" in stage.proxy.made("answerCallbackQuery")[0].given["text"]
    assert len(store.export(7, one.person.id)["answers"]) == 1


async def test_what_is_forgotten_is_not_taken_up_by_the_next_question(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("/forget")
        await room.hears()
        await room.taps("全部删掉")
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.histories == [(), ()]


async def test_feedback_takes_what_stands_behind_the_command(stage, store):
    room = stage.room()
    async with stage.running():
        await room.says("/feedback 数字\n对不上")
        assert "收到" in (await room.hears())["text"]
    (remark,) = store.remarks.recent(7)
    assert (remark.text, remark.person) == ("数字\n对不上", room.id)
    assert stage.answerer.asked == []


@pytest.mark.parametrize("code", ["zh-hans", "zh-hant", "en"])
async def test_feedback_without_words_asks_for_them_and_takes_the_reply_also_after_a_restart(
    stage, store, code
):
    room = stage.room(person=Person(language_code=code))
    async with stage.running():
        await room.says("/feedback")
        asked = await room.hears()
        assert asked["_keyboard"]["force_reply"]
    async with stage.running():
        await room.says("希望有地图", to=asked)
        await room.hears()
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert [one.text for one in store.remarks.recent(7)] == ["希望有地图"]
    assert stage.answerer.asked == ["停车泊位建了多少？"]


async def test_a_reply_to_an_answer_is_a_question_and_no_remark(stage, store):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        await room.says("那志愿者呢？", to=answer)
        await room.hears()
    assert store.remarks.recent(7) == ()
    assert len(stage.answerer.asked) == 2
    assert shown(answer)
