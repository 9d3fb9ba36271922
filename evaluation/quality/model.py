"""Answers in a model's words beside those without one: right, proved, in time, and silent where texts are."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from answering.verification.extractive import passes
from evaluation.quality.answers import own_questions
from evaluation.quality.model_answers import sit, writer
from evaluation.quality.question_sets import QuestionSet
from evaluation.quality.question_sets import sit as sit_without
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable, TargetBound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from evaluation.harness.bench import Bench
    from evaluation.quality.model_answers import ModelAnswer
    from evaluation.reporting.shared_scorer import BatchScore

_MEASURES = (
    "correct",
    "concise",
    "cite_recall",
    "cite_precision",
    "abstain_recall",
    "abstain_precision",
    "number_faith",
    "quote_verbatim",
)
_NOT_BELOW = ("correct", "cite_recall", "cite_precision")  # the answer without a model
_FIXED = {"concise": 0.85, "number_faith": 1.0, "quote_verbatim": 1.0}
_RATIO = 1.2


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the scores of the dev questions and of our own."""
    given, recorder = writer(bench.homes.root / "model-output")
    sets = {"dev": bench.shared.dev_questions(), "own": own_questions()["own"]}
    scorer = Scorer.load(bench.shared.scorer)
    for name, asked in sets.items():
        exam = QuestionSet(
            key=f"model-{name}", asked=asked, stand=bench.seed(), corpus=bench.shared.seed_text
        )
        without = sit_without(exam, bench, scorer)
        sat = sit(asked, bench.library(exam.stand), given, recorder)
        score = scorer.score(asked, [one.record for one in sat], corpus=exam.corpus)
        bench.remark(f"{exam.key}: {line}" for line in score.remarks)
        yield ResultTable(
            key=exam.key,
            title=f"Answers by {given.model.name} on the seed source, {len(asked)} {name} questions",
            figures=(*_scored(score, without), *_shown(asked, sat)),
            others=("no model",),
            notes=_notes(sat, recorder.replayed),
        )


def _scored(score: BatchScore, without: BatchScore) -> Iterator[Measurement]:
    for name in _MEASURES:
        beside = without.figures.get(name)
        target = beside if name in _NOT_BELOW else _FIXED.get(name)
        yield Measurement(name=name, value=score.figures.get(name), target=target, beside=(beside,))
    for kind, (share, count) in sorted(score.by_type.items()):
        beside = without.by_type[kind][0]
        yield Measurement(name=f"right: {kind} (of {count})", value=share, beside=(beside,))


def _shown(asked: Sequence[dict[str, Any]], sat: Sequence[ModelAnswer]) -> Iterator[Measurement]:
    open_ones = {row["id"] for row in asked if not row["answerable"]}
    claims = sum(bool(one.said) or one.answer.trace.way != "code" for one in sat if one.id in open_ones)
    yield Measurement(
        name=f"unanswerable (of {len(open_ones)}) on which a model's claim was shown",
        value=claims,
        unit=MeasureUnit.COUNT,
        target=0,
        bound=TargetBound.MOST,
    )
    statements = [passed for one in sat for passed in _passing(one)]
    share = sum(statements) / len(statements) if statements else None
    yield Measurement(name="shown sentences with a passing citation", value=share, target=1.0)
    timed = [(one.proved, one.raw) for one in sat if one.proved is not None and one.raw]
    ratio = median(proved / raw for proved, raw in timed) if timed else None
    yield Measurement(
        name=f"first proved against first raw sentence, median of {len(timed)}",
        value=ratio,
        unit=MeasureUnit.TIMES,
        target=_RATIO if timed else None,
        bound=TargetBound.MOST,
    )
    both = (sum(one[0] or 0.0 for one in timed) / sum(one[1] for one in timed)) if timed else None
    yield Measurement(name="the same, of all seconds together", value=both, unit=MeasureUnit.TIMES)
    written = sum(one.answer.trace.way != "code" for one in sat) / len(sat)
    yield Measurement(name="answers in the model's words", value=written)


def _passing(one: ModelAnswer) -> Iterator[bool]:
    """Yield of each sentence shown, on the way or at the end, whether what it cites proves it."""
    for statement, citations in one.said:
        yield passes(statement, citations, (), one.answer.question)
    if one.answer.trace.way != "code":
        for statement in one.answer.statements:
            yield passes(statement, one.answer.citations, one.answer.computed, one.answer.question)


def _notes(sat: Sequence[ModelAnswer], replayed: int) -> tuple[str, ...]:
    verdicts: dict[str, int] = {}
    for one in sat:
        for judged in one.answer.trace.judged:
            verdicts[judged.verdict.value] = verdicts.get(judged.verdict.value, 0) + 1
    told = ", ".join(f"{name} {count}" for name, count in sorted(verdicts.items(), key=lambda x: -x[1]))
    calls = [call for one in sat for call in one.answer.trace.calls]
    seconds = sorted(one.seconds for one in sat)
    return (
        f"sentences of the model by verdict: {told}",
        f"{len(calls)} calls, {replayed} of them replayed from an earlier run (those are not timed)",
        f"seconds a question: p50 {seconds[len(seconds) // 2]:.1f}, longest {seconds[-1]:.1f}",
    )
