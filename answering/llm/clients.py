"""LangChain's chat models, made so that time limits, tries and the key are ours. Seam: langchain, openai.

What these libraries would else take from the environment (address, key, a proxy of their own, a gateway) is
given to them; HTTP_PROXY and its like are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openai
from langchain.chat_models import init_chat_model
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from answering.llm.stream_repair import repair
from answering.values.errors import ModelRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.language_models import BaseChatModel

OPENAI = "openai"
_ADDRESS = "https://api.openai.com/v1"
_NO_KEY = "none"  # the client wants a key even for a server that asks for none
_CONNECT = 10.0  # seconds
_ENDPOINT = re.compile(r"(?<!/)/++(?:chat/completions|completions|responses|models)/*$")
# Models that take max_completion_tokens and refuse max_tokens, behind whichever address.
_NEWER = re.compile(r"(?:.*/)?(?:o\d|gpt-(?:[5-9]|\d\d))", re.IGNORECASE)
# No connection is kept: an idle one belongs to an event loop that may be over by the next question.
# What is compressed can't be mended as it comes.
_HEADERS = {"Connection": "close", "Accept-Encoding": "identity"}
_LIMITS = ("max_tokens", "num_predict", "max_output_tokens")  # what classes call the limit of an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Which model, where, and how it is asked."""

    model: str
    provider: str = OPENAI
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    temperature: float | None = None
    timeout: float = 120.0  # seconds, for the HTTP client; the limits that count are ``patience``'s
    stream_usage: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)  # more members of the request's JSON
    langsmith: bool = False
    output: str = ""  # "json_schema" asks the server for answers after a schema; see json_output
    limit_name: str = ""  # what the server calls the most tokens of an answer; empty to find out

    @property
    def address(self) -> str | None:
        """The base URL without what people copy along, and with the /v1 that they leave out."""
        if self.provider != OPENAI or not self.base_url:
            return self.base_url
        bare = _ENDPOINT.sub("", self.base_url.rstrip("/"))
        return f"{bare}/v1" if not urlsplit(bare).path.strip("/") else bare

    @property
    def name(self) -> str:
        """The model, with its provider where that is not OpenAI's protocol."""
        return self.model if self.provider == OPENAI else f"{self.provider}:{self.model}"


def check(endpoint: Endpoint) -> None:
    """Refuse what the HTTP client would fail on with words that help nobody; raises ModelRefused."""
    key, address = endpoint.api_key or "", endpoint.base_url
    if not (key.isascii() and (not key or key.strip().isprintable())):
        raise ModelRefused("模型的密钥里有不该有的字符，请检查 OPENAI_API_KEY 是否复制完整。")
    try:
        parts = urlsplit(address or _ADDRESS)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise ModelRefused("模型接口的地址不完整：请把 OPENAI_BASE_URL 写成 https://主机/v1 的样子。")


def client(endpoint: Endpoint) -> BaseChatModel:
    """Return LangChain's model of this endpoint; raises ModelRefused when there can be none."""
    return _openai(endpoint) if endpoint.provider == OPENAI else _other(endpoint)


def limit_name(endpoint: Endpoint) -> str:
    """Return what the server most likely calls the most tokens of an answer: many ignore the newer name."""
    newer = endpoint.base_url is None or _NEWER.match(endpoint.model)
    return endpoint.limit_name or ("max_completion_tokens" if newer else "max_tokens")


def limited(
    chat: BaseChatModel, endpoint: Endpoint, limit: int, called: str
) -> tuple[BaseChatModel, dict[str, Any]]:
    """Return the model, and what to give its call, so that an answer takes at most ``limit`` tokens.

    ``called`` is the limit's name in OpenAI's protocol.
    """
    if endpoint.provider == OPENAI:
        if called == "max_completion_tokens":
            return chat, {"max_completion_tokens": limit}
        return chat, {"extra_body": {**endpoint.extra, "max_tokens": limit}}
    name = next((name for name in _LIMITS if name in type(chat).model_fields), None)
    return (chat.model_copy(update={name: limit}) if name else chat), {}


def _openai(endpoint: Endpoint) -> ChatOpenAI:
    timeout = openai.Timeout(endpoint.timeout, connect=min(_CONNECT, endpoint.timeout))
    return ChatOpenAI(
        model=endpoint.model,
        base_url=endpoint.address or _ADDRESS,
        api_key=SecretStr((endpoint.api_key or "").strip() or _NO_KEY),
        temperature=endpoint.temperature,
        timeout=timeout,
        max_retries=0,
        use_responses_api=False,  # else it speaks another protocol to models with certain names
        stream_usage=endpoint.stream_usage,
        stream_chunk_timeout=None,
        openai_proxy=None,
        extra_body=dict(endpoint.extra) or None,
        default_headers=_HEADERS,
        http_async_client=openai.DefaultAsyncHttpxClient(
            timeout=timeout, follow_redirects=False, event_hooks={"response": [repair]}
        ),
    )


def _other(endpoint: Endpoint) -> BaseChatModel:
    given = {
        "base_url": endpoint.base_url,
        "api_key": endpoint.api_key,
        "temperature": endpoint.temperature,
    }
    options = {name: value for name, value in given.items() if value is not None} | dict(endpoint.extra)
    try:
        made = init_chat_model(endpoint.model, model_provider=endpoint.provider, **options)
        # Which of these a class takes is known once there is one of it.
        quiet: dict[str, Any] = {"max_retries": 0, "default_headers": _HEADERS}
        known = {name: value for name, value in quiet.items() if name in type(made).model_fields}
        options = known | options
        tuned: BaseChatModel = init_chat_model(endpoint.model, model_provider=endpoint.provider, **options)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        named = package[1] if package else f"langchain-{endpoint.provider}"
        raise ModelRefused(
            f"CHAT_PROVIDER 是 {endpoint.provider} 时要先安装 {named}：pip install {named}。"
        ) from None
    except Exception as error:  # noqa: BLE001 - each provider's class refuses in its own way
        raise ModelRefused(_unfit(endpoint, error)) from None
    return tuned


def _unfit(endpoint: Endpoint, error: Exception) -> str:
    if "Unsupported provider" in str(error) or "model_provider" in str(error):
        return f"不认识 CHAT_PROVIDER 的值“{endpoint.provider}”，请写 openai、anthropic、ollama 等名字。"
    return (
        f"{endpoint.provider} 的模型按现在的设置建不起来（{type(error).__name__}），"
        "请检查 CHAT_MODEL、OPENAI_API_KEY、OPENAI_BASE_URL 和 CHAT_EXTRA_BODY。"
    )
