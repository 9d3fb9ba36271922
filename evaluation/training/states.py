"""``python -m evaluation.training.states HOME``: fit what tells a plan from a result by its words.

Sentences of the reports in HOME are labelled by the headings that they stand under; those without such a
heading are left out. What the heading counts beside the words is fitted on the shared training questions that
say which of both they ask for, against the sentences that answer them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.candidates.annotation import annotate, planned_odds, state_marks
from answering.evidence.context import known_of
from answering.evidence.lines import of_passage
from answering.question.hypotheses import hypotheses
from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, rows, squeezed
from evaluation.training.learners.listwise import fit_odds
from evaluation.training.learners.sparse import MarkedText, SparseFit, fit_marks
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder
from retrieval.text.normalize import fold
from retrieval.text.tense import Tense, told
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.candidates.annotation import Annotation
    from answering.evidence.lines import Line
    from evaluation.training.learners.listwise import Array
    from retrieval.values.documents import Document

SETS = ("train-facts", "train-talks", "train-claims")
OUT = Path(__file__).parents[2] / "answering" / "data" / "state_weights.json"
_FOLDS = 4
_LEAST = 4  # sentences that a mark must be in
_KEPT = 1500  # marks of the greatest weight that are kept
_PENALTY = 2e-4
_SIDES = {"done": 0.0, "planned": 1.0}


def labelled(library: Library) -> Iterator[tuple[str, MarkedText]]:
    """Yield the sentences of reports under a heading that decides, each with its document."""
    for document in library.documents():
        if document.genre is not Genre.REPORT:
            continue
        for passage in library.passages(document.id):
            side = told(passage, document)
            if side is Tense.OPEN or not passage.heading:
                continue
            for line in of_passage(passage, document):
                marks = tuple(sorted(state_marks(fold(line.text), document.year)))
                if marks and not line.is_heading:
                    yield document.id, MarkedText(marks=marks, label=float(side is Tense.PLANNED))


def held_out(given: Sequence[tuple[str, MarkedText]]) -> float:
    """Return the share of sentences told right by weights that did not learn on their document."""
    fold_of = {name: n % _FOLDS for n, name in enumerate(sorted({name for name, _ in given}))}
    right: list[bool] = []
    for part in range(_FOLDS):
        fitted = fit([one for name, one in given if fold_of[name] != part])
        mine = [one for name, one in given if fold_of[name] == part]
        right += [(fitted.odds(one.marks) > 0) == (one.label > 0) for one in mine]
    return float(np.mean(right))


def fit(given: Sequence[MarkedText]) -> SparseFit:
    """Return the weights of the marks that tell most, and the bias."""
    fitted = fit_marks(given, least=_LEAST, penalty=_PENALTY)
    kept = sorted(fitted.weights, key=lambda mark: -abs(fitted.weights[mark]))[:_KEPT]
    return SparseFit(weights={mark: fitted.weights[mark] for mark in kept}, bias=fitted.bias)


def answers(library: Library, material: SharedMaterial) -> tuple[Array, Array]:
    """Return (log-odds by the words, heading) of the sentences that answer, and the state asked for."""
    known = known_of(library)
    by_file = {d.source.rpartition("/")[2]: d for d in library.documents()}
    found, wanted = [], []
    for name in SETS:
        for row in rows(material.path("eval", "bench", f"{name}.jsonl")):
            history = [Turn(role=turn["role"], content=turn["content"]) for turn in row["history"]]
            state = hypotheses(row["question"], history, known)[0].state or ""
            for gold in row["gold"] if state in _SIDES else ():
                for line, note in _stated(library, by_file.get(gold["doc"]), squeezed(gold["quote"])):
                    found.append([planned_odds(line.folded, line.document.year), float(note.heading)])
                    wanted.append(_SIDES[state])
    return np.array(found), np.array(wanted)


def _stated(library: Library, document: Document | None, quote: str) -> Iterator[tuple[Line, Annotation]]:
    """Yield the sentences of a document that hold a quotation or are held by it, with their state."""
    for passage in library.passages(document.id) if document else ():
        if document is not None and quote in squeezed(passage.text):
            for line in of_passage(passage, document):
                if squeezed(line.text) in quote or quote in squeezed(line.text):
                    yield line, annotate(line.text, passage, document)


def heading_worth(found: Array, wanted: Array) -> float:
    """Return what a heading counts where the log-odds of the words count 1."""
    fitted = fit_odds(found, wanted, np.ones(len(wanted)), penalty=0.01)
    slopes = fitted.weights / fitted.spread
    return float(slopes[1] / max(slopes[0], 1e-6))


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        given = list(labelled(library))
        share = held_out(given)
        print(f"plan or result told right, documents held out: {share:.3f} of {len(given)} sentences")
        fitted = fit([one for _, one in given])
        found, wanted = answers(library, SharedMaterial())
        worth = heading_worth(found, wanted)
    sides = Counter(wanted.tolist())
    print(f"a heading counts {worth:.2f} (fitted on {sides[0.0]} results and {sides[1.0]} plans asked for)")
    weights = {"": round(fitted.bias, 3), "heading": round(worth, 2)}
    weights |= {mark: round(weight, 2) for mark, weight in fitted.weights.items()}
    provenance = (
        f"python -m evaluation.training.states, on {len(given)} sentences of reports of data/gov_train, "
        f"labelled by headings (held-out documents {share:.3f}); the heading's weight on {', '.join(SETS)}"
    )
    told_ = {"provenance": provenance, "weights": weights}
    OUT.write_text(json.dumps(told_, ensure_ascii=False, indent=0) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
