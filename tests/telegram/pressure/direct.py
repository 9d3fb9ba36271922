"""The checking proxy with nothing behind it: it brings updates and numbers messages itself, and is fast.

It checks and keeps all that the other one does; only the emulator's part is played here.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from stage.proxy import Call, Proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from stage.spec import Spec

TOKEN = "7:AA" + 33 * "0"
PATIENCE = 60.0  # seconds without any progress after which what is missing counts as lost
MOST = 100  # updates that a poll brings
SHOWN = ("sendChatAction", "sendMessageDraft", "sendMessage")


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a person could see in a chat, and when."""

    at: float
    chat: int
    method: str


@dataclass
class Direct(Proxy):
    """Telegram for one bot, without the emulator."""

    shown: list[Shown] = field(default_factory=list)
    count: int = 0

    @classmethod
    def checking(cls, spec: Spec | None) -> Direct:
        return cls("", TOKEN, spec)

    async def start(self) -> None:
        self._queue: deque[dict[str, Any]] = deque()
        self._came = asyncio.Event()
        self._updates, self._messages = itertools.count(int(time())), itertools.count(10_000_001)
        await super().start()

    async def inject(self, update: dict[str, Any]) -> int:
        number = next(self._updates)
        self._queue.append({**update, "update_id": number})
        self._came.set()
        return number

    async def _polled(self, given: dict[str, str]) -> Any:
        offset = int(given.get("offset", 0))
        while self._queue and self._queue[0]["update_id"] < offset:
            self._queue.popleft()
        self._came.clear()
        if not self._queue:
            try:
                await asyncio.wait_for(self._came.wait(), int(given.get("timeout", 0)))
            except TimeoutError:
                return []
        return list(itertools.islice(self._queue, MOST))

    async def _forward(self, method: str, given: dict[str, str]) -> Any:
        return {} if method == "getMe" else True

    async def _send(self, given: dict[str, str]) -> Any:
        return self.chats.keep(self.chats.new(given, next(self._messages)))

    async def _edit(self, given: dict[str, str]) -> Any:
        return self.chats.keep(self.chats.edited(given))

    async def _note(self, call: Call) -> None:
        self.count += 1
        if call.method in SHOWN:
            self.shown.append(Shown(monotonic(), int(call.given["chat_id"]), call.method))
        elif call.method in ("getUpdates", "deleteWebhook"):
            self.calls.append(call)
        async with self._changed:
            self._changed.notify_all()

    async def settled(self, done: Callable[[], int], wanted: int, *, patience: float = PATIENCE) -> bool:
        """Wait until ``done()`` reaches ``wanted``; False after ``patience`` seconds without progress."""
        while (before := done()) < wanted:
            try:
                await self.until(lambda before=before: done() > before, patience=patience)
            except TimeoutError:
                return False
        return True

    def forget(self) -> None:
        """Forget what was said: a long run is not about this program's memory."""
        self.calls.clear()
        self.shown.clear()
        self.chats.messages.clear()
        self.chats.order.clear()
        self.chats.drafts.clear()
