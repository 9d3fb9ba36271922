"""Transcripts of questions and answers: whose turn it is, and which question a turn answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.text.normalize import Span

_TURN = re.compile(r"\**(?P<who>[^\s:：*。，；！？?、《》]{1,24})\**[:：]\**[ \t\u3000]*(?=\S)")
_ASKER = re.compile(r"记者|^问|提问|网友|听众|观众")
_HOST = re.compile(r"主持")
_ASKS = ("？", "?")
_FEWEST = 4  # turns that make a transcript
_SHARE = 0.25  # of them that ask


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechTurn:
    """What one person says: ``text[start:end]`` with the name, ``text[words:end]`` without it."""

    who: str
    start: int
    words: int
    end: int
    asks: bool
    question: int = -1  # the index of the turn that it answers


def turns(text: str, lines: Sequence[Span]) -> tuple[SpeechTurn, ...]:
    """Return the turns of a transcript in their order; none where a text is no transcript."""
    made: list[SpeechTurn] = []
    asked = -1
    for line in lines:
        found = _TURN.match(text, line.start, line.end)
        if found is None:
            if made:
                made[-1] = _longer(made[-1], line.end, text)
            continue
        who = found["who"].strip("[]【】")
        asks = bool(_ASKER.search(who)) or (text[line.start : line.end].endswith(_ASKS))
        made.append(SpeechTurn(who=who, start=line.start, words=found.end(), end=line.end, asks=asks))
    if len(made) < _FEWEST or sum(one.asks for one in made) < max(1, _SHARE * len(made)):
        return ()
    answered = []
    for at, one in enumerate(made):
        if one.asks:
            asked = at
        host = _HOST.search(one.who) is not None
        answered.append(one if one.asks or host or asked < 0 else _answering(one, asked))
    return tuple(answered)


def _longer(turn: SpeechTurn, end: int, text: str) -> SpeechTurn:
    asks = turn.asks or (bool(_ASKER.search(turn.who)) and text[:end].endswith(_ASKS))
    return SpeechTurn(who=turn.who, start=turn.start, words=turn.words, end=end, asks=asks)


def _answering(turn: SpeechTurn, question: int) -> SpeechTurn:
    return SpeechTurn(
        who=turn.who, start=turn.start, words=turn.words, end=turn.end, asks=False, question=question
    )
