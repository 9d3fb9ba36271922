"""Answer questions on the texts themselves: titles, headings that share a word, what the corpus holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.evidence.lines import Line, of_passage
from answering.extractive.draft_answer import AnswerDraft
from answering.lexicon.phrases import join, phrase
from answering.question.intent import Intent
from answering.values.answer import Answer, StatementKind
from retrieval.quantities import parse_number
from retrieval.text.normalize import fold
from retrieval.values.documents import Document, Genre, Passage, Section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from answering.evidence.context import QuestionContext

_COUNTED = re.compile(r"([一二三四五六七八九十两\d]{1,12})(?:个|大|项|条|方面的?)?[“\"]?([一-鿿]{2,4})")
_MANY = 8  # documents; more than that are not spread out in one answer

_EVENT = re.compile(r"培训班|会议|大会|会上|论坛|座谈会|推进会")
_DATE = re.compile(r"\d{4}年")
_PURPOSE = re.compile(r"为了?|旨在|目的")


def title(desk: QuestionContext) -> Answer | None:
    """Answer with the titles of the documents asked about."""
    draft = AnswerDraft(desk.question)
    for document in desk.documents()[:_MANY]:
        found = _standing(document, document.title, desk)
        if found is not None:
            number = draft.cite(document, *found)
            draft.say(document.title, number, lead=desk.called(document.place), manner=StatementKind.HEADING)
    return draft.done() if draft.statements else None


def headings_with(desk: QuestionContext) -> Answer | None:
    """Answer 四个“坚持”分别是哪四个 when that many headings of one document hold the word."""
    if desk.quoted and desk.question.intent is Intent.OUTLINE:
        return _headings_quoting(desk)
    for count, word in _COUNTED.findall(desk.question.folded):
        wanted = parse_number(count)
        for document in desk.documents():
            telling = [s for s in _top(document) if word in s.title]
            if wanted is not None and len(telling) == wanted and wanted > 1:
                draft = AnswerDraft(desk.question)
                for section in telling:
                    _say_heading(draft, document, section, desk)
                return draft.done()
    return None


def _headings_quoting(desk: QuestionContext) -> Answer | None:
    draft = AnswerDraft(desk.question)
    for document in desk.documents():
        for section in _top(document):
            if any(q in fold(section.title) for q in desk.quoted):
                _say_heading(draft, document, section, desk, lead=desk.called(document.place))
    return draft.done() if draft.statements else None


def corpus(desk: QuestionContext) -> Answer | None:
    """Answer what the corpus holds: whose texts, from which occasion, when and why put together."""
    kind = _corpus_kind(desk.question.folded)
    if kind == "places":
        return _places(desk)
    lines = list(_heads(desk))
    terms = desk.terms(desk.question.content)
    telling = [x for x in lines if _tells(x, kind)]
    if not telling:
        return None
    ranked = sorted(telling, key=lambda x: (-terms.coverage(x.folded, x.folded, x.context), x.key))
    draft = AnswerDraft(desk.question)
    for line in ranked[: 1 if not desk.question.places else len(desk.question.places)]:
        draft.say(line.text, draft.cite_line(line), lead=desk.called(line.document.place))
    return draft.done()


def _corpus_kind(folded: str) -> str:
    if re.search(r"为什么|为啥|为何|目的|为了什么|图(的|个)?(是)?(什么|啥)|\bwhy\b", folded):
        return "purpose"
    if re.search(r"第几|期|主题|题目|标题|\btitle\b", folded):
        return "title"
    if re.search(r"谁|哪位|哪些人|什么人|\bwho(se)?\b", folded) and not re.search(r"城市|cit(y|ies)", folded):
        return "speaker"
    if re.search(r"(会议?|活动|培训班|场合|大会|event|meeting|occasion|training|conference)", folded):
        return "date" if re.search(r"时候|哪一?年|何时|哪天|\bwhen\b", folded) else "event"
    if re.search(r"时候|哪一?年|何时|哪天|日期|\bwhen\b", folded):
        return "date"
    return "places" if re.search(r"市|地方|地区|省|城|cit(y|ies)|place|家", folded) else "event"


def _tells(line: Line, kind: str) -> bool:
    if kind == "speaker":
        name = (line.document.speaker or "").split(" ")[-1]
        return bool(name) and name in "".join(line.text.split())
    if kind == "title":
        return line.document.genre is Genre.PREFACE and line.is_heading
    pattern = {"event": _EVENT, "date": _DATE, "purpose": _PURPOSE}[kind]
    return bool(pattern.search(line.text))


def _heads(desk: QuestionContext) -> Iterable[Line]:
    """Yield the sentences that stand before the first heading of each text, prefaces first."""
    asked = {d.id for d in desk.documents()}
    for document in sorted(desk.library.documents(), key=lambda d: d.genre is not Genre.PREFACE):
        if document.genre is Genre.PREFACE or document.id in asked:
            for passage in desk.library.passages(document.id):
                if passage.section == "0":
                    yield from of_passage(passage, document)


def _places(desk: QuestionContext) -> Answer | None:
    places = tuple(dict.fromkeys(d.place for d in desk.documents() if d.place))
    if not places:
        return None
    draft = AnswerDraft(desk.question)
    named = tuple(desk.called(p) for p in places)
    words = phrase("holds", desk.question.language, places=join(named, desk.question.language))
    draft.say(words, *_witnesses(draft, desk, places), manner=StatementKind.FRAME)
    return draft.done()


def _witnesses(draft: AnswerDraft, desk: QuestionContext, places: tuple[str, ...]) -> list[int]:
    """Cite the preface sentence that names all ``places``; where there is none, the head of each text."""
    for line in _heads(desk):
        if line.document.genre is Genre.PREFACE and all(p.rstrip("省市区县") in line.text for p in places):
            return [draft.cite_line(line)]
    found = ((d, _standing(d, d.title, desk)) for d in desk.documents()[:_MANY])
    return [draft.cite(document, *where) for document, where in found if where is not None]


def _top(document: Document) -> list[Section]:
    levels = {s.level for s in document.sections if s.numeral != "0"}
    return [s for s in document.sections if levels and s.level == min(levels) and s.numeral != "0"]


def _say_heading(
    draft: AnswerDraft,
    document: Document,
    chosen: Section,
    desk: QuestionContext,
    *,
    lead: str = "",
    level: int = 1,
) -> None:
    line = _heading_line(document, chosen, desk)
    if line is not None:
        draft.say(line.text, draft.cite_line(line), lead=lead, level=level, manner=StatementKind.HEADING)


def _heading_line(document: Document, chosen: Section, desk: QuestionContext) -> Line | None:
    passage = _passage_at(document, chosen.start, desk)
    if passage is None:
        return None
    end = max(chosen.body, chosen.start + 1)
    return next((x for x in of_passage(passage, document) if chosen.start <= x.start < end), None)


def _passage_at(document: Document, offset: int, desk: QuestionContext) -> Passage | None:
    return next((p for p in desk.library.passages(document.id) if p.start <= offset < p.end), None)


def _standing(document: Document, words: str, desk: QuestionContext) -> tuple[Passage, int, int] | None:
    """Return where ``words`` stand in the head of a document, or its first sentence when they do not."""
    for passage in desk.library.passages(document.id):
        if passage.section != "0":
            break
        at = passage.text.find(words)
        if at >= 0:
            return passage, passage.start + at, passage.start + at + len(words)
    first = next(iter(desk.library.passages(document.id)), None)
    if first is None:
        return None
    line = of_passage(first, document)[0]
    return first, line.start, line.end
