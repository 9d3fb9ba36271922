"""Telegram as the simulation has it: what is in its chats, behind a network that fails. Seam: httpx."""

from __future__ import annotations

import asyncio
import contextvars
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx

from evaluation.simulation.virtual_loop import LIFE

if TYPE_CHECKING:
    from evaluation.simulation.draws import Draws
    from evaluation.simulation.virtual_loop import ProcessLife

BOT, TOKEN = 7, "7:simulated"
READ = 20.0  # seconds after which a caller gives an answer up


@dataclass(slots=True, eq=False)
class StandingMessage:
    """A message as it is in a chat."""

    id: int
    chat: int
    text: str
    at: float  # virtual seconds
    sender: ProcessLife | None  # whose call brought it


@dataclass(slots=True)
class TelegramModel:
    """Holds what was said, and answers calls well, badly, late or not at all."""

    draws: Draws
    calm: bool = False  # whether faults are over
    messages: list[StandingMessage] = field(default_factory=list)
    calls: int = 0
    refusals: int = 0

    def answered(self, method: str, given: dict[str, Any], sender: ProcessLife | None) -> tuple[int, object]:
        """Do what a call says, and return the status and what is answered."""
        self.calls += 1
        if method == "getMe":
            return 200, {"id": BOT, "is_bot": True, "first_name": "s", "username": "simulated_bot"}
        if method != "sendMessage":
            return 200, True
        if not self.calm and self.draws.happens(self.draws.rates.refused):
            self.refusals += 1
            return 429, {"retry_after": self.draws.chance.randint(1, 4)}
        chat, text = int(given["chat_id"]), str(given["text"])
        at = asyncio.get_running_loop().time()
        message = StandingMessage(len(self.messages) + 1, chat, text, at, sender)
        self.messages.append(message)
        place = {"id": chat, "type": "private"}
        return 200, {"message_id": message.id, "date": 1_800_000_000, "chat": place, "text": text}


class FailingNetwork(httpx.AsyncBaseTransport):
    """The way of a call to Telegram and back."""

    def __init__(self, telegram: TelegramModel) -> None:
        self._telegram, self._draws = telegram, telegram.draws
        self._under_way: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a call on its way, and wait for what becomes of it."""
        draws = self._draws
        if not self._telegram.calm and draws.happens(draws.rates.unsent):
            await asyncio.sleep(draws.network_delay())
            raise httpx.ConnectError("unreachable", request=request)
        body = (await request.aread()).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        loop, sender = asyncio.get_running_loop(), LIFE.get()
        told: asyncio.Future[httpx.Response] = loop.create_future()
        # What has left goes on by itself, also where its sender dies meanwhile.
        outside = contextvars.copy_context()
        outside.run(LIFE.set, None)
        carried = outside.run(loop.create_task, self._carried(request, given, sender, told))
        self._under_way.add(carried)
        carried.add_done_callback(self._under_way.discard)
        return await told

    async def _carried(
        self,
        request: httpx.Request,
        given: dict[str, str],
        sender: ProcessLife | None,
        told: asyncio.Future[httpx.Response],
    ) -> None:
        """Carry a call there and its answer back, or lose one of them."""
        draws, rates, ill = self._draws, self._draws.rates, not self._telegram.calm
        await asyncio.sleep(draws.network_delay())
        lost = ill and draws.happens(rates.vanished)
        if not lost:
            method = request.url.path.rsplit("/", 1)[-1]
            status, result = self._telegram.answered(method, given, sender)
            await asyncio.sleep(draws.network_delay())
            lost = ill and draws.happens(rates.unheard)
        if lost:
            await asyncio.sleep(READ)
        if told.done():
            return
        if lost:
            told.set_exception(httpx.ReadTimeout("nothing came back", request=request))
        elif ill and draws.happens(rates.broken):
            told.set_result(httpx.Response(502, content=b"<html>bad gateway</html>", request=request))
        else:
            content = json.dumps(_told(status, result)).encode()
            told.set_result(httpx.Response(status, content=content, request=request))


def _told(status: int, result: object) -> dict[str, object]:
    if status == httpx.codes.OK:
        return {"ok": True, "result": result}
    return {"ok": False, "error_code": status, "description": "Too Many Requests", "parameters": result}
