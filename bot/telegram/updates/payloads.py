"""An update as JSON: whether it can be worked on at all, whose it is, and what goes on with its text.

One of the wrong shape is buried with a reason, and never tried. Telegram keeps to the shapes of its
documentation (https://core.telegram.org/bots/api#update). Others who know the webhook's secret may not; what
fails in an inbox would be tried again and again.
"""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.store import ReceivedUpdate
from bot.telegram.formatting import limits

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

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
    *(
        "guest_message",
        "business_connection",
        "chosen_inline_result",
        "my_chat_member",
        "chat_member",
        "reply_to_message",
        "document",
        "quote",
    ),
}
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # where JSON may hold half of a surrogate pair
_HALF = re.compile("[\ud800-\udfff]")
# Kinds that are no part of a conversation.
ASIDE = (
    "my_chat_member",
    "message_reaction",
    "chosen_inline_result",
    "guest_message",
    "business_connection",
)
ASKING = ("ask:", "fgc:", "del:")  # how taps begin that ask a question, or end the whole conversation
STOP_COMMAND = "/cancel"
STOP_DATA = "x:"  # how the data of a stop button begins
FULL = limits.MESSAGE_UNITS - 200  # units: clients part before a word rather than in it
CLOSE = 2  # seconds, in which Telegram counts: parts come within one, which may be the last of it
# What a part that goes on with another one may have: it is no reply, no forward and no file.
PLAIN = frozenset(
    {"message_id", "from", "chat", "date", "text", "entities", "link_preview_options"}
    | {"message_thread_id", "is_topic_message"}
)


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
            return _lacking(Update.de_json(update, None), update)
        except Exception as error:  # noqa: BLE001 - whatever a shape nobody foresaw makes of it
            return f"it can't be read ({type(error).__name__})"
    return found


def _lacking(read: Update, update: Mapping[str, object]) -> str | None:
    """Return what an update has to hold by its kind and does not; nothing of a kind that is not known yet."""
    for kind in update.keys() & set(Update.ALL_TYPES):
        content = getattr(read, kind)
        if content is None:
            return f"update.{kind} is empty"
        for name in _needed(content.__class__):
            if getattr(content, name, None) is None:
                return f"{kind}.{name} is missing"
    return None


@cache
def _needed(kind: type) -> tuple[str, ...]:
    """Return what an object of Telegram can't be without: the parameters that have no default."""
    given = list(inspect.signature(kind).parameters.values())
    return tuple(
        one.name for one in given if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    )


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


def is_urgent(update: Mapping[str, object]) -> bool:
    """Tell whether an update asks to stop something, so that it must not wait behind that very thing."""
    message, query = update.get("message"), update.get("callback_query")
    if isinstance(message, dict):
        return str(message.get("text", "")).startswith(STOP_COMMAND)
    return isinstance(query, dict) and str(query.get("data", "")).startswith(STOP_DATA)


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
    for kind in ("message", "edited_message", "callback_query", *ASIDE, "channel_post"):
        content = update.get(kind)
        if isinstance(content, dict):
            is_tap = kind == "callback_query"
            message = (content.get("message") or {}) if is_tap else content
            whose = content.get("from") or content.get("user") or {}
            chat, person = message.get("chat", {}).get("id"), whose.get("id")
            # A question keeps its place among the others, however it is asked; so does what edits it.
            aside = is_tap and not str(content.get("data", "")).startswith(ASKING)
            return kind if aside or kind in ASIDE else "message", chat, person
    return "other", None, None


def is_full(payload: str) -> bool:
    """Tell whether an update is a message that its sender's client may have cut off."""
    if 2 * len(payload) < FULL:
        return False
    return limits.units(_text(json.loads(payload))) >= FULL


def follows(first: str, second: str) -> bool:
    """Tell whether one update goes on with the text of another, of the same person in the same chat."""
    before, after = json.loads(first).get("message", {}), json.loads(second).get("message", {})
    held = {name for name, value in after.items() if value}
    goes_on = "text" in held and held <= PLAIN and not after["text"].startswith("/")
    return goes_on and 0 <= after.get("date", 0) - before.get("date", 0) <= CLOSE


def joined(payloads: Iterable[str]) -> str:
    """Put updates together into the first of them: one message with all their text."""
    first, *others = map(json.loads, payloads)
    message = first["message"]
    for other in others:
        text = message["text"]
        seam = "" if limits.units(text) % limits.MESSAGE_UNITS == 0 else "\n"
        moved = limits.units(text + seam)
        later = [{**one, "offset": one["offset"] + moved} for one in other["message"].get("entities", ())]
        message["text"] = text + seam + other["message"]["text"]
        message["entities"] = [*message.get("entities", ()), *later]
    return json.dumps(first, ensure_ascii=False)


def _text(update: dict[str, Any]) -> str:
    text = update.get("message", {}).get("text", "")
    return text if isinstance(text, str) else ""
