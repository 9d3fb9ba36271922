"""People in chats with a bot that is in trouble, one question each, and what became of it."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pressure.direct import TOKEN, Direct
from stage.people import Person, Room
from stage.proxy import shown, sourced
from stage.spec import Spec

from evaluation.faults.fault_home import QUESTION, ROOT, FaultHome, FaultOutcome, ended

if TYPE_CHECKING:
    import subprocess
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    Trouble = Callable[["Scene"], AbstractAsyncContextManager[object]]

SPEC = ROOT.parent / "shared" / "telegram" / "bot-api-10.1.json"
CHATS = 15  # that ask before the trouble, amid it and after it
AGAIN = "再发一次"
USUAL = re.compile("机器人是|停止")  # what a bot tells in good times
UP, ANSWERED, END = 600.0, 300.0, 120.0  # seconds on a busy machine


@dataclass
class Scene:
    """A bot with its Telegram, and those who ask it."""

    stand: FaultHome
    proxy: Direct
    rooms: list[Room] = field(default_factory=list)
    tapped: set[tuple[int, int]] = field(default_factory=set)
    process: subprocess.Popen[str] | None = None

    async def up(self) -> None:
        """Start the bot, and return when it takes updates."""
        begun = len(self.proxy.made("deleteWebhook"))
        self.process = self.stand.begin("bot")
        await self.proxy.until(lambda: len(self.proxy.made("deleteWebhook")) > begun, patience=UP)

    async def ask(self, count: int = CHATS) -> None:
        """Let so many people ask who have not asked before."""
        for _ in range(count):
            room = Room(self.proxy, person=Person())
            self.rooms.append(room)
            await room.says(QUESTION)

    async def heard(self) -> bool:
        """Wait until all have an answer; whoever is offered theirs once more taps once."""
        with suppress(TimeoutError):
            while self.waiting:
                await self.proxy.until(lambda: self.offers or not self.waiting, patience=ANSWERED)
                for room, offer in self.offers:
                    self.tapped.add((room.id, offer["message_id"]))
                    await room.taps(AGAIN, on=offer)
        return not self.waiting

    @property
    def waiting(self) -> list[Room]:
        return [room for room in self.rooms if not _answers(room)]

    @property
    def offers(self) -> list[tuple[Room, dict[str, Any]]]:
        """What is offered to people who have no answer, and was not tapped."""
        return [
            (room, message)
            for room in self.waiting
            for message in room.said()
            if [AGAIN] in shown(message) and (room.id, message["message_id"]) not in self.tapped
        ]

    @property
    def doubled(self) -> int:
        """How many have more than one answer."""
        return sum(len(_answers(room)) > 1 for room in self.rooms)


def _answers(room: Room) -> list[dict[str, Any]]:
    return [message for message in room.said() if sourced(message)]


@asynccontextmanager
async def scene(stand: FaultHome, *, host: str = "127.0.0.1") -> AsyncIterator[Scene]:
    """Telegram and a bot's home inside; the bot is not started yet, and is killed if it still runs after.

    The bot knows Telegram by the name ``host``.
    """
    proxy = Direct.checking(Spec.load(SPEC) if SPEC.is_file() else None)
    proxy.token = TOKEN
    await proxy.start()
    url = proxy.url.replace("127.0.0.1", host)
    told = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_BASE_URL": url, "TELEGRAM_RATE": "1000"}
    made = Scene(replace(stand, env={"EMBEDDINGS": "none", **stand.env, **told}), proxy)
    try:
        yield made
    finally:
        if made.process is not None and made.process.poll() is None:
            made.process.kill()
        await proxy.stop()


async def through(stand: FaultHome, name: str, trouble: Trouble, *, host: str = "127.0.0.1") -> FaultOutcome:
    """Let people ask before a trouble, amid it and after it, and count who has no answer in the end."""
    known = stand.sources()
    async with scene(stand, host=host) as made:
        await made.up()
        await made.ask()
        before = await made.heard()
        async with trouble(made):
            await made.ask()
            await asyncio.sleep(1)
        await made.ask()
        heard = await made.heard()
        return await told(made, name, known, good=before and heard)


async def told(made: Scene, name: str, known: frozenset[str], *, good: bool) -> FaultOutcome:
    """End the bot, and tell what became of the questions."""
    assert made.process is not None
    made.process.send_signal(signal.SIGTERM)
    said = await asyncio.to_thread(ended, made.process, seconds=END)
    asked, lost = len(made.rooms), len(made.waiting)
    tapped = f", {len(made.tapped)} after a tap on “{AGAIN}”" if made.tapped else ""
    doubled = f", {made.doubled} twice" if made.doubled else ""
    told_of = [row for row in (said.out + said.err).splitlines() if "。" in row and not USUAL.search(row)]
    return FaultOutcome(
        fault=name,
        seen=f"{asked - lost} of {asked} answered{tapped}{doubled}; operator: {''.join(told_of[:2])}",
        logged=made.stand.log(),
        lost=lost + len(known - made.stand.sources()),
        mended=good and said.plain and said.code == 0 and not made.proxy.violations,
    )
