"""Where an update comes from, and in which lane it waits for its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.store import ReceivedUpdate

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

ASKING = ("ask:", "fgc:", "del:")  # how taps begin that ask a question, or end the whole conversation


def is_passing(update: Mapping[str, object]) -> bool:
    """Tell whether an update is worth nothing in a few seconds."""
    return "inline_query" in update


def received(update: Mapping[str, Any], payload: str) -> ReceivedUpdate:
    """Return an update as the inbox keeps it."""
    _, chat, person = _whose(update)
    return ReceivedUpdate(
        update_id=int(update["update_id"]), payload=payload, chat=chat or 0, person=person or 0
    )


def lane(update: Mapping[str, object]) -> Hashable:
    """Name the lane of an update: what a person writes in a chat keeps its order, and so do taps, beside it.

    Nobody in a group waits for the answers to others.
    """
    return _whose(update)


def _whose(update: Mapping[str, object]) -> tuple[str, int | None, int | None]:
    """Return what kind an update is, the chat and the person."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        content = update.get(kind)
        if isinstance(content, dict):
            is_tap = kind == "callback_query"
            message = (content.get("message") or {}) if is_tap else content
            chat, person = message.get("chat", {}).get("id"), content.get("from", {}).get("id")
            # A question keeps its place among the others, however it is asked; so does what edits it.
            aside = is_tap and not str(content.get("data", "")).startswith(ASKING)
            return kind if aside or kind == "my_chat_member" else "message", chat, person
    return "other", None, None
