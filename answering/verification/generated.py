"""Prove one sentence that a model wrote by the sentences of the evidence it cites; no model is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answering.values.trace import Verdict
from answering.verification import figures as figure_gate
from answering.verification import places as place_gate
from answering.verification import polarity, wording
from answering.verification.claim import Claim, undressed
from answering.verification.neutral_words import asked_of
from answering.verification.no_answer import tells_nothing
from retrieval.quantities import figures
from retrieval.text.normalize import clauses, squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from answering.evidence.lines import Line
    from answering.lexicon.thesaurus import Lexicon
    from answering.question.parser import Question
    from answering.verification.claim import Scope
    from retrieval.places.gazetteer import Gazetteer

_RULE = re.compile(r"[\s|:—–-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the gates say of one sentence."""

    verdict: Verdict
    text: str  # the sentence as it may be shown: unproved quotation marks left out
    lines: tuple[Line, ...] = ()  # the cited sentences that carry it; what adds nothing is left out
    cited: tuple[int, ...] = ()  # their numbers as the model saw them
    why: str = ""  # what failed: the figure, the place, the words

    @property
    def kept(self) -> bool:
        """Whether the sentence may be shown."""
        return self.verdict is Verdict.KEPT


def prove_written(
    text: str,
    numbers: Sequence[int],
    evidence: Mapping[int, Line],
    *,
    frame: Question,
    lexicon: Lexicon,
    gazetteer: Gazetteer,
) -> Proof:
    """Return the proof of ``text``, a sentence without its markers, by the evidence that it names."""
    bare = undressed(text)
    if tells_nothing(bare):
        return Proof(verdict=Verdict.SILENT, text=text)
    cited = tuple(n for n in dict.fromkeys(numbers) if n in evidence)
    if not cited or _RULE.fullmatch(bare):
        return Proof(verdict=Verdict.UNCITED, text=text)
    if _only_leads(bare, [evidence[n] for n in cited]):
        return Proof(verdict=Verdict.SUPPORT, text=text, cited=cited, why=bare)
    desk = _Desk(bare, evidence, frame, lexicon, gazetteer)
    verdict, why = desk.judge(cited)
    if verdict is not Verdict.KEPT:
        return Proof(verdict=verdict, text=text, cited=cited, why=why)
    cited = desk.needed(cited)
    lines = tuple(evidence[n] for n in cited)
    return Proof(verdict=verdict, text=wording.plain_quotes(text, lines), lines=lines, cited=cited)


def _only_leads(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether a sentence only leads to others, in words of its own: 做法如下：."""
    return text.endswith((":", "：")) and not any(squash(text) in squash(x.text) for x in lines)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One sentence with what it is judged by."""

    bare: str
    evidence: Mapping[int, Line]
    frame: Question
    lexicon: Lexicon
    gazetteer: Gazetteer

    def needed(self, cited: tuple[int, ...]) -> tuple[int, ...]:
        """Leave out each number without which the sentence stands as well."""
        for number in reversed(cited):
            rest = tuple(n for n in cited if n != number)
            if rest and self.judge(rest)[0] is Verdict.KEPT:
                cited = rest
        return cited

    def judge(self, cited: Sequence[int]) -> tuple[Verdict, str]:
        """Take the sentence through the gates, in their order."""
        lines = tuple(self.evidence[n] for n in cited)
        claim = Claim(
            self.bare, lines, self.gazetteer, self.lexicon, self.frame.places, figures(self.frame.folded)
        )
        places = {x.document.place for x in lines if x.document.place}
        if not claim.figures and not claim.words.size:
            return Verdict.SUPPORT, claim.text
        scopes = claim.scopes(places | set(self.frame.places))
        if found := place_gate.strange(claim, lines):
            return Verdict.PLACE, found
        if not any(s.places for s in scopes) and (found := place_gate.unasked(lines, self.frame)):
            return Verdict.PLACE, found
        for scope in scopes:
            verdict = self._judge_scope(claim, scope, lines)
            if verdict[0] is not Verdict.KEPT:
                return verdict
        return Verdict.KEPT, ""

    def _judge_scope(self, claim: Claim, scope: Scope, lines: Sequence[Line]) -> tuple[Verdict, str]:
        for place in scope.places or ("",):
            held = place_gate.of_place(lines, place) if place else list(lines)
            if not held:
                return Verdict.PLACE, place
            verdict = self._judge_stretch(claim, scope, held)
            if verdict[0] is not Verdict.KEPT:
                return verdict
        return Verdict.KEPT, ""

    def _judge_stretch(self, claim: Claim, scope: Scope, lines: Sequence[Line]) -> tuple[Verdict, str]:
        text = claim.folded[scope.start : scope.end]
        faults = self._faults(claim, scope, lines, text)
        return next(((verdict, why) for verdict, why in faults if why), (Verdict.KEPT, ""))

    def _faults(
        self, claim: Claim, scope: Scope, lines: Sequence[Line], text: str
    ) -> Iterator[tuple[Verdict, str]]:
        """Give the word of each gate in turn; an empty one lets the claim pass."""
        asked = asked_of(self.frame.content)
        yield Verdict.FIGURE, figure_gate.fault(claim, scope, lines, asked)
        yield Verdict.TIME, place_gate.wrong_time(claim, scope, lines)
        yield Verdict.QUOTATION, wording.false_quote(claim, scope, lines)
        yield Verdict.SUPPORT, wording.unsupported(claim.words.part(scope.start, scope.end), lines)
        yield Verdict.SUPPORT, wording.overstated(text, lines) or wording.dangling(text, lines, self.lexicon)
        yield Verdict.POLARITY, polarity.contradicted(text, lines)
        yield Verdict.TENSE, polarity.mistold([text[s.start : s.end] for s in clauses(text)], lines)
