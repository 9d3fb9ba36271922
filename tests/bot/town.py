"""A small invented library and an answerer by a script, handed in where the real ones are slow."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.values.answer import Answer, Citation, Language, Outcome, Statement
from answering.values.events import Done, Event, Said, Stage, Step, Withdrawn
from bot.assembly.wiring import Wiring
from retrieval.catalog.models import IngestedSource
from retrieval.index.status import IndexStatus
from retrieval.places.gazetteer import Gazetteer
from retrieval.values.documents import Document, Genre, Passage, Section

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

    from answering.values.answer import Turn

SENTENCES = (
    "我市把路边的小事当成家里的事来办。",
    "两年来新建停车泊位321个，老城区停车难有了缓解。",
    "登记在册的志愿者达2.6万人，周末上街已成习惯。",
)
HEADING = "一、从小事做起"


def document(place: str = "清河市", name: str = "abcdefgh23") -> tuple[Document, tuple[Passage, ...]]:
    """Return a document of one section, a passage for each sentence."""
    body = "".join(SENTENCES)
    text = f"{HEADING}\n{body}\n二、往深处走\n还有许多事要做。"
    passages, start = [], len(HEADING) + 1
    for ordinal, sentence in enumerate(SENTENCES):
        end = start + len(sentence)
        passages.append(
            Passage(
                id=f"{name}-pppppp{ordinal:02d}",
                document=name,
                ordinal=ordinal,
                start=start,
                end=end,
                text=sentence,
                section="一",
                heading=(HEADING,),
            )
        )
        start = end
    second = text.index("二、")
    sections = (
        Section(numeral="一", title="从小事做起", level=1, start=0, end=second, body=len(HEADING) + 1),
        Section(numeral="二", title="往深处走", level=1, start=second, end=len(text), body=second + 6),
    )
    whole = Document(
        id=name,
        source=f"{place}.md",
        text=text,
        title="把一座城过成一家人",
        genre=Genre.SPEECH,
        place=place,
        year=2021,
        date="2021-06-03",
        sections=sections,
    )
    return whole, tuple(passages)


@dataclass
class Town:
    """A library in memory."""

    held: dict[str, tuple[Document, tuple[Passage, ...]]] = field(
        default_factory=lambda: {"abcdefgh23": document()}
    )
    version: int = 1
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    standing: IndexStatus = field(default_factory=lambda: IndexStatus(version=1, words=1))

    def documents(self) -> tuple[Document, ...]:
        return tuple(one for one, _ in self.held.values())

    def sources(self) -> tuple[IngestedSource, ...]:
        return tuple(
            IngestedSource(
                key=one.source,
                digest="",
                media="text/markdown",
                encoding=None,
                ingested="2021-06-03T00:00:00Z",
                documents=1,
                passages=len(cut),
            )
            for one, cut in self.held.values()
        )

    def document(self, name: str) -> Document | None:
        return self.held[name][0] if name in self.held else None

    def passages(self, name: str) -> tuple[Passage, ...]:
        return self.held[name][1] if name in self.held else ()

    def passage(self, name: str) -> Passage | None:
        return next((one for one in self.passages(name.split("-", maxsplit=1)[0]) if one.id == name), None)

    def neighbours(self, name: str) -> tuple[Passage | None, Passage | None]:
        cut = (None, *self.passages(name.split("-", maxsplit=1)[0]), None)
        at = next(at for at, one in enumerate(cut) if one and one.id == name)
        return cut[at - 1], cut[at + 1]

    def places(self) -> tuple[str, ...]:
        return tuple(one.place for one in self.documents() if one.place)

    def cite(self, quote: str, number: int = 1) -> Citation:
        """Return a citation of words that stand in one passage."""
        for whole, cut in self.held.values():
            for passage in cut:
                if quote in passage.text:
                    start = whole.text.index(quote, passage.start)
                    return Citation(
                        number=number,
                        document=whole.id,
                        passage=passage.id,
                        start=start,
                        end=start + len(quote),
                        quote=quote,
                        title=whole.title,
                        place=whole.place,
                        year=whole.year,
                        date=whole.date,
                        section=passage.section,
                        point=passage.point,
                        heading=passage.heading,
                    )
        raise LookupError(quote)

    def quoting(self, question: str, *quotes: str) -> Answer:
        """Return an answer that says each quotation with its source."""
        return Answer(
            question=question,
            outcome=Outcome.ANSWERED,
            language=Language.HANS,
            statements=tuple(Statement(text=one, citations=(at,)) for at, one in enumerate(quotes, 1)),
            citations=tuple(self.cite(one, at) for at, one in enumerate(quotes, 1)),
        )


@dataclass
class Scripted:
    """Answers by a script, and remembers what it was asked.

    A question with 慢 is answered as by a model: sentence by sentence, ``pace`` seconds each.
    """

    script: Callable[[str], Answer]
    histories: list[tuple[Turn, ...]] = field(default_factory=list)
    pace: float = 0.6
    closed: list[str] = field(default_factory=list)  # questions whose answers were not waited for

    async def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        self.histories.append(tuple(history))
        return self.script(question)

    async def stream(self, question: str, history: Sequence[Turn] = ()) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.SEARCHING)
        answer = await self.answer(question, history)
        if "慢" in question:
            try:
                async for event in self._slowly(question, answer):
                    yield event
                if "改" in question:
                    yield Withdrawn()
                    answer = replace(answer, statements=answer.statements[:1], notes=("note_model_away",))
            except (asyncio.CancelledError, GeneratorExit):
                self.closed.append(question)
                raise
        yield Done(answer=answer)

    async def _slowly(self, question: str, answer: Answer) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.READING)
        await asyncio.sleep(self.pace)
        yield Step(stage=Stage.WRITING)
        heard: set[int] = set()
        for one in answer.statements:
            await asyncio.sleep(self.pace)
            cited = tuple(c for c in answer.citations if c.number in one.citations and c.number not in heard)
            heard |= set(one.citations)
            yield Said(statement=one, citations=cited)
        if "停不" in question:
            await asyncio.sleep(60)


def parking(town: Town) -> Scripted:
    """Return an answerer that knows about parking, refuses a poem, and breaks down over 坏."""

    def script(question: str) -> Answer:
        if "坏" in question:
            raise RuntimeError("密码是 hunter2-hunter2")
        if "慢" in question:
            return town.quoting(question, *SENTENCES)
        if "诗" in question:
            details = {"held": "清河市", "places": "清河市", "asked": "", "years": ""}
            return Answer(question=question, outcome=Outcome.OUT_OF_SCOPE, reason="creative", details=details)
        return town.quoting(question, SENTENCES[1])

    return Scripted(script)


class TownWiring(Wiring):
    """Wires the invented library and the scripted answerer."""

    @contextmanager
    def library(self, *, write: bool = False, rebuild: bool = False) -> Iterator[Town]:  # type: ignore[override]
        yield Town()

    def answerer(self, library: Town) -> Scripted:  # type: ignore[override]
        return parking(library)
