"""Questions put to a home through the code of ``chengwen ask --batch``, and their scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands.ask import answer_all
from bot.presentation.answer_records import json_line, questions
from evaluation.datasets.material import MissingMaterialError, rows
from evaluation.harness.bench import BenchWiring

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evaluation.harness.bench import Bench
    from evaluation.harness.homes import FilledHome
    from evaluation.reporting.shared_scorer import BatchScore, Scorer


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """A set of questions for one home."""

    key: str
    asked: Sequence[dict[str, Any]]
    stand: FilledHome
    corpus: str  # in which quotes must stand


def sit(exam: QuestionSet, bench: Bench, scorer: Scorer) -> BatchScore:
    """Put the questions to the home and return what the scorer says."""
    return scorer.score(exam.asked, records_of(exam, bench), corpus=exam.corpus)


def graded(exam: QuestionSet, bench: Bench, scorer: Scorer) -> BatchScore:
    """Put the questions to the home, and keep the scorer's remarks."""
    score = sit(exam, bench, scorer)
    bench.remark(f"{exam.key}: {line}" for line in score.remarks)
    return score


def records_of(exam: QuestionSet, bench: Bench) -> list[dict[str, Any]]:
    """Return the records that ``chengwen ask --batch`` writes for these questions; they are kept."""
    answerer = BenchWiring(exam.stand.folder, bench.embedder).answerer(bench.library(exam.stand))
    path = bench.homes.root / f"records-{exam.key}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        bad = answer_all(
            questions(_lines(exam.asked)), answerer, lambda record: print(json_line(record), file=file)
        )
    if bad:
        raise MissingMaterialError(f"{bad} of the questions of {exam.key} can't be read")
    return rows(path)


def _lines(asked: Iterable[dict[str, Any]]) -> Iterable[str]:
    return (json.dumps(one, ensure_ascii=False) for one in asked)
