"""What a chat model's server does wrong, one thing after the other, becomes the right error in a sentence."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import aclosing, contextmanager
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import openai
import pytest
from certificates import self_signed
from chat_server import (
    amiss,
    cuts,
    fails,
    garbles,
    nothing,
    page,
    raw,
    redirects,
    say,
    serving,
    stalls,
    thinks,
)
from langchain_core import exceptions as langchain
from openai import _exceptions

from answering.llm.clients import Endpoint
from answering.llm.error_map import BY_KIND
from answering.llm.langchain_model import LangChainModel
from answering.llm.protocol import ChatMessage, Role
from answering.values.errors import (
    ContextTooLong,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelFiltered,
    ModelRefused,
    ModelSlow,
    ModelUnreachable,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    from chat_server import Reply

KEY = "sk-secret-0123456789"


def model(url: str, **more: Any) -> LangChainModel:
    return LangChainModel(Endpoint(**{"model": "m", "base_url": url, "api_key": KEY, "timeout": 5.0} | more))


async def refusal(chat: LangChainModel) -> ModelError:
    async def hear() -> None:
        async with aclosing(chat.stream(asked, limit=50)) as pieces:
            async for _ in pieces:
                pass

    asked = (ChatMessage(role=Role.USER, content="停车位？"),)
    with pytest.raises(ModelError) as raised:
        await hear()
    return raised.value


LONG_CONTEXT = {
    "openai": "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000.",
    "vllm": "The decoder prompt (length 9000) is longer than the maximum model length of 4096.",
    "llama.cpp": "the request exceeds the available context size, try increasing it",
    "dashscope": "Range of input length should be [1, 6000]",
    "moonshot": "Invalid request: Your request exceeded model token limit: 8192",
    "sglang": "The input (9000 tokens) is longer than the model's context length (4096 tokens).",
    "zhipu": "Prompt exceeds max length",
    "anthropic": "prompt is too long: 210000 tokens > 200000 maximum",
    "tgi": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096",
    "gemini": "The input token count (9000) exceeds the maximum number of tokens allowed (4096).",
    "chinese": "输入内容过长，超过模型上下文长度限制",
}
FILTERED = {
    "azure": fails(
        400, "The response was filtered due to Azure's content management policy", code="content_filter"
    ),
    "dashscope": fails(400, "Input data may contain inappropriate content.", code="data_inspection_failed"),
    "deepseek": fails(400, "Content Exists Risk"),
    "zhipu": fails(400, "系统检测到输入或生成内容可能包含不安全或敏感内容", code="1301"),
}
SPENT = {
    "openai": fails(429, "You exceeded your current quota, please check", code="insufficient_quota"),
    "deepseek": fails(402, "Insufficient Balance"),
    "moonshot": fails(429, "Your account is suspended", kind="exceeded_current_quota_error"),
    "dashscope": fails(400, "Access denied, your account is not in good standing", code="Arrearage"),
    "chinese": fails(429, "您的账户已欠费，请充值后重试", code="1113"),
}

# reply, our error, words of its sentence, whether the same call may go well later
FAULTS: dict[str, tuple[Reply, type[ModelError], str, bool]] = {
    "bad key, echoed": (
        fails(401, f"Incorrect API key provided: {KEY}"),
        ModelRefused,
        "OPENAI_API_KEY",
        False,
    ),
    "bad key, bare": (fails(401, html=True), ModelRefused, "OPENAI_API_KEY", False),
    "not allowed": (fails(403), ModelRefused, "OPENAI_API_KEY", False),
    "no such model": (fails(404, "The model `m` does not exist"), ModelRefused, "CHAT_MODEL", False),
    "no such address": (fails(404, html=True), ModelRefused, "OPENAI_BASE_URL", False),
    "wrong method": (fails(405, html=True), ModelRefused, "OPENAI_BASE_URL", False),
    "unknown option": (
        fails(400, "Unknown parameter: 'stream_options'"),
        ModelRefused,
        "CHAT_STREAM_USAGE",
        False,
    ),
    "unprocessable": (fails(422), ModelRefused, "CHAT_EXTRA_BODY", False),
    "conflict": (fails(409), ModelBroken, "自身出错", True),
    "too many requests": (fails(429, "Rate limit reached for requests"), ModelBusy, "请求太多", True),
    "server error": (fails(500), ModelBroken, "自身出错", True),
    "gateway error": (fails(502, html=True), ModelBroken, "自身出错", True),
    "overloaded": (fails(529), ModelBroken, "自身出错", True),
    "request timeout": (fails(408), ModelSlow, "没有回答", True),
    "too large": (fails(413, html=True), ContextTooLong, "CHAT_EVIDENCE_TOKENS", False),
    "teapot": (fails(418), ModelBroken, "意外", True),
    "redirect": (redirects("http://127.0.0.1:9/login"), ModelRefused, "最终的地址", False),
    "redirect that keeps the body": (
        redirects("http://127.0.0.1:9/v1", 307),
        ModelRefused,
        "最终的地址",
        False,
    ),
    "a page": (page(), ModelBroken, "/v1 结尾", False),
    "JSON for a stream": (raw(b'{"choices": []}', kind="application/json"), ModelBroken, "/v1 结尾", False),
    "not JSON from the start": (garbles(), ModelBroken, "/v1 结尾", False),
    "not JSON later": (garbles("半句"), ModelBroken, "不成样子", True),
    "not UTF-8": (raw(b"data: \xff\xfe\n\n"), ModelBroken, "/v1 结尾", False),
    "JSON null": (raw(b"data: null\n\n"), ModelBroken, "/v1 结尾", False),
    "JSON of another kind": (raw(b"data: [1]\n\n"), ModelBroken, "/v1 结尾", False),
    "nothing at all": (raw(b""), ModelBroken, "/v1 结尾", False),
    "no choices": (nothing(), ModelBroken, "/v1 结尾", False),
    "null choices": (raw(b'data: {"choices": null}\n\ndata: [DONE]\n\n'), ModelBroken, "/v1 结尾", False),
    "no delta": (raw(b'data: {"choices": [{"index": 0}]}\n\n'), ModelBroken, "/v1 结尾", False),
    "an empty answer": (say(""), ModelBroken, "一个字也没有说", True),
    "blanks for an answer": (say(" \n "), ModelBroken, "一个字也没有说", True),
    "thoughts alone": (say("<think>想啊想", finish="length"), ModelBroken, "CHAT_MAX_TOKENS", False),
    "reasoning alone": (thinks("想啊想", "", finish="length"), ModelBroken, "CHAT_MAX_TOKENS", False),
    "slow": (say("好", first=5), ModelSlow, "没有回答", True),
    "stalled": (stalls("半句"), ModelSlow, "没有回答", True),
    "cut": (cuts("半句"), ModelBroken, "断了", True),
    "cut before a word": (cuts(""), ModelBroken, "断了", True),
    "ended without an end": (cuts("半句", tidy=True), ModelBroken, "断了", True),
    "told amid the stream": (amiss("半句"), ModelBroken, "断了", True),
    "told at once in the stream": (amiss("", "engine died"), ModelBroken, "断了", True),
    "failed by its own word": (say("半句", finish="network_error"), ModelBroken, "断了", True),
    "filtered amid the answer": (say("半句", finish="content_filter"), ModelFiltered, "过滤", False),
    "filtered, told in the stream": (
        amiss("半", "blocked", code="content_filter"),
        ModelFiltered,
        "过滤",
        False,
    ),
    "too long, told in the stream": (amiss("", LONG_CONTEXT["vllm"]), ContextTooLong, "EVIDENCE", False),
    **{
        f"too long: {vendor}": (fails(400, words), ContextTooLong, "CHAT_EVIDENCE_TOKENS", False)
        for vendor, words in LONG_CONTEXT.items()
    },
    **{f"filtered: {vendor}": (reply, ModelFiltered, "过滤", False) for vendor, reply in FILTERED.items()},
    **{f"spent: {vendor}": (reply, ModelBusy, "额度", False) for vendor, reply in SPENT.items()},
}


@pytest.mark.parametrize(("reply", "kind", "words", "again"), FAULTS.values(), ids=FAULTS.keys())
async def test_what_a_server_does_wrong_is_told(
    reply: Reply, kind: type[ModelError], words: str, *, again: bool
) -> None:
    with serving(reply) as server:
        error = await refusal(model(server.url, timeout=0.5))
    assert type(error) is kind
    assert words in str(error)
    assert error.again is again
    assert str(error).startswith("模型 m ")
    assert KEY not in repr(error)
    assert error.__suppress_context__ or error.__context__ is None
    # Trying again is not the seam's business, but for more room where thinking used up all there was.
    assert len(server.requests) == (2 if "还没有开口" in str(error) else 1)


def _dated(seconds: float) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(None, None), (7, 7), ("0.5", 0.5), ("-3", 0), ("soon", None), ("nan", None), ("1e9", 86_400)],
)
async def test_what_the_server_asks_to_wait_is_kept(after: Any, expected: float | None) -> None:
    with serving(fails(429, after=after)) as server:
        error = await refusal(model(server.url))
    assert isinstance(error, ModelBusy)
    assert error.after == expected


async def test_a_date_to_wait_for_is_told_in_seconds() -> None:
    with serving(fails(429, after=_dated(40)), fails(429, after=_dated(-40))) as server:
        chat = model(server.url)
        late, past = await refusal(chat), await refusal(chat)
    assert isinstance(late, ModelBusy)
    assert isinstance(past, ModelBusy)
    assert 35 < (late.after or 0) <= 40
    assert past.after == 0


async def test_a_quota_that_comes_back_is_worth_another_try() -> None:
    with serving(fails(429, "You exceeded your current quota", after=3)) as server:
        assert (await refusal(model(server.url))).again


# -- no server there


@contextmanager
def answering(*, content: bytes = b"", tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Take one connection, perhaps encrypted, say ``content`` and hang up; yield the port."""

    def take() -> None:
        taken, _ = listener.accept()
        try:
            with tls.wrap_socket(taken, server_side=True) if tls else taken as line:
                line.recv(1000)
                line.sendall(content)
        except OSError:
            taken.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=take)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


async def test_nobody_listening_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        error = await refusal(model(f"http://127.0.0.1:{free.getsockname()[1]}/v1"))
    assert (type(error), "没有服务在听" in str(error)) == (ModelUnreachable, True)


async def test_a_host_that_does_not_exist_is_told() -> None:
    error = await refusal(model("http://no-such-host.invalid/v1"))
    assert (type(error), "主机找不到" in str(error)) == (ModelUnreachable, True)


async def test_a_server_without_encryption_behind_https_is_told() -> None:
    with answering(content=b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = await refusal(model(f"https://127.0.0.1:{port}/v1"))
    assert (type(error), "http 还是 https" in str(error)) == (ModelUnreachable, True)


async def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path) -> None:
    with answering(tls=self_signed(tmp_path)) as port:
        error = await refusal(model(f"https://127.0.0.1:{port}/v1"))
    assert (type(error), "证书" in str(error)) == (ModelUnreachable, True)


async def test_a_line_that_is_hung_up_without_a_word_is_told() -> None:
    with answering() as port:
        error = await refusal(model(f"http://127.0.0.1:{port}/v1"))
    assert (type(error), error.again) == (ModelBroken, True)


# -- completeness


def kinds(root: type[BaseException], *modules: str) -> Iterator[type[BaseException]]:
    yield root
    for below in root.__subclasses__():
        if below.__module__ in modules and not below.__name__.startswith("_"):
            yield from kinds(below, *modules)


def test_every_error_of_the_libraries_is_mapped() -> None:
    """Those left out come from webhooks, sockets and workload tokens, which chats have no part in."""
    elsewhere = {
        _exceptions.SubjectTokenProviderError,
        openai.WebSocketConnectionClosedError,
        openai.WebSocketQueueFullError,
    }
    theirs = set(kinds(openai.OpenAIError, "openai", "openai._exceptions")) - elsewhere
    theirs |= set(kinds(langchain.ModelError, "langchain_core.exceptions"))
    assert theirs | {TimeoutError, OSError, Exception} == set(BY_KIND)
