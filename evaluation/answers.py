"""Answers to questions on the four speeches, judged by the shared scorer."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.commands.asking import answer_all
from bot.records import json_line, questions
from evaluation.bench import Parts
from evaluation.material import OWN_QUESTIONS, MissingMaterialError, rows
from evaluation.scoring import Scorer
from evaluation.tables import Figure, Table, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.bench import Bench
    from evaluation.homes import Stand
    from evaluation.scoring import Score
    from retrieval.library import Library

TARGETS = {
    "correct": 0.85,
    "concise": 0.80,
    "cite_recall": 0.90,
    "cite_precision": 0.85,
    "abstain_recall": 0.90,
    "abstain_precision": 0.90,
    "number_faith": 1.0,
    "quote_verbatim": 1.0,
}
_MORE = {"fact_recall": Unit.SHARE, "answer_chars": Unit.CHARS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """A set of questions put to one home."""

    key: str
    title: str
    asked: list[dict[str, Any]]
    stand: Stand
    corpus: str  # in which quotes must stand
    targets: dict[str, float]


def tables(bench: Bench) -> Iterator[Table]:
    """Yield the scores of the dev questions and of our own on the seed source, then on the shipped texts."""
    dev = bench.shared.dev_questions()
    scorer = Scorer.load(bench.shared.scorer)
    seed, source = bench.seed(), bench.shared.seed_text
    title = f"Answers on the seed source, {len(dev)} dev questions, no model"
    yield _sit(
        Exam(key="answers-dev", title=title, asked=dev, stand=seed, corpus=source, targets=TARGETS),
        bench,
        scorer,
    )
    own = own_questions()
    if own:
        title = f"Answers on the seed source, {len(own)} questions of our own"
        yield _sit(
            Exam(key="answers-own", title=title, asked=own, stand=seed, corpus=source, targets=TARGETS),
            bench,
            scorer,
        )
    shipped = bench.shipped()
    told = text_of(bench.library(shipped))
    for key, asked, name in (
        ("shipped-dev", dev, "dev questions"),
        ("shipped-own", own, "questions of our own"),
    ):
        title = f"Answers on the shipped corpus, {len(asked)} {name}"
        targets = {"correct": TARGETS["correct"]}
        if asked:
            exam = Exam(key=key, title=title, asked=asked, stand=shipped, corpus=told, targets=targets)
            yield _sit(exam, bench, scorer)


def own_questions() -> list[dict[str, Any]]:
    """Return our own questions on the four speeches, none where the file is absent."""
    return rows(OWN_QUESTIONS) if OWN_QUESTIONS.is_file() else []


def text_of(library: Library) -> str:
    """Return the texts of all documents of a library, one after the other."""
    wholes = [library.document(head.id) for head in library.documents()]
    return "\n".join(whole.text for whole in wholes if whole)


def records_of(exam: Exam, bench: Bench) -> list[dict[str, Any]]:
    """Return the records that ``chengwen ask --batch`` writes for these questions; they are kept."""
    answerer = Parts(exam.stand.folder, bench.embedder).answerer(bench.library(exam.stand))
    path = bench.homes.root / f"records-{exam.key}.jsonl"
    with closing(path.open("w", encoding="utf-8")) as file:
        bad = answer_all(
            questions([json.dumps(one, ensure_ascii=False) for one in exam.asked]),
            answerer,
            lambda record: print(json_line(record), file=file),
        )
    if bad:
        raise MissingMaterialError(f"{bad} of the questions of “{exam.title}” can't be read")
    return rows(path)


def _sit(exam: Exam, bench: Bench, scorer: Scorer) -> Table:
    score = scorer.score(exam.asked, records_of(exam, bench), corpus=exam.corpus)
    bench.remark(f"{exam.key}: {line}" for line in score.remarks)
    return Table(key=exam.key, title=exam.title, figures=tuple(_figures(score, exam.targets)))


def _figures(score: Score, targets: dict[str, float]) -> Iterator[Figure]:
    for name in TARGETS:
        yield Figure(name=name, value=score.figures.get(name), target=targets.get(name))
    for name, unit in _MORE.items():
        yield Figure(name=name, value=score.figures.get(name), unit=unit)
    for name in ("seconds_p50", "seconds_p95"):
        if name in score.figures:
            yield Figure(name=f"{name[8:]} a question", value=score.figures[name] * 1000, unit=Unit.MS)
    for kind, (right, count) in sorted(score.by_type.items()):
        yield Figure(name=f"right: {kind} (of {count})", value=right)
