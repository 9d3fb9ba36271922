"""Whether Telegram can be reached with these settings, and if not, on which stretch of the way it ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.telegram import service as application
from bot.telegram.diagnostics.hops import NetworkHop, UnreachableHopError, walk
from bot.telegram.sending.timeouts import Timeouts
from bot.telegram.updates.polling import explain

if TYPE_CHECKING:
    from bot.config.settings import Settings


NOT_INLINE = "内联模式没开：想在别的聊天里 @它 查材料，到 @BotFather 发 /setinline。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """How far it was possible to come; ``sentence`` tells a person."""

    ok: bool
    hop: NetworkHop  # where it ended; NONE when it did not
    sentence: str
    username: str | None = None


def probe(settings: Settings, *, patience: Timeouts | None = None) -> ProbeResult:
    """Try the way to Telegram, stretch by stretch; takes a few seconds at most."""
    return asyncio.run(reach(settings, patience or Timeouts(read=5.0, connect=5.0)))


async def reach(settings: Settings, patience: Timeouts) -> ProbeResult:
    """Do what ``probe`` does, on a running event loop."""
    if not settings.telegram_bot_token:
        return ProbeResult(ok=False, hop=NetworkHop.TOKEN, sentence=application.UNSET)
    try:
        await walk(settings, seconds=patience.connect, trust=httpx.create_ssl_context())
    except UnreachableHopError as ended:
        return ProbeResult(ok=False, hop=ended.hop, sentence=str(ended))
    return await _asked(settings, patience)


async def _asked(settings: Settings, patience: Timeouts) -> ProbeResult:
    """Ask Telegram who the bot is."""
    bot = Bot(
        settings.telegram_bot_token or "",
        base_url=f"{settings.telegram_base_url}/bot",
        request=application.request(settings, patience),
        get_updates_request=application.request(settings, patience),
    )
    try:
        async with bot:
            name, is_inline = bot.username, bot.supports_inline_queries
    except InvalidToken:
        return ProbeResult(ok=False, hop=NetworkHop.TOKEN, sentence=application.UNKNOWN)
    except TelegramError as error:
        by_proxy = isinstance(error.__cause__, httpx.ProxyError)
        return ProbeResult(
            ok=False, hop=NetworkHop.HANDSHAKE if by_proxy else NetworkHop.API, sentence=explain(error)
        )
    sentence = f"能连上 Telegram，机器人是 @{name}。" + ("" if is_inline else NOT_INLINE)
    return ProbeResult(ok=True, hop=NetworkHop.NONE, sentence=sentence, username=name)
