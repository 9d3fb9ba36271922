"""The cluster's test sees what it is for: updates are brought until taken, losses and doubles are counted."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import certificates
from aiohttp import web
from bringing import Bringing
from crowd import Asked, Crowd, outcomes
from readers import Reader

from bot.store import Store
from bot.store.delivery.inbox import ReceivedUpdate, SentPart

BOT = 7


@asynccontextmanager
async def _served(folder, route):
    """Serve one route over TLS; gives the address."""
    app = web.Application()
    app.add_routes([route])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificates.self_signed(folder))
    await site.start()
    yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_an_update_is_brought_until_it_is_taken_and_those_behind_it_wait(tmp_path):
    taken, seen = [], []

    async def hook(request):
        update = await request.json()
        seen.append(update["update_id"])
        if len(seen) < 3:
            return web.Response(status=503)
        taken.append((update["update_id"], request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        return web.Response()

    async with _served(tmp_path, web.post("/hook", hook)) as address:
        telegram = Bringing.trusting(tmp_path / certificates.NAME, None)
        await telegram.start()
        await telegram._forward("setWebhook", {"url": f"{address}/hook", "secret_token": "s"})
        crowd = Crowd(telegram, 1, ("一", "二"), ahead=2)
        stop = asyncio.Event()
        asking = asyncio.create_task(crowd.go_on(stop))
        async with asyncio.timeout(10):
            while len(taken) < 2:  # noqa: ASYNC110 - a server may take its time
                await asyncio.sleep(0.01)
        stop.set()
        await asking
        await telegram.stop()
    first, second = (one.update_id for one in crowd.asked)
    assert seen == [first, first, first, second]
    assert taken == [(first, "s"), (second, "s")]
    assert telegram.again == 2


async def test_lost_doubled_and_disordered_answers_are_told_apart(tmp_path, database_url, postgres):
    certificates.self_signed(tmp_path)
    telegram = Bringing.trusting(tmp_path / certificates.NAME, None)
    await telegram.start()
    crowd = Crowd(telegram, 2, (), ahead=0)
    one, other = (room.id for room in crowd.rooms)
    crowd.asked = [
        Asked(update_id, chat, 0.0) for update_id, chat in ((1, one), (2, one), (3, other), (4, other))
    ]
    store = Store.open(database_url)
    store.inbox.receive(
        BOT, [ReceivedUpdate(update_id=asked.update_id, payload="{}") for asked in crowd.asked]
    )
    store.failures.note(BOT, "f", kind="X", message="why", update_id=2)
    # In the first chat 2 stands before 1; in the second, 3 has two parts, and something stands between them.
    for update_id, chat in ((2, one), (1, one), (3, other)):
        sent = await telegram._send({"chat_id": str(chat), "text": f"answer {update_id}"})
        store.inbox.put_part(BOT, update_id, 0, SentPart(state="sent", message_id=sent["message_id"]))
    await telegram._send({"chat_id": str(other), "text": "what nobody asked for"})
    again = await telegram._send({"chat_id": str(other), "text": "x"})
    with postgres.connected(database_url) as asked:
        asked.execute("UPDATE parts SET part = 1 WHERE update_id = 3")
        asked.execute(
            "INSERT INTO parts SELECT bot, update_id, 0, state, %s, changed FROM parts WHERE update_id = 3",
            (again["message_id"],),
        )
        found = outcomes(crowd, asked)
        assert (found.lost, found.strange, found.disordered) == ((4,), 1, (one,))
        assert found.doubled == ()  # two messages, and two parts that they are
        assert found.failed == {2: "X: why"}
        asked.execute("DELETE FROM parts WHERE update_id = 2")
        assert outcomes(crowd, asked).lost == (2, 4)
        # An answer that came once more, from a process that died before it could note it.
        asked.execute(
            "INSERT INTO answers (id, conversation, bot, update_id, record, said, made) "
            "VALUES ('abc', 1, %s, 1, '', '', 0)",
            (BOT,),
        )
        button = {"text": "[1]", "callback_data": "s:abc:1"}
        markup = json.dumps({"inline_keyboard": [[button]]})
        await telegram._send({"chat_id": str(one), "text": "x", "reply_markup": markup})
        assert outcomes(crowd, asked).doubled == (1,)
        await telegram._send({"chat_id": str(one), "text": "answer 1"})
        await telegram._send({"chat_id": str(other), "text": "answer 3"})
        assert outcomes(crowd, asked).doubled == (1, 3)
    store.close()
    await telegram.stop()


async def test_a_reader_counts_what_came(tmp_path):
    async def page(request):
        return web.Response(status=200 if len(told) else 503, text=str(told.append(1)))

    told: list[int] = []
    async with _served(tmp_path, web.get("/read/", page)) as address:
        reader, stop = Reader(address, tmp_path / certificates.NAME), asyncio.Event()
        reading = asyncio.create_task(reader.go_on(stop))
        async with asyncio.timeout(10):
            while reader.told.total() < 3:  # noqa: ASYNC110 - a server may take its time
                await asyncio.sleep(0.01)
        stop.set()
        await reading
    assert reader.told[503] == 1
    assert 0.5 < reader.share < 1
