"""One call to a chat model, heard as it speaks and recorded: time to the first word, tokens, how it ended."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

from answering.llm.budget import is_cut
from answering.llm.protocol import Usage
from answering.values.errors import ModelError
from answering.values.trace import Call
from retrieval.text import tokens

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.llm.protocol import ChatMessage, ChatModel


@dataclass
class Calling:
    """A call in the making; ``text`` is what was said so far."""

    model: ChatModel
    purpose: str
    prompt: str  # names and versions of the prompts it is made of
    text: str = ""
    _began: float = field(default_factory=perf_counter)
    _first: float = 0.0
    _usage: Usage | None = None
    _error: str = ""
    _said: str = ""  # by all calls' messages: what a server that tells no usage was sent

    async def pieces(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[str, None]:
        """Yield what the model says. Raises ModelError."""
        self._said = "".join(message.content for message in messages)
        try:
            async with aclosing(self.model.stream(messages, limit=limit)) as stream:
                async for piece in stream:
                    self._usage = piece.usage or self._usage
                    if piece.text:
                        self._first = self._first or perf_counter() - self._began
                        self.text += piece.text
                        yield piece.text
        except ModelError as error:
            self._error = type(error).__name__
            raise

    @property
    def record(self) -> Call:
        """The call as an answer's record keeps it."""
        usage = self._usage or Usage(
            prompt=tokens.count(self._said), completion=tokens.count(self.text), counted=tokens.method()
        )
        return Call(
            purpose=self.purpose,
            model=self.model.name,
            prompt=self.prompt,
            prompt_tokens=usage.prompt,
            completion_tokens=usage.completion,
            counted=usage.counted,
            first=self._first,
            seconds=perf_counter() - self._began,
            error=self._error,
            cut=is_cut(self._usage, tokens.count(self._said)),
        )
