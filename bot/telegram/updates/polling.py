"""Long polling, and times without Telegram: told once in a sentence, waited out, told when they are over.

What was taken in is acknowledged with the next poll, and never before it is safe.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING

import httpx
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import Bot

    from bot.telegram.sending.timeouts import Timeouts
    from bot.telegram.updates.queue import UpdateQueue


LOG = logging.getLogger(__name__)


class Heartbeat:
    """When something that should happen again and again happened last."""

    def __init__(self, most: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most  # seconds between two beats
        self._clock = clock
        self._last: float | None = None
        self._held = False

    def beat(self) -> None:
        """Note that it happened."""
        self._last = self._clock()

    def hold(self) -> None:
        """Note that it happened, and need not happen again."""
        self._held = True

    def fresh(self) -> bool:
        """Tell whether it happened of late."""
        return self._held or (self._last is not None and self._clock() - self._last <= self._most)


class TelegramOutage:
    """Counts failures in a row; ``tell`` gets a sentence for each kind of them, and one when they end."""

    def __init__(self, tell: Callable[[str], None], patience: Timeouts) -> None:
        self._tell = tell
        self._patience = patience
        self._failures = 0
        self._told: set[str] = set()

    async def wait(self, error: Exception) -> None:
        """Tell about ``error`` unless it was told just now, and wait a little longer than the last time."""
        self._failures += 1
        sentence = explain(error)
        if sentence not in self._told:
            self._tell(sentence + "程序会一直重试，不用重启。")
            LOG.warning("no updates from Telegram: %r", error)
            self._told.add(sentence)
        await asyncio.sleep(self._patience.before(self._failures))

    def over(self) -> None:
        """Note that Telegram answers."""
        if self._told:
            self._tell("和 Telegram 的连接恢复了。")
        self._failures, self._told = 0, set()


def explain(error: BaseException) -> str:
    """Say in a sentence what keeps the bot from Telegram, and what to do about it."""
    cause = error.__cause__
    if isinstance(error, Conflict):
        return "另有一个程序正用同一个令牌收消息。请只留一个，或到 @BotFather 换一个令牌。"
    if isinstance(cause, httpx.ProxyError):
        return "代理不肯转发到 Telegram。请查 TELEGRAM_PROXY 的地址、用户名和密码。"
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout):
        return "连不上 Telegram。请查网络、TELEGRAM_PROXY 和 TELEGRAM_BASE_URL；在国内一般要设代理。"
    if isinstance(error, TimedOut):
        return "Telegram 很久没有回应。"
    if isinstance(error, RetryAfter):
        return "Telegram 嫌请求太密，要等一会儿。"
    if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
        return "和 Telegram 的连接出了问题。"
    if isinstance(error, TelegramError):
        return "Telegram 没有接受请求。"
    return "收到的消息存不下来，详情见日志。请查磁盘空间和 CHENGWEN_HOME 的权限。"


async def poll(
    bot: Bot,
    intake: UpdateQueue,
    *,
    kinds: Sequence[str],
    patience: Timeouts,
    outage: TelegramOutage,
    pulse: Heartbeat,
) -> None:
    """Take updates in until cancelled, a beat of ``pulse`` each time.

    Raises InvalidToken when Telegram knows the token no longer.
    """
    offset: int | None = None
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=patience.poll, allowed_updates=kinds)
            await intake.take([json.dumps(update.to_dict(), ensure_ascii=False) for update in updates])
        except InvalidToken:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next poll may go well
            await outage.wait(error)
        else:
            outage.over()
            pulse.beat()
            offset = updates[-1].update_id + 1 if updates else offset
