"""``python -m evaluation.training.learners.list_fit HOME``: fits whether a list or a block of text answers.

HOME holds the training texts. Each question is asked once more without every other text. Prints, documents
held out, how many of those that answer are told, and how many of the others.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.planning.list_decision import FILE, LIST_SIGNALS, is_asked_to_answer, list_signals
from answering.values.answer import Shape
from evaluation.datasets.material import SharedMaterial, squeezed
from evaluation.datasets.near_misses import AskedQuestion, shared_questions, written_questions
from evaluation.training.learners.answer_fit import DATA, tried, without_half
from evaluation.training.learners.answer_fit import right as names_all
from evaluation.training.learners.block_fit import QUESTIONS
from evaluation.training.learners.listwise import LinearFit, fit_odds, table
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from answering.values.answer import Answer

_FOLDS, _PENALTY = 5, 0.03
_LOST = 0.03  # share of the lists that answer which may be refused
_BESIDE = 0.25  # what a list counts that is a wrong one where another answers
_ABSENT = ", absent"
_TRIED = 2  # of what is found for a question that many are learned on
_OPENING = 10  # characters of the words that open a block by which it is known
_NONE = "-"  # in the column of documents: no block answers


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundList:
    """A list or block that was found for a question, with its signals and whether it answers."""

    origin: str
    group: str
    question: str
    said: str
    composer: str
    row: tuple[float, ...]
    label: float


def topic_questions() -> Iterator[AskedQuestion]:
    """Yield the questions on topics; one that no text answers has neither facts nor words that answer."""
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            title, opening, question = line.split("\t")
            absent = title == _NONE
            yield AskedQuestion(
                origin="topic, unanswerable" if absent else "topic",
                group=question if absent else title,
                text=question,
                quotes=() if absent else (squeezed(opening)[:_OPENING],),
                file="" if absent else f"{title}.txt",
            )


def found_lists(library: Library, asked: Iterable[AskedQuestion]) -> Iterator[FoundList]:
    """Yield the first lists and blocks that are found for each question."""
    for one, ranking, composed in tried(library, asked):
        desk = ranking.context
        seen: set[str] = set()
        for compose, found in composed:
            is_list = found.shape is Shape.LIST and is_asked_to_answer(desk, compose.__name__)
            if not is_list or not found.citations or found.text in seen:
                continue
            if len(seen) == _TRIED:
                break
            seen.add(found.text)
            yield FoundList(
                origin=one.origin,
                group=one.group,
                question=one.text,
                said=found.text,
                composer=compose.__name__,
                row=tuple(list_signals(desk, ranking, found, compose.__name__)),
                label=float(_right(found, one)),
            )


def _right(found: Answer, asked: AskedQuestion) -> bool:
    if asked.quotes:
        return any(quote in squeezed(found.text) for quote in asked.quotes)
    return names_all(found, asked)


def held_out(given: Sequence[FoundList]) -> NDArray[np.float64]:
    """Return the log-odds of each by weights that did not learn on its document."""
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({one.group for one in given}))}
    odds = np.zeros(len(given))
    for part in range(_FOLDS):
        own = np.array([fold[one.group] == part for one in given])
        fitted = fit([one for one, held in zip(given, own, strict=True) if not held])
        odds[own] = fitted.of(np.array([one.row for one in given]))[own]
    return odds


def fit(given: Sequence[FoundList]) -> LinearFit:
    """Return weights for the log-odds that a list answers."""
    rows, labels = np.array([one.row for one in given]), np.array([one.label for one in given])
    worth = np.array([1.0 if one.label or _is_absent(one) else _BESIDE for one in given])
    return fit_odds(rows, labels, worth, penalty=_PENALTY)


def _is_absent(one: FoundList) -> bool:
    return one.origin.endswith((_ABSENT, "unanswerable"))


def threshold(given: Sequence[FoundList], odds: NDArray[np.float64]) -> float:
    """Return the highest odds below which no more than ``_LOST`` of the lists that answer lie."""
    return float(np.quantile([odds[n] for n, one in enumerate(given) if one.label], _LOST))


def report(given: Sequence[FoundList], odds: NDArray[np.float64], line: float) -> None:
    """Print how many lists of each origin answer, and how many of those and of the others are let through."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one, own in zip(given, odds, strict=True):
        kind = "right" if one.label else "wrong"
        counts[one.origin][kind] += 1
        counts[one.origin][f"{kind} told"] += own >= line
    for origin, told in sorted(counts.items()):
        shares = (f"{kind} {told[f'{kind} told']} of {told[kind]}" for kind in ("right", "wrong"))
        print(f"{origin:34} {'  '.join(shares)}")


def main(arguments: Sequence[str]) -> int:
    """Fit, report with documents held out, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home, material = Path(arguments[0]), SharedMaterial()
    asked = [*shared_questions(material), *written_questions(), *topic_questions()]
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        given = list(found_lists(library, asked))
    with tempfile.TemporaryDirectory() as folder, without_half(home, Path(folder) / "home") as (left, names):
        lost = [replace(one, origin=one.origin + _ABSENT) for one in asked if one.file in names]
        given += [one for one in found_lists(left, lost) if not one.label]
    fit_and_write(given)
    return 0


def fit_and_write(given: Sequence[FoundList]) -> None:
    """Fit, report with documents held out, and write the weights."""
    odds = held_out(given)
    line = threshold(given, odds)
    report(given, odds, line)
    fitted = fit(given)
    told = {
        "provenance": f"python -m evaluation.training.learners.list_fit, on {len(given)} lists and blocks",
        "bias": round(fitted.bias - line, 5),
        "features": table(fitted, LIST_SIGNALS),
    }
    (DATA / FILE).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
