"""Answer questions on one place, or on no place in particular: one fact, or a list."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from answering.evidence.year_range import timely
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.false_premise import asserted, check
from answering.extractive.measured_figure import Sought, aimed
from answering.extractive.measured_figure import look_up as measured
from answering.extractive.sentence_selection import SelectedSentence
from answering.extractive.sentence_selection import lookup as look_up
from answering.extractive.subset_figures import of_whole
from answering.lexicon.phrases import phrase
from answering.question.intent import ExpectedAnswer
from answering.values.answer import Answer, Outcome, StatementKind
from retrieval.quantities import years
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.lexicon.relevance import Terms

_COUNTED = re.compile(
    r"(?:多少|(?<!哪)几)(?:平方公里|公里|[个条处项家座部户件次篇场种类名位支所间岁年天元万亿人分度倍成])?+([一-鿿]{2,4})(?=[?？。,，]|$)"
)
_YEAR = re.compile(r"(?:20|19)?\d\d年(?:度)?")
_SURE = 0.6  # confidence from which a wrong premise is set right
_SLIGHT = 0.3  # weight of own words that is too little to ask for
_MET = 0.25  # share of them that a sentence must hold
_NEARLY = 0.85  # share of the best rank from which another place's sentence is shown beside it


def lookup(desk: QuestionContext) -> Answer | None:
    """Answer with the sentence that holds the fact asked for; of several places only when each says it."""
    claims = asserted(desk.question.folded, confirm=desk.question.confirm)
    terms = desk.terms(_unclaimed(desk, claims))
    want = desk.question.want
    if claims and not want.asks:
        want = ExpectedAnswer("figure", tuple(f.unit for f in claims))
    finds = _finds(desk, terms, want)
    if not finds:
        return _set_right(desk, terms, want) if desk.question.confirm else None
    draft, verdict = AnswerDraft(desk.question), None
    for find in finds:
        if claims:
            verdict = check(draft, desk, find, claims)
        draft.quote(find, lead=desk.called(find.line.document.place))
        if aimed(find, desk):
            draft.say(phrase("aimed", draft.language), draft.cite_line(find.line), manner=StatementKind.FRAME)
    return replace(draft.done(Outcome.ANSWERED), verdict=verdict)


def _set_right(desk: QuestionContext, terms: Terms, want: ExpectedAnswer) -> Answer | None:
    """Answer a question that takes a wrong year or a wrong place for granted with what the texts do say."""
    return _other_year(desk) or _elsewhere(desk, terms, want)


def _other_year(desk: QuestionContext) -> Answer | None:
    asked = desk.question.years
    if not asked or desk.years or not desk.question.places:
        return None
    terms = desk.terms(_YEAR.sub("|", desk.question.content))
    lines = _own(desk.search(desk.question.text, places=desk.question.places))
    find = look_up([x for x in lines if years(x.text)], terms, ExpectedAnswer("date"))
    if find is None or find.coverage < _SURE:
        return None
    draft = AnswerDraft(desk.question)
    told, claimed = years(find.line.text)[0], asked[0]
    words = phrase("corrected", draft.language, found=f"{told}年", asked=f"{claimed}年")
    draft.say(words, draft.cite_line(find.line), manner=StatementKind.COMPUTED)
    draft.quote(find, lead=desk.called(find.line.document.place))
    return draft.done()


def _elsewhere(desk: QuestionContext, terms: Terms, want: ExpectedAnswer) -> Answer | None:
    if len(desk.question.places) != 1:
        return None
    lines = _own(desk.search(desk.question.text, places=()))
    find = look_up(lines, terms, want) or look_up(lines, terms, ExpectedAnswer())
    if find is None or find.coverage < _SURE or not bears(find.line, desk):
        return None
    draft = AnswerDraft(desk.question)
    silent = phrase("silent", draft.language)
    draft.say(silent, lead=desk.called(desk.question.places[0]), manner=StatementKind.FRAME)
    draft.quote(find, lead=desk.called(find.line.document.place))
    return draft.done()


def _unclaimed(desk: QuestionContext, claims: tuple) -> str:  # type: ignore[type-arg]
    content = desk.question.content
    for claim in claims:
        content = content.replace(claim.text, "|")
    return content


def _finds(desk: QuestionContext, terms: Terms, want: ExpectedAnswer) -> list[SelectedSentence]:
    if terms.total <= 0:
        return []
    own = _own(desk.search(desk.question.text, places=desk.question.places))
    lines = of_whole(own, desk, desk.question.content)
    sought = Sought(want=want, content=desk.question.content, years=desk.question.years)
    by_place: dict[str | None, SelectedSentence] = {}
    for place in dict.fromkeys(x.document.place for x in lines):
        mine = [x for x in lines if x.document.place == place]
        found = measured(mine, terms, sought, desk)
        if found is not None and bears(found.line, desk):
            by_place[place] = found
    best = max((f.rank for f in by_place.values()), default=0.0)
    kept = [f for f in by_place.values() if f.rank >= _NEARLY * best]
    return sorted(kept, key=lambda f: -f.rank)[:4]


def bears(line: Line, desk: QuestionContext) -> bool:
    """Tell whether a sentence bears what an answer must: words quoted, role, thing counted, year."""
    quoted = all(q in line.folded or q in line.context for q in desk.quoted)
    return quoted and bears_asked(line, desk)


def bears_asked(line: Line, desk: QuestionContext) -> bool:
    """Tell whether a sentence bears the role, the thing counted and the year that are asked for."""
    borne = all(test(line, desk) for test in (_bears_needed, _bears_counted))
    return borne and timely(line, desk.question.years)


def _bears_needed(line: Line, desk: QuestionContext) -> bool:
    """Tell whether a sentence names the role or body that the question asks for, in any of its words."""
    text = line.folded.replace("总书记", "")
    return all(any(word in text for word in desk.lexicon.expand(n)) for n in desk.question.needed)


def _bears_counted(line: Line, desk: QuestionContext) -> bool:
    """Tell whether a sentence speaks of the thing that the question counts: 参观者 of 多少参观者."""
    match = _COUNTED.search(desk.question.folded)
    if match is None:
        return True
    counted = desk.terms(match[1])
    return counted.total < _SLIGHT or counted.coverage(line.folded, line.folded, line.context) >= _MET


def _own(lines: list[Line]) -> list[Line]:
    """Leave out prefaces: they speak of the collection, not of what a place did."""
    return [x for x in lines if x.document.genre is not Genre.PREFACE]
