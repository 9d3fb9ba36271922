"""What a face has heard so far of the answer to a message, of one question or of several."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.merge import number, together
from answering.values.events import Event, Said, Withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.values.answer import Answer, Citation, Statement


@dataclass
class MultiAnswerEvents:
    """Numbers citations over all questions of a message, and says again what stands after a withdrawal."""

    finished: list[Said] = field(default_factory=list)  # of the questions before
    current: list[Said] = field(default_factory=list)
    _citations: list[Citation] = field(default_factory=list)
    _known: dict[int, Citation] = field(default_factory=dict)  # of the current question, by its own numbers

    def hear(self, event: Event) -> Iterator[Event]:
        """Pass on an event of the current question."""
        if isinstance(event, Withdrawn):
            yield event
            self._forget()
            yield from self.finished
        elif isinstance(event, Said):
            self._known |= {one.number: one for one in event.citations}
            said = self._joint(event.statement, self._known)
            self.current.append(said)
            yield said
        else:
            yield event

    def finish(self, asked: Sequence[str], answers: Sequence[Answer]) -> Iterator[Event]:
        """Take the answers so far; where the last is not what was heard of it, say all that stands."""
        whole = together("", asked[: len(answers)], answers)
        cited = {one.number: one for one in whole.citations}
        heard = [one.statement for one in (*self.finished, *self.current)]
        self.finished, self._citations, self.current, self._known = [], [], [], {}
        self.finished = [self._joint(one, cited) for one in whole.statements]
        if heard != [one.statement for one in self.finished]:
            if heard:
                yield Withdrawn()
            yield from self.finished

    def _joint(self, statement: Statement, known: dict[int, Citation]) -> Said:
        before = len(self._citations)
        numbers = tuple(number(known[n], self._citations) for n in statement.citations)
        return Said(
            statement=replace(statement, citations=numbers), citations=tuple(self._citations[before:])
        )

    def _forget(self) -> None:
        self.current, self._known = [], {}
        self._citations = [one for said in self.finished for one in said.citations]
