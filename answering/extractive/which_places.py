"""Answer which places say a thing, and how many."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answering.evidence.place_set import provinces
from answering.evidence.year_range import timely
from answering.extractive.draft_answer import AnswerDraft
from answering.extractive.sentence_selection import SelectedSentence, lookup
from answering.lexicon.phrases import join, phrase
from answering.question.intent import ExpectedAnswer
from answering.question.operation import COUNT
from answering.values.answer import Answer, Computation, Outcome, StatementKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line

_EACH = 4  # passages looked at for each place
_MOST = 48  # places looked at in one answer
_FIRM = 0.55  # confidence from which a sentence counts as saying just what is asked
_BESIDE = 0.6  # share of the firmest place's confidence that another place needs
_EITHER = re.compile(r"[”》](或|或者|还是)[“《]")


def which(desk: QuestionContext) -> Answer | None:
    """Answer with the places that say what is asked, each with its sentence."""
    found = _found(desk)
    top = max((find.coverage for find in found.values()), default=0.0)
    exact = bool(desk.quoted)  # the very words are asked for: the sentence that has them says it
    kept = {place: find for place, find in found.items() if exact or find.coverage >= _BESIDE * top}
    if not kept:
        return None
    draft = AnswerDraft(desk.question)
    numbers = [draft.cite_line(find.line) for find in kept.values()]
    names = join(tuple(desk.called(place) for place in kept), draft.language)
    counted = bool(COUNT.search(desk.question.folded))
    key = "mentioned" if counted else "mention"
    draft.say(
        phrase(key, draft.language, places=names, count=len(kept)), *numbers, manner=StatementKind.FRAME
    )
    if counted:
        draft.computed.append(Computation(value=len(kept), op="count", of=(1.0,) * len(kept)))
    for place, find in kept.items():
        draft.quote(find, lead=desk.called(place), level=1)
    return draft.done(Outcome.COMPUTED if counted else Outcome.ANSWERED)


def _found(desk: QuestionContext) -> dict[str, SelectedSentence]:
    terms = desk.terms(desk.question.content)
    places = provinces(desk) or (desk.question.places or desk.library.places())[:_MOST]
    query = " ".join(desk.quoted) or desk.question.text
    lines = desk.search(query, k=_EACH * len(places), per_place=_EACH)
    out: dict[str, SelectedSentence] = {}
    for place in places:
        own = [x for x in lines if x.document.place == place and _fits(x, desk)]
        best = lookup(own, terms, ExpectedAnswer())
        if best is not None and (best.coverage >= _FIRM or desk.quoted):
            out[place] = best
    return out


def _fits(line: Line, desk: QuestionContext) -> bool:
    """Tell whether a sentence holds the years and the very words that the question names."""
    dated = timely(line, desk.question.years)
    return dated and _quotes(line, desk.quoted, either=bool(_EITHER.search(desk.question.folded)))


def _quotes(line: Line, quoted: Sequence[str], *, either: bool) -> bool:
    said = [words in line.folded for words in quoted]
    return not said or (any(said) if either else all(said))
