"""From a comparison to a verdict, with trees learned by ``python -m evaluation train-judge``.

There are two sets: one over what words and facts tell, and one for where the embedded model is at hand, which
also has the odds that the networks of ``answering.judge.meaning`` give. Where these are, the log odds of both
sets are averaged: they err in different places.

Which verdict but supported: partly where one thing that a claim tells holds and another fails by itself, not found
where the evidence tells of another thing, of a part of it or gives no such measure, else as the trees for the other
verdicts say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answering.judge.claim_differences import HARD
from answering.judge.trees import BoostedTrees
from answering.judge.values import ClaimVerdict

if TYPE_CHECKING:
    from answering.judge.claim_differences import Comparison

WEIGHTS = Path(__file__).parents[1] / "data" / "judge_weights.json"
_WORD_FOR_WORD = 0.95  # probability that what repeats its evidence is supported, as measured
MEANING = "meaning"  # the feature that those odds are
_OF_FIGURES = frozenset(("value", "figure", "absent"))
_LIKE = 1  # characters by which the names of two things of one kind differ in length (门诊, 住院)
OTHERS = (ClaimVerdict.CONTRADICTED, ClaimVerdict.PARTLY, ClaimVerdict.NOT_FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTrees:
    """Boosted trees over the same features: supported or not, and if not, one set for each other verdict."""

    names: tuple[str, ...]
    support: BoostedTrees
    others: tuple[BoostedTrees, ...]  # one of OTHERS each
    threshold: float  # probability from which a claim counts as supported


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedTrees:
    """The trees for comparisons of words alone, and for those of meaning too."""

    words: DecisionTrees
    meaning: DecisionTrees


@cache
def learned_trees(path: Path = WEIGHTS) -> LearnedTrees:
    """Read the trees of a file."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return LearnedTrees(words=_trees(held["words"]), meaning=_trees(held["meaning"]))


def _trees(held: dict[str, Any]) -> DecisionTrees:
    return DecisionTrees(
        names=tuple(held["names"]),
        support=BoostedTrees.read(held["support"]),
        others=tuple(BoostedTrees.read(one) for one in held["others"]),
        threshold=held["threshold"],
    )


def decide(comparison: Comparison) -> tuple[ClaimVerdict, float]:
    """Return the verdict on a comparison, and the probability that the claim is supported.

    What is in the evidence word for word is supported, what repeats it with a word that makes it untrue is not.
    """
    both = learned_trees()
    learned = both.meaning if MEANING in comparison.features else both.words
    values = [comparison.features.get(name, 0.0) for name in learned.names]
    total = learned.support.total(values)
    if learned is both.meaning:
        plain = [comparison.features.get(name, 0.0) for name in both.words.names]
        total = (total + both.words.support.total(plain)) / 2
    score = 1 / (1 + exp(-total))
    if comparison.repeated and not comparison.untrue:
        score = max(score, _WORD_FOR_WORD)
    if score >= learned.threshold and not comparison.untrue:
        return ClaimVerdict.SUPPORTED, score
    if _holds_in_part(comparison):
        return ClaimVerdict.PARTLY, score
    if _tells_of_another(comparison):
        return ClaimVerdict.NOT_FOUND, score
    sums = [trees.total(values) for trees in learned.others]
    return OTHERS[max(range(len(OTHERS)), key=sums.__getitem__)], score


def _holds_in_part(comparison: Comparison) -> bool:
    """Tell whether what fails is told beside what holds: one figure of several, or a figure or rank put to the rest."""
    features = comparison.features
    kinds = {one.kind for one in comparison.differences} & HARD
    proved = features.get("proved", 0.0)
    if kinds == {"rank"}:
        return proved > 0 or "other_rank" not in features
    if kinds == {"absent"} and (proved > 0 or features.get("clauses_held", 0.0) > 0):
        return True
    return bool(kinds) and kinds <= _OF_FIGURES and 0 < proved < features.get("figures", 0.0)


def _tells_of_another(comparison: Comparison) -> bool:
    """Tell whether the evidence leaves a claim open: it has other things' figures, or a part's, and none of its own.

    A contradiction needs the same thing with another value, state or direction.
    """
    features = comparison.features
    kinds = {one.kind for one in comparison.differences} & HARD
    if kinds:
        return kinds == {"absent"} and features.get("unmeasured") == features.get("figures")
    if "narrowed" in features:
        return True
    exchanged = (one for one in comparison.differences if min(len(one.said), len(one.right)) > _LIKE)
    return features.get("clauses_held", 0.0) > 0 and any(
        abs(len(one.said) - len(one.right)) <= _LIKE for one in exchanged
    )
