"""The sentences that could answer a question, each with the passage that it was found in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from answering.candidates.annotation import Annotation, annotate
from answering.evidence.lines import Line, of_passage, share
from answering.evidence.pooled_passage import PlaceRelation
from retrieval.places.table import COUNTRY
from retrieval.values.documents import Genre

if TYPE_CHECKING:
    from answering.evidence.context import QuestionContext
    from answering.evidence.pooled_passage import PooledPassage
    from answering.values.hypothesis import Hypothesis


@dataclass(frozen=True, eq=False)
class SentenceCandidate:
    """A sentence that could answer, with the passage that it was found in."""

    line: Line
    found: PooledPassage

    @cached_property
    def annotation(self) -> Annotation:
        """The state and time of the sentence."""
        return annotate(self.line.text, self.line.passage, self.line.document)


def sentence_candidates(context: QuestionContext) -> list[SentenceCandidate]:
    """Return the sentences of the passages found for the hypothesis of ``context``, prefaces left out.

    What another place says is no answer; nor is what a wider place says without a word of the one asked of,
    nor the figure of a part for the whole.
    """
    made = [
        SentenceCandidate(line=line, found=found)
        for found in context.pooled()
        if found.hit.document.genre is not Genre.PREFACE and _may_tell(found, context.hypothesis)
        for line in of_passage(found.hit.passage, found.hit.document, score=share(found.hit))
    ]
    for one in made:
        context.seen.setdefault(one.line.key, one.line)
    return made


def _may_tell(found: PooledPassage, hypothesis: Hypothesis) -> bool:
    if found.relation is PlaceRelation.INNER:
        return not hypothesis.unit_classes and hypothesis.places != (COUNTRY.name,)
    return found.relation not in (PlaceRelation.OTHER, PlaceRelation.WIDER)
