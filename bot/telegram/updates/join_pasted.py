"""Long texts that clients part as they are pasted: messages at Telegram's limit, the next close behind.

They are put together again, and are one message to all that comes after.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.telegram.formatting import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

FULL = limits.MESSAGE_UNITS - 200  # units: clients part before a word rather than in it
CLOSE = 2  # seconds, in which Telegram counts: parts come within one, which may be the last of it
# What a part that goes on with another one may have: it is no reply, no forward and no file.
PLAIN = frozenset(
    {"message_id", "from", "chat", "date", "text", "entities", "link_preview_options"}
    | {"message_thread_id", "is_topic_message"}
)


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
