"""A plan of a text that a sentence repeats without a word that it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.judge.nearness import covered, in_chinese
from answering.judge.reading import read_text
from retrieval.facts.fact_state import FactState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.reading import TextReading
    from answering.judge.values import ClaimEvidence

_SAME = 0.4  # share of a clause that one of the evidence needs to be the one it repeats


def leaves_plan_untold(claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether the evidence, by its headings or words, only plans something that ``claim`` tells.

    False where the claim says itself that it is planned: a heading over its text is nothing that a reader of the
    claim sees.
    """
    said = read_text(claim, claim=True)
    if FactState.PLANNED in said.told or FactState.REQUIRED in said.told:
        return False
    sources = [read_text(item.quote, item.heading) for item in evidence]
    return FactState.PLANNED in set(_states(said, sources))


def _states(said: TextReading, sources: Sequence[TextReading]) -> Iterator[FactState]:
    """Give the state of what the evidence has of each clause: of its figures, else of the clause nearest to it."""
    for span in said.clauses:
        values = [fact.figure.value for fact in said.facts if fact.clause == span]
        same = [fact.state for source in sources for fact in source.facts if fact.figure.value in values]
        if same:
            yield same[0] if len(set(same)) == 1 else FactState.OPEN
            continue
        words = in_chinese(said.folded[span.start : span.end])
        found = max(
            (
                (covered(words, source.folded[one.start : one.end]), state)
                for source in sources
                for one, state in zip(source.clauses, source.states, strict=True)
            ),
            key=lambda pair: pair[0],
            default=(0.0, FactState.OPEN),
        )
        if found[0] >= _SAME:
            yield found[1]
