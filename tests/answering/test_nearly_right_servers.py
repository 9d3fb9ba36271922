"""Servers that are nearly OpenAI's: their complete answers are heard whole, and causes are told truly."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest
from chat_server import Script, fails, raw, said, say, serving, thinks

from answering.llm.clients import Endpoint
from answering.llm.json_output import JsonLines
from answering.llm.langchain_model import LangChainModel
from answering.llm.protocol import ChatMessage, Role
from answering.values.errors import ContextTooLong, ModelBroken, ModelBusy, ModelError, ModelRefused

if TYPE_CHECKING:
    from chat_server import Body, Reply

ASKED = (
    ChatMessage(role=Role.SYSTEM, content="只用资料。"),
    ChatMessage(role=Role.USER, content="停车位？"),
)
WORDS = "新增停车位2.8万个[1]。"


def model(url: str, **more: Any) -> LangChainModel:
    given = {"model": "m", "base_url": url, "api_key": "sk-x", "timeout": 5.0}
    return LangChainModel(Endpoint(**(given | more)))


async def heard(chat: LangChainModel, limit: int = 50) -> str:
    async with aclosing(chat.stream(ASKED, limit=limit)) as pieces:
        return "".join([piece.text async for piece in pieces])


def event(choices: list[Any], **more: Any) -> bytes:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": choices, **more}).encode() + b"\n\n"


def words(delta: dict[str, Any] | None, finish: str | None = None) -> bytes:
    return event([{"index": 0, "delta": delta, "finish_reason": finish}])


SPOKEN = words({"role": "assistant", "content": WORDS})
WHOLE = {
    "choices": [{"index": 0, "message": {"role": "assistant", "content": WORDS}, "finish_reason": "stop"}]
}

COMPLETE: dict[str, Reply] = {
    "a last chunk with no delta": raw(SPOKEN + words(None, "stop") + b"data: [DONE]\n\n"),
    "no reason why it stopped": raw(SPOKEN + b"data: [DONE]\n\n"),
    "pings as comments": raw(
        b": ping\n\n" + SPOKEN + b": ping\n\n" + words({}, "stop") + b"data: [DONE]\n\n"
    ),
    "pings as data": raw(
        b"data: : keepalive\n\n" + SPOKEN + b"data:\n\n" + words({}, "stop") + b"data: [DONE]\n\n"
    ),
    "a whole answer where a stream was asked for": Script(
        kind="application/json", steps=(json.dumps(WHOLE).encode(),)
    ),
    "thought in tags of another name": say(f"<thought>想一想：100个？</thought>{WORDS}"),
}


@pytest.mark.parametrize("reply", COMPLETE.values(), ids=COMPLETE)
async def test_a_complete_answer_is_heard_whole(reply: Reply) -> None:
    with serving(reply) as server:
        assert await heard(model(server.url)) == WORDS
        assert len(server.requests) == 1


EXCEEDED = {
    "quota": (fails(403, "Your quota has been exceeded for this request"), ModelBusy),
    "rate": (fails(429, "Request rate limit exceeded: 60 requests per minute"), ModelBusy),
    "tokens per minute": (fails(400, "This request exceeded the TPM limit of the project"), ModelBusy),
    "length of the answer": (
        fails(400, "max_tokens in this request exceeds the limit of 8192"),
        ModelRefused,
    ),
    "context": (fails(400, "The prompt exceeds the context window of 4096 tokens"), ContextTooLong),
}


@pytest.mark.parametrize(("reply", "kind"), EXCEEDED.values(), ids=EXCEEDED)
async def test_what_was_exceeded_is_told_truly(reply: Reply, kind: type[ModelError]) -> None:
    with serving(reply) as server, pytest.raises(ModelError) as raised:
        await heard(model(server.url))
    assert type(raised.value) is kind


async def test_the_name_of_the_limit_is_learned_once() -> None:
    def picky(body: Body) -> Reply:
        wrong = "max_tokens" in body
        told = "Unsupported parameter: 'max_tokens' is not supported, use 'max_completion_tokens' instead."
        return fails(400, told) if wrong else say(WORDS)

    with serving(picky) as server:
        chat = model(server.url)
        assert [await heard(chat), await heard(chat)] == [WORDS, WORDS]
        names = [sorted({"max_tokens", "max_completion_tokens"} & one.body.keys()) for one in server.requests]
    assert names == [["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"]]
    assert chat.learned == ("doctor_model_limit",)


async def test_the_name_of_the_limit_can_be_set() -> None:
    with serving(say(WORDS)) as server:
        assert await heard(model(server.url, limit_name="max_completion_tokens")) == WORDS
        assert server.requests[0].body["max_completion_tokens"] == 50


async def test_instructions_go_before_the_question_where_there_is_no_system_role() -> None:
    def old(body: Body) -> Reply:
        roles = [one["role"] for one in body["messages"]]
        return fails(400, "System role not supported") if "system" in roles else say(WORDS)

    with serving(old) as server:
        chat = model(server.url)
        assert await heard(chat) == WORDS
        assert said(server.requests[1].body) == "只用资料。\n\n停车位？"
    assert chat.learned == ("doctor_model_system",)


async def test_a_model_that_only_thought_gets_more_room_once() -> None:
    def long_thought(body: Body) -> Reply:
        room = body.get("max_tokens", 0)
        return thinks("想" * 40, WORDS) if room > 100 else thinks("想" * 40, "", finish="length")

    with serving(long_thought) as server:
        chat = model(server.url)
        assert await heard(chat) == WORDS
        assert [one.body["max_tokens"] for one in server.requests] == [50, 200]
    with serving(thinks("想" * 40, "", finish="length")) as server:
        with pytest.raises(ModelBroken, match="CHAT_MAX_TOKENS"):
            await heard(model(server.url))
        assert len(server.requests) == 2


@pytest.mark.parametrize("ending", ["", "/", "/v1/chat/completions", "/v1/chat/completions/", "/v1/"])
async def test_an_address_with_too_much_or_too_little_is_mended(ending: str) -> None:
    with serving(say(WORDS)) as server:
        chat = model(server.url.removesuffix("/v1") + ending)
        assert await heard(chat) == WORDS
        assert server.requests[0].path == "/v1/chat/completions"
    assert ("doctor_model_address" in chat.learned) is (ending != "/v1")


LINES = json.dumps(
    {"lines": [{"text": "新增停车位2.8万个。", "sources": [1]}, {"text": "改造小区74个", "sources": [2, 3]}]},
    ensure_ascii=False,
)


async def test_lines_after_a_schema_are_heard_as_text() -> None:
    with serving(say(LINES)) as server:
        said = await heard(model(server.url, output="json_schema"))
        assert said == "新增停车位2.8万个。[1]\n改造小区74个。[2][3]\n"
        body = server.requests[0].body
        assert body["response_format"]["type"] == "json_schema"
        assert "JSON" in body["messages"][0]["content"]


async def test_a_server_that_refuses_the_schema_is_asked_in_plain_words_from_then_on() -> None:
    refuses = fails(400, "This response_format type is unavailable now")
    with serving(lambda body: refuses if "response_format" in body else say(WORDS)) as server:
        chat = model(server.url, output="json_schema")
        assert await heard(chat) == WORDS
        assert "doctor_model_schema" in chat.learned
        assert await heard(chat) == WORDS
        assert ["response_format" in one.body for one in server.requests] == [True, False, False]


@pytest.mark.parametrize("answer", [WORDS, "{停车位}新增2.8万个[1]。", '{"answer": "新增2.8万个"}'])
async def test_plain_words_under_a_schema_are_heard(answer: str) -> None:
    with serving(say(answer)) as server:
        assert await heard(model(server.url, output="json_schema")) == answer


async def test_a_line_is_told_before_the_answer_is_over() -> None:
    stream = JsonLines()
    told = [stream.feed(piece) for piece in ('{"lines": [{"text": "新增', '2.8万个", "sources": [1]}', ", ")]
    assert told == ["", "新增2.8万个。[1]\n", ""]
    assert stream.close() == ""
