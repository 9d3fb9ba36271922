"""The facts of a document's head, each with the line that tells it, and what should be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.presentation.rendering import TextStyle, line
from retrieval.parsing.origins import HeadFactOrigin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.messages import Messages
    from bot.presentation.rendering import Block
    from retrieval.parsing.origins import HeadFact


def previewed_facts(facts: Sequence[HeadFact], said: Messages, *, doubted: bool = False) -> Iterator[Block]:
    """Give a line for each fact, or with ``doubted`` for those alone that should be looked at."""
    for fact in facts:
        if fact.doubts or not doubted:
            yield line(_told(fact, said), style=TextStyle.PLAIN if fact.doubts else TextStyle.FAINT)


def _told(fact: HeadFact, said: Messages) -> str:
    name = said.say(f"head_{fact.name.value}")
    if fact.value is None:
        if fact.doubts:
            return said.say("head_missing", name=name, option=fact.name.value)
        return said.say("head_not_printed", name=name)
    if fact.origin is HeadFactOrigin.LINE:
        where = said.say("head_from_line", line=fact.line, words=fact.words)
    else:
        where = said.say(f"head_from_{fact.origin.value}")
    shown = said.say("head_fact", name=name, value=fact.value, where=where)
    doubts = (
        said.say(f"doubt_{one.value}", **({"other": fact.other} if one.value == "other_date" else {}))
        for one in fact.doubts
    )
    return " ".join((shown, *doubts))
