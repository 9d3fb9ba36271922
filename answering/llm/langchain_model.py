"""A chat model behind LangChain, as answering knows one. Seam: langchain_core, langsmith.

Importing this takes over a second: only ``bot/assembly/wiring.py`` does, and only when a model is configured.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from answering.llm import error_map as faults
from answering.llm.clients import OPENAI, Endpoint, check, client, limit_name, limited
from answering.llm.json_output import FORMAT, ORDER, JsonLines
from answering.llm.protocol import ChatMessage, Piece, Role, Usage
from answering.llm.reasoning_filter import Thoughts
from answering.values.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage


_log = logging.getLogger(__name__)
_KINDS = {Role.SYSTEM: SystemMessage, Role.USER: HumanMessage, Role.ASSISTANT: AIMessage}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "�") | {0: " "}
_ENDS = ("finish_reason", "stop_reason", "done_reason")  # what providers call the reason why a model stopped
_FILTERED = frozenset({"content_filter", "sensitive", "refusal", "safety", "blocklist", "prohibited_content"})
_FAILED = frozenset({"error", "network_error", "abort"})
_FORMS = 5  # tries at most: one a thing that may be learned, and the first
_ROOM = 4  # by how much the limit is raised where thinking used it up
_CUT_SHORT = frozenset({"length", "max_tokens"})


@dataclass(slots=True)
class _Heard:
    """What came of one call so far."""

    chunks: int = 0
    spoke: bool = False
    finish: str = ""
    usage: Usage | None = None
    thoughts: Thoughts = field(default_factory=Thoughts)
    lines: JsonLines | None = None  # where an answer after a schema was asked for


class LangChainModel:
    """A ChatModel over LangChain's: one HTTP request a call, no time limit of its own.

    A second request is made only to put right what the server refused of the first one's form, which is then
    remembered: the name of the limit, the system role, a limit that was used up by thinking.
    """

    def __init__(self, endpoint: Endpoint, *, make: Callable[[Endpoint], BaseChatModel] = client) -> None:
        """Remember where to ask; nothing is sent before the first call. Raises ModelRefused."""
        check(endpoint)
        self._endpoint = endpoint
        self._make = make
        self._where = f"模型 {endpoint.name} "
        self._spare: BaseChatModel | None = make(endpoint)  # a setting that can't be used is told at once
        self._chats: WeakKeyDictionary[asyncio.AbstractEventLoop, BaseChatModel] = WeakKeyDictionary()
        self._limit_name = limit_name(endpoint)
        self._system = True  # whether the server knows the role of instructions
        self._schema = endpoint.output == "json_schema" and endpoint.provider == OPENAI
        self._room = 1  # by how much the limit is raised for a model that thinks
        if endpoint.address != endpoint.base_url:
            _log.warning("OPENAI_BASE_URL 写的是 %s，按 %s 使用。", endpoint.base_url, endpoint.address)

    @property
    def learned(self) -> tuple[str, ...]:
        """What was found out of the server, as keys of bot/messages: see ``doctor``."""
        told = {
            "doctor_model_address": self._endpoint.address != self._endpoint.base_url,
            "doctor_model_limit": self._limit_name != limit_name(self._endpoint),
            "doctor_model_system": not self._system,
            "doctor_model_thinks": self._room > 1,
            "doctor_model_schema": self._endpoint.output == "json_schema" and not self._schema,
        }
        return tuple(key for key, learned in told.items() if learned)

    @property
    def name(self) -> str:
        """Which model it is."""
        return self._endpoint.name

    async def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        """Yield what the model says; an empty piece is a sign of life, the last one has the usage, if told.

        The call runs in a task of its own, so that the connection is closed by the time that this is.
        """
        said: asyncio.Queue[Piece | None] = asyncio.Queue()
        speaking = asyncio.create_task(self._speak(messages, limit, said))
        try:
            while (piece := await said.get()) is not None:
                yield piece
            await speaking  # raises what went wrong
        finally:
            if not speaking.done():
                speaking.cancel()
                await asyncio.gather(speaking, return_exceptions=True)

    async def _speak(
        self, messages: Sequence[ChatMessage], limit: int, said: asyncio.Queue[Piece | None]
    ) -> None:
        try:
            for _ in range(_FORMS):
                heard = _Heard(lines=JsonLines() if self._schema else None)
                try:
                    await self._said_once(messages, limit, said, heard)
                except ModelError:
                    raise
                except Exception as error:  # noqa: BLE001 - each provider raises what it likes
                    if not heard.chunks and self._learns(faults.refused_for(error)):
                        continue
                    _log.info("%s: %s", self._where, faults.chain(error))
                    raise faults.mapped(error, self._where, begun=bool(heard.chunks)) from None
                if self._amiss(heard, spoke=heard.spoke) is faults.ALL_THOUGHT and self._room == 1:
                    self._room = _ROOM
                    continue
                self._end(heard, said)
                return
        finally:
            said.put_nowait(None)

    async def _said_once(
        self, messages: Sequence[ChatMessage], limit: int, said: asyncio.Queue[Piece | None], heard: _Heard
    ) -> None:
        chat, options = limited(self._chat(), self._endpoint, limit * self._room, self._limit_name)
        if self._schema:
            options["extra_body"] = {
                **options.get("extra_body", self._endpoint.extra),
                "response_format": FORMAT,
            }
        with tracing_context(enabled=self._endpoint.langsmith):
            # No callbacks: those of a chain around us are not to see what is said in here.
            async for chunk in chat.astream(self._sendable(messages), {"callbacks": []}, **options):
                self._hear(heard, chunk, said)

    def _learns(self, refused: str) -> bool:
        """Take note of what the server refused of a request's form; tell whether it is worth another try."""
        if refused == "limit" and not self._endpoint.limit_name:
            names = ("max_tokens", "max_completion_tokens")
            before, self._limit_name = self._limit_name, names[self._limit_name == names[0]]
            return before == limit_name(self._endpoint)
        if refused == "system" and self._system:
            self._system = False
            return True
        if refused == "schema" and self._schema:
            self._schema = False
            return True
        return False

    def _sendable(self, messages: Sequence[ChatMessage]) -> list[BaseMessage]:
        """Return the messages as LangChain has them; instructions before the question where no role is for them."""
        if self._schema:
            messages = [replace(messages[0], content=messages[0].content + ORDER), *messages[1:]]
        if self._system:
            return _sendable(messages)
        told = [one.content for one in messages if one.role is Role.SYSTEM]
        rest = [one for one in messages if one.role is not Role.SYSTEM]
        first = rest[0] if rest else ChatMessage(role=Role.USER, content="")
        joined = ChatMessage(role=first.role, content="\n\n".join((*told, first.content)))
        return _sendable([joined, *rest[1:]])

    def _hear(self, heard: _Heard, chunk: AIMessageChunk, said: asyncio.Queue[Piece | None]) -> None:
        heard.chunks += 1
        text = heard.thoughts.without(str(chunk.text))
        heard.spoke = heard.spoke or bool(text)
        if heard.lines is not None:
            text = heard.lines.feed(text)
        heard.finish = _finish(chunk.response_metadata) or heard.finish
        heard.usage = self._usage(heard.usage, chunk)
        if heard.finish.lower() in _FILTERED:
            raise faults.told(faults.HELD, self._where)
        # The first chunk may but name the role, before a word was thought.
        if text or (heard.chunks > 1 and not heard.finish):
            said.put_nowait(Piece(text=text))

    def _end(self, heard: _Heard, said: asyncio.Queue[Piece | None]) -> None:
        rest = heard.thoughts.rest()
        if heard.lines is not None:
            rest = heard.lines.feed(rest) + heard.lines.close()
        if reason := self._amiss(heard, spoke=heard.spoke or bool(rest)):
            raise faults.told(reason, self._where)
        if rest or heard.usage:
            said.put_nowait(Piece(text=rest, usage=heard.usage))

    def _amiss(self, heard: _Heard, *, spoke: bool) -> faults.Reason | None:
        ended = bool(heard.finish) or (spoke and self._endpoint.provider != OPENAI)
        if heard.finish in _FAILED or (not ended and spoke):
            return faults.CUT
        if not ended:
            return faults.NO_MODEL
        if not spoke:
            return faults.ALL_THOUGHT if heard.finish.lower() in _CUT_SHORT else faults.EMPTY
        return None

    def _usage(self, so_far: Usage | None, chunk: AIMessageChunk) -> Usage | None:
        """Add a chunk's usage: OpenAI's protocol tells sums, perhaps with every chunk; others tell parts."""
        if not (told := chunk.usage_metadata):
            return so_far
        prompt, completion = told["input_tokens"], told["output_tokens"]
        if so_far and self._endpoint.provider == OPENAI:
            prompt, completion = max(so_far.prompt, prompt), max(so_far.completion, completion)
        elif so_far:
            prompt, completion = so_far.prompt + prompt, so_far.completion + completion
        return Usage(prompt=prompt, completion=completion)

    def _chat(self) -> BaseChatModel:
        """Return LangChain's model of the running loop: what it holds open can't serve another."""
        loop = asyncio.get_running_loop()
        if loop not in self._chats:
            made, self._spare = self._spare, None
            self._chats[loop] = made or self._make(self._endpoint)
        return self._chats[loop]


def _sendable(messages: Sequence[ChatMessage]) -> list[BaseMessage]:
    """Return the messages as LangChain has them, without what JSON or a server may choke on."""
    return [_KINDS[one.role](content=one.content.translate(_SURROGATES)) for one in messages]


def _finish(told: dict[str, Any]) -> str:
    return next((str(told[name]) for name in _ENDS if told.get(name)), "")
