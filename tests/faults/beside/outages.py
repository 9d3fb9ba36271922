"""Telegram that is not there, or not itself, for a while."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web
from stage.faults import Cut, Fault, Page, Refusal, Stall

from beside.people import Scene, through

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
    from typing import Any

    from evaluation.faults.fault_home import FaultHome, FaultOutcome

SECONDS = float(os.environ.get("CHENGWEN_FAULTS_OUTAGE", "60"))  # that an outage lasts
EVERY = ""  # method


@dataclass(kw_only=True)
class Outage(Fault):
    """A way to fail that lasts, for one method or for all."""

    way: Fault = field(default_factory=lambda: Page(method=EVERY))
    lasts: bool = True

    def meets(self, method: str, given: Mapping[str, str]) -> bool:
        return self.lasts and self.method in (EVERY, method) and self.when(given)

    async def play(self, request: web.Request) -> web.StreamResponse:
        return await self.way.play(request)


@dataclass(kw_only=True)
class Mute(Stall):
    """No answer comes, and in the end the connection is cut."""

    async def play(self, request: web.Request) -> web.StreamResponse:
        await self.release.wait()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@asynccontextmanager
async def _failing(made: Scene, way: Fault, method: str = EVERY) -> AsyncIterator[None]:
    outage = Outage(method=method, way=way)
    made.proxy.play(outage)
    try:
        yield
        await asyncio.sleep(SECONDS)
    finally:
        outage.lasts = False
        if isinstance(way, Stall):
            way.release.set()


@asynccontextmanager
async def _away(made: Scene) -> AsyncIterator[None]:
    """Cut every connection, and take none."""
    await made.proxy.offline()
    try:
        yield
        await asyncio.sleep(SECONDS)
    finally:
        await made.proxy.online()


def _flood() -> Refusal:
    told = "Too Many Requests: retry after 3"
    return Refusal(method=EVERY, code=429, description=told, parameters={"retry_after": 3})


def _fails(name: str, way: Callable[[], Fault], method: str = EVERY) -> Made:
    async def run(stand: FaultHome) -> FaultOutcome:
        lasting = f"Telegram {name}, {SECONDS:.0f} s"
        return await through(stand, lasting, lambda made: _failing(made, way(), method))

    return run


async def _offline(stand: FaultHome) -> FaultOutcome:
    return await through(stand, f"Telegram takes no connection, {SECONDS:.0f} s", _away)


if TYPE_CHECKING:
    Made = Callable[[FaultHome], Coroutine[Any, Any, FaultOutcome]]

OUTAGES: dict[str, Made] = {
    "telegram 502": _fails("answers 502", lambda: Page(method=EVERY)),
    "telegram 429": _fails("answers 429, retry after 3", _flood),
    "telegram resets": _fails("cuts each connection", lambda: Cut(method=EVERY)),
    "telegram hangs": _fails("says nothing at all", lambda: Mute(method=EVERY)),
    "telegram silent": _fails("says nothing to getUpdates", lambda: Mute(method=EVERY), "getUpdates"),
    "telegram away": _offline,
}
