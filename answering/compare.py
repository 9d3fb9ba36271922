"""Answer questions over several places: a sentence for each, and what code makes of their figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.answer import Answer, Manner, Outcome
from answering.compute import judge
from answering.draft import Draft
from answering.extract import Find, lookup
from answering.intent import Intent, Want
from answering.phrases import join, phrase

if TYPE_CHECKING:
    from answering.desk import Desk
    from answering.evidence import Line
    from answering.matching import Terms
    from answering.question import Part

_EACH = 4  # passages looked at for each place
_MOST = 12  # places spread out in one answer
_FIRM = 0.55  # coverage from which a sentence counts as saying just what is asked
_WEIGHED = (Intent.SUPERLATIVE, Intent.DIFFERENCE, Intent.SUM)


@dataclass(frozen=True, slots=True)
class Told:
    """What one place says, or None when its texts do not say."""

    place: str
    find: Find | None


def compare(desk: Desk) -> Answer | None:
    """Answer with a sentence for each place and, where figures are to be weighed, what comes of it."""
    told = _collect(desk)
    found = [(t.place, t.find) for t in told if t.find is not None]
    if not found:
        return None
    draft = Draft(desk.question)
    if desk.question.intent in _WEIGHED:
        judge(draft, desk, found)
    for one in told:
        _tell(draft, desk, one)
    return draft.done(Outcome.COMPUTED if draft.computed else Outcome.ANSWERED)


def _tell(draft: Draft, desk: Desk, one: Told) -> None:
    if one.find is not None:
        draft.quote(one.find, lead=desk.called(one.place), level=1)
    elif not desk.question.all_places:
        silent = phrase("silent", desk.question.language)
        draft.say(silent, lead=desk.called(one.place), level=1, manner=Manner.FRAME)


def which(desk: Desk) -> Answer | None:
    """Answer which places say what is asked, each with its sentence."""
    terms = desk.terms(desk.question.content)
    lines = desk.search(desk.question.text, k=_EACH * len(_places(desk)), per_place=_EACH)
    found: dict[str, Find] = {}
    for place in _places(desk):
        best = lookup([x for x in lines if x.document.place == place], terms, Want())
        if (
            best is not None
            and best.coverage >= _FIRM
            and _dated(best.line, desk)
            and _says_quoted(best.line, desk)
        ):
            found[place] = best
    top = max((f.coverage for f in found.values()), default=0.0)
    kept = {p: f for p, f in found.items() if f.coverage >= 0.6 * top}
    if not kept:
        return None
    draft = Draft(desk.question)
    numbers = [draft.cite_line(f.line) for f in kept.values()]
    names = tuple(desk.called(p) for p in kept)
    words = phrase("mention", desk.question.language, places=join(names, desk.question.language))
    draft.say(words, *numbers, manner=Manner.FRAME)
    for place, find in kept.items():
        draft.quote(find, lead=desk.called(place), level=1)
    return draft.done()


def _dated(line: Line, desk: Desk) -> bool:
    return all(
        str(year) in line.text or str(year) in line.context for year in desk.question.years if not desk.years
    )


def _says_quoted(line: Line, desk: Desk) -> bool:
    return all(q in line.folded for q in desk.question.quoted)


def _places(desk: Desk) -> tuple[str, ...]:
    return (desk.question.places or desk.library.places())[: 4 * _MOST]


def _collect(desk: Desk) -> list[Told]:
    parts = desk.question.parts
    own = len({p.content for p in parts}) > 1
    if own:
        return [_ask(desk, part) for part in parts]
    places = _places(desk)
    terms = desk.terms(parts[0].content if parts else desk.question.content)
    lines = desk.search(desk.question.text, places=places, k=_EACH * len(places), per_place=_EACH)
    return [
        Told(p, _firm(lookup([x for x in lines if x.document.place == p], terms, _want(desk)), terms))
        for p in places
    ]


def _ask(desk: Desk, part: Part) -> Told:
    terms = desk.terms(part.content)
    lines = desk.search(part.content.replace("|", " "), places=part.places, k=2 * _EACH)
    return Told(part.places[0], _firm(lookup(lines, terms, _want(desk)), terms))


def _want(desk: Desk) -> Want:
    want = desk.question.want
    return Want("figure") if desk.question.intent in _WEIGHED and want.kind != "figure" else want


def _firm(find: Find | None, terms: Terms) -> Find | None:
    return find if terms.total > 0 else None
