"""A model's answers from one library that may be given again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from answering.cache.cache_key import AnswerCache, Versioned, ground_of, keepable, key_of, recalled
from answering.evidence.context import known_of
from answering.evidence.lines import SearchableLibrary
from answering.question.follow_up import readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.generation.compose import Writer
    from answering.values.answer import Answer, Turn


class VersionedLibrary(SearchableLibrary, Versioned, Protocol):
    """A library that is searched, and that tells when it has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMemory:
    """What was answered before in a model's words; calls block for a few milliseconds."""

    cache: AnswerCache
    library: VersionedLibrary
    writer: Writer
    switches: str = ""  # what the model's name does not tell: its address, its temperature

    def key(self, question: str, history: Sequence[Turn] = ()) -> str:
        """Return under which key the answer to one question of a message stands now."""
        frames = readings(question, history, known=known_of(self.library))
        ground = ground_of(self.library, self.writer, switches=self.switches)
        return key_of(question, frames, history, ground=ground)

    def recall(self, key: str, question: str) -> Answer | None:
        """Return the answer under ``key`` as one to ``question``, if there is one."""
        kept = self.cache.get(key)
        return recalled(kept, question) if kept is not None else None

    def keep(self, key: str, answer: Answer) -> None:
        """Keep an answer that a model made with nothing away; what code gives is made as quickly anew."""
        if answer.trace.way != "code" and keepable(answer, embedder=self.library.embedder):
            self.cache.put(key, answer)
