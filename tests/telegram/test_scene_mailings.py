"""Scenes of a message to all who use the bot: confirmed, sent to each once, gone on with after a kill."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from dataclasses import replace
from time import monotonic

import pytest
from stage.faults import Refusal, Stall, flood
from stage.messages import BOT
from stage.process import BotProcess

from bot.store import BroadcastDelivery, Store
from bot.telegram.admin.broadcast_sender import PAUSE

NEWS = "今晚十点维护 <半小时> & 升级"


@pytest.fixture
def admin(stage):
    room = stage.room()
    stage.more["TELEGRAM_ADMINS"] = str(room.person.id)
    return room


def store_of(stage):
    return closing(Store.open(stage.home / "bot.db"))


def readers(stage, count, *, first=500_001):
    """Let so many people have used the bot, and return their ids."""
    people = range(first, first + count)
    with store_of(stage) as store:
        for person in people:
            store.people.seen(BOT["id"], person)
            store.chats.seen(BOT["id"], person, kind="private")
    return people


def received(stage):
    """Return how often each chat was sent the news."""
    return Counter(one["chat"]["id"] for one in stage.proxy.chats.sent() if one["text"] == NEWS)


async def begun(admin):
    """Write the news, and return the message that asks whether to send it."""
    await admin.says(f"/broadcast {NEWS}")
    assert (await admin.hears())["text"] == NEWS
    return await admin.hears()


async def ended(admin, page):
    """Wait for the last word on a mailing."""
    place = (admin.id, page["message_id"])
    return await admin.proxy.until(
        lambda: now if "发完了" in (now := admin.proxy.chats.messages[place])["text"] else None
    )


async def test_a_message_goes_to_all_who_use_the_bot_once_they_were_counted_and_yes_was_said(stage, admin):
    people = readers(stage, 5)
    with store_of(stage) as store:
        store.chats.seen(BOT["id"], -1001, kind="supergroup", title="群")
        store.people.set_role(BOT["id"], people[0], "banned", value=True)
    async with stage.running():
        page = await begun(admin)
        assert "发给5个用过我的人" in page["text"]
        assert sum(received(stage).values()) == 1
        began = monotonic()
        await admin.taps("发给5人", on=page)
        page = await ended(admin, page)
        assert monotonic() - began >= 4 * PAUSE
    assert "已送到 5 / 5" in page["text"]
    assert "reply_markup" not in page
    assert received(stage) == {admin.id: 2, **dict.fromkeys(people[1:], 1)}


async def test_a_message_that_is_not_wanted_goes_to_nobody(stage, admin):
    readers(stage, 3)
    async with stage.running():
        await admin.says("/broadcast")
        assert "写在命令后面" in (await admin.hears())["text"]
        page = await begun(admin)
        await admin.taps("不发", on=page)
        assert "已停止" in (await admin.sees(page))["text"]
    assert received(stage) == {admin.id: 1}


async def test_those_who_blocked_the_bot_and_what_is_unsure_are_counted_and_nobody_has_it_twice(stage, admin):
    people = readers(stage, 4)
    stage.patience = replace(stage.patience, read=0.3)

    def to(person):
        return lambda given: given["chat_id"] == str(person)

    words = "Forbidden: bot was blocked by the user"
    blocked = Refusal(method="sendMessage", code=403, description=words, when=to(people[0]))
    silent = Stall(method="sendMessage", delivered=True, when=to(people[1]))
    busy = flood("sendMessage", when=to(people[2]))
    stage.proxy.play(blocked, silent, busy)
    async with stage.running():
        page = await begun(admin)
        await admin.taps("发给5人", on=page)
        page = await ended(admin, page)
    assert "已送到 3 / 5" in page["text"]
    assert "屏蔽了机器人或已注销：1" in page["text"]
    assert "说不准是否送到，不再重发：1" in page["text"]
    assert received(stage) == {admin.id: 2, people[1]: 1, people[2]: 1, people[3]: 1}


async def test_a_mailing_can_be_stopped_on_its_way(stage, admin):
    people = readers(stage, 60)
    async with stage.running():
        page = await begun(admin)
        await admin.taps("发给61人", on=page)
        page = await admin.sees(page)
        await admin.taps("⏹ 停止发送", on=page)
        await stage.proxy.until(
            lambda: "已停止" in stage.proxy.chats.messages[admin.id, page["message_id"]]["text"]
        )
    assert 0 < len(received(stage)) < len(people)


async def test_a_mailing_goes_on_after_a_stop_where_it_was(stage, admin):
    people = readers(stage, 20)
    async with stage.running():
        page = await begun(admin)
        await admin.taps("发给21人", on=page)
        await stage.proxy.until(lambda: len(received(stage)) > 5)
    before = len(received(stage))
    async with stage.running():
        page = await ended(admin, page)
    assert before < 21
    assert "已送到 21 / 21" in page["text"]
    assert received(stage) == {admin.id: 2, **dict.fromkeys(people, 1)}


async def test_what_a_dead_process_left_of_a_mailing_is_gone_on_with_by_one_that_lives(
    stage, admin, postgres, database_url
):
    stage.open_store = lambda _: Store.open(database_url)
    stage.patience = replace(stage.patience, lease=1.5)
    with closing(Store.open(database_url)) as store:
        for person in range(1, 7):
            store.chats.seen(BOT["id"], person, kind="private")
        async with stage.running():
            page = await begun(admin)
            with postgres.connected(database_url) as other, other.transaction():
                other.execute(
                    "INSERT INTO letters (mailing, bot, person, state) SELECT %s, bot, chat, "
                    "CASE chat WHEN 1 THEN 'sent' WHEN 2 THEN 'sending' ELSE 'waiting' END FROM chats",
                    (page_id(stage),),
                )
                other.execute(
                    "UPDATE mailings SET state = 'running', shown = %s, owner = 'dead', "
                    "until = extract(epoch FROM clock_timestamp()) + 1.5",
                    (page["message_id"],),
                )
            await asyncio.sleep(0.5)
            assert received(stage) == {admin.id: 1}  # whoever has it may live
            page = await ended(admin, page)
        assert received(stage) == {admin.id: 2, **dict.fromkeys(range(3, 7), 1)}
        assert store.mailings.tally(page_id(stage)) == {
            BroadcastDelivery.SENT: 6,
            BroadcastDelivery.UNSURE: 1,
        }


@pytest.mark.slow
async def test_a_mailing_that_was_killed_half_way_goes_on_and_nobody_has_it_twice(stage, admin):
    people = readers(stage, 30)
    environment = {
        "TELEGRAM_BOT_TOKEN": stage.proxy.token,
        "TELEGRAM_BASE_URL": stage.proxy.url,
        **stage.more,
    }
    bot = await asyncio.to_thread(BotProcess, stage.home, environment)
    page = await begun(admin)
    await admin.taps("发给31人", on=page)
    for least in (8, 16):
        await stage.proxy.until(lambda least=least: len(received(stage)) > least)
        bot.kill()
        bot = await asyncio.to_thread(BotProcess, stage.home, environment)
    page = await ended(admin, page)
    await asyncio.to_thread(bot.terminate)
    with store_of(stage) as store:
        tally = store.mailings.tally(page_id(stage))
    assert max(count for person, count in received(stage).items() if person != admin.id) == 1
    assert tally[BroadcastDelivery.SENT] + tally.get(BroadcastDelivery.UNSURE, 0) == 31
    assert tally.get(BroadcastDelivery.UNSURE, 0) <= 2
    assert set(people) - set(received(stage)) == set() or tally[BroadcastDelivery.UNSURE]


def page_id(stage):
    """Return the id of the mailing, as the buttons carried it."""
    call = next(
        one for one in stage.proxy.made("sendMessage") if "am:send:" in one.given.get("reply_markup", "")
    )
    return call.given["reply_markup"].split("am:send:")[1].split('"')[0]
