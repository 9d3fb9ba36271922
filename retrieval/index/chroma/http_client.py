"""A Chroma server, spoken to in its own HTTP, version 2. Seam: httpx.

Chroma's client takes two seconds of a processor to import, where this takes a sixth of one, and it asks
its first questions without any time limit.
"""

from __future__ import annotations

import json
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpx

from retrieval.values.errors import IndexAway, IndexBroken, IndexGone, IndexMismatch

if TYPE_CHECKING:
    from retrieval.index.chroma.address import ChromaAddress

ASKING = 1.8  # seconds for what somebody waits for
FILLING = 30.0  # seconds for a batch of passages
_CONNECT = 0.9  # seconds of these for a connection
_LONGEST = 200  # characters of a foreign message that a person is shown
_API = "/api/v2"
_FULL = ("No space left", "disk is full")

Body = dict[str, Any]


class ChromaServer:
    """One database of a server; any thread may ask, and nobody waits for longer than ``seconds``."""

    def __init__(self, address: ChromaAddress, *, seconds: float = ASKING) -> None:
        self.place = f"{address.url}（{address.tenant}/{address.database}）"
        self._seconds = seconds
        token = address.token
        headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        self._root = f"{address.url}{_API}/tenants/{address.tenant}/databases/{address.database}"
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(seconds, connect=min(seconds, _CONNECT)),
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def ask(self, method: str, path: str = "", body: Body | None = None) -> Any:
        """Return what the server answers for a path of the database.

        Raises ``IndexGone`` for a collection that isn't there, ``IndexBroken`` where the server can't read
        its own, ``IndexMismatch`` for vectors of another length, and ``IndexAway`` for all else.
        """
        try:
            status, told = self._sent(method, path, body)
        except httpx.TransportError as error:
            raise self._away(error) from error
        try:
            read = json.loads(told)
        except ValueError:
            read = None
        if 200 <= status < 300 and read is not None:
            return read
        raise self._refused(status, read if isinstance(read, dict) else {})

    def _sent(self, method: str, path: str, body: Body | None) -> tuple[int, bytes]:
        try:
            return self._once(method, path, body)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # A connection kept from before the server was started anew; all that is asked may be asked twice.
            return self._once(method, path, body)

    def _once(self, method: str, path: str, body: Body | None) -> tuple[int, bytes]:
        until = monotonic() + self._seconds
        told = bytearray()
        with self._client.stream(method, self._root + path, json=body) as answer:
            for piece in answer.iter_bytes():
                told += piece
                if monotonic() > until:
                    raise httpx.ReadTimeout("")
            return answer.status_code, bytes(told)

    def _away(self, error: httpx.TransportError) -> IndexAway:
        late = isinstance(error, httpx.TimeoutException)
        why = f"在 {self._seconds:g} 秒内没有回答" if late else "连不上"
        return IndexAway(f"Chroma 服务 {self.place}{why}。请检查它是否在运行，以及 CHROMA_URL 是否正确。")

    def _refused(self, status: int, told: dict[str, Any]) -> Exception:
        kind = str(told.get("error", ""))
        message = " ".join(str(told.get("message", "")).split())[:_LONGEST]
        if "Database [" in message or "Tenant [" in message:
            return IndexAway(
                f"Chroma 服务 {self.place}上没有这个库（{message}）。"
                "请先在服务上建好，或检查 CHROMA_TENANT 和 CHROMA_DATABASE。"
            )
        if status == 404 and kind == "NotFoundError":
            return IndexGone(f"Chroma 服务 {self.place}上没有要找的向量。它会由资料目录库自动补齐。")
        if status in (401, 403):
            return IndexAway(f"Chroma 服务 {self.place}拒绝了访问。请检查 CHROMA_TOKEN。")
        if status == 400 and "dimension" in message:
            return IndexMismatch(
                f"Chroma 里向量的维数与模型不同（{message}）。请运行 chengwen ingest --rebuild 重新生成向量。"
            )
        if any(words in message for words in _FULL):
            return IndexAway(f"Chroma 服务 {self.place}的磁盘已满（{message}）。请腾出空间，之后会自动补齐。")
        if status == 500 and kind == "InternalError":
            return IndexBroken(
                f"Chroma 服务 {self.place}读不了它的向量（{message}）。它会由资料目录库自动重建。"
            )
        shown = message or f"HTTP {status}"
        return IndexAway(
            f"Chroma 服务 {self.place}没有给出能用的回答（{shown}）。请检查 CHROMA_URL 和服务的版本。"
        )
