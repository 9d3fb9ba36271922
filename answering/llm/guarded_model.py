"""Every call to a chat model goes through here: limits of time, tries, rest for a sick server, budgets.

``GuardedModel`` is a ChatModel around another. One stands for the whole process; each question gets its own
``for_question()``, so that all calls made for it (rewrite, answer, repair) draw on one budget::

    model = guarded.for_question()
    async with aclosing(model.stream(messages, limit=800)) as pieces:
        async for piece in pieces:      # texts; then, last, one piece with .usage, always
            ...

Anything that goes wrong is a ModelError whose ``note`` is the line for a person. It may come before the first
piece or amid the answer; what was tried again is not seen from outside. Closing the stream or cancelling its
task hangs up on the server before it returns, and puts down what the call had cost by then.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_exponential, wait_random

from answering.llm.budget import CallCost, QuestionBudget, Tally, prompt_tokens
from answering.llm.circuit_breaker import Breaker
from answering.llm.protocol import Piece, Usage
from answering.llm.timeouts import Limits, patiently
from answering.values.errors import BudgetSpent, LedgerBroken, ModelError, ModelSlow
from retrieval.text import tokens

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from tenacity import RetryCallState

    from answering.llm.budget import Ledger
    from answering.llm.protocol import ChatMessage, ChatModel

_log = logging.getLogger(__name__)
_backoff = wait_exponential(multiplier=0.5, max=8) + wait_random(0, 0.5)  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Tokens, prompts and answers together; 0 is no limit."""

    question: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One call as it was asked for."""

    messages: tuple[ChatMessage, ...]
    prompt: int  # tokens
    limit: int
    purse: QuestionBudget
    until: float  # time of the loop


class GuardedModel:
    """A ChatModel that nobody waits for too long, asks too often or lets spend too much."""

    def __init__(
        self,
        model: ChatModel,
        *,
        limits: Limits | None = None,
        retries: int = 2,
        budgets: Budgets | None = None,
        ledger: Ledger | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._model = model
        self._limits = limits or Limits()
        self._tries = 1 + retries
        self._budgets = budgets or Budgets()
        self._ledger = ledger or Tally()
        self._breaker = breaker or Breaker()

    @property
    def name(self) -> str:
        """Which model it is."""
        return self._model.name

    @property
    def learned(self) -> tuple[str, ...]:
        """What the model's client found out of its server, as keys of bot/messages."""
        return tuple(getattr(self._model, "learned", ()))

    @property
    def resting(self) -> float:
        """For how many seconds more it is left alone after failures; 0 where it is asked."""
        return self._breaker.resting

    def spent(self) -> int:
        """Return the tokens spent today. Blocks; raises LedgerBroken."""
        return self._ledger.spent()

    def for_question(self) -> ChatModel:
        """Return the model with the budget of one question."""
        return _QuestionModel(self, QuestionBudget(self._budgets.question))

    def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        """Yield what the model says, as a question of its own; see ChatModel and this module's head."""
        return self.call(messages, limit=limit, purse=QuestionBudget(self._budgets.question))

    async def call(
        self, messages: Sequence[ChatMessage], *, limit: int, purse: QuestionBudget
    ) -> AsyncGenerator[Piece, None]:
        """Yield what the model says, on the account of ``purse``."""
        with self._breaker.watching():
            until = asyncio.get_running_loop().time() + self._limits.whole
            prompt = await asyncio.to_thread(prompt_tokens, messages)  # the first time it loads a table
            limit = purse.allow(prompt, limit)
            asked = _Asked(messages=tuple(messages), prompt=prompt, limit=limit, purse=purse, until=until)
            try:
                first, further = await self._begun(asked)
                async with aclosing(further):
                    yield first
                    async for piece in further:
                        yield piece
            except BudgetSpent:
                raise
            except ModelError as error:
                _log.warning("%s", error)
                raise

    async def _begun(self, asked: _Asked) -> tuple[Piece, AsyncGenerator[Piece, None]]:
        """Return the first piece and those to come, after as many tries as it takes and as are allowed."""
        tries = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, ModelError) and error.again),
            stop=stop_after_attempt(self._tries) | stop_before_delay(self._limits.first),
            wait=_pause,
            reraise=True,
        )
        async for attempt in tries:
            with attempt:
                pieces = self._attempt(asked)
                return await anext(pieces), pieces
        raise AssertionError  # the last try returns or raises

    async def _attempt(self, asked: _Asked) -> AsyncGenerator[Piece, None]:
        number, bill = await self._reserve(asked), CallCost(asked.prompt)
        try:
            pieces = self._model.stream(asked.messages, limit=asked.limit)
            async with aclosing(patiently(pieces, self._limits, until=asked.until)) as heard:
                async for piece in heard:
                    bill.hear(piece)
                    if piece.text:
                        yield Piece(text=piece.text)
            yield Piece(usage=bill.usage)
        except ModelError as error:
            bill.void = not bill.begun and not isinstance(error, ModelSlow)
            raise
        finally:
            asked.purse.pay(bill.usage)
            await asyncio.shield(asyncio.to_thread(self._settle, number, bill.usage))

    async def _reserve(self, asked: _Asked) -> int:
        planned = Usage(prompt=asked.prompt, completion=asked.limit, counted=tokens.method())
        day = self._budgets.day
        number = await asyncio.to_thread(self._ledger.reserve, self.name, planned, within=day)
        if number is None:
            raise BudgetSpent(f"今天的模型用量（CHAT_DAY_TOKENS={day}）用完了，明天再用，或调大它。")
        return number

    def _settle(self, number: int, usage: Usage) -> None:
        try:
            self._ledger.settle(number, usage)
        except LedgerBroken as error:  # the answer is there; what was reserved for it stays put down
            _log.warning("%s", error)


class _QuestionModel:
    """The guarded model, for the calls of one question."""

    def __init__(self, guarded: GuardedModel, purse: QuestionBudget) -> None:
        self._guarded, self._purse = guarded, purse

    @property
    def name(self) -> str:
        return self._guarded.name

    def stream(self, messages: Sequence[ChatMessage], *, limit: int) -> AsyncGenerator[Piece, None]:
        return self._guarded.call(messages, limit=limit, purse=self._purse)


def _pause(state: RetryCallState) -> float:
    """Return the seconds before the next try: what the server asked for, and never less than our own."""
    error = state.outcome.exception() if state.outcome else None
    return max(getattr(error, "after", None) or 0.0, _backoff(state))
