"""How fast the bot may speak: Telegram's limits a second, a group, and a private chat."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from telegram.error import RetryAfter, TelegramError
from telegram.ext import AIORateLimiter

from bot.telegram.sending.send_errors import SendOutcome, meaning

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping

    Note = Callable[[bool], Awaitable[None]]
    Call = Callable[..., Coroutine[Any, Any, Any]]

RETRIES = 5  # made when Telegram says "too many requests"
FREE = "sendChatAction"
DRAFT = "sendMessageDraft"  # no message: it makes no sound, and is gone by itself
BURST = 5  # messages in a private chat that may come at once
REMEMBERED = 1000  # chats above which those that are quiet by now are forgotten
STANDS = 4.0  # seconds for which "typing" is sure to be seen
RESERVED = 5  # messages a minute in a group that are kept for answers
LATER = 3  # seconds until what may be left out is tried again there
_LIVE: ContextVar[bool] = ContextVar("live", default=False)
_NOTE: ContextVar[Note | None] = ContextVar("note", default=None)


@contextmanager
def live() -> Iterator[None]:
    """Inside, calls show what will be out of date soon: each is made once, and not at an answer's cost."""
    token = _LIVE.set(True)
    try:
        yield
    finally:
        _LIVE.reset(token)


@contextmanager
def noted(note: Note) -> Iterator[None]:
    """Inside, ``note(True)`` is awaited before a call goes out, and ``note(False)`` where it surely did not.

    A call waits here for its turn: noted any earlier, one that waits would count as under way.
    """
    token = _NOTE.set(note)
    try:
        yield
    finally:
        _NOTE.reset(token)


class ChatRateLimit:
    """One message each ``every`` seconds in a chat, after ``burst`` at once; 0 is no limit.

    It is the virtual scheduling form of the leaky bucket (ITU-T I.371, annex A).
    """

    def __init__(self, every: float, burst: int = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self._every, self._ahead, self._clock = every, every * (burst - 1), clock
        self._due: dict[int, float] = {}  # when the next message of a chat would be due without any burst

    def wait(self, chat: int) -> float:
        """Take a place for one more message in a chat, and return in how many seconds its time comes."""
        now = self._clock()
        due = max(now, self._due.get(chat, now))
        if len(self._due) >= REMEMBERED:
            self._due = {one: until for one, until in self._due.items() if until > now}
        self._due[chat] = due + self._every
        return max(0.0, due - self._ahead - now)

    def is_free(self, chat: int) -> bool:
        """Tell whether a message could be sent at once, and another one after it."""
        now = self._clock()
        return self._due.get(chat, now) + self._every <= now + self._ahead


class TypingState:
    """Where "typing" stands: shown once more at once it would change nothing."""

    def __init__(self) -> None:
        self._until: dict[object, float] = {}

    def stands(self, data: Mapping[str, Any]) -> bool:
        """Tell whether it stands in a chat already; if not, it is taken to stand from now on."""
        place, now = (data.get("chat_id"), data.get("message_thread_id")), time.monotonic()
        if self._until.get(place, 0.0) > now:
            return True
        if len(self._until) >= REMEMBERED:
            self._until = {one: until for one, until in self._until.items() if until > now}
        self._until[place] = now + STANDS
        return False

    def over(self, data: Mapping[str, Any]) -> None:
        """Note that something else is shown in a chat, which ends it."""
        self._until.pop((data.get("chat_id"), data.get("message_thread_id")), None)


class RateLimiter(AIORateLimiter):
    """Holds messages back as Telegram wants it, and lets "typing" pass: shown late it would be untrue."""

    def __init__(self, rate: float = 30, every: float = 1.0) -> None:
        super().__init__(overall_max_rate=rate, max_retries=RETRIES)
        self._private, self._typing = ChatRateLimit(every), TypingState()

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Make a call when its time has come."""
        if endpoint == FREE:
            return self._typing.stands(data) or await callback(*args, **kwargs)
        self._typing.over(data)
        if (note := _NOTE.get()) is not None:
            callback = _noting(callback, note)
        if _LIVE.get():
            return await self._once(callback, args, kwargs, endpoint, data)
        if person := _private(data, endpoint):
            await asyncio.sleep(self._private.wait(person))
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)

    async def _once(
        self,
        callback: Call,
        args: Any,
        kwargs: Any,
        endpoint: str,
        data: dict[str, Any],
    ) -> Any:
        chat = data.get("chat_id")
        group = chat if isinstance(chat, int) and chat < 0 else False
        if group and not self._get_group_limiter(group).has_capacity(RESERVED):
            raise RetryAfter(LATER)
        if person := _private(data, endpoint):
            if not self._private.is_free(person):
                raise RetryAfter(1)
            self._private.wait(person)
        return await self._run_request(
            chat=True, group=group, allow_paid_broadcast=False, callback=callback, args=args, kwargs=kwargs
        )


def _noting(callback: Call, note: Note) -> Call:
    async def call(*args: Any, **kwargs: Any) -> Any:
        await note(True)
        try:
            return await callback(*args, **kwargs)
        except TelegramError as error:
            if meaning(error) is SendOutcome.LATER:
                await note(False)
            raise

    return call


def _private(data: dict[str, Any], endpoint: str) -> int | None:
    """Return the private chat in which a call shows a message, or None for any other call."""
    chat = data.get("chat_id")
    shows = endpoint.startswith(("send", "edit", "copy", "forward")) and endpoint != DRAFT
    return chat if shows and isinstance(chat, int) and chat > 0 else None
