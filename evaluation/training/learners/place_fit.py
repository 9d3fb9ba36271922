"""``python -m evaluation.training.learners.place_fit HOME``: fits the odds that a place tells of a thing.

HOME holds the training documents. What each report tells is tested by the pattern beside a question, or known
from the shared set; prints how often the odds are right, questions held out.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import QuestionContext, known_of
from answering.evidence.place_set import asked_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.scoring.place_presence import PRESENCE_FEATURES, place_evidence
from evaluation.datasets.material import SharedMaterial
from evaluation.training.learners.listwise import fit_odds, table
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

QUESTIONS = Path(__file__).parents[1] / "place_questions.tsv"
WEIGHTS = Path(__file__).parents[3] / "answering" / "data" / "place_weights.json"
_PENALTY, _FOLDS = 0.02, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceExample:
    """The features of one place for a question, and whether its newest report tells of what is asked."""

    question: str
    row: tuple[float, ...]
    tells: bool


def examples(library: Library, talks: Path) -> Iterator[PresenceExample]:
    """Yield each place of the questions of ``place_questions.tsv``, and of those of ``talks`` on places."""
    texts = _newest(library)
    for question, tells in _questions(texts, talks):
        frame, kinds = readings_of(question, (), known=known_of(library))[0]
        context = QuestionContext(frame, library, thesaurus.load(), kinds[0])
        named = [place for place in asked_of(context) if place in texts]
        for one in place_evidence(context, named if len(named) > 1 else list(texts)):
            yield PresenceExample(question=question, row=one.row, tells=tells(one.place))


def _newest(library: Library) -> dict[str, str]:
    """Return the folded text of the newest report of each place."""
    found: dict[str, str] = {}
    for head in sorted(library.documents(), key=lambda one: one.year or 0):
        whole = library.document(head.id)
        if head.genre is Genre.REPORT and head.place is not None and whole is not None:
            found[head.place] = fold(whole.text)
    return found


def _questions(texts: dict[str, str], talks: Path) -> Iterator[tuple[str, Callable[[str], bool]]]:
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, question = line.split("\t")
            holding = {place for place, text in texts.items() if re.search(pattern, text)}
            yield question, holding.__contains__
    for row in map(json.loads, talks.read_text(encoding="utf-8").splitlines()):
        if row["type"] == "where":
            forms = [form for facts in row["facts"] for form in facts]
            yield row["question"], _any_in(forms)


def _any_in(forms: Sequence[str]) -> Callable[[str], bool]:
    return lambda place: any(form in place for form in forms)


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out questions, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    talks = SharedMaterial().path("eval", "bench", "train-talks.jsonl")
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        given = list(examples(library, talks))
    rows, labels = np.array([one.row for one in given]), np.array([float(one.tells) for one in given])
    asked = sorted({one.question for one in given})
    fold_of = np.array([asked.index(one.question) % _FOLDS for one in given])
    right = []
    for held in range(_FOLDS):
        kept = fold_of != held
        fitted = fit_odds(rows[kept], labels[kept], np.ones(int(kept.sum())), penalty=_PENALTY)
        right += list((fitted.of(rows[~kept]) > 0) == (labels[~kept] > 0))
    print(f"{len(given)} places of {len(asked)} questions; right, questions held out: {np.mean(right):.3f}")
    fitted = fit_odds(rows, labels, np.ones(len(labels)), penalty=_PENALTY)
    kept_weights = {
        "provenance": f"Fitted on {len(given)} rows, {len(asked)} questions: {QUESTIONS.name}, train-talks.",
        "features": table(fitted, PRESENCE_FEATURES),
        "bias": round(fitted.bias, 5),
    }
    WEIGHTS.write_text(json.dumps(kept_weights, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
