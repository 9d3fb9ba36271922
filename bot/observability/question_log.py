"""One line a question in the log: a JSON object, without the question's words unless everything is logged."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from answering.values.trace import Call
    from bot.observability.question_event import QuestionEvent

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
