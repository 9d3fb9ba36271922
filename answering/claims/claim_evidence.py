"""The sentences that a claim can be held against, and what each says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.judge import ClaimVerdict
from answering.judge.claim_differences import HARD, Comparison
from answering.judge.decision import decide
from answering.judge.features import SPOKEN, compare
from answering.judge.nearness import Nearness, covered, expanded, in_chinese
from answering.judge.reading import read_text
from answering.judge.scope import allowed_years
from answering.verification.written import evidence_of
from retrieval.facts.fact_state import FactState, heading_state
from retrieval.quantities import figures, unit_class
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.judge import ClaimEvidence
    from answering.judge.claim_differences import Difference
    from retrieval.places.gazetteer import Gazetteer
    from retrieval.quantities import Figure

_MOST = 20  # sentences that are read against a claim
_WORDS = Nearness(None)
_NEAR = 0.25  # how far behind the nearest sentence another may stand and still prove the claim
_DOUBTED = 0.3  # probability of the learned judge below which equal figures are not enough
_UNBOUND = 0.4  # how much nearer a claim's words are to another figure of the sentence
_SUPPORTED = 0.45  # probability from which a claim without figures holds
_SPEAKS = 0.5  # share of a claim without figures that a sentence needs to speak of the same
_SOFT = frozenset(("absent", "words", "quote", "modality"))
_SAME_FIGURE = 0.35  # what a number of three digits or more that is in a sentence adds
_DEEP, _PLAIN = 24, 12  # passages searched for a claim, and for its content alone
_TOLD_BOUNDED = re.compile("超|突破|以上|以下|以内|不到|不足|至少|不低于|不少于|低于|高于")
_TOLD_LOOSELY = re.compile("左右|约|上下|[余多]|近")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAgainst:
    """A claim held against one sentence."""

    line: Line
    relevance: float  # how much the sentence speaks of what is claimed
    verdict: ClaimVerdict
    difference: Difference | None


def held(claim: str, lines: Sequence[Line], gazetteer: Gazetteer) -> list[HeldAgainst]:
    """Return the sentences that speak most of what is claimed, the nearest first, with what each says of it."""
    folded = fold(claim)
    words = expanded(in_chinese(folded))
    numbers = _telling(figures(claim))
    near = sorted(
        lines,
        key=lambda x: (
            -(covered(folded, x.folded) + covered(words, x.folded) + 0.5 * x.score + _shared(numbers, x))
        ),
    )
    found = [_against(claim, line, gazetteer) for line in near[:_MOST]]
    found.sort(key=lambda one: -one.relevance)
    return found


def _telling(found: Sequence[Figure]) -> frozenset[tuple[object, str]]:
    """Return the numbers that are rarely the same by chance: three digits or more."""
    return frozenset(
        (f.value, unit_class(f.unit)) for f in found if len(f.value.normalize().as_tuple().digits) > 2
    )


def _shared(numbers: frozenset[tuple[object, str]], line: Line) -> float:
    return _SAME_FIGURE if numbers & _telling(line.figures) else 0.0


def _against(claim: str, line: Line, gazetteer: Gazetteer) -> HeldAgainst:
    item = evidence_of(line)
    comparison = compare(claim, (item,), _WORDS, gazetteer)
    return HeldAgainst(
        line=line,
        relevance=_relevance(claim, line, item, comparison),
        verdict=_verdict(claim, line, comparison),
        difference=comparison.decisive,
    )


def _verdict(claim: str, line: Line, comparison: Comparison) -> ClaimVerdict:
    figures = int(comparison.features["figures"])
    hard = [d for d in comparison.differences if d.kind in HARD]
    if any(d.kind == "place" and d.said != d.right for d in hard):
        return ClaimVerdict.NOT_FOUND
    verdict, score = decide(comparison)
    if figures:
        told = _of_figures(figures, comparison, [d for d in hard if not _is_loose(d)])
        return _agreed(told, verdict, score, comparison)
    if covered(fold(claim), expanded(line.folded)) < _SPEAKS:
        return ClaimVerdict.NOT_FOUND
    if score >= _SUPPORTED and not hard:
        return ClaimVerdict.SUPPORTED
    against = hard and verdict is not ClaimVerdict.NOT_FOUND
    return ClaimVerdict.CONTRADICTED if against else ClaimVerdict.NOT_FOUND


def _agreed(told: ClaimVerdict, learned: ClaimVerdict, score: float, comparison: Comparison) -> ClaimVerdict:
    """Return what figures tell of a claim, unless the learned judge is sure that they are another thing's.

    A value that differs together with its time or state is no other value of the thing that is claimed.
    """
    if told is ClaimVerdict.SUPPORTED:
        if score < _DOUBTED and learned is not ClaimVerdict.SUPPORTED:
            return learned
        return ClaimVerdict.NOT_FOUND if comparison.features.get("unbound", 0.0) >= _UNBOUND else told
    if told is not ClaimVerdict.CONTRADICTED:
        return told
    kinds = {d.kind for d in comparison.differences}
    is_another = "value" in kinds and bool(kinds & {"state", "year"})
    is_elsewhere = learned is ClaimVerdict.NOT_FOUND and comparison.fit < SPOKEN
    return ClaimVerdict.NOT_FOUND if is_another or is_elsewhere else told


def _is_loose(difference: Difference) -> bool:
    """Tell whether a difference is only one of a reader's loose words: 8% for 8%左右."""
    if difference.kind == "bound":
        said = difference.said
        exact = not (_TOLD_LOOSELY.search(said) or _TOLD_BOUNDED.search(said))
        return exact and bool(_TOLD_LOOSELY.search(difference.right))
    return difference.kind in _SOFT


def _of_figures(figures: int, comparison: Comparison, hard: Sequence[Difference]) -> ClaimVerdict:
    loose = sum(d.kind == "bound" for d in comparison.differences) - sum(d.kind == "bound" for d in hard)
    proved = comparison.proved + loose
    if comparison.one_of_several and proved:
        return ClaimVerdict.PARTLY
    if proved >= figures and not hard:
        return ClaimVerdict.SUPPORTED if comparison.fit >= SPOKEN / 3 else ClaimVerdict.NOT_FOUND
    if comparison.fit < SPOKEN / 2:
        return ClaimVerdict.NOT_FOUND
    if hard and all(d.kind == "bound" and not _TOLD_BOUNDED.search(d.said) for d in hard):
        return ClaimVerdict.PARTLY
    whole = any(d.kind in ("place", "year", "state") for d in hard)
    return ClaimVerdict.PARTLY if proved and not whole else ClaimVerdict.CONTRADICTED


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


def beside(one: HeldAgainst, found: Sequence[HeldAgainst]) -> HeldAgainst | None:
    """Return the sentence to show beside the one that decides; None for none.

    Where that one has the claimed figure of another time, place or state, it is the one that has the right figure;
    where that one bears the claim out, it is one of another text of the same year that says otherwise.
    """
    kind = one.difference.kind if one.difference and one.verdict is not ClaimVerdict.SUPPORTED else ""
    if one.verdict is ClaimVerdict.SUPPORTED:
        least = one.relevance - _NEAR / 2
        others = [
            x
            for x in found
            if x.line.document.id != one.line.document.id and x.line.document.year == one.line.document.year
        ]
    elif kind in ("state", "year", "place"):
        least, others = 0.0, [x for x in found if x.line.key != one.line.key]
    else:
        return None
    return next((x for x in others if x.relevance >= least and _has_another_value(x)), None)


def _has_another_value(one: HeldAgainst) -> bool:
    return (
        one.verdict is ClaimVerdict.CONTRADICTED
        and one.difference is not None
        and one.difference.kind == "value"
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
    same = _shared(_telling(said.figures), line)
    return shared + 0.8 * comparison.fit + 0.2 * line.score + when + state + where + same


def wider(desk: QuestionContext) -> tuple[str, ...]:
    """Return the provinces of the places asked of whose own texts are held: they may tell of a place by name."""
    found = (desk.library.gazetteer.resolve(name) for name in desk.question.places)
    around = dict.fromkeys(place.province for place in found if place is not None and place.province)
    return tuple(name for name in around if name in desk.library.places())


def search(claim: str, desk: QuestionContext, *, places: Sequence[str] | None = None) -> list[Line]:
    """Return the sentences found for a claim: in ``places``, else in the texts of its own places, else in all."""
    places = desk.question.places if places is None else places
    found = {line.key: line for line in desk.search(claim, places=places, k=_DEEP)}
    plain = desk.question.content or claim
    found |= {line.key: line for line in desk.search(plain, places=places, k=_PLAIN) if line.key not in found}
    return [line for line in found.values() if not line.is_heading]
