"""One question on its way to an answer in a model's words; code's answer stands wherever those don't hold."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.evidence.context import known_of
from answering.evidence.lines import Line, of_passage
from answering.extractive.charts import carried
from answering.extractive.sentence_selection import confidence
from answering.generation.compose import Composition
from answering.generation.evidence_prompt import pack
from answering.generation.query_rewrite import rewrite
from answering.planning.plan import Plan, plan
from answering.question.intent import Intent
from answering.runtime.executor import run_in_worker_thread
from answering.values.answer import Answer, Outcome, StatementKind
from answering.values.errors import ModelError
from answering.values.events import Done, Event, Stage, Step
from answering.verification.extractive import prove

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.evidence.lines import Library
    from answering.generation.compose import Writer
    from answering.generation.evidence_prompt import Pack
    from answering.values.answer import Turn
    from answering.values.trace import Call

# What code alone answers: structure, counts over all places, and what comes of figures.
_STRUCTURE = (Intent.CORPUS, Intent.TITLE, Intent.OUTLINE, Intent.SECTION, Intent.WHICH)
_FINAL = (Outcome.ASKED_BACK, Outcome.OUT_OF_SCOPE, Outcome.FAILED)
_HOPELESS = 0.2  # confidence below which no sentence found is worth showing to a model


async def stream_answer(
    question: str, history: Sequence[Turn], *, library: Library, writer: Writer
) -> AsyncGenerator[Event, None]:
    """Yield what is heard of the answer to one question, and the answer as the last event."""
    made = await run_in_worker_thread(_planned, question, history, library)
    calls: tuple[Call, ...] = ()
    notes: tuple[str, ...] = ()
    if made.desk.question.completed and history:
        yield Step(stage=Stage.READING)
        made, calls, notes = await _completed(made, question, history, writer)
    if notes or _settled(made):
        yield Done(answer=_recorded(made.answer(), calls, notes))
        return
    packed, found = await run_in_worker_thread(_packed, made, writer.evidence_tokens)
    if not packed.lines:
        yield Done(answer=_recorded(made.answer(), calls, notes))
        return
    work = Composition(plan=made, pack=packed, found=found, writer=writer)
    async with aclosing(work.run()) as events:
        async for event in events:
            yield event
    yield Done(answer=_recorded(_chosen(made, work), (*calls, *work.calls), _notes(work)))


def _planned(question: str, history: Sequence[Turn], library: Library) -> Plan:
    return plan(question, history, library=library, known=known_of(library))


async def _completed(
    made: Plan, question: str, history: Sequence[Turn], writer: Writer
) -> tuple[Plan, tuple[Call, ...], tuple[str, ...]]:
    """Return the plan of the question as the model completes it, unless code finds less by it."""
    library = made.desk.library
    known = await run_in_worker_thread(known_of, library)
    try:
        rewriting = await rewrite(made.desk.question, history, writer=writer, known=known)
    except ModelError as error:
        return made, (), (error.note,)
    if rewriting.question is None:
        return made, (rewriting.call,), ()
    again = await run_in_worker_thread(
        plan, question, history, library=library, known=known, rewritten=rewriting.question
    )
    better = again.base.outcome.is_answer or not made.base.outcome.is_answer
    return (again if better else made), (rewriting.call,), ()


def _settled(made: Plan) -> bool:
    """Tell whether code's answer is final: it needs no words, or no evidence could change it."""
    base, desk = made.base, made.desk
    if base.outcome in _FINAL or not desk.seen:
        return True
    if base.outcome.is_answer:
        reckoned = base.computed or any(s.manner is StatementKind.COMPUTED for s in base.statements)
        return bool(reckoned) or desk.question.intent in _STRUCTURE
    terms = desk.terms(desk.question.content)
    return max(confidence(line, terms) for line in desk.seen.values()) < _HOPELESS


def _packed(made: Plan, budget: int) -> tuple[Pack, tuple[Line, ...]]:
    """Return the evidence for the model, what code cites first, and the sentences that code cites."""
    desk = made.desk
    found = _cited(made)
    terms = desk.terms(desk.question.content)
    others = sorted(desk.seen.values(), key=lambda line: -confidence(line, terms))
    ranked = {line.key: line for line in (*found, *others)}
    return pack(list(ranked.values()), budget=budget, places=desk.question.places), found


def _cited(made: Plan) -> tuple[Line, ...]:
    held: dict[str, dict[int, Line]] = {}
    for citation in made.base.citations:
        if citation.document not in held:
            document = made.desk.document(citation.document)
            passages = made.desk.library.passages(citation.document)
            held[citation.document] = {x.start: x for p in passages for x in of_passage(p, document)}
    places = ((held[one.document], one.start) for one in made.base.citations)
    return tuple(lines[start] for lines, start in places if start in lines)


def _chosen(made: Plan, work: Composition) -> Answer:
    """Return the model's answer where it holds, else code's, with the record of both."""
    own = made.answer()
    answer = work.answer()
    judged = tuple(work.judged)
    if answer is None:
        return replace(own, trace=replace(own.trace, judged=judged))
    proved = prove(answer)
    if not proved.outcome.is_answer:
        return replace(own, trace=replace(own.trace, judged=judged))
    trace = replace(own.trace, judged=judged, way="model")
    return replace(proved, chart=carried(own, proved), seconds=own.seconds, trace=trace)


def _notes(work: Composition) -> tuple[str, ...]:
    return (work.error.note,) if work.error is not None and work.answer() is None else ()


def _recorded(answer: Answer, calls: Sequence[Call], notes: Sequence[str]) -> Answer:
    seconds = dict(answer.seconds)
    for call in calls:
        seconds[call.purpose] = seconds.get(call.purpose, 0.0) + call.seconds
    trace = replace(answer.trace, calls=tuple(calls))
    return replace(answer, notes=tuple(notes), seconds=seconds, trace=trace)
