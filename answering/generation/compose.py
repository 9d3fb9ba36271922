"""Answer one question in a model's words: each sentence is proved before anybody hears it.

One round is enough where any of it stands; where nothing does, one repair tells the model what failed and what
the texts have instead. What was shown stands, and code's answer completes what it leaves out.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import AnswerDraft
from answering.generation.evidence_prompt import neutral
from answering.generation.question_fit import answers
from answering.generation.sentence_splitter import SentenceStream
from answering.generation.verify_stream import StreamVerifier
from answering.judge.nearness import Nearness
from answering.llm.protocol import Budgeted, ChatMessage, Role
from answering.llm.recorded_call import Calling
from answering.values.answer import Answer, Language, Shape, StatementKind
from answering.values.errors import ModelError
from answering.values.events import Said, Stage, Step
from answering.values.trace import Call, Judged, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.generation.evidence_prompt import Pack
    from answering.generation.kept import Kept
    from answering.llm.prompts import Prompts
    from answering.llm.protocol import ChatModel
    from answering.llm.second_vote import SecondVerifier
    from answering.planning.plan import Plan
    from answering.values.answer import Citation, Statement
    from answering.values.events import Event

_LONGEST = 40  # sentences of one round; a model that goes on has lost its way
_ECHOES = 3  # repetitions in a row after which a round ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A model, the prompts to speak to it with, and how many tokens go each way."""

    model: ChatModel
    prompts: Prompts
    evidence_tokens: int = 6000
    answer_tokens: int = 700
    nearness: Nearness = field(default_factory=lambda: Nearness(None))  # of meaning, over two languages
    second: SecondVerifier | None = None  # whose votes are put down beside the verdicts

    def for_question(self) -> Writer:
        """Return the writer with the budget of one message."""
        model = self.model.for_question() if isinstance(self.model, Budgeted) else self.model
        return replace(self, model=model)


@dataclass
class Composition:
    """The work on one answer; no sentence leaves it unproved."""

    plan: Plan
    pack: Pack
    writer: Writer
    kept: list[Kept] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    error: ModelError | None = None

    async def run(self) -> AsyncGenerator[Event, None]:
        """Yield what a face may show; afterwards ``answer`` tells what came of it."""
        held: list[Event] = []
        try:
            async with aclosing(self._rounds()) as events:
                async for event in events:
                    # What does not answer yet waits: it may have to give way to code's answer.
                    if isinstance(event, Step):
                        yield event
                        continue
                    held.append(event)
                    if self.answered:
                        for one in held:
                            yield one
                        held = []
        except ModelError as error:
            self.error = error
        await self._vote()

    async def _vote(self) -> None:
        """Put down what a second model says of each sentence that stands."""
        if self.writer.second is None or not self.answered:
            return
        asked = [(at, one) for at, one in enumerate(self.judged) if one.verdict is Verdict.KEPT]
        lines = self.pack.lines
        votes = await self.writer.second.votes(
            [(one.text, "\n".join(lines[n].text for n in one.cited if n in lines)) for _, one in asked]
        )
        for (at, one), vote in zip(asked, votes, strict=True):
            self.judged[at] = replace(one, second=vote)

    @property
    def answered(self) -> bool:
        """Whether what stands so far answers the question."""
        found = self.plan.base.outcome.is_answer
        return answers(self.kept, self.plan.desk, found_by_code=found)

    def answer(self) -> Answer | None:
        """Return the answer in the model's words, or None where code's answer is to stand."""
        if not self.answered:
            return None
        draft = AnswerDraft(self.plan.desk.question)
        for one in self.kept:
            _say(draft, one)
        self._complete(draft)
        return replace(draft.done(), shape=_shape(self.kept))

    def _complete(self, draft: AnswerDraft) -> None:
        """Add what code tells of places that were asked about and that the model left out."""
        asked = self.plan.desk.question.places
        told = {line.document.place for one in self.kept for line in one.lines}
        leads = {one.statement.lead for one in self.kept}
        cited = {citation.number: citation for citation in self.plan.base.citations}
        for statement in self.plan.base.statements:
            places = {cited[n].place for n in statement.citations if n in cited}
            if len(asked) > 1 and places and not places & told and places <= set(asked):
                _take_over(draft, statement, cited)
            elif _silent(statement) and statement.lead not in leads:
                draft.statements.append(statement)

    async def _rounds(self) -> AsyncGenerator[Event, None]:
        messages = self._opening()
        first = StreamVerifier(self.plan.desk, self.pack, self.writer.nearness)
        call = self._calling("answer", "answer", "ask")
        async with aclosing(self._round(call, messages, first)) as events:
            async for event in events:
                yield event
        if first.proved or first.silent:
            return
        yield Step(stage=Stage.MENDING)
        messages += [ChatMessage(role=Role.ASSISTANT, content=call.text or "…"), self._faults(first)]
        second = StreamVerifier(self.plan.desk, self.pack, self.writer.nearness, attempt=2)
        async with aclosing(self._round(self._calling("repair", "repair"), messages, second)) as events:
            async for event in events:
                yield event

    async def _round(
        self, call: Calling, messages: Sequence[ChatMessage], hearing: StreamVerifier
    ) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.READING)
        draft = AnswerDraft(self.plan.desk.question)
        stream = SentenceStream()
        self.kept = hearing.kept
        try:
            async with aclosing(call.pieces(messages, limit=self.writer.answer_tokens)) as pieces:
                async for piece in pieces:
                    if call.text == piece:
                        yield Step(stage=Stage.WRITING)
                    for said in _heard(stream.feed(piece), hearing, draft):
                        yield said
                    if hearing.echoes >= _ECHOES or len(hearing.judged) >= _LONGEST:
                        break
            for said in _heard(stream.close(), hearing, draft):
                yield said
        finally:
            self.judged += hearing.judged
            self.calls.append(call.record)

    # -- what is said to the model

    @property
    def _language(self) -> str:
        return "en" if self.plan.desk.question.language is Language.EN else "zh"

    def _calling(self, purpose: str, *prompts: str) -> Calling:
        used = (self.writer.prompts.get(name, self._language).version for name in prompts)
        return Calling(self.writer.model, purpose, " ".join(used))

    def _opening(self) -> list[ChatMessage]:
        prompts, language = self.writer.prompts, self._language
        asked = prompts.get("ask", language).fill(
            fence=self.pack.fence, evidence=self.pack.text, question=neutral(self.plan.desk.question.text)
        )
        system = prompts.get("answer", language).fill()
        return [ChatMessage(role=Role.SYSTEM, content=system), ChatMessage(role=Role.USER, content=asked)]

    def _faults(self, heard: StreamVerifier) -> ChatMessage:
        prompts, language = self.writer.prompts, self._language
        told = [
            prompts.fault(
                one.verdict.value,
                language,
                text=neutral(one.text),
                why=neutral(one.why),
                right=neutral(one.right) or "—",
            )
            for one in heard.judged
            if one.verdict not in (Verdict.KEPT, Verdict.SILENT)
        ]
        told += [] if told else [prompts.fault("lacks_answer", language)]
        problems = "\n".join(f"- {one}" for one in dict.fromkeys(told))
        return ChatMessage(role=Role.USER, content=prompts.get("repair", language).fill(problems=problems))


def _silent(statement: Statement) -> bool:
    """Tell whether a line of code's answer says that the texts do not tell of a place."""
    return statement.manner is StatementKind.FRAME and not statement.citations


def _heard(units: Sequence[str], hearing: StreamVerifier, draft: AnswerDraft) -> list[Said]:
    return [_say(draft, one) for unit in units for one in hearing.hear(unit)]


def _take_over(draft: AnswerDraft, statement: Statement, cited: dict[int, Citation]) -> None:
    """Put a statement of code's answer into a draft, its citations numbered again."""
    numbers = []
    for number in statement.citations:
        one = cited[number]
        known = next(
            (
                c
                for c in draft.citations
                if (c.document, c.start, c.end) == (one.document, one.start, one.end)
            ),
            None,
        )
        if known is None:
            known = replace(one, number=len(draft.citations) + 1)
            draft.citations.append(known)
        numbers.append(known.number)
    draft.statements.append(replace(statement, citations=tuple(numbers)))


def _say(draft: AnswerDraft, one: Kept) -> Said:
    """Put a proved sentence into a draft, and return it with the citations that it brings."""
    known = len(draft.citations)
    numbers = [draft.cite_line(line) for line in one.lines]
    statement = replace(one.statement, citations=tuple(dict.fromkeys(numbers)))
    draft.statements.append(statement)
    return Said(statement=statement, citations=tuple(draft.citations[known:]))


def _shape(kept: Sequence[Kept]) -> Shape:
    items = [one for one in kept if one.statement.level and one.lines]
    places = {one.lines[0].document.place for one in items}
    if len(places) > 1 and all(one.statement.lead for one in items):
        return Shape.TABLE
    return Shape.LIST if len(items) > 1 else Shape.PROSE
