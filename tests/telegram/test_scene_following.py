"""Scenes of following: what new texts say comes once, with its source, beside what was said before."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest
from stage.messages import BOT
from stage.people import bold, unfolded
from stage.process import BotProcess
from stage.proxy import shown
from stage.texts import library_of

from answering.values.answer import Answer, Outcome, Statement
from bot.store import ChatPace, FollowPace, NewsState, Store
from bot.telegram.following.follow_news import NewsFinder, due

NEW = ("全市新建停车泊位一万五千个，比上年多三千个。", "停车收费办法另行公布。", "公园新开了九座。")
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "城建群"}


def store_of(stage):
    return closing(Store.open(stage.home / "bot.db"))


def awake(stage, *rooms):
    """Let news come at any hour."""
    with store_of(stage) as store:
        for room in rooms:
            pace = ChatPace(pace=FollowPace.NOW, quiet=False)
            store.follows.set_pace(BOT["id"], room.id, pace, person=room.person.id)


def publish(stage, *, year=2022, sentences=NEW, name="newnewne77"):
    """Let the library hold one more text of the same place."""
    fresh = library_of(name, sentences)
    stage.library.held.append(replace(fresh.held[0], year=year, date=f"{year}-06-01", title="新的一年"))
    stage.library.cut.extend(fresh.cut)
    stage.library.version += 1


async def looked(stage):
    """Wait until the texts that there are were noted."""
    while True:
        with store_of(stage) as store:
            if {one.id for one in stage.library.held} <= store.follows.seen(BOT["id"]):
                return
        await asyncio.sleep(0.02)


async def test_who_follows_hears_of_a_new_text_with_its_source_and_what_was_said_before(stage):
    room, other = stage.room(), stage.room()
    awake(stage, room, other)
    async with stage.running():
        await looked(stage)
        await room.says("/follow 清河市 停车泊位")
        done = await room.hears()
        await other.says("/follow 清河市 图书馆")
        await other.hears()
        publish(stage)
        news = await room.hears()
        await looked(stage)
        card = await (await taken(room, news)).hears()
        await room.taps("取消关注", on=news)
        await stage.proxy.until(lambda: shown(stage.proxy.chats.messages[room.id, news["message_id"]]) == [])
        publish(stage, year=2023, name="nextnext77")
        await looked(stage)
        await room.says("/following")
        none = await room.hears()
    assert "已关注“清河市 停车泊位”" in done["text"]
    assert bold(news)[0] == "“清河市 停车泊位”有新内容"
    assert unfolded(news)[1] == f"{NEW[0]}[1]"
    assert "[1] 清河市 · 2022年 · 《新的一年》" in news["text"]
    assert "此前 · 清河市 · 2021年 · 《把一座城过成一家人》：全市新建停车泊位一万二千个" in news["text"]
    assert NEW[0] in card["text"]
    assert "还没有关注" in none["text"]
    assert len(other.said()) == 1


async def taken(room, news):
    await room.taps("[1]", on=news)
    return room


async def test_a_question_is_asked_again_of_each_new_text_and_tells_what_its_answer_cites(stage):
    """One that a command brings, and one whose answer the command replies to; no other text gives news."""
    room, other = stage.room(), stage.room()
    awake(stage, room, other)
    stage.answerer.script = cited_newest(stage)
    async with stage.running():
        await looked(stage)
        await room.says("/follow 清河市建了多少停车泊位?")
        done = await room.hears()
        await other.says("清河市建了多少停车泊位？")
        await other.says("/follow", to=await other.hears())
        await other.hears()
        publish(stage)
        news, same = await room.hears(), await other.hears()
        publish(stage, year=2023, name="nextnext77", sentences=("公园新开了九座。",))
        await looked(stage)
        await room.says("/following")
        await room.hears()
    assert "已关注“清河市建了多少停车泊位？”" in done["text"]
    assert unfolded(news) == unfolded(same)
    assert bold(news)[0] == "“清河市建了多少停车泊位？”有新内容"
    assert unfolded(news)[1] == f"{NEW[0]}[1]"
    assert "此前 · 清河市 · 2021年" in news["text"]
    assert len(room.said()) == 3


def cited_newest(stage):
    """Answer with the sentence on parking of each text that has one."""

    def answer(question):
        found = [one for one in stage.library.cut if "停车泊位" in one.text and "新建" in one.text]
        of = {one.id: one for one in stage.library.held}
        cited = tuple(
            replace(
                stage.library.cite(1, "一万二千个"),
                number=number,
                document=one.document,
                passage=one.id,
                start=one.start,
                end=one.start + one.text.index("。") + 1,
                quote=one.text[: one.text.index("。") + 1],
                year=of[one.document].year,
            )
            for number, one in enumerate(found, 1)
        )
        told = tuple(Statement(text=one.quote, citations=(one.number,)) for one in cited)
        return Answer(question=question, outcome=Outcome.ANSWERED, statements=told, citations=cited)

    return answer


async def test_a_place_alone_tells_of_each_new_text_and_a_group_follows_for_all(stage):
    room = stage.room(chat=GROUP)
    awake(stage, room)
    async with stage.running():
        await looked(stage)
        await room.says("/follow 清河市")
        await room.hears()
        publish(stage)
        news = await room.hears()
    assert unfolded(news)[0] == "“清河市”有新内容"
    assert news["chat"]["id"] == GROUP["id"]


async def test_a_restart_tells_nothing_twice_and_what_came_meanwhile_is_told(stage):
    room = stage.room()
    awake(stage, room)
    async with stage.running():
        await looked(stage)
        await room.says("/follow 停车泊位")
        await room.hears()
    publish(stage)
    for _ in range(2):
        async with stage.running():
            await looked(stage)
            if len(room.said()) < 2:
                await room.hears()
    assert len(room.said()) == 2


async def test_the_list_ends_follows_in_a_tap_and_sets_when_news_come(stage):
    room = stage.room()
    async with stage.running():
        for thing in ("停车泊位", "志愿者"):
            await room.says(f"/follow {thing}")
            listed = await room.hears()
        assert shown(listed)[0] == ["即时 ✓", "每天", "每周"]
        listed = await room.opens("每周", on=listed)
        listed = await room.opens("🌙 22点至8点不打扰 ✓", on=listed)
        listed = await room.opens("✕ 停车泊位", on=listed)
    assert shown(listed) == [["即时", "每天", "每周 ✓"], ["🌙 22点至8点不打扰"], ["✕ 志愿者"]]
    with store_of(stage) as store:
        assert store.follows.pace(BOT["id"], room.id) == ChatPace(pace=FollowPace.WEEKLY, quiet=False)


@pytest.mark.parametrize("asked", ["", "车", "停" * 61])
async def test_what_can_not_be_followed_is_told_how(stage, asked):
    room = stage.room()
    async with stage.running():
        await room.says(f"/follow {asked}".strip())
        assert "/follow 台州 停车位" in (await room.hears())["text"]


async def test_forget_ends_all_that_is_followed_and_admins_see_the_load(stage):
    room, admin = stage.room(), stage.room()
    stage.more["TELEGRAM_ADMINS"] = str(admin.person.id)
    async with stage.running():
        await room.says("/follow 停车泊位")
        await room.hears()
        await admin.says("/admin")
        assert "关注：1个聊天，1项" in (await admin.hears())["text"]
        await room.says("/forget")
        await room.taps("全部删掉", on=await room.hears())
        await stage.proxy.until(lambda: "删干净了" in room.said()[-1]["text"])
    with store_of(stage) as store:
        assert store.follows.load(BOT["id"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("pace", "quiet", "at", "expected"),
    [
        ("now", True, "2026-03-04 12:00", "2026-03-04 12:00"),
        ("now", True, "2026-03-04 23:30", "2026-03-05 08:00"),
        ("now", True, "2026-03-04 05:00", "2026-03-04 08:00"),
        ("now", False, "2026-03-04 23:30", "2026-03-04 23:30"),
        ("day", True, "2026-03-04 12:00", "2026-03-05 08:00"),
        ("day", False, "2026-03-04 07:00", "2026-03-04 08:00"),
        ("week", True, "2026-03-04 12:00", "2026-03-09 08:00"),
        ("week", True, "2026-03-09 07:00", "2026-03-09 08:00"),
    ],
)
def test_news_are_due_at_once_in_the_morning_or_on_monday(pace, quiet, at, expected):
    moment = datetime.strptime(at, "%Y-%m-%d %H:%M").astimezone()
    told = due(ChatPace(pace=FollowPace(pace), quiet=quiet), moment.timestamp())
    assert datetime.fromtimestamp(told).astimezone().strftime("%Y-%m-%d %H:%M") == expected


def test_fifty_thousand_follows_are_looked_through_within_seconds(stage):
    """10,000 people, five things each, half of them things of their own."""
    with store_of(stage) as store:
        for person in range(3):
            for n in range(5):
                store.follows.add(7, chat=person, person=person, place="清河市", words=f"停车泊位 {n}")
        (first, *_) = store.follows.all(7)
    own = [replace(first, id=f"a{n}", chat=n, words=f"第{n}号小区") for n in range(25_000)]
    shared = [replace(first, id=f"b{n}", chat=n % 10_000, words="停车泊位") for n in range(25_000)]
    publish(stage)
    began = time.monotonic()
    news = NewsFinder(stage.library).news(stage.library.held[-1:], (*own, *shared), {}, now=0.0)
    with store_of(stage) as store:
        store.follows.note(7, ["newnewne77"], news)
        assert time.monotonic() - began < 60
        assert store.follows.load(7)[2] == len(news) == 25_000


@pytest.mark.slow
async def test_news_that_are_killed_while_they_go_out_reach_everybody_once(stage):
    """CHENGWEN_NEWS_KILLS asks for more kills than two."""
    kills = int(os.environ.get("CHENGWEN_NEWS_KILLS", "2"))
    rooms = [stage.room() for _ in range(10 * (kills + 1))]
    awake(stage, *rooms)
    with store_of(stage) as store:
        for room in rooms:
            store.follows.add(BOT["id"], chat=room.id, person=room.person.id, place="", words="停车泊位")
        store.follows.note(BOT["id"], [""], ())
    environment = {"TELEGRAM_BOT_TOKEN": stage.proxy.token, "TELEGRAM_BASE_URL": stage.proxy.url}
    bot = await asyncio.to_thread(BotProcess, stage.home, environment)
    for least in range(8, 8 * (kills + 1), 8):
        await stage.proxy.until(lambda least=least: len(stage.proxy.chats.sent()) > least)
        bot.kill()
        bot = await asyncio.to_thread(BotProcess, stage.home, environment)
    states = await settled(stage)
    await asyncio.to_thread(bot.terminate)
    counted = Counter(one["chat"]["id"] for one in stage.proxy.chats.sent())
    assert max(counted.values()) == 1
    assert states[NewsState.SENT] + states[NewsState.UNSURE] == len(rooms)
    assert states[NewsState.UNSURE] <= kills
    assert len(rooms) - len(counted) <= states[NewsState.UNSURE]


async def settled(stage):
    """Wait until no news wait or are being sent, and count what became of them."""
    query = "SELECT state, COUNT(*) FROM follow_news GROUP BY state"
    while True:
        with store_of(stage) as store:
            rows = store._database.read(lambda connection: connection.exec_driver_sql(query).all())
        states = Counter({NewsState(state): count for state, count in rows})
        if not states[NewsState.WAITING] and not states[NewsState.SENDING]:
            return states
        await asyncio.sleep(0.1)
