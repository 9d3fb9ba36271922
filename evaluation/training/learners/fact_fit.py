"""``python -m evaluation train-figures HOME``: learn which fact answers a question, and if the best does.

Questions are split by document; a fact is right where it is in the evidence and says a figure expected.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.figures.fact_candidates import fact_candidates
from answering.figures.fact_features import NAMES, FigureQuestion, fact_features
from answering.figures.fact_score import SIGNALS, fact_signals
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.ranking import Ranking
from answering.values.answer import Turn
from evaluation.datasets.material import squeezed
from evaluation.training.learners.listwise import LinearFit, fit_listwise, fit_odds, table
from evaluation.training.sentence_examples import holds
from retrieval.embeddings.embedder import open_embedder
from retrieval.library import Library
from retrieval.quantities import figures
from retrieval.quantities.units import unit_class
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from answering.figures.fact_candidates import FactCandidate
    from evaluation.training.learners.listwise import Array

OUT = Path("answering/data/fact_weights.json")
_PENALTY, _ODDS_PENALTY = 0.02, 0.05
_FOLDS = 5
_DOUBTFUL = 0.3  # what a question counts whose best fact is another than the evidence's: it may be right too
_WRONG = 0.12  # share of wrong answers that is borne, documents held out; the score of sentences takes over
_BEREFT = 0.5  # what one counts once the facts that answer it are taken away


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureExample:
    """One question with its facts, as features, and which of them it asks for."""

    id: str
    document: str
    answerable: bool
    found: tuple[FactCandidate, ...]
    rows: Array
    labels: Array


def examples(library: Library, paths: Iterable[Path]) -> Iterator[FigureExample]:
    """Yield the questions of files that ask for a figure."""
    known, words = known_of(library), thesaurus.load()
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            history = [Turn(role=one["role"], content=one["content"]) for one in told["history"]]
            frame, (hypothesis, *_) = readings_of(told["question"], history, known=known)[0]
            context = QuestionContext(frame, library, words, hypothesis)
            if not frame.reason and frame.want.kind == "figure":
                yield _example(told, context)


def _example(told: Mapping[str, object], context: QuestionContext) -> FigureExample:
    ranking = Ranking(context)
    asked = FigureQuestion.of(context, ranking)
    found = [one for one in fact_candidates(context, ranking) if asked.may_be(one)]
    gold = told["gold"]
    expected = told["facts"]
    assert isinstance(gold, list)
    assert isinstance(expected, list)
    quotes = [squeezed(one["quote"]) for one in gold]
    labels = [float(_right(one, quotes, expected)) for one in found]
    return FigureExample(
        id=str(told["id"]),
        document=str(gold[0]["doc"]) if gold else str(told["id"]),
        answerable=bool(told["answerable"]),
        found=tuple(found),
        rows=fact_features(asked, found, context),
        labels=np.array(labels),
    )


def _right(one: FactCandidate, quotes: Sequence[str], expected: Sequence[Sequence[str]]) -> bool:
    """Tell whether a fact is in the evidence and says a figure that is expected."""
    if not any(holds(squeezed(one.line.text), quote) for quote in quotes):
        return False
    printed = squeezed(fold(one.printed))
    for alternatives in expected:
        for words in alternatives:
            if squeezed(fold(words)) in printed:
                return True
            if any(figure.value == one.row.value for figure in figures(words)):
                return True
    return False


def held_out(given: Sequence[FigureExample]) -> tuple[list[tuple[FigureExample, LinearFit]], float]:
    """Return each question with the weights of the other documents, and the share whose first is right."""
    usable = [one for one in given if one.labels.any()]
    fold_of = {name: n % _FOLDS for n, name in enumerate(sorted({one.document for one in given}))}
    judged, right = [], []
    for part in range(_FOLDS):
        fitted = fit_facts([one for one in usable if fold_of[one.document] != part])
        for one in (one for one in given if fold_of[one.document] == part):
            judged.append((one, fitted))
            if one.labels.any():
                right.append(bool(one.labels[np.argmax(fitted.of(one.rows))]))
    return judged, float(np.mean(right))


def fit_facts(given: Sequence[FigureExample]) -> LinearFit:
    """Return the weights by which the fact asked for comes first."""
    return fit_listwise([(one.rows, one.labels) for one in given if len(one.rows)], penalty=_PENALTY)


def odds_rows(judged: Sequence[tuple[FigureExample, LinearFit]]) -> tuple[Array, Array, Array]:
    """Return signals, labels and worth: of questions as they are, and once more without what answers them."""
    rows, labels, worth = [], [], []
    for one, fitted in judged:
        if not len(one.rows):
            continue
        scores = fitted.of(one.rows)
        told = {_said(one.found[n]) for n in np.flatnonzero(one.labels)}
        right = _said(one.found[int(np.argmax(scores))]) in told
        if not one.answerable or one.labels.any():
            rows.append(fact_signals(one.found, one.rows, scores))
            labels.append(float(right))
            worth.append(1.0 if right or not one.answerable else _DOUBTFUL)
        rest = [n for n in range(len(one.found)) if _said(one.found[n]) not in told]
        if one.labels.any() and rest:
            rows.append(fact_signals([one.found[n] for n in rest], one.rows[rest], scores[rest]))
            labels.append(0.0)
            worth.append(_BEREFT)
    return np.array(rows), np.array(labels), np.array(worth)


def _said(one: FactCandidate) -> tuple[object, ...]:
    """Return what a fact says; another sentence that says the same answers as well."""
    return one.row.value, unit_class(one.row.unit)


def main(arguments: Sequence[str]) -> int:
    """Fit, print how the held-out documents fare, and write the weights."""
    asked = _parser().parse_args(arguments)
    with Library.open(asked.home, embedder=open_embedder(home=asked.home)) as library:
        given = list(examples(library, asked.questions))
    judged, first = held_out(given)
    rows, labels, worth = odds_rows(judged)
    odds = fit_odds(rows, labels, worth, penalty=_ODDS_PENALTY)
    odds = replace(odds, bias=odds.bias - _shift(odds.of(rows)[labels == 0]))
    fitted = fit_facts([one for one in given if one.labels.any()])
    many = sum(bool(one.labels.any()) for one in given)
    print(f"{len(given)} figure questions, {many} with their fact among the candidates")
    print(f"the right fact comes first, documents held out: {first:.3f}")
    told = odds.of(rows) > 0
    print(f"answered right {np.mean(told[labels == 1]):.3f}, answered wrong {np.mean(told[labels == 0]):.3f}")
    names = ", ".join(path.stem for path in asked.questions)
    provenance = (
        f"Fitted on {len(given)} figure questions over provincial and national work reports ({names})."
    )
    kept = {
        "provenance": provenance,
        "features": table(fitted, NAMES),
        "signals": table(odds, SIGNALS),
        "bias": round(odds.bias, 5),
    }
    asked.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def _shift(wrong: Array) -> float:
    """Return by how much log-odds have to fall for no more than ``_WRONG`` of the wrong to be answered."""
    return max(0.0, float(np.quantile(wrong, 1 - _WRONG)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation train-figures", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("questions", type=Path, nargs="+", help="files of questions, a JSON object a line")
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go")
    return parser
