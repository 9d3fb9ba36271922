"""Answers to questions on the four speeches, judged by the shared scorer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evaluation.datasets.material import QUESTIONS, rows
from evaluation.quality.question_sets import QuestionSet, graded, sit
from evaluation.reporting.shared_scorer import Scorer
from evaluation.reporting.tables import Measurement, MeasureUnit, ResultTable
from retrieval.text.normalize import to_traditional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from evaluation.harness.bench import Bench
    from evaluation.reporting.shared_scorer import BatchScore
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
_MORE = {"fact_recall": MeasureUnit.SHARE, "answer_chars": MeasureUnit.CHARS}


def tables(bench: Bench) -> Iterator[ResultTable]:
    """Yield the scores on the seed source, on the shipped texts, and of questions in other dress."""
    scorer = Scorer.load(bench.shared.scorer)
    sets = {"dev": bench.shared.dev_questions(), **own_questions()}
    seed, source = bench.seed(), bench.shared.seed_text
    for name, asked in sets.items():
        exam = QuestionSet(key=f"answers-{name}", asked=asked, stand=seed, corpus=source)
        title = f"Answers on the seed source, {len(asked)} {name} questions, no model"
        yield ResultTable(
            key=exam.key, title=title, figures=tuple(figures_of(graded(exam, bench, scorer), TARGETS))
        )
    shipped = bench.shipped()
    told = text_of(bench.library(shipped))
    for name, asked in sets.items():
        exam = QuestionSet(key=f"shipped-{name}", asked=asked, stand=shipped, corpus=told)
        title = f"Answers on the shipped corpus, {len(asked)} {name} questions, no model"
        targets = {"correct": TARGETS["correct"]}
        yield ResultTable(
            key=exam.key, title=title, figures=tuple(figures_of(graded(exam, bench, scorer), targets))
        )
    yield _in_other_dress(bench, scorer, all_questions(bench))


def own_questions(on: str = "seed") -> dict[str, list[dict[str, Any]]]:
    """Return our own sets of questions by name: on the four speeches, "own" stands in seed-own.jsonl."""
    return {path.stem.removeprefix(f"{on}-"): rows(path) for path in sorted(QUESTIONS.glob(f"{on}-*.jsonl"))}


def all_questions(bench: Bench) -> list[dict[str, Any]]:
    """Return the dev questions and all of our own."""
    return [*bench.shared.dev_questions(), *(one for asked in own_questions().values() for one in asked)]


def text_of(library: Library) -> str:
    """Return the texts of all documents of a library, one after the other."""
    wholes = [library.document(head.id) for head in library.documents()]
    return "\n".join(whole.text for whole in wholes if whole)


def _in_other_dress(bench: Bench, scorer: Scorer, asked: list[dict[str, Any]]) -> ResultTable:
    figures: list[Measurement] = []
    known: set[str] = set()  # what falls short in any dress
    for name, way in WAYS.items():
        dressed = reworded(asked, way)
        exam = QuestionSet(key="dressed", asked=dressed, stand=bench.seed(), corpus=bench.shared.seed_text)
        score = sit(exam, bench, scorer)
        short = {line.split()[0]: line for line in score.remarks}
        bench.remark(f"{name}: {line}" for one, line in short.items() if figures and one not in known)
        known = known or set(short)
        figures.append(Measurement(name=f"right {name}", value=right(score)))
    title = f"The {len(dressed)} Chinese questions in other dress, on the seed source"
    return ResultTable(key="answers-dressed", title=title, figures=tuple(figures))


def right(score: BatchScore) -> float:
    """Return the share of all questions with the right outcome: answered rightly, or rightly not answered."""
    count = sum(n for _, n in score.by_type.values())
    return sum(part * n for part, n in score.by_type.values()) / count


def figures_of(score: BatchScore, targets: Mapping[str, float]) -> Iterator[Measurement]:
    """Yield the scorer's figures, then those of each type."""
    for name in TARGETS:
        yield Measurement(name=name, value=score.figures.get(name), target=targets.get(name))
    for name, unit in _MORE.items():
        yield Measurement(name=name, value=score.figures.get(name), unit=unit)
    for name in ("seconds_p50", "seconds_p95"):
        if name in score.figures:
            yield Measurement(
                name=f"{name[8:]} a question", value=score.figures[name] * 1000, unit=MeasureUnit.MS
            )
    for kind, (share, count) in sorted(score.by_type.items()):
        yield Measurement(name=f"right: {kind} (of {count})", value=share)


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _bare(text: str) -> str:
    return text.rstrip("？?。！! ")


WAYS: Mapping[str, Callable[[str], str]] = {
    "as asked": lambda text: text,
    "without an end mark": _bare,
    "with thanks": lambda text: f"您好，请问{_bare(text)}？谢谢！",
    "in haste": lambda text: f"哎，{_bare(text)}，急用",
    "in traditional script": to_traditional,
    "in full width": lambda text: text.translate(_WIDE),
    "with spaces for commas": lambda text: "  " + re.sub("[，、？]", "  ", text) + "\n",
}


def reworded(questions: Sequence[dict[str, Any]], way: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the Chinese questions in other dress, with all else as it was."""
    return [one | {"question": way(one["question"])} for one in questions if one.get("lang") == "zh"]
