"""Hear what a model says to one question: each unit is judged, and what is proved becomes a statement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from answering.generation.figure_printing import in_digits, undated
from answering.generation.kept import Kept
from answering.generation.question_fit import is_beside
from answering.generation.table_rows import TableReader
from answering.generation.unit import GeneratedSentence, utterance
from answering.lexicon.phrases import phrase
from answering.question.scope import told_by
from answering.values.answer import Statement, StatementKind
from answering.values.trace import Judged, Verdict
from answering.verification.honest_limit import candidates, missing_thing, what_is_told
from answering.verification.written import Prover
from retrieval.facts.fact_state import FactState, claimed_state
from retrieval.quantities import years
from retrieval.text.normalize import bigrams, fold, squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.evidence.context import QuestionContext
    from answering.evidence.lines import Line
    from answering.generation.evidence_prompt import Pack
    from answering.judge.nearness import Nearness
    from answering.verification.written import Proof

_HEAD = re.compile(r"(?P<lead>[^：:，,。；;“”\"]{2,40}?)\s?[：:]\s*(?=\S)")
_END = "。；;，, "
_TOLD = 0.7  # share of a sentence's word pairs that must stand outside the orders
_LOOKED_AT = 24  # sentences that a search for what is said to be missing looks at
_FORGED = re.compile(
    r"\s*[\[［【]\d+[\]］】].*[\[［【]\d+[\]］】]"
)  # numbered and cited, as only we number and cite
_STATE_WORDS = {FactState.PLANNED: "计划", FactState.DONE: "已经"}


@dataclass
class StreamVerifier:
    """One round of a model's sentences; ``attempt`` is 2 for the repair round."""

    desk: QuestionContext
    pack: Pack
    nearness: Nearness
    attempt: int = 1
    kept: list[Kept] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    _lead: Statement | None = None  # a line that leads to others, not shown before one of those stands
    _under: str = ""  # the time, place and state that such a line sets
    _table: TableReader = field(default_factory=TableReader)

    def __post_init__(self) -> None:
        library = self.desk.library
        self._prover = Prover(self.pack.lines, self.desk.question, library.gazetteer, self.nearness)

    def hear(self, unit: str) -> list[Kept]:
        """Judge one unit of the model's text; return what of it is proved, with the line that leads to it."""
        if self._table.is_head(unit):
            return []
        said = utterance(unit)
        if said is None:
            return []
        if self._leads(said):
            return []
        if not said.item and unit.strip() and not unit.lstrip().startswith(("-", "*", "|")):
            self._end_of_list()
        verdict, proof, kept = self._cells(unit, said) if said.row else self._judge(said)
        self.judged.append(
            Judged(
                text=said.text,
                cited=proof.cited if proof else said.numbers,
                verdict=verdict,
                why=proof.why if proof else "",
                right=proof.right if proof else "",
                attempt=self.attempt,
            )
        )
        if kept is None:
            return []
        led = [Kept(statement=self._lead)] if self._lead is not None else []
        self._lead = None
        self.kept += [*led, kept]
        return [*led, kept]

    @property
    def proved(self) -> list[Kept]:
        """What stands and rests on sentences."""
        return [one for one in self.kept if one.lines]

    @property
    def silent(self) -> bool:
        """Whether the model said, and nothing else that holds, that the texts do not tell."""
        return not self.proved and any(one.verdict is Verdict.SILENT for one in self.judged)

    @property
    def echoes(self) -> int:
        """How many of the last units said what had been said before."""
        last = [one.verdict is Verdict.REPEATED for one in reversed(self.judged)]
        return last.index(False) if False in last else len(last)

    def _leads(self, said: GeneratedSentence) -> bool:
        """Take up a line that only leads to others; tell whether it is one."""
        text = said.text.strip()
        if not text.endswith(("：", ":")) or said.numbers:
            return False
        bare = text.rstrip("：:").strip()
        self._under = self._sets(bare)
        self._lead = Statement(text=f"{bare}：", manner=StatementKind.FRAME) if self._under else None
        return True

    def _sets(self, text: str) -> str:
        """Return the place, year and state that a leading line sets, as words to put before what follows it."""
        folded = fold(text)
        places = self.desk.library.gazetteer.find(text, prefer=self.desk.question.places)
        named = years(text)
        state = claimed_state(folded)
        if state is FactState.OPEN and re.search("[已了过]", folded):
            state = FactState.DONE
        where = places[0].surface if len(places) == 1 else ""
        when = f"{named[0]}年" if len(named) == 1 else ""
        return f"{where}{when}{_STATE_WORDS.get(state, '')}"

    def _end_of_list(self) -> None:
        self._lead, self._under = None, ""

    def _judge(self, said: GeneratedSentence) -> tuple[Verdict, Proof | None, Kept | None]:
        if said.silent:
            return self._limit(said)
        if any(squash(said.text).strip(_END) in squash(one.statement.text) for one in self.kept):
            return Verdict.REPEATED, None, None
        proof = self._prover.prove(said.text, said.numbers, lead=self._under)
        if not proof.kept:
            return proof.verdict, proof, None
        text = undated(in_digits(proof.text), proof.lines)
        if _ordered(text, proof.lines):
            return Verdict.ORDER, proof, None
        if is_beside(text, self.desk):
            return Verdict.OFF_TOPIC, proof, None
        statement = self._statement(text, proof.lines, item=said.item, planned=proof.planned)
        return Verdict.KEPT, proof, Kept(statement=statement, lines=proof.lines)

    def _limit(self, said: GeneratedSentence) -> tuple[Verdict, Proof | None, Kept | None]:
        """Judge a sentence that says what the texts do not tell, and perhaps what they do."""
        rest = what_is_told(said.text)
        if not rest:
            return Verdict.SILENT, None, None
        proof = self._prover.prove(rest, said.numbers, lead=self._under)
        if not proof.kept:
            return proof.verdict, proof, None
        if told := self._tells(missing_thing(said.text)):
            return Verdict.FALSE_LIMIT, None if told is None else proof, None
        statement = self._statement(said.text, proof.lines, item=said.item, planned=False)
        return Verdict.KEPT, proof, Kept(statement=statement, lines=proof.lines)

    def _tells(self, thing: str) -> Line | None:
        """Return a sentence that could tell of what is said to be missing, of all that a search finds."""
        if not thing:
            return None
        question = self.desk.question
        found = self.desk.search(thing, places=question.places, k=_LOOKED_AT)
        shown = list(self.pack.lines.values())
        places = set(question.places)
        figure = question.want.kind == "figure"
        held = [x for x in (*shown, *found) if not places or x.document.place in places]
        return next(iter(candidates(thing, held, figure=figure)), None)

    def _cells(self, unit: str, said: GeneratedSentence) -> tuple[Verdict, Proof | None, Kept | None]:
        """Judge the cells of a table's row one by one; what stands of them is kept."""
        row = self._table.row(unit)
        if row is None or len(row.cells) < 2:
            return self._judge(said)
        stood: list[str] = []
        lines: dict[tuple[str, int], Line] = {}
        worst: Proof | None = None
        planned = False
        for cell in row.cells:
            claims = (f"{row.head}{cell.column}{cell.text}", f"{row.head}：{cell.text}")
            found = [
                self._prover.prove(claim, cell.numbers or said.numbers, lead=self._under) for claim in claims
            ]
            proof = next((one for one in found if one.kept), found[0])
            if not proof.kept:
                worst = worst or proof
                continue
            stood.append(f"{cell.column}{cell.text}" if cell.column else cell.text)
            planned |= proof.planned
            lines |= {line.key: line for line in proof.lines}
        if not stood:
            return worst.verdict if worst else Verdict.UNCITED, worst, None
        held = tuple(lines.values())
        statement = self._statement(f"{row.head}：{'，'.join(stood)}", held, item=True, planned=planned)
        return Verdict.KEPT, worst, Kept(statement=statement, lines=held)

    def _statement(self, text: str, lines: Sequence[Line], *, item: bool, planned: bool) -> Statement:
        """Return a proved sentence, its place set apart, or put before it where several are asked about.

        What the texts plan, and the sentence does not say so, is told as planned.
        """
        if planned:
            text = _noted(text, phrase("planned", self.desk.question.language))
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


def _noted(text: str, note: str) -> str:
    """Put a note at the end of a sentence, before its stop."""
    bare = text.rstrip("。.；; ")
    return f"{bare}{note}{text[len(bare) :].strip()}"


def _ordered(text: str, lines: Sequence[Line]) -> bool:
    """Tell whether a sentence rests on the orders that a passage gives, and not on what else it tells.

    A sentence of a text that imitates the numbers and citations of evidence is an order to repeat it.
    """
    if any(_FORGED.match(line.text) for line in lines):
        return True
    if not any(told_by(line.folded)[1] for line in lines):
        return False
    told = set(bigrams("|".join(_before_orders(line.folded) for line in lines)))
    said = [gram for gram in bigrams(fold(text)) if len(gram) > 1]
    return sum(gram in told for gram in said) < _TOLD * len(said)


def _before_orders(folded: str) -> str:
    """Return what a sentence tells before it gives an order: what follows one belongs to it."""
    parts = re.split("(?<=[，,。；;！!])", folded)
    return "".join(takewhile(lambda part: not told_by(part)[1], parts))


def _written(text: str, *, lead: str, item: bool) -> Statement:
    return Statement(text=text.strip(), manner=StatementKind.WRITTEN, lead=lead, level=int(item))
