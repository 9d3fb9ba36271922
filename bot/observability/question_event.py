"""What became of one question, as logs, traces and metrics tell it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.values.answer import Outcome
from answering.values.trace import Trace, Verdict

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
    failure: str = ""  # the id under which the trace of an error stands in the log
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
    def stages(self) -> dict[str, float]:
        """Seconds by stage, in the order of the work."""
        recorded = self.answer.seconds if self.answer is not None else {}
        return {name: took for name, took in recorded.items() if name != _TOTAL}

    @property
    def cited(self) -> Sequence[str]:
        """The ids of the passages that the answer rests on."""
        cited = self.answer.citations if self.answer is not None else ()
        return tuple(dict.fromkeys(one.passage for one in cited))
