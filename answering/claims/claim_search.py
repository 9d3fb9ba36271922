"""The facts that a message's claims are held against: of the sentences found for it, within its places and years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.claims.assertions import assertions, without_places
from answering.claims.fact_fit import ClaimSetting
from answering.claims.printed_facts import printed_facts
from answering.evidence.register_sentences import RegisterSentences
from answering.judge.nearness import in_chinese
from retrieval.catalog.fact_query import Ask
from retrieval.quantities import years
from retrieval.text.normalize import fold
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.claims.printed_facts import PrintedFact
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from retrieval.facts.models import FigureRow
    from retrieval.values.documents import Document

_COUNTRY = ("中国", "我国", "全国")
_DEEP = 24  # passages searched for a claim
_TEXTS = 8  # whose rows of the register are looked through
_OF_REGISTER = 8  # sentences of the register held beside those found, for each thing asserted
_LIKE = 0.34  # share of the words of a thing asserted that a figure's clause must hold
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
    for line in _register_lines(claim, when, desk):
        found.setdefault(line.key, line)
    return [line for line in found.values() if not line.is_heading]


def _register_lines(claim: str, when: Sequence[int], desk: QuestionContext) -> list[Line]:
    """Return the sentences whose figures are named most like what a claim asserts, of all texts of its places and years."""
    names = names_of(desk)
    words = [in_chinese(without_places(one, names).own) for one in assertions(claim)]
    asked = [terms for terms in (desk.terms(own) for own in dict.fromkeys(words)) if terms.total]
    near: list[dict[tuple[str, int], tuple[float, FigureRow]]] = [{} for _ in asked]
    texts = (
        {one.id: RegisterSentences(desk.library, one.id) for one in _own_texts(when, desk)} if asked else {}
    )
    for found in desk.library.register.figures(Ask(documents=tuple(texts))) if texts else ():
        row, document = found.row, texts[found.row.document].document
        if document is None:
            continue
        told = fold(f"{document.text[row.clause[0] : row.clause[1]]}|{row.metric}")
        for terms, best in zip(asked, near, strict=True):
            share, key = terms.coverage(told), (row.document, row.sentence[0])
            if share >= _LIKE and share > best.get(key, (0.0, row))[0]:
                best[key] = share, row
    chosen = [
        row for best in near for _, row in sorted(best.values(), key=lambda one: -one[0])[:_OF_REGISTER]
    ]
    lines = (texts[row.document].at(row) for row in chosen)
    return [line for line in lines if line is not None]


def _own_texts(when: Sequence[int], desk: QuestionContext) -> list[Document]:
    """Return the reports and speeches of the places a message speaks of and of the years that can tell of it, newest first."""
    places = set(_places(desk))
    own = [
        one
        for one in desk.library.documents()
        if one.genre is not Genre.REGULATION
        and (one.place in places if places else one.place is None and one.genre is Genre.REPORT)
        and (not when or one.year in when)
    ]
    return sorted(own, key=lambda one: (-(one.year or 0), one.id))[:_TEXTS]


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
    """Return the names (folded) of the places that a message speaks of, as written and in full, and the country's."""
    found = desk.library.gazetteer.find(desk.question.text, prefer=desk.library.places())
    named = [*(m.surface for m in found if m.certain or m.place.name in _places(desk)), *_places(desk)]
    named += _COUNTRY
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
