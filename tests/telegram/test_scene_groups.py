"""Scenes in groups and topics: the bot speaks when it is spoken to."""

from __future__ import annotations

from stage.people import MENTION, NUMBERS, Person

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
FORUM = {**GROUP, "id": -1009876543210, "is_forum": True}


async def test_a_text_that_is_not_meant_for_the_bot_is_left_alone(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says("今天吃什么？")
        await room.says("@someone_else 停车泊位建了多少？")
        await room.says("邮件写给 a@b.cn")
        await room.posts({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}})
        await room.says("/teleport")
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？"]
    assert len(room.said()) == 1


async def test_a_mention_anywhere_in_the_text_is_answered_without_it(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        for text in (
            f"停车泊位 {MENTION} 建了多少？",
            f"{MENTION.upper()} 停车泊位 建了多少？",
            f"停车泊位 建了多少？ {MENTION}",
        ):
            asked = await room.says(text)
            answer = await room.hears()
            assert answer["reply_to_message"]["message_id"] == asked["message_id"]
    assert stage.answerer.asked == ["停车泊位 建了多少？"] * 3


async def test_a_name_that_only_begins_like_the_bots_is_someone_else(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION}_too 停车泊位建了多少？")
        await room.says(f"{MENTION} 志愿者有多少？")
        await room.hears()
    assert stage.answerer.asked == ["志愿者有多少？"]


async def test_a_mention_that_the_client_did_not_mark_is_text_and_no_mention(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.posts({"text": f"代码里写着 {MENTION}"})
        await room.says(f"{MENTION} 志愿者有多少？")
        await room.hears()
    assert stage.answerer.asked == ["志愿者有多少？"]


async def test_a_reply_to_the_bot_is_answered_and_a_reply_to_another_is_not(stage):
    room = stage.room(chat=GROUP)
    other = stage.room(chat=GROUP, person=Person(first_name="旁人"))
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        answer = await room.hears()
        chat = await other.says("我也想知道")
        await room.says("那问问看", to=chat)
        await other.says("那志愿者呢？", to=answer)
        await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]


async def test_a_mention_without_words_is_told_how_to_ask(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(MENTION)
        assert "想问什么" in (await room.hears())["text"]
    assert stage.answerer.asked == []


async def test_everything_said_in_a_topic_stays_in_the_topic(stage):
    topic = next(NUMBERS)
    room = stage.room(chat=FORUM, topic=topic)
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.made("sendChatAction"))
        stage.answerer.gate.set()
        answer = await room.hears()
        card = await room.opens("[1]", on=answer)
    assert answer["message_thread_id"] == card["message_thread_id"] == topic
    (typing,) = stage.proxy.made("sendChatAction")
    assert typing.given["message_thread_id"] == str(topic)


async def test_a_plain_message_of_a_topic_that_the_bot_opened_is_no_reply_to_it(stage):
    room = stage.room(chat=FORUM, topic=next(NUMBERS))
    opened = {
        "message_id": room.topic,
        "date": 1,
        "chat": FORUM,
        "forum_topic_created": {"name": "题", "icon_color": 1},
    }
    async with stage.running():
        bot = {"id": 7, "is_bot": True, "first_name": "城问"}
        await room.posts({"text": "大家好", "reply_to_message": {**opened, "from": bot}})
        await room.says(f"{MENTION} 志愿者有多少？")
        await room.hears()
    assert stage.answerer.asked == ["志愿者有多少？"]


async def test_the_thread_of_a_group_without_topics_is_not_taken_for_a_topic(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.posts(
            {
                "text": f"{MENTION} 停车泊位建了多少？",
                "entities": [{"type": "mention", "offset": 0, "length": len(MENTION)}],
                "message_thread_id": 4711,
            }
        )
        await room.hears()
    (sent,) = stage.proxy.made("sendMessage")
    assert "message_thread_id" not in sent.given


async def test_who_is_new_in_a_group_goes_on_from_what_was_said_and_others_from_their_own(stage):
    first = stage.room(chat=GROUP)
    second = stage.room(chat=GROUP, person=Person(first_name="旁人"))
    async with stage.running():
        for room, question in ((first, "一问"), (second, "二问"), (first, "三问")):
            await room.says(f"{MENTION} {question}")
            first.heard = len(first.said())
            await first.hears()
    assert [len(history) for history in stage.answerer.histories] == [0, 2, 2]
