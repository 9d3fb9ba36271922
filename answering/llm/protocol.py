"""What answering needs of a chat model: messages go in, pieces of text come out, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence


class Role(StrEnum):
    """Who speaks a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of what is said to a chat model."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call cost, in tokens."""

    prompt: int = 0
    completion: int = 0
    counted: str = "reported"  # by the server; else how ``retrieval.text.tokens`` counted it

    @property
    def total(self) -> int:
        """Both together."""
        return self.prompt + self.completion


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A bit of what a model says; the last one of a call tells what the call cost."""

    text: str = ""
    usage: Usage | None = None


class ChatModel(Protocol):
    """A model that answers in pieces. Closing the stream ends the call at the server, too."""

    @property
    def name(self) -> str:
        """Which model it is: part of a cache key and of an answer's record."""
        ...

    def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        """Yield what the model says, at most ``limit`` tokens; raises ModelError before or amid it."""
        ...


@runtime_checkable
class Budgeted(ChatModel, Protocol):
    """A model that keeps a budget for each question."""

    def for_question(self) -> ChatModel:
        """Return the model on the account of one question, whatever calls that takes."""
        ...
