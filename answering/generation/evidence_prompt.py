"""Evidence as a chat model sees it: numbered sentences under document and heading, with their state, within a budget."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from answering.evidence.lines import Line, of_passage
from answering.judge.reading import read_text
from retrieval.facts.fact_state import FactState, heading_state
from retrieval.text.tokens import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from answering.evidence.lines import SearchableLibrary

# What a text may hold to pass for a number, a fence or a role of ours: it is shown in other brackets.
_MARKER = re.compile(
    r"[\[［【〖]\s*+((?:来源|资料|注|source|ref)?\s*+\^?\d[\d\s,，、\-–—]*+)[\]］】〗]", re.IGNORECASE
)
_ROLE = re.compile(r"<\s*\||\|\s*>|\[/?INST\]|<</?SYS>>|</?s>", re.IGNORECASE)
_APART = str.maketrans("<>[]|", "＜＞〔〕｜")
_SPACE = re.compile(r"\s+")
_HEADROOM = 24  # tokens: a fence, a head, and the words around
_STATES = {FactState.PLANNED: "目标", FactState.DONE: "已完成", FactState.REQUIRED: "规定"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The evidence of one call: sentences by their numbers, and the text that shows them."""

    lines: dict[int, Line]
    text: str
    fence: str


@dataclass
class _Chosen:
    """Sentences taken so far, by document, the documents in the order in which they were first wanted."""

    budget: int
    library: SearchableLibrary | None
    share: int  # tokens that one document may take whole
    taken: dict[str, dict[int, Line]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Take a sentence with as much around it as fits: its document, its section, its passage."""
        held = self.taken.get(line.document.id, {})
        if line.start in held or self.budget < _HEADROOM:
            return
        for stretch in self._stretches(line):
            new = [one for one in stretch if one.start not in held and not one.is_heading]
            cost = sum(map(_cost, new)) + _HEADROOM
            if new and cost <= self.budget:
                self._take(new, cost)
                return

    def _stretches(self, line: Line) -> Iterable[list[Line]]:
        """Give what may be taken for a sentence, the widest first."""
        if self.library is not None and line.document.id not in self.taken:
            whole = _of_document(line, self.library)
            if sum(map(_cost, whole)) <= self.share:
                yield whole
        if self.library is not None:
            section = _of_section(line, self.library)
            if sum(map(_cost, section)) <= self.share // 2:
                yield section
        passage = of_passage(line.passage, line.document, score=line.score)
        yield passage
        yield _around(passage, line, self.budget)

    def _take(self, lines: Sequence[Line], cost: int) -> None:
        held = self.taken.setdefault(lines[0].document.id, {})
        held.update((line.start, line) for line in lines)
        self.budget -= cost

    @property
    def lines(self) -> list[Line]:
        """All that was taken: documents as they were wanted, each in the order of its text."""
        return [held[start] for held in self.taken.values() for start in sorted(held)]


def pack(
    ranked: Sequence[Line],
    *,
    budget: int,
    library: SearchableLibrary | None = None,
    places: Sequence[str] = (),
) -> Pack:
    """Choose from sentences, best first, what ``budget`` tokens hold, and number it.

    A sentence brings its neighbours along: its whole document where that is short, its section, or its passage.
    Where several places are asked about, they take turns, so that none is crowded out. Headings come last: each
    brings all that is below it, and an outline would leave no room for the sentences that were found.
    """
    share = budget // (2 * max(1, len(places)))
    chosen = _Chosen(budget - _HEADROOM, library, share)
    for line in _in_turn(sorted(ranked, key=_is_heading), places):
        chosen.add(line)
    numbered = dict(enumerate(chosen.lines, 1))
    return Pack(lines=numbered, text=_shown(numbered), fence=fence())


def _of_document(line: Line, library: SearchableLibrary) -> list[Line]:
    return [x for p in library.passages(line.document.id) for x in of_passage(p, line.document)]


def _of_section(line: Line, library: SearchableLibrary) -> list[Line]:
    members = [p for p in library.passages(line.document.id) if p.heading == line.passage.heading]
    return [x for p in members for x in of_passage(p, line.document)]


def fence() -> str:
    """Return a boundary that no text can foresee."""
    return f"====={secrets.token_hex(4)}====="


def neutral(text: str) -> str:
    """Return others' words on one line, with nothing in them that could pass for a number or role of ours."""
    shown = _MARKER.sub(r"〔\1〕", _SPACE.sub(" ", text))
    return _ROLE.sub(lambda found: found[0].translate(_APART), shown)


def _is_heading(line: Line) -> bool:
    """Tell whether a line is a heading, also one that its text ends with a stop."""
    return line.is_heading or any(line.text.strip(" 。") in heading for heading in line.passage.heading)


def _in_turn(ranked: Sequence[Line], places: Sequence[str]) -> Iterable[Line]:
    if len(places) < 2:
        return ranked
    rank: dict[str | None, int] = {}
    turns = []
    for at, line in enumerate(ranked):
        turn = rank.get(line.document.place, 0)
        rank[line.document.place] = turn + 1
        turns.append((turn, at, line))
    return [line for _, _, line in sorted(turns, key=lambda one: one[:2])]


def _around(whole: Sequence[Line], line: Line, budget: int) -> list[Line]:
    """Return the sentences of a passage that fit: all, or those nearest to ``line``; none if it does not."""
    room = budget - _HEADROOM
    at = next((n for n, one in enumerate(whole) if one.start == line.start), 0)
    kept: list[int] = []
    for near in sorted(range(len(whole)), key=lambda n: (abs(n - at), n)):
        room -= _cost(whole[near])
        if room < 0:
            break
        kept.append(near)
    return [whole[n] for n in sorted(kept)]


def _cost(line: Line) -> int:
    return count(line.text) + 8


def _shown(numbered: dict[int, Line]) -> str:
    """Return the numbered sentences under their documents and headings, each with its state where that is known."""
    out: list[str] = []
    for _, same in groupby(numbered.items(), key=lambda item: item[1].document.id):
        group = list(same)
        document = group[0][1].document
        told = (document.place or "", str(document.year or document.date or ""), f"《{document.title}》")
        out.append(f"（{neutral(' '.join(part for part in told if part))}）")
        for heading, lines in groupby(group, key=lambda item: item[1].passage.heading):
            above = _state(heading_state(" / ".join(heading)))
            if heading:
                mark = f"（{above}）" if above else ""
                out.append(f"# {neutral(' / '.join(heading))}{mark}")
            for number, line in lines:
                own = _state(_state_of(line))
                mark = f"（{own}）" if own and own != above else ""
                out.append(f"[{number}] {neutral(line.text)}{mark}")
    return "\n".join(out)


def _state(state: FactState) -> str:
    return _STATES.get(state, "")


def _state_of(line: Line) -> FactState:
    """Return the state that all clauses of a sentence have; OPEN where they differ."""
    states = set(read_text(line.text, " / ".join(line.passage.heading)).states)
    return states.pop() if len(states) == 1 else FactState.OPEN
