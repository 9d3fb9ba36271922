"""What servers send that is nearly OpenAI's stream, made whole before it is parsed.

Mended are: an answer sent whole to a request for a stream; ``delta: null``; ``data:`` lines that are no JSON
(keep-alive pings); ``[DONE]`` without a reason why the model stopped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, MutableMapping


class _Request(Protocol):
    content: bytes


class HttpResponse(Protocol):
    """What is needed of a response of the HTTP client, whichever of its versions that is."""

    status_code: int
    headers: MutableMapping[str, str]
    stream: Any

    @property
    def request(self) -> _Request:
        """What was asked."""


_OK = 200
_DATA = b"data:"
_DONE = b"[DONE]"


async def repair(response: HttpResponse) -> None:
    """Put a mended stream in the place of a response's own; a hook of the HTTP client."""
    kind = response.headers.get("content-type", "")
    asked = b'"stream":true' in response.request.content.replace(b" ", b"")
    if response.status_code != _OK or not asked or response.headers.get("content-encoding"):
        return
    if kind.startswith("application/json"):
        response.headers["content-type"] = "text/event-stream"
        response.headers.pop("content-length", None)
        response.stream = _mended(response.stream, whole=True)
    elif kind.startswith("text/event-stream"):
        response.stream = _mended(response.stream, whole=False)


def _mended(stream: Any, *, whole: bool) -> _Mended:
    """Return the mended bytes as a stream of the kind that the client knows its own by."""
    kind = next(one for one in type(stream).__mro__ if one.__name__ == "AsyncByteStream")
    made: _Mended = type("MendedStream", (_Mended, kind), {})(stream, whole=whole)
    return made


class _Mended:
    """The mended bytes of one response."""

    def __init__(self, stream: Any, *, whole: bool) -> None:
        self._stream = stream
        self._lines_left = self._as_stream() if whole else self._lines()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._lines_left  # the client drains what is left after the last event: it is read once only

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def _as_stream(self) -> AsyncIterator[bytes]:
        """Send an answer that came whole as the events of a stream; what is none as it came."""
        content = b"".join([piece async for piece in self._stream])
        try:
            told = json.loads(content)
            choice = told["choices"][0]
            said = choice["message"]["content"] or ""
        except (ValueError, KeyError, IndexError, TypeError):
            yield content
            return
        head = {name: told.get(name) for name in ("id", "created", "model")} | {
            "object": "chat.completion.chunk"
        }
        thought = choice["message"].get("reasoning_content")
        delta = {"role": "assistant", "content": said} | ({"reasoning_content": thought} if thought else {})
        finish = choice.get("finish_reason") or "stop"
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if told.get("usage"):
            yield _event({**head, "choices": [], "usage": told["usage"]})
        yield _DATA + b" " + _DONE + b"\n\n"

    async def _lines(self) -> AsyncIterator[bytes]:
        held, ended, spoke = b"", False, False
        async for piece in self._stream:
            *lines, held = (held + piece).split(b"\n")
            for line in lines:
                payload = line[len(_DATA) :].strip() if line.startswith(_DATA) else None
                if payload is None:
                    yield line + b"\n"
                    continue
                if payload == _DONE and spoke and not ended:
                    yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
                if payload[:1] not in (b"{", b"[", b'"'):
                    continue
                event = _parsed(payload)
                spoke = spoke or _speaks(event)
                ended = ended or _ends(event)
                yield line + b"\n" if event is None else _event(event)
        if held:
            yield held


def _parsed(payload: bytes) -> dict[str, Any] | None:
    """Return an event of a stream, its empty deltas mended; None where it needs no mending or is no JSON."""
    try:
        event = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(event, dict) or not isinstance(event.get("choices"), list):
        return None
    for choice in event["choices"]:
        if isinstance(choice, dict) and choice.get("delta", 0) is None:
            choice["delta"] = {}
    return event


def _speaks(event: dict[str, Any] | None) -> bool:
    return any((choice.get("delta") or {}).get("content") for choice in (event or {}).get("choices", ()))


def _ends(event: dict[str, Any] | None) -> bool:
    return any(choice.get("finish_reason") for choice in (event or {}).get("choices", ()))


def _event(content: dict[str, Any]) -> bytes:
    return _DATA + b" " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"
