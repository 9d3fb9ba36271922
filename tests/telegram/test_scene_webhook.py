"""Scenes with a webhook: who may bring updates, what is said of the server's health."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import closing

import httpx
import pytest
from stage.faults import Refusal
from stage.proxy import parameters

from bot.errors import AddressError
from bot.store import Store, StoreError
from bot.store.delivery.inbox import Inbox
from bot.telegram.service import KINDS
from bot.telegram.updates.webhook import HEADER

RIGHT = {HEADER: "s3cret_-token"}


async def test_questions_come_in_by_webhook_and_taps_too(stage):
    stage.webhook()
    room = stage.room()
    async with stage.running():
        await room.says("停车泊位建了多少？")
        await room.hears()
        await room.opens("[1]")
    (hooked,) = stage.proxy.made("setWebhook")
    assert hooked.given["secret_token"] == RIGHT[HEADER]
    assert parameters(hooked, "allowed_updates") == list(KINDS)
    assert stage.proxy.made("getUpdates") == []


@pytest.mark.parametrize(
    "headers", [{}, {HEADER: "wrong"}, {HEADER: ""}, {HEADER: RIGHT[HEADER] + "x"}, {HEADER: "密".encode()}]
)
async def test_who_does_not_know_the_secret_is_turned_away(stage, headers):
    url, room = stage.webhook(), stage.room()
    update = {"update_id": 1, "message": room.write({"text": "停车泊位建了多少？"})}
    async with stage.running(), httpx.AsyncClient() as stranger:
        answer = await stranger.post(url, json=update, headers=headers)
        assert answer.status_code == 403
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.asked == ["那志愿者呢？"]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"update_id": "x"}', 400), (b"\xff", 400), (b" " * (1 << 20) + b"1", 413)],
)
async def test_what_is_no_update_is_refused_and_leaves_the_server_well(stage, content, status):
    url = stage.webhook()
    async with stage.running(), httpx.AsyncClient() as client:
        assert (await client.post(url, content=content, headers=RIGHT)).status_code == status
        assert (await client.get(httpx.URL(url).copy_with(path="/healthz"))).status_code == 200


async def test_health_is_told_without_a_secret_and_nothing_else_is(stage):
    url = httpx.URL(stage.webhook())
    async with stage.running(), httpx.AsyncClient() as client:
        health = await client.get(url.copy_with(path="/healthz"))
        assert (health.status_code, health.json()) == (200, {"status": "ok"})
        assert (await client.get(url)).status_code == 405
        assert (await client.get(url.copy_with(path="/"))).status_code == 404
        port = url.port
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_kinds_that_were_not_asked_for_are_taken_and_left_alone(stage):
    url, room = stage.webhook(), stage.room()
    message = room.write({"text": "停车泊位建了多少？"})
    async with stage.running(), httpx.AsyncClient() as telegram:
        for update_id, kind in enumerate(("edited_message", "channel_post", "something_new"), 501):
            sent = {**message, "edit_date": message["date"]}
            if kind == "channel_post":
                sent["chat"] = {"id": -1007, "type": "channel", "title": "频道"}
            update = {"update_id": update_id, kind: sent}
            assert (await telegram.post(url, content=json.dumps(update), headers=RIGHT)).status_code == 200
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.asked == ["那志愿者呢？"]
    store = Store.open(stage.home / "bot.db")
    assert store.inbox.waiting(7) == ()
    store.close()


async def test_an_update_that_can_not_be_kept_is_not_acknowledged(stage):
    stage.webhook()
    room = stage.room()
    failures = []

    class Full(Inbox):
        def receive(self, bot, came, **held):
            if not failures:
                failures.append(came)
                raise StoreError("disk full")
            return super().receive(bot, came, **held)

    stage.keep_with(Full)
    async with stage.running():
        await room.says("停车泊位建了多少？")
        assert stage.answerer.asked == []
        assert await stage.proxy.deliver() == 1
        await room.hears()
    assert len(room.said()) == 1


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence(stage):
    stage.webhook()
    taken = socket.create_server(("127.0.0.1", int(stage.more["TELEGRAM_WEBHOOK_PORT"])))
    with taken, pytest.raises(AddressError, match="TELEGRAM_WEBHOOK_PORT"):
        await stage.serve(asyncio.Event())


async def test_an_address_that_telegram_refuses_ends_the_start_with_a_sentence(stage):
    stage.webhook()
    why = "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    stage.proxy.play(Refusal(method="setWebhook", description=why))
    with pytest.raises(AddressError, match=r"(?i)https url"):
        await stage.serve(asyncio.Event())


async def test_a_poisoned_update_is_taken_buried_and_shown_to_admins(stage):
    url, room = stage.webhook(), stage.room()
    poison = {"update_id": 4, "message": room.write({"text": "停车泊位建了多少？"}) | {"chat": {"id": "all"}}}
    async with stage.running(), httpx.AsyncClient() as client:
        for _ in range(2):
            assert (await client.post(url, json=poison, headers=RIGHT)).status_code == 200
        await room.says("那志愿者呢？")
        await room.hears()
    assert stage.answerer.asked == ["那志愿者呢？"]
    with closing(Store.open(stage.home / "bot.db")) as store:
        bot = 7  # whom the emulated Telegram takes it for
        noted = [one for one in store.failures.recent(bot) if one.kind == "UnusableUpdate"]
        assert [one.message for one in noted] == ["chat.id is no whole number that an id can be"] * 2
        assert store.inbox.waiting(bot) == ()


async def test_updates_that_cannot_be_kept_are_told_once_and_asked_for_again(stage):
    url, room = stage.webhook(), stage.room()
    full = {"is": True}

    class Full(Inbox):
        def receive(self, *given, **more):
            if full["is"]:
                raise StoreError("磁盘已满。")
            return super().receive(*given, **more)

    stage.keep_with(Full)
    update = {"update_id": 4, "message": room.write({"text": "停车泊位建了多少？"})}
    async with stage.running(), httpx.AsyncClient() as client:
        for _ in range(3):
            assert (await client.post(url, json=update, headers=RIGHT)).status_code == 503
        full["is"] = False
        assert (await client.post(url, json=update, headers=RIGHT)).status_code == 200
        await room.hears()
    assert sum("存不下来" in one for one in stage.told) == 1
    assert sum("又能存下来" in one for one in stage.told) == 1


async def test_an_update_whose_commit_seemed_to_fail_keeps_its_turn(stage):
    url, room = stage.webhook(), stage.room()
    failed = []

    class Unsure(Inbox):
        def receive(self, *given, **more):
            came = super().receive(*given, **more)
            if not failed:
                failed.append(came)
                raise StoreError("no answer to the commit")
            return came

    stage.keep_with(Unsure)
    first, second = (
        {"update_id": number, "message": room.write({"text": text})}
        for number, text in ((4, "停车泊位建了多少？"), (5, "那志愿者呢？"))
    )
    async with stage.running(), httpx.AsyncClient() as client:
        assert (await client.post(url, json=first, headers=RIGHT)).status_code == 503
        assert (await client.post(url, json=first, headers=RIGHT)).status_code == 200
        assert (await client.post(url, json=second, headers=RIGHT)).status_code == 200
        await room.hears()
        await room.hears()
    assert stage.answerer.asked == ["停车泊位建了多少？", "那志愿者呢？"]
