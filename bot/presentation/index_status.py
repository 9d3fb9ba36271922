"""How far the indexes of a machine are, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.messages import Messages
    from retrieval.index.status import Standing


def told_of(standing: Standing, said: Messages) -> str:
    """Tell up to which version of the library each index has come."""
    told = {"version": standing.version, "words": standing.words}
    if standing.vectors is None:
        return said.say("standing_words", **told)
    return said.say("standing", **told, vectors=standing.vectors)
