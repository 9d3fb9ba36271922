"""The one server: health, and whatever is mounted beside it. Seam: Starlette, uvicorn."""

from __future__ import annotations

import asyncio
import socket
import unicodedata
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import AddressError
from bot.server.connections import LimitedConnection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bot.server.health import HealthChecks

    Routes = Sequence[BaseRoute]

HEALTH, READY = "/healthz", "/readyz"
LOOPBACK = "127.0.0.1"
CLOSING = 5  # seconds for requests that are being served when the server stops
LONGEST = 8_192  # bytes of a path with its query
PROBLEM = "application/problem+json"


def assembled(health: HealthChecks, routes: Routes = ()) -> Starlette:
    """Return one application of ``routes`` and the two that tell of its health.

    ``/healthz`` says that the process is alive; ``/readyz`` names the parts that aren't ready, with 503,
    those without which it serves less well, and how far its indexes are.
    """

    async def alive(_: Request) -> Response:
        return _told(200, {"status": "ok"})

    async def ready(_: Request) -> Response:
        missing, away, versions = await asyncio.gather(health.unready(), health.away(), health.told())
        parts = {name: "unready" if name in missing else "ok" for name in health.checks}
        parts |= {name: "away" if name in away else "ok" for name in health.lesser}
        status = "unready" if missing else "degraded" if away else "ok"
        told = {"status": status, "parts": parts, **({"versions": versions} if versions else {})}
        return _told(503 if missing else 200, told)

    told = [Route(path, tell, methods=["GET"]) for path, tell in ((HEALTH, alive), (READY, ready))]
    app = Starlette(routes=[*told, *routes], exception_handlers={HTTPException: _refused})
    app.router.redirect_slashes = False  # it would send a client to whatever host it named
    app.add_middleware(SaneAddress)
    return app


class SaneAddress:
    """Answers 414 to an address longer than ``LONGEST``, and 400 to one that holds control characters.

    No route looks at such an address, and nothing of it is told back.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "http":
            if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST:
                await _problem(414, "The address is too long.")(scope, receive, send)
                return
            if any(unicodedata.category(letter) == "Cc" for letter in scope["path"]):
                await _problem(400, "The address holds control characters.")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def on_this_machine(app: ASGIApp) -> ASGIApp:
    """Return the application for people at this machine alone; other hosts' pages can't ask it."""
    return TrustedHostMiddleware(app, allowed_hosts=[LOOPBACK, "localhost"])


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str, port: int, settings: str) -> AsyncIterator[int]:
    """Serve ``app`` inside; gives the port. Raises AddressError, which names the ``settings`` to change."""
    with _listening(host, port, settings) as listener:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=CLOSING,
            http=LimitedConnection,
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await running


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program, which has more to end than this server."""
        yield


@contextmanager
def _listening(host: str, port: int, settings: str) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise AddressError(
            f"不能在 {host}:{port} 监听（{error.strerror}）。请换 {settings}，或停掉占用它的程序。"
        ) from error
    with listener:
        yield listener


def _told(status: int, told: object) -> Response:
    return JSONResponse(told, status_code=status, headers={"Cache-Control": "no-store"})


def _problem(status: int, detail: str) -> Response:
    """Return a problem document (RFC 9457)."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(told, status_code=status, media_type=PROBLEM, headers={"Cache-Control": "no-store"})


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = _problem(
        error.status_code, "There is nothing at this address." if error.status_code == 404 else error.detail
    )
    answer.headers.update(error.headers or {})
    return answer
