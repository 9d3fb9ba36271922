"""An answer in the making: statements are said, and what they rest on is cited and numbered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.extractive.sentence_selection import SelectedSentence, period
from answering.values.answer import Answer, Citation, Computation, Language, Outcome, Statement, StatementKind
from answering.values.chart import renumbered

if TYPE_CHECKING:
    from answering.evidence.lines import Line
    from answering.question.parser import Question
    from answering.values.chart import Chart
    from retrieval.values.documents import Document, Passage


@dataclass
class AnswerDraft:
    """Collects statements and citations of one answer."""

    question: Question
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    computed: list[Computation] = field(default_factory=list)
    chart: Chart | None = None

    @property
    def language(self) -> Language:
        """The language to speak in."""
        return self.question.language

    def cite(self, document: Document, passage: Passage, start: int, end: int) -> int:
        """Return the number under which ``document.text[start:end]`` is cited, a new one when it is new."""
        for known in self.citations:
            if (known.document, known.start, known.end) == (document.id, start, end):
                return known.number
        number = len(self.citations) + 1
        offset = start - passage.start
        self.citations.append(
            Citation(
                number=number,
                document=document.id,
                passage=passage.id,
                start=start,
                end=end,
                quote=passage.text[offset : offset + end - start],
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

    def cite_line(self, line: Line) -> int:
        """Cite a whole sentence."""
        return self.cite(line.document, line.passage, line.start, line.end)

    def quote(self, find: SelectedSentence, *, lead: str = "", level: int = 0) -> None:
        """Say the words found, led by their place and the time they stand under."""
        when = period(find)
        number = self.cite_line(find.line)
        if lead and find.text.startswith(lead):
            lead = ""
        joint = ", " if self.language is Language.EN else "，"
        self.say(find.text, number, lead=joint.join(x for x in (lead, when) if x), level=level)

    def say(
        self,
        text: str,
        *numbers: int,
        lead: str = "",
        level: int = 0,
        manner: StatementKind = StatementKind.QUOTED,
    ) -> None:
        """Add a statement that rests on the citations ``numbers``."""
        self.statements.append(Statement(text=text, citations=numbers, manner=manner, lead=lead, level=level))

    def done(self, outcome: Outcome = Outcome.ANSWERED) -> Answer:
        """Return the answer, its citations numbered in the order in which they are read."""
        read = dict.fromkeys(number for one in self.statements for number in sorted(one.citations))
        order = dict.fromkeys((*read, *(one.number for one in self.citations)))
        numbers = {old: new for new, old in enumerate(order, 1)}
        cited = {one.number: one for one in self.citations}
        places = tuple(dict.fromkeys(c.place for c in self.citations if c.place))
        return Answer(
            question=self.question.asked,
            outcome=outcome,
            language=self.language,
            statements=tuple(
                replace(one, citations=tuple(numbers[n] for n in one.citations)) for one in self.statements
            ),
            citations=tuple(replace(cited[old], number=new) for old, new in numbers.items()),
            computed=tuple(self.computed),
            places=places or self.question.places,
            chart=renumbered(self.chart, numbers),
        )
