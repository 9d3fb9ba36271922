"""A small invented library, and answerers handed in for the real one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.values.answer import Answer, Citation, Language, Outcome, Statement
from answering.values.events import Done, Event, Said, Stage, Step
from retrieval.index.status import IndexStatus
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.documents import Document, Genre, Passage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from answering.values.answer import Turn
    from retrieval.catalog.fact_query import Ask, FoundFigure
    from retrieval.catalog.models import IngestedSource
    from retrieval.facts.models import MeasureRow

SENTENCES = (
    "全市新建停车泊位一万二千个，老城区停车难有了缓解。",
    "清理楼道堆物三千余处，居民自己动手的占了七成。",
    "志愿者登记在册二十六万人，周末上街已成习惯。",
)
HEADINGS = ("一、从小事做起，让街坊看得见变化", "（一）把路边的事当成家里的事")


def library_of(document_id: str = "abcdefgh23", sentences: Sequence[str] = SENTENCES) -> Library:
    """Make a library of one document, a passage for each sentence."""
    text = "".join(sentences)
    passages, start = [], 0
    for ordinal, sentence in enumerate(sentences):
        passages.append(
            Passage(
                id=f"{document_id}-pppppp{ordinal:02d}",
                document=document_id,
                ordinal=ordinal,
                start=start,
                end=start + len(sentence),
                text=sentence,
                section="一",
                heading=HEADINGS,
            )
        )
        start += len(sentence)
    document = Document(
        id=document_id,
        source="invented.md",
        text=text,
        title="把一座城过成一家人",
        genre=Genre.SPEECH,
        place="清河市",
        year=2021,
        date="2021-06-03",
    )
    return Library([document], passages)


class Nothing:
    """A register without rows."""

    def figures(self, ask: Ask) -> list[FoundFigure]:
        return []

    def measures(self, ask: Ask) -> list[MeasureRow]:
        return []

    def common(self, ask: Ask) -> list[tuple[str, int]]:
        return []


@dataclass
class Library:
    """Documents and passages in memory."""

    held: list[Document]
    cut: list[Passage]
    version: int = 1
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    register: Nothing = field(default_factory=Nothing)

    @property
    def standing(self) -> IndexStatus:
        return IndexStatus(version=self.version, words=self.version, vectors=self.version)

    def sources(self) -> list[IngestedSource]:
        return []

    def documents(self) -> list[Document]:
        return self.held

    def places(self) -> list[str]:
        return [document.place for document in self.held if document.place]

    def document(self, document_id: str) -> Document | None:
        return next((one for one in self.held if one.id == document_id), None)

    def passages(self, document_id: str) -> list[Passage]:
        return [one for one in self.cut if one.document == document_id]

    def passage(self, passage_id: str) -> Passage | None:
        return next((one for one in self.cut if one.id == passage_id), None)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        passage = self.passage(passage_id)
        cut = [one for one in self.cut if passage and one.document == passage.document]
        at = next(at for at, one in enumerate(cut) if one.id == passage_id)
        return cut[at - 1] if at else None, cut[at + 1] if at + 1 < len(cut) else None

    def locate(self, words: str) -> list[Passage]:
        found = []
        for document in self.held:
            at = document.text.find(words)
            found += [one for one in self.cut if one.document == document.id and one.start <= at < one.end]
        return found

    def cite(self, number: int, quote: str) -> Citation:
        """Return a citation of words that stand in one passage."""
        passage = next(one for one in self.cut if quote in one.text)
        document = self.document(passage.document)
        assert document is not None
        start = document.text.index(quote, passage.start)
        return Citation(
            number=number,
            document=document.id,
            passage=passage.id,
            start=start,
            end=start + len(quote),
            quote=quote,
            title=document.title,
            place=document.place,
            year=document.year,
            date=document.date,
            section=passage.section,
            point=passage.point,
            heading=passage.heading,
        )

    def quoted(self, question: str, *quotes: str) -> Answer:
        """Return an answer that says each quotation with its source."""
        numbered = list(enumerate(quotes, 1))
        return Answer(
            question=question,
            outcome=Outcome.ANSWERED,
            language=Language.EN if question.isascii() else Language.HANS,
            statements=tuple(Statement(text=quote, citations=(number,)) for number, quote in numbered),
            citations=tuple(self.cite(number, quote) for number, quote in numbered),
        )


@dataclass
class Scripted:
    """Answers by a script, and remembers what it was asked.

    What ``held`` tells to hold back is answered only when ``gate`` is set, as it is at first.
    """

    script: Callable[[str], Answer]
    held: Callable[[str], bool] = lambda _: True
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    steps: dict[int, asyncio.Event] = field(default_factory=dict)  # waited for before statement 0, 1, …
    events: Sequence[Event] = ()  # told before the answer, in place of its statements
    writing: list[str] = field(default_factory=list)  # questions whose answers were begun
    closed: list[str] = field(default_factory=list)  # questions whose answers were not waited for
    asked: list[str] = field(default_factory=list)
    histories: list[tuple[Turn, ...]] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.asked.append(question)
        self.histories.append(tuple(history))
        self.begun.set()
        if self.held(question):
            await self.gate.wait()
        return replace(self.script(question), question=question)

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.SEARCHING)
        try:
            self.writing.append(question)
            if self.steps:
                yield Step(stage=Stage.WRITING)
                async for event in self._written(question):
                    yield event
            answer = await self.answer(question, history)
        except (asyncio.CancelledError, GeneratorExit):
            self.closed.append(question)
            raise
        yield Done(answer=answer)

    async def _written(self, question: str) -> AsyncGenerator[Event, None]:
        answer = self.script(question)
        for number, statement in enumerate(answer.statements):
            if number in self.steps:
                await self.steps[number].wait()
            cited = tuple(one for one in answer.citations if one.number in statement.citations)
            yield Said(statement=statement, citations=cited)
        for event in self.events:
            yield event

    def write(self, *, free: int = 0) -> None:
        """Answer as a model does, sentence by sentence; all but the first ``free`` wait to be let out."""
        self.steps = {number: asyncio.Event() for number in range(9)}
        for number in range(free):
            self.steps[number].set()

    def let_out(self, *numbers: int) -> None:
        for number in numbers or self.steps:
            self.steps[number].set()


def quoting(library: Library) -> Scripted:
    """Make an answerer that answers everything with all the library's sentences, most certain first."""
    return Scripted(lambda question: library.quoted(question, *(one.text for one in library.cut)))
