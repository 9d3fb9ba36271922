"""Whether Telegram can be reached with these settings, and if not, on which stretch of the way it ends."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.telegram import application
from bot.telegram.delivery import Patience
from bot.telegram.outage import explain

if TYPE_CHECKING:
    from bot.settings import Settings

PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class Hop(StrEnum):
    """A stretch of the way to Telegram."""

    TOKEN = "token"  # noqa: S105 - the name of a stretch, not a secret
    PROXY = "proxy"
    NAME = "name"
    SERVER = "server"
    API = "api"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How far it was possible to come; ``sentence`` tells a person."""

    ok: bool
    hop: Hop  # where it ended; NONE when it did not
    sentence: str
    username: str | None = None


def probe(settings: Settings, *, patience: Patience | None = None) -> Probe:
    """Try the way to Telegram, stretch by stretch; takes a few seconds at most."""
    return asyncio.run(reach(settings, patience or Patience(read=5.0, connect=5.0)))


async def reach(settings: Settings, patience: Patience) -> Probe:
    """Do what ``probe`` does, on a running event loop."""
    if not settings.telegram_bot_token:
        return Probe(ok=False, hop=Hop.TOKEN, sentence=application.UNSET)
    # A proxy may also stand in the environment, for all programs; then only the whole way can be tried.
    direct = bool(settings.telegram_proxy) or not getproxies()
    blocked = await _way(settings, patience) if direct else None
    return blocked or await _asked(settings, patience)


async def _way(settings: Settings, patience: Patience) -> Probe | None:
    """Try the first machine on the way: the proxy's, or else Telegram's own; None when it listens."""
    through = settings.telegram_proxy
    parts = urlsplit(through or settings.telegram_base_url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    setting = "TELEGRAM_PROXY" if through else "TELEGRAM_BASE_URL"
    try:
        async with asyncio.timeout(patience.connect):
            _, writer = await asyncio.open_connection(host, port)
    except socket.gaierror:
        told = f"查不到 {host} 的地址。请查 DNS 和 {setting}。"
        return Probe(ok=False, hop=Hop.PROXY if through else Hop.NAME, sentence=told)
    except OSError:
        told = f"连不上{'代理' if through else ' Telegram 服务器'} {host}:{port}。请查网络和 {setting}" + (
            "，以及代理程序是否开着。" if through else "；在国内一般要设 TELEGRAM_PROXY。"
        )
        return Probe(ok=False, hop=Hop.PROXY if through else Hop.SERVER, sentence=told)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return None


async def _asked(settings: Settings, patience: Patience) -> Probe:
    """Ask Telegram who the bot is."""
    bot = Bot(
        settings.telegram_bot_token or "",
        base_url=f"{settings.telegram_base_url}/bot",
        request=application.request(settings, patience),
        get_updates_request=application.request(settings, patience),
    )
    try:
        async with bot:
            name = bot.username
    except InvalidToken:
        return Probe(ok=False, hop=Hop.TOKEN, sentence=application.UNKNOWN)
    except TelegramError as error:
        by_proxy = isinstance(error.__cause__, httpx.ProxyError)
        return Probe(ok=False, hop=Hop.PROXY if by_proxy else Hop.API, sentence=explain(error))
    return Probe(ok=True, hop=Hop.NONE, sentence=f"能连上 Telegram，机器人是 @{name}。", username=name)
