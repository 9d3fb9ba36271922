"""An answerer that is watched: every question ends in one account, however it ended."""

from __future__ import annotations

import logging
import secrets
import time
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from answering.values.events import Done
from bot.observability.logs import private, record_failure
from bot.observability.question_log import QuestionEvent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from answering.values.answer import Answer, Turn
    from answering.values.events import Event

    Watcher = Callable[[QuestionEvent], None]

log = logging.getLogger(__name__)


class ObservableAnswerer(Protocol):
    """What is watched."""

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer to a question in the light of the turns before it."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""
        ...


@dataclass
class _Question:
    """A question that is being answered."""

    text: str
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    began: float = field(default_factory=time.time)
    clock: float = field(default_factory=time.perf_counter)
    answer: Answer | None = None

    def account(self, *, failure: str = "", error: str = "") -> QuestionEvent:
        """Return what became of it."""
        return QuestionEvent(
            id=self.id,
            question=self.text,
            began=self.began,
            seconds=time.perf_counter() - self.clock,
            answer=self.answer,
            failure=failure,
            error=error,
        )


class ObservedAnswerer:
    """Answers as the answerer within does, and tells each watcher once of every question."""

    def __init__(
        self, answerer: ObservableAnswerer, watchers: Sequence[Watcher], *, told: bool = False
    ) -> None:
        self._answerer = answerer
        self._watchers = watchers
        self._told = told  # whether the log may hold the words of questions

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer to a question in the light of the turns before it."""
        with self._watching(question) as asked:
            asked.answer = answer = await self._answerer.answer(question, history)
        return answer

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""
        with self._watching(question) as asked:
            async with aclosing(self._answerer.stream(question, history)) as events:
                async for event in events:
                    if isinstance(event, Done):
                        asked.answer = event.answer
                    yield event

    @contextmanager
    def _watching(self, question: str) -> Iterator[_Question]:
        asked = _Question(question)
        failure = error = ""
        try:
            with private(*(() if self._told else (question,))):
                try:
                    yield asked
                except Exception as raised:
                    failure, error = record_failure(raised), type(raised).__name__
                    raise
        finally:
            # Also when the work was cancelled, which ends neither with an answer nor with an error.
            self._tell(asked.account(failure=failure, error=error))

    def _tell(self, account: QuestionEvent) -> None:
        for watcher in self._watchers:
            try:
                watcher(account)
            except Exception:
                log.warning("a question could not be told of", exc_info=True)
