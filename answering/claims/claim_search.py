"""The facts that a message's claims are held against: of the sentences found for it, within its places and years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.claims.fact_fit import ClaimSetting
from answering.claims.printed_facts import printed_facts
from retrieval.quantities import years
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.claims.printed_facts import PrintedFact
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line

_DEEP = 24  # passages searched for a claim
_PLANS = {
    "十一五": (2006, 2011),
    "十二五": (2011, 2016),
    "十三五": (2016, 2021),
    "十四五": (2021, 2026),
    "十五五": (2026, 2027),
}


def claim_lines(claim: str, desk: QuestionContext) -> list[Line]:
    """Return the sentences found for a claim, its years written out: in the texts of its own places, or around them."""
    found: dict[tuple[str, int], Line] = {}
    when = _documents_of(claim, desk)
    for places in _where(desk):
        for line in desk.search(claim, places=places, years=when, k=_DEEP):
            found.setdefault(line.key, line)
    return [line for line in found.values() if not line.is_heading]


def claim_facts(lines: Sequence[Line]) -> list[PrintedFact]:
    """Return the facts of sentences; one that is printed again in its own document counts once."""
    found: dict[tuple[str, str], Line] = {}
    for line in lines:
        found.setdefault((line.document.id, line.text), line)
    return [fact for line in found.values() for fact in printed_facts(line)]


def setting_of(desk: QuestionContext) -> ClaimSetting:
    """Return of whom and when a message speaks."""
    named = tuple(dict.fromkeys((*desk.question.places, *desk.question.strangers)))
    return ClaimSetting(
        places=_places(desk),
        named=named,
        newest=newest_year(desk),
        nearness=desk.library.nearness,
        terms=desk.terms,
        gazetteer=desk.library.gazetteer,
    )


def names_of(desk: QuestionContext) -> tuple[str, ...]:
    """Return the names (folded) of the places that a message speaks of, as it writes them and in full."""
    found = desk.library.gazetteer.find(desk.question.text, prefer=desk.library.places())
    named = [*(m.surface for m in found if m.certain or m.place.name in _places(desk)), *_places(desk)]
    return tuple(dict.fromkeys(fold(name) for name in named))


def newest_year(desk: QuestionContext) -> int | None:
    """Return the year of the newest report that a message asks of."""
    places = set(_places(desk))
    told = [d for d in desk.documents() if d.year is not None and d.genre is not Genre.REGULATION]
    own = [d for d in told if d.place in places] if places else [d for d in told if d.place is None] or told
    return max((d.year for d in own or told if d.year is not None), default=None)


def _places(desk: QuestionContext) -> tuple[str, ...]:
    question = desk.question
    return tuple(dict.fromkeys((*question.places, *question.strangers, *_around(desk))))


def _where(desk: QuestionContext) -> list[tuple[str, ...]]:
    """Return the places to search in, one search each: those named, and the provinces around them."""
    question = desk.question
    around = _around(desk)
    if question.places and around:
        return [question.places, around]
    return [question.places or around]


def _around(desk: QuestionContext) -> tuple[str, ...]:
    named = (*desk.question.places, *desk.question.strangers)
    found = (desk.library.gazetteer.resolve(name) for name in named)
    around = dict.fromkeys(place.province for place in found if place is not None and place.province)
    return tuple(
        name for name in around if name in desk.library.places() and name not in desk.question.places
    )


def _documents_of(claim: str, desk: QuestionContext) -> tuple[int, ...]:
    """Return the years of the texts that can tell of a claim's years: each year's own and the next one's."""
    told = set(years(claim))
    for name, span in _PLANS.items():
        if name in claim and not told:
            told |= set(span)
    places = set(_places(desk))
    own = [d for d in desk.library.documents() if d.year is not None and (not places or d.place in places)]
    held = {d.year for d in own if d.year is not None}
    if not told or re.search(r"\d{4}年?(?:到|至|—|-)\d{4}", claim):
        return ()
    wanted = {y for year in told for y in (year, year + 1)}
    if len(told) == 1 and not wanted & held:
        wanted = {y for y in held if y > min(told)}
    return tuple(sorted(wanted & held))
