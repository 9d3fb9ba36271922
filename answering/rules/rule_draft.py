"""An answer on by-laws in the making: lines in the by-law's words, each under its name and article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from answering.values.answer import (
    Answer,
    Citation,
    Computation,
    Language,
    Outcome,
    Shape,
    Statement,
    StatementKind,
)

if TYPE_CHECKING:
    from retrieval.provisions import Clause
    from retrieval.values.documents import Document, Passage


class Passages(Protocol):
    """Gives a document's passages in the order of its text."""

    def passages(self, document: str) -> tuple[Passage, ...]:
        """Return the passages; none of an unknown document."""


@dataclass
class RuleDraft:
    """Collects the lines and citations of one answer."""

    asked: str
    language: Language
    library: Passages
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    computed: list[Computation] = field(default_factory=list)
    verdict: str | None = None

    @property
    def length(self) -> int:
        """How many characters the lines have so far."""
        return sum(len(s.lead) + len(s.text) for s in self.statements)

    def cite(self, document: Document, clause: Clause, text: str) -> int | None:
        """Return the number under which a clause of the document's ``text`` is cited; None if it is in no passage."""
        for known in self.citations:
            if (known.document, known.start, known.end) == (document.id, clause.start, clause.end):
                return known.number
        passage = next(
            (p for p in self.library.passages(document.id) if p.start <= clause.start < p.end), None
        )
        if passage is None:
            return None
        number = len(self.citations) + 1
        self.citations.append(
            Citation(
                number=number,
                document=document.id,
                passage=passage.id,
                start=clause.start,
                end=clause.end,
                quote=clause.of(text),
                title=document.title,
                place=document.place,
                year=document.year,
                date=document.date,
                section=passage.section,
                point=passage.point,
                heading=passage.heading,
            )
        )
        return number

    def say(
        self,
        text: str,
        *numbers: int | None,
        lead: str = "",
        level: int = 0,
        manner: StatementKind = StatementKind.QUOTED,
    ) -> None:
        """Add a line that rests on the citations ``numbers``; each of several by-laws is named again."""
        cited = tuple(dict.fromkeys(n for n in numbers if n is not None))
        self.statements.append(Statement(text=text, citations=cited, manner=manner, lead=lead, level=level))

    def open_with(self, words: str, *, several: bool = False) -> None:
        """Put a verdict before the lines it rests on: the first one, or each one with a lead of its own."""
        cited = next((s.citations for s in self.statements if s.citations), ())
        if several:
            cited = tuple(dict.fromkeys(n for s in self.statements if s.lead for n in s.citations))
        self.statements.insert(0, Statement(text=words, citations=cited, manner=StatementKind.FRAME))

    def done(self) -> Answer:
        """Return the answer."""
        places = tuple(dict.fromkeys(c.place for c in self.citations if c.place))
        return Answer(
            question=self.asked,
            outcome=Outcome.COMPUTED if self.computed else Outcome.ANSWERED,
            language=self.language,
            statements=tuple(self.statements),
            citations=tuple(self.citations),
            computed=tuple(self.computed),
            places=places,
            shape=Shape.LIST if any(s.level for s in self.statements) else Shape.PROSE,
            verdict=self.verdict,
        )
