"""One question on its way to an answer in a model's words; code's answer stands wherever those don't hold."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.evidence.context import known_of
from answering.evidence.lines import Line, of_passage
from answering.extractive.charts import carried
from answering.generation.compose import Composition
from answering.generation.evidence_prompt import pack
from answering.generation.query_rewrite import rewrite
from answering.planning.plan import Plan, plan
from answering.question.intent import Intent
from answering.runtime.executor import run_in_worker_thread
from answering.scoring.ranking import Ranking
from answering.values.answer import Answer, Outcome, StatementKind
from answering.values.errors import ModelError
from answering.values.events import Done, Event, Stage, Step

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from answering.evidence.lines import SearchableLibrary
    from answering.generation.compose import Writer
    from answering.generation.evidence_prompt import Pack
    from answering.values.answer import Turn
    from answering.values.trace import Call

# What code alone answers: structure, counts over all places, and what comes of figures.
_STRUCTURE = (Intent.CORPUS, Intent.TITLE, Intent.OUTLINE, Intent.SECTION, Intent.WHICH)
_FINAL = (Outcome.ASKED_BACK, Outcome.OUT_OF_SCOPE, Outcome.FAILED)
_WIDE = 16  # passages that a search for a model's evidence takes of each place
_ELSEWHERE = ("other_place", "empty_corpus")  # why code refuses where the library holds nothing near


async def stream_answer(
    question: str, history: Sequence[Turn], *, library: SearchableLibrary, writer: Writer
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
    packed = await run_in_worker_thread(_packed, made, writer.evidence_tokens)
    if not packed.lines:
        yield Done(answer=_recorded(made.answer(), calls, notes))
        return
    work = Composition(plan=made, pack=packed, writer=writer)
    async with aclosing(work.run()) as events:
        async for event in events:
            yield event
    yield Done(answer=_recorded(_chosen(made, work), (*calls, *work.calls), _notes(work)))


def _planned(question: str, history: Sequence[Turn], library: SearchableLibrary) -> Plan:
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
    """Tell whether code's answer is final: it needs no words, or the library holds nothing that is near."""
    base, desk = made.base, made.desk
    if base.outcome in _FINAL or base.reason in _ELSEWHERE:
        return True
    if base.outcome.is_answer:
        reckoned = base.computed or any(s.manner is StatementKind.COMPUTED for s in base.statements)
        return bool(reckoned) or desk.question.intent in _STRUCTURE
    return desk.question.confirm


def _packed(made: Plan, budget: int) -> Pack:
    """Return the evidence for the model: what code cites, what ranks best, what a wider search finds."""
    desk = made.desk
    question = desk.question
    ranked = [one.candidate.line for one in Ranking(desk).best[:_WIDE]]
    for place in question.places or ("",):
        ranked += desk.search(question.text, places=(place,) if place else (), k=_WIDE)
    lines = {line.key: line for line in reversed((*_cited(made), *ranked))}
    found = list(reversed(lines.values()))
    return pack(found, budget=budget, library=desk.library, places=question.places)


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
    trace = replace(own.trace, judged=judged, way="model")
    return replace(answer, chart=carried(own, answer), seconds=own.seconds, trace=trace)


def _notes(work: Composition) -> tuple[str, ...]:
    if work.error is not None and work.answer() is None:
        return (work.error.note,)
    return ("note_model_cut",) if any(call.cut for call in work.calls) else ()


def _recorded(answer: Answer, calls: Sequence[Call], notes: Sequence[str]) -> Answer:
    seconds = dict(answer.seconds)
    for call in calls:
        seconds[call.purpose] = seconds.get(call.purpose, 0.0) + call.seconds
    trace = replace(answer.trace, calls=tuple(calls))
    return replace(answer, notes=tuple(notes), seconds=seconds, trace=trace)
