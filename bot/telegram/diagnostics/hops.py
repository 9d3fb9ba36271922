"""The way to Telegram, one hop after the other: name, port, the proxy's handshake, encryption."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.telegram.diagnostics.proxy_handshake import ProxyRefusedError, let_through

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.config.settings import Settings

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class NetworkHop(StrEnum):
    """A stretch of the way to Telegram."""

    PROXY_NAME = "proxy_name"  # the proxy's address is not found
    PROXY = "proxy"  # nothing listens there
    HANDSHAKE = "handshake"  # the proxy does not let through
    NAME = "name"
    SERVER = "server"
    TLS = "tls"
    API = "api"
    TOKEN = "token"  # noqa: S105 - the name of a stretch, not a secret
    NONE = "none"


class UnreachableHopError(Exception):
    """The way ends at ``hop``; the message is for a person."""

    def __init__(self, hop: NetworkHop, sentence: str) -> None:
        super().__init__(sentence)
        self.hop = hop


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkHost:
    """A machine on the way, and the setting that names it."""

    scheme: str
    host: str
    port: int
    setting: str
    user: str = ""
    password: str = ""

    @classmethod
    def read(cls, address: str, setting: str) -> NetworkHost:
        """Read an address such as ``socks5://user:password@host:1080``."""
        parts = urlsplit(address if "://" in address else f"http://{address}")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port or PORTS.get(parts.scheme, 0),
            setting=setting,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def proxy_of(settings: Settings) -> NetworkHost | None:
    """Return the proxy that calls to Telegram go through: that of the settings, or of the environment."""
    if settings.telegram_proxy:
        return NetworkHost.read(settings.telegram_proxy, "TELEGRAM_PROXY")
    target = urlsplit(settings.telegram_base_url)
    if proxy_bypass(target.hostname or ""):
        return None
    for name in (target.scheme, "all"):
        if found := getproxies().get(name):
            return NetworkHost.read(found, f"环境变量 {name.upper()}_PROXY")
    return None


async def walk(settings: Settings, *, seconds: float, trust: ssl.SSLContext) -> None:
    """Go the way up to the first request, each hop for ``seconds`` at most; raises EndError where it ends."""
    target = NetworkHost.read(settings.telegram_base_url, "TELEGRAM_BASE_URL")
    proxy = proxy_of(settings)
    async with _connected(proxy or target, seconds, is_proxy=proxy is not None) as (reader, writer):
        if proxy is not None and proxy.scheme == "https":
            await _encrypted(writer, proxy, seconds, trust)
        # Without encryption an HTTP proxy gets whole requests, and shows only then what it thinks of them.
        whole = proxy is not None and proxy.scheme in ("http", "https") and target.scheme == "http"
        if proxy is not None and not whole:
            await _led(reader, writer, proxy, target, seconds)
        if target.scheme == "https":
            await _encrypted(writer, target, seconds, trust)


@asynccontextmanager
async def _connected(
    first: NetworkHost, seconds: float, *, is_proxy: bool
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    streams = await _reached(first, seconds, is_proxy=is_proxy)
    try:
        yield streams
    finally:
        streams[1].close()
        with suppress(OSError):
            await streams[1].wait_closed()


async def _reached(
    first: NetworkHost, seconds: float, *, is_proxy: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = first.host, first.port
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.open_connection(host, port)
    except (socket.gaierror, UnicodeError):
        hop, todo = (
            (NetworkHop.PROXY_NAME, "") if is_proxy else (NetworkHop.NAME, "；在国内一般要设 TELEGRAM_PROXY")
        )
        raise UnreachableHopError(hop, f"查不到 {host} 的地址。请查 DNS 和 {first.setting}{todo}。") from None
    except OSError:
        if is_proxy:
            told = f"连不上代理 {host}:{port}。请查网络和 {first.setting}，以及代理程序是否开着。"
            raise UnreachableHopError(NetworkHop.PROXY, told) from None
        todo = f"请查网络和 {first.setting}；在国内一般要设 TELEGRAM_PROXY。"
        raise UnreachableHopError(
            NetworkHop.SERVER, f"连不上 Telegram 服务器 {host}:{port}。{todo}"
        ) from None


async def _led(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    proxy: NetworkHost,
    target: NetworkHost,
    seconds: float,
) -> None:
    by = f"代理 {proxy.host}:{proxy.port} "
    try:
        async with asyncio.timeout(seconds):
            await let_through(reader, writer, proxy=proxy, target=target)
    except ProxyRefusedError as refused:
        raise UnreachableHopError(
            NetworkHop.HANDSHAKE, f"{by}连上了，但{refused}请查 {proxy.setting}。"
        ) from None
    except TimeoutError:
        told = f"{by}连上了，但很久没有回应，可能到不了 {target.host}。请查代理的线路和 {proxy.setting}。"
        raise UnreachableHopError(NetworkHop.HANDSHAKE, told) from None
    except (OSError, EOFError):
        told = f"{by}连上了，又断开了，多半不是 {proxy.scheme} 代理。请查 {proxy.setting} 的协议和端口。"
        raise UnreachableHopError(NetworkHop.HANDSHAKE, told) from None


async def _encrypted(
    writer: asyncio.StreamWriter, beyond: NetworkHost, seconds: float, trust: ssl.SSLContext
) -> None:
    at = f"{beyond.host}:{beyond.port}"
    try:
        async with asyncio.timeout(seconds):
            await writer.start_tls(trust, server_hostname=beyond.host)
    except ssl.SSLCertVerificationError as error:
        told = f"{at} 的证书不可信（{error.verify_message}）。请查系统时间和 {beyond.setting}，小心有人冒充。"
        raise UnreachableHopError(NetworkHop.TLS, told) from None
    except (OSError, EOFError):
        told = (
            f"和 {at} 建不起加密连接，多半被中途切断，或那里不是 https。请查网络、代理和 {beyond.setting}。"
        )
        raise UnreachableHopError(NetworkHop.TLS, told) from None
