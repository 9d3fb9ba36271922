"""Whether proved sentences answer the question: the thing wanted is there, for each place, as code found it.

What code found is the measure: a model may say it better or find more, it may not leave it out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.extractive import lookup as single
from answering.extractive.sentence_selection import ENOUGH, confidence, lookup
from answering.question.intent import Intent
from answering.question.unit_classes import fits
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.lexicon.relevance import Terms
    from answering.planning.plan import Plan
    from answering.question.intent import ExpectedAnswer
    from answering.values.answer import Statement

TOPICAL = 0.16  # confidence below which a true sentence speaks of something else
_WILLING = 0.30  # confidence that a model's choice needs where code found nothing good enough
_CLOSER = 0.08  # by how much code's sentence has to be closer to the question than the model's
_SHARE = 0.6  # of the sentences that code lists, or of the members of one enumeration, how many must be told
_CLAUSES = 0.5  # of the clauses of the one sentence that code lists
_BRIEF = 5  # word pairs: a clause with fewer leads to others (在文明交通上)
_LEAST_MEMBERS = 3  # of what counts as an enumeration
_ASIDE = 0.5  # share of the best sentence's confidence below which another one speaks of something beside it
_MEMBERS = re.compile(r"、|以及|和(?=[^、，。；]{1,12}(?:等|[，。；]|$))")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the question is about, as far as sentences can tell: its terms, and what code found for it."""

    terms: Terms
    floor: float
    want: ExpectedAnswer | None = None  # the figure that each sentence must give, where one fact is asked for
    blocks: frozenset[tuple[str, str, str | None]] = frozenset()  # of a list: what stands there belongs to it

    def holds(self, text: str, lines: Sequence[Line]) -> bool:
        """Tell whether a sentence, and what it rests on, has to do with the question."""
        if self.want is not None and not _gives(text, self.want):
            return False
        if self.terms.total <= 0 or any(line.block in self.blocks for line in lines):
            return True
        return max(confidence(line, self.terms) for line in lines) >= self.floor


def topic(desk: QuestionContext, found: Sequence[Line]) -> Topic:
    """Return the topic of a question for which code cites ``found``."""
    terms = desk.terms(desk.question.content)
    best = max((confidence(line, terms) for line in found), default=0.0)
    listed = desk.question.intent is Intent.LIST
    single_fact = desk.question.intent is Intent.LOOKUP and desk.question.want.kind == "figure"
    return Topic(
        terms=terms,
        want=desk.question.want if single_fact else None,
        floor=max(TOPICAL, _ASIDE * best),
        blocks=frozenset(line.block for line in found) if listed else frozenset(),
    )


def lacks(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> tuple[Lack, ...]:
    """Return what the statements lack; ``found`` are the sentences that code's answer cites."""
    if not kept:
        return (Lack(fault="lacks_answer"),)
    if not plan.base.outcome.is_answer:
        return () if _bold(plan.desk, kept) else (Lack(fault="lacks_answer"),)
    tests = (_figure, _places, _rest, _match)
    return tuple(lack for test in tests if (lack := test(plan, kept, found)) is not None)


def _bold(desk: QuestionContext, kept: Sequence[Kept]) -> bool:
    """Tell whether statements answer a question that code had to leave open: nearly as surely."""
    terms = desk.terms(desk.question.content)
    if desk.question.want.kind == "figure" and not any(
        _gives(one.statement.text, desk.question.want) for one in kept
    ):
        return False
    return any(_answers(line, desk, terms) for one in kept for line in one.lines)


def _answers(line: Line, desk: QuestionContext, terms: Terms) -> bool:
    around = f"{line.folded}|{line.context}"
    return (
        confidence(line, terms) >= _WILLING
        and not any(term.needed for term in terms.missing(around))
        and single.bears(line, desk)
    )


def _gives(text: str, want: ExpectedAnswer) -> bool:
    return any(f.sort is not Sort.DATE and fits(f, want) for f in figures(text))


def _figure(plan: Plan, kept: Sequence[Kept], found: Sequence[Line]) -> Lack | None:
    """Ask for a figure where one is wanted; for code's own where the same sentence is cited for another."""
    desk = plan.desk
    if desk.question.want.kind != "figure":
        return None
    if not any(_gives(one.statement.text, desk.question.want) for one in kept):
        return Lack(fault="lacks_figure")
    said = {f.value for one in kept for f in figures(one.statement.text)}
    cited = {x.key for one in kept for x in one.lines}
    terms = desk.terms(desk.question.content)
    for line in (x for x in found if x.key in cited):
        best = lookup([line], terms, desk.question.want, floor=0.0)
        if best is not None and best.figure is not None and best.figure.value not in said:
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
    if plan.desk.question.intent is not Intent.LIST:
        return None
    if broken := [line for line in found if _half_told(line, kept, alone=len(found) == 1)]:
        return Lack(fault="lacks_rest", lines=tuple(broken))
    cited = {x.key for one in kept for x in one.lines}
    rest = [x for x in found if x.key not in cited]
    return Lack(fault="lacks_rest", lines=tuple(rest)) if len(rest) > (1 - _SHARE) * len(found) else None


def _half_told(line: Line, kept: Sequence[Kept], *, alone: bool) -> bool:
    """Tell whether some of a sentence is told, and most is not: members of an enumeration, or clauses.

    Clauses count where the sentence is all that code found (``alone``).
    """
    words = "|".join(k.statement.text for k in kept if line.key in {x.key for x in k.lines})
    said = set(bigrams(fold(words)))
    if alone and words and _told_clauses(line, said) < _CLAUSES:
        return True
    for clause in line.clauses:
        members = _MEMBERS.split(line.folded[clause.start : clause.end].strip(" ，,。；;"))
        told = sum(_is_told(member, said) for member in members)
        if len(members) >= _LEAST_MEMBERS and 0 < told < _SHARE * len(members):
            return True
    return False


def _told_clauses(line: Line, said: set[str]) -> float:
    """Return the share (0…1) of the clauses of a sentence, short ones left out, whose words were said."""
    cut = [bigrams(line.folded[clause.start : clause.end]) for clause in line.clauses]
    pairs = [[gram for gram in grams if len(gram) > 1] for grams in cut]
    whole = [grams for grams in pairs if len(grams) >= _BRIEF]
    told = sum(2 * sum(gram in said for gram in grams) >= len(grams) for grams in whole)
    return told / len(whole) if whole else 1.0


def _is_told(member: str, said: set[str]) -> bool:
    """Tell whether a member is among what was said; the first bears words before the list, the last 等."""
    pairs = [gram for gram in bigrams(member.rstrip("等")) if len(gram) > 1][-2:]
    return bool(pairs) and all(gram in said for gram in pairs)


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
