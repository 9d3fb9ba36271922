"""Evidence as a chat model sees it: numbered sentences, fenced, under place and date, within a budget."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from answering.evidence.lines import Line, of_passage
from retrieval.text.tokens import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What a text may hold to pass for a number, a fence or a role of ours: it is shown in other brackets.
_MARKER = re.compile(
    r"[\[［【〖]\s*+((?:来源|资料|注|source|ref)?\s*+\^?\d[\d\s,，、\-–—]*+)[\]］】〗]", re.IGNORECASE
)
_ROLE = re.compile(r"<\s*\||\|\s*>|\[/?INST\]|<</?SYS>>|</?s>", re.IGNORECASE)
_APART = str.maketrans("<>[]|", "＜＞〔〕｜")
_SPACE = re.compile(r"\s+")
_HEADROOM = 24  # tokens: a fence, a head, and the words around


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The evidence of one call: sentences by their numbers, and the text that shows them."""

    lines: dict[int, Line]
    text: str
    fence: str


@dataclass
class _Chosen:
    """Passages taken so far, each with the sentences of it that fit."""

    budget: int
    taken: dict[str, list[Line]] = field(default_factory=dict)

    def add(self, line: Line) -> bool:
        """Take the passage of a sentence, or as much around it as fits; tell whether anything did."""
        if line.passage.id in self.taken:
            return False
        whole = of_passage(line.passage, line.document, score=line.score)
        kept = _around(whole, line, self.budget)
        if not kept:
            return False
        self.taken[line.passage.id] = kept
        self.budget -= sum(map(_cost, kept)) + _HEADROOM
        return True


def pack(ranked: Sequence[Line], *, budget: int, places: Sequence[str] = ()) -> Pack:
    """Choose from sentences, best first, what ``budget`` tokens hold; number it in the order of the texts.

    A sentence brings the others of its passage along. Where several places are asked about, they take turns,
    so that none is crowded out.
    """
    chosen = _Chosen(budget)
    for line in _in_turn(ranked, places):
        chosen.add(line)
    lines = sorted((x for kept in chosen.taken.values() for x in kept), key=_order)
    numbered = dict(enumerate(lines, 1))
    return Pack(lines=numbered, text=_shown(numbered), fence=fence())


def fence() -> str:
    """Return a boundary that no text can foresee."""
    return f"====={secrets.token_hex(4)}====="


def neutral(text: str) -> str:
    """Return others' words on one line, with nothing in them that could pass for a number or role of ours."""
    shown = _MARKER.sub(r"〔\1〕", _SPACE.sub(" ", text))
    return _ROLE.sub(lambda found: found[0].translate(_APART), shown)


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
    return count(line.text) + 4


def _order(line: Line) -> tuple[str, int]:
    return (line.document.id, line.start)


def _shown(numbered: dict[int, Line]) -> str:
    out: list[str] = []
    for document, group in groupby(numbered.items(), key=lambda item: item[1].document):
        told = (document.place or document.title, document.date or str(document.year or ""))
        out.append(f"（{neutral(' '.join(part for part in told if part))}）")
        out += [f"[{number}] {neutral(line.text)}" for number, line in group]
    return "\n".join(out)
