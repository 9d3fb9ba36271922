"""How fast the bot may speak: Telegram's limits a second and a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import AIORateLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

RETRIES = 5  # made when Telegram says "too many requests"
FREE = "sendChatAction"


class Pace(AIORateLimiter):
    """Holds messages back as Telegram wants it, and lets "typing" pass: shown late it would be untrue."""

    def __init__(self) -> None:
        super().__init__(max_retries=RETRIES)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make a call when its time has come."""
        if endpoint == FREE:
            return await callback(*args, **kwargs)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)
