"""``python -m evaluation.training.passages REPORTS POLICIES``: fit the order of passages; report held out.

REPORTS is a home with the training reports and by-laws, POLICIES one with the policy texts, each in a file
named by its id. A question's right passages are those that hold its evidence, or those of its policy text.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from answering.evidence.context import known_of
from answering.evidence.passage_pools import unscored
from answering.evidence.passage_score import NAMES, WEIGHTS, passage_features, question_grams
from answering.question.hypotheses import hypotheses
from answering.values.answer import Turn
from evaluation.datasets.material import SharedMaterial, rows, squeezed
from retrieval import Library, open_embedder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from answering.evidence.pooled_passage import PooledPassage

TRAIN = ("train-facts", "train-rules", "train-talks", "train-claims")
FOLDS, DEPTH, PENALTY, STEPS, RATE = 5, 20, 1e-3, 400, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedQuestion:
    """A question's passages as features, which of them are right, and the document of each."""

    group: str  # of the document that answers; held out together
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    documents: tuple[str, ...]
    answering: frozenset[str]  # the documents that answer


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question with its history, the files that answer it and the words of its evidence, squeezed."""

    text: str
    history: tuple[Turn, ...]
    files: frozenset[str]
    quotes: tuple[str, ...]  # none where any passage of the file is right


def report_questions(material: SharedMaterial) -> Iterator[LabelledQuestion]:
    """Yield the shared training questions on reports and by-laws that have evidence."""
    for name in TRAIN:
        for row in rows(material.path("eval", "bench", f"{name}.jsonl")):
            if row["gold"]:
                yield LabelledQuestion(
                    text=row["question"],
                    history=tuple(
                        Turn(role=turn["role"], content=turn["content"]) for turn in row["history"]
                    ),
                    files=frozenset(one["doc"] for one in row["gold"]),
                    quotes=tuple(squeezed(one["quote"]) for one in row["gold"]),
                )


def policy_questions(material: SharedMaterial) -> Iterator[LabelledQuestion]:
    """Yield the citizens' questions on policy texts."""
    with gzip.open(material.path("data", "train", "ncp_queries.jsonl.gz"), "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            yield LabelledQuestion(
                text=row["question"], history=(), files=frozenset((f"{row['document']}.txt",)), quotes=()
            )


def ranked(library: Library, asked: Iterator[LabelledQuestion]) -> list[RankedQuestion]:
    """Search each question in its likeliest reading, and return the passages as features."""
    known, found = known_of(library), []
    for one in asked:
        hypothesis = hypotheses(one.text, one.history, known)[0]
        passages = unscored(hypothesis, library, depth=DEPTH)
        if passages:
            features = passage_features(passages, hypothesis, question_grams(hypothesis.text, library))
            found.append(_ranked(one, passages, features))
    return found


def _ranked(
    one: LabelledQuestion, passages: Sequence[PooledPassage], features: NDArray[np.float64]
) -> RankedQuestion:
    files = tuple(passage.hit.document.source.rpartition("/")[2] for passage in passages)
    texts = [squeezed(passage.hit.passage.text) for passage in passages]
    right = [
        file in one.files and (not one.quotes or any(quote in text or text in quote for quote in one.quotes))
        for file, text in zip(files, texts, strict=True)
    ]
    return RankedQuestion(
        group=min(one.files), features=features, right=np.array(right), documents=files, answering=one.files
    )


def fit(known: Sequence[RankedQuestion]) -> NDArray[np.float64]:
    """Return the weights that make the right passages likeliest in the softmax over each question's own."""
    useful = [one for one in known if one.right.any()]
    weights = np.zeros(len(NAMES))
    mean, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        slope = PENALTY * weights
        for one in useful:
            scores = one.features @ weights
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            wanted = odds * one.right
            slope += one.features.T @ (odds - wanted / max(wanted.sum(), 1e-12)) / len(useful)
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.999 * spread + 0.001 * slope**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return weights


def recalls(known: Sequence[RankedQuestion], weights: NDArray[np.float64]) -> dict[str, float]:
    """Return how often an answering document is among the first, and how often a right passage is first."""
    places: list[int] = []
    first: list[bool] = []
    for one in known:
        order = np.argsort(-(one.features @ weights), kind="stable")
        documents = list(dict.fromkeys(one.documents[n] for n in order))
        places.append(
            min((documents.index(name) for name in one.answering if name in documents), default=10**6)
        )
        first.append(bool(one.right[order[0]]))
    count = max(1, len(known))
    found = {f"document R@{k}": sum(place < k for place in places) / count for k in (1, 5, 20)}
    return {**found, "passage R@1": sum(first) / count}


def _held_out(known: Sequence[RankedQuestion]) -> dict[str, float]:
    groups = {group: n % FOLDS for n, group in enumerate(sorted({one.group for one in known}))}
    totals: dict[str, float] = {}
    for number in range(FOLDS):
        weights = fit([one for one in known if groups[one.group] != number])
        held = [one for one in known if groups[one.group] == number]
        for name, share in recalls(held, weights).items():
            totals[name] = totals.get(name, 0.0) + share * len(held) / len(known)
    return totals


def _report(title: str, found: Mapping[str, float]) -> None:
    print(f"{title:24}" + "  ".join(f"{name} {share:.3f}" for name, share in found.items()), flush=True)


def main(arguments: Sequence[str]) -> int:
    """Fit, report on held-out documents, and write the weights."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    material, sets = SharedMaterial(), []
    for home, asked in zip(map(Path, arguments), (report_questions, policy_questions), strict=True):
        with Library.open(home, embedder=open_embedder(home=home)) as library:
            sets.append(ranked(library, asked(material)))
    for title, known in zip(("reports, held out", "policies, held out"), sets, strict=True):
        _report(title, _held_out(known))
    weights = fit([*sets[0], *sets[1]])
    for title, known in zip(("reports, fitted", "policies, fitted"), sets, strict=True):
        _report(title, recalls(known, weights))
    kept = {name: round(float(weight), 4) for name, weight in zip(NAMES, weights, strict=True)}
    told = {"provenance": f"shared sets {', '.join(TRAIN)}, ncp_queries", "weights": kept}
    WEIGHTS.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
