"""The bot as its users run it, in front of this server."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from psutil import Process
from stage.process import BotProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from pressure.direct import Direct

COMMAND = ("-m", "bot", "bot")
START = 180.0  # seconds that a start may take on a busy machine


def environment(proxy: Direct, home: Path, **more: str) -> dict[str, str]:
    """Return the settings; nothing is read from a file of whoever runs this."""
    nothing = home / "empty.env"
    nothing.touch()
    told = {"TELEGRAM_BOT_TOKEN": proxy.token, "TELEGRAM_BASE_URL": proxy.url}
    return {**told, "CHENGWEN_ENV": str(nothing), **more}


def processor(bot: BotProcess) -> float:
    """Return the seconds of the processor that a bot has had so far."""
    times = Process(bot.pid).cpu_times()
    return float(times.user + times.system)


async def up(proxy: Direct, home: Path, **more: str) -> BotProcess:
    """Start the bot, and return when it takes updates."""
    begun = len(proxy.made("deleteWebhook"))
    bot = BotProcess(home, environment(proxy, home, **more), COMMAND)
    await proxy.until(lambda: len(proxy.made("deleteWebhook")) > begun, patience=START)
    return bot


@asynccontextmanager
async def running(proxy: Direct, home: Path, **more: str) -> AsyncIterator[BotProcess]:
    """The bot's process inside; it is ended in good order."""
    bot = await up(proxy, home, **more)
    try:
        yield bot
    finally:
        await asyncio.to_thread(bot.terminate)
