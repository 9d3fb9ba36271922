"""Answer questions over several places, or two things of one: a sentence each, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.evidence.year_range import timely
from answering.extractive.compare_figures import judge
from answering.extractive.draft_answer import Draft
from answering.extractive.measured_figure import Sought, look_up
from answering.extractive.sentence_selection import ENOUGH, SelectedSentence, listing
from answering.extractive.subset_figures import of_whole
from answering.lexicon.phrases import phrase
from answering.question.intent import ExpectedAnswer, Intent, want_of
from answering.question.parser import RANKING
from answering.values.answer import Answer, Outcome, StatementKind
from retrieval.text.normalize import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.question.decompose import Part

EACH = 4  # passages looked at for each place
MOST = 48  # places looked at in one answer
_FAINT = 0.28  # confidence that is enough for one place of a comparison when another has answered
_WHOLE = 160  # characters: what two places say of one thing is seen best in whole sentences
_WEIGHED = (Intent.SUPERLATIVE, Intent.DIFFERENCE, Intent.SUM)


@dataclass(frozen=True, slots=True)
class Told:
    """What one place says, or nothing; ``label`` tells two things of one place apart."""

    place: str | None
    finds: tuple[SelectedSentence, ...]
    label: str = ""


def compare(desk: QuestionContext) -> Answer | None:
    """Answer with a sentence for each place and, where figures are to be weighed, what comes of it."""
    told = _collect(desk)
    found = [(t.label or desk.called(t.place), t.finds[0]) for t in told if t.finds]
    if not found or (told[0].label and not _both(found)):
        return None
    draft = Draft(desk.question)
    if desk.question.intent in _WEIGHED:
        judge(draft, desk, found)
    for one in told:
        _tell(draft, desk, one)
    return draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)


def _both(found: Sequence[tuple[str, SelectedSentence]]) -> bool:
    """Tell whether two things of one place were found, and not twice the same."""
    shown = {(find.line.key, find.figure.start if find.figure else find.span.start) for _, find in found}
    return len(shown) > 1


def _tell(draft: Draft, desk: QuestionContext, one: Told) -> None:
    lead = one.label or desk.called(one.place)
    for find in one.finds:
        draft.quote(find, lead=lead if find is one.finds[0] else "", level=1)
    if not one.finds and not desk.question.all_places:
        draft.say(phrase("silent", desk.question.language), lead=lead, level=1, manner=StatementKind.FRAME)


def places_asked(desk: QuestionContext) -> tuple[str, ...]:
    """Return the places that a question over several is put to."""
    return (desk.question.places or desk.library.places())[:MOST]


def _collect(desk: QuestionContext) -> list[Told]:
    parts = desk.question.parts
    if len({(p.content, p.year) for p in parts}) > 1:
        return _of_parts(desk, parts)
    places = places_asked(desk)
    content = parts[0].content if parts else desk.question.content
    lines = desk.search(desk.question.text, places=places, k=EACH * len(places), per_place=EACH)
    mine = {place: [x for x in lines if x.document.place == place] for place in places}
    told = {place: _finds(own, content, desk) for place, own in mine.items()}
    named = desk.question.places and any(told.values())
    return [
        Told(place, finds or (_finds(mine[place], content, desk, floor=_FAINT) if named else ()))
        for place, finds in told.items()
    ]


def _of_parts(desk: QuestionContext, parts: Sequence[Part]) -> list[Told]:
    """Look up each part by itself; a place's second thing first in the sentence that held the first."""
    told: list[Told] = []
    for part in parts:
        beside = [t.finds[0].line for t in told if t.place == part.place and t.finds and not part.year]
        years = (part.year,) if part.year else None
        finds = _finds(beside, part.content, desk, years=years)
        if not finds:
            finds = _finds(_found(desk, part), part.content, desk, years=years)
        told.append(Told(part.place, finds, part.label))
    if not any(t.finds for t in told):
        return told
    return [
        t if t.finds else replace(t, finds=_finds(_found(desk, part), part.content, desk, floor=_FAINT))
        for t, part in zip(told, parts, strict=True)
    ]


def _found(desk: QuestionContext, part: Part) -> list[Line]:
    query = part.content.replace("|", " ")
    places = (part.place,) if part.place else ()
    if part.year is None:
        return desk.search(query, places=places, k=2 * EACH)
    found = desk.search(query, places=places, years=desk.limits((part.year,)), k=2 * EACH)
    return [line for line in found if timely(line, (part.year,))]


def _finds(
    lines: Sequence[Line],
    content: str,
    desk: QuestionContext,
    *,
    floor: float = ENOUGH,
    years: tuple[int, ...] | None = None,
) -> tuple[SelectedSentence, ...]:
    terms = desk.terms(content)
    if not terms.total:
        return ()
    want = _want(content, desk)
    if want.kind == "manner":
        return tuple(listing(lines, terms, desk.library, items=True))
    own = of_whole(lines, desk, content)
    asked = desk.question.years if years is None else years
    sought = Sought(want=want, content=content, years=asked)
    found = look_up(own, terms, sought, desk, floor=floor)
    if found is None:
        return ()
    whole = want.kind != "figure" and len(found.line.text) <= _WHOLE
    return (replace(found, span=Span(0, len(found.line.text))) if whole else found,)


def _want(content: str, desk: QuestionContext) -> ExpectedAnswer:
    """Return what a part asks for, in its own words or else in those of the whole question."""
    own = want_of(content, desk.lexicon)
    asked = ExpectedAnswer("figure") if RANKING.search(desk.question.folded) else desk.question.want
    want = own if own.kind == "figure" and own.units else asked
    return ExpectedAnswer("figure") if desk.question.intent in _WEIGHED and want.kind != "figure" else want
