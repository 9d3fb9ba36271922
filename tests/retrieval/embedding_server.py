"""A server on this machine that speaks OpenAI's embeddings protocol, well or badly, as a test asks."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIMENSION = 8

# What a server answers: status, content type, body.
Reply = tuple[int, str, bytes]


@dataclass
class Log:
    """The requests that came, as (path, authorization, body)."""

    requests: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def inputs(self) -> list[list[str]]:
        return [body["input"] for _, _, body in self.requests]


def vector(text: str, dimension: int = DIMENSION) -> list[float]:
    """Return numbers that depend on the text alone; not of length one, as many servers' are not."""
    return [byte / 16 - 7.9 for byte in hashlib.sha256(text.encode()).digest()[:dimension]]


def as_json(status: int, content: object) -> Reply:
    return status, "application/json", json.dumps(content).encode()


def vectors(rows: list[Any]) -> Reply:
    data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(rows)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return as_json(200, {"object": "list", "data": data, "model": "m", "usage": usage})


def well(body: dict[str, Any]) -> Reply:
    return vectors([vector(text) for text in body["input"]])


def fails(status: int, message: str = "no") -> Callable[[dict[str, Any]], Reply]:
    return lambda body: as_json(status, {"error": {"message": message, "type": "t", "code": "c"}})


@contextmanager
def serving(*replies: Callable[[dict[str, Any]], Reply]) -> Iterator[tuple[str, Log]]:
    """Serve one reply after the other, the last one for ever; yield the address and the log."""
    log = Log()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            log.requests.append((self.path, self.headers.get("Authorization", ""), body))
            status, kind, content = replies[min(len(log.requests), len(replies)) - 1](body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            with suppress(ConnectionError):  # whoever asked may have lost patience
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", log
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
