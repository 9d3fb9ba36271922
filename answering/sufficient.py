"""Whether proved sentences answer the question: the thing wanted is there, for each place, as code found it.

What code found is the measure: a model may say it better or find more, it may not leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering import single
from answering.answer import Manner
from answering.extract import ENOUGH, confidence
from answering.intent import Intent
from answering.units import fits
from retrieval.numerals import Sort, figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.answer import Statement
    from answering.desk import Desk
    from answering.evidence import Line
    from answering.matching import Terms
    from answering.plan import Plan

TOPICAL = 0.16  # confidence below which a true sentence speaks of something else
_WILLING = 0.30  # confidence that a model's choice needs where code found nothing good enough
_CLOSER = 0.08  # by how much code's sentence has to be closer to the question than the model's
_SHARE = 0.6  # of the sentences that code lists, how many an answer must rest on


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A statement that passed the gates, and the sentences that prove it."""

    statement: Statement
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What is missing: the key of a fault, and what it names."""

    fault: str
    places: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def topical(lines: Sequence[Line], terms: Terms) -> bool:
    """Tell whether what a sentence rests on has to do with the question at all."""
    return terms.total <= 0 or max(confidence(x, terms) for x in lines) >= TOPICAL


def lacks(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> tuple[Lack, ...]:
    """Return what the statements lack; ``found`` are the sentences that code's answer cites."""
    if not kept:
        return (Lack(fault="lacks_answer"),)
    if not plan.base.outcome.is_answer:
        return () if _bold(plan.desk, kept) else (Lack(fault="lacks_answer"),)
    tests = (_figure, _places, _rest, _match)
    return tuple(lack for test in tests if (lack := test(plan, kept, found)) is not None)


def _bold(desk: Desk, kept: Sequence[Kept]) -> bool:
    """Tell whether statements answer a question that code had to leave open: nearly as surely."""
    terms = desk.terms(desk.question.content)
    if desk.question.want.kind == "figure" and not any(_fitting(one, desk) for one in kept):
        return False
    return any(_answers(line, desk, terms) for one in kept for line in one.lines)


def _answers(line: Line, desk: Desk, terms: Terms) -> bool:
    around = f"{line.folded}|{line.context}"
    return (
        confidence(line, terms) >= _WILLING
        and not any(term.needed for term in terms.missing(around))
        and single.bears(line, desk)
    )


def _fitting(one: Kept, desk: Desk) -> bool:
    found = figures(one.statement.text)
    return any(f.sort is not Sort.DATE and fits(f, desk.question.want) for f in found)


def _figure(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> Lack | None:
    """Ask for a figure where one is wanted; for code's own where the same sentence is cited for another."""
    if plan.desk.question.want.kind != "figure":
        return None
    if not any(_fitting(one, plan.desk) for one in kept):
        return Lack(fault="lacks_figure")
    told = [f.value for s in plan.base.statements if s.manner is Manner.QUOTED for f in figures(s.text)]
    said = {f.value for one in kept for f in figures(one.statement.text)}
    same = {x.key for one in kept for x in one.lines} & {x.key for x in found}
    if same and told and not said & set(told):
        return Lack(fault="lacks_figure")
    return None


def _places(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> Lack | None:
    if plan.desk.question.intent is Intent.LOOKUP and len(plan.desk.question.places) < 2:
        return None
    told = {x.document.place for x in found}
    said = {x.document.place for one in kept for x in one.lines}
    missing = tuple(sorted(place for place in told - said if place))
    return Lack(fault="lacks_place", places=missing) if missing else None


def _rest(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> Lack | None:
    if plan.desk.question.intent is not Intent.LIST or len(found) < 2:
        return None
    cited = {x.key for one in kept for x in one.lines}
    rest = [x for x in found if x.key not in cited]
    return Lack(fault="lacks_rest", lines=tuple(rest)) if len(rest) > (1 - _SHARE) * len(found) else None


def _match(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> Lack | None:
    """Ask for code's sentence where the model chose others that are further from the question."""
    cited = {x.key for one in kept for x in one.lines}
    if not found or cited & {x.key for x in found}:
        return None
    terms = plan.desk.terms(plan.desk.question.content)
    mine = max(confidence(x, terms) for one in kept for x in one.lines)
    best = max(found, key=lambda x: confidence(x, terms))
    sure = confidence(best, terms)
    return Lack(fault="lacks_match", lines=(best,)) if sure >= ENOUGH and sure > mine + _CLOSER else None
