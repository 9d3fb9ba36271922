"""Places that speak of a thing without a figure, each with its clause."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.lexicon.phrases import join, phrase
from answering.question.subject import own_names
from answering.values.answer import StatementKind
from retrieval.facts.name_similarity import core
from retrieval.text.normalize import clauses, fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.extractive.draft_answer import AnswerDraft

_EACH = 3  # passages looked at for a place


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A sentence that names a thing, and the clause of it that does."""

    line: Line
    clause: str


def in_words(desk: QuestionContext, thing: str, places: Sequence[str]) -> dict[str, Naming]:
    """Return for each place that names the thing the sentence that does."""
    if not places:
        return {}
    named = _named((*own_names(thing), core(thing)))
    found = desk.search(thing, places=places, k=_EACH * len(places), per_place=_EACH)
    out: dict[str, Naming] = {}
    for line in found:
        place = line.document.place
        if not place or place not in places or place in out:
            continue
        cut = (line.text[span.start : span.end] for span in clauses(line.text))
        clause = next((one for one in cut if named.search(fold(one))), "")
        if clause:
            out[place] = Naming(line=line, clause=clause.strip("，；、：。,;:. \u3000\n"))
    return out


def say_worded(
    draft: AnswerDraft, desk: QuestionContext, found: Mapping[str, Naming], *, quoted: bool
) -> None:
    """Say which places speak of the thing without a figure, and quote each if that is wanted."""
    if not found:
        return
    names = join(tuple(desk.called(place) for place in found), draft.language)
    numbers = [draft.cite_line(one.line) for one in found.values()]
    draft.say(phrase("no_figure", draft.language, places=names), *numbers, manner=StatementKind.FRAME)
    for (place, one), number in zip(found.items() if quoted else (), numbers, strict=quoted):
        draft.say(one.clause, number, lead=desk.called(place), level=1)


def _named(things: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of a thing's names, whose characters may have one other between them: 粮食总产量."""
    return re.compile("|".join("[^，。；、]?".join(map(re.escape, thing)) for thing in things))
