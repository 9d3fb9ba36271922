"""How a claim opens: of whom, of when and on what footing it says what follows (临江市规定，… · 按安排，2024年临江将…).

These are compared by themselves; what follows may then be the evidence's own words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.judge.alignment import alignments, word_for_word
from answering.judge.assertion import denials
from answering.judge.nearness import covered
from answering.judge.reading import read_text
from answering.judge.scope import allowed_years, own_names
from retrieval.facts.fact_state import FactState
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from answering.judge.values import ClaimEvidence

_PART = re.compile(
    r"(?P<year>(?:19|20)\d\d)年度?"
    r"|(?P<plan>的?(?:主要|预期|工作|发展|经济|社会){0,4}(?:目标|计划|打算|安排)(?:做的?)?|预[期计]|将|要|拟)"
    r"|据|根据|按照?|在|规定|提出|明确|指出|报告|条例|办法|显示|的|是|为|也|还|再(?!次)|[\s:：，,]"
)
_PLAN_WITHIN = re.compile("的(?:预期)?(?:目标|计划|安排)(?:也|都|均)?[是为]")  # 外资的目标是增长10%
_MEAN = re.compile("每年平均|平均每年")
_STATEMENT = re.compile(r"[，；。;]\s*|,\s")
_CONDITION = re.compile("[的时后前]$")
_REPEATED = 0.6  # share of a clause of the evidence that a claim has which repeats it


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of a claim: where it ends, the years it names, and whether it says that a plan follows."""

    end: int
    years: tuple[int, ...]
    planned: bool


def opening(folded: str, names: Sequence[str]) -> Opening:
    """Return the opening of a claim (folded); ``names`` of the evidence's own places come longest first."""
    at, years, planned = 0, [], False
    while at < len(folded):
        name = next((one for one in names if folded.startswith(one, at)), "")
        part = None if name else _PART.match(folded, at)
        if not name and part is None:
            break
        if part is not None:
            years += [int(part["year"])] if part["year"] else []
            planned |= part["plan"] is not None
        at = part.end() if part is not None else at + len(name)
    return Opening(at, tuple(years), planned)


def first_statement(claim: str, names: Sequence[str]) -> str:
    """Return the first of several statements of a claim with its opening; "" where that is none by itself.

    None are a condition (逾期不改的，…) and what goes on with a denial of it (…所，不含幼儿园). ``names`` of the
    evidence's own places come longest first.
    """
    end = opening(fold(claim), names).end
    parts = _STATEMENT.split(claim[end:].strip(" ，,。；;"))
    if len(parts) < 2 or _CONDITION.search(parts[0]) or any(denials(fold(one)) for one in parts[1:]):
        return ""
    return claim[:end] + parts[0]


def repeated_behind_opening(claim: str, evidence: Sequence[ClaimEvidence]) -> bool:
    """Tell whether a claim is the evidence's own behind its place, its year and whether it is planned.

    These are compared by themselves; a plan that the opening calls one has to be one.
    """
    said = fold(claim)
    lead = opening(said, own_names(evidence))
    years = set().union(*map(allowed_years, evidence))
    if not set(lead.years) <= years:
        return False
    rest = _MEAN.sub("年均", said[lead.end :])
    core = _PLAN_WITHIN.sub("", rest, count=1)
    planned, rest = lead.planned or core != rest, core
    if planned and any(state is not FactState.PLANNED for state in _states_of(rest, evidence)):
        return False
    return word_for_word(alignments(rest, [e.quote for e in evidence], own_names(evidence)))


def _states_of(words: str, evidence: Sequence[ClaimEvidence]) -> Iterator[FactState]:
    """Give the state of each clause of the evidence that repeats words (folded)."""
    for item in evidence:
        source = read_text(item.quote, item.heading)
        for span, state in zip(source.clauses, source.states, strict=True):
            if covered(source.folded[span.start : span.end], words) > _REPEATED:
                yield state
