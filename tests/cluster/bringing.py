"""Telegram as a webhook meets it: updates are pushed over TLS, again and again until they are taken.

The checking proxy of the scenes answers the bots' calls; only the emulator's part is played here, for it
brings updates one at a time.
"""

from __future__ import annotations

import asyncio
import itertools
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from stage.proxy import Call, Proxy

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 40  # connections, as many as Telegram makes without being told otherwise
PAUSE, LONGEST = 0.2, 2.0  # seconds before an update is brought again, at first and at most
WAIT = 20.0  # seconds for which a webhook may keep Telegram waiting
TOKEN = "7:AA" + 33 * "0"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a bot, and when it was sent."""

    at: float
    chat: int


@dataclass
class Bringing(Proxy):
    """One bot's Telegram; it trusts the certificate in ``vouched``."""

    vouched: Path | None = None
    said: list[Said] = field(default_factory=list)
    hooks: int = 0  # how often a webhook was set: a replica is up
    again: int = 0  # times that an update had to be brought again

    @classmethod
    def trusting(cls, certificate: Path, spec: Any) -> Bringing:
        return cls("", TOKEN, spec, vouched=certificate)

    async def start(self) -> None:
        self._updates, self._numbers = itertools.count(int(time())), itertools.count(10_000_001)
        self._width = asyncio.Semaphore(WIDTH)
        self._lanes: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ways: set[asyncio.Task[None]] = set()
        self._hook: dict[str, str] = {}
        trusted = ssl.create_default_context(cafile=self.vouched)
        self._out = ClientSession(
            connector=TCPConnector(limit=0, ssl=trusted), timeout=ClientTimeout(total=WAIT)
        )
        await super().start()

    async def stop(self) -> None:
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)
        await self._out.close()
        await super().stop()

    async def inject(self, update: dict[str, Any]) -> int:
        """Send an update on its way, behind those of the same chat, and return its id."""
        number = next(self._updates)
        way = asyncio.create_task(self._carry({**update, "update_id": number}))
        self._ways.add(way)
        way.add_done_callback(self._ways.discard)
        return number

    @property
    def underway(self) -> int:
        """How many updates no replica has taken yet."""
        return len(self._ways)

    async def _carry(self, update: dict[str, Any]) -> None:
        async with self._lanes[update["message"]["chat"]["id"]]:
            pause = PAUSE
            while not await self._taken(update):
                self.again += 1
                await asyncio.sleep(pause)
                pause = min(LONGEST, pause * 2)

    async def _taken(self, update: dict[str, Any]) -> bool:
        if not self._hook:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._hook["secret_token"]}
        async with self._width:
            try:
                async with self._out.post(self._hook["url"], json=update, headers=headers) as answer:
                    return answer.status == 200
            except (ClientError, TimeoutError):
                return False

    async def _forward(self, method: str, given: dict[str, str]) -> Any:
        if method == "setWebhook":
            self._hook = given
            self.hooks += 1
        return {} if method == "getMe" else True

    async def _send(self, given: dict[str, str]) -> Any:
        return self.chats.keep(self.chats.new(given, next(self._numbers)))

    async def _edit(self, given: dict[str, str]) -> Any:
        return self.chats.keep(self.chats.edited(given))

    async def _note(self, call: Call) -> None:
        if call.method == "sendMessage" and call.status == 200:
            self.said.append(Said(monotonic(), int(call.given["chat_id"])))
        async with self._changed:
            self._changed.notify_all()
