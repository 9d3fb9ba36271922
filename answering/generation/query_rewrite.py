"""Let a model complete a question from the conversation; its words count only where they add nothing new."""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answering.generation.evidence_prompt import fence, neutral
from answering.llm.protocol import ChatMessage, Role
from answering.llm.recorded_call import Calling
from answering.question.follow_up import subject
from answering.question.parser import read
from answering.values.answer import Language
from retrieval.quantities import figures, years
from retrieval.text.normalize import bigrams, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answering.generation.compose import Writer
    from answering.question.parser import Known, Question
    from answering.values.answer import Turn
    from answering.values.trace import Call

_TURNS = 6  # of the conversation that the model is shown
_CLIPPED = 160  # characters of each
_LONGEST = 200  # characters of a question
_TOKENS = 80
_TAKEN = 0.85  # share of a rewritten question's word pairs that must stand in the conversation
_KEPT = 0.6  # share of the new question's own word pairs that the rewritten one must keep
_LABEL = re.compile(r"^(改写|问题|rewritten|question)\s*[：:]\s*", re.IGNORECASE)
_ROLES = {"user": ("问：", "Q: "), "assistant": ("答：", "A: ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What came of it: the question as the model completes it, or None, and the call's record."""

    question: Question | None
    call: Call


async def rewrite(question: Question, history: Sequence[Turn], *, writer: Writer, known: Known) -> Rewriting:
    """Ask the model for a question that stands by itself. Raises ModelError."""
    language = "en" if question.language is Language.EN else "zh"
    prompt = writer.prompts.get("rewrite", language)
    shown = prompt.fill(fence=fence(), history=_told(history, language), question=neutral(question.asked))
    call = Calling(writer.model, "rewrite", prompt.version)
    async with aclosing(call.pieces([ChatMessage(role=Role.USER, content=shown)], limit=_TOKENS)) as pieces:
        async for _ in pieces:
            if "\n" in call.text.strip():
                break
    said = _LABEL.sub("", next(iter(call.text.strip().splitlines()), "").strip(" “”\"'「」"))
    return Rewriting(question=_sound(said, question, history, known), call=call.record)


def _told(history: Sequence[Turn], language: str) -> str:
    at = 1 if language == "en" else 0
    return "\n".join(
        _ROLES[turn.role][at] + neutral(turn.content)[:_CLIPPED]
        for turn in history[-_TURNS:]
        if turn.role in _ROLES and turn.content.strip()
    )


def _sound(said: str, question: Question, history: Sequence[Turn], known: Known) -> Question | None:
    """Return the rewritten question if all of it comes from the conversation, its places included."""
    if not 2 < len(said) <= _LONGEST:
        return None
    frame = read(said, known=known)
    told = "\n".join((*(turn.content for turn in history[-_TURNS:]), question.asked))
    same = {*frame.places, *frame.strangers} == {*question.places, *question.strangers}
    if frame.reason or not same or not _drawn(said, told) or not _keeps(said, question):
        return None
    return replace(frame, asked=question.asked, completed=True, rewritten=True)


def _keeps(said: str, question: Question) -> bool:
    """Tell whether the rewritten question still asks what the own words ask (办结率 of 办结率呢？)."""
    own = [gram for gram in bigrams(subject(question.own or question.folded)) if len(gram) > 1]
    there = set(bigrams(fold(said)))
    return sum(gram in there for gram in own) >= _KEPT * len(own)


def _drawn(said: str, told: str) -> bool:
    known = {(f.value, f.unit) for f in figures(told)}
    if any((f.value, f.unit) not in known for f in figures(said)) or set(years(said)) - set(years(told)):
        return False
    pairs = [gram for gram in bigrams(fold(said)) if len(gram) > 1]
    there = set(bigrams(fold(told)))
    return sum(gram in there for gram in pairs) >= _TAKEN * len(pairs)
