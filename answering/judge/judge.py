"""The judge itself: compares, decides with learned weights, and says why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from answering.judge.checks.openings import first_statement
from answering.judge.decision import MEANING, decide
from answering.judge.features import compare
from answering.judge.meaning import entailment
from answering.judge.nearness import Nearness, content
from answering.judge.reasons import reason_of, right_of
from answering.judge.scope import own_names
from answering.judge.values import ClaimVerdict, Judgment
from retrieval.places.gazetteer import Gazetteer
from retrieval.quantities import figures
from retrieval.text.normalize import fold, is_english

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.claim_differences import Comparison
    from answering.judge.values import ClaimEvidence
    from retrieval.embeddings.embedder import Embedder


_WORDS = Nearness(None)
_MAYBE_PARTLY = (ClaimVerdict.CONTRADICTED, ClaimVerdict.NOT_FOUND)


@dataclass(frozen=True)
class Judge:
    """Judges claims; safe in any thread. Without an embedder meaning is told by shared words alone."""

    nearness: Nearness
    gazetteer: Gazetteer = field(default_factory=Gazetteer)

    def __call__(self, claim: str, evidence: Sequence[ClaimEvidence]) -> Judgment:
        """Return how a claim fares against its evidence, all items taken together."""
        if not evidence or not claim.strip():
            return Judgment(verdict=ClaimVerdict.NOT_FOUND, reason="没有可以比对的原文。")
        comparison = compared(claim, evidence, self.nearness, self.gazetteer)
        verdict, score = decide(comparison)
        if verdict in _MAYBE_PARTLY and self._begins_true(claim, evidence):
            verdict = ClaimVerdict.PARTLY
        decisive = comparison.decisive
        return Judgment(
            verdict=verdict,
            reason=reason_of(verdict, comparison),
            right=right_of(comparison) if verdict is not ClaimVerdict.SUPPORTED else "",
            lost=tuple(
                d.said for d in comparison.differences if d.said and verdict is not ClaimVerdict.SUPPORTED
            ),
            near=decisive.right if decisive else claim,
            item=comparison.best,
            score=score,
            fault=decisive.kind if decisive and verdict is not ClaimVerdict.SUPPORTED else "",
            features=dict(comparison.features),
        )

    def _begins_true(self, claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
        """Tell whether the first of a claim's statements holds by itself, its figure proved, and none denies it."""
        first = first_statement(claim, own_names(evidence))
        if not first:
            return False
        comparison = compared(first, evidence, self.nearness, self.gazetteer)
        return comparison.proved > 0 and decide(comparison)[0] is ClaimVerdict.SUPPORTED


def compared(
    claim: str, evidence: Sequence[ClaimEvidence], nearness: Nearness, gazetteer: Gazetteer
) -> Comparison:
    """Return the comparison of a claim with all its evidence, by meaning too where the embedder tells it.

    A place and a figure alone (宁波市：75个) have no meaning beside what words and facts tell of them.
    """
    found = compare(claim, evidence, language_of(claim, nearness), gazetteer)
    told = entailment(claim, evidence, nearness) if _has_words(claim, gazetteer) else None
    if told is not None:
        found.features[MEANING] = told
    return found


def _has_words(claim: str, gazetteer: Gazetteer) -> bool:
    spans = [(one.start, one.end) for one in figures(claim)]
    spans += [(one.start, one.end) for one in gazetteer.find(claim)]
    return any(content(fold(claim), spans))


def language_of(claim: str, nearness: Nearness) -> Nearness:
    """Return the nearness to use: within one language shared words tell as much as the embedder, at no cost."""
    return nearness if is_english(claim) else _WORDS


def load(embedder: Embedder | None = None, gazetteer: Gazetteer | None = None) -> Judge:
    """Return a judge with the weights that ship with the program."""
    return Judge(Nearness(embedder), gazetteer or Gazetteer())
