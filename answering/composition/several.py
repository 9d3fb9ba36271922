"""Answers of several things: the members of a list, or the sentences that belong together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from answering.candidates.sentence_candidates import SentenceCandidate
from answering.composition.facts import chosen_fact, led
from answering.evidence.lines import Line, block_lines, of_passage
from answering.evidence.passage_pools import speaker_of
from answering.extractive.demands import lacks_names, speaks_of_most
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.lookup import bears
from answering.extractive.sentence_selection import SelectedSentence, holds, select
from answering.lexicon.phrases import phrase
from answering.question.intent import ExpectedAnswer
from answering.question.scope import told_by
from answering.scoring.list_choice import ScoredList, list_odds, promised, scored_lists
from answering.scoring.membership import member_odds, member_row
from answering.scoring.ranker import ScoredCandidate
from answering.values.answer import Computation, Outcome, Shape, Statement, StatementKind
from answering.values.hypothesis import QuestionKind
from retrieval.text.normalize import Span, bigrams, clauses, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.scoring.ranking import Ranking
    from answering.values.answer import Answer
    from retrieval.values.documents import Document

SEVERAL = frozenset((QuestionKind.LIST, QuestionKind.HOW, QuestionKind.OUTLINE, QuestionKind.SUMMARY))
_ROOM = 800  # characters of one answer
_ITEMS = 16  # members shown of one list
_ITEM = 90  # characters of one member
_MEMBER = 180  # characters of a member that answers by itself: it is what is asked of
_NEAREST, _BEHIND = 3, 1.0  # such sentences, the best first, and how far their scores may lie behind
_UNNAMED = ("paragraph", "alike")  # lists whose members begin with no name: what answers may be inside
_LEAST = 24
_LOOKED_AT = 24  # sentences, the best first, that may belong to the answer
_SENTENCES = 8  # sentences shown
_BLOCK = 320  # characters: a point or paragraph this short is shown whole
_OPENING = 40  # characters of a sentence that does no more than open its point
_RIVALS = 5  # sentences, the best first, that show whether one member or the list is asked of
_ANNOUNCING = 3  # sentences, the best first, that may announce the list asked for
_SURELY = 2.5  # log-odds from which a sentence answers in other words than those that ask
_NEAR = 4  # characters between an announcement and its list
_WHOLE = 240  # characters: a sentence this short is shown whole


def several(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the list that is asked for, or else with the sentences that belong to the best one."""
    if context.question.item:  # one member of a list is asked of, and not another list
        return together(context, ranking)
    lists = [one for one in scored_lists(ranking) if _is_asked_of(one.document, context)]
    if lists and list_odds(lists[0]) > 0 and not _inside_member(ranking, lists[0]):
        return listed(context, ranking, lists[0])
    lines = (x.candidate.line for x in ranking.best[:_ANNOUNCING])
    announced = next((one for line in lines if (one := _announced_by(ranking, line)) is not None), None)
    return listed(context, ranking, announced) if announced is not None else together(context, ranking)


def _is_asked_of(document: Document, context: QuestionContext) -> bool:
    """Tell whether a text may list what is asked: no other place's where texts of the places asked of are held."""
    places, gazetteer = context.hypothesis.places, context.library.gazetteer
    speaker = speaker_of(document, gazetteer)
    if not places or speaker is None or speaker in places:
        return True
    return not any(speaker_of(one, gazetteer) in places for one in context.library.documents())


def _inside_member(ranking: Ranking, chosen: ScoredList) -> bool:
    """Tell whether one member alone is asked of: the best sentence is below its head, no other member near."""
    if not ranking.best or ranking.odds < 0:
        return False
    lines = [x.candidate.line for x in ranking.best[:_RIVALS]]
    here = [x for x in lines if x.document.id == chosen.document.id]
    met = {
        at for at, item in enumerate(chosen.structure.items) for x in here if item.start <= x.start < item.end
    }
    below = any(item.head <= lines[0].start < item.end for item in chosen.structure.items)
    return below and lines[0].document.id == chosen.document.id and len(met) == 1


def announced_list(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the members of a list where the best sentence only announces it; a figure is no list."""
    if not ranking.best or ranking.odds < 0 or context.question.want.kind == "figure":
        return None
    chosen = _announced_by(ranking, ranking.best[0].candidate.line)
    return listed(context, ranking, chosen) if chosen is not None else None


def _announced_by(ranking: Ranking, line: Line) -> ScoredList | None:
    """Return the list that a sentence announces, by its colon or by the number of members it promises."""
    for one in scored_lists(ranking):
        structure = one.structure
        if one.document.id != line.document.id or not 0 <= structure.start - line.end <= _NEAR:
            continue
        if line.text.rstrip().endswith(("：", ":")) or promised(line.folded) == len(structure.items):
            return one
    return None


def listed(context: QuestionContext, ranking: Ranking, chosen: ScoredList) -> Answer | None:
    """Answer with the members of a list, each by its head; of a long one the first, and how many there are yet."""
    draft = AnswerDraft(context.question)
    told = context.question.shown
    items = [
        i for i in chosen.structure.items if not _was_shown(chosen.document.text[i.start : i.head], told)
    ]
    if not items:
        return None
    shown = items[:_ITEMS]
    room = max(_LEAST, min(_ITEM, _ROOM // len(shown)))
    lead = _lead(context, ranking, chosen.document)
    near = _nearest(ranking, chosen.document)
    for item in shown:
        line = line_at(context, chosen.document, item.start)
        if line is None:
            continue
        asked_of = _meets(line, near)
        end = min(item.end, line.end) if asked_of else max(item.head, item.start + 1)
        said = head_of(chosen.document.text[item.start : end], _MEMBER if asked_of else room)
        draft.say(said, draft.cite_line(line), lead=lead if item is items[0] else "", level=1)
        for one in near if chosen.structure.style in _UNNAMED else ():
            if item.start < one.start < item.end and not _meets(line, (one,)):
                draft.say(head_of(one.text, _MEMBER), draft.cite_line(one), level=1)
    if len(items) > len(shown):
        draft.say(
            phrase("more_items", draft.language, count=len(items) - len(shown)), manner=StatementKind.FRAME
        )
    return replace(draft.done(), shape=Shape.LIST) if draft.statements else None


def _nearest(ranking: Ranking, document: Document) -> list[Line]:
    """Return the sentences of a document that are taken to answer by themselves, where the best one is."""
    if ranking.odds < 0:
        return []
    least = ranking.best[0].score - _BEHIND
    best = (x.candidate.line for x in ranking.best[:_NEAREST] if x.score >= least)
    return [one for one in best if one.document.id == document.id and not one.is_heading]


def _meets(line: Line, others: Sequence[Line]) -> bool:
    return any(line.start < one.end and one.start < line.end for one in others)


def _was_shown(head: str, shown: str) -> bool:
    """Tell whether the head of a member is in what has been shown of the list."""
    return bool(shown) and "".join(fold(head_of(head, 1)).split()) in "".join(shown.split())


def together(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the best sentence and those that belong to it, in the order of the text."""
    if not ranking.best or ranking.odds < 0 or not _answers(context, ranking):
        return None
    best = ranking.best[0]
    here = best.candidate.line.document.id
    kept = _members(context, ranking)
    order = sorted(kept, key=lambda x: (x.candidate.line.document.id != here, x.candidate.line.key))
    draft, left, place = AnswerDraft(context.question), _ROOM, ""
    for one in order:
        found = _shown(one, ranking)
        left -= len(found.text)
        if left < 0 and draft.statements:
            break
        lead = led(context, one)
        draft.quote(found, lead="" if lead == place else lead, level=1 if len(order) > 1 else 0)
        place = lead
    return draft.done()


def _answers(context: QuestionContext, ranking: Ranking) -> bool:
    """Tell whether the best sentence bears what the answer must."""
    line, want = ranking.best[0].candidate.line, ranking.reading.want
    if want.kind == "figure":
        return chosen_fact(context, ranking.reading, ranking.best) is not None
    if lacks_names(line.text, context):
        return False
    if ranking.odds < _SURELY and not speaks_of_most(line, ranking.reading.terms):
        return False
    return bears(line, context) and holds(line, want)


def _members(context: QuestionContext, ranking: Ranking) -> list[ScoredCandidate]:
    """Return the best sentence and those that belong to it; none that gives orders to an answerer."""
    best = ranking.best[0]
    if context.question.item:
        named = _naming(ranking.best[:_LOOKED_AT], context.question.item)
        below = (
            _block(context, named, ranking) if _opens((named.candidate.line,), named.candidate.line) else ()
        )
        if below:
            return [named, *below]  # what is pointed to opens its paragraph, and is told by it
    kept = {x.candidate.line.key: x for x in (best, *_block(context, best, ranking))}
    for rank, one in enumerate(ranking.best[1:_LOOKED_AT], 1):
        if len(kept) < _SENTENCES and member_odds(member_row(one, best, rank, several=True)) > 0:
            kept.setdefault(one.candidate.line.key, one)
    told = [one for one in kept.values() if not told_by(one.candidate.line.folded)[1]]
    return _of_item(told, [gram for gram in bigrams(context.question.item) if len(gram) > 1])


def _naming(best: Sequence[ScoredCandidate], item: str) -> ScoredCandidate:
    """Return the first of the sentences that hold most of the words of an item."""
    grams = [gram for gram in bigrams(item) if len(gram) > 1]
    return max(best, key=lambda one: sum(gram in one.candidate.line.folded for gram in grams))


def _of_item(kept: Sequence[ScoredCandidate], item: Sequence[str]) -> list[ScoredCandidate]:
    """Return the sentences that speak of the member pointed to, and not of those beside it; all where none is."""
    shares = [sum(gram in one.candidate.line.folded for gram in item) for one in kept]
    return [one for one, share in zip(kept, shares, strict=True) if 2 * share >= max(shares)]


def _block(context: QuestionContext, best: ScoredCandidate, ranking: Ranking) -> list[ScoredCandidate]:
    """Return the other sentences of the point or paragraph of the best one, where it is short enough to show.

    A short sentence that opens a point says what the others tell: there, more of them are shown.
    """
    line = best.candidate.line
    same = [x for x in block_lines(line, context.library) if not x.is_heading]
    opened = _paragraph(context, same, line)
    if _opens(opened, line):
        same = opened
    if sum(len(x.text) for x in same) > (_ROOM if _opens(same, line) else _BLOCK):
        return []
    known = {x.candidate.line.key: x for x in ranking.best}
    found = best.candidate.found
    return [
        known.get(x.key)
        or ScoredCandidate(candidate=SentenceCandidate(line=x, found=found), score=best.score, row=best.row)
        for x in same
        if x.key != line.key
    ]


def _opens(same: Sequence[Line], line: Line) -> bool:
    """Tell whether a sentence is the short one that opens its point or paragraph."""
    return bool(same) and same[0].key == line.key and len(line.text) <= _OPENING


def _paragraph(context: QuestionContext, same: Sequence[Line], line: Line) -> list[Line]:
    """Return those of the sentences of a section that are in the paragraph of one of them."""
    whole = context.library.document(line.document.id)
    if whole is None:
        return []
    start = whole.text.rfind("\n", 0, line.start) + 1
    end = whole.text.find("\n", line.end)
    return [x for x in same if start <= x.start < (end if end >= 0 else len(whole.text))]


def _shown(one: ScoredCandidate, ranking: Ranking) -> SelectedSentence:
    line = one.candidate.line
    if len(line.text) > _WHOLE and (found := select(line, ranking.reading.terms, ExpectedAnswer())):
        return found
    return SelectedSentence(line, Span(0, len(line.text)), 0.0)


def head_of(text: str, room: int) -> str:
    """Return the first clauses of a member that fit into ``room`` characters, at least one."""
    end = 0
    for span in clauses(text):
        if end and span.end > room:
            break
        end = span.end
    return text[:end].strip("，；、：。 \u3000\n#>*-")


def _lead(context: QuestionContext, ranking: Ranking, document: Document) -> str:
    scored = next(x for x in ranking.best if x.candidate.line.document.id == document.id)
    return led(context, scored)


def line_at(context: QuestionContext, document: Document, offset: int) -> Line | None:
    """Return the sentence that holds an offset of a document."""
    passages: Sequence = context.library.passages(document.id)  # type: ignore[type-arg]
    passage = next((p for p in passages if p.start <= offset < p.end), None)
    if passage is None:
        return None
    head = context.document(document.id)
    return next((x for x in of_passage(passage, head) if offset < x.end), None)


def counted_items(context: QuestionContext, ranking: Ranking) -> Answer | None:
    """Answer with the number of a list's items and the items; None where no list is taken to be asked of."""
    lists = scored_lists(ranking)
    if not lists or list_odds(lists[0]) <= 0:
        return None
    answer = listed(context, ranking, lists[0])
    if answer is None:
        return None
    return with_count(answer, len(lists[0].structure.items))


def with_count(answer: Answer, count: int) -> Answer:
    """Return an answer that shows things of one kind, with how many there are of them before it."""
    cited = tuple(dict.fromkeys(n for s in answer.statements for n in s.citations))
    words = phrase("counted", answer.language, count=count)
    first = Statement(text=words, citations=cited, manner=StatementKind.COMPUTED)
    return replace(
        answer,
        outcome=Outcome.COMPUTED,
        statements=(first, *answer.statements),
        computed=(Computation(value=count, op="count", of=(1.0,) * count),),
    )
