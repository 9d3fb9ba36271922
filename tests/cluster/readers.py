"""Somebody who reads all the while, through the same nginx."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 0.25  # seconds


@dataclass
class Reader:
    """Asks for the reader's first page again and again; counts what came, by its status, 0 for nothing."""

    address: str
    vouched: Path
    told: Counter[int] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """The share of times that the page came."""
        return self.told[200] / max(1, self.told.total())

    async def go_on(self, stop: asyncio.Event) -> None:
        trusted = ssl.create_default_context(cafile=self.vouched)
        connector = TCPConnector(ssl=trusted, force_close=True)
        async with ClientSession(connector=connector, timeout=ClientTimeout(total=15)) as session:
            while not stop.is_set():
                try:
                    async with session.get(f"{self.address}/read/") as answer:
                        self.told[answer.status] += 1
                except (ClientError, TimeoutError):
                    self.told[0] += 1
                await asyncio.sleep(EVERY)
