"""A chat model behind LangChain, as answering knows one. Seam: langchain_core, langsmith.

Importing this takes over a second: only ``bot/assembly/wiring.py`` does, and only when a model is configured.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langsmith import tracing_context

from answering.llm import error_map as faults
from answering.llm.clients import OPENAI, Endpoint, check, client, limited
from answering.llm.protocol import Piece, Role, Usage
from answering.llm.reasoning_filter import Thoughts
from answering.values.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage

    from answering.llm.protocol import Message

_log = logging.getLogger(__name__)
_KINDS = {Role.SYSTEM: SystemMessage, Role.USER: HumanMessage, Role.ASSISTANT: AIMessage}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "�") | {0: " "}
_ENDS = ("finish_reason", "stop_reason", "done_reason")  # what providers call the reason why a model stopped
_FILTERED = frozenset({"content_filter", "sensitive", "refusal", "safety", "blocklist", "prohibited_content"})
_FAILED = frozenset({"error", "network_error", "abort"})
_CUT_SHORT = frozenset({"length", "max_tokens"})


@dataclass(slots=True)
class _Heard:
    """What came of one call so far."""

    chunks: int = 0
    spoke: bool = False
    finish: str = ""
    usage: Usage | None = None
    thoughts: Thoughts = field(default_factory=Thoughts)


class LangChainModel:
    """A ChatModel over LangChain's: one HTTP request a call, no second try, no time limit of its own."""

    def __init__(self, endpoint: Endpoint, *, make: Callable[[Endpoint], BaseChatModel] = client) -> None:
        """Remember where to ask; nothing is sent before the first call. Raises ModelRefused."""
        check(endpoint)
        self._endpoint = endpoint
        self._make = make
        self._where = f"模型 {endpoint.name} "
        self._spare: BaseChatModel | None = make(endpoint)  # a setting that can't be used is told at once
        self._chats: WeakKeyDictionary[asyncio.AbstractEventLoop, BaseChatModel] = WeakKeyDictionary()

    @property
    def name(self) -> str:
        """Which model it is."""
        return self._endpoint.name

    async def stream(self, messages: Sequence[Message], *, limit: int) -> AsyncGenerator[Piece, None]:
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
        self, messages: Sequence[Message], limit: int, said: asyncio.Queue[Piece | None]
    ) -> None:
        heard = _Heard()
        try:
            chat, options = limited(self._chat(), self._endpoint, limit)
            with tracing_context(enabled=self._endpoint.langsmith):
                # No callbacks: those of a chain around us are not to see what is said in here.
                async for chunk in chat.astream(_sendable(messages), {"callbacks": []}, **options):
                    self._hear(heard, chunk, said)
            self._end(heard, said)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 - each provider raises what it likes
            _log.info("%s: %s", self._where, faults.chain(error))
            raise faults.mapped(error, self._where, begun=bool(heard.chunks)) from None
        finally:
            said.put_nowait(None)

    def _hear(self, heard: _Heard, chunk: AIMessageChunk, said: asyncio.Queue[Piece | None]) -> None:
        heard.chunks += 1
        text = heard.thoughts.without(str(chunk.text))
        heard.spoke = heard.spoke or bool(text)
        heard.finish = _finish(chunk.response_metadata) or heard.finish
        heard.usage = self._usage(heard.usage, chunk)
        if heard.finish.lower() in _FILTERED:
            raise faults.told(faults.HELD, self._where)
        # The first chunk may but name the role, before a word was thought.
        if text or (heard.chunks > 1 and not heard.finish):
            said.put_nowait(Piece(text=text))

    def _end(self, heard: _Heard, said: asyncio.Queue[Piece | None]) -> None:
        rest = heard.thoughts.rest()
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


def _sendable(messages: Sequence[Message]) -> list[BaseMessage]:
    """Return the messages as LangChain has them, without what JSON or a server may choke on."""
    return [_KINDS[one.role](content=one.content.translate(_SURROGATES)) for one in messages]


def _finish(told: dict[str, Any]) -> str:
    return next((str(told[name]) for name in _ENDS if told.get(name)), "")
