"""Scenes of messages that refer to others: replies, quotations, articles handed on, albums, reactions."""

from __future__ import annotations

from contextlib import closing

import pytest
from stage.people import MENTION, Person, unfolded
from stage.proxy import sourced
from stage.texts import SENTENCES

from bot.store import Store

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
CLAIM = "听说全市新建停车泊位一万二千个。"


def others(room, content):
    """A message of another person in the same group, which the bot never saw."""
    return stage_room(room).write(content)


def stage_room(room):
    return type(room)(room.proxy, person=Person(first_name="旁人"), chat=room.chat)


@pytest.mark.parametrize(
    "asking", ["这是真的吗", "属实吗？", "核实一下", "上面说的对吗？", "is this true?", ""]
)
async def test_what_another_person_wrote_is_checked_when_the_bot_is_asked_whether_it_is_true(stage, asking):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} {asking}".strip(), to=others(room, {"text": CLAIM}))
        await room.hears()
    assert stage.answerer.asked == [f"核实：{CLAIM}"]


async def test_a_quoted_part_is_what_is_meant_and_a_caption_counts_as_words(stage):
    room = stage.room(chat=GROUP)
    photo = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}], "caption": CLAIM}
    async with stage.running():
        await room.says(f"{MENTION} 这是真的吗", to=others(room, photo))
        await room.hears()
        told = others(room, {"text": "天气真好。楼道清理了三千余处。"})
        await room.posts(
            {
                "text": f"{MENTION} 属实吗",
                "entities": [{"type": "mention", "offset": 0, "length": len(MENTION)}],
                "quote": {"text": "楼道清理了三千余处", "position": 5},
            },
            to=told,
        )
        await room.hears()
    assert stage.answerer.asked == [f"核实：{CLAIM}", "核实：楼道清理了三千余处"]


async def test_a_question_on_what_another_wrote_is_asked_with_it_before(stage):
    room = stage.room(chat=GROUP)
    async with stage.running():
        await room.says(f"{MENTION} 那志愿者呢？", to=others(room, {"text": "停车泊位建了多少？"}))
        await room.hears()
        await room.says(MENTION, to=others(room, {"text": "楼道清理了多少？"}))
        await room.hears()
    assert stage.answerer.asked == ["那志愿者呢？", "楼道清理了多少？"]
    assert [turn.content for turn in stage.answerer.histories[0]] == ["停车泊位建了多少？"]


async def test_another_member_goes_on_from_an_answer_by_replying_or_a_moment_later(stage):
    room = stage.room(chat=GROUP)
    other, third = stage_room(room), stage_room(room)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        first = await room.hears()
        await room.says(f"{MENTION} 楼道清理了多少？")
        await room.hears()
        other.heard = third.heard = 2
        await other.says("那志愿者呢？", to=first)
        await other.hears()
        await third.says(f"{MENTION} 那垃圾呢？")
        third.heard = 3
        await third.hears()
    asked = [[turn.content for turn in one if turn.role == "user"] for one in stage.answerer.histories]
    assert asked == [[], ["停车泊位建了多少？"], ["停车泊位建了多少？"], ["那志愿者呢？"]]


async def test_an_article_of_thousands_of_characters_is_checked_claim_by_claim(stage):
    room = stage.room()
    article = "这是一篇长文。" + "大家都很高兴，路边也很热闹。" * 300
    article += "全市新建停车泊位一万二千个。" + "清理楼道堆物三千余处。"
    stage.answerer.script = lambda question: stage.library.quoted(
        question, SENTENCES[0] if "停车" in question else SENTENCES[1]
    )
    async with stage.running():
        await room.says("这是真的吗？", to=others(room, {"text": article}))
        answer = await room.hears()
    assert len(article) > 4000
    assert stage.answerer.asked == ["核实：全市新建停车泊位一万二千个。", "核实：清理楼道堆物三千余处。"]
    assert unfolded(answer) == [
        "▸ “全市新建停车泊位一万二千个。”",
        f"{SENTENCES[0]}[1]",
        "▸ “清理楼道堆物三千余处。”",
        f"{SENTENCES[1]}[2]",
    ]
    assert sourced(answer) == [["[1]", "[2]"]]


async def test_an_article_handed_on_to_the_bot_alone_is_checked_and_what_was_left_is_told(stage):
    room = stage.room()
    article = "".join(f"第{n}季度新建停车泊位{n}00个。" for n in range(1, 15))
    origin = {"type": "hidden_user", "sender_user_name": "某人", "date": 1}
    async with stage.running():
        await room.posts({"text": article, "forward_origin": origin})
        answer = await room.hears()
    assert len(stage.answerer.asked) == 10
    assert "另有4句带数字的话没有核对" in answer["text"]


async def test_an_album_is_one_question_and_one_without_words_gets_one_word(stage):
    room = stage.room()
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    async with stage.running():
        for album, words in (("4711", "停车泊位建了多少？"), ("4712", "")):
            for at in range(3):
                said = {"caption": words} if words and at == 1 else {}
                await room.posts({"photo": photo, "media_group_id": album, **said})
        await room.says("那志愿者呢？")
        while len(stage.answerer.asked) < 2:
            await room.hears()
        await room.hears() if len(room.said()) < 3 else None
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]
    assert [("图片" in one["text"]) for one in room.said()] == [False, True, False]


async def test_a_post_of_a_channel_is_answered_where_it_mentions_the_bot_and_no_other(stage):
    channel = {"id": -1002233445566, "type": "channel", "title": "城建频道"}
    room = stage.room(chat=channel)
    entity = {"type": "mention", "offset": 0, "length": len(MENTION)}
    async with stage.running():
        for number, text in enumerate(("今天天气好。", f"{MENTION} 停车泊位建了多少？"), 1):
            post = {"message_id": number, "date": 1, "chat": channel, "sender_chat": channel, "text": text}
            post |= {"entities": [entity]} if MENTION in text else {}
            stage.proxy.chats.keep({"from": {"id": 0}, **post})
            await stage.proxy.inject({"channel_post": post})
        answer = await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？"]
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]


async def test_who_doubts_an_answer_of_the_bot_is_shown_what_it_rests_on(stage):
    """The one that is replied to, however old; without a reply the last one."""
    room = stage.room(chat=GROUP)
    stage.answerer.script = lambda question: stage.library.quoted(
        question, SENTENCES[0] if "停车" in question else SENTENCES[1]
    )
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        first = await room.hears()
        await room.says(f"{MENTION} 楼道清理了多少？")
        await room.hears()
        await room.says("这是真的吗？", to=first)
        old = await room.hears()
        await room.says(f"{MENTION} 真的吗")
        last = await room.hears()
    assert len(stage.answerer.asked) == 2
    assert SENTENCES[0] in old["text"]
    assert SENTENCES[1] in last["text"]
    assert sourced(old) == sourced(last) == [["[1]"]]


async def test_sources_tells_those_of_the_last_answer_that_had_some(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        stage.answerer.script = stage.library.quoted
        await room.says("你好")
        await room.hears()
        await room.says("/sources")
        listed = await room.hears()
    assert SENTENCES[0] in listed["text"]
    assert sourced(listed) == [["[1]", "[2]", "[3]"]]


async def test_a_thumb_on_an_answer_is_a_vote_and_gone_when_it_is_taken_away(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        held = []
        for faces in (["👎"], ["❤"], ["👍"]):
            reaction = {
                "chat": room.chat,
                "message_id": answer["message_id"],
                "user": room.person.user,
                "date": 1,
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in faces],
            }
            await stage.proxy.inject({"message_reaction": reaction})
            await room.says("/help")
            await room.hears()
            with closing(Store.open(stage.home / "bot.db")) as store:
                total = store.votes.total(7)
                held.append((total.up, total.down))
    assert held == [(0, 1), (0, 0), (1, 0)]


async def test_why_has_its_scores_behind_details(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("/why")
        why = await room.hears()
        assert "合计" not in why["text"]
        detailed = await room.opens("详细", on=why)
    assert "reply_markup" not in detailed
