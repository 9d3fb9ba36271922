"""Whether an update can be worked on at all: one of the wrong shape is buried with a reason, and never tried.

Telegram keeps to the shapes of its documentation (https://core.telegram.org/bots/api#update). Others who know
the webhook's secret may not; what fails in an inbox would be tried again and again.
"""

from __future__ import annotations

import json
import re
from typing import Any

from telegram import Update

LARGEST = 2**63  # what a column for ids holds, the end exclusive
DEEPEST = 40  # objects in objects
PAGED = ("inline_query", "offset")  # a text of the bot's own, unlike the offset of an entity
RICH = "rich_message"  # in it a text may be a list; whatever reads it takes it as it comes
_NUMBERS = frozenset(
    {"update_id", "message_id", "date", "edit_date", "message_thread_id", "offset", "length", "file_size"}
    | {"duration", "width", "height", "migrate_to_chat_id", "migrate_from_chat_id"}
)
_TEXTS = frozenset(
    {"text", "caption", "data", "query", "first_name", "last_name", "username", "title", "file_id", "type"}
    | {"mime_type", "file_name", "language_code", "inline_message_id", "chat_instance", "media_group_id"}
)
_HAVE_NUMBERS = frozenset({"chat", "from", "sender_chat", "user", "via_bot", "new_chat_member"})
_OBJECTS = _HAVE_NUMBERS | {
    *("message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query"),
    *("chosen_inline_result", "my_chat_member", "chat_member", "reply_to_message", "document", "quote"),
}
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # where JSON may hold half of a surrogate pair
_HALF = re.compile("[\ud800-\udfff]")


def is_update(payload: str) -> bool:
    """Tell whether a text is JSON with an update's id, so that there is something to keep or to bury."""
    try:
        read = json.loads(payload)
    except (ValueError, RecursionError):  # the latter from brackets in brackets, thousands deep
        return False
    return isinstance(read, dict) and _is_number(read.get("update_id")) and read["update_id"] >= 0


def whole(payload: str) -> str:
    """Return an update's JSON with U+FFFD for halves of surrogate pairs, which nothing that follows takes."""
    if _HALVES.search(payload) is None:
        return payload
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", json.dumps(json.loads(payload), ensure_ascii=False))


def fault(update: dict[str, Any]) -> str | None:
    """Return what is wrong with the shape of an update, or None; its words are not repeated."""
    found = _fault(update, "", 0)
    if found is None:
        try:
            Update.de_json(update, None)
        except Exception as error:  # noqa: BLE001 - whatever a shape nobody foresaw makes of it
            return f"it can't be read ({type(error).__name__})"
    return found


def _fault(found: object, name: str, depth: int) -> str | None:
    if depth > DEEPEST:
        return "it is nested too deep"
    if isinstance(found, list):
        return next((told for one in found if (told := _fault(one, "", depth + 1))), None)
    if not isinstance(found, dict):
        return None
    for key, value in found.items():
        if key == RICH:
            continue
        if told := _unlike(name, key, value) or _fault(value, key, depth + 1):
            return told
    return None


def _unlike(name: str, key: str, value: object) -> str | None:
    """Return how the value under ``key``, in an object called ``name``, differs from what it has to be."""
    is_number = (key in _NUMBERS and (name, key) != PAGED) or (key == "id" and name in _HAVE_NUMBERS)
    if is_number and not _is_number(value):
        return f"{name or 'update'}.{key} is no whole number that an id can be"
    if key in _TEXTS and not isinstance(value, str):
        return f"{name or 'update'}.{key} is no text"
    if key in _OBJECTS and not isinstance(value, dict):
        return f"{name or 'update'}.{key} is no object"
    return None


def _is_number(value: object) -> bool:
    return type(value) is int and -LARGEST <= value < LARGEST
