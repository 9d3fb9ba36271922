"""People in chats: they write, mention, reply, and tap only buttons that they can see."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stage.messages import BOT
from stage.spec import units

if TYPE_CHECKING:
    from stage.proxy import Proxy

NUMBERS = itertools.count(1_000_001)
MENTION = f"@{BOT['username']}"


@dataclass
class Person:
    """Someone with a Telegram account."""

    id: int = field(default_factory=lambda: next(NUMBERS))
    first_name: str = "小明"
    language_code: str | None = "zh-hans"

    @property
    def user(self) -> dict[str, Any]:
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return user | ({"language_code": self.language_code} if self.language_code else {})


@dataclass
class Room:
    """A chat as one person sees it: a private one, a group, or a topic of a group."""

    proxy: Proxy
    person: Person = field(default_factory=Person)
    chat: dict[str, Any] | None = None
    topic: int | None = None
    heard: int = 0

    def __post_init__(self) -> None:
        if self.chat is None:
            self.chat = {"id": self.person.id, "type": "private", "first_name": self.person.first_name}
        self.proxy.chats.known[self.id] = self.chat

    @property
    def id(self) -> int:
        assert self.chat is not None
        return int(self.chat["id"])

    async def says(self, text: str, *, to: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write a text; ``to`` is a message that it replies to."""
        return await self.posts({"text": text, **entities(text)}, to=to)

    async def posts(self, content: dict[str, Any], *, to: dict[str, Any] | None = None) -> dict[str, Any]:
        """Post a message of any kind."""
        message = self.write(content, to=to)
        await self.proxy.inject({"message": message})
        return message

    def write(self, content: dict[str, Any], *, to: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make a message of this person, known to the server and not yet brought to the bot."""
        message: dict[str, Any] = {
            "message_id": next(NUMBERS),
            "date": int(time.time()),
            "chat": self.chat,
            "from": self.person.user,
            **content,
        }
        if self.topic is not None:
            message |= {"message_thread_id": self.topic, "is_topic_message": True}
        if to is not None:
            message["reply_to_message"] = {name: to[name] for name in to if name != "reply_to_message"}
        return self.proxy.chats.keep(message)

    async def taps(
        self, label: str, on: dict[str, Any] | None = None, *, stale: bool = False
    ) -> dict[str, Any]:
        """Tap a button of the last message that has any, or of the one given, as it stands now.

        A stale tap reaches the bot when it is too late to acknowledge it.
        """
        message = self._standing(on)
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        found = [button for button in buttons if button["text"] == label]
        assert len(found) == 1, f"no button {label!r} among {[button['text'] for button in buttons]}"
        query = {
            "id": str(next(NUMBERS)),
            "from": self.person.user,
            "message": {name: value for name, value in message.items() if name != "tree"},
            "chat_instance": str(self.id),
            "data": found[0]["callback_data"],
        }
        if not stale:
            self.proxy.queries.add(query["id"])
        await self.proxy.inject({"callback_query": query})
        return query

    async def opens(self, label: str, on: dict[str, Any] | None = None) -> dict[str, Any]:
        """Tap a button that changes its own message, and return that as it is then."""
        message = self._standing(on)
        await self.taps(label, on=message)
        return await self.sees(message)

    def _standing(self, on: dict[str, Any] | None) -> dict[str, Any]:
        if on is not None:
            return self.proxy.chats.messages[self.id, on["message_id"]]
        return [message for message in self.said() if "reply_markup" in message][-1]

    def said(self) -> list[dict[str, Any]]:
        """All that the bot has said here, as it stands now."""
        return self.proxy.chats.sent(self.id)

    async def hears(self) -> dict[str, Any]:
        """Wait for the next message of the bot in this chat that was not heard yet."""
        message = await self.proxy.until(lambda: self.said()[self.heard : self.heard + 1])
        self.heard += 1
        return message[0]

    async def sees(self, message: dict[str, Any]) -> dict[str, Any]:
        """Wait until ``message``, as it was heard or seen last, was edited; return it as it stands then."""
        place = (self.id, message["message_id"])
        return await self.proxy.until(
            lambda: after if (after := self.proxy.chats.messages[place]) is not message else None
        )


def unfolded(message: dict[str, Any]) -> list[str]:
    """Return the lines of a message that are not folded away."""
    raw = message["text"].encode("utf-16-le")
    folds = [one for one in message.get("entities", ()) if one["type"] == "expandable_blockquote"]
    for fold in sorted(folds, key=lambda one: -one["offset"]):
        raw = raw[: 2 * fold["offset"]] + raw[2 * (fold["offset"] + fold["length"] + 1) :]
    return raw.decode("utf-16-le").splitlines()


def bold(message: dict[str, Any]) -> list[str]:
    """Return the words of a message that stand in bold."""
    raw = message["text"].encode("utf-16-le")
    return [
        raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message.get("entities", ())
        if entity["type"] == "bold"
    ]


def entities(text: str) -> dict[str, Any]:
    """Mark mentions and commands as a client does."""
    found = []
    for word in text.split():
        offset, length = units(text[: text.index(word)]), units(word)
        if word.startswith("@") and len(word) > 1:
            found.append({"type": "mention", "offset": offset, "length": length})
        elif word.startswith("/") and text.startswith(word):
            found.append({"type": "bot_command", "offset": offset, "length": length})
    return {"entities": found} if found else {}
