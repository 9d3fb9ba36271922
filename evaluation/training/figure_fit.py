"""``python -m evaluation.training.figure_fit HOME``: fits which of the figures found answers a question.

HOME holds the training documents. Shared questions for a figure are learned from, and others made of the
register: indicators that many places tell of, under another name for the same. Prints how often the likeliest
figure is the right one, documents held out.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from answering.composition.figure_choice import FIGURE_FEATURES, FigureCandidate, figure_rows
from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.plan import readings_of
from answering.question.subject import variants
from answering.scoring.sentence_features import reading_of
from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, squeezed
from evaluation.training.learners.listwise import LinearFit, fit_odds, table
from evaluation.training.sentence_examples import holds
from retrieval import Library
from retrieval.catalog.fact_query import Ask
from retrieval.embeddings.embedder import open_embedder
from retrieval.facts.models import FigureKind, FigureRow
from retrieval.facts.name_similarity import core
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from evaluation.training.learners.listwise import Array

SETS = ("train-facts", "train-talks")
DATA = Path(__file__).parents[2] / "answering" / "data"
_PENALTY, _FOLDS = 0.01, 5
_PLACES, _EACH, _MADE = 3, 3, 240
_TAILS = ("是多少", "多少", "达到多少", "有多少", "多少呢")
_RIGHT = 8.0  # what a right figure counts against a wrong one: they are few


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        made = [
            *_examples(library, SharedMaterial().folder / "eval" / "bench"),
            *_registered(library),
        ]
    _report(made)
    fitted = _fitted(made)
    told = f"Fitted on {len(made)} questions for a figure: {', '.join(SETS)}, and of the register."
    written = {"provenance": told, "bias": round(fitted.bias, 5), "features": table(fitted, FIGURE_FEATURES)}
    (DATA / "figure_weights.json").write_text(
        json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return 0


def _examples(library: Library, folder: Path) -> Iterator[tuple[str, Array, Array]]:
    """Yield the document, the rows and the labels of each question that asks for a figure."""
    known, words = known_of(library), thesaurus.load()
    for name in SETS:
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            told = json.loads(line)
            history = [Turn(role=one["role"], content=one["content"]) for one in told["history"]]
            frame, (hypothesis, *_) = readings_of(told["question"], history, known=known)[0]
            if frame.reason or frame.want.kind != "figure":
                continue
            context = QuestionContext(frame, library, words, hypothesis)
            found = figure_rows(context, reading_of(context))
            if found:
                labels = [float(_answers(one, told)) for one, _ in found]
                document = told["gold"][0]["doc"] if told["gold"] else told["id"]
                yield document, np.array([row for _, row in found]), np.array(labels)


def _registered(library: Library) -> Iterator[tuple[str, Array, Array]]:
    """Yield questions for indicators that many places tell of, each under a name that means the same."""
    known, words, draw = known_of(library), thesaurus.load(), Random(7)  # noqa: S311 - a choice of examples
    for row in _common_rows(library, draw):
        names = [name for name in variants(fold(row.metric), words) if name != fold(row.metric)]
        document = next(d for d in library.documents() if d.id == row.document)
        if (
            row.place is None
            or row.year is None
            or document.year is None
            or not 0 <= document.year - row.year <= 1
        ):
            continue
        when = "今年" if row.kind is FigureKind.TARGET else "去年"
        name = draw.choice(names) if names else fold(row.metric)
        asked = f"{row.place}{when}{name}{draw.choice(_TAILS)}"
        frame, (hypothesis, *_) = readings_of(asked, (), known=known)[0]
        if frame.reason or frame.want.kind != "figure":
            continue
        context = QuestionContext(frame, library, words, hypothesis)
        found = figure_rows(context, reading_of(context))
        labels = [float(one.row is not None and one.row.start == row.start) for one, _ in found]
        if any(labels):
            yield document.source, np.array([line for _, line in found]), np.array(labels)


def _common_rows(library: Library, draw: Random) -> list[FigureRow]:
    """Return rows of indicators that at least three places tell of, in an order by chance."""
    by_name: dict[tuple[str, FigureKind, str], list[FigureRow]] = defaultdict(list)
    for found in library.register.figures(Ask()):
        row = found.row
        if (
            row.place is not None
            and row.kind in (FigureKind.DONE, FigureKind.TARGET, FigureKind.COMPARISON)
            and row.metric
        ):
            by_name[core(fold(row.metric)), row.kind, row.unit].append(row)
    told = [rows for rows in by_name.values() if len({row.place for row in rows}) >= _PLACES]
    chosen = [row for rows in told for row in draw.sample(rows, min(len(rows), _EACH))]
    return draw.sample(chosen, min(len(chosen), _MADE))


def _answers(one: FigureCandidate, told: Mapping[str, Any]) -> bool:
    """Tell whether a figure is one of the facts asked for, in a sentence that holds the evidence."""
    sentence = squeezed(one.line.text)
    if not any(holds(sentence, squeezed(gold["quote"])) for gold in told["gold"]):
        return False
    printed = squeezed(one.figure.text)
    return any(_same(printed, squeezed(form)) for forms in told["facts"] for form in forms)


def _same(printed: str, form: str) -> bool:
    return printed.startswith(form) or (len(printed) > 1 and form.startswith(printed))


def _fitted(made: Sequence[tuple[str, Array, Array]]) -> LinearFit:
    rows, labels = np.vstack([r for _, r, _ in made]), np.concatenate([y for _, _, y in made])
    return fit_odds(rows, labels, np.where(labels > 0, _RIGHT, 1.0), penalty=_PENALTY)


def _report(made: Sequence[tuple[str, Array, Array]]) -> None:
    groups = {name: n % _FOLDS for n, name in enumerate(sorted({d for d, _, _ in made}))}
    first = answered = right = silent = 0
    for part in range(_FOLDS):
        fitted = _fitted([one for one in made if groups[one[0]] != part])
        for _, rows, labels in (one for one in made if groups[one[0]] == part):
            odds = fitted.of(rows)
            best = int(np.argmax(odds))
            if labels.any():
                first += bool(labels[best])
                answered += 1
            silent += bool(odds[best] < 0) and not labels.any()
            right += not labels.any()
    print(f"the likeliest figure is right: {first / answered:.3f} of {answered}")
    print(f"no figure taken where none answers: {silent} of {right}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
