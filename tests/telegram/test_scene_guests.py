"""Scenes of calls from chats of others, connected accounts, comments under posts, and topics in private."""

from __future__ import annotations

import pytest
from stage.inline import GuestRoom
from stage.messages import BOT
from stage.people import MENTION, Person, unfolded
from stage.texts import SENTENCES

CLAIM = "听说全市新建停车泊位一万二千个。"
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建频道的讨论"}
CHANNEL = {"id": -1002233445566, "type": "channel", "title": "城建频道"}


@pytest.fixture
def guest(stage):
    return GuestRoom(stage.proxy, Person())


def links(message):
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [one["text"] for row in rows for one in row if "url" in one]


async def test_a_call_from_a_chat_of_others_is_answered_there_once_with_its_sources(stage, guest):
    async with stage.running():
        call = await guest.calls(f"{MENTION} 停车泊位建了多少？")
        answer = await guest.hears(call, SENTENCES[0])
        await stage.proxy.until(lambda: stage.proxy.made("answerGuestQuery"))
    assert stage.answerer.asked == ["停车泊位建了多少？"]
    assert [one for one in links(answer) if one.startswith("[")] == ["[1]", "[2]", "[3]"]
    assert len(stage.proxy.made("answerGuestQuery")) == 1
    assert stage.proxy.made("sendMessage") == []
    assert stage.proxy.made("setMessageReaction") == []


async def test_a_guest_checks_what_the_call_replies_to_and_another_goes_on_from_its_answer(stage, guest):
    other = GuestRoom(stage.proxy, Person(first_name="旁人"))
    async with stage.running():
        await guest.hears(await guest.calls(f"{MENTION} 这是真的吗", to={"text": CLAIM}), "[1]")
        answered = {"from": BOT, "guest_bot_caller_user": guest.person.user, "text": "……"}
        await other.hears(await other.calls("那志愿者呢？", to=answered), "[1]")
    assert stage.answerer.asked == [f"核实：{CLAIM}", "那志愿者呢？"]
    assert [one.content for one in stage.answerer.histories[1] if one.role == "user"] == [f"核实：{CLAIM}"]


async def test_an_answer_that_takes_long_is_announced_and_put_in_that_place(stage, guest):
    going = stage.answerer.gate
    going.clear()
    async with stage.running():
        call = await guest.calls(f"{MENTION} 停车泊位建了多少？")
        await guest.hears(call, "正在查")
        going.set()
        await guest.hears(call, SENTENCES[0])
    assert len(stage.proxy.made("answerGuestQuery")) == 1


async def test_a_call_without_words_and_one_to_a_closed_bot_get_one_line(stage, guest):
    async with stage.running():
        empty = await guest.hears(await guest.calls(MENTION))
    stage.more["TELEGRAM_MODE"] = "closed"
    async with stage.running():
        closed = await guest.hears(await guest.calls(f"{MENTION} 停车泊位建了多少？"))
    assert "想问什么" in empty["text"]
    assert closed["text"] == "这个机器人只向指定的人开放。"
    assert stage.answerer.asked == []


async def test_an_account_that_connects_the_bot_is_told_in_a_line_and_its_chats_are_left_alone(stage):
    room = stage.room()
    connection = {
        "id": "c1",
        "user": room.person.user,
        "user_chat_id": room.id,
        "date": 1,
        "can_reply": True,
        "is_enabled": True,
    }
    written = {"message_id": 5, "date": 1, "chat": GROUP, "text": "停车泊位建了多少？"}
    async with stage.running():
        for _ in range(2):
            await stage.proxy.inject({"business_connection": connection})
        await stage.proxy.inject({"business_message": {**written, "business_connection_id": "c1"}})
        told = await room.hears()
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert told["text"].startswith("已连接。我不替你回复别人的消息")
    assert len(room.said()) == 2
    assert len(stage.answerer.asked) == 1


async def test_a_comment_asks_whether_the_post_above_it_is_true(stage):
    room = stage.room(chat=GROUP)
    post = {
        "message_id": 31,
        "date": 1,
        "chat": GROUP,
        "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
        "sender_chat": CHANNEL,
        "is_automatic_forward": True,
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}],
        "caption": CLAIM,
    }
    stage.proxy.chats.keep(post)
    async with stage.running():
        await stage.proxy.inject({"message": post})
        asking = await room.says(f"{MENTION} 这是真的吗", to=post)
        answer = await room.hears()
    assert stage.answerer.asked == [f"核实：{CLAIM}"]
    assert answer["reply_to_message"]["message_id"] == asking["message_id"]


async def test_a_topic_of_a_private_chat_is_a_conversation_of_its_own(stage):
    person = Person()
    first, second = stage.room(person=person, topic=11), stage.room(person=person, topic=12)
    async with stage.running():
        await first.says("停车泊位建了多少？")
        answer = await first.hears()
        second.heard = 1
        await second.says("那志愿者呢？")
        other = await second.hears()
    assert unfolded(answer)
    assert (answer["message_thread_id"], other["message_thread_id"]) == (11, 12)
    assert stage.answerer.histories == [(), ()]
