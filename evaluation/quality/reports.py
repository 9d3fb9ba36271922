"""Answers to questions on government reports: texts of another kind than the speeches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation.harness.trials import NATION, holds
from evaluation.quality.answers import figures_of, own_questions, text_of
from evaluation.quality.question_sets import QuestionSet, graded, records_of
from evaluation.reporting.metrics import share
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, ResultTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.datasets.material import ReportQuestion
    from evaluation.harness.bench import Bench

    Record = dict[str, Any]


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield how questions on the reports are answered over all government documents, then our own on them."""
    yield _facts(bench)
    scorer, corpus = Scorer.load(bench.shared.scorer), text_of(bench.library(bench.gov()))
    for name, asked in own_questions("gov").items():
        exam = QuestionSet(key=f"gov-{name}", asked=asked, stand=bench.gov(), corpus=corpus)
        title = f"Answers on the government documents, {len(asked)} {name} questions, no model"
        yield ResultTable(
            key=exam.key, title=title, figures=tuple(figures_of(graded(exam, bench, scorer), {}))
        )


def _facts(bench: Bench) -> ResultTable:
    facts = bench.shared.facts()
    asked = [{"id": one.id, "question": one.question} for one in facts]
    exam = QuestionSet(key="answers-gov", asked=asked, stand=bench.gov(), corpus="")
    records = {record["id"]: record for record in records_of(exam, bench)}
    judged = [(one, records[one.id]) for one in facts]
    bench.remark(_remark(fact, record) for fact, record in judged if not right(fact, record))
    kinds = {"answerable": "answered rightly", "unanswerable_metric_absent": "left alone: figure not given"}
    kinds["unanswerable_place_absent"] = "left alone: place without a report"
    return ResultTable(
        key=exam.key,
        title=f"Answers on the government documents, {len(facts)} questions",
        figures=(
            *(_share(judged, kind, name) for kind, name in kinds.items()),
            Measurement(name="citations of the right place", value=share(_of_place(judged))),
        ),
    )


def right(fact: ReportQuestion, record: Record) -> bool:
    """Tell whether a question was answered with the right words, or rightly not answered."""
    if not fact.answerable:
        return bool(record["abstained"])
    return not record["abstained"] and holds(record["answer"], fact.answers)


def _share(judged: list[tuple[ReportQuestion, Record]], kind: str, name: str) -> Measurement:
    marks = [right(fact, record) for fact, record in judged if fact.kind == kind]
    return Measurement(name=f"{name} (of {len(marks)})", value=share(marks))


def _of_place(judged: list[tuple[ReportQuestion, Record]]) -> Iterator[bool]:
    for fact, record in judged:
        yield from ((one["city"] or NATION) == fact.place for one in record["citations"])


def _remark(fact: ReportQuestion, record: Record) -> str:
    why = "abstained" if record["abstained"] else f"wanted {fact.answers or 'no answer'}"
    return f"answers-gov: {fact.id} {fact.question} -> {why} | {record['answer'][:80]}"
