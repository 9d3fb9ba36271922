"""Whether proved sentences speak of what was asked: true sentences beside the question are no answer to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.extractive import lookup as single
from answering.extractive.sentence_selection import confidence
from answering.judge.nearness import content
from answering.lexicon.relevance import TermOrigin, strength
from answering.question.intent import Intent
from answering.question.unit_classes import fits
from retrieval.quantities import Sort, figures
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.generation.kept import Kept

_WILLING = (
    0.30  # confidence that the sentence with a figure asked for needs where code found none good enough
)
_NAMED = 0.4  # strength from which a sentence names a term
_THING = 2  # characters of content from which a sentence names a thing of its own
_TOPICAL = 0.16  # and one of a list, or of what is told in words


def gives(text: str, desk: QuestionContext) -> bool:
    """Tell whether a sentence gives a figure of the kind asked for; true where none is."""
    want = desk.question.want
    if want.kind != "figure":
        return True
    return any(one.sort is not Sort.DATE and fits(one, want) for one in figures(text))


def is_beside(text: str, desk: QuestionContext) -> bool:
    """Tell whether a sentence can't be part of the answer: one figure is asked for, and it gives none, or another's."""
    if desk.question.intent is not Intent.LOOKUP or desk.question.want.kind != "figure":
        return False
    return not gives(text, desk) or _names_another(text, desk)


def _names_another(text: str, desk: QuestionContext) -> bool:
    """Tell whether a sentence names a thing, and nothing of what was asked for."""
    terms = desk.terms(desk.question.content).all
    asked = [term for term in terms if term.seen and term.kind in (TermOrigin.QUOTED, TermOrigin.SPECIAL)]
    folded = fold(text)
    bars = [(m.start, m.end) for m in desk.library.gazetteer.find(text)]
    bars += [(one.start, one.end) for one in figures(text)]
    own = sum(content(folded, bars))
    return bool(asked) and own > _THING and all(strength(term, folded) < _NAMED for term in asked)


def answers(kept: Sequence[Kept], desk: QuestionContext, *, found_by_code: bool) -> bool:
    """Tell whether sentences answer the question of ``desk``.

    Where code found an answer any proved sentence with the kind of figure asked for does; where it found none
    a sentence has to name what was asked.
    """
    if not any(gives(one.statement.text, desk) for one in kept if one.lines):
        return False
    return found_by_code or any(_names(line, one.statement.text, desk) for one in kept for line in one.lines)


def _names(line: Line, text: str, desk: QuestionContext) -> bool:
    """Tell whether a sentence, with what it rests on, names what was asked; words in quotation marks may stand afar."""
    terms = desk.terms(desk.question.content)
    around = f"{fold(text)}|{line.folded}|{line.context}|{fold(line.document.title)}"
    lacking = [
        term
        for term in terms.missing(around)
        if term.needed and not (term.kind is TermOrigin.QUOTED and term.text in fold(line.document.text))
    ]
    least = _WILLING if desk.question.want.kind == "figure" else _TOPICAL
    return not lacking and confidence(line, terms) >= least and single.bears_asked(line, desk)
