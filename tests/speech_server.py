"""A server on this machine that speaks OpenAI's protocol for recordings, well or badly, as a test asks."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One request: where it went, with which key, and its form."""

    path: str
    authorization: str
    fields: dict[str, str]
    name: str  # of the file
    data: bytes


@dataclass
class SpeechServer:
    """Its address, what it answers (status, type, body), and what came."""

    url: str
    reply: tuple[int, str, bytes]
    wait: float = 0.0  # seconds before it answers
    came: list[Sound] = field(default_factory=list)


def text(words: str) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps({"text": words}).encode()


@contextmanager
def listening(reply: tuple[int, str, bytes], *, wait: float = 0.0) -> Iterator[SpeechServer]:
    """Answer every recording with one reply."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.came.append(_sound(self.path, self.headers, body))
            time.sleep(told.wait)
            status, kind, content = told.reply
            with suppress(ConnectionError):  # who asked may have lost patience
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = SpeechServer(f"http://127.0.0.1:{server.server_port}/v1", reply, wait)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _sound(path: str, headers: object, body: bytes) -> Sound:
    """Take a form of several parts apart (RFC 7578)."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()  # type: ignore[index]
    fields, name, data = {}, "", b""
    for part in BytesParser().parsebytes(head + body).get_payload():
        content = part.get_payload(decode=True)
        if part.get_filename() is not None:
            name, data = part.get_filename(), content
        else:
            fields[part.get_param("name", header="content-disposition")] = content.decode()
    authorization = headers.get("Authorization", "")  # type: ignore[attr-defined]
    return Sound(path=path, authorization=authorization, fields=fields, name=name, data=data)
