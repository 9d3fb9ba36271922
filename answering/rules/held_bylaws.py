"""Which by-laws of a library may answer a question: those of its place, or the nearest where it names none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from answering.rules.rule_candidates import rule_candidates
from answering.rules.rule_features import HeldByLaw, title_pairs
from retrieval.values.documents import Filter, Genre

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.rules.rule_question import RuleQuestion
    from retrieval.values.documents import Document, Hit

_PASSAGES = 60  # of the by-laws that may answer, by nearness to the question
_NEAREST = 6  # by-laws weighed where the question names no place


class ByLawLibrary(Protocol):
    """What is needed of a library."""

    def documents(self) -> tuple[Document, ...]:
        """Return the heads of all documents."""

    def document(self, name: str) -> Document | None:
        """Return a document with its text."""

    def find(self, query: str, *, k: int = 8, filter: Filter = ...) -> tuple[Hit, ...]:  # noqa: A002
        """Return the best passages."""


def held_bylaws(question: RuleQuestion, library: ByLawLibrary) -> tuple[HeldByLaw, ...]:
    """Return the by-laws that may answer, with the passages found in them; empty where none may."""
    fitting = _fitting(question, [d for d in library.documents() if d.genre is Genre.REGULATION])
    if not fitting:
        return ()
    limits = Filter(documents=tuple(d.id for d in fitting))
    hits = library.find(question.search, k=_PASSAGES, filter=limits)
    if not question.places:
        best = list(dict.fromkeys(h.document.id for h in hits))[:_NEAREST]
        titled = [d.id for d in fitting if title_pairs(d) & (question.grams | question.grams_before)]
        fitting = [d for d in fitting if d.id in {*best, *titled[:_NEAREST]}]
    held = []
    for document in fitting:
        whole = library.document(document.id)
        if whole is None:
            continue
        candidates = rule_candidates(whole.text)
        if candidates.all:
            own = {(h.passage.start, h.passage.end): h for h in hits if h.document.id == document.id}
            held.append(
                HeldByLaw(document=document, candidates=candidates, hits=own, title=title_pairs(document))
            )
    return tuple(held)


def _fitting(question: RuleQuestion, bylaws: Sequence[Document]) -> list[Document]:
    """Return the by-laws of the places asked of, and those of a province for its city."""
    if not question.places:
        return list(bylaws)
    own = [d for d in bylaws if d.place in question.places]
    provinces = {d.province for d in bylaws if d.place in question.places}
    wider = [d for d in bylaws if d.place in provinces and d.place == d.province and d not in own]
    return [*own, *wider]
