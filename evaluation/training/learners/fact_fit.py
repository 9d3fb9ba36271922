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
from answering.figures.figure_answer import held_against
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
_PENALTY, _ODDS_PENALTY = 0.02, 0.1
_FOLDS = 5
_DOUBTFUL = 0.3  # what a question counts whose best fact is another than the evidence's: it may be right too
_WRONG = 0.15  # share of wrong answers accepted, documents held out; the score of sentences takes over
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
    held: tuple[tuple[float, ...], ...]  # ``HELD`` of each fact
    bereft: FigureExample | None = (
        None  # the same question, put to the texts without the sentences that answer it
    )


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
    """Return the question as it is asked, and bereft of the sentences that tell what it asks for."""
    whole = _read(told, context, Ranking(context), frozenset())
    answers = {_said(whole.found[n]) for n in np.flatnonzero(whole.labels)}
    gone = frozenset(one.line.key for one in whole.found if _said(one) in answers)
    if not gone:
        return whole
    left = Ranking(context)
    left.__dict__["best"] = [one for one in Ranking(context).best if one.candidate.line.key not in gone]
    return replace(whole, bereft=_read(told, context, left, gone))


def _read(
    told: Mapping[str, object], context: QuestionContext, ranking: Ranking, gone: frozenset[tuple[str, int]]
) -> FigureExample:
    asked = FigureQuestion.of(context, ranking)
    candidates = (one for one in fact_candidates(context, ranking) if one.line.key not in gone)
    found = [one for one in candidates if asked.may_be(one)]
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
        held=tuple(tuple(held_against(context, ranking, one)) for one in found),
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
        for asked, counts in ((one, 1.0), (one.bereft, _BEREFT)):
            if asked is None or not len(asked.rows) or (asked.answerable and not one.labels.any()):
                continue
            scores = fitted.of(asked.rows)
            best = int(np.argmax(scores))
            told = {_said(asked.found[n]) for n in np.flatnonzero(asked.labels)}
            right = _said(asked.found[best]) in told
            rows.append(fact_signals(asked.found, asked.rows, scores, asked.held[best]))
            labels.append(float(right))
            doubtful = asked is one and asked.answerable and not right
            worth.append(_DOUBTFUL if doubtful else counts)
    return np.array(rows), np.array(labels), np.array(worth)


def _said(one: FactCandidate) -> tuple[object, ...]:
    """Return what a fact says; another sentence that says the same answers as well."""
    return one.row.value, unit_class(one.row.unit)


def main(arguments: Sequence[str]) -> int:
    """Fit, print how the held-out documents fare, and write the weights."""
    asked = _parser().parse_args(arguments)
    given: list[FigureExample] = []
    for home, paths in ((asked.home, asked.questions), *((Path(h), [Path(p)]) for h, p in asked.more)):
        with Library.open(home, embedder=open_embedder(home=home)) as library:
            given += examples(library, paths)
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
    names = ", ".join(Path(path).stem for path in (*asked.questions, *(path for _, path in asked.more)))
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
    parser.add_argument(
        "--more",
        nargs=2,
        action="append",
        default=[],
        metavar=("HOME", "FILE"),
        help="another home, and its questions",
    )
    parser.add_argument("--out", type=Path, default=OUT, help="where the weights go")
    return parser
