"""Learn the judge's trees from written pairs (invented texts) and from clauses with one slot changed.

Boosted trees over the features of ``answering.judge.features``: one set for supported or not, and for each
other verdict one set against the rest of them. All of that twice: without and with the odds of the networks
of meaning (``evaluation.verification.meaning``), which are learned from the same pairs and more forms.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from answering.generation.citation_markers import split
from answering.judge import ClaimEvidence, ClaimVerdict, Judge, load
from answering.judge.claim_differences import HARD
from answering.judge.decision import MEANING, OTHERS
from answering.judge.features import compare
from answering.judge.judge import language_of
from answering.verification.written import evidence_of as cited_as
from answering.verification.written import undressed
from evaluation.datasets.material import rows
from evaluation.verification.boosting import BoostingPlan, fit_trees
from evaluation.verification.fact_mutations import ClaimPair, pairs
from evaluation.verification.gates import SENTENCES, TRUE, units
from evaluation.verification.judging import evidence_of, with_evidence
from evaluation.verification.meaning.meaning_examples import MeaningForms
from evaluation.verification.meaning.meaning_training import MeaningExample, learn_meaning, save
from evaluation.verification.meaning.network_fit import FitPlan
from evaluation.verification.shipped import ShippedSentences
from retrieval.embeddings.text_tokens import token_embedder

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
_FORM_WEIGHT = 0.15  # the same for the networks of meaning, which see what is alike in them less
_FACTS = {
    "year",
    "state",
}  # what headings and the year of a text tell, which pieces do not: left to the trees
_FORMS = {"noun": 5_000, "tail": 2_500, "+alias": 4_000}  # of these kinds at most so many are learned from
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedExample:
    """What the trees learn from: a claim with its evidence, what their comparison counts, and the verdict."""

    claim: str
    evidence: Sequence[ClaimEvidence]
    features: dict[str, float]
    verdict: ClaimVerdict
    weight: float


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


def written_examples(judge: Judge) -> list[JudgedExample]:
    """Return what the trees learn from pairs that were written, or labelled by hand."""
    found = [(pair, 1.0) for pair in (*written(), *of_models())]
    found += [(pair, _TEXT_WEIGHT) for path in OF_TEXTS for pair in on_texts(path)]
    return [_judged(judge, *pair, weight) for pair, weight in found]


def mutated_examples(judge: Judge, mutated: Iterable[ClaimPair]) -> list[JudgedExample]:
    """Return what the trees learn from clauses of documents."""
    verdicts = {True: ClaimVerdict.SUPPORTED, False: ClaimVerdict.CONTRADICTED}
    return [_judged(judge, p.claim, p.evidence, verdicts[p.true], _MUTATED_WEIGHT) for p in mutated]


def _judged(
    judge: Judge, claim: str, items: Sequence[ClaimEvidence], verdict: ClaimVerdict, weight: float
) -> JudgedExample:
    features = compare(claim, items, language_of(claim, judge.nearness), judge.gazetteer).features
    return JudgedExample(claim=claim, evidence=items, features=features, verdict=verdict, weight=weight)


def of_meaning(
    found: Sequence[JudgedExample], mutated: Sequence[ClaimPair], chance: Random
) -> list[MeaningExample]:
    """Return what the networks learn from: the trees' examples in order, then more forms of true clauses.

    ``found`` ends with what was made of ``mutated``.
    """
    kinds_of = [*("" for _ in range(len(found) - len(mutated))), *(pair.kind for pair in mutated)]
    learned = [
        MeaningExample(
            claim=one.claim,
            evidence=one.evidence,
            true=one.verdict is ClaimVerdict.SUPPORTED,
            weight=one.weight if one.weight >= 1.0 else 0.0 if kind in _FACTS else _FORM_WEIGHT,
        )
        for one, kind in zip(found, kinds_of, strict=True)
    ]
    forms = MeaningForms(mutated, chance)
    kinds: dict[str, list[ClaimPair]] = {}
    for pair in (form for true in mutated if true.true for form in forms.of(true)):
        kinds.setdefault(pair.kind, []).append(pair)
    for kind, of_kind in kinds.items():
        chance.shuffle(of_kind)
        learned += [
            MeaningExample(claim=p.claim, evidence=p.evidence, true=p.true, weight=_FORM_WEIGHT)
            for p in of_kind[: _FORMS.get(kind)]
        ]
    return learned


def learn(found: Sequence[JudgedExample], *, threshold: float, cut: float) -> dict[str, Any]:
    """Return one set of weights as ``answering/data/judge_weights.json`` holds two."""
    every = sorted({name for one in found for name in one.features})
    names = [n for n in every if sum(bool(one.features.get(n)) for one in found) >= _LEAST]
    values = np.array([[one.features.get(n, 0.0) for n in names] for one in found])
    weights = np.array([one.weight for one in found])
    falling = np.array([_trend(name) for name in names], dtype=np.int8)
    supported = np.array([one.verdict is ClaimVerdict.SUPPORTED for one in found], dtype=float)
    rest = [n for n, one in enumerate(found) if one.verdict in OTHERS and one.weight >= 1.0]
    free, ones = np.zeros(len(names), dtype=np.int8), np.ones(len(rest))
    others = []
    for verdict in OTHERS:
        chosen = np.array([found[n].verdict is verdict for n in rest], dtype=float)
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


def _trend(name: str) -> int:
    """Return 1 for what may only speak against a claim as it grows, −1 for what may only speak for it."""
    if name == MEANING:
        return -1
    return int(name in _FALLING)


def _odds(share: float) -> float:
    return log(share / (1 - share))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPlan:
    """Clauses that are learned from, and the probabilities from which a claim counts as supported.

    These are told as ``threshold``: ``cut`` where words alone are compared, ``meaning_cut`` with meaning.
    """

    many: int
    clauses: int  # for the networks
    threshold: float
    cut: float
    meaning_cut: float


def train(library: Library, embedder: Embedder | None, out: Path, networks: Path, plan: TrainingPlan) -> int:
    """Learn from the written pairs and a library's mutated clauses; returns how many examples there were.

    Raises TypeError for an embedder that does not tell pieces apart.
    """
    reader = token_embedder(embedder)
    if reader is None:
        raise TypeError("the networks of meaning need the embedded model")
    judge, mutated = load(embedder), mutations(library, many=plan.clauses)
    by_hand = written_examples(judge)
    found = [*by_hand, *mutated_examples(judge, mutated)]
    forms = of_meaning(found, mutated, Random(7))  # noqa: S311 - a draw that can be repeated
    odds, learned = learn_meaning(forms, reader, FitPlan())
    names = ", ".join(path.name for path in (WRITTEN, *OF_TEXTS))
    provenance = (
        f"python -m evaluation train-judge HOME --many {plan.many} --clauses {plan.clauses}:"
        f" {len(by_hand)} pairs of {names}, labels.jsonl, clauses of {len(library.documents())} documents"
        f" in {len(forms) - len(by_hand)} forms"
    )
    save(learned, provenance, networks)
    few = [*by_hand, *mutated_examples(judge, mutations(library, many=plan.many))]
    with_meaning = [
        replace(one, features={**one.features, MEANING: told})
        for one, told in zip(found, odds, strict=False)  # the odds of forms follow, which no tree learns from
    ]
    held = {
        "words": learn(few, threshold=plan.threshold, cut=plan.cut),
        "meaning": learn(with_meaning, threshold=plan.threshold, cut=plan.meaning_cut),
        "provenance": provenance,
    }
    out.write_text(json.dumps(held, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(forms)
