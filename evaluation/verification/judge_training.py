"""Learn the judge's trees from written pairs (invented texts) and from clauses with one slot changed.

Boosted trees over the features of ``answering.judge.features``: one set for supported or not, and for each
other verdict one set against the rest of them.
"""

from __future__ import annotations

import json
from math import log
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.generation.citation_markers import split
from answering.judge import ClaimEvidence, ClaimVerdict, Judge, load
from answering.judge.claim_differences import HARD
from answering.judge.decision import OTHERS
from answering.judge.features import compare
from answering.judge.judge import language_of
from answering.verification.written import evidence_of as cited_as
from answering.verification.written import undressed
from evaluation.datasets.material import rows
from evaluation.verification.boosting import BoostingPlan, fit_trees
from evaluation.verification.fact_mutations import ClaimPair, pairs
from evaluation.verification.gates import SENTENCES, TRUE, units
from evaluation.verification.judging import evidence_of, with_evidence
from evaluation.verification.shipped import ShippedSentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from retrieval.embeddings.embedder import Embedder
    from retrieval.library import Library

OF_TEXTS = (  # pairs on real texts, which name file and place in it
    Path(__file__).parents[1] / "training" / "report_pairs.jsonl",
    Path(__file__).parents[1] / "sentences" / "own-claims.jsonl",
)
WRITTEN = Path(__file__).parents[1] / "training" / "judge_pairs.jsonl"
_LABELS = {
    "s": ClaimVerdict.SUPPORTED,
    "c": ClaimVerdict.CONTRADICTED,
    "p": ClaimVerdict.PARTLY,
    "n": ClaimVerdict.NOT_FOUND,
}
_OF_LABELS = {TRUE: ClaimVerdict.SUPPORTED, "untrue": ClaimVerdict.CONTRADICTED}
_TEXT_WEIGHT = (
    2.0  # of a pair on a real text beside one on an invented text: they are fewer, and nearer to use
)
_MUTATED_WEIGHT = 0.05  # of a mutation beside a written pair: there are many and they are alike
_LEAST = 4  # examples that a feature needs
_SUPPORT = BoostingPlan(rounds=150, depth=3)
_OTHERS = BoostingPlan(rounds=60, depth=3)
# Features that may only lower the trust in a claim as they grow.
_FALLING = HARD | {
    "hard", "any_hard", "unbound", "no_value", "other_value", "no_rank", "other_rank", "plan_as_done",
    "plan_as_fact", "done_as_plan", "cumulative", "lost", "lost_most", "lost_chars", "misquoted",
    "pair_other_value", "pair_other_unit", "pair_other_bound", "pair_loose_unit", "swapped_words",
    "swapped_size", "put_lost", "unproved", "apart", "replaced_far",
    "silent_wrong", "lead_against", "contrast_wrong", "by_other", "doer_other", "doer_place", "list_part",
    "narrowed", "shifted", "frequency", "condition_left", "condition_put", "multiple_wrong", "done_put",
    "condition_denied", "place_exchanged", "end_as_change", "when_other", "when_cut", "year_other",
    "per_other", "per_cut", "per_put", "condition_other", "who_other", "clause_when_other",
    "clause_year_other", "clause_per_other", "segment_far", "split_rule", "away_clause", "away_sentence",
    "lost_near", "english_lost", "english_lost_near", "cut_narrower",
}  # fmt: skip

Example = tuple[dict[str, float], ClaimVerdict, float]


def written(path: Path = WRITTEN) -> Iterator[tuple[str, tuple[ClaimEvidence, ...], ClaimVerdict]]:
    """Give the written pairs: claim, evidence, verdict."""
    for row in rows(path):
        evidence = tuple(
            ClaimEvidence(quote=one["quote"], place=one["place"], year=one["year"], heading=one["heading"])
            for one in row.get("evidence", (row,))
        )
        for label, claim in row["claims"]:
            yield claim, evidence, _LABELS[label]


def on_texts(path: Path) -> Iterator[tuple[str, tuple[ClaimEvidence, ...], ClaimVerdict]]:
    """Give the pairs on texts of the shared material of a file: claim, evidence, verdict."""
    for row in with_evidence(rows(path)):
        yield row["claim"], evidence_of(row), ClaimVerdict(row["label"])


def of_models() -> Iterator[tuple[str, tuple[ClaimEvidence, ...], ClaimVerdict]]:
    """Give the sentences of raw output labelled true or untrue: claim, what they cite, verdict."""
    shipped = ShippedSentences.open()
    labels = {row["id"]: row["label"] for row in rows(SENTENCES / "labels.jsonl")}
    starts = {(line.document.place, line.start): line for line in shipped.lines.values()}
    for row in rows(SENTENCES / "raw.jsonl"):
        given = [starts[one["place"], one["start"]] for one in row["evidence"]]
        for number, unit in enumerate(units(row["raw"]), 1):
            label = labels.get(f"{row['id']}/{number}", "")
            text, cited = split(unit)
            lines = [given[at - 1] for at in cited if 0 < at <= len(given)]
            if lines and label in _OF_LABELS:
                yield undressed(text), tuple(map(cited_as, lines)), _OF_LABELS[label]


def mutations(library: Library, *, many: int, seed: int = 1) -> list[ClaimPair]:
    """Return true clauses of a library, a quarter of ``many``, and untrue ones, as many of each kind."""
    chance = Random(seed)  # noqa: S311 - a draw that can be repeated
    places = sorted({d.place for d in library.documents() if d.place})
    found = [p for d in library.documents() for p in pairs(d, library.passages(d.id), chance, places)]
    kinds: dict[str, list[ClaimPair]] = {}
    for pair in found:
        kinds.setdefault(pair.kind, []).append(pair)
    for of_kind in kinds.values():
        chance.shuffle(of_kind)
    true = kinds.pop("", [])
    each = (3 * many // 4) // max(1, len(kinds))
    return true[: many // 4] + [pair for of_kind in kinds.values() for pair in of_kind[:each]]


def examples(judge: Judge, mutated: Iterable[ClaimPair]) -> list[Example]:
    """Return the features, verdict and weight of all that is learned from."""
    found = [(_features(judge, claim, items), verdict, 1.0) for claim, items, verdict in written()]
    for path in OF_TEXTS:
        found += [
            (_features(judge, claim, items), verdict, _TEXT_WEIGHT)
            for claim, items, verdict in on_texts(path)
        ]
    for claim, items, verdict in of_models():
        found.append((_features(judge, claim, items), verdict, 1.0))
    for pair in mutated:
        verdict = ClaimVerdict.SUPPORTED if pair.true else ClaimVerdict.CONTRADICTED
        found.append((_features(judge, pair.claim, pair.evidence), verdict, _MUTATED_WEIGHT))
    return found


def learn(found: Sequence[Example], *, threshold: float, cut: float) -> dict[str, Any]:
    """Return the weights as ``answering/data/judge_weights.json`` holds them."""
    every = sorted({name for features, _, _ in found for name in features})
    names = [n for n in every if sum(bool(features.get(n)) for features, _, _ in found) >= _LEAST]
    values = np.array([[features.get(n, 0.0) for n in names] for features, _, _ in found])
    weights = np.array([weight for _, _, weight in found])
    falling = np.array([name in _FALLING for name in names], dtype=np.int8)
    supported = np.array([verdict is ClaimVerdict.SUPPORTED for _, verdict, _ in found], dtype=float)
    rest = [n for n, (_, verdict, weight) in enumerate(found) if verdict in OTHERS and weight >= 1.0]
    free, ones = np.zeros(len(names), dtype=np.int8), np.ones(len(rest))
    others = []
    for verdict in OTHERS:
        chosen = np.array([found[n][1] is verdict for n in rest], dtype=float)
        others.append(fit_trees(values[rest], chosen, ones, free, _OTHERS))
    support = fit_trees(values, supported, weights, falling, _SUPPORT)
    # The odds of the cut are told as the threshold: what is counted from it elsewhere need not move.
    support["base"] = round(support["base"] + _odds(threshold) - _odds(cut), 5)
    return {
        "names": names,
        "support": support,
        "others": others,
        "threshold": threshold,
    }


def _odds(share: float) -> float:
    return log(share / (1 - share))


def train(
    library: Library, embedder: Embedder | None, out: Path, *, many: int, threshold: float, cut: float
) -> int:
    """Learn from the written pairs and a library's mutated clauses; returns how many examples there were.

    From the probability ``cut`` on a claim counts as supported; it is told as ``threshold``.
    """
    found = examples(load(embedder), mutations(library, many=many))
    learned = learn(found, threshold=threshold, cut=cut)
    by_hand = sum(weight >= 1.0 for _, _, weight in found)
    learned["provenance"] = (
        f"python -m evaluation train-judge HOME --many {many}: {by_hand} pairs of"
        f" {', '.join(path.name for path in (WRITTEN, *OF_TEXTS))}, labels.jsonl,"
        f" {len(found) - by_hand} clauses of {len(library.documents())} documents"
    )
    out.write_text(json.dumps(learned, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(found)


def _features(judge: Judge, claim: str, items: Sequence[ClaimEvidence]) -> dict[str, float]:
    return compare(claim, items, language_of(claim, judge.nearness), judge.gazetteer).features
