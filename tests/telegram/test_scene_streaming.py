"""Scenes of looking on: an answer is shown as it is proved, and stands once, whole, when it is there."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from stage.faults import Cut, Refusal, Stall, blocked, flood
from stage.people import MENTION, NUMBERS, Person, bold, unfolded
from stage.process import BotProcess
from stage.proxy import shown, sourced

from answering.values.answer import Answer, Outcome, Statement
from answering.values.events import Withdrawn
from bot.store import Store

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
FORUM = {**GROUP, "id": -1009876543210, "is_forum": True}
NO_DRAFTS = Refusal(method="sendMessageDraft", description="Bad Request: method is not available", times=99)


@pytest.fixture
def stage(stage):
    stage.patience = replace(stage.patience, live=0.05, draft=0.05, edits=0.1, group=0.1)
    return stage


def lines(message):
    return unfolded(message)


async def drafted(stage, words):
    """Wait for a draft with these words."""
    return await stage.proxy.until(
        lambda: next((one for one in stage.proxy.chats.drafts if words in one["text"]), None)
    )


async def stood(room, words):
    """Wait until the room's last message holds these words."""
    return await room.proxy.until(
        lambda: said[-1] if (said := room.said()) and words in said[-1]["text"] else None
    )


async def test_a_draft_grows_with_what_is_proved_and_the_answer_comes_once_with_its_buttons(stage):
    room = stage.room()
    first, second, third = (passage.text for passage in stage.library.cut)
    stage.answerer.write()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await drafted(stage, "写作中…")
        stage.answerer.let_out(0)
        assert lines(await drafted(stage, first)) == [f"{first}[1]", "", "写作中…"]
        stage.answerer.let_out(1)
        await drafted(stage, second)
        assert room.said() == []
        stage.answerer.let_out()
        answer = await room.hears()
    assert lines(answer) == [f"{text}[{n}]" for n, text in enumerate((first, second, third), 1)]
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]
    assert len({draft["draft_id"] for draft in stage.proxy.chats.drafts}) == 1
    assert len(stage.proxy.made("sendMessage")) == 1
    assert stage.proxy.made("editMessageText") == []


async def test_a_quick_answer_is_shown_at_once_and_nothing_before_it(stage):
    rooms = [stage.room(), stage.room(chat=GROUP)]
    stage.patience = replace(stage.patience, live=5.0)
    async with stage.running():
        for room, text in zip(rooms, ("停车泊位？", f"{MENTION} 停车泊位？"), strict=True):
            await room.says(text)
            await room.hears()
    assert stage.proxy.chats.drafts == []
    assert stage.proxy.made("editMessageText") == []


async def test_a_draft_that_stands_long_is_renewed_and_tells_how_to_stop(stage):
    room = stage.room()
    stage.patience = replace(stage.patience, hint=0.2, fresh=0.3)
    stage.answerer.write()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        assert (await drafted(stage, "/cancel"))["text"] == "写作中…（发 /cancel 停止）"
        drafts = len(stage.proxy.chats.drafts)
        await stage.proxy.until(lambda: len(stage.proxy.chats.drafts) >= drafts + 2)
        stage.answerer.let_out()
        await room.hears()


async def test_what_is_withdrawn_leaves_the_draft(stage):
    room = stage.room()
    stage.answerer.write(free=9)
    stage.answerer.events = (Withdrawn(),)
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await drafted(stage, "写作中…")
        assert stage.proxy.chats.drafts[-1]["text"] == "写作中…"
        stage.answerer.gate.set()
        assert len(lines(await room.hears())) == 3


@pytest.mark.parametrize("topic", [False, True], ids=["group", "topic"])
async def test_elsewhere_a_message_is_edited_and_becomes_the_answer(stage, topic):
    room = stage.room(chat=FORUM, topic=next(NUMBERS)) if topic else stage.room(chat=GROUP)
    stage.answerer.write()
    async with stage.running():
        asked = await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await room.hears()
        assert status["text"] == "写作中…"
        assert shown(status) == [["⏹ 停止"]]
        assert status["reply_to_message"]["message_id"] == asked["message_id"]
        stage.answerer.let_out(0)
        status = await room.sees(status)
        assert lines(status)[0].endswith("[1]")
        assert shown(status) == [["⏹ 停止"]]
        stage.answerer.let_out()
        answer = await stood(room, "[3]")
        assert sourced(answer) == [["[1]", "[2]", "[3]"]]
        assert lines(answer)[-1].endswith("[3]")
        room.heard = 1
        card = await room.opens("[1]", on=answer)
        assert stage.library.cut[0].text in card["text"]
    assert stage.proxy.chats.drafts == []
    assert len(stage.proxy.made("sendMessage")) == 1
    assert not topic or answer["message_thread_id"] == room.topic


async def test_nobody_in_a_group_waits_for_the_answer_to_another(stage):
    room = stage.room(chat=GROUP)
    other = stage.room(chat=GROUP, person=Person(first_name="旁人"))
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await room.hears()
        stage.answerer.steps = {}
        await other.says(f"{MENTION} 那志愿者呢？")
        answer = await stood(room, "[3]")
        assert answer["message_id"] != status["message_id"]
    assert stage.answerer.writing == ["停车泊位建了多少？", "那志愿者呢？"]


async def test_the_first_words_do_not_wait_for_the_pace_of_a_group(stage):
    room = stage.room(chat=GROUP)
    stage.patience = replace(stage.patience, group=30.0, first=0.1)
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        stage.answerer.let_out(0)
        await stood(room, "[1]")
        stage.answerer.let_out()
        await stood(room, "[3]")


async def test_edits_in_a_group_keep_their_distance(stage):
    room = stage.room(chat=GROUP)
    stage.patience = replace(stage.patience, group=0.5)
    stage.answerer.write(free=1)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        began = asyncio.get_running_loop().time()
        stage.answerer.let_out(1)
        await stood(room, "[2]")
        assert asyncio.get_running_loop().time() - began > 0.3
        stage.answerer.let_out()
        await stood(room, "[3]")


async def test_what_is_shown_meanwhile_never_uses_up_what_a_group_may_hear_in_a_minute(stage):
    room = stage.room(chat=GROUP)
    stage.patience = replace(stage.patience, group=0.01)
    stage.answerer.write()
    stage.answerer.script = lambda question: replace(
        stage.library.quoted(question, stage.library.cut[0].text),
        statements=tuple(
            Statement(text=f"第{number}句。", citations=(1,)) for number in range(len(stage.answerer.steps))
        ),
    )
    stage.answerer.steps = {number: asyncio.Event() for number in range(40)}
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        for number in range(39):
            stage.answerer.let_out(number)
            await asyncio.sleep(0.05)
        began = asyncio.get_running_loop().time()
        stage.answerer.let_out()
        answer = await stood(room, "第39句")
        assert sourced(answer) == [["[1]"]]
        assert asyncio.get_running_loop().time() - began < 3
    assert len(stage.proxy.made("editMessageText")) < 20


async def test_where_drafts_are_refused_a_message_is_edited_and_the_refusal_remembered(stage):
    room = stage.room()
    stage.proxy.play(replace(NO_DRAFTS))
    stage.answerer.write()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        status = await room.hears()
        assert shown(status) == [["⏹ 停止"]]
        stage.answerer.let_out()
        assert sourced(await stood(room, "[3]")) == [["[1]", "[2]", "[3]"]]
        stage.answerer.write()
        await room.says("那志愿者呢？")
        await room.hears()
        stage.answerer.let_out()
        await stood(room, "[3]")
    assert len(stage.proxy.made("sendMessageDraft")) == 1
    assert len(room.said()) == 2


async def test_a_flood_limit_on_an_edit_is_waited_out_and_only_the_newest_is_shown(stage):
    room = stage.room(chat=GROUP)
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        stage.proxy.play(flood("editMessageText", seconds=1))
        stage.answerer.let_out(0)
        await stage.proxy.until(lambda: stage.proxy.made("editMessageText"))
        stage.answerer.let_out(1)
        await stood(room, "[2]")
        stage.answerer.let_out()
        answer = await stood(room, "[3]")
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]
    assert len(room.said()) == 1


async def test_a_flood_limit_on_the_last_edit_is_waited_out(stage):
    room = stage.room(chat=GROUP)
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        stage.proxy.play(flood("editMessageText", seconds=1, when=lambda given: "[3]" in given["text"]))
        stage.answerer.let_out()
        assert sourced(await stood(room, "[3]")) == [["[1]", "[2]", "[3]"]]
    assert len(room.said()) == 1


@pytest.mark.parametrize("delivered", [True, False], ids=["arrived", "lost"])
async def test_a_last_edit_that_was_cut_is_made_again_since_that_does_no_harm(stage, delivered):
    room = stage.room(chat=GROUP)
    stage.proxy.expected = "message is not modified"
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        is_last = {"when": lambda given: "[3]" in given["text"], "delivered": delivered}
        stage.proxy.play(Cut(method="editMessageText", **is_last))
        stage.answerer.let_out()
        await stage.proxy.until(lambda: len(stage.proxy.made("editMessageText")) >= 2)
        await stood(room, "[3]")
        await room.says(f"{MENTION} 那志愿者呢？")
        await stage.proxy.until(lambda: len(room.said()) == 2)


async def test_a_status_that_was_deleted_is_followed_by_the_answer_as_a_message(stage):
    room = stage.room(chat=GROUP)
    stage.proxy.expected = "message to edit not found"
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await room.hears()
        del stage.proxy.chats.messages[room.id, status["message_id"]]
        stage.answerer.let_out()
        assert sourced(await stood(room, "[3]")) == [["[1]", "[2]", "[3]"]]


async def test_a_status_that_may_not_have_arrived_does_not_keep_the_answer_back(stage):
    room = stage.room(chat=GROUP)
    stage.answerer.write()
    stage.proxy.play(Cut(method="sendMessage", when=lambda given: "写作中" in given["text"]))
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.made("sendMessage"))
        await asyncio.sleep(0.3)
        stage.answerer.let_out()
        assert sourced(await stood(room, "[3]")) == [["[1]", "[2]", "[3]"]]
    assert len(stage.proxy.made("sendMessage")) == 2


async def test_whoever_blocks_the_bot_meanwhile_ends_the_work_and_costs_nobody_anything(stage, caplog):
    room, other = stage.room(chat=GROUP), stage.room(person=Person(first_name="旁人"))
    stage.answerer.write()
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        gone = {"times": 99, "when": lambda given: given["chat_id"] == str(room.id)}
        stage.proxy.play(blocked("editMessageText", **gone), blocked("sendMessage", **gone))
        stage.answerer.let_out(0)
        await stage.proxy.until(lambda: stage.proxy.made("editMessageText"))
        await asyncio.sleep(0.1)
        assert stage.answerer.closed == ["停车泊位建了多少？"]
        stage.answerer.steps = {}
        await other.says("停车泊位建了多少？")
        await other.hears()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_failure_takes_the_place_of_what_was_shown(stage):
    room = stage.room(chat=GROUP)

    def breaks(question):
        raise RuntimeError("密码是 hunter2")

    stage.answerer.gate.clear()
    stage.answerer.script = breaks
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await room.hears()
        stage.answerer.gate.set()
        told = await stood(room, "编号")
    assert "hunter2" not in told["text"]
    assert shown(told) == []
    assert len(room.said()) == 1


async def test_marks_of_html_in_what_a_model_says_are_shown_as_they_are(stage):
    room = stage.room()
    said = "<b>泊位</b> & <a href='x'>一万</a> </blockquote> <script>…"
    stage.answerer.script = lambda question: Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        statements=(Statement(text=said, citations=(1,)), Statement(text="完。", citations=(1,))),
        citations=(stage.library.cite(1, "一万二千个"),),
    )
    stage.answerer.write(free=1)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        assert lines(await drafted(stage, said))[0] == f"{said}[1]"
        stage.answerer.let_out()
        answer = await room.hears()
    assert lines(answer)[0] == f"{said}[1]"
    assert bold(answer) == ["一万二千个"]


async def test_an_answer_of_several_messages_has_its_buttons_once_and_begins_where_the_status_stood(stage):
    room = stage.room(chat=GROUP)
    long = tuple(Statement(text=f"{number}、" + "停车泊位" * 200, citations=(1,)) for number in range(9))
    stage.answerer.script = lambda question: replace(
        stage.library.quoted(question, "一万二千个"), statements=long
    )
    stage.answerer.write(free=8)
    async with stage.running():
        await room.says(f"{MENTION} 停车泊位建了多少？")
        status = await room.hears()
        assert "7、停车" in status["text"]
        stage.answerer.let_out()
        await stood(room, "8、停车")
    first, *rest = room.said()
    assert first["message_id"] == status["message_id"]
    assert first["text"].startswith("0、停车")
    assert [sourced(one) for one in room.said()] == [[], *([[]] * (len(rest) - 1)), [["[1]"]]]


@asynccontextmanager
async def process(stage):
    """The bot's process inside; it is killed at the end if it still runs."""
    bot = BotProcess(
        stage.home, {"TELEGRAM_BOT_TOKEN": stage.proxy.token, "TELEGRAM_BASE_URL": stage.proxy.url}
    )
    try:
        yield bot
    finally:
        await asyncio.to_thread(bot.kill)


async def noted(stage, state):
    """Wait until the store holds a first part in this state."""
    store = Store.open(stage.home / "bot.db")
    async with asyncio.timeout(60):
        while (part := store.inbox.part(7, 1, 0)) is None or part.state != state:  # noqa: ASYNC110 - another process writes
            await asyncio.sleep(0.02)
    store.close()


@pytest.mark.parametrize("private", [True, False], ids=["draft", "status"])
async def test_a_kill_amid_the_answer_leads_to_one_answer_after_the_next_start(stage, private):
    room = stage.room() if private else stage.room(chat=GROUP)
    async with process(stage) as bot:
        await room.says("停车泊位建了多少？" if private else f"{MENTION} 停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.chats.drafts or room.said(), patience=60.0)
        if not private:
            await noted(stage, "status")
        await asyncio.to_thread(bot.kill)
    drafts = len(stage.proxy.chats.drafts)
    async with process(stage) as bot:
        if private:
            await stage.proxy.until(lambda: len(stage.proxy.chats.drafts) > drafts, patience=60.0)
        bot.open_gate()
        answer = await stage.proxy.until(
            lambda: said[-1] if (said := room.said()) and "[3]" in said[-1]["text"] else None, patience=60.0
        )
        assert await asyncio.to_thread(bot.terminate) == 0
    assert sourced(answer) == [["[1]", "[2]", "[3]"]]
    assert len(room.said()) == 1
    assert len(stage.proxy.made("sendMessage")) == 1


@pytest.mark.parametrize("delivered", [True, False], ids=["arrived", "lost"])
async def test_a_kill_while_the_status_was_sent_leads_to_one_answer_and_its_button_clears_it(
    stage, delivered
):
    room = stage.room(chat=GROUP)
    stage.proxy.play(Stall(method="sendMessage", delivered=delivered))
    async with process(stage) as bot:
        await room.says(f"{MENTION} 停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.made("sendMessage"), patience=60.0)
        await asyncio.to_thread(bot.kill)
    async with process(stage) as bot:
        bot.open_gate()
        await stage.proxy.until(lambda: room.said() and "[3]" in room.said()[-1]["text"], patience=60.0)
        if delivered:
            await room.taps("⏹ 停止", on=room.said()[0])
            await stage.proxy.until(lambda: stage.proxy.made("deleteMessage"))
        assert await asyncio.to_thread(bot.terminate) == 0
    assert [sourced(one) for one in room.said()] == [[["[1]", "[2]", "[3]"]]]
    assert "may stand twice" not in bot.output
