"""Inline mode: what a person types after the bot's name in any chat, what is offered, what they choose."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stage.messages import RefusedError, content
from stage.people import MENTION, NUMBERS

if TYPE_CHECKING:
    from stage.people import Person
    from stage.proxy import Proxy

STALE = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NONE: dict[str, Any] = {"text": ""}  # what stands where nothing was sent yet
MOST = 50  # results an answer
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are the same"
)


@dataclass
class Inline:
    """All inline queries of one bot, their answers, and the messages that people sent of them."""

    open: set[str] = field(default_factory=set)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answered(self, given: dict[str, str]) -> bool:
        """Keep an answer to a query; what the server would refuse is refused in its words."""
        name = given["inline_query_id"]
        if name not in self.open:
            raise RefusedError(STALE)
        results = json.loads(given["results"])
        if len(results) > MOST:
            raise RefusedError("Bad Request: RESULTS_TOO_MUCH")
        names = [result["id"] for result in results]
        if len(set(names)) < len(names) or not all(1 <= len(one.encode()) <= 64 for one in names):
            raise RefusedError("Bad Request: RESULT_ID_INVALID")
        for result in results:
            result["shown"] = _message(result)
        self.open.discard(name)
        self.answers[name] = {**given, "results": results}
        return True

    def replied(self, given: dict[str, str]) -> str:
        """Send the reply to a call from a chat where the bot is a guest, once, and return its id."""
        name = given["guest_query_id"]
        if name not in self.open:
            raise RefusedError(STALE)
        self.open.discard(name)
        self.messages[name] = _message(json.loads(given["result"]))
        return name

    def edited(self, given: dict[str, str]) -> bool:
        """Change a message that was sent by way of the bot; only one with buttons is within its reach."""
        name = given["inline_message_id"]
        before = self.messages.get(name)
        if before is None or "reply_markup" not in before:
            raise RefusedError("Bad Request: MESSAGE_ID_INVALID")
        after = content(given)
        if after == before:
            raise RefusedError(UNCHANGED)
        self.messages[name] = after
        return True


def _message(result: dict[str, Any]) -> dict[str, Any]:
    """Return what stands in a chat when a result is sent."""
    told = result["input_message_content"]
    given = {"text": told["message_text"], "parse_mode": told.get("parse_mode", "")}
    if "reply_markup" in result:
        given["reply_markup"] = json.dumps(result["reply_markup"])
    return content(given)


@dataclass
class Field:
    """The field in which a person types ``@bot …``, in a chat that the bot need not know."""

    proxy: Proxy
    person: Person

    async def types(self, text: str, *, offset: str = "", stale: bool = False) -> str:
        """Type, and return the id of the query that this makes."""
        name = str(next(NUMBERS))
        if not stale:
            self.proxy.inline.open.add(name)
        query = {"id": name, "from": self.person.user, "query": text, "offset": offset, "chat_type": "group"}
        await self.proxy.inject({"inline_query": query})
        return name

    async def sees(self, name: str) -> dict[str, Any]:
        """Wait for the answer to a query."""
        return await self.proxy.until(lambda: self.proxy.inline.answers.get(name))

    async def asks(self, text: str, *, offset: str = "") -> dict[str, Any]:
        """Type, and wait for what is offered."""
        return await self.sees(await self.types(text, offset=offset))

    def sends(self, result: dict[str, Any]) -> str:
        """Choose a result, and return the id of the message that now stands in the chat."""
        name = f"inline{next(NUMBERS)}"
        self.proxy.inline.messages[name] = result["shown"]
        return name

    async def chooses(self, result: dict[str, Any]) -> str:
        """Choose a result of a bot that Telegram tells of it, and return the id of the message."""
        name = self.sends(result)
        chosen = {
            "result_id": result["id"],
            "from": self.person.user,
            "query": "…",
            "inline_message_id": name,
        }
        await self.proxy.inject({"chosen_inline_result": chosen})
        return name

    async def taps(self, label: str, message: str, *, by: Person | None = None) -> None:
        """Tap a button of a message that was sent by way of the bot."""
        shown = self.proxy.inline.messages[message]
        buttons = [button for row in shown["reply_markup"]["inline_keyboard"] for button in row]
        (found,) = [button for button in buttons if button["text"] == label]
        query = {
            "id": str(next(NUMBERS)),
            "from": (by or self.person).user,
            "inline_message_id": message,
            "chat_instance": "1",
            "data": found["callback_data"],
        }
        self.proxy.queries.add(query["id"])
        await self.proxy.inject({"callback_query": query})

    async def becomes(self, message: str, words: str) -> dict[str, Any]:
        """Wait until a message says ``words``."""
        return await self.proxy.until(
            lambda: shown if words in (shown := self.proxy.inline.messages[message])["text"] else None
        )


@dataclass
class GuestRoom:
    """A group where the bot is no member, as one person sees it who calls it there."""

    proxy: Proxy
    person: Person
    chat: dict[str, Any] = field(default_factory=lambda: {"id": -1007, "type": "supergroup", "title": "邻里"})

    async def calls(self, text: str, *, to: dict[str, Any] | None = None) -> str:
        """Write to the bot, in reply to a message if need be, and return the id of the call."""
        name = f"guest{next(NUMBERS)}"
        self.proxy.inline.open.add(name)
        message: dict[str, Any] = {
            "message_id": next(NUMBERS),
            "date": 1,
            "chat": self.chat,
            "from": self.person.user,
            "guest_query_id": name,
            "text": text,
        }
        if MENTION in text:
            at = text.index(MENTION)
            message["entities"] = [{"type": "mention", "offset": at, "length": len(MENTION)}]
        if to is not None:
            message["reply_to_message"] = {"message_id": next(NUMBERS), "date": 1, "chat": self.chat, **to}
        await self.proxy.inject({"guest_message": message})
        return name

    async def hears(self, name: str, words: str = "") -> dict[str, Any]:
        """Wait until the reply to a call says ``words``."""
        return await self.proxy.until(
            lambda: (
                shown
                if words in (shown := self.proxy.inline.messages.get(name, NONE))["text"]
                and shown is not NONE
                else None
            )
        )
