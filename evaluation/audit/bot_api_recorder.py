"""A Bot API on loopback for one chat: it hands out updates and notes what is sent."""

from __future__ import annotations

import itertools
import json
import queue
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

_BOT = {"id": 1, "is_bot": True, "first_name": "walk", "username": "walk_bot"}
_PERSON = {"id": 1001, "is_bot": False, "first_name": "小明", "language_code": "zh-hans"}
_CHAT = {"id": 1001, "type": "private", "first_name": "小明"}


class BotApiRecorder:
    """Calls ``handed_out`` as an update leaves and ``sent`` as a message arrives."""

    def __init__(self, *, handed_out: Callable[[], None], sent: Callable[[str], None]) -> None:
        self._updates: queue.Queue[dict[str, Any]] = queue.Queue()
        self._numbers = itertools.count(int(time.time()))  # new ones to a store that is kept
        self._handed_out, self._sent = handed_out, sent
        self.called = time.monotonic()  # when a call came last that was no poll
        recorder = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                method = self.path.rpartition("/")[2]
                fields = {key: value[0] for key, value in parse_qs(body.decode("utf-8", "replace")).items()}
                result = recorder._answer(method, fields)
                reply = json.dumps({"ok": True, "result": result}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):  # a poll that was broken off
                    self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                """Print no line for each request."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address that stands for Telegram's."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def write(self, text: str) -> None:
        """Let the person in the chat write a message."""
        number = next(self._numbers)
        message = {"message_id": number, "from": _PERSON, "chat": _CHAT, "date": int(time.time())}
        self._updates.put({"update_id": number, "message": {**message, "text": text}})

    def _answer(self, method: str, fields: dict[str, str]) -> Any:
        if method == "getUpdates":
            return self._next()
        self.called = time.monotonic()
        if method == "getMe":
            return _BOT
        if method in ("sendMessage", "sendRichMessage"):
            self._sent(fields.get("text") or json.loads(fields["rich_message"])["html"])
            number = next(self._numbers)
            return {"message_id": number, "from": _BOT, "chat": _CHAT, "date": int(time.time()), "text": "…"}
        return True

    def _next(self) -> list[dict[str, Any]]:
        try:
            update = self._updates.get(timeout=0.2)
        except queue.Empty:
            return []
        self._handed_out()
        return [update]
