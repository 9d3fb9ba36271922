"""``python -m evaluation.training.parts HOME``: fits which part of a document a question asks to be outlined.

HOME holds the training documents. Prints how often the right part comes first, documents held out.
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
from answering.planning.plan import likely_kinds, readings_of
from answering.scoring.part_choice import PART_FEATURES, candidate_parts, part_rows
from answering.scoring.ranking import Ranking
from answering.values.hypothesis import QuestionKind
from evaluation.datasets.material import SharedMaterial
from evaluation.training.learners.listwise import LinearFit, fit_listwise, fit_odds, table
from retrieval import Library
from retrieval.embeddings.embedder import open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from answering.scoring.part_choice import DocumentPart

QUESTIONS = Path(__file__).parent / "outline_questions.tsv"
WEIGHTS = Path(__file__).parents[2] / "answering" / "data" / "part_weights.json"
_PENALTY, _FOLDS = 0.02, 5
_TYPES = (
    "outline",
    "list",
    "howwhy",
    "define",
)  # of the shared set; how and what are asked of no part, or of a list
_RATHER = 0.7  # added to the odds: another part than the one meant costs a reader half of what no answer does
_KINDS = frozenset((QuestionKind.OUTLINE, QuestionKind.SUMMARY, QuestionKind.COUNT))
_MOST = 0.6  # share of the evidence, and of the members, that the part asked of brings together


@dataclass(frozen=True, slots=True, kw_only=True)
class PartExample:
    """The parts that a question could ask of, with their features and which one it does ask of."""

    document: str
    question: str
    rows: NDArray[np.float64]
    labels: NDArray[np.float64]
    parts: tuple[DocumentPart, ...]
    read_so: bool  # whether it is likely read as asking for an outline or a summary


def examples(library: Library, talks: Path) -> Iterator[PartExample]:
    """Yield the questions of ``outline_questions.tsv`` and ``talks`` over the training documents.

    Of ``talks``, what holds the evidence in at least two of its members, the shortest one, is the part.
    """
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            title, numerals, _, question = line.split("\t")
            parts, rows, read_so = _parts(library, question)
            labels = [float(_is(one, title, numerals)) for one in parts]
            yield PartExample(
                document=title,
                question=question,
                rows=rows,
                labels=np.array(labels),
                parts=parts,
                read_so=read_so,
            )
    for row in map(json.loads, talks.read_text(encoding="utf-8").splitlines()):
        if row["type"] in _TYPES and not row["history"]:
            parts, rows, read_so = _parts(library, row["question"])
            labels = _holding(library, parts, [one["quote"] for one in row["gold"]])
            document = row["gold"][0]["doc"].removesuffix(".txt")
            yield PartExample(
                document=document,
                question=row["question"],
                rows=rows,
                labels=np.array(labels),
                parts=parts,
                read_so=read_so,
            )


def _parts(library: Library, question: str) -> tuple[tuple[DocumentPart, ...], NDArray[np.float64], bool]:
    """Return the parts that a question could ask of, with their features, and whether it is read so."""
    frame, kinds = readings_of(question, (), known=known_of(library))[0]
    ranking = Ranking(QuestionContext(frame, library, thesaurus.load(), kinds[0]))
    parts = tuple(candidate_parts(ranking))
    weights = {one.kind: one.weight for one in kinds}
    summary = weights.get(QuestionKind.SUMMARY, 0.0) > weights.get(QuestionKind.OUTLINE, 0.0)
    kind = QuestionKind.SUMMARY if summary else QuestionKind.OUTLINE
    read_so = bool(_KINDS & set(likely_kinds(kinds)))
    return parts, np.array(part_rows(ranking, parts, kind)), read_so


def _holding(library: Library, parts: Sequence[DocumentPart], quotes: Sequence[str]) -> list[float]:
    """Return 1 for the shortest part of whose members most hold a quotation, each another one."""
    shares = []
    for one in parts:
        document = library.document(one.document.id)
        text = document.text if document else ""
        members = ["".join(text[s.start : s.end].split()) for s in one.children]
        met = {n for quote in quotes for n, member in enumerate(members) if quote in member}
        good = len(met) >= max(2, _MOST * len(quotes)) and len(met) >= _MOST * len(members)
        shares.append(
            one.section.end - one.section.start if good and one.section else len(text) if good else 0
        )
    least = min((share for share in shares if share), default=0)
    return [float(bool(share) and share == least) for share in shares]


def _is(part: DocumentPart, title: str, numerals: str) -> bool:
    """Tell whether a part is the one that its title and the numerals of its headings name."""
    if part.document.title != title or part.listed:
        return False
    sections = {s.title: s.numeral for s in part.document.sections}
    return "/".join(sections[head] for head in part.path) == numerals.replace("-", "")


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    home = Path(arguments[0])
    talks = SharedMaterial().path("eval", "bench", "train-talks.jsonl")
    with Library.open(home, embedder=open_embedder(home=home)) as library:
        given = [one for one in examples(library, talks) if len(one.parts)]
    told = [one for one in given if one.labels.any()]
    folds = {name: n % _FOLDS for n, name in enumerate(sorted({one.document for one in given}))}
    best, right, hits = [], [], []
    for fold in range(_FOLDS):
        score = _fit([one for one in told if folds[one.document] != fold])
        for one in (one for one in given if folds[one.document] == fold):
            at = int(np.argmax(score.of(one.rows)))
            hits += [float(one.labels[at])] if one.labels.any() else []
            if one.read_so:
                best.append(one.rows[at])
                right.append(float(one.labels[at]))
            if one.labels.any() and not one.labels[at]:
                print("  ", one.question, "→", one.document, "/".join(one.parts[at].path)[-60:])
    print(f"right part first, documents held out: {np.mean(hits):.3f} of {len(hits)}")
    labels = np.array(right)
    odds = fit_odds(np.array(best), labels, np.ones(len(labels)), penalty=_PENALTY)
    taken = odds.of(np.array(best)) > 0
    print(f"of {len(labels)} taken {taken.sum()}, right {labels[taken].mean():.3f}")
    print(f"right ones left {labels[~taken].sum():.0f}")
    kept = {
        "provenance": f"Fitted on {len(given)} questions: {QUESTIONS.name}, train-talks.",
        "features": table(_fit(told), PART_FEATURES),
        "odds": table(odds, PART_FEATURES),
        "bias": round(odds.bias + _RATHER, 5),
    }
    WEIGHTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _fit(given: Sequence[PartExample]) -> LinearFit:
    return fit_listwise([(one.rows, one.labels) for one in given], penalty=_PENALTY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
