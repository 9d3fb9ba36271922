"""The interface as one route: keys, limits and the routes behind them. Seam: FastAPI."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import Mount

from bot.api.models import ProblemOut
from bot.api.problems import MEDIA, handle_all, problem
from bot.api.routes import routes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.api.keys import ApiKeys
    from bot.api.routes import ApiServices


LARGEST = 64 * 1024  # bytes of a request's body


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


PATH = "/api/v1"
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
        dependencies=[Depends(_checked(keys))],
        responses=dict.fromkeys(("4XX", "5XX"), _PROBLEM),
    )
    app.include_router(routes(desk))
    handle_all(app)
    return Mount(prefix + PATH, app=RequestLimits(app, seconds))


def _checked(keys: ApiKeys) -> Callable[..., Awaitable[None]]:
    async def check(
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
        header: Annotated[str | None, Security(_HEADER)],
    ) -> None:
        given = bearer.credentials if bearer else header or ""
        number = keys.number(given)
        if number is None:
            raise HTTPException(
                401,
                "This needs a key: Authorization: Bearer <key>.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        wait = await asyncio.to_thread(keys.wait, number)
        if wait:
            seconds = max(1, round(wait + 0.5))
            raise HTTPException(
                429,
                f"Too many requests with this key; wait {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )

    return check
