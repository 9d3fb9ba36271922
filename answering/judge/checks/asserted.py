"""What a claim asserts beside its figures: whether it denies, binds, ranks or quotes otherwise than its evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.assertion import denials, modality, modality_fault, reversed_words, scopes, slots
from answering.judge.claim_differences import Difference
from answering.judge.nearness import covered, in_chinese
from retrieval.text.normalize import fold, squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.claim_differences import Comparison
    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence

_ALIGNED = 0.6  # share of a clause that one item of the evidence has, from which the two say the same
_QUOTES = (("“", "”"), ("「", "」"))


def compare_assertions(
    done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence], sources: str
) -> None:
    """Compare what is asserted with the sentences that the claim speaks of (``sources``, folded)."""
    wide = sources + " " + " ".join(fold(e.heading) for e in evidence)
    mine, theirs, around = slots(claim.folded), slots(sources), slots(wide)
    for name in mine - around:
        done.add(f"adds_{name}")
        if name in ("must", "must_not", "cause", "repeat"):
            done.differences.append(Difference("words", name))
    for name in theirs - mine:
        done.add(f"drops_{name}")
    ranked = {"superlative"} & mine or claim.ranks
    if ranked and (extra := _ranked_among(claim, evidence, sources) - scopes(wide)) and scopes(sources):
        done.add("rank_scope")
        done.differences.append(Difference("rank", min(extra)))
    if "finished" in mine - theirs and "begun" in theirs:
        done.add("begun_as_finished")
        done.differences.append(Difference("state", "done"))
    said, there = denials(claim.folded), denials(sources)
    if bool(said) != bool(there):
        done.add("denies" if said else "affirms")
    if word := reversed_words(in_chinese(claim.folded), wide):
        done.add("reversed")
        done.differences.append(Difference("words", word))
    _modalities(done, claim, evidence)
    _quotations(done, claim, evidence)


def _ranked_among(claim: TextReading, evidence: Sequence[ClaimEvidence], sources: str) -> frozenset[str]:
    """Return the areas that a claim ranks a thing in; the one that its evidence is of is whose rank it is."""
    named = scopes(claim.folded)
    own = frozenset(e.place for e in evidence)
    return named - own if named - own and named - own <= scopes(sources) else named


def _modalities(done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence]) -> None:
    """Compare each clause's denial and modality with those of the clause of the evidence it speaks of."""
    pieces = [fold(p) for e in evidence for p in re.split("[，,；;。\n]", e.quote) if p.strip()]
    for part in re.split("[，,；;。]", claim.folded):
        words = in_chinese(part)
        near = max(pieces, key=lambda p: covered(words, p) + 0.2 * covered(p, words), default="")
        if covered(words, near) > _ALIGNED and bool(denials(part)) != bool(denials(near)):
            done.add("denial")
            done.differences.append(Difference("words", part, near))
        binding = near if modality(near) else _binding(near, evidence)
        if part.strip() and (fault := modality_fault(part, binding)):
            done.add(f"modality_{fault}")
            done.differences.append(Difference("modality", modality(part), near))


def _binding(piece: str, evidence: Sequence[ClaimEvidence]) -> str:
    """Return the words before a piece of the evidence, in its sentence, that bind it too: 应当建立制度，制定预案."""
    for item in evidence:
        text = fold(item.quote)
        at = text.find(piece) if piece else -1
        if at >= 0:
            begin = max(text.rfind(mark, 0, at) for mark in "。;；\n")
            pieces = re.split("[，,]", text[begin + 1 : at])
            return next((one for one in reversed(pieces) if modality(one)), "")
    return ""


def _quotations(done: Comparison, claim: TextReading, evidence: Sequence[ClaimEvidence]) -> None:
    for one, other in _QUOTES:
        for quoted in _inside(claim.text, one, other):
            if len(quoted) > 5 and squash(quoted) not in squash(" ".join(e.quote for e in evidence)):
                done.add("misquoted")
                done.differences.append(Difference("quote", quoted))


def _inside(text: str, one: str, other: str) -> list[str]:
    return [part.split(other)[0] for part in text.split(one)[1:] if other in part]
