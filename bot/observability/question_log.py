"""One line a question in the log: a JSON object, without the question's words unless everything is logged."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answering.values.answer import Outcome
from answering.values.trace import SecondVote, Trace, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.values.answer import Answer
    from answering.values.trace import Call


CANCELLED = "cancelled"

_TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEvent:
    """One question from its first moment to its end; ``answer`` is None where it came to none."""

    id: str
    question: str
    began: float  # seconds since 1970
    seconds: float
    answer: Answer | None = None
    failure: str = ""  # the id under which the trace of an error is in the log
    error: str = ""  # the kind of that error

    @property
    def outcome(self) -> str:
        """How it ended: an outcome's name, or "cancelled"."""
        if self.answer is not None:
            return self.answer.outcome.value
        return Outcome.FAILED.value if self.failure else CANCELLED

    @property
    def trace(self) -> Trace:
        """The record of the answer's making; an empty one where there is no answer."""
        return self.answer.trace if self.answer is not None else Trace()

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls to a model that this question made; a kept answer made none."""
        return () if self.trace.cached else self.trace.calls

    @property
    def dropped(self) -> dict[str, int]:
        """How many sentences of a model were not shown, by verdict."""
        if self.trace.cached:
            return {}
        return dict(Counter(str(one.verdict) for one in self.trace.judged if one.verdict is not Verdict.KEPT))

    @property
    def seconded(self) -> dict[str, int]:
        """How a second model voted on the sentences of a model that were shown."""
        if self.trace.cached:
            return {}
        return dict(
            Counter(str(one.second) for one in self.trace.judged if one.second is not SecondVote.NONE)
        )

    @property
    def stages(self) -> dict[str, float]:
        """Seconds by stage, in the order of the work."""
        recorded = self.answer.seconds if self.answer is not None else {}
        return {name: took for name, took in recorded.items() if name != _TOTAL}

    @property
    def cited(self) -> Sequence[str]:
        """The ids of the passages that the answer rests on."""
        cited = self.answer.citations if self.answer is not None else ()
        return tuple(dict.fromkeys(one.passage for one in cited))


log = logging.getLogger("bot.questions")


@dataclass(frozen=True, slots=True)
class QuestionLog:
    """Writes accounts to the log; ``told`` for the words of questions as well."""

    told: bool = False

    def __call__(self, account: QuestionEvent) -> None:
        """Write one line."""
        log.info("%s", json.dumps(record(account, told=self.told), ensure_ascii=False))


def record(account: QuestionEvent, *, told: bool = False) -> dict[str, Any]:
    """Return what is logged of a question."""
    answer, trace = account.answer, account.trace
    return {
        "id": account.id,
        "chars": len(account.question),
        **({"question": account.question} if told else {}),
        "language": answer.language.value if answer else None,
        "outcome": account.outcome,
        "reason": answer.reason if answer else "",
        "way": trace.way if answer else None,
        "frames": _frames(account),
        "hits": len(trace.hits),
        "best": round(max((one.score for one in trace.hits), default=0.0), 4),
        "cited": list(account.cited),
        "dropped": account.dropped,
        **({"second": account.seconded} if account.seconded else {}),
        "tokens": {
            "prompt": sum(one.prompt_tokens for one in account.calls),
            "completion": sum(one.completion_tokens for one in account.calls),
        },
        "calls": [_call(one) for one in account.calls],
        "ms": {name: _ms(took) for name, took in {**account.stages, "total": account.seconds}.items()},
        "cached": trace.cached,
        "notes": list(answer.notes) if answer else [],
        **({"failure": account.failure, "error": account.error} if account.failure else {}),
    }


def _frames(account: QuestionEvent) -> list[dict[str, Any]]:
    return [
        {
            "intent": one.intent,
            "want": one.want,
            "places": list(one.places),
            "years": list(one.years),
            "completed": one.completed,
            "rewritten": one.rewritten,
        }
        for one in account.trace.frames
    ]


def _call(call: Call) -> dict[str, Any]:
    told = {"purpose": call.purpose, "model": call.model, "prompt": call.prompt, "error": call.error}
    return {**told, "first_ms": _ms(call.first), "ms": _ms(call.seconds)}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
