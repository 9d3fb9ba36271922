"""What the checks of this folder find, as numbers and differences of a comparison."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.judge.checks.doers import doer_features, receiver_as_doer
from answering.judge.checks.leads import bound_after_all, lead_against, told_after_all
from answering.judge.checks.occasions import (
    at_once,
    clause_faults,
    condition_faults,
    far_from_segment,
    frequency_fault,
    multiple_fault,
    split_rule,
)
from answering.judge.checks.parts import level_exchanged, list_part, narrowing, shifted_digits
from answering.judge.claim_differences import Difference
from answering.judge.nearness import in_chinese
from answering.judge.scope import place_of_other
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.judge.binding import FactTie
    from answering.judge.checks.leads import ToldApart
    from answering.judge.claim_differences import Comparison
    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence
    from retrieval.places.gazetteer import Gazetteer


def compare_beside(
    done: Comparison, parted: ToldApart, claim: TextReading, sources: Sequence[TextReading]
) -> None:
    """Judge what a claim says beside its facts: a word of answer, and what it says is not told."""
    pieces = [p for s in sources for p in re.split("[，,；;。\n]", s.folded) if p]
    if parted.lead:
        done.add("lead")
        if lead_against(parted.lead, claim.folded):
            done.add("lead_against")
            done.differences.append(Difference("words", parted.lead))
    for silence in parted.silent:
        done.add("silent")
        if told := told_after_all(silence, pieces):
            done.add("silent_wrong")
            done.differences.append(Difference("words", silence[0], told))
    for words in parted.contrast:
        done.add("contrast")
        if bound_after_all(words, pieces):
            done.add("contrast_wrong")
            done.differences.append(Difference("modality", words))


def compare_doers(
    done: Comparison,
    claim: TextReading,
    evidence: Sequence[ClaimEvidence],
    bound: Sequence[FactTie],
    gazetteer: Gazetteer,
) -> None:
    """Compare who does it, and of which place each figure is."""
    done.features |= doer_features(claim.folded, [fold(item.quote) for item in evidence])
    if giver := receiver_as_doer(claim.folded, evidence, bound, gazetteer):
        done.add("doer_place")
        done.differences.append(Difference("place", next((e.place for e in evidence if e.place), ""), giver))
    if name := place_of_other(claim.text, evidence, bound, gazetteer):
        done.add("place_exchanged")
        done.differences.append(Difference("place", name))


def compare_occasions(
    done: Comparison, claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]
) -> None:
    """Compare how often, on what condition, and how many times as much."""
    if words := frequency_fault(claim.folded, [source.folded for source in sources]):
        done.add("frequency")
        done.differences.append(Difference("value", words))
    for slot in clause_faults(claim, sources):
        done.add(f"clause_{slot}_other")
        done.differences.append(Difference("year", claim.text))
    done.most("segment_far", max((far_from_segment(tie, sources) for tie in bound), default=0.0))
    if split_rule(claim.folded, sources):
        done.add("split_rule")
        done.differences.append(Difference("words", claim.text))
    left, added = condition_faults(claim, sources, bound)
    done.features["condition_left"] = min(2.0, float(left))
    done.features["condition_put"] = min(2.0, float(added))
    if left and at_once(claim.folded):
        done.add("condition_denied")
        done.differences.append(Difference("words", claim.text))
    multiple = multiple_fault(in_chinese(claim.folded), sources)
    if multiple is not None:
        done.add("multiple_wrong" if multiple else "multiple")
        if multiple:
            done.differences.append(Difference("words", claim.text))


def compare_parts(
    done: Comparison, claim: TextReading, sources: Sequence[TextReading], bound: Sequence[FactTie]
) -> None:
    """Compare part and whole, and the size of what is not printed."""
    if words := list_part(claim, sources, bound):
        done.add("list_part")
        done.differences.append(Difference("scope", "", words))
    if words := level_exchanged(bound):
        done.add("level_exchanged")
        done.differences.append(Difference("scope", "", words))
    if words := narrowing(claim, sources, bound):
        done.add("narrowed")
        done.differences.append(Difference("content", "", words))
    printed = [fact.figure for source in sources for fact in source.facts]
    if any(tie.found is None and shifted_digits(tie.said.figure, printed) for tie in bound):
        done.add("shifted")
