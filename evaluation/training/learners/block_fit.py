"""``python -m evaluation.training.learners.block_fit HOME``: fits which block of text is asked of.

HOME holds the training documents. Prints how often the right block comes first, documents held out, and how
the odds decide.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.block_choice import (
    BLOCK_FEATURES,
    FIRST_FEATURES,
    LOOKED_AT,
    all_blocks,
    near_rows,
)
from answering.scoring.ranking import Ranking
from answering.values.hypothesis import QuestionKind
from evaluation.datasets.material import SharedMaterial, squeezed
from evaluation.training.learners.listwise import LinearFit, fit_listwise, fit_odds, table
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from answering.candidates.text_blocks import TextBlock
    from retrieval.values.documents import Document

QUESTIONS = Path(__file__).parents[1] / "topic_questions.tsv"
WEIGHTS = Path(__file__).parents[3] / "answering" / "data" / "block_weights.json"
_PENALTY, _FOLDS = 0.02, 5
_HELD = 0.6  # share of the evidence that a block must hold to answer
_ROOM = 700  # characters of an answer: a longer block shows a part of itself
_ABSENT = (
    3  # of the questions of the list one in so many is asked with its document's right blocks taken away
)
_NONE = "-"  # in the column of documents: no block answers
_READ_SO = frozenset((QuestionKind.HOW, QuestionKind.LIST, QuestionKind.SUMMARY, QuestionKind.OUTLINE))


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockExample:
    """The blocks that a question could ask of, with their features and how well each answers (0…1)."""

    document: str
    question: str
    first: NDArray[np.float64]  # (blocks, FIRST_FEATURES)
    labels: NDArray[np.float64]
    blocks: tuple[tuple[TextBlock, Document, list[float]], ...]
    ranking: Ranking


def examples(library: Library, talks: Path) -> Iterator[BlockExample]:
    """Yield the questions of ``topic_questions.tsv``, some also without their blocks, and those of ``talks``.

    Of the latter only those that are read as asking for several things.
    """
    for n, line in enumerate(QUESTIONS.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            title, opening, question = line.split("\t")
            made = _asked(library, question, title)
            labels = np.array(
                [
                    float(d.title == title and d.text[b.start : b.end].startswith(opening))
                    for b, d, _ in made.blocks
                ]
            )
            if not labels.any() and title != _NONE:
                print("no block", title, opening)
            yield _with(made, labels)
            if n % _ABSENT == 0 and labels.any():
                yield _without(made, labels)
    for row in map(json.loads, talks.read_text(encoding="utf-8").splitlines()):
        if not row["history"]:
            quotes = [squeezed(one["quote"]) for one in row["gold"]]
            made = _asked(library, row["question"], row["gold"][0]["doc"] if row["gold"] else "")
            if made.blocks and made.ranking.context.hypothesis.kind in _READ_SO:
                yield _with(
                    made, np.array([_fit(quotes, d.text[b.start : b.end]) for b, d, _ in made.blocks])
                )


def _fit(quotes: Sequence[str], text: str) -> float:
    """Return 1 for a block that holds the evidence and can be shown whole, less for a longer one."""
    held = np.mean([quote in squeezed(text) for quote in quotes]) if quotes else 0.0
    return min(1.0, _ROOM / len(text)) if held >= _HELD else 0.0


def _asked(library: Library, question: str, document: str) -> BlockExample:
    frame, kinds = readings_of(question, (), known=known_of(library))[0]
    ranking = Ranking(QuestionContext(frame, library, thesaurus.load(), kinds[0]))
    blocks = tuple(all_blocks(ranking))
    first = np.array([row for _, _, row in blocks])
    return BlockExample(
        document=document.removesuffix(".txt"),
        question=question,
        first=first,
        labels=np.zeros(len(blocks)),
        blocks=blocks,
        ranking=ranking,
    )


def _with(made: BlockExample, labels: NDArray[np.float64]) -> BlockExample:
    return BlockExample(
        document=made.document,
        question=made.question,
        first=made.first,
        labels=labels,
        blocks=made.blocks,
        ranking=made.ranking,
    )


def _without(made: BlockExample, labels: NDArray[np.float64]) -> BlockExample:
    """Return a question without the blocks that answer it, and without what overlaps them."""
    right = [b for (b, _, _), label in zip(made.blocks, labels, strict=True) if label]
    kept = [
        n
        for n, (b, _, _) in enumerate(made.blocks)
        if not any(b.start < other.end and other.start < b.end for other in right)
    ]
    return BlockExample(
        document=made.document,
        question=made.question,
        first=made.first[kept],
        labels=np.zeros(len(kept)),
        blocks=tuple(made.blocks[n] for n in kept),
        ranking=made.ranking,
    )


def _second(
    given: Sequence[BlockExample], first: LinearFit
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return for each question the features and labels of the blocks that the first score leaves."""
    found = []
    for one in given:
        kept = np.argsort(-first.of(one.first), kind="stable")[:LOOKED_AT]
        rows = near_rows(one.ranking, [one.blocks[at] for at in kept])
        if rows is None:
            raise ValueError("an embedder is needed")
        found.append((rows, one.labels[kept]))
    return found


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    talks = SharedMaterial().path("eval", "bench", "train-talks.jsonl")
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        given = [one for one in examples(library, talks) if len(one.blocks)]
        folds = {name: n % _FOLDS for n, name in enumerate(sorted({one.document for one in given}))}
        kept, hits, rows, right = [], [], [], []
        for fold in range(_FOLDS):
            learned = [one for one in given if folds[one.document] != fold]
            first = _fit_first(learned)
            score = fit_listwise(_second(learned, first), penalty=_PENALTY)
            for one, (row, labels) in zip(
                held := [one for one in given if folds[one.document] == fold],
                _second(held, first),
                strict=True,
            ):
                at = int(np.argmax(score.of(row)))
                if one.labels.any():
                    kept.append(float(labels.any()))
                    hits.append(float(labels[at] > 0))
                    if not labels[at]:
                        print("  ", one.question)
                rows.append(row[at])
                right.append(float(labels[at] > 0))
        print(
            f"right block among {LOOKED_AT}: {np.mean(kept):.3f}, first: {np.mean(hits):.3f} of {len(hits)}"
        )
        told = np.array(right)
        odds = fit_odds(np.array(rows), told, np.ones(len(told)), penalty=_PENALTY)
        for least in (-1.0, 0.0, 1.0):
            taken = odds.of(np.array(rows)) > least
            print(f"odds {least}: taken {taken.sum()} of {len(told)}, right {told[taken].mean():.3f}")
            print(f"  right ones left {told[~taken].sum():.0f}")
        first = _fit_first(given)
        score = fit_listwise(_second(given, first), penalty=_PENALTY)
    weights = {
        "provenance": f"Fitted on {len(given)} questions: {QUESTIONS.name}, train-talks.",
        "first": table(first, FIRST_FEATURES),
        "features": table(score, BLOCK_FEATURES),
        "odds": table(odds, BLOCK_FEATURES),
        "bias": round(odds.bias, 5),
    }
    WEIGHTS.write_text(json.dumps(weights, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _fit_first(given: Sequence[BlockExample]) -> LinearFit:
    return fit_listwise([(one.first, one.labels) for one in given], penalty=_PENALTY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
