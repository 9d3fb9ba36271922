"""What is known of a question before a model is asked: how it was read, what was found, what code answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from answering.evidence.context import QuestionContext
from answering.lexicon import thesaurus as lexicon
from answering.particulars.answer_particular import answer_particular
from answering.planning import answer_by_code as unaided
from answering.planning.refusals import bare_topic, refused, which_of
from answering.planning.rest_of_list import left_of
from answering.question.follow_up import readings
from answering.question.hypotheses import hypotheses
from answering.question.intent import ExpectedAnswer
from answering.question.parser import read
from answering.rules.answer_rule import OtherReadings, answer_rule
from answering.scoring.abstention import confidence
from answering.scoring.ranking import Ranking
from answering.values.answer import Outcome
from answering.values.hypothesis import QuestionKind
from answering.values.trace import Frame, Seen, Trace
from answering.verification.extractive import prove
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import SearchableLibrary
    from answering.lexicon.thesaurus import Lexicon
    from answering.question.parser import Known, Question
    from answering.values.answer import Answer, Turn
    from answering.values.hypothesis import Hypothesis

_SETTLED = ("result_not_held", "result_not_told")  # that a result is untold answers what asks for it
_SURE = 0.9  # weight from which an answered reading is not held against others
_SEEN = 12  # hits that the record of an answer keeps
_FIRST = 60  # characters of each


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One question on its desk, with the answer that code gives."""

    desk: QuestionContext
    base: Answer

    @property
    def trace(self) -> Trace:
        """The record so far."""
        return Trace(frames=(_frame(self.desk),), hits=_hits(self.desk))

    def answer(self) -> Answer:
        """Return the answer of code, with its record."""
        return replace(self.base, seconds=dict(self.desk.seconds), trace=self.trace)


def plan(
    question: str,
    history: Sequence[Turn],
    *,
    library: SearchableLibrary,
    known: Known,
    rewritten: Question | None = None,
) -> Plan:
    """Read a question after ``history`` and answer it by code; of several readings the best supported one.

    ``rewritten`` is another reading of it, tried before the others. Who asks for the rest of what was shown is
    answered the same question once more, without that.
    """
    rest = next((one for one in readings(question, history, known=known) if one.shown), None)
    if rest is None:
        return _planned(question, history, library=library, known=known, rewritten=rewritten)
    made = _planned(rest.text, (), library=library, known=known, rewritten=None)
    if not made.base.outcome.is_answer:
        return made
    left = left_of(made.base, rest.shown) or refused(made.desk, Outcome.NOT_IN_CORPUS, "nothing_more")
    return replace(made, base=replace(left, question=question))


def _planned(
    question: str,
    history: Sequence[Turn],
    *,
    library: SearchableLibrary,
    known: Known,
    rewritten: Question | None,
) -> Plan:
    began = perf_counter()
    found = readings_of(question, history, known=known)
    if rewritten is not None:
        found = ((rewritten, (replace(found[0][1][0], text=rewritten.text, weight=1.0),)), *found)
    seconds = {"frame": perf_counter() - began}
    words = lexicon.load()
    frame, kinds = found[0]
    desk = QuestionContext(frame, library, words, kinds[0], seconds=seconds)
    if (told := answer_particular(desk)) is not None and (proved := prove(told)).outcome.is_answer:
        return Plan(desk=desk, base=proved)
    if (alone := _bare(question, found, known, history)) is not None:
        of_topic = QuestionContext(alone, library, words, kinds[0], seconds=seconds)
        if (back := which_of(of_topic, Ranking(of_topic))) is not None:
            return Plan(desk=of_topic, base=back)
    bylaw = _of_bylaw(found[0], history, library, words, seconds)
    is_rule = kinds[0].kind is QuestionKind.RULE
    if bylaw is not None and (is_rule or (bylaw.base.outcome.is_answer and _bylaw_leads(bylaw.desk))):
        return bylaw
    made = _likeliest(found, library, words, seconds)
    if made.base.outcome.is_answer or bylaw is None or not bylaw.base.outcome.is_answer:
        return made  # what no by-law was asked of, none is said to be silent on
    return bylaw


def _bare(
    question: str,
    found: Sequence[tuple[Question, tuple[Hypothesis, ...]]],
    known: Known,
    history: Sequence[Turn],
) -> Question | None:
    """Return the reading by itself of a message that names no more than a topic; None where it goes on from others.

    It does where a place is carried over, or where it says so (养老呢).
    """
    folded = fold(question)
    carried = any(one.places or one.strangers or one.national for one, _ in found)
    if not bare_topic(folded) or (history and (carried or folded.rstrip("?! ").endswith("呢"))):
        return None
    return read(question, known=known)


def _bylaw_leads(desk: QuestionContext) -> bool:
    """Tell whether the sentence that ranks first, of all texts, is in a by-law.

    A by-law of the place asked of shares words with many questions on its reports. For an outline it leads where
    the question names it.
    """
    named = {desk.document(one).genre for one in desk.hypothesis.documents}
    if desk.hypothesis.kind in (QuestionKind.OUTLINE, QuestionKind.SUMMARY) and Genre.REGULATION not in named:
        return False
    first = next((x.candidate for x in Ranking(desk).best if not x.candidate.line.is_heading), None)
    return first is None or first.line.document.genre is Genre.REGULATION


def _likeliest(
    found: Sequence[tuple[Question, tuple[Hypothesis, ...]]],
    library: SearchableLibrary,
    words: Lexicon,
    seconds: dict[str, float],
) -> Plan:
    """Return the plan of the reading that is likeliest together with its evidence, answered ones first.

    A reading counts by its weight times the chance that its best sentence answers it.
    """
    made: list[tuple[tuple[bool, float], Plan]] = []
    for frame, kinds in found:
        weight = sum(one.weight for one in kinds)
        desk = QuestionContext(frame, library, words, kinds[0], seconds=seconds)
        ranking = Ranking(desk)
        base = unaided.answer(desk, likely_kinds(kinds), ranking)
        answered = base.outcome.is_answer or base.reason in _SETTLED
        worth = weight * confidence(ranking.odds) if len(found) > 1 else weight
        made.append(((answered, worth), Plan(desk=desk, base=base)))
        if answered and weight >= _SURE:
            break
    return max(made, key=lambda pair: pair[0])[1]


def _of_bylaw(
    reading: tuple[Question, tuple[Hypothesis, ...]],
    history: Sequence[Turn],
    library: SearchableLibrary,
    words: Lexicon,
    seconds: dict[str, float],
) -> Plan | None:
    """Return the plan of a question that a by-law answers, or is silent on; None for any other."""
    frame, kinds = reading
    if frame.reason:
        return None
    desk = QuestionContext(frame, library, words, kinds[0], seconds=seconds)

    def first() -> tuple[str, int] | None:
        ranking = Ranking(desk)
        best = (x.candidate.line for x in ranking.best if not x.candidate.line.is_heading)
        return next((line.key for line in best), None) if ranking.odds >= 0 else None

    found = answer_rule(
        frame.asked,
        history,
        library=library,
        lexicon=words,
        language=frame.language,
        others=OtherReadings(best=first, counts=kinds[0].kind is QuestionKind.COUNT),
    )
    return Plan(desk=desk, base=prove(found)) if found is not None else None


def likely_kinds(kinds: Sequence[Hypothesis]) -> list[QuestionKind]:
    """Return the kinds that are at least half as likely as the likeliest, which comes first."""
    return [one.kind for one in kinds if 2 * one.weight >= kinds[0].weight]


def readings_of(
    question: str, history: Sequence[Turn], *, known: Known
) -> tuple[tuple[Question, tuple[Hypothesis, ...]], ...]:
    """Return the readings of a question after ``history``, the likeliest first.

    Each comes as its frame and the hypotheses that differ in kind alone, the likeliest kind first.
    """
    frames = readings(question, history, known=known)
    by_text = {frame.text: frame for frame in reversed(frames)}
    kinds: dict[tuple[object, ...], list[Hypothesis]] = {}
    for one in hypotheses(question, history, known):
        kinds.setdefault((one.text, one.places, one.years), []).append(one)
    return tuple(
        (_wanting(by_text.get(same[0].text, frames[0]), same[0].kind), tuple(same)) for same in kinds.values()
    )


def _wanting(frame: Question, kind: QuestionKind) -> Question:
    """Return a question for how or why as one that wants no figure: 为啥定这么个数 wants a reason."""
    if kind is not QuestionKind.HOW or frame.want.kind != "figure":
        return frame
    wanted = {one.kind for one in lexicon.load().wanted_in(frame.folded)}
    return replace(frame, want=ExpectedAnswer("reason" if "reason" in wanted else "manner"))


def _frame(desk: QuestionContext) -> Frame:
    question = desk.question
    return Frame(
        text=question.text,
        intent=question.intent.value,
        want=" ".join((question.want.kind, *question.want.units)).strip(),
        places=question.places or question.strangers,
        years=desk.years if question.years and not question.reason else (),
        completed=question.completed,
        rewritten=question.rewritten,
    )


def _hits(desk: QuestionContext) -> tuple[Seen, ...]:
    ranked = sorted(desk.hits.values(), key=lambda hit: -hit.score)[:_SEEN]
    return tuple(
        Seen(
            passage=hit.passage.id,
            place=hit.document.place,
            year=hit.document.year,
            score=round(hit.score, 4),
            dense=None if hit.dense is None else round(hit.dense, 4),
            words=None if hit.words is None else round(hit.words, 4),
            text=hit.passage.text[:_FIRST],
        )
        for hit in ranked
    )
