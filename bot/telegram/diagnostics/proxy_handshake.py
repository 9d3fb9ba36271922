"""How a proxy is asked to lead to a machine: HTTP CONNECT (RFC 9110), SOCKS5 (RFC 1928, RFC 1929)."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio

VERSION, CONNECT, BY_NAME = 5, 1, 3
ANONYMOUS, BY_PASSWORD = 0, 2  # how one may introduce oneself
PASSWORDS = 1  # the version of that
LENGTHS = {1: 4, 4: 16}  # bytes of an address by its kind
REPLIES = {
    2: "按它的规则不许连 {host}。",
    3: "它到不了 {host} 所在的网络。",
    4: "它到不了 {host}，或查不到它的地址。",
    5: "{host} 拒绝了它的连接。",
    6: "它连 {host} 超时。",
}


class ProxyRefusedError(Exception):
    """The proxy does not let through; the message says why."""


class NetworkHostLike(Protocol):
    """A machine to be reached."""

    @property
    def scheme(self) -> str:
        """How it is spoken to."""
        ...

    @property
    def host(self) -> str:
        """Its name or address."""
        ...

    @property
    def port(self) -> int:
        """Its port."""
        ...

    @property
    def user(self) -> str:
        """Under which name one is let in, or ""."""
        ...

    @property
    def password(self) -> str:
        """With which password."""
        ...


async def let_through(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    proxy: NetworkHostLike,
    target: NetworkHostLike,
) -> None:
    """Let a proxy lead to ``target`` and look its name up. Raises RefusedError, OSError, EOFError."""
    if proxy.scheme.startswith("socks"):
        await _greeted(reader, writer, proxy)
        await _socks(reader, writer, target)
    else:
        await _tunnel(reader, writer, proxy, target)


async def _tunnel(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    proxy: NetworkHostLike,
    target: NetworkHostLike,
) -> None:
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = [f"CONNECT {host}:{target.port} HTTP/1.1", f"Host: {host}:{target.port}"]
    if proxy.user:
        known = base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode()
        lines.append(f"Proxy-Authorization: Basic {known}")
    writer.write("\r\n".join((*lines, "", "")).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    version, _, rest = head.partition(b" ")
    status = rest[:3].decode("latin-1")
    if not version.startswith(b"HTTP/") or not status.isdecimal():
        raise ProxyRefusedError("它不是 HTTP 代理。")
    if status == "407":
        raise ProxyRefusedError("它不认这个用户名和密码。" if proxy.user else "它要用户名和密码。")
    if not status.startswith("2"):
        raise ProxyRefusedError(f"它不肯转发到 {target.host}（HTTP {status}）。")


async def _greeted(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: NetworkHostLike
) -> None:
    ways = [ANONYMOUS, BY_PASSWORD] if proxy.user else [ANONYMOUS]
    writer.write(bytes([VERSION, len(ways), *ways]))
    version, way = await reader.readexactly(2)
    if version != VERSION:
        raise ProxyRefusedError("它不是 SOCKS5 代理。")
    if way not in ways:
        raise ProxyRefusedError("它要用户名和密码。")
    if way == BY_PASSWORD:
        user, password = proxy.user.encode(), proxy.password.encode()
        writer.write(bytes([PASSWORDS, len(user)]) + user + bytes([len(password)]) + password)
        _, refused = await reader.readexactly(2)
        if refused:
            raise ProxyRefusedError("它不认这个用户名和密码。")


async def _socks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: NetworkHostLike) -> None:
    name = target.host.encode("idna")
    writer.write(bytes([VERSION, CONNECT, 0, BY_NAME, len(name)]) + name + struct.pack("!H", target.port))
    _, reply, _, kind = await reader.readexactly(4)
    if reply:
        why = REPLIES.get(reply, f"它不肯转发到 {{host}}（SOCKS5 回复 {reply}）。")
        raise ProxyRefusedError(why.format(host=target.host))
    length = LENGTHS.get(kind) or (await reader.readexactly(1))[0]
    await reader.readexactly(length + struct.calcsize("!H"))
