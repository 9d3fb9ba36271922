"""The webhook: the door through which Telegram brings updates in. Seam: Starlette."""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.store import StoreError
from bot.telegram.updates.payloads import is_update

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

LOG = logging.getLogger(__name__)
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BYTES = 1 << 20  # far above the largest update


class WebhookEndpoint:
    """Takes updates in while it is open; outside those times Telegram is told to bring them again.

    ``tell`` gets a sentence for the operator when updates can't be kept, and one when they can again.
    """

    def __init__(self, url: str, secret: str, tell: Callable[[str], None] = lambda _: None) -> None:
        self._tell, self._told_away = tell, ""
        self._secret = secret.encode()
        self._take: Callable[[str], Awaitable[None]] | None = None
        self.route = Route(path_of(url), self._receive, methods=["POST"])

    def open(self, take: Callable[[str], Awaitable[None]]) -> None:
        """Let updates in: ``take`` gets each as JSON, and has it safe when it returns."""
        self._take = take

    def close(self) -> None:
        """Let nothing in any more."""
        self._take = None

    async def _receive(self, request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret):
            return _told(403, "wrong secret token")
        payload = await _body(request)
        if payload is None:
            return _told(413, "too large")
        if not is_update(payload):
            return _told(400, "not an update")
        if self._take is None:
            return _told(503, "not ready")
        try:
            await self._take(payload)
        except StoreError as error:
            # Telegram brings it again. What is wrong is told once, not with each update.
            self._tell_once(f"收到的消息存不下来：{error} Telegram 会再送来，不用重启。")
            return _told(503, "not kept")
        if self._told_away:
            self._told_away = ""
            self._tell("收到的消息又能存下来了。")
        return Response(status_code=200)

    def _tell_once(self, sentence: str) -> None:
        if sentence != self._told_away:
            self._told_away = sentence
            LOG.warning("updates can't be kept: %s", sentence)
            self._tell(sentence)


def path_of(url: str) -> str:
    """Return the path on which updates come in for a public address."""
    return urlsplit(url).path or "/"


async def _body(request: Request) -> str | None:
    """Read the request's text, unless it is longer than any update."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BYTES:
            return None
    return read.decode("utf-8", "replace")


def _told(status: int, word: str) -> Response:
    return JSONResponse({"status": word}, status_code=status)
