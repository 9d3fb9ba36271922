"""What stands in the chats: sent and edited messages, checked and kept as Telegram's server does."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

from stage import markup, rich
from stage.spec import units

MAX_UNITS = 4096
MAX_BYTES = 32_768
MAX_DATA = 64
MAX_CAPTION = 1024
MAX_SIDES = 10_000  # pixels, width and height together

BOT = {"id": 7, "is_bot": True, "first_name": "城问", "username": "chengwen_test_bot"}


class RefusedError(Exception):
    """The server's refusal of a call, with its own words."""

    def __init__(self, description: str, code: int = 400) -> None:
        super().__init__(description)
        self.code = code


@dataclass
class Chats:
    """All chats of one bot: who they are, and every message in them in order."""

    known: dict[int, dict[str, Any]] = field(default_factory=dict)
    messages: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    order: list[tuple[int, int]] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)

    def chat(self, chat_id: int) -> dict[str, Any]:
        kind = "private" if chat_id > 0 else "supergroup"
        return self.known.get(chat_id, {"id": chat_id, "type": kind})

    def keep(self, message: dict[str, Any]) -> dict[str, Any]:
        place = (message["chat"]["id"], message["message_id"])
        if place not in self.messages:
            self.order.append(place)
        self.messages[place] = message
        return message

    def sent(self, chat_id: int | None = None) -> list[dict[str, Any]]:
        """The bot's own messages as they stand now, in the order in which they were sent."""
        return [
            self.messages[place]
            for place in self.order
            if place in self.messages
            and chat_id in (None, place[0])
            and self.messages[place]["from"]["id"] == BOT["id"]
        ]

    def draft(self, given: dict[str, str]) -> bool:
        """Keep a draft as a client shows it; only private chats have them."""
        chat = self.chat(int(given["chat_id"]))
        if chat["type"] != "private":
            raise RefusedError("Bad Request: method is available only for private chats")
        if int(given["draft_id"]) == 0:
            raise RefusedError("Bad Request: DRAFT_ID_INVALID")
        shown = content(given) if given.get("text") else {"text": ""}
        self.drafts.append({"chat": chat, "draft_id": int(given["draft_id"]), **shown})
        return True

    def new(self, given: dict[str, str], message_id: int) -> dict[str, Any]:
        """Make the message that a sendMessage brings about."""
        message: dict[str, Any] = {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": self.chat(int(given["chat_id"])),
            "from": BOT,
            **content(given),
        }
        if "message_thread_id" in given:
            message |= {"message_thread_id": int(given["message_thread_id"]), "is_topic_message": True}
        if replied := self.replied(given):
            message["reply_to_message"] = {
                name: value for name, value in replied.items() if name != "reply_to_message"
            }
        return message

    def attached(self, given: dict[str, str], message_id: int) -> dict[str, Any]:
        """Make the message that a sendDocument brings about; a client can open its file."""
        file = json.loads(given["document"])
        if units(given.get("caption", "")) > MAX_CAPTION:
            raise RefusedError("Bad Request: message caption is too long")
        return {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": self.chat(int(given["chat_id"])),
            "from": BOT,
            "caption": given.get("caption", ""),
            "document": {"file_id": "f", "file_unique_id": "u", "file_name": file["name"]},
            "content": file["content"],
        }

    def pictured(self, given: dict[str, str], message_id: int) -> dict[str, Any]:
        """Make the message that a sendPhoto brings about; what is no picture, or too large, is refused."""
        content = json.loads(given["photo"])["content"].encode("latin-1")
        if units(given.get("caption", "")) > MAX_CAPTION:
            raise RefusedError("Bad Request: message caption is too long")
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        sides = sorted((width, height))
        if not content.startswith(b"\x89PNG") or sides[1] > 20 * sides[0] or width + height > MAX_SIDES:
            raise RefusedError("Bad Request: PHOTO_INVALID_DIMENSIONS")
        size = {"file_id": "f", "file_unique_id": "u", "width": width, "height": height}
        return {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": self.chat(int(given["chat_id"])),
            "from": BOT,
            "caption": given.get("caption", ""),
            "photo": [size],
            **keyboard(given),
        }

    def replied(self, given: dict[str, str]) -> dict[str, Any] | None:
        """Return the message that is replied to; an unknown one is refused, unless that was allowed."""
        if "reply_parameters" not in given:
            return None
        reply = json.loads(given["reply_parameters"])
        found = self.messages.get((int(given["chat_id"]), reply["message_id"]))
        if found is None and not reply.get("allow_sending_without_reply"):
            raise RefusedError("Bad Request: message to be replied not found")
        return found

    def edited(self, given: dict[str, str]) -> dict[str, Any]:
        """Make what an editMessageText brings about; an unknown or unchanged message is refused."""
        before = self.at(given, "edit")
        gone = ("text", "entities", "reply_markup", "rich_message", "tree")
        after = {name: value for name, value in before.items() if name not in gone}
        after |= content(given)
        _check_changed(before, after)
        return {**after, "edit_date": int(time.time())}

    def remarked(self, given: dict[str, str]) -> dict[str, Any]:
        """Make what an editMessageReplyMarkup brings about."""
        before = self.at(given, "edit")
        after = {name: value for name, value in before.items() if name != "reply_markup"}
        after |= keyboard(given)
        _check_changed(before, after)
        return after

    def at(self, given: dict[str, str], what: str) -> dict[str, Any]:
        found = self.messages.get((int(given["chat_id"]), int(given["message_id"])))
        if found is None or found["from"]["id"] != BOT["id"]:
            raise RefusedError(f"Bad Request: message to {what} not found")
        return found


def _check_changed(before: dict[str, Any], after: dict[str, Any]) -> None:
    shown = ("text", "entities", "reply_markup", "rich_message")
    if [before.get(name) for name in shown] == [after.get(name) for name in shown]:
        raise RefusedError(
            "Bad Request: message is not modified: specified new message content and reply markup are"
            " exactly the same as a current content and reply markup of the message"
        )


def content(given: dict[str, str]) -> dict[str, Any]:
    """Read text, entities and keyboard of a call; what Telegram would refuse is refused in its words."""
    if "rich_message" in given:
        try:
            tree, told = rich.read(given["rich_message"])
        except rich.WrongError as why:
            raise RefusedError(f"Bad Request: can't parse rich message: {why}") from None
        return {"rich_message": told, "tree": tree, **keyboard(given)}
    raw = given.get("text", "")
    if len(raw.encode("utf-8")) > MAX_BYTES:
        raise RefusedError("Bad Request: Text is too long")
    entities: list[dict[str, Any]] = []
    text = raw.strip()
    if given.get("parse_mode") == "HTML":
        try:
            text, entities = markup.parse(raw)
        except markup.UnparsableError as why:
            raise RefusedError(f"Bad Request: can't parse entities: {why}") from None
    if not text:
        raise RefusedError("Bad Request: message text is empty")
    if units(text) > MAX_UNITS:
        raise RefusedError("Bad Request: message is too long")
    return {"text": text, **({"entities": entities} if entities else {}), **keyboard(given)}


def keyboard(given: dict[str, str]) -> dict[str, Any]:
    if "reply_markup" not in given:
        return {}
    read = json.loads(given["reply_markup"])
    for row in read.get("inline_keyboard", []):
        for button in row:
            if len(button.get("callback_data", "").encode()) > MAX_DATA:
                raise RefusedError("Bad Request: BUTTON_DATA_INVALID")
    # What a client shows in place of its keyboard does not come back with a message.
    return {"reply_markup": read} if "inline_keyboard" in read else {"_keyboard": read}
