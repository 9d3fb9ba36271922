"""What can go wrong on the way to Telegram, played on demand for the next calls of a method."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(kw_only=True)
class Fault:
    """One way to fail; ``delivered`` says whether the call took effect before it failed."""

    method: str
    times: int = 1
    delivered: bool = False
    when: Callable[[Mapping[str, str]], bool] = lambda _: True
    played: int = 0

    def meets(self, method: str, given: Mapping[str, str]) -> bool:
        return self.method == method and self.played < self.times and self.when(given)

    async def play(self, request: web.Request) -> web.StreamResponse:
        raise NotImplementedError


@dataclass(kw_only=True)
class OddAnswer(Fault):
    """A good answer whose result is not what the method's documentation says; the call has taken effect."""

    result: Any = True
    delivered: bool = True

    async def play(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": self.result})


@dataclass(kw_only=True)
class Refusal(Fault):
    """An error answer of the Bot API, such as a flood limit, a block, a migrated group."""

    code: int = 400
    description: str = "Bad Request"
    parameters: dict[str, Any] = field(default_factory=dict)

    async def play(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.code)


@dataclass(kw_only=True)
class Page(Fault):
    """A gateway's own page in place of an answer."""

    code: int = 502

    async def play(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=self.code, text=PAGE, content_type="text/html")


@dataclass(kw_only=True)
class Cut(Fault):
    """The connection is cut before any answer."""

    async def play(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@dataclass(kw_only=True)
class Stall(Fault):
    """No answer comes until ``release`` is set: longer than the bot waits."""

    release: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, request: web.Request) -> web.StreamResponse:
        await self.release.wait()
        return web.json_response({"ok": True, "result": True})


def flood(method: str, seconds: int = 1, **more: Any) -> Refusal:
    """Make the flood limit: too many requests, come back after ``seconds``."""
    return Refusal(
        method=method,
        code=429,
        description=f"Too Many Requests: retry after {seconds}",
        parameters={"retry_after": seconds},
        **more,
    )


def blocked(method: str, **more: Any) -> Refusal:
    """Make the answer that tells a bot that this person wants no more of it."""
    return Refusal(method=method, code=403, description="Forbidden: bot was blocked by the user", **more)


def migrated(method: str, to: int, **more: Any) -> Refusal:
    """Make the answer for a group that became a supergroup."""
    return Refusal(
        method=method,
        description="Bad Request: group chat was upgraded to a supergroup chat",
        parameters={"migrate_to_chat_id": to},
        **more,
    )
