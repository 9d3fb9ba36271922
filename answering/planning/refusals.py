"""Refusals: why there is no answer, what is held in one short line, and the nearest sentence with its source."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join
from answering.scoring.sentence_features import NAMES
from answering.values.answer import Answer, Language, Outcome
from retrieval.text.normalize import bigrams, fold
from retrieval.values.documents import Filter, Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line, SearchableLibrary
    from answering.scoring.ranker import ScoredCandidate
    from answering.scoring.ranking import Ranking

_OPTIONS = 5  # places that are offered where a bare topic is asked back
_TOPIC = re.compile(r"([一-鿿]{2,6}?)(?:的?情况)?(?:怎么样|怎样|如何|咋样)?[呢吧]?[\s?!]*")
_ASKING = re.compile("[什啥谁哪几吗怎么多少咋何了我你]")  # words of a question, or of talk: no bare topic
_FEW = 4  # places that are told by name
_LOOKED_AT = 5  # passages in which the name of a place, or a year, is looked for
_NEAR = 0.25  # share of the question's words from which a sentence is offered as the nearest thing
_SPOKEN = 0.5  # share from which it speaks of what is asked


def refused(
    desk: QuestionContext, outcome: Outcome, reason: str, *, near: Line | None = None, asked: str = ""
) -> Answer:
    """Return why there is no answer, with the nearest sentence whole and cited where there is one.

    ``reason`` is a key of the messages; ``asked`` is what it names as asked for, by default the places.
    """
    question = desk.question
    held = desk.library.places()
    draft = AnswerDraft(question)
    if near is not None:
        draft.say(near.text, draft.cite_line(near), lead=desk.called(near.document.place))
    return Answer(
        question=question.asked,
        outcome=outcome,
        language=question.language,
        statements=tuple(draft.statements),
        citations=tuple(draft.citations),
        reason=reason,
        details={
            "places": desk.named(question.places) if question.places else holdings(desk),
            "held": desk.named(held) if reason == "which_place" else holdings(desk),
            "asked": asked or desk.named(question.strangers or question.places),
            "years": join(tuple(map(str, question.years)), question.language),
        },
        places=question.places,
    )


def which_of(desk: QuestionContext, ranking: Ranking) -> Answer | None:
    """Return a question back to who names no more than a topic that several places tell of (停车, 教育怎么样).

    ``places`` of the answer are those to choose from. None for any other question.
    """
    topic = bare_topic(desk.question.folded)
    if not topic or desk.question.places or desk.question.strangers or desk.question.reason:
        return None
    lines = (one.candidate.line for one in ranking.best)
    told = dict.fromkeys(one.document.place for one in lines if one.document.place and topic in one.folded)
    places = tuple(told)[:_OPTIONS]
    if len(places) < 2:
        return None
    asked = refused(desk, Outcome.ASKED_BACK, "which_of", asked=topic)
    return replace(asked, places=places, details={**asked.details, "places": desk.named(places)})


def bare_topic(folded: str) -> str:
    """Return the topic that a folded message names, and nothing else of it: 停车, 教育怎么样; "" for others."""
    found = _TOPIC.fullmatch(folded)
    return found[1] if found and not _ASKING.search(found[1]) else ""


def not_found(desk: QuestionContext, ranking: Ranking) -> Answer:
    """Return that no sentence is taken to answer, with the best ranked one where it is near."""
    lacking = [year for year in desk.question.years if not _tells_of(year, desk)]
    if lacking and len(lacking) == len(desk.question.years):
        return refused(desk, Outcome.NOT_IN_CORPUS, "other_year")
    best = next((one for one in ranking.best if not one.candidate.line.is_heading), None)
    if best is None or _coverage(best) < _NEAR:
        return refused(desk, Outcome.NOT_IN_CORPUS, "not_found")
    spoken = _coverage(best) >= _SPOKEN and desk.question.want.asks
    reason = "figure_absent_near" if spoken else "not_found_near"
    return refused(desk, Outcome.NOT_IN_CORPUS, reason, near=best.candidate.line)


def _coverage(one: ScoredCandidate) -> float:
    return float(one.row[NAMES.index("coverage_context")])


def _tells_of(year: int, desk: QuestionContext) -> bool:
    """Tell whether a text of the places asked of is of a year or of the next, or names it."""
    places = desk.question.places
    own = [d for d in desk.library.documents() if not places or d.place in places]
    if any(d.year in (year, year + 1) for d in own if d.genre is not Genre.PREFACE):
        return True
    found = desk.library.find(f"{year}年", k=_LOOKED_AT, filter=Filter(places=places))
    return any(str(year) in hit.passage.text for hit in found)


def holdings(desk: QuestionContext) -> str:
    """Return what is held in a few words: the places by name, or their number and the years of their texts."""
    places = desk.library.places()
    if len(places) <= _FEW:
        return desk.named(places)
    years = [d.year for d in desk.library.documents() if d.year and d.genre is not Genre.PREFACE]
    if desk.question.language is Language.EN:
        return f"{len(places)} places ({_span(years)})" if years else f"{len(places)} places"
    count = f"{len(places)}{'個' if desk.question.language is Language.HANT else '个'}地方"
    return f"{count}、{_span(years)}年" if years else count


def _span(years: list[int]) -> str:
    low, high = min(years), max(years)
    return str(low) if low == high else f"{low}–{high}"


def is_named(place: str, library: SearchableLibrary) -> bool:
    """Tell whether any text of the library names a place, by its full or its short name."""
    known = library.gazetteer.resolve(place)
    names = (
        {fold(place), *(fold(alias) for alias in known.aliases if not alias.isascii())}
        if known
        else {fold(place)}
    )
    return any(_stands(name, library) for name in names if len(name) > 1)


def _stands(name: str, library: SearchableLibrary) -> bool:
    pairs = [gram for gram in bigrams(name) if len(gram) > 1]
    shares = library.frequency(pairs)
    if not all(shares.get(gram, 0.0) > 0 for gram in pairs):
        return False
    found = library.find(name, k=_LOOKED_AT, filter=Filter())
    return any(name in fold(hit.passage.text) for hit in found)
