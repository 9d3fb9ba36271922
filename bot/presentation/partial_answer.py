"""What has been heard so far of an answer that is being made; every face shows the same."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from answering.values.answer import Answer, Citation, Language, Outcome, Statement
from answering.values.events import Done, Event, Said, Stage, Step, Withdrawn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from answering.values.answer import Turn


class StreamingAnswerer(Protocol):
    """Answers questions, and tells how far it has come."""

    def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        """Yield events, the answer last; closing the generator ends the work."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialAnswer:
    """The stage that was reached, what is proved already and, at the end, the answer.

    ``ahead`` is how many questions wait before this one; None once its turn has come.
    """

    ahead: int | None = None
    stage: Stage = Stage.SEARCHING
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None

    def after(self, event: Event) -> PartialAnswer:
        """Return what is known once ``event`` was heard."""
        match event:
            case Step(stage=stage):
                return replace(self, stage=stage)
            case Said(statement=statement, citations=new):
                said = (*self.statements, statement)
                return replace(self, statements=said, citations=(*self.citations, *new))
            case Withdrawn():
                return replace(self, statements=(), citations=())
            case Done(answer=answer):
                return replace(self, answer=answer)

    def stopped(self, question: str, language: Language) -> Answer:
        """Return what was proved when the person had enough, as an answer that says so."""
        if not self.statements:
            outcome = Outcome.NOT_SUPPORTED
            return Answer(question=question, outcome=outcome, language=language, reason="stopped")
        return Answer(
            question=question,
            outcome=Outcome.ANSWERED,
            language=language,
            statements=self.statements,
            citations=self.citations,
            places=tuple(dict.fromkeys(one.place for one in self.citations if one.place)),
            notes=("note_stopped",),
        )


async def follow(
    answerer: StreamingAnswerer, question: str, history: Sequence[Turn], tell: Callable[[PartialAnswer], None]
) -> Answer:
    """Return the answer, and call ``tell`` at each step before; cancelling this ends the work."""
    heard = PartialAnswer()
    async with aclosing(answerer.stream(question, history)) as events:
        async for event in events:
            heard = heard.after(event)
            tell(heard)
    assert heard.answer is not None  # the last event is the answer
    return heard.answer
