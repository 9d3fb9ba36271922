"""Proxies on the way to Telegram: one for HTTP, one for SOCKS5; both remember whom they were asked for."""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Relay:
    """A proxy that brings everyone to one machine, whatever name they ask for."""

    port_beyond: int
    asked_for: list[str] = field(default_factory=list)
    refuses: bool = False
    port: int = 0

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:  # somebody only looked whether anyone listens
            await _closed(writer)
            return
        method, target, version = head.split(b"\r\n")[0].split()
        parts = urlsplit(target.decode())
        self.asked_for.append(parts.hostname or "")
        if self.refuses:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await _closed(writer)
            return
        line = b" ".join((method, parts.path.encode(), version))
        rest = head[head.index(b"\r\n") :]
        await self._joined(reader, writer, first=line + rest.replace(b"keep-alive", b"close"))

    async def socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        await reader.readexactly(count)
        writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "the name is to be looked up by the proxy"
        (length,) = await reader.readexactly(1)
        self.asked_for.append((await reader.readexactly(length)).decode())
        await reader.readexactly(struct.calcsize("!H"))
        writer.write(b"\x05\x05\x00\x01" + bytes(6) if self.refuses else b"\x05\x00\x00\x01" + bytes(6))
        if self.refuses:
            await _closed(writer)
            return
        await self._joined(reader, writer, first=b"")

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
        there, beyond = await asyncio.open_connection("127.0.0.1", self.port_beyond)
        beyond.write(first)
        await asyncio.gather(_flow(reader, beyond), _flow(there, writer))


async def _flow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


@asynccontextmanager
async def relaying(relay: Relay, handle: Handle) -> AsyncIterator[Relay]:
    """Listen inside; ``handle`` is one of the relay's ways to speak."""
    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
