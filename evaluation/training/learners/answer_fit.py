"""``python -m evaluation.training.learners.answer_fit REPORTS POLICIES PASSAGES``: fit what answers.

REPORTS holds the training texts; POLICIES and PASSAGES are homes of texts of other kinds that
``datasets.training_homes`` makes. Each is asked once more without every other text, and the shipped corpus
our own questions on it. Prints how many questions of each origin are answered, with documents held out.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.judge.trees import BoostedTrees
from answering.lexicon import thesaurus
from answering.planning.answer_by_code import decided, proposals
from answering.planning.answer_decision import FILE
from answering.planning.answer_signals import NAMES, answer_signals
from answering.planning.plan import likely_kinds, readings_of
from answering.scoring.ranking import Ranking
from answering.values.answer import StatementKind
from evaluation.datasets.material import ROOT, SharedMaterial, squeezed
from evaluation.datasets.near_misses import (
    questions_on_other_texts,
    registered_questions,
    shared_questions,
    speech_questions,
    written_questions,
)
from evaluation.training.learners.listwise import LinearFit, fit_odds, table
from evaluation.training.sentence_examples import holds
from evaluation.verification.boosting import BoostingPlan, fit_trees
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from answering.planning.composers import Composer
    from answering.values.answer import Answer
    from evaluation.datasets.near_misses import AskedQuestion

    Floats = NDArray[np.float64]

DATA = Path(__file__).parents[3] / "answering" / "data"
_PLAN = BoostingPlan(rounds=150, depth=4, rate=0.08, ridge=4.0, least=2.0, share=0.4)
_FOLDS = 5
# What a question counts; one that was made counts _MADE, one whose text is not held _UNHELD.
_WORTH = {
    "shared": 2.0,
    "shared, unanswerable": 4.0,
    "written": 2.0,
    "written, unanswerable": 3.0,
    "speech": 1.5,
    "speech, unanswerable": 3.0,
    "told": 0.5,
    "policies": 1.5,
    "passages": 0.7,
}
_OTHER = ("policies", "passages")
_NOT_HELD = ", not held"
_MADE, _UNHELD = 0.4, 0.4
_WRONG = 0.1  # share of that for a wrong answer to a question that has a right one
_LATER = 0.5  # and for what is found after the first
_PENALTY = 0.02
_EVERY = 3  # one in so many of the questions made of the register is asked
_TRIED = 3  # of what is found for a question that many are learned on
_COST = 0.5  # what an answer costs where the texts have none, in right answers; more refuses many on speeches


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What was found for a question first, with its signals and whether it answers."""

    origin: str
    group: str
    question: str
    said: str
    composer: str
    first: bool
    row: tuple[float, ...]
    label: float
    worth: float


def tried(
    library: Library, asked: Iterable[AskedQuestion]
) -> Iterator[tuple[AskedQuestion, Ranking, Iterator[tuple[Composer, Answer]]]]:
    """Yield each question that is not turned away, its ranking and what is composed, as it is tried."""
    known, words = known_of(library), thesaurus.load()
    for one in asked:
        frame, kinds = readings_of(one.text, one.history, known=known)[0]
        if not frame.reason:
            ranking = Ranking(QuestionContext(frame, library, words, kinds[0]))
            yield one, ranking, proposals(ranking.context, likely_kinds(kinds), ranking)


def collected(library: Library, asked: Iterable[AskedQuestion]) -> Iterator[Proposal]:
    """Yield what a search finds for each question, the way in which it would be tried."""
    for one, ranking, composed in tried(library, asked):
        desk = ranking.context
        first = True
        seen: set[str] = set()
        for compose, found in composed:
            if not found.citations or found.text in seen or decided(compose, found):
                continue
            if len(seen) == _TRIED:
                break
            seen.add(found.text)
            label = float(right(found, one))
            held = not one.origin.endswith(_NOT_HELD)
            worth = _WORTH.get(one.origin, _MADE if held else _UNHELD)
            share = _WRONG if one.facts and held and not label else 1.0
            yield Proposal(
                origin=one.origin,
                group=one.group,
                question=one.text,
                said=found.text,
                composer=compose.__name__,
                first=first,
                row=tuple(answer_signals(desk, ranking, found, compose.__name__)),
                label=label,
                worth=worth * share * (1.0 if first else _LATER),
            )
            first = False


def right(found: Answer, asked: AskedQuestion) -> bool:
    """Tell whether an answer names every fact of a question, or shows the words that answer it."""
    said = squeezed(found.text)
    if asked.quotes:
        shown = [squeezed(one.text) for one in found.statements if one.manner is not StatementKind.FRAME]
        return any(holds(text, quote) for text in shown for quote in asked.quotes)
    return bool(asked.facts) and all(any(squeezed(form) in said for form in forms) for forms in asked.facts)


def unheld(asked: Sequence[AskedQuestion], home: Path, folder: Path) -> Iterator[Proposal]:
    """Yield what is found for questions whose text is taken out of a copy of a home, as every other one is.

    What happens to answer a question there too is left out.
    """
    with without_half(home, folder) as (library, names):
        lost = [replace(one, origin=one.origin + _NOT_HELD) for one in asked if one.file in names]
        yield from (one for one in collected(library, lost) if not one.label)


@contextmanager
def without_half(home: Path, folder: Path) -> Iterator[tuple[Library, set[str]]]:
    """Open a copy of a home without every other text; yield it with the names of the texts taken out."""
    shutil.copytree(home, folder)
    with Library.open(folder, embedder=open_embedder(home=folder), write=True) as library:
        gone = sorted((one.key for one in library.sources()), key=_name)[::2]
        for key in gone:
            library.remove(key)
        yield library, {_name(key) for key in gone}


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def on_other_texts(material: SharedMaterial, origin: str, home: Path, folder: Path) -> Iterator[Proposal]:
    """Yield what is found for the questions on ``policies`` or ``passages``, with their texts and without."""
    asked = list(questions_on_other_texts(material, origin))
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        held = {_name(document.source) for document in library.documents()}
        asked = [one for one in asked if one.file in held]
        yield from collected(library, asked)
    yield from unheld(asked, home, folder / origin)


def spoken(home: Path) -> Iterator[Proposal]:
    """Yield what is found in the shipped corpus, taken into a new home, for our own questions on it."""
    with Library.open(home, embedder=open_embedder(home=home), write=True) as library:
        library.ingest([ROOT / "corpus"])
        yield from collected(library, speech_questions())


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFit:
    """Both scores as they were fitted."""

    trees: dict[str, Any]
    linear: LinearFit

    def of(self, rows: Floats) -> Floats:
        """Return the log-odds of each row."""
        read = BoostedTrees.read(self.trees)
        mean = (np.array([read.total(row) for row in rows.tolist()]) + self.linear.of(rows)) / 2
        return np.asarray(mean + rows[:, NAMES.index("odds")])


def fit(given: Sequence[Proposal]) -> AnswerFit:
    """Return the scores for the log-odds that a proposal answers."""
    rows, labels = np.array([one.row for one in given]), np.array([one.label for one in given])
    worth = np.array([one.worth for one in given])
    return AnswerFit(
        trees=fit_trees(rows, labels, worth, np.zeros(len(NAMES), np.int8), _PLAN),
        linear=fit_odds(rows, labels, worth, penalty=_PENALTY),
    )


def held_out(given: Sequence[Proposal]) -> Floats:
    """Return the log-odds of each proposal by scores that did not learn on its document."""
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({_place(one) for one in given}))}
    parts = np.array([fold[_place(one)] for one in given])
    rows, odds = np.array([one.row for one in given]), np.zeros(len(given))
    for part in range(_FOLDS):
        fitted = fit([one for one, own in zip(given, parts, strict=True) if own != part])
        odds[parts == part] = fitted.of(rows[parts == part])
    return odds


def _place(one: Proposal) -> str:
    return one.group if one.origin.startswith(_OTHER) else one.group.replace("2026年", "")[:2]


def threshold(given: Sequence[Proposal], odds: Floats) -> float:
    """Return the odds from which answering is worth most, by questions as people ask them.

    A right answer gains one, an answer where the texts have none costs ``_COST``.
    """
    asked = ("shared", "written", *_OTHER)
    real = [
        n
        for n, one in enumerate(given)
        if one.first and one.origin.startswith(asked) and not one.origin.endswith(_NOT_HELD)
    ]
    order = sorted(real, key=lambda n: -odds[n])
    gains = [given[n].label - _COST * ("unanswerable" in given[n].origin) for n in order]
    return float(odds[order[int(np.argmax(np.cumsum(gains)))]])


def report(given: Sequence[Proposal], odds: Floats, line: float) -> None:
    """Print how many questions of each origin get an answer, and how many a right one."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for origin, ones in _by_question(given).items():
        for question in ones:
            chosen = next((n for n in question if odds[n] >= line), None)
            told[origin]["n"] += 1
            told[origin]["answered"] += chosen is not None
            told[origin]["right"] += chosen is not None and given[chosen].label > 0
            told[origin]["could"] += any(given[n].label > 0 for n in question)
    for origin, counts in told.items():
        names = ("answered", "right", "could")
        shares = "  ".join(f"{name} {counts[name] / counts['n']:.3f}" for name in names)
        print(f"{origin:28} n {counts['n']:4}  {shares}")


def _by_question(given: Sequence[Proposal]) -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = defaultdict(list)
    for n, one in enumerate(given):
        if one.first:
            found[one.origin].append([])
        found[one.origin][-1].append(n)
    return found


def main(arguments: Sequence[str]) -> int:
    """Fit, report with documents held out, and write the trees."""
    if len(arguments) != 1 + len(_OTHER):
        print(__doc__, file=sys.stderr)
        return 2
    (home, *others), material = map(Path, arguments), SharedMaterial()
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        made = list(registered_questions(library))[::_EVERY]
        asked = [*shared_questions(material), *written_questions(), *made]
        given = list(collected(library, asked))
    with tempfile.TemporaryDirectory() as folder:
        shared = [one for one in shared_questions(material) if one.facts]
        given += unheld(shared, home, Path(folder) / "reports")
        for origin, other in zip(_OTHER, others, strict=True):
            given += on_other_texts(material, origin, other, Path(folder))
        given += spoken(Path(folder) / "speeches")
    fit_and_write(given)
    return 0


def fit_and_write(given: Sequence[Proposal]) -> None:
    """Fit on proposals, report with documents held out, and write the trees."""
    odds = held_out(given)
    line = threshold(given, odds)
    print(f"threshold {line:.3f}")
    report(given, odds, line)
    counted = Counter(one.origin for one in given if one.first)
    fitted = fit(given)
    told = {
        "provenance": "python -m evaluation.training.learners.answer_fit, on questions "
        + ", ".join(f"{origin}: {count}" for origin, count in counted.items()),
        "threshold": round(line, 4),
        "bias": round(fitted.linear.bias, 5),
        "signals": table(fitted.linear, NAMES),
        "trees": fitted.trees,
    }
    words = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    (DATA / FILE).write_text(
        words.replace("]],[[", "]],\n[[").replace("],", "],\n", len(NAMES)) + "\n", "utf-8"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
