"""Scenes on the way to Telegram: proxies, a token that must stay secret, and what a probe finds."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import threading
from dataclasses import replace

import pytest
from stage.emulator import free_port
from stage.faults import Cut, Page, Refusal
from stage.relays import Relay, relaying

from bot.errors import MissingPartError
from bot.telegram.diagnostics.probe import NetworkHop, reach
from bot.telegram.sending.send_errors import TokenError

NAME = "telegram.invalid"  # resolves nowhere: whoever gets there was led by the proxy


def far(stage):
    """Give Telegram a name that only a proxy can find, and return the port it really has."""
    port = int(stage.proxy.url.rpartition(":")[2])
    stage.more["TELEGRAM_BASE_URL"] = f"http://{NAME}:{port}"
    return Relay(port)


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_everything_goes_through_the_proxy_and_names_are_looked_up_there(stage, scheme):
    relay, room = far(stage), stage.room()
    async with relaying(relay, relay.http if scheme == "http" else relay.socks):
        stage.more["TELEGRAM_PROXY"] = f"{scheme}://127.0.0.1:{relay.port}"
        async with stage.running():
            await room.says("停车泊位建了多少？")
            await room.hears()
    assert set(relay.asked_for) == {NAME}


async def test_a_token_is_in_no_log_whatever_goes_wrong(stage, caplog):
    caplog.set_level(logging.DEBUG)
    room = stage.room()
    token = stage.proxy.token

    def broken(question):
        raise ValueError(f"told by someone who holds {token}")

    stage.proxy.play(Cut(method="getUpdates"), Page(method="getUpdates"), Page(method="sendChatAction"))
    stage.answerer.script = broken
    async with stage.running():
        logging.getLogger("somebody").warning("the address is %s/bot%s/getMe", stage.proxy.url, token)
        await room.says("停车泊位建了多少？")
        told = await room.hears()
    assert "编号" in told["text"]
    assert any(record.name == "somebody" for record in caplog.records)
    assert any("ValueError" in (record.exc_text or "") for record in caplog.records)
    assert token not in caplog.text
    assert token not in "".join(stage.told)
    assert not any(record.name.startswith("http") for record in caplog.records)


async def test_after_the_bot_has_ended_logs_are_as_they_were_before(stage):
    before = logging.getLogRecordFactory(), logging.getLogger("httpx").level
    async with stage.running():
        pass
    assert (logging.getLogRecordFactory(), logging.getLogger("httpx").level) == before


async def test_a_wrong_token_ends_the_start_with_one_sentence(stage):
    stage.more["TELEGRAM_BOT_TOKEN"] = wrong = "123:wrong"
    with pytest.raises(TokenError) as raised:
        await stage.serve(asyncio.Event())
    assert "不认这个令牌" in str(raised.value)
    assert wrong not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


async def test_no_token_is_told_before_anything_is_called(stage):
    stage.more["TELEGRAM_BOT_TOKEN"] = ""
    with pytest.raises(MissingPartError, match="@BotFather"):
        await stage.serve(asyncio.Event())
    assert stage.proxy.calls == []


async def test_a_probe_that_comes_through_names_the_bot(stage):
    found = await reach(stage.settings(), stage.patience)
    assert (found.ok, found.hop, found.username) == (True, NetworkHop.NONE, "chengwen_test_bot")
    assert "/setinline" not in found.sentence


async def test_a_probe_tells_that_inline_mode_is_off(stage):
    stage.proxy.me["supports_inline_queries"] = False
    found = await reach(stage.settings(), stage.patience)
    assert found.ok
    assert "/setinline" in found.sentence


@pytest.mark.parametrize(
    ("more", "hop", "words"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, NetworkHop.TOKEN, "TELEGRAM_BOT_TOKEN"),
        ({"TELEGRAM_BOT_TOKEN": "123:wrong"}, NetworkHop.TOKEN, "不认这个令牌"),
        ({"TELEGRAM_BASE_URL": f"http://{NAME}"}, NetworkHop.NAME, NAME),
        ({"TELEGRAM_BASE_URL": "http://127.0.0.1:FREE"}, NetworkHop.SERVER, "TELEGRAM_BASE_URL"),
        ({"TELEGRAM_PROXY": "socks5://127.0.0.1:FREE"}, NetworkHop.PROXY, "TELEGRAM_PROXY"),
        ({"TELEGRAM_PROXY": f"http://{NAME}:1"}, NetworkHop.PROXY_NAME, NAME),
    ],
)
async def test_a_probe_tells_the_stretch_where_the_way_ends(stage, more, hop, words):
    stage.more |= {name: value.replace("FREE", str(free_port())) for name, value in more.items()}
    found = await reach(stage.settings(), stage.patience)
    assert (found.ok, found.hop) == (False, hop)
    assert words in found.sentence


# The HTTP library leaves the socket to a SOCKS proxy that refuses to be closed by the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_probe_tells_a_proxy_that_does_not_let_through(stage, scheme):
    relay = replace(far(stage), refuses=True)
    async with relaying(relay, relay.http if scheme == "http" else relay.socks):
        stage.more["TELEGRAM_PROXY"] = f"{scheme}://127.0.0.1:{relay.port}"
        found = await reach(stage.settings(), stage.patience)
    assert not found.ok
    # Without encryption it is asked with the first whole request only.
    assert found.hop is (NetworkHop.API if scheme == "http" else NetworkHop.HANDSHAKE)
    gc.collect()


@pytest.mark.parametrize(
    "fault",
    [Page(method="getMe"), Cut(method="getMe"), Refusal(method="getMe", code=404, description="Not Found")],
)
async def test_a_probe_tells_a_server_that_is_no_telegram(stage, fault):
    stage.proxy.play(replace(fault))
    found = await reach(stage.settings(), stage.patience)
    assert (found.ok, found.hop) == (
        False,
        NetworkHop.TOKEN if isinstance(fault, Refusal) else NetworkHop.API,
    )


async def test_a_token_is_in_no_trace_that_the_interpreter_prints_itself(stage, capsys):
    token = stage.proxy.token

    class Careless:
        def __del__(self):
            raise ValueError(f"left behind by {token}")

    def fails():
        raise ValueError(f"a thread of {token}")

    async with stage.running():
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
        Careless()
        gc.collect()
        sys.excepthook(ValueError, ValueError(f"the end of {token}"), None)
    told = capsys.readouterr().err
    assert all(words in told for words in ("a thread of ***", "left behind by ***", "the end of ***"))
    assert token not in told


async def test_a_token_is_in_no_log_of_the_event_loop_in_its_debug_mode(stage, caplog):
    caplog.set_level(logging.DEBUG)
    room, loop = stage.room(), asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0
    try:
        async with stage.running():
            await room.says("停车泊位建了多少？")
            await room.hears()
    finally:
        loop.set_debug(False)
    assert any(record.name == "asyncio" for record in caplog.records)
    assert stage.proxy.token not in caplog.text
