"""How fast the bot may speak: Telegram's limits a second and a group."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from telegram.error import RetryAfter
from telegram.ext import AIORateLimiter

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

RETRIES = 5  # made when Telegram says "too many requests"
FREE = "sendChatAction"
RESERVED = 5  # messages a minute in a group that are kept for answers
LATER = 3  # seconds until what may be left out is tried again there
_LIVE: ContextVar[bool] = ContextVar("live", default=False)


@contextmanager
def live() -> Iterator[None]:
    """Inside, calls show what will be out of date soon: each is made once, and not at an answer's cost."""
    token = _LIVE.set(True)
    try:
        yield
    finally:
        _LIVE.reset(token)


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
        if _LIVE.get():
            return await self._once(callback, args, kwargs, data)
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

    async def _once(
        self, callback: Callable[..., Coroutine[Any, Any, Any]], args: Any, kwargs: Any, data: dict[str, Any]
    ) -> Any:
        chat = data.get("chat_id")
        group = chat if isinstance(chat, int) and chat < 0 else False
        if group and not self._get_group_limiter(group).has_capacity(RESERVED):
            raise RetryAfter(LATER)
        return await self._run_request(
            chat=True, group=group, allow_paid_broadcast=False, callback=callback, args=args, kwargs=kwargs
        )
