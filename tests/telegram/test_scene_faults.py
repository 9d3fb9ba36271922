"""Scenes of trouble: floods, time-outs, gateways, blocks, migrated groups, and two bots with one token."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import httpx
import pytest
from stage.faults import Cut, Page, Refusal, Stall, blocked, flood, migrated
from stage.people import MENTION, Person
from stage.proxy import shown, sourced
from stage.texts import HEADINGS

from bot.store import StoreError
from bot.store.delivery.inbox import Inbox
from bot.telegram.sending.send_errors import TokenError


async def test_a_flood_limit_is_waited_out_and_the_answer_comes_once(stage):
    room = stage.room()
    stage.proxy.play(flood("sendMessage", seconds=1))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 2


@pytest.mark.parametrize("delivered", [True, False], ids=["arrived", "lost"])
@pytest.mark.parametrize("fault", [Stall, Cut, Page])
async def test_a_send_that_may_have_arrived_is_not_repeated_but_offered(stage, fault, delivered):
    room = stage.room()
    stage.patience = replace(stage.patience, read=2.0)
    stage.proxy.play(fault(method="sendMessage", delivered=delivered))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        offer = await stage.proxy.until(
            lambda: next((one for one in room.said() if shown(one) == [["再发一次"]]), None)
        )
        assert len([one for one in room.said() if "停车泊位" in one["text"]]) == delivered
        room.heard = len(room.said())
        await room.taps("再发一次", on=offer)
        again = await room.hears()
    assert sourced(again) == [["[1]", "[2]", "[3]"]]
    assert stage.answerer.asked == ["停车泊位建了多少？"]


async def test_an_offer_that_times_out_too_is_made_until_it_has_surely_arrived(stage):
    room = stage.room()
    stage.proxy.play(Cut(method="sendMessage", times=3))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        assert shown(await room.hears()) == [["再发一次"]]
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 2
    assert len(stage.proxy.made("sendMessage")) == 5


async def test_an_offer_waits_for_a_telegram_that_answers(stage):
    room, gateway = stage.room(), Page(method="getMe", times=4)
    async with stage.running():
        stage.proxy.play(Cut(method="sendMessage"), gateway)
        await room.says("停车泊位建了多少？")
        assert shown(await room.hears()) == [["再发一次"]]
    assert gateway.played == 4
    assert len(stage.proxy.made("sendMessage")) == 2


async def test_an_answer_made_while_the_network_is_away_is_sent_when_it_is_back(stage):
    room = stage.room()
    stage.answerer.gate.clear()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await stage.answerer.begun.wait()
        await stage.proxy.offline()
        stage.answerer.gate.set()
        await stage.tells("连不上 Telegram")
        await stage.proxy.online()
        await room.hears()
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(room.said()) == 2
    assert "和 Telegram 的连接恢复了。" in stage.told


async def test_a_start_without_network_says_so_and_goes_on_when_it_is_there(stage):
    room = stage.room()
    await stage.proxy.offline()
    stop = asyncio.Event()
    running = asyncio.create_task(stage.serve(stop))
    await stage.tells("连不上 Telegram")
    assert "TELEGRAM_PROXY" in stage.told[0]
    await stage.proxy.online()
    await room.says("停车泊位建了多少？")
    await room.hears()
    stop.set()
    await running


async def test_a_person_who_blocked_the_bot_costs_nobody_else_anything(stage, caplog):
    gone, other = stage.room(), stage.room(person=Person(first_name="旁人"))
    stage.proxy.play(blocked("sendMessage", when=lambda given: given["chat_id"] == str(gone.id)))
    async with stage.running():
        await gone.says("停车泊位建了多少？")
        await stage.proxy.until(lambda: stage.proxy.made("sendMessage"))
        await other.says("停车泊位建了多少？")
        await other.hears()
    assert gone.said() == []
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_group_that_migrated_gets_its_answer_under_its_new_id(stage):
    old = stage.room(chat={"id": -4711, "type": "group", "title": "群"})
    new = stage.room(chat={"id": -1000000004711, "type": "supergroup", "title": "群"})
    stage.proxy.play(migrated("sendMessage", new.id, when=lambda given: given["chat_id"] == "-4711"))
    async with stage.running():
        await old.says(f"{MENTION} 停车泊位建了多少？")
        assert "停车泊位" in (await new.hears())["text"]
    assert old.said() == []


async def test_a_double_tap_changes_the_passage_once_and_harms_nothing(stage):
    room = stage.room()
    stage.proxy.expected = "message is not modified"
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        card = await room.opens("[2]")
        stage.proxy.play(Page(method="editMessageText", delivered=True))
        await room.taps("下一段 ▶", on=card)
        card = await room.sees(card)
        assert stage.library.cut[2].text in card["text"]
        await stage.proxy.until(lambda: len(stage.proxy.made("editMessageText")) == 3)
        await room.taps("◀ 上一段", on=card)
        await room.sees(card)


async def test_a_tap_that_comes_too_late_to_acknowledge_still_opens_the_passage(stage):
    room = stage.room()
    stage.proxy.expected = "query is too old"
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        await room.taps("[1]", stale=True)
        assert HEADINGS[0] in (await room.sees(answer))["text"]


async def test_a_button_of_an_answer_that_is_gone_says_so(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
    (stage.home / "bot.db").unlink()
    async with stage.running():
        await room.taps("[1]", on=answer)
        (told,) = await stage.proxy.until(lambda: stage.proxy.made("answerCallbackQuery"))
    assert "找不到了" in told.given["text"]


async def test_a_passage_that_is_gone_shows_the_words_that_were_quoted(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        stage.library.cut.clear()
        card = await room.opens("[1]")
    assert "已经不在原处" in card["text"]
    assert "一万二千个" in card["text"]


async def test_two_bots_with_one_token_are_told_so_and_the_first_goes_on(stage):
    room = stage.room()
    async with stage.running(), httpx.AsyncClient() as rival:
        await room.says("停车泊位建了多少？")
        await room.hears()
        await rival.post(f"{stage.proxy.url}/bot{stage.proxy.token}/getUpdates", data={"timeout": 0})
        await stage.proxy.until(lambda: any(call.status == 409 for call in stage.proxy.calls))
        await room.says("那志愿者呢？")
        await room.hears()
    assert "另有一个程序正用同一个令牌收消息" in "".join(stage.told)
    assert len(room.said()) == 2


async def test_a_gateway_page_in_place_of_updates_is_outlived(stage):
    room = stage.room()
    stage.proxy.play(Page(method="deleteWebhook"), Page(method="getUpdates", times=3))
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
    assert len([told for told in stage.told if "连接出了问题" in told]) == 2


async def test_a_token_that_telegram_takes_back_ends_the_bot_with_a_sentence(stage):
    stage.proxy.play(Refusal(method="getUpdates", code=401, description="Unauthorized"))
    with pytest.raises(TokenError, match="BotFather") as raised:
        await stage.serve(asyncio.Event())
    assert stage.proxy.token not in str(raised.value)


async def test_an_update_that_can_not_be_kept_is_brought_again_and_answered_once(stage):
    room = stage.room()
    failures = []

    class Full(Inbox):
        def receive(self, bot, came, **held):
            came = list(came)
            if came and not failures:
                failures.append(came)
                raise StoreError("disk full")
            return super().receive(bot, came, **held)

    stage.keep_with(Full)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.says("那志愿者呢？")
        await room.hears()
    assert len(failures) == 1
    assert len(room.said()) == 2


async def test_a_button_under_a_message_that_telegram_no_longer_tells_of_still_works(stage):
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        answer = await room.hears()
        bare = {"message_id": answer["message_id"], "chat": answer["chat"], "date": 0}
        data = answer["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        stage.proxy.queries.add("4711")
        query = {"id": "4711", "from": room.person.user, "chat_instance": "1", "message": bare, "data": data}
        await stage.proxy.inject({"callback_query": query})
        assert HEADINGS[0] in (await room.sees(answer))["text"]
