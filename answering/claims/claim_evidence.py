"""The sentences that a claim without figures can be held against, and what each says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.judge import ClaimVerdict
from answering.judge.claim_differences import HARD, Comparison
from answering.judge.decision import decide
from answering.judge.features import compare
from answering.judge.nearness import Nearness, covered, expanded, in_chinese
from answering.judge.reading import read_text
from answering.judge.scope import allowed_years
from answering.verification.written import evidence_of
from retrieval.facts.fact_state import FactState, heading_state
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.lines import Line
    from answering.judge import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer

_MOST = 20  # sentences that are read against a claim
_WORDS = Nearness(None)
_NEAR = 0.25  # how far behind the nearest sentence another may stand and still prove the claim
_SUPPORTED = 0.45  # probability from which a claim without figures holds
_SPEAKS = 0.5  # share of a claim without figures that a sentence needs to speak of the same
_LONGEST = 100  # characters of a quotation


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAgainst:
    """A claim held against one sentence."""

    line: Line
    relevance: float  # how much the sentence speaks of what is claimed
    verdict: ClaimVerdict

    def quote(self, claim: str) -> str:
        """Return the words of the sentence that decide: all of a short one, else the clause nearest to the claim."""
        text = self.line.text
        if len(text) <= _LONGEST:
            return text
        said = fold(claim)
        span = max(clauses(text), key=lambda c: covered(said, expanded(fold(text[c.start : c.end]))))
        return text[span.start : span.end].strip(" ，；。")


def held(claim: str, lines: Sequence[Line], gazetteer: Gazetteer) -> list[HeldAgainst]:
    """Return the sentences that speak most of what is claimed, the nearest first, with what each says of it."""
    folded = fold(claim)
    words = expanded(in_chinese(folded))
    near = sorted(
        lines, key=lambda x: -(covered(folded, x.folded) + covered(words, x.folded) + 0.5 * x.score)
    )
    found = [_against(claim, line, gazetteer) for line in near[:_MOST]]
    found.sort(key=lambda one: -one.relevance)
    return found


def _against(claim: str, line: Line, gazetteer: Gazetteer) -> HeldAgainst:
    item = evidence_of(line)
    comparison = compare(claim, (item,), _WORDS, gazetteer)
    return HeldAgainst(
        line=line,
        relevance=_relevance(claim, line, item, comparison),
        verdict=_verdict(claim, line, comparison),
    )


def _verdict(claim: str, line: Line, comparison: Comparison) -> ClaimVerdict:
    hard = [d for d in comparison.differences if d.kind in HARD]
    if any(d.kind == "place" and d.said != d.right for d in hard):
        return ClaimVerdict.NOT_FOUND
    verdict, score = decide(comparison)
    if covered(fold(claim), expanded(line.folded)) < _SPEAKS:
        return ClaimVerdict.NOT_FOUND
    if score >= _SUPPORTED and not hard:
        return ClaimVerdict.SUPPORTED
    against = hard and verdict is not ClaimVerdict.NOT_FOUND
    return ClaimVerdict.CONTRADICTED if against else ClaimVerdict.NOT_FOUND


def decisive(found: Sequence[HeldAgainst]) -> HeldAgainst | None:
    """Return the sentence that decides: one near the top that proves the claim, else the top one that tells of it."""
    telling = [one for one in found if one.verdict is not ClaimVerdict.NOT_FOUND]
    if not telling:
        return None
    least = telling[0].relevance - _NEAR
    return next(
        (one for one in telling if one.relevance >= least and one.verdict is ClaimVerdict.SUPPORTED),
        telling[0],
    )


def _relevance(claim: str, line: Line, item: ClaimEvidence, comparison: Comparison) -> float:
    said = read_text(claim, claim=True)
    words = expanded(in_chinese(said.folded))
    shared = max(covered(said.folded, expanded(line.folded)), covered(words, line.folded))
    years = set(said.years)
    when = 0.3 if years and years <= allowed_years(item) else -0.3 if years else 0.0
    planned = FactState.PLANNED in said.states
    state = 0.2 if planned == (heading_state(item.heading) is FactState.PLANNED) else 0.0
    where = -0.4 if "place" in comparison.features else 0.0
    return shared + 0.2 * line.score + when + state + where
