"""People who ask, each in a chat of their own, and what became of each question."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from stage.people import Person, Room

from bot.telegram.formatting import keyboards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg
    from bringing import Bringing


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way."""

    update_id: int
    chat: int
    at: float


@dataclass
class Crowd:
    """People in private chats, who ask so that ``ahead`` questions wait at any time."""

    telegram: Bringing
    size: int
    questions: Sequence[str]
    ahead: int
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rooms = [Room(self.telegram, person=Person()) for _ in range(self.size)]

    @property
    def waiting(self) -> int:
        """How many questions are not answered, as far as messages tell."""
        return len(self.asked) - len(self.telegram.said)

    async def go_on(self, stop: asyncio.Event) -> None:
        """Ask, round and round, until ``stop`` is set."""
        while not stop.is_set():
            while self.waiting < self.ahead:
                await self._ask(len(self.asked))
            await asyncio.sleep(0.02)

    async def _ask(self, number: int) -> None:
        room = self.rooms[number % self.size]
        message = room.write({"text": self.questions[number % len(self.questions)]})
        update_id = await self.telegram.inject({"message": message})
        self.asked.append(Asked(update_id, room.id, monotonic()))

    def waits(self) -> list[float]:
        """Return the seconds from each question to the next message in its chat; inf where none came."""
        said: dict[int, list[float]] = defaultdict(list)
        for one in self.telegram.said:
            said[one.chat].append(one.at)
        return [
            min((at - one.at for at in said[one.chat] if at >= one.at), default=float("inf"))
            for one in self.asked
        ]

    def longest(self, at: float) -> float:
        """Return the longest wait of the questions that waited at a moment."""
        through = (
            wait for one, wait in zip(self.asked, self.waits(), strict=True) if one.at <= at < one.at + wait
        )
        return max(through, default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What became of questions, by their updates."""

    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    failed: Mapping[int, str]  # whose people were told to ask again, and why
    strange: int  # messages that answer none of them
    disordered: tuple[int, ...]  # chats in which the answers stand in another order than the questions


def outcomes(crowd: Crowd, store: psycopg.Connection[Any]) -> Outcomes:
    """Tell by the buttons under each answer, or by the store's parts, which question it is to.

    What has neither, since whoever sent it died before noting it, is told by its words: it came once more.
    """
    answers = dict(store.execute("SELECT id, update_id FROM answers").fetchall())
    parts = dict(store.execute("SELECT message_id, update_id FROM parts WHERE part >= 0").fetchall())
    known = {
        (message["chat"]["id"], message.get("text")): parts[message["message_id"]]
        for message in crowd.telegram.chats.sent()
        if message["message_id"] in parts
    }
    stand: dict[int, list[int]] = defaultdict(list)
    strange = 0
    for message in crowd.telegram.chats.sent():
        words = message["chat"]["id"], message.get("text")
        update_id = answers.get(_answer_of(message)) or parts.get(message["message_id"]) or known.get(words)
        if update_id is None:
            strange += 1
        else:
            stand[message["chat"]["id"]].append(update_id)
    times = Counter(update_id for found in stand.values() for update_id in found)
    due = Counter(parts.values())  # messages of each answer
    wanted = {one.update_id for one in crowd.asked}
    failed = dict(store.execute("SELECT update_id, kind || ': ' || message FROM failures").fetchall())
    firsts = {chat: list(dict.fromkeys(found)) for chat, found in stand.items()}
    return Outcomes(
        lost=tuple(sorted(wanted - set(times))),
        failed={one: why for one, why in failed.items() if one in wanted},
        doubled=tuple(sorted(update_id for update_id, count in times.items() if count > due[update_id])),
        strange=strange,
        disordered=tuple(chat for chat, found in firsts.items() if found != sorted(found)),
    )


def _answer_of(message: Mapping[str, Any]) -> str:
    """Return the id of the answer that a message's buttons carry, or "" where there are none."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", ()):
        for button in row:
            tap = keyboards.read(button.get("callback_data", ""))
            if tap is not None and tap.act == "s":
                return tap.fields[0]
    return ""
