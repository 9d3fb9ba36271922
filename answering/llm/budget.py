"""What calls to a model cost and may cost: the ledger, the purse of a question, the bill of a call."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from answering.llm.protocol import Usage
from answering.values.errors import BudgetSpent
from retrieval.text import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.llm.protocol import ChatMessage, Piece

_FRAME, _EDGE = 4, 3  # tokens that the chat format adds to each message, and to all of them
_LEAST_SENT = 800  # tokens below which the count of another tokenizer says nothing
_READ = 0.5  # share of the tokens sent, as counted here, that a server which read all of them tells at least
_SHORTEST = 64  # tokens: an answer cut shorter than this is of no use


class Ledger(Protocol):
    """Keeps what was spent, for all processes that share it. Calls may block; they raise LedgerBroken."""

    def reserve(self, model: str, planned: Usage, *, within: int) -> int | None:
        """Put down what a call may cost at most; None if today's sum would pass ``within`` (0: no limit).

        Today is the machine's local date. A call whose process dies stays put down.
        """
        ...

    def settle(self, number: int, usage: Usage) -> None:
        """Put down what the call of this number did cost instead."""
        ...

    def spent(self) -> int:
        """Return the tokens of today's calls, those under way included."""
        ...


class Tally:
    """A ledger in memory, for where there is no store: it forgets with the process, and knows no days."""

    def __init__(self) -> None:
        self._costs: list[int] = []
        self._lock = threading.Lock()

    def reserve(self, _model: str, planned: Usage, *, within: int) -> int | None:
        """See Ledger."""
        with self._lock:
            if within and sum(self._costs) + planned.total > within:
                return None
            self._costs.append(planned.total)
            return len(self._costs) - 1

    def settle(self, number: int, usage: Usage) -> None:
        """See Ledger."""
        self._costs[number] = usage.total

    def spent(self) -> int:
        """See Ledger."""
        return sum(self._costs)


class QuestionBudget:
    """What is left of one question's tokens; ``tokens`` 0 is no limit."""

    def __init__(self, tokens: int = 0) -> None:
        self._whole = self._left = tokens

    def allow(self, prompt: int, limit: int) -> int:
        """Return how long an answer may get, at most ``limit`` tokens; raises BudgetSpent if too short."""
        if not self._whole:
            return limit
        room = min(limit, self._left - prompt)
        if room < min(limit, _SHORTEST):
            raise BudgetSpent(
                f"这个问题的模型用量（CHAT_QUESTION_TOKENS={self._whole}）用完了。",
                note="note_budget_question",
            )
        return room

    def pay(self, usage: Usage) -> None:
        """Take out what a call cost."""
        self._left -= usage.total


class CallCost:
    """What one call costs, from the pieces that were heard of it."""

    def __init__(self, prompt: int) -> None:
        self._prompt = prompt
        self._reported: Usage | None = None
        self._texts: list[str] = []
        self._silent = 0
        self.void = False  # nothing was done for us

    @property
    def begun(self) -> bool:
        """Whether anything was heard."""
        return bool(self._texts or self._silent or self._reported)

    def hear(self, piece: Piece) -> None:
        """Add one piece; an empty one is a token of thought."""
        self._reported = piece.usage or self._reported
        if piece.text:
            self._texts.append(piece.text)
        elif piece.usage is None:
            self._silent += 1

    @property
    def usage(self) -> Usage:
        """What the server reported, else what was counted here."""
        if self.void:
            return Usage(counted=tokens.method())
        if self._reported:
            return replace(self._reported, prompt=self._reported.prompt or self._prompt)
        spoken = tokens.count("".join(self._texts)) + self._silent
        return Usage(prompt=self._prompt, completion=spoken, counted=tokens.method())


def prompt_tokens(messages: Sequence[ChatMessage]) -> int:
    """Return how many tokens these messages take, as counted here."""
    return _EDGE + sum(_FRAME + tokens.count(message.content) for message in messages)


def is_cut(usage: Usage | None, sent: int) -> bool:
    """Tell whether a server has read far less than the ``sent`` tokens: it cuts what is too long, and says nothing."""
    told = usage is not None and usage.counted == "reported" and usage.prompt > 0
    return told and sent >= _LEAST_SENT and usage is not None and usage.prompt < _READ * sent
