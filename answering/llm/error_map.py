"""What goes wrong at a chat model's server, told as our errors. Seam: openai, langchain_core.

Libraries' errors are mapped by kind, statuses by number, and what servers tell only in words by those words:
a context that is too long, a filter, a spent quota. No word of theirs gets into a message: it may be the key.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import openai
from langchain_core import exceptions as langchain

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
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Reason:
    """Which of our errors it is, and what to say; ``again`` where this one differs from its kind."""

    kind: type[ModelError]
    told: str
    again: bool | None = None


KEY = Reason(ModelRefused, "不接受这个密钥，请检查 OPENAI_API_KEY 是否正确、是否有权使用该模型。")
MODEL = Reason(ModelRefused, "没有这个模型或地址，请检查 CHAT_MODEL 和 OPENAI_BASE_URL。")
REQUEST = Reason(
    ModelRefused,
    "拒绝了请求，多半有它不认识的选项，请检查 CHAT_EXTRA_BODY、CHAT_TEMPERATURE、CHAT_MAX_TOKENS "
    "和 CHAT_STREAM_USAGE。",
)
MOVED = Reason(
    ModelRefused,
    "把请求转到了别处，请把 OPENAI_BASE_URL 写成最终的地址（注意 https 和末尾的 /v1）。",
)
BUSY = Reason(ModelBusy, "说请求太多，请稍后再试。")
QUOTA = Reason(ModelBusy, "说账户的额度用完了，请检查余额和用量上限。", again=False)
SICK = Reason(ModelBroken, "自身出错，请稍后再试。")
SLOW = Reason(ModelSlow, "在限定的时间内没有回答，请稍后再试。")
AWAY = Reason(ModelUnreachable, "连不上，请检查 OPENAI_BASE_URL、网络和代理。")
NO_HOST = Reason(ModelUnreachable, "的主机找不到，请检查 OPENAI_BASE_URL 和网络。")
NO_DOOR = Reason(ModelUnreachable, "那里没有服务在听，请检查它是否已启动、OPENAI_BASE_URL 的端口对不对。")
NO_TRUST = Reason(
    ModelUnreachable, "的加密连接建不起来，请检查证书，以及 OPENAI_BASE_URL 该用 http 还是 https。"
)
CUT = Reason(ModelBroken, "把话说到一半断了，请稍后再试。")
UNCLEAR = Reason(ModelBroken, "回答的不成样子，请稍后再试，并检查接口是否兼容 OpenAI 的流式格式。")
NO_MODEL = Reason(
    ModelBroken, "回答的不是模型的话，请检查 OPENAI_BASE_URL 是否指向接口（多半以 /v1 结尾）。", again=False
)
EMPTY = Reason(ModelBroken, "一个字也没有说，请稍后再试。")
ALL_THOUGHT = Reason(
    ModelBroken,
    "用完了 CHAT_MAX_TOKENS 还没有开口；会思考的模型请把它调大，或用 CHAT_EXTRA_BODY 关掉思考。",
    again=False,
)
HELD = Reason(ModelFiltered, "的内容过滤拦下了这次回答。")
LONG = Reason(
    ContextTooLong, "读不下这么长的问题和材料，请把 CHAT_EVIDENCE_TOKENS 调小，或换上下文更长的模型。"
)
LIMIT = Reason(
    ModelRefused,
    "不接受 CHAT_MAX_TOKENS 这么长的回答，请把它调小，或用 CHAT_LIMIT_NAME 写明它叫这个上限什么。",
)
ODD = Reason(ModelBroken, "出了意外的错误，请稍后再试。")

BY_KIND: Mapping[type[BaseException], Reason] = {
    openai.AuthenticationError: KEY,
    openai.OAuthError: KEY,
    openai.PermissionDeniedError: KEY,
    openai.NotFoundError: MODEL,
    openai.BadRequestError: REQUEST,
    openai.UnprocessableEntityError: REQUEST,
    openai.ConflictError: SICK,
    openai.RateLimitError: BUSY,
    openai.InternalServerError: SICK,
    openai.APITimeoutError: SLOW,
    openai.APIConnectionError: AWAY,
    openai.APIResponseValidationError: UNCLEAR,
    openai.ContentFilterFinishReasonError: HELD,
    openai.LengthFinishReasonError: ALL_THOUGHT,
    openai.APIStatusError: ODD,
    openai.APIError: CUT,  # told amid a stream
    openai.OpenAIError: ODD,
    langchain.ContextOverflowError: LONG,
    langchain.ModelAuthenticationError: KEY,
    langchain.ModelPermissionDeniedError: KEY,
    langchain.ModelNotFoundError: MODEL,
    langchain.ModelInvalidRequestError: REQUEST,
    langchain.ModelRateLimitError: BUSY,
    langchain.ModelAPIError: SICK,
    langchain.ModelTimeoutError: SLOW,
    langchain.ModelConnectionError: AWAY,
    langchain.ModelError: ODD,
    TimeoutError: SLOW,
    OSError: AWAY,
    Exception: UNCLEAR,
}
_BY_STATUS = {
    400: REQUEST,
    401: KEY,
    402: QUOTA,
    403: KEY,
    404: MODEL,
    405: MODEL,
    408: SLOW,
    413: LONG,
    422: REQUEST,
    429: BUSY,
    529: SICK,
}
# Deeper causes, which the libraries' own errors all call "connection error".
_BY_CAUSE: tuple[tuple[type[BaseException], Reason], ...] = (
    (socket.gaierror, NO_HOST),
    (ConnectionRefusedError, NO_DOOR),
    (ssl.SSLWantReadError, AWAY),
    (ssl.SSLError, NO_TRUST),
)
_BY_CAUSE_NAME = {
    "ConnectTimeout": AWAY,
    "RemoteProtocolError": CUT,
    "ReadError": CUT,
    "JSONDecodeError": UNCLEAR,
}
_RATE = re.compile(
    r"rate[_ -]?limit|(?:requests?|tokens?) per (?:minute|day|hour|second)|too many requests|\b[TRQ]P[MDS]\b|concurren"
    r"|频率|并发|每分钟|请求过多|限流",
    re.IGNORECASE,
)
_LIMITED = re.compile(r"max_(?:completion_|output_|new_)?tokens", re.IGNORECASE)
_CONTEXT = re.compile(r"context|inputs?`? tokens|prompt|上下文", re.IGNORECASE)
# The newer name of the limit is wanted; the role of instructions is not known.
WANTS_OTHER_LIMIT = re.compile(
    r"max_completion_tokens|max_tokens.{0,60}(?:not supported|unsupported|unrecognized|unknown|deprecated)"
    r"|(?:unsupported|unknown|unrecognized).{0,40}max_tokens",
    re.IGNORECASE,
)
NO_SCHEMA = re.compile("response_format|json.?schema|structured.?output|guided", re.IGNORECASE)
NO_SYSTEM = re.compile(
    r"system.{0,40}(?:not supported|unsupported|not allowed|invalid|not permitted)|(?:unsupported|invalid|unknown).{0,30}(?:role|system)"
    r"|developer instruction is not enabled|roles? must alternate|不支持.{0,6}system",
    re.IGNORECASE,
)
_WORDS = (
    (
        LONG,
        frozenset({None, 400, 413, 422, 500}),
        re.compile(
            r"context[_ -]?(?:length|window|size)|maximum context|max(?:imum)? (?:model|input|prompt) length"
            r"|(?:prompt|inputs?|messages?|request)\b.{0,60}?\b(?:too long|too large|exceed|longer than)"
            r"|range of input length|model token limit|max_new_tokens|exceeds max length"
            r"|上下文|(?:输入|提示词|请求|消息).{0,12}(?:过长|太长|超)|超.{0,6}最大.{0,4}长度",
            re.IGNORECASE,
        ),
    ),
    (
        HELD,
        frozenset({None, 400, 403, 422, 451, 500}),
        re.compile(
            r"content[_ ]?filter|content[_ ](?:management )?policy|data_?inspection|inappropriate content"
            r"|content exists risk|sensitive|safety system|敏感|违规|不当内容",
            re.IGNORECASE,
        ),
    ),
    (
        QUOTA,
        frozenset({None, 400, 402, 403, 429}),
        re.compile(
            r"insufficient.{0,10}(?:quota|balance|credit|funds)|quota.{0,20}exceed|exceed.{0,20}quota|exceeded.{0,14}current.{0,3}quota|arrearage"
            r"|AllocationQuota|billing|余额不足|欠费|额度.{0,6}(?:用完|耗尽|不足)",
            re.IGNORECASE,
        ),
    ),
)
_LONGEST = 2000  # characters read of what a server says
_LATEST = 86_400.0  # seconds


def mapped(error: Exception, where: str, *, begun: bool) -> ModelError:
    """Return our error for a library's; ``begun``: it came after a first piece of the answer's stream."""
    status = _status(error)
    reason = _reason(error, status)
    if reason is UNCLEAR and not begun:
        reason = NO_MODEL
    return told(reason, where, status=status, after=_after(error))


def told(reason: Reason, where: str, *, status: int | None = None, after: float | None = None) -> ModelError:
    """Return the error of this reason: one sentence."""
    if reason is QUOTA and after is not None:
        reason = BUSY  # a quota that comes back by itself
    sentence = f"{where}{reason.told}" + (f"（HTTP {status}）" if status else "")
    made = reason.kind(sentence, after=after) if issubclass(reason.kind, ModelBusy) else reason.kind(sentence)
    if reason.again is not None:
        made.again = reason.again
    return made


def chain(error: BaseException) -> str:
    """Return the kinds of an error and of its causes, for the log: their words may hold a key."""
    return " < ".join(type(one).__name__ for one in _causes(error))


def _reason(error: Exception, status: int | None) -> Reason:
    said = _said(error)
    if (named := _of_limits(said, status)) is not None:
        return named
    for reason, statuses, words in _WORDS:
        if status in statuses and words.search(said):
            return reason
    if isinstance(error, langchain.ContextOverflowError):
        return LONG
    if status is not None:
        return _of_status(error, status)
    return _of_cause(error) or next(BY_KIND[kind] for kind in type(error).__mro__ if kind in BY_KIND)


def _of_limits(said: str, status: int | None) -> Reason | None:
    """Tell apart what else is "exceeded" than a context: a quota, a rate, the length asked of an answer."""
    quota = next(words for reason, _, words in _WORDS if reason is QUOTA)
    if quota.search(said) and status in (None, 400, 402, 403, 429):
        return QUOTA
    if _RATE.search(said) and status in (None, 400, 403, 429, 503):
        return BUSY
    if _LIMITED.search(said) and not _CONTEXT.search(said) and status in (400, 422):
        return LIMIT
    return None


def refused_for(error: Exception) -> str:
    """Return what a server refuses of a request's form, if it says so: "limit", "schema", "system", or nothing."""
    if _status(error) not in (400, 404, 422, 500):
        return ""
    said = _said(error)
    if WANTS_OTHER_LIMIT.search(said):
        return "limit"
    if NO_SCHEMA.search(said):
        return "schema"
    return "system" if NO_SYSTEM.search(said) else ""


def _of_status(error: Exception, status: int) -> Reason:
    if 300 <= status < 400:
        return MOVED
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    found = next(BY_KIND[kind] for kind in type(error).__mro__ if kind in BY_KIND)
    return found if found is not UNCLEAR else ODD


def _of_cause(error: Exception) -> Reason | None:
    for one in _causes(error):
        for kind, reason in _BY_CAUSE:
            if isinstance(one, kind):
                return reason
        if type(one).__name__ in _BY_CAUSE_NAME:
            return _BY_CAUSE_NAME[type(one).__name__]
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(12):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    return status if isinstance(status, int) and 300 <= status < 600 else None


def _said(error: Exception) -> str:
    parts = (getattr(error, name, None) for name in ("code", "type", "message", "body"))
    return " ".join(str(part) for part in parts if part)[:_LONGEST] or str(error)[:_LONGEST]


def _after(error: Exception) -> float | None:
    """Return the seconds to wait that the server named, as seconds, milliseconds or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        if "retry-after-ms" in headers:
            return _within(float(headers["retry-after-ms"]) / 1000)
        value = str(headers.get("retry-after", "")).strip()
        return _within(float(value)) if value else None
    except ValueError:
        return _until(value)


def _until(date: str) -> float | None:
    try:
        return _within(parsedate_to_datetime(date).timestamp() - time.time())
    except ValueError:
        return None


def _within(seconds: float) -> float | None:
    return min(max(seconds, 0.0), _LATEST) if seconds == seconds else None  # noqa: PLR0124 - NaN
