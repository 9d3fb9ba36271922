"""A search as a person asks it: places and years are read from the words, and limit what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus as lexicon
from answering.question.hypotheses import hypotheses
from answering.question.parser import read
from bot.errors import InputError
from retrieval.text.normalize import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.question.parser import Known
    from bot.messages import Messages
    from retrieval.library import Library
    from retrieval.values.documents import Hit


def fitting(hits: Sequence[Hit], text: str) -> tuple[Hit, ...]:
    """Return the hits that share two characters in a row, or a word, with what was typed.

    Vectors are near to something whatever is typed: letters struck at random (cosine 0.81) come no farther
    than an English word for what a Chinese text says (0.79).
    """
    pieces = frozenset(bigrams(text))
    wanted = frozenset(one for one in pieces if len(one) > 1) or pieces
    return tuple(hit for hit in hits if wanted.intersection(bigrams(_searched(hit))))


def _searched(hit: Hit) -> str:
    whose = (hit.document.place or "", hit.document.title, *hit.passage.heading)
    return "\n".join((*whose, hit.passage.text))


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
        held = self.held
        frame = read(text, known=held)
        named = () if frame.all_places else (*frame.places, *frame.strangers)
        desk = QuestionContext(frame, self._library, lexicon.load(), hypotheses(text, (), held)[0])
        limits = desk.filter(tuple(places) or named, tuple(years) or None)
        sharing = len(limits.places or (held.places if frame.all_places else ()))
        share = -(-k // sharing) if 1 < sharing <= k else None
        return self._library.find(text, k=k, filter=limits, per_place=share)

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
