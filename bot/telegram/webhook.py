"""The webhook: a small server that takes updates in and says whether it is well. Seam: Starlette, uvicorn."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import socket
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.telegram.errors import AddressError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from starlette.requests import Request

LOG = logging.getLogger(__name__)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BYTES = 1 << 20  # far above the largest update
HEALTH = "/healthz"
CLOSING = 5  # seconds for requests that are being read when the server stops


def application(path: str, secret: str, take: Callable[[str], Awaitable[None]]) -> Starlette:
    """Make the server's application: ``take`` gets each update as JSON, and has it safe when it returns."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return _told(403, "wrong secret token")
        payload = await _body(request)
        if payload is None:
            return _told(413, "too large")
        if not _is_update(payload):
            return _told(400, "not an update")
        # Whatever goes wrong in here is answered with 500, and Telegram brings the update again.
        await take(payload)
        return Response(status_code=200)

    async def health(_: Request) -> Response:
        return _told(200, "ok")

    return Starlette(
        routes=[Route(path, receive, methods=["POST"]), Route(HEALTH, health, methods=["GET", "HEAD"])]
    )


def path_of(url: str) -> str:
    """Return the path on which updates come in for a public address."""
    return urlsplit(url).path or "/"


@asynccontextmanager
async def serving(app: Starlette, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve ``app`` inside; gives the port. Raises AddressError."""
    with _listening(host, port) as listener:
        config = uvicorn.Config(
            app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=CLOSING
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
        """Leave signals to the bot, which has more to end than this server."""
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise AddressError(
            f"webhook 不能在 {host}:{port} 监听（{error.strerror}）。"
            "请换 TELEGRAM_WEBHOOK_LISTEN 或 TELEGRAM_WEBHOOK_PORT，或停掉占用它的程序。"
        ) from error
    with listener:
        yield listener


async def _body(request: Request) -> str | None:
    """Read the request's text, unless it is longer than any update."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BYTES:
            return None
    return read.decode("utf-8", "replace")


def _is_update(payload: str) -> bool:
    try:
        read = json.loads(payload)
    except ValueError:
        return False
    return isinstance(read, dict) and type(read.get("update_id")) is int


def _told(status: int, word: str) -> Response:
    return JSONResponse({"status": word}, status_code=status)
