"""Answers to questions on the four speeches, judged by the shared scorer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation.exams import Exam, sit
from evaluation.material import QUESTIONS, rows
from evaluation.rewording import WAYS, reworded
from evaluation.scoring import Scorer
from evaluation.tables import Figure, Table, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evaluation.bench import Bench
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


def tables(bench: Bench) -> Iterator[Table]:
    """Yield the scores on the seed source, on the shipped texts, and of questions in other dress."""
    scorer = Scorer.load(bench.shared.scorer)
    sets = {"dev": bench.shared.dev_questions(), **own_questions()}
    seed, source = bench.seed(), bench.shared.seed_text
    for name, asked in sets.items():
        exam = Exam(key=f"answers-{name}", asked=asked, stand=seed, corpus=source)
        title = f"Answers on the seed source, {len(asked)} {name} questions, no model"
        yield Table(key=exam.key, title=title, figures=tuple(_figures(sit(exam, bench, scorer), TARGETS)))
    shipped = bench.shipped()
    told = text_of(bench.library(shipped))
    for name, asked in sets.items():
        exam = Exam(key=f"shipped-{name}", asked=asked, stand=shipped, corpus=told)
        title = f"Answers on the shipped corpus, {len(asked)} {name} questions, no model"
        targets = {"correct": TARGETS["correct"]}
        yield Table(key=exam.key, title=title, figures=tuple(_figures(sit(exam, bench, scorer), targets)))
    yield _in_other_dress(bench, scorer, all_questions(bench))


def own_questions() -> dict[str, list[dict[str, Any]]]:
    """Return our own sets of questions on the four speeches by name: "own" stands in seed-own.jsonl."""
    return {path.stem.removeprefix("seed-"): rows(path) for path in sorted(QUESTIONS.glob("seed-*.jsonl"))}


def all_questions(bench: Bench) -> list[dict[str, Any]]:
    """Return the dev questions and all of our own."""
    return [*bench.shared.dev_questions(), *(one for asked in own_questions().values() for one in asked)]


def text_of(library: Library) -> str:
    """Return the texts of all documents of a library, one after the other."""
    wholes = [library.document(head.id) for head in library.documents()]
    return "\n".join(whole.text for whole in wholes if whole)


def _in_other_dress(bench: Bench, scorer: Scorer, asked: list[dict[str, Any]]) -> Table:
    figures = []
    for number, (name, way) in enumerate(WAYS.items()):
        dressed = reworded(asked, way)
        exam = Exam(key=f"dress-{number}", asked=dressed, stand=bench.seed(), corpus=bench.shared.seed_text)
        figures.append(Figure(name=f"right {name}", value=right(sit(exam, bench, scorer))))
    title = f"The {len(dressed)} Chinese questions in other dress, on the seed source"
    return Table(key="answers-dressed", title=title, figures=tuple(figures))


def right(score: Score) -> float:
    """Return the share of all questions with the right outcome: answered rightly, or rightly not answered."""
    count = sum(n for _, n in score.by_type.values())
    return sum(part * n for part, n in score.by_type.values()) / count


def _figures(score: Score, targets: Mapping[str, float]) -> Iterator[Figure]:
    for name in TARGETS:
        yield Figure(name=name, value=score.figures.get(name), target=targets.get(name))
    for name, unit in _MORE.items():
        yield Figure(name=name, value=score.figures.get(name), unit=unit)
    for name in ("seconds_p50", "seconds_p95"):
        if name in score.figures:
            yield Figure(name=f"{name[8:]} a question", value=score.figures[name] * 1000, unit=Unit.MS)
    for kind, (share, count) in sorted(score.by_type.items()):
        yield Figure(name=f"right: {kind} (of {count})", value=share)
