"""People who ask, and a count of what became of each question."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from stage.people import Person, Room

from bot.store import Store
from bot.telegram.formatting import keyboards

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pressure.direct import Direct


# Of questions that have an answer: an apology is none.
SENT = """
    SELECT message_id, update_id FROM parts JOIN answers USING (bot, update_id) WHERE part >= 0
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way."""

    update_id: int
    chat: int
    at: float


@dataclass
class Crowd:
    """People in private chats with the bot."""

    proxy: Direct
    size: int
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rooms = [Room(self.proxy, person=Person()) for _ in range(self.size)]

    async def ask(self, number: int, question: str) -> None:
        """Let the person ``number`` ask, counted round and round."""
        room = self.rooms[number % self.size]
        message = room.write({"text": question})
        update_id = await self.proxy.inject({"message": message})
        self.asked.append(Asked(update_id, room.id, monotonic()))

    @property
    def answered(self) -> int:
        """How many messages the bot sent."""
        return sum(one.method == "sendMessage" for one in self.proxy.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of questions, by their updates."""

    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    strange: tuple[str, ...]  # the words of messages that answer none of them
    disordered: tuple[int, ...]  # chats in which the answers stand in another order than the questions


def outcomes(crowd: Crowd, home: Path) -> Outcomes:
    """Tell by the buttons under the answers which question each one is to.

    The few answers that have none, since what was asked before changes them, are told by the store; one that
    a kill kept from being noted there, by its words, which stand in the chat once more.
    """
    messages = crowd.proxy.chats.sent()
    answered = _Kept(home, _ids(messages))
    noted = [answered.by(message) for message in messages]
    worded = {_words(one): update_id for one, update_id in zip(messages, noted, strict=True) if update_id}
    stand: dict[int, list[int]] = defaultdict(list)
    strange = []
    for message, known in zip(messages, noted, strict=True):
        update_id = known or worded.get(_words(message))
        if update_id is None:
            strange.append(_words(message)[1])
        else:
            stand[message["chat"]["id"]].append(update_id)
    times = Counter(update_id for found in stand.values() for update_id in found)
    wanted = {one.update_id for one in crowd.asked}
    return Outcomes(
        lost=tuple(sorted(wanted - set(times))),
        doubled=tuple(sorted(update_id for update_id, count in times.items() if count > 1)),
        strange=tuple(strange),
        disordered=tuple(chat for chat, found in stand.items() if _firsts(found) != sorted(set(found))),
    )


def _words(message: Mapping[str, Any]) -> tuple[int, str]:
    return message["chat"]["id"], message.get("text") or f"message {message['message_id']}"


def answer_of(message: Mapping[str, Any]) -> str:
    """Return the id of the answer that a message's buttons carry, or "" where there are none."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            tap = keyboards.read(button.get("callback_data", ""))
            if tap is not None and tap.act == "s":
                return tap.fields[0]
    return ""


def _ids(messages: Iterable[Mapping[str, Any]]) -> set[str]:
    return {found for message in messages if (found := answer_of(message))}


class _Kept:
    """Which update each answer is to, as the store has it."""

    def __init__(self, home: Path, answers: Iterable[str]) -> None:
        store = Store.open(home / "store.db")
        try:
            kept = {one: store.talks.answer(one) for one in answers}
        finally:
            store.close()
        self._answers = {one: found.update_id for one, found in kept.items() if found is not None}
        with closing(sqlite3.connect(home / "store.db")) as direct:
            self._messages = dict(direct.execute(SENT))

    def by(self, message: Mapping[str, Any]) -> int | None:
        """Return the update that a message answers."""
        return self._answers.get(answer_of(message)) or self._messages.get(message["message_id"])


def _firsts(found: Iterable[int]) -> list[int]:
    """Return each update once, where its first answer stands."""
    return list(dict.fromkeys(found))


def signs(crowd: Crowd) -> list[float]:
    """Return, for each question, the seconds until the next thing was seen in its chat."""
    seen: dict[int, list[float]] = defaultdict(list)
    for one in crowd.proxy.shown:
        seen[one.chat].append(one.at)
    return [
        min((at - one.at for at in seen[one.chat] if at >= one.at), default=float("inf"))
        for one in crowd.asked
    ]
