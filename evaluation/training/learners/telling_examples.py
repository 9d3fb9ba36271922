"""Questions with sentences that tell what is asked and that do not, and answers that rest on one sentence.

The sentences are those found for questions on the training texts, those without the clause that answers, and
sentences of short texts and policies that share most with a question on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from answering.evidence.context import QuestionContext, known_of
from answering.lexicon import thesaurus
from answering.planning.answer_by_code import decided, proposals
from answering.planning.answer_decision import learned_answers
from answering.planning.answer_signals import answer_signals
from answering.planning.plan import likely_kinds, readings_of
from answering.planning.sentence_telling import (
    OF_ONE_SENTENCE,
    question_read,
    sentence_read,
    sentences_read,
    told_evidence,
)
from answering.scoring.ranking import Ranking
from evaluation.datasets.material import squeezed
from evaluation.datasets.training_questions import PASSAGE_SETS, read_set
from evaluation.training.learners.answer_fit import right
from evaluation.training.sentence_examples import answers, holds
from evaluation.verification.meaning.meaning_training import MeaningExample
from retrieval.text.normalize import bigrams, fold, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from answering.judge import ClaimEvidence
    from answering.values.hypothesis import QuestionKind
    from evaluation.datasets.material import SharedMaterial
    from evaluation.datasets.near_misses import AskedQuestion
    from evaluation.datasets.training_questions import TrainingQuestion
    from retrieval import Library

_LOOKED_AT, _BESIDE, _SILENT = 12, 4, 3  # sentences looked at; kept beside the evidence; kept without any
_WORTH = {"shared": 1.5, "written": 1.5, "by-law": 1.0, "speech": 1.0}  # what a question counts; others _MADE
_MADE = 0.5
# What a sentence counts in its question: evidence, one beside it that is not the first, one shown, one cut.
_EVIDENCE, _NEXT, _SHOWN, _CUT = 1.5, 0.5, 0.7, 0.8
_SHORT, _POLICIES = 600, 400  # questions of each set of short texts, and on policies
_NEAREST = 40  # sentences of a policy, by words shared with the question, among which the answer is sought
_LEAST = 8  # characters that a sentence without a clause has at least
_CLAUSE = re.compile("(?<=[，,；;。、])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswer:
    """An answer of one sentence: log-odds of the decision alone, whether it is right, indexes of examples."""

    odds: float
    right: bool
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TellingExamples:
    """What was gathered so far; ``evidence`` has the questions whose sentences are known, by their words."""

    evidence: Mapping[str, TrainingQuestion]
    sentences: list[MeaningExample] = field(default_factory=list)
    shown: list[ShownAnswer] = field(default_factory=list)

    def gather(self, library: Library, asked: Iterable[AskedQuestion]) -> None:
        """Add what a library has for questions; where the evidence is not known, facts tell it."""
        known, words = known_of(library), thesaurus.load()
        for one in asked:
            frame, kinds = readings_of(one.text, one.history, known=known)[0]
            if not frame.reason:
                desk = QuestionContext(frame, library, words, kinds[0])
                ranking = Ranking(desk)
                self._found(desk, ranking, one)
                self._answered(desk, ranking, one, likely_kinds(kinds))

    def _found(self, desk: QuestionContext, ranking: Ranking, asked: AskedQuestion) -> None:
        sure = self.evidence.get(asked.text)
        labelled = [
            (
                sentence_read(x.candidate.line),
                answers(x.candidate, sure) if sure and sure.quotes else _tells(x.candidate.line.text, asked),
            )
            for x in ranking.best[:_LOOKED_AT]
        ]
        told = [one for one, true in labelled if true]
        read, group, worth = question_read(desk, ranking), _group(asked), _worth(asked)
        if told or not asked.facts:
            self.sentences.extend(_examples(read, labelled, group, worth))
        if told:
            forms = [squeezed(form) for fact in asked.facts for form in fact]
            self.sentences.extend(without_clause(read, told[0], forms, group, worth))

    def _answered(
        self, desk: QuestionContext, ranking: Ranking, asked: AskedQuestion, kinds: Sequence[QuestionKind]
    ) -> None:
        """Add the first answer found, its first sentence to learn on and the next one to be told only."""
        read = question_read(desk, ranking)
        for compose, answer in proposals(desk, kinds, ranking):
            kept = sentences_read(desk, answer)
            if decided(compose, answer) or not kept:
                continue
            true = right(answer, asked)
            if compose.__name__ in OF_ONE_SENTENCE:
                at = len(self.sentences)
                odds = learned_answers().of(answer_signals(desk, ranking, answer, compose.__name__))
                indexes = tuple(range(at, at + len(kept)))
                self.shown.append(ShownAnswer(odds=odds, right=true, examples=indexes))
            for n, one in enumerate(kept):
                weight = 0.0 if n else _worth(asked) * _SHOWN
                self.sentences.append(_example(read, one, true=true, weight=weight, group=_group(asked)))
            return


def _group(asked: AskedQuestion) -> str:
    return asked.group.replace("2026年", "")[:2] or asked.text


def _worth(asked: AskedQuestion) -> float:
    return _WORTH.get(asked.origin.partition(",")[0], _MADE)


def _example(read: str, one: ClaimEvidence, *, true: bool, weight: float, group: str) -> MeaningExample:
    return MeaningExample(claim=read, evidence=[one], true=true, weight=weight, group=group)


def _tells(text: str, asked: AskedQuestion) -> bool:
    said = squeezed(text)
    return bool(asked.facts) and all(any(squeezed(form) in said for form in forms) for forms in asked.facts)


def _examples(
    read: str, labelled: Sequence[tuple[ClaimEvidence, bool]], group: str, worth: float
) -> Iterator[MeaningExample]:
    """Yield what tells and the nearest sentences that do not."""
    told = [one for one, true in labelled if true][:2]
    beside = [one for one, true in labelled if not true][: _BESIDE if told else _SILENT]
    for one in told:
        share = worth / len(told) * _EVIDENCE
        yield _example(read, one, true=True, weight=share, group=group)
    for n, one in enumerate(beside):
        share = worth * (_NEXT if n else 1.0)
        yield _example(read, one, true=False, weight=share, group=group)


def without_clause(
    read: str, told: ClaimEvidence, forms: Sequence[str], group: str, worth: float
) -> Iterator[MeaningExample]:
    """Yield a sentence that tells without its clauses that do: it speaks of the thing, and tells nothing."""
    parts = _CLAUSE.split(told.quote)
    kept = [part for part in parts if not any(form in squeezed(part) for form in forms)]
    text = "".join(kept)
    if forms and len(kept) < len(parts) and len(text) >= _LEAST:
        left = told_evidence(text, told.heading, told.place, told.year)
        yield _example(read, left, true=False, weight=worth * _CUT, group=group)


def short_texts(material: SharedMaterial) -> Iterator[MeaningExample]:
    """Yield sentences of short texts of the web and an encyclopedia for questions on them."""
    for name in PASSAGE_SETS:
        rows = _shuffled(read_set(material, name))
        for row in rows[:_SHORT]:
            forms = [squeezed(one) for one in row["answers"] if squeezed(one)]
            yield from _of_text(row, row["context"], "", forms, most=None)


def policies(material: SharedMaterial) -> Iterator[MeaningExample]:
    """Yield sentences of policies for citizens' questions on them."""
    texts = {row["id"]: row["text"] for row in read_set(material, "ncp_documents")}
    rows = [row for row in _shuffled(read_set(material, "ncp_queries")) if row["document"] in texts]
    for row in islice(rows, _POLICIES):
        text = texts[row["document"]]
        yield from _of_text(row, text, text[:24].strip(), [squeezed(row["answer"])], most=_NEAREST)


def _shuffled(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(rows)
    Random(5).shuffle(found)  # noqa: S311 - a choice of examples
    return found


def _of_text(
    row: dict[str, Any], text: str, heading: str, forms: Sequence[str], *, most: int | None
) -> Iterator[MeaningExample]:
    """Yield the sentence that answers and those nearest to the question, of a policy among ``most``."""
    question, group = row["question"], str(row["document"] if most else row["id"])
    pairs = set(bigrams(fold(question)))
    kept = [one for span in sentences(text) if len(one := text[span.start : span.end].strip()) > 4]
    near = sorted(kept, key=lambda one: -len(pairs & set(bigrams(fold(one)))) / (20 + len(one)) ** 0.5)[:most]

    def tells(one: str) -> bool:
        said = squeezed(one)
        return any(holds(said, form) if most else form in said for form in forms)

    told = [one for one in near if tells(one)][:1]
    if not told:
        return
    beside = [one for one in near if not tells(one)][: _BESIDE - 1]
    labelled = [(told_evidence(one, heading), one in told) for one in told + beside]
    yield from _examples(question, labelled, group, _MADE)
    if not most:
        yield from without_clause(question, labelled[0][0], forms, group, _MADE)
