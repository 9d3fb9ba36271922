"""The sentences of the texts that ship, to prove by what a model writes, or a person, about them."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from answering.evidence.context import known_of
from answering.evidence.lines import Line, of_passage
from answering.generation.citation_markers import split
from answering.judge.nearness import Nearness
from answering.question.parser import Question, read
from answering.verification.written import Prover
from evaluation.datasets.material import ROOT
from retrieval.library import Library

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answering.verification.written import Proof


class PlaceSentence(NamedTuple):
    """A sentence of one place's document; prefaces speak for none."""

    place: str | None
    text: str


class ShippedSentences:
    """The texts that ship, cut into sentences, and the gates over them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.known = known_of(library)

    @classmethod
    def open(cls) -> Self:
        """Take in the texts that ship, by words alone."""
        home = Path(tempfile.mkdtemp(prefix="chengwen-shipped-"))
        library = Library.open(home, embedder=None, write=True)
        library.ingest(sorted((ROOT / "corpus").glob("[a-z]*.md")))
        return cls(library)

    @cached_property
    def lines(self) -> dict[PlaceSentence, Line]:
        """All sentences, by place and words."""
        return {
            PlaceSentence(line.document.place, line.text): line
            for document in self.library.documents()
            for passage in self.library.passages(document.id)
            for line in of_passage(passage, document)
        }

    def holding(self, place: str, words: str) -> Line:
        """Return the first sentence of a place that holds these words; KeyError where none does."""
        for key, line in self.lines.items():
            if key.place == place and words in line.text and not line.is_heading:
                return line
        raise KeyError(words)

    def prove(self, text: str, question: str, evidence: Sequence[Line]) -> Proof:
        """Return the proof of a sentence with its markers, by the evidence numbered from 1."""
        numbered = dict(enumerate(evidence, 1))
        return self._prove(*split(text), numbered, read(question, known=self.known))

    def judge(self, text: str, frame: Question, line: Line) -> Proof:
        """Return the proof of a sentence without markers by one line, under a frame that is at hand."""
        return self._prove(text, (1,), {1: line}, frame)

    def _prove(
        self, text: str, numbers: Sequence[int], evidence: Mapping[int, Line], frame: Question
    ) -> Proof:
        prover = Prover(evidence, frame, self.library.gazetteer, Nearness(self.library.text_embedder))
        return prover.prove(text, numbers)
