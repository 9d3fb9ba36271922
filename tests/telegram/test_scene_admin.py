"""Scenes of those who run the bot: its state, people, failures, settings; nobody else sees any of it."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from stage.messages import BOT
from stage.people import MENTION
from stage.proxy import shown

from bot.assembly.library_worker import LibraryWorker
from bot.store import Store, Vote, VoteReason
from bot.telegram.admin.tools import EVERY, KIND, AdminTools

GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}
QUESTION = "停车泊位建了多少？"


@pytest.fixture
def admin(stage):
    room = stage.room()
    stage.more["TELEGRAM_ADMINS"] = str(room.person.id)
    stage.tools = AdminTools(keeper=LibraryWorker(), reread=stage.settings)
    return room


async def test_an_admin_sees_how_the_bot_is_doing(stage, admin):
    other = stage.room()
    async with stage.running():
        await other.says(QUESTION)
        await other.hears()
        await admin.says("/admin")
        state = await admin.hears()
    assert "文库：1篇正文" in state["text"]
    assert "模型：未启用" in state["text"]
    assert "正在答0个，排队0个" in state["text"]
    assert "用户2个" in state["text"]
    assert shown(state) == [["状态", "用户", "文库", "纠错"], ["意见", "故障", "重载"]]


async def test_for_others_there_is_no_such_command_and_in_a_group_not_for_admins_either(stage, admin):
    other, group = stage.room(), stage.room(person=admin.person, chat=GROUP)
    async with stage.running():
        for words in ("/admin", "/broadcast 大家好"):
            await other.says(words)
            assert (await other.hears())["text"] == "没有这个命令。直接提问就行，/help 看用法。"
        await group.says("/admin")
        await group.says(f"{MENTION} {QUESTION}")
        assert "泊位" in (await group.hears())["text"]
        await other.says("/help")
        assert "/admin" not in (await other.hears())["text"]
    assert len(group.said()) == 1


async def test_buttons_of_someone_who_is_no_admin_any_more_do_nothing(stage, admin):
    async with stage.running():
        await admin.says("/admin")
        state = await admin.hears()
    stage.more["TELEGRAM_ADMINS"] = ""
    async with stage.running():
        await admin.taps("用户", on=state)
        await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
    assert (
        stage.proxy.made("answerCallbackQuery")[0].given["text"]
        == "这个按钮对应的回答已经找不到了，请重新问一次。"
    )
    assert stage.proxy.made("editMessageText") == []


async def test_an_admin_bans_someone_and_lifts_the_ban(stage, admin):
    other = stage.room()
    async with stage.running():
        await other.says(QUESTION)
        await other.hears()
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("用户", on=page)
        page = await admin.sees(page)
        label = next(row[0] for row in shown(page) if str(other.person.id) in row[0])
        await admin.taps(label, on=page)
        page = await admin.sees(page)
        assert "今天问了" in page["text"]
        await admin.taps("封禁", on=page)
        page = await admin.sees(page)
        assert "已封禁" in page["text"]
        await other.says("还有呢？")
        await admin.taps("解除封禁", on=page)
        page = await admin.sees(page)
        await other.says("楼道堆物清了多少？")
        await other.hears()
    assert stage.answerer.asked == [QUESTION, "楼道堆物清了多少？"]


async def test_an_admin_lets_someone_into_a_closed_bot(stage, admin):
    stage.more["TELEGRAM_MODE"] = "closed"
    other = stage.room()
    with closing(Store.open(stage.home / "bot.db")) as store:
        store.people.seen(BOT["id"], other.person.id)
    async with stage.running():
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("用户", on=page)
        page = await admin.sees(page)
        label = next(row[0] for row in shown(page) if str(other.person.id) in row[0])
        await admin.taps(label, on=page)
        page = await admin.sees(page)
        await admin.taps("登记", on=page)
        page = await admin.sees(page)
        assert shown(page)[0] == ["封禁", "取消登记"]
        await other.says(QUESTION)
        assert "泊位" in (await other.hears())["text"]


async def test_an_admin_lets_in_by_the_id_that_someone_passed_on(stage, admin):
    stage.more["TELEGRAM_MODE"] = "closed"
    other, group = stage.room(), stage.room(chat=GROUP)
    async with stage.running():
        await other.says(QUESTION)
        number = (await other.hears())["text"].rpartition("：")[2]
        await admin.says(f"/admin {number}")
        page = await admin.hears()
        await admin.taps("登记", on=page)
        assert "登记过" in (await admin.sees(page))["text"]
        await other.says(QUESTION)
        assert "泊位" in (await other.hears())["text"]
        await group.says(f"{MENTION} {QUESTION}")
        assert str(GROUP["id"]) in (await group.hears())["text"]
        await admin.says(f"/admin {GROUP['id']}")
        page = await admin.hears()
        assert "城建群" in page["text"]
        await admin.taps("登记", on=page)
        page = await admin.sees(page)
        await group.says(f"{MENTION} {QUESTION}")
        assert "泊位" in (await group.hears())["text"]
        await admin.taps("‹ 返回", on=page)
        page = await admin.sees(page)
        assert shown(page) == [["✓ 城建群"], ["‹ 返回"]]
        await admin.says("/admin -42")
        assert "-42" in (await admin.hears())["text"]


async def test_someone_whom_the_settings_name_can_be_unregistered_too(stage, admin):
    other = stage.room()
    stage.more |= {"TELEGRAM_MODE": "closed", "TELEGRAM_ALLOWED": str(other.person.id)}
    async with stage.running():
        await admin.says(f"/admin {other.person.id}")
        page = await admin.hears()
        await admin.taps("取消登记", on=page)
        assert shown(await admin.sees(page))[0] == ["封禁", "登记"]
        await other.says(QUESTION)
        assert str(other.person.id) in (await other.hears())["text"]


async def test_admins_can_not_be_banned(stage, admin):
    async with stage.running():
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("用户", on=page)
        page = await admin.sees(page)
        await admin.taps(shown(page)[0][0], on=page)
        page = await admin.sees(page)
    assert "管理员" in page["text"]
    assert shown(page) == [["‹ 返回"]]


async def test_many_people_are_paged(stage, admin):
    with closing(Store.open(stage.home / "bot.db")) as store:
        for person in range(100, 120):
            store.people.seen(BOT["id"], person)
    async with stage.running():
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("用户", on=page)
        page = await admin.sees(page)
        assert "用户：21" in page["text"]
        await admin.taps("▶", on=page)
        page = await admin.sees(page)
        await admin.taps("▶", on=page)
        page = await admin.sees(page)
    assert [row[0].split(" ")[0] for row in shown(page)[:-2]] == ["104", "103", "102", "101", "100"]


async def test_failures_are_listed_by_the_id_that_people_were_told_without_secrets_or_their_words(
    stage, admin
):
    other, token = stage.room(), stage.proxy.token

    def broken(question):
        raise ValueError(f"{token} can't read {question}")

    stage.answerer.script = broken
    async with stage.running():
        await other.says(QUESTION)
        told = await other.hears()
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("故障", on=page)
        page = await admin.sees(page)
    number = next(row.split(" · ")[0] for row in page["text"].splitlines() if "ValueError" in row)
    assert number in told["text"]
    assert "*** can't read ***" in page["text"]


async def test_what_people_think_is_shown_with_the_questions_it_is_about(stage, admin):
    other = stage.room()
    async with stage.running():
        await other.says(QUESTION)
        await other.hears()
    with closing(Store.open(stage.home / "bot.db")) as store:
        answer = store.talks.answer_to(BOT["id"], stage.proxy.acknowledged)
        vote = Vote(
            answer=answer.id, citation=0, person=other.person.id, is_up=False, reason=VoteReason.MISSING
        )
        store.votes.cast(BOT["id"], vote)
        store.remarks.add(BOT["id"], person=other.person.id, chat=other.id, text="字再大一点 <就好>")
    async with stage.running():
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("意见", on=page)
        page = await admin.sees(page)
    assert "👍 0  👎 1" in page["text"]
    assert f"👎 没答全 · {QUESTION}" in page["text"]
    assert "字再大一点 <就好>" in page["text"]


async def test_what_readers_of_the_pages_report_is_shown_with_its_words_and_deleted_in_a_tap(stage, admin):
    held = stage.library.held[0]
    with closing(Store.open(stage.home / "bot.db")) as store:
        for text in ("应是四万个", "名字写错了"):
            store.corrections.add(document=held.id, start=0, end=6, text=text)
        store.corrections.add(document="gone", start=0, end=0, text="没有这篇")
    async with stage.running():
        await admin.says("/admin")
        page = await admin.opens("纠错", on=await admin.hears())
        assert shown(page)[0] == ["✕ 1", "✕ 2", "✕ 3"]
        lines = page["text"].splitlines()
        assert [one for one in lines if one in ("没有这篇", "名字写错了", "应是四万个")] == [
            *("没有这篇", "名字写错了", "应是四万个")
        ]
        assert held.text[:6] in page["text"]
        left = await admin.opens("✕ 2", on=page)
        assert "名字写错了" not in left["text"]
        assert shown(left)[0] == ["✕ 1", "✕ 2"]


async def test_settings_are_read_anew_without_a_restart(stage, admin):
    other = stage.room()
    async with stage.running():
        stage.more |= {"TELEGRAM_MODE": "closed", "TELEGRAM_ANSWERS": "3", "LOG_LEVEL": "debug"}
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("重载", on=page)
        page = await admin.sees(page)
        assert "已经生效：TELEGRAM_MODE TELEGRAM_ANSWERS" in page["text"]
        assert "重启后才生效：LOG_LEVEL" in page["text"]
        await other.says(QUESTION)
        assert str(other.person.id) in (await other.hears())["text"]


async def test_settings_that_another_process_was_told_to_read_anew_are_read_here_too(
    stage, admin, database_url
):
    stage.open_store = lambda _: Store.open(database_url)
    other = stage.room()
    async with stage.running():
        await other.says("/help")
        await other.hears()
        stage.more["TELEGRAM_MODE"] = "closed"
        with closing(Store.open(database_url)) as store:
            store.notices.note(BOT["id"], KIND)
        await asyncio.sleep(2 * EVERY)
        await other.says(QUESTION)
        assert str(other.person.id) in (await other.hears())["text"]


async def test_what_an_admin_has_read_anew_others_hear_of(stage, admin, database_url):
    stage.open_store = lambda _: Store.open(database_url)
    with closing(Store.open(database_url)) as store:
        async with stage.running():
            assert store.notices.last(BOT["id"], KIND) is None
            await admin.says("/admin")
            page = await admin.hears()
            await admin.taps("重载", on=page)
            await admin.sees(page)
            assert store.notices.last(BOT["id"], KIND)


async def test_settings_that_can_not_be_used_change_nothing(stage, admin):
    async with stage.running():
        stage.more["TELEGRAM_MODE"] = "ajar"
        await admin.says("/admin")
        page = await admin.hears()
        await admin.taps("重载", on=page)
        page = await admin.sees(page)
    assert "仍按原来的运行" in page["text"]
    assert "TELEGRAM_MODE" in page["text"]


async def test_old_conversations_go_when_the_bot_starts(stage):
    room = stage.room()
    stage.more["TELEGRAM_KEEP_DAYS"] = "1"
    async with stage.running():
        await room.says(QUESTION)
        answer = await room.hears()
    async with stage.running():
        answer = await room.opens("[1]", on=answer)
        assert "一、从小事做起" in answer["text"]
    age(stage, days=2)
    async with stage.running():
        await room.taps("[1]", on=answer)
        await stage.proxy.until(lambda: len(stage.proxy.made("answerCallbackQuery")) == 2)
    assert "找不到了" in stage.proxy.made("answerCallbackQuery")[1].given["text"]


def age(stage, *, days):
    """Let all answers be made some days earlier."""
    engine = create_engine(f"sqlite:///{stage.home / 'bot.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE answers SET made = made - :age"), {"age": days * 86_400})
        connection.execute(text("UPDATE conversations SET opened = opened - :age"), {"age": days * 86_400})
    engine.dispose()
