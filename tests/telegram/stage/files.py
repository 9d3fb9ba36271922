"""Files that people sent: kept by their id, and fetched under a path, as the server does it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from stage.messages import RefusedError

MOST = 20 * 1024 * 1024  # bytes that the server lets a bot fetch


@dataclass
class Files:
    """Played as the server does it: ids are opaque, and a path is good for this bot's token only."""

    held: dict[str, bytes] = field(default_factory=dict)
    fetched: int = 0

    def document(self, name: str | None, data: bytes, *, size: int | None = None) -> dict[str, Any]:
        """Keep a file and return it as it stands in a message."""
        file_id = "BQAC" + hashlib.sha256(data).hexdigest()[:20]
        self.held[file_id] = data
        named = {"file_name": name} if name is not None else {}
        unique = file_id[-8:]
        return {"file_id": file_id, "file_unique_id": unique, "file_size": size or len(data), **named}

    def methods(self) -> dict[str, Any]:
        return {"getFile": self._get}

    async def _get(self, given: dict[str, str]) -> Any:
        file_id = given["file_id"]
        if file_id not in self.held:
            raise RefusedError("Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.held[file_id]) > MOST:
            raise RefusedError("Bad Request: file is too big")
        path, size = f"documents/{file_id}", len(self.held[file_id])
        return {"file_id": file_id, "file_unique_id": file_id[-8:], "file_size": size, "file_path": path}

    async def serve(self, request: web.Request) -> web.Response:
        self.fetched += 1
        return web.Response(body=self.held[request.match_info["name"]])
