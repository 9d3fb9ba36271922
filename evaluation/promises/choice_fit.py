"""``python -m evaluation promise-choices HOME``: learn which target is asked of and what tells its result."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.ledger import result_choice, target_choice
from answering.ledger.promise_ledger import held_ledger
from answering.ledger.promise_match import sought
from answering.ledger.promise_question import promise_question
from answering.ledger.result_choice import result_features, sides_after, target_figure
from answering.ledger.target_choice import target_features
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, squeezed
from evaluation.promises.pair_check import covers
from evaluation.training.learners.listwise import LinearFit, fit_odds, table
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder
from retrieval.facts.sentence_reading import COUNTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from answering.ledger.promise import PromiseQuote
    from answering.ledger.result_choice import ToldSide

    Array = NDArray[np.float64]

SET = "train-claims"
_TYPE = "target_result"
_DATA = Path("answering/data")
_PENALTY = 0.01
_FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceExample:
    """The candidates of one question, and which are right; ``group`` is the report of its target."""

    question: str
    group: str
    rows: Array
    labels: Array
    told: tuple[str, ...]  # what each candidate says, to read what went wrong


def examples(library: Library, questions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, ChoiceExample]]:
    """Give "target" and "result" examples of the questions on target and result."""
    known, words = known_of(library), thesaurus.load()
    for told in questions:
        history = [Turn(role=one["role"], content=one["content"]) for one in told["history"]]
        frame, (hypothesis, *_) = readings_of(told["question"], history, known=known)[0]
        desk = QuestionContext(frame, library, words, hypothesis)
        place = frame.places[0] if frame.places else COUNTRY
        ledger = held_ledger(library, place)
        asked = promise_question(frame, max((one.year for one in ledger.promises), default=None))
        held = [one for one in ledger.promises if one.target is not None and one.target.figure]
        dated = [one for one in held if not asked.years or one.year in asked.years]
        content = sought(asked.content)
        order, rows = target_features(desk, asked, content, dated)
        labels = np.array([float(_is_gold(dated[n].target, told)) for n in order])
        group = next((one["doc"] for one in told["gold"]), told["id"])
        if len(order):
            quotes = tuple(side.quote for n in order if (side := dated[n].target) is not None)
            yield (
                "target",
                ChoiceExample(question=told["question"], group=group, rows=rows, labels=labels, told=quotes),
            )
        right = next((dated[n] for n, label in zip(order, labels, strict=True) if label), None)
        target = target_figure(ledger, right) if right is not None else None
        sides = sides_after(library, ledger, target) if target is not None else []
        if target is not None and sides:
            order, rows = result_features(desk, content, target, sides)
            labels = np.array([float(_tells(sides[n], library, told)) for n in order])
            said = tuple(sides[n].clause for n in order)
            yield (
                "result",
                ChoiceExample(question=told["question"], group=group, rows=rows, labels=labels, told=said),
            )


def _is_gold(side: PromiseQuote | None, told: Mapping[str, Any]) -> bool:
    """Tell whether a target is the one asked of: in its quotation, and its figure among the facts."""
    if side is None or not any(
        one["doc"] == side.source and covers(one["quote"], side.quote) for one in told["gold"]
    ):
        return False
    forms = [form for fact in told["facts"] for form in fact]
    named = [form for form in forms if side.value and squeezed(side.value) in squeezed(form)]
    return bool(named) or len(told["facts"]) < 2


def _tells(side: ToldSide, library: Library, told: Mapping[str, Any]) -> bool:
    """Tell whether a clause is the gold result: in its quotation, and its figure, if any, among the facts."""
    document = library.document(side.document)
    assert document is not None
    name = Path(document.source).name
    quotes = [squeezed(one["quote"]) for one in told["gold"] if one["doc"] == name]
    words = squeezed(document.text[side.start : side.end]).strip("，,；;。、")
    if not any(quote in words or words in quote for quote in quotes):
        return False
    if side.figure is None:
        return True
    printed = squeezed(document.text[side.figure.row.start : side.figure.row.end])
    return any(
        squeezed(form) in printed or printed in squeezed(form) for fact in told["facts"] for form in fact
    )


def fitted(given: Sequence[ChoiceExample]) -> LinearFit:
    """Return the log-odds of a candidate.

    Each question counts alike, and is there once more without its right candidates, as one without an answer.
    """
    given = [*given, *(_taken_away(one) for one in given if one.labels.any() and not one.labels.all())]
    worth = np.concatenate([_worth(one.labels) for one in given])
    rows, labels = np.vstack([one.rows for one in given]), np.concatenate([one.labels for one in given])
    return fit_odds(rows, labels, worth, penalty=_PENALTY)


def _taken_away(one: ChoiceExample) -> ChoiceExample:
    wrong = one.labels == 0
    return replace(one, rows=one.rows[wrong], labels=one.labels[wrong])


def _worth(labels: Array) -> Array:
    right = max(1.0, float(labels.sum()))
    return np.where(labels > 0, 1.0 / right, 1.0 / max(1.0, float((labels == 0).sum())) * 2)


def held_out(given: Sequence[ChoiceExample]) -> list[Array]:
    """Return the log-odds of each example's candidates by weights that were learned without its report."""
    groups = sorted({one.group for one in given})
    told: list[Array] = [np.zeros(0)] * len(given)
    for fold in range(_FOLDS):
        out = set(groups[fold::_FOLDS])
        model = fitted([one for one in given if one.group not in out])
        for n, one in enumerate(given):
            if one.group in out:
                told[n] = model.of(one.rows)
    return told


def report(kind: str, given: Sequence[ChoiceExample], *, show: bool) -> None:
    """Print how often the best candidate is right, and how often what is above a threshold is wrong."""
    odds = held_out(given)
    best = [int(scores.argmax()) for scores in odds]
    right = [bool(one.labels[n]) for one, n in zip(given, best, strict=True)]
    top = [float(scores.max()) for scores in odds]
    there = [bool(one.labels.any()) for one in given]
    print(f"{kind}: {len(given)} questions, right in {sum(there)} lists; the best is right in {sum(right)}")
    for floor in (-1.0, 0.0, 0.5, 1.0, 1.5, 2.0):
        kept = [ok for ok, score in zip(right, top, strict=True) if score >= floor]
        print(f"  at {floor}: {len(kept)} told, {sum(kept)} right")
    if show:
        for one, n, ok, score in zip(given, best, right, top, strict=True):
            if not ok:
                wanted = [one.told[k] for k in range(len(one.told)) if one.labels[k]]
                print(f"- {one.question} {score:.2f}: {one.told[n]} | {wanted}")


def main(arguments: Sequence[str]) -> int:
    """Fit both choices, report on reports held out, and write the weights."""
    asked = _parser().parse_args(arguments)
    lines = (SharedMaterial().folder / "eval" / "bench" / f"{SET}.jsonl").read_text("utf-8").splitlines()
    questions = [told for line in lines if (told := json.loads(line))["type"] == _TYPE]
    with Library.open(asked.home, embedder=open_embedder(home=asked.home)) as library:
        made = list(examples(library, questions))
    for kind, names, file in (
        ("target", target_choice.NAMES, target_choice.FILE),
        ("result", result_choice.NAMES, result_choice.FILE),
    ):
        given = [one for name, one in made if name == kind]
        report(kind, given, show=asked.show)
        model = fitted(given)
        provenance = f"learned by `python -m evaluation promise-choices` on {len(given)} questions of {SET}"
        kept = {"provenance": provenance, "bias": round(model.bias, 5), "features": table(model, names)}
        (_DATA / file).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation promise-choices", description=__doc__)
    parser.add_argument("home", type=Path, help="a home that holds the texts of the questions")
    parser.add_argument(
        "--show", action="store_true", help="print each question whose best candidate is wrong"
    )
    return parser
