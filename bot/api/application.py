"""The interface as one route: keys, limits and the routes behind them. Seam: FastAPI."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, HTTPException, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from starlette.datastructures import Headers
from starlette.routing import Mount

from bot.api.models import ProblemOut
from bot.api.problems import MEDIA, handle_all, problem
from bot.api.routes import routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.responses import JSONResponse
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.api.keys import ApiKeys
    from bot.api.routes import ApiServices


LARGEST = 64 * 1024  # bytes of a request's body
SLOWEST = 2.0  # seconds that somebody who tries keys waits
FORGIVEN = 600.0  # seconds after which an address may begin again
WAITING = 64  # wrong keys that are kept waiting at a time
ADDRESSES = 10_000  # that are remembered


class RequestLimits:
    """Answers 413 to a body above ``LARGEST`` and 504 after ``seconds``, as long as nothing was answered."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        read, begun = 0, False

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > LARGEST:
                raise HTTPException(413, f"A request may have {LARGEST} bytes.")
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            async with asyncio.timeout(self._seconds):
                await self._app(scope, counted, noted)
        except TimeoutError:
            if not begun:
                told = problem(504, f"It took longer than {self._seconds:g} seconds; try again later.")
                await told(scope, receive, send)


class KeyCheck:
    """Lets in who has a key, before anything else of a request is looked at, and keeps answers uncached.

    Somebody who tries keys waits longer each time: 0.1 s after the first wrong one of an address, twice as
    long after the next, up to ``SLOWEST`` seconds; at most ``WAITING`` of them are kept waiting, further ones
    get 429 at once. A right key never waits.
    """

    def __init__(self, app: ASGIApp, keys: ApiKeys, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._keys, self._clock = app, keys, clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how often of late, and when last
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""

        async def uncached(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", []).append((b"cache-control", b"no-store"))
            await send(message)

        if scope["path"].removeprefix(scope.get("root_path", "")) == OPENAPI:
            await self._app(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        await (refusal or self._app)(scope, receive, uncached)

    async def _refusal(self, scope: Scope) -> JSONResponse | None:
        number = self._keys.number(_given(Headers(scope=scope)))
        if number is None:
            return await self._slowed((scope.get("client") or ("",))[0])
        wait = await asyncio.to_thread(self._keys.wait, number)
        return _later(wait, "Too many requests with this key") if wait else None

    async def _slowed(self, client: str) -> JSONResponse:
        now = self._clock()
        times, last = self._wrong.pop(client, (0, now))
        times = 1 + (times if now - last < FORGIVEN else 0)
        self._wrong[client] = times, now
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)
        seconds = min(SLOWEST, 0.05 * 2 ** min(times, 16))
        if self._waiting >= WAITING:
            return _later(seconds, "Too many wrong keys")
        self._waiting += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._waiting -= 1
        headers = {"WWW-Authenticate": "Bearer"}
        return problem(401, "This needs a key: Authorization: Bearer <key>.", headers=headers)


def _given(headers: Headers) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else headers.get("x-api-key", "")


def _later(wait: float, reason: str) -> JSONResponse:
    seconds = max(1, round(wait + 0.5))
    return problem(429, f"{reason}; wait {seconds} s.", headers={"Retry-After": str(seconds)})


PATH, OPENAPI = "/api/v1", "/openapi.json"
TITLE = "城问 chengwen"
TOLD = "Ask what cities say they have done, and get the words that prove each answer."
_PROBLEM: dict[str, Any] = {
    "description": "What went wrong (RFC 9457)",
    "content": {MEDIA: {"schema": ProblemOut.model_json_schema()}},
}
_BEARER = HTTPBearer(auto_error=False)
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False)


def mount(desk: ApiServices, keys: ApiKeys, *, prefix: str = "", seconds: float = 120) -> Mount:
    """Return the interface under ``prefix``/api/v1; each request needs a key and has ``seconds``."""
    app = FastAPI(
        title=TITLE,
        description=TOLD,
        version="1",
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        openapi_url=OPENAPI,
        redirect_slashes=False,  # it would send a client to whatever host it named
        dependencies=[
            Security(_BEARER),
            Security(_HEADER),
        ],  # for the description; ``KeyCheck`` looks at them
        responses=dict.fromkeys(("4XX", "5XX"), _PROBLEM),
    )
    app.include_router(routes(desk))
    handle_all(app)
    under = Mount(prefix + PATH, app=KeyCheck(RequestLimits(app, seconds), keys))
    # a name with a line end in it is one of the interface as well, and gets its own kind of 404
    under.path_regex = re.compile(under.path_regex.pattern, re.DOTALL)
    return under
