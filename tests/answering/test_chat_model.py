"""A model behind a real HTTP server is heard as it speaks, and hung up on; unfit settings are told."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import NEVER, Script, fails, page, raw, say, serving, stalls, thinks

from answering.llm.clients import Endpoint
from answering.llm.langchain_model import LangChainModel
from answering.llm.protocol import ChatMessage, Role, Usage
from answering.values.errors import (
    ContextTooLong,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelUnreachable,
)

if TYPE_CHECKING:
    from chat_server import Reply

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-secret-0123456789"
ASKED = (ChatMessage(role=Role.SYSTEM, content="只用材料。"), ChatMessage(role=Role.USER, content="停车位？"))


def model(url: str | None, **more: Any) -> LangChainModel:
    return LangChainModel(Endpoint(**{"model": "m", "base_url": url, "api_key": KEY, "timeout": 5.0} | more))


async def heard(chat: LangChainModel, *, limit: int = 50) -> tuple[str, Usage | None]:
    text, usage = "", None
    async with aclosing(chat.stream(ASKED, limit=limit)) as pieces:
        async for piece in pieces:
            text += piece.text
            usage = piece.usage or usage
    return text, usage


async def refusal(chat: LangChainModel) -> ModelError:
    with pytest.raises(ModelError) as raised:
        await heard(chat)
    return raised.value


# -- what is sent and heard


async def test_words_come_in_pieces_and_the_usage_last() -> None:
    with serving(say("新建停车位2.8万余个[1]。", size=3, usage=(31, 12))) as server:
        pieces = [piece async for piece in model(server.url).stream(ASKED, limit=50)]
    assert "".join(piece.text for piece in pieces) == "新建停车位2.8万余个[1]。"
    assert len([piece for piece in pieces if piece.text]) == 5
    assert [piece.usage for piece in pieces if piece.usage] == [Usage(prompt=31, completion=12)]
    assert pieces[-1].usage


async def test_a_server_other_than_openais_gets_what_every_server_knows() -> None:
    extra = {"enable_thinking": False}
    with serving(say("好")) as server:
        await heard(model(server.url, extra=extra), limit=77)
    asked = server.requests[0]
    assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert asked.body == {
        "model": "m",
        "messages": [{"role": "system", "content": "只用材料。"}, {"role": "user", "content": "停车位？"}],
        "max_tokens": 77,
        "stream": True,
        "stream_options": {"include_usage": True},
        "enable_thinking": False,
    }


async def test_switches_change_the_request() -> None:
    with serving(say("好")) as server:
        chat = model(server.url, temperature=0.2, stream_usage=False, api_key=None)
        assert await heard(chat) == ("好", None)
    asked = server.requests[0]
    assert asked.body["temperature"] == 0.2
    assert "stream_options" not in asked.body
    assert asked.headers["authorization"] == "Bearer none"


@pytest.mark.parametrize("name", ["gpt-5-mini", "openai/o4-mini", "gpt-5.2-codex"])
async def test_models_that_refuse_max_tokens_get_the_newer_name_and_the_same_protocol(name: str) -> None:
    with serving(say("好")) as server:
        await heard(model(server.url, model=name), limit=77)
    asked = server.requests[0]
    assert asked.path == "/v1/chat/completions"
    assert (asked.body["max_completion_tokens"], "max_tokens" in asked.body) == (77, False)


async def test_usage_that_comes_with_every_chunk_is_a_sum_and_is_not_added_up() -> None:
    def chunk(text: str, tokens: int, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
        usage = {"prompt_tokens": 20, "completion_tokens": tokens, "total_tokens": 20 + tokens}
        return f"data: {json.dumps({'id': '1', 'choices': [choice], 'usage': usage})}\n\n"

    told = chunk("好", 1) + chunk("的", 2) + chunk("", 2, "stop") + "data: [DONE]\n\n"
    with serving(raw(told.encode())) as server:
        assert await heard(model(server.url)) == ("好的", Usage(prompt=20, completion=2))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_reasoning_is_a_sign_of_life_and_not_shown(name: str) -> None:
    with serving(thinks("先看材料，再数一数停车位", "好[1]。", field_name=name)) as server:
        pieces = [piece async for piece in model(server.url).stream(ASKED, limit=50)]
    assert "".join(piece.text for piece in pieces) == "好[1]。"
    assert [piece.text for piece in pieces][:2] == ["", ""]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
async def test_thoughts_in_the_text_are_left_out_however_they_are_cut(size: int) -> None:
    with serving(say("<think>\n算一算 <b>\n</think>\n\n好[1]。", size=size)) as server:
        assert (await heard(model(server.url)))[0] == "好[1]。"


@pytest.mark.parametrize("text", ["\0", "\ud800台州", "文" * 50_000], ids=repr)
async def test_hostile_text_is_sent_harmless(text: str) -> None:
    with serving(say("好")) as server:
        pieces = model(server.url).stream([ChatMessage(role=Role.USER, content=text)], limit=5)
        assert "".join([piece.text async for piece in pieces]) == "好"
    assert not set(server.requests[0].said) & {"\0", "\ud800"}


def test_one_model_serves_one_event_loop_after_the_other() -> None:
    with serving(say("好")) as server:
        chat = model(server.url)
        assert [asyncio.run(heard(chat))[0] for _ in range(3)] == ["好"] * 3


async def test_several_calls_at_once_do_not_mix() -> None:
    with serving(say(lambda body: f"{body['max_tokens']}", size=1, pause=0.005)) as server:
        chat = model(server.url)
        got = await asyncio.gather(*(heard(chat, limit=10**n) for n in range(2, 8)))
    assert [text for text, _ in got] == [str(10**n) for n in range(2, 8)]


# -- hanging up


async def test_closing_the_stream_hangs_up_at_once() -> None:
    with serving(say("一句很长的话", size=2, pause=0.02, endless=True)) as server:
        stream = model(server.url).stream(ASKED, limit=900)
        while not (await anext(stream)).text:
            pass
        await stream.aclose()
        assert server.requests[0].gone.wait(30)
        sent = server.requests[0].sent
        await asyncio.sleep(0.2)
        assert server.requests[0].sent == sent


@pytest.mark.parametrize(
    "reply", [say("话" * 900, first=30), say("话", pause=0.02, endless=True), stalls("半")]
)
async def test_cancelling_the_task_hangs_up_at_once(reply: Reply) -> None:
    with serving(reply) as server:
        task = asyncio.create_task(heard(model(server.url)))
        await asyncio.sleep(0.4)
        assert not server.requests[0].gone.is_set()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.requests[0].gone.wait(30)


async def test_a_stream_that_nobody_reads_to_its_end_is_hung_up_on_too() -> None:
    with serving(say("话", pause=0.02, endless=True)) as server:
        stream = model(server.url).stream(ASKED, limit=900)
        await anext(stream)
        del stream
        for _ in range(50):
            await asyncio.sleep(0.02)
        assert server.requests[0].gone.wait(30)


async def test_a_server_that_keeps_the_line_after_its_last_word_holds_nobody_up() -> None:
    done = b'data: {"id":"1","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}\n\n'
    with serving(Script(steps=(done, b"data: [DONE]\n\n", NEVER))) as server:
        async with asyncio.timeout(30):
            assert (await heard(model(server.url)))[0] == "x"


# -- settings that can't be used


@pytest.mark.parametrize("key", ["sk-密", "sk-1\nX-Other: 2", "sk-\x00"])
def test_a_key_that_is_none_is_told_without_it(key: str) -> None:
    with pytest.raises(ModelRefused, match="OPENAI_API_KEY") as raised:
        model("http://127.0.0.1:9/v1", api_key=key)
    assert key not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["localhost:8000/v1", "ftp://u:pass@host/v1", "http://", "http://[::1", "http://h:99999/"]
)
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(ModelRefused, match="OPENAI_BASE_URL") as raised:
        model(url)
    assert "pass" not in str(raised.value)


def test_a_provider_that_nobody_knows_is_told() -> None:
    with pytest.raises(ModelRefused, match="CHAT_PROVIDER"):
        model(None, provider="nobody")


def test_a_provider_whose_package_is_missing_is_told_with_its_name() -> None:
    with pytest.raises(ModelRefused, match="pip install langchain-cohere"):
        model(None, provider="cohere")


def test_a_provider_that_can_not_be_made_of_these_settings_is_told() -> None:
    with pytest.raises(ModelRefused, match="CHAT_EXTRA_BODY"):
        model(None, provider="ollama", extra={"num_ctx": "many"})


# -- other providers' protocols, through init_chat_model


def ollama(*texts: str, done: str = "stop") -> Reply:
    lines: list[dict[str, Any]] = [
        {"model": "m", "message": {"role": "assistant", "content": text}, "done": False} for text in texts
    ]
    end = {"done": True, "done_reason": done, "prompt_eval_count": 21, "eval_count": 5}
    lines.append({"model": "m", "message": {"role": "assistant", "content": ""}, **end})
    return raw("".join(json.dumps(line) + "\n" for line in lines).encode(), kind="application/x-ndjson")


def other(url: str, **more: Any) -> LangChainModel:
    return model(url.removesuffix("/v1"), provider="ollama", api_key=None, **more)


async def test_another_provider_is_heard_with_its_own_limit_and_usage() -> None:
    with serving(ollama("好", "的[1]。")) as server:
        chat = other(server.url, extra={"num_ctx": 4096})
        assert chat.name == "ollama:m"
        assert await heard(chat, limit=77) == ("好的[1]。", Usage(prompt=21, completion=5))
    asked = server.requests[0]
    assert asked.path == "/api/chat"
    assert (asked.body["options"]["num_predict"], asked.body["options"]["num_ctx"]) == (77, 4096)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fails(404, "model 'm' not found"), ModelRefused),
        (fails(500), ModelBroken),
        (fails(429), ModelBusy),
        (page(), ModelBroken),
        (ollama(), ModelBroken),
    ],
)
async def test_another_providers_errors_are_told(reply: Reply, kind: type[ModelError]) -> None:
    with serving(reply) as server:
        assert type(await refusal(other(server.url))) is kind


async def test_another_provider_that_is_not_there_is_told() -> None:
    assert type(await refusal(other("http://127.0.0.1:9"))) is ModelUnreachable


async def test_another_provider_is_hung_up_on() -> None:
    slow = ollama("好")
    assert not callable(slow)
    with serving(replace(slow, steps=(slow.steps[0], 30.0))) as server:
        stream = other(server.url).stream(ASKED, limit=50)
        while not (await anext(stream)).text:
            pass
        await stream.aclose()
        assert server.requests[0].gone.wait(30)


def anthropic(*texts: str) -> Reply:
    begun = {"id": "1", "type": "message", "role": "assistant", "content": [], "model": "m"}
    usage = {"input_tokens": 25, "output_tokens": 1}
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": begun | {"usage": usage}}, block]
    for text in texts:
        delta = {"type": "text_delta", "text": text}
        events.append({"type": "content_block_delta", "index": 0, "delta": delta})
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    cost = {"input_tokens": 25, "output_tokens": 15}
    events += [{"type": "message_delta", "delta": stop, "usage": cost}, {"type": "message_stop"}]
    return raw("".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events).encode())


def claude(url: str) -> LangChainModel:
    return model(url.removesuffix("/v1"), provider="anthropic")


async def test_a_provider_with_a_protocol_of_its_own_gets_one_request_a_call_and_keeps_no_line() -> None:
    with serving(anthropic("好", "的[1]。")) as server:
        assert await heard(claude(server.url), limit=77) == ("好的[1]。", Usage(prompt=25, completion=15))
    asked = server.requests[0]
    assert (asked.path, asked.headers["connection"]) == ("/v1/messages", "close")
    assert (asked.body["max_tokens"], asked.body["system"]) == (77, "只用材料。")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fails(401, KEY), ModelRefused),
        (fails(404), ModelRefused),
        (fails(429, after=3), ModelBusy),
        (fails(529), ModelBroken),
        (fails(400, "prompt is too long: 210000 tokens > 200000 maximum"), ContextTooLong),
        (page(), ModelBroken),
    ],
)
async def test_its_errors_are_told_and_nothing_is_tried_twice(reply: Reply, kind: type[ModelError]) -> None:
    with serving(reply) as server:
        error = await refusal(claude(server.url))
    assert type(error) is kind
    assert KEY not in str(error)
    assert len(server.requests) == 1


# -- what is loaded when, and who hears of it


def test_langchain_is_not_loaded_before_a_model_is_configured() -> None:
    script = (
        "import sys; import bot.cli, bot.assembly.wiring, answering.pipeline\n"
        "from bot.config.settings import Settings; from bot.assembly.wiring import Wiring\n"
        "assert Wiring(Settings.load({})).chat_model() is None\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'langchain', 'langchain_core', 'langchain_openai', 'langsmith', 'openai', 'tenacity', 'httpx2'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


TRACED = """
import asyncio, sys
from answering.llm.protocol import ChatMessage, Role
from answering.llm.clients import Endpoint
from answering.llm.langchain_model import LangChainModel
from langchain_core.tracers.langchain import wait_for_all_tracers
async def ask():
    chat = LangChainModel(Endpoint(model="m", base_url=sys.argv[1], langsmith=sys.argv[2] == "1"))
    async for piece in chat.stream([ChatMessage(role=Role.USER, content="停车位？")], limit=9):
        pass
asyncio.run(ask())
wait_for_all_tracers()
"""


@pytest.mark.parametrize("wanted", ["0", "1"])
def test_langsmith_hears_of_calls_only_where_it_was_asked_for(wanted: str) -> None:
    with serving(say("好")) as server:
        traces = server.url.removesuffix("/v1")
        names = ("LANGSMITH", "LANGCHAIN")
        env = {f"{name}_ENDPOINT": traces for name in names} | {f"{name}_API_KEY": "k" for name in names}
        env |= {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", TRACED, server.url, wanted]
        subprocess.run(command, cwd=ROOT, env=env, check=True, timeout=60)
        paths = {asked.path for asked in server.requests}
    assert "/v1/chat/completions" in paths
    assert bool(paths - {"/v1/chat/completions"}) is (wanted == "1")
