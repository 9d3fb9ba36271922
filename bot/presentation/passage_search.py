"""A search as a person asks it: places and years are read from the words, and limit what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus as lexicon
from answering.lexicon.relevance import TermOrigin, strength
from answering.question.hypotheses import hypotheses
from answering.question.parser import read
from bot.errors import InputError
from retrieval.text.normalize import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.lexicon.relevance import Term
    from answering.question.parser import Known
    from bot.messages import Messages
    from retrieval.library import Library
    from retrieval.values.documents import Hit


FITS = 0.4  # share of a search's terms, by their weight, that a passage must have: docs/evaluation.md
_UNKNOWN = 4.0  # how much more characters weigh again that no passage holds: what they name is not here


def _share(terms: Sequence[Term], hit: Hit) -> float:
    """Return the weighted share (0…1) of the terms that a passage has, or what it is of."""
    text = fold(
        "\n".join((hit.document.place or "", hit.document.title, *hit.passage.heading, hit.passage.text))
    )
    weights = [
        one.weight * (1.0 if one.seen or one.kind is not TermOrigin.GRAM else _UNKNOWN) for one in terms
    ]
    held = sum(weight * strength(one, text) for weight, one in zip(weights, terms, strict=True))
    return held / sum(weights)


class PassageSearcher:
    """Finds passages in a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._held = (library.version, known_of(library))

    @property
    def held(self) -> Known:
        """What the library holds now."""
        version = self._library.version
        if self._held[0] != version:
            self._held = (version, known_of(self._library))
        return self._held[1]

    def find(
        self,
        text: str,
        *,
        k: int = 8,
        places: Sequence[str] = (),
        years: Sequence[int] = (),
    ) -> tuple[Hit, ...]:
        """Return the best hits inside the limits, which are read from the words where none are set.

        Where several places are asked of, or all of a few, each gets its share of the ``k`` hits.
        """
        held, desk = self.held, self._desk(text)
        frame = desk.question
        named = () if frame.all_places else (*frame.places, *frame.strangers)
        limits = desk.filter(tuple(places) or named, tuple(years) or None)
        sharing = len(limits.places or (held.places if frame.all_places else ()))
        share = -(-k // sharing) if 1 < sharing <= k else None
        return self._library.find(text, k=k, filter=limits, per_place=share)

    def fitting(self, text: str, *, k: int = 8) -> tuple[Hit, ...]:
        """Return the best hits that have most of what was typed, in these words or in others of the field.

        Vectors are near to something whatever is typed: letters struck at random (cosine 0.81) come no
        farther than an English word for what a Chinese text says (0.79). Of places and years alone all fit,
        and beside a place that is named in English what is nearest does, too.
        """
        desk = self._desk(text)
        terms = desk.terms(desk.hypothesis.content).all
        found = self.find(text, k=k)
        if fits := tuple(hit for hit in found if terms and _share(terms, hit) >= FITS):
            return fits
        is_named = desk.question.places or (desk.question.years and not terms)
        latin = not any("一" <= letter <= "鿿" for letter in text)
        if not is_named or (terms and not latin):
            return ()
        return found or self.find(" ".join(desk.question.places), k=k)

    def _desk(self, text: str) -> QuestionContext:
        held = self.held
        return QuestionContext(
            read(text, known=held), self._library, lexicon.load(), hypotheses(text, (), held)[0]
        )

    def places(self, names: Sequence[str], said: Messages) -> tuple[str, ...]:
        """Return the full names of places. Raises InputError for a name that is no place."""
        held = said.say("joint").join(self.held.places) or said.say("nothing_held")
        full: list[str] = []
        for name in names:
            place = self.held.gazetteer.resolve(name, prefer=self.held.places)
            if place is None:
                raise InputError(said.say("place_unknown", place=name, held=held))
            full.append(place.name)
        return tuple(full)
