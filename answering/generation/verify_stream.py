"""Hear what a model says to one question: each unit is judged, and what is proved becomes a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from answering.generation.figure_printing import in_digits, strays, undated
from answering.generation.sufficiency import Kept
from answering.generation.unit import GeneratedSentence, utterance
from answering.question.scope import told_by
from answering.values.answer import Statement, StatementKind
from answering.values.trace import Judged, Verdict
from answering.verification.generated import prove_written
from retrieval.text.normalize import bigrams, fold, squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.generation.evidence_prompt import Pack
    from answering.generation.sufficiency import Topic

_HEAD = re.compile(r"(?P<lead>[^：:，,。；;“”\"]{2,40}?)\s?[：:]\s*(?=\S)")
_QUOTED = 8  # characters from which words that stand in one sentence of the evidence name it by themselves
_END = "。；;，, "
_TOLD = 0.7  # share of a sentence's word pairs that must stand outside the orders
# What may be wrong with nothing but the number.
_MISCITED = (
    Verdict.UNCITED, Verdict.FIGURE, Verdict.PLACE, Verdict.TIME, Verdict.QUOTATION, Verdict.SUPPORT
)  # fmt: skip


@dataclass
class StreamVerifier:
    """One round of a model's sentences; ``attempt`` is 2 for the repair round."""

    desk: QuestionContext
    pack: Pack
    topic: Topic
    attempt: int = 1
    kept: list[Kept] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)

    def hear(self, unit: str) -> Kept | None:
        """Judge one unit of the model's text; return it as a statement if it is proved."""
        said = utterance(unit)
        if said is None:
            return None
        numbers = said.numbers
        verdict, why, kept = self._judge(said, numbers)
        if verdict in _MISCITED and (quoted := self._quoted(said.text)):
            numbers = quoted
            verdict, why, kept = self._judge(said, numbers)
        self.judged.append(
            Judged(text=said.text, cited=numbers, verdict=verdict, why=why, attempt=self.attempt)
        )
        if kept is not None:
            self.kept.append(kept)
        return kept

    @property
    def silent(self) -> bool:
        """Whether the model said, and nothing else that holds, that the texts do not tell."""
        return not self.kept and any(one.verdict is Verdict.SILENT for one in self.judged)

    @property
    def echoes(self) -> int:
        """How many of the last units said what had been said before."""
        last = [one.verdict is Verdict.REPEATED for one in reversed(self.judged)]
        return last.index(False) if False in last else len(last)

    def _judge(self, said: GeneratedSentence, numbers: Sequence[int]) -> tuple[Verdict, str, Kept | None]:
        if said.silent:
            return Verdict.SILENT, "", None
        if any(squash(said.text).strip(_END) in squash(one.statement.text) for one in self.kept):
            return Verdict.REPEATED, "", None
        proof = prove_written(
            said.text,
            numbers,
            self.pack.lines,
            frame=self.desk.question,
            lexicon=self.desk.lexicon,
            gazetteer=self.desk.library.gazetteer,
        )
        if proof.verdict is not Verdict.KEPT:
            return proof.verdict, proof.why, None
        text = undated(in_digits(proof.text), proof.lines)
        if stray := strays(text, proof.lines, self.desk.question.asked):
            return Verdict.FIGURE, "、".join(stray), None
        if _ordered(text, proof.lines):
            return Verdict.ORDER, "", None
        if not self.topic.holds(text, proof.lines):
            return Verdict.OFF_TOPIC, "", None
        statement = self._statement(text, proof.lines, item=said.item)
        return Verdict.KEPT, "", Kept(statement=statement, lines=proof.lines)

    def _statement(self, text: str, lines: Sequence[Line], *, item: bool) -> Statement:
        """Return a proved sentence, its place set apart, or put before it where several are asked about."""
        place = lines[0].document.place or ""
        called = self.desk.called(place)
        head = _HEAD.match(text)
        if head and self._names(head["lead"], place):
            return _written(text[head.end() :], lead=called, item=item)
        named = place in text or bool(self.desk.library.gazetteer.find(text, prefer=(place,)))
        several = len(self.desk.question.places) != 1
        return _written(text, lead=called if several and place and not named else "", item=item)

    def _names(self, head: str, place: str) -> bool:
        found = self.desk.library.gazetteer.find(head, prefer=(place,)) if place else ()
        return len(found) == 1 and found[0].place.name == place

    def _quoted(self, text: str) -> tuple[int, ...]:
        """Return the number of the one sentence that holds these very words: that names their source."""
        words = squash(_HEAD.sub("", text, count=1)).strip(_END)
        if len(words) < _QUOTED:
            return ()
        holding = [n for n, line in self.pack.lines.items() if words in squash(line.text)]
        return tuple(holding) if len(holding) == 1 else ()


def _ordered(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether a sentence rests on the orders that a passage gives, and not on what else it tells."""
    parted = [told_by(line.folded) for line in lines]
    if not any(ordered for _, ordered in parted):
        return False
    told = set(bigrams(fold("|".join(rest for rest, _ in parted))))
    said = [gram for gram in bigrams(fold(text)) if len(gram) > 1]
    return sum(gram in told for gram in said) < _TOLD * len(said)


def _written(text: str, *, lead: str, item: bool) -> Statement:
    return Statement(text=text.strip(), manner=StatementKind.WRITTEN, lead=lead, level=int(item))
