"""Scenes of living in groups: taken in, switched off and on, grown, put out; whom the bot hears there."""

from __future__ import annotations

import asyncio
import logging

import pytest
from stage.faults import Refusal, migrated
from stage.members import moved_in
from stage.people import MENTION, Person
from stage.proxy import shown

from bot.store import Store

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
OLD = {"id": -4567, "type": "group", "title": "城建群"}
QUESTION = f"{MENTION} 停车泊位建了多少？"
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -1002222, "type": "channel", "title": "频道"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}

CHANNELLED = {"from": CHANNEL_BOT, "sender_chat": CHANNEL}


@pytest.fixture
def room(stage):
    return stage.room(chat=GROUP)


def known(stage, chat=GROUP["id"]):
    store = Store.open(stage.home / "bot.db")
    try:
        return store.chats.get(7, chat)
    finally:
        store.close()


# -- the switch


async def test_an_admin_switches_the_bot_off_and_on_and_it_is_quiet_in_between(stage, room):
    stage.proxy.members.promote(room.id, room.person.id)
    other = stage.room(chat=GROUP, person=Person(first_name="旁人"))
    async with stage.running():
        await room.says(QUESTION)
        answer = await room.hears()
        await room.says(f"/off{MENTION}")
        assert "已暂停回答" in (await room.hears())["text"]
        await other.says(QUESTION)
        await other.says(f"/cities{MENTION}")
        await room.posts({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, to=answer)
        await other.taps("[1]", on=answer)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
        assert "暂停回答" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]
    async with stage.running():
        await other.says(QUESTION)
        await room.says(f"/on{MENTION}")
        assert "我在" in (await room.hears())["text"]
        await other.says(QUESTION)
        assert "泊位" in (await room.hears())["text"]
    assert len(stage.answerer.asked) == 2


async def test_who_is_no_admin_can_not_switch_and_a_bare_command_may_be_another_bots(stage, room):
    async with stage.running():
        await room.says("/off")
        await room.says(f"/off{MENTION}")
        assert "只有群管理员" in (await room.hears())["text"]
        await room.says(QUESTION)
        assert "泊位" in (await room.hears())["text"]
    assert known(stage).is_on is None
    assert len(stage.proxy.made("getChatMember")) == 1


async def test_an_admin_that_does_not_show_who_they_are_is_one(stage, room):
    async with stage.running():
        await room.posts(
            {
                "text": "/off",
                "from": ANONYMOUS,
                "sender_chat": GROUP,
                "entities": [{"type": "bot_command", "offset": 0, "length": 4}],
            }
        )
        assert "已暂停回答" in (await room.hears())["text"]
    assert stage.proxy.made("getChatMember") == []


async def test_the_button_switches_too_for_admins_only(stage, room):
    boss = stage.room(chat=GROUP, person=Person(first_name="群主"))
    stage.proxy.members.promote(room.id, boss.person.id, "creator")
    async with stage.running():
        await boss.says(f"/off{MENTION}")
        told = await room.hears()
        await room.taps("▶ 恢复回答", on=told)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
        assert "只有群管理员" in stage.proxy.made("answerCallbackQuery")[-1].given["text"]
        assert known(stage).is_on is False
        await boss.taps("▶ 恢复回答", on=told)
        told = await room.sees(told)
        assert "我在" in told["text"]
        assert shown(told) == [["⏸ 暂停回答"]]
        assert known(stage).is_on is True


async def test_alone_with_somebody_there_is_no_switch(stage):
    room = stage.room()
    async with stage.running():
        await room.says("/off")
        assert "给群用的" in (await room.hears())["text"]
        await room.says("停车泊位建了多少？")
        assert "泊位" in (await room.hears())["text"]


# -- coming and going


async def test_a_group_that_takes_the_bot_in_is_told_how_to_ask(stage, room):
    async with stage.running():
        await stage.proxy.inject(moved_in(GROUP, room.person.user))
        greeting = await room.hears()
        await stage.proxy.inject(moved_in(GROUP, room.person.user, before="member", after="administrator"))
        await room.says(QUESTION)
        await room.hears()
    assert "清河市" in greeting["text"]
    assert MENTION in greeting["text"]
    assert "reply_to_message" not in greeting
    assert shown(greeting) == [["⏸ 暂停回答"]]
    assert len(room.said()) == 2


async def test_being_put_out_and_being_blocked_are_noted_without_a_word_until_one_is_back(stage, room):
    private = stage.room()
    async with stage.running():
        for chat, status in ((GROUP, "left"), (private.chat, "kicked")):
            await stage.proxy.inject(moved_in(chat, room.person.user, before="member", after=status))
        await private.says("停车泊位建了多少？")  # whoever writes has unblocked
        await private.hears()
        await stage.proxy.inject(moved_in(CHANNEL, room.person.user, after="administrator"))
        await private.says("那志愿者呢？")
        await private.hears()
    assert known(stage).gone is not None
    assert known(stage).title == "城建群"
    assert room.said() == []
    assert stage.proxy.chats.sent(CHANNEL["id"]) == []


async def test_a_group_that_grew_keeps_its_switch_and_its_conversations(stage):
    old, new = stage.room(chat=OLD), stage.room(chat=GROUP)
    new.person = old.person
    stage.proxy.members.promote(old.id, old.person.id)
    async with stage.running():
        await old.says(QUESTION)
        await old.hears()
        await old.says(f"/off{MENTION}")
        await old.hears()
        await old.posts({"migrate_to_chat_id": new.id})
        await new.posts({"migrate_from_chat_id": old.id})
        await new.says(QUESTION)
        stage.proxy.members.promote(new.id, new.person.id)
        await new.says(f"/on{MENTION}")
        await new.hears()
        await new.says(f"{MENTION} 那志愿者呢？")
        await new.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]
    assert len(stage.answerer.histories[1]) == 2
    assert known(stage, OLD["id"]) is None


async def test_a_group_found_to_have_grown_when_it_is_answered_keeps_what_is_known_of_it(stage):
    old, new = stage.room(chat=OLD), stage.room(chat=GROUP)
    new.person = old.person
    stage.proxy.play(migrated("sendMessage", to=GROUP["id"]))
    async with stage.running():
        await old.says(QUESTION)
        await new.hears()
        await new.says(f"{MENTION} 那志愿者呢？")
        await new.hears()
    assert len(stage.answerer.histories[1]) == 2
    assert known(stage, OLD["id"]) is None


async def test_a_group_that_takes_the_bot_in_again_hears_it_again(stage, room):
    stage.proxy.members.promote(room.id, room.person.id)
    async with stage.running():
        await room.says("/off")
        await room.hears()
        await stage.proxy.inject(moved_in(GROUP, room.person.user, before="member", after="kicked"))
        await stage.proxy.inject(moved_in(GROUP, room.person.user))
        await room.hears()
        await room.says(QUESTION)
        assert "泊位" in (await room.hears())["text"]


# -- eyes


async def test_a_question_in_a_group_gets_eyes_while_it_is_answered_and_one_in_private_does_not(stage, room):
    private = stage.room()
    stage.answerer.gate.clear()
    async with stage.running():
        await private.says("停车泊位建了多少？")
        await room.says("不问它的话")
        asked = await room.says(QUESTION)
        await stage.proxy.until(lambda: stage.proxy.reactions)
        assert room.said() == []
        stage.answerer.gate.set()
        await room.hears()
        await private.hears()
    assert stage.proxy.reactions == {(room.id, asked["message_id"]): ["👀"]}


async def test_a_chat_that_takes_no_reactions_is_answered_and_not_asked_again(stage, room):
    stage.proxy.play(Refusal(method="setMessageReaction", description="Bad Request: REACTION_INVALID"))
    async with stage.running():
        for _ in range(2):
            await room.says(QUESTION)
            await room.hears()
    assert len(stage.proxy.made("setMessageReaction")) == 1
    assert len(room.said()) == 2


# -- whom it hears


async def test_other_bots_and_what_channels_hand_on_are_not_answered(stage, room, caplog):
    caplog.set_level(logging.ERROR)
    entities = [{"type": "mention", "offset": 0, "length": len(MENTION)}]
    bot = {"id": 4242, "is_bot": True, "first_name": "另一个", "username": "another_bot"}
    service = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    async with stage.running():
        await room.posts({"text": QUESTION, "entities": entities, "from": bot})
        await room.posts({"text": QUESTION, "entities": entities, "via_bot": bot})
        await room.posts(
            {
                "text": QUESTION,
                "entities": entities,
                "from": service,
                "sender_chat": CHANNEL,
                "is_automatic_forward": True,
            }
        )
        await room.posts({"new_chat_title": "新名字"})
        await room.posts({"new_chat_members": [bot]})
        await room.says(f"{MENTION} 志愿者有多少？")
        await room.hears()
    assert stage.answerer.asked == ["志愿者有多少？"]
    assert caplog.records == []


async def test_people_in_masks_are_answered_each_channel_in_its_own_conversation(stage, room):
    entities = [{"type": "mention", "offset": 0, "length": len(MENTION)}]
    second = {**CHANNEL, "id": -1003333}
    masks = (
        {"from": ANONYMOUS, "sender_chat": GROUP},
        {"from": CHANNEL_BOT, "sender_chat": CHANNEL},
        {"from": CHANNEL_BOT, "sender_chat": second},
        {"from": CHANNEL_BOT, "sender_chat": CHANNEL},
    )
    async with stage.running():
        for mask in masks:
            await room.posts({"text": QUESTION, "entities": entities, **mask})
            answer = await room.hears()
            assert shown(answer) == [["[1]", "[2]", "[3]"]]
    assert [len(history) for history in stage.answerer.histories] == [0, 0, 0, 2]


async def test_what_is_not_meant_for_the_bot_is_not_even_looked_up(stage, room):
    async with stage.running():
        for _ in range(3):
            await room.says("今天吃什么？")
        await room.says("还不问它")
        await stage.proxy.until(lambda: stage.proxy.acknowledged >= 4)
        await asyncio.sleep(0.1)
    assert known(stage) is None


async def test_what_somebody_asked_in_a_mask_an_admin_may_stop_and_nobody_else(stage, room):
    boss = stage.room(chat=GROUP, person=Person(first_name="群主"))
    stage.proxy.members.promote(room.id, boss.person.id, "creator")
    entities = [{"type": "mention", "offset": 0, "length": len(MENTION)}]
    stage.answerer.gate.clear()
    async with stage.running():
        for number, mask in enumerate(({"from": ANONYMOUS, "sender_chat": GROUP}, CHANNELLED)):
            await room.posts({"text": QUESTION, "entities": entities, **mask})
            status = await room.hears()
            await room.taps("⏹ 停止", on=status)
            await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 2 * number + 1)  # noqa: B023
            assert len(stage.answerer.closed) == number
            await boss.taps("⏹ 停止", on=status)
            assert "已停止" in (await room.sees(status))["text"]
            assert len(stage.answerer.closed) == number + 1
