"""Answer one question in a model's words: each sentence is proved before anybody hears it.

Two rounds at most: the answer, and one repair that tells the model what failed.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import Draft
from answering.generation.evidence_prompt import neutral
from answering.generation.sentence_splitter import SentenceStream
from answering.generation.sufficiency import lacks, topic
from answering.generation.verify_stream import StreamVerifier
from answering.llm.protocol import Budgeted, Message, Role
from answering.llm.recorded_call import Calling
from answering.values.answer import Answer, Language, Shape, StatementKind
from answering.values.errors import ModelError
from answering.values.events import Said, Stage, Step, Withdrawn
from answering.values.trace import Call, Judged, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.evidence.lines import Line
    from answering.generation.evidence_prompt import Pack
    from answering.generation.sufficiency import Kept, Lack
    from answering.llm.prompts import Prompts
    from answering.llm.protocol import ChatModel
    from answering.planning.plan import Plan
    from answering.values.answer import Statement
    from answering.values.events import Event

_LONGEST = 40  # sentences of one round; a model that goes on has lost its way
_ECHOES = 3  # repetitions in a row after which a round ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """A model, the prompts to speak to it with, and how many tokens go each way."""

    model: ChatModel
    prompts: Prompts
    evidence_tokens: int = 1600
    answer_tokens: int = 700

    def for_question(self) -> Writer:
        """Return the writer with the budget of one message."""
        model = self.model.for_question() if isinstance(self.model, Budgeted) else self.model
        return replace(self, model=model)


@dataclass
class Composition:
    """The work on one answer; no sentence leaves it unproved."""

    plan: Plan
    pack: Pack
    found: tuple[Line, ...]  # what code's answer cites
    writer: Writer
    kept: list[Kept] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    error: ModelError | None = None

    async def run(self) -> AsyncGenerator[Event, None]:
        """Yield what a face may show; afterwards ``answer`` tells what came of it."""
        try:
            async with aclosing(self._rounds()) as events:
                async for event in events:
                    # Where code found no answer, a model's first words prove too little: they wait.
                    if isinstance(event, Step) or self.plan.base.outcome.is_answer:
                        yield event
        except ModelError as error:
            self.error = error

    def answer(self) -> Answer | None:
        """Return the answer in the model's words, or None where code's answer is to stand."""
        if self._lacks():
            return None
        draft = Draft(self.plan.desk.question)
        for one in self.kept:
            _say(draft, one)
        leads = {one.statement.lead for one in self.kept}
        draft.statements += [s for s in self.plan.base.statements if _silent(s) and s.lead not in leads]
        return replace(draft.done(), shape=_shape(self.kept))

    async def _rounds(self) -> AsyncGenerator[Event, None]:
        messages = self._opening()
        about = topic(self.plan.desk, self.found)
        first = StreamVerifier(self.plan.desk, self.pack, about)
        call = self._calling("answer", "answer", "ask")
        async with aclosing(self._round(call, messages, first)) as events:
            async for event in events:
                yield event
        missing = self._lacks()
        if not missing or (first.silent and not self.plan.base.outcome.is_answer):
            return
        yield Step(stage=Stage.MENDING)
        if first.kept:
            yield Withdrawn()
        messages += [Message(role=Role.ASSISTANT, content=call.text or "…"), self._faults(first, missing)]
        second = StreamVerifier(self.plan.desk, self.pack, about, attempt=2)
        async with aclosing(self._round(self._calling("repair", "repair"), messages, second)) as events:
            async for event in events:
                yield event

    async def _round(
        self, call: Calling, messages: Sequence[Message], hearing: StreamVerifier
    ) -> AsyncGenerator[Event, None]:
        yield Step(stage=Stage.READING)
        draft = Draft(self.plan.desk.question)
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

    def _lacks(self) -> tuple[Lack, ...]:
        return lacks(self.plan, self.kept, self.found)

    # -- what is said to the model

    @property
    def _language(self) -> str:
        return "en" if self.plan.desk.question.language is Language.EN else "zh"

    def _calling(self, purpose: str, *prompts: str) -> Calling:
        used = (self.writer.prompts.get(name, self._language).version for name in prompts)
        return Calling(self.writer.model, purpose, " ".join(used))

    def _opening(self) -> list[Message]:
        prompts, language = self.writer.prompts, self._language
        asked = prompts.get("ask", language).fill(
            fence=self.pack.fence, evidence=self.pack.text, question=neutral(self.plan.desk.question.text)
        )
        system = prompts.get("answer", language).fill()
        return [Message(role=Role.SYSTEM, content=system), Message(role=Role.USER, content=asked)]

    def _faults(self, heard: StreamVerifier, missing: Sequence[Lack]) -> Message:
        prompts, language = self.writer.prompts, self._language
        told = [
            prompts.fault(one.verdict.value, language, text=neutral(one.text), why=neutral(one.why))
            for one in heard.judged
            if one.verdict not in (Verdict.KEPT, Verdict.SILENT)
        ]
        told += [prompts.fault(lack.fault, language, why=self._named(lack)) for lack in missing]
        problems = "\n".join(f"- {one}" for one in dict.fromkeys(told))
        return Message(role=Role.USER, content=prompts.get("repair", language).fill(problems=problems))

    def _named(self, lack: Lack) -> str:
        keys = {line.key for line in lack.lines}
        numbers = "".join(f"[{n}]" for n, line in self.pack.lines.items() if line.key in keys)
        return numbers or self.plan.desk.named(lack.places)


def _silent(statement: Statement) -> bool:
    """Tell whether a line of code's answer says that the texts do not tell of a place."""
    return statement.manner is StatementKind.FRAME and not statement.citations


def _heard(units: Sequence[str], hearing: StreamVerifier, draft: Draft) -> list[Said]:
    kept = [one for unit in units if (one := hearing.hear(unit)) is not None]
    return [_say(draft, one) for one in kept]


def _say(draft: Draft, one: Kept) -> Said:
    """Put a proved sentence into a draft, and return it with the citations that it brings."""
    known = len(draft.citations)
    numbers = [draft.cite_line(line) for line in one.lines]
    statement = replace(one.statement, citations=tuple(dict.fromkeys(numbers)))
    draft.statements.append(statement)
    return Said(statement=statement, citations=tuple(draft.citations[known:]))


def _shape(kept: Sequence[Kept]) -> Shape:
    items = [one for one in kept if one.statement.level]
    places = {one.lines[0].document.place for one in items}
    if len(places) > 1 and all(one.statement.lead for one in items):
        return Shape.TABLE
    return Shape.LIST if len(items) > 1 else Shape.PROSE
