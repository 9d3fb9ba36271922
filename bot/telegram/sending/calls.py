"""The calls that put words, a file or other words into a chat, seen through no matter who stops waiting.

httpcore 1.0 loses a connection of its pool for nearly every call that is cancelled on its way; once all are
lost each further call waits in vain. The calls of ``MessageSender`` raise TelegramError.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from telegram import ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from telegram import Bot, Message

    Arrival = Callable[[int], Awaitable[None]]


Markup = InlineKeyboardMarkup | ForceReply
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "message is not modified"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAddress:
    """Where a reply goes: the chat, its topic, and the message that is answered."""

    chat: int
    thread: int | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenMessage:
    """A message that Telegram took; ``message_id`` is None where its answer tells none."""

    message_id: int | None


class MessageSender:
    """Makes the calls; the chat is told each time, since a group may become another one meanwhile."""

    def __init__(self, bot: Bot, address: ReplyAddress) -> None:
        self._bot = bot
        self.address = address

    async def send(self, chat: int, html: str, markup: Markup | None) -> Message:
        """Send a message."""
        return await self._bot.send_message(
            chat,
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
            reply_markup=markup,
        )

    async def send_rich(self, chat: int, rich: str, markup: Markup | None) -> TakenMessage:
        """Send a rich message, which the library does not know yet."""
        given = {
            "chat_id": chat,
            "rich_message": _rich(rich),
            "message_thread_id": self.address.thread,
            "reply_parameters": self._quoting,
            "reply_markup": markup,
        }
        known = {name: value for name, value in given.items() if value is not None}
        sent: object = await self._bot.do_api_request("sendRichMessage", api_kwargs=known)
        told = sent.get("message_id") if isinstance(sent, dict) else None
        return TakenMessage(message_id=told if isinstance(told, int) else None)

    async def attach(self, chat: int, file: bytes, *, name: str, caption: str) -> Message:
        """Send a file under a name, with plain words below it."""
        return await self._bot.send_document(
            chat,
            file,
            filename=name,
            caption=caption,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
        )

    async def show(self, chat: int, picture: bytes, *, caption: str, markup: Markup | None) -> Message:
        """Send a picture, with plain words below it."""
        return await self._bot.send_photo(
            chat,
            picture,
            filename="chart.png",
            caption=caption,
            message_thread_id=self.address.thread,
            reply_parameters=self._quoting,
            reply_markup=markup,
        )

    async def put(
        self, chat: int, message_id: int, html: str, *, markup: InlineKeyboardMarkup | None
    ) -> None:
        """Put other words in the place of a message, which may say them already."""
        looks = {"parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}
        await self._edit(chat, message_id, html, reply_markup=markup, **looks)

    async def put_rich(
        self, chat: int, message_id: int, rich: str, *, markup: InlineKeyboardMarkup | None
    ) -> None:
        """Put a rich message in the place of a message, which may be it already."""
        # The library wants a text; what is None does not go out.
        none, more = cast("str", None), {"rich_message": _rich(rich)}
        await self._edit(chat, message_id, none, reply_markup=markup, api_kwargs=more)

    async def _edit(self, chat: int, message_id: int, text: str, **given: Any) -> None:
        try:
            await self._bot.edit_message_text(text, chat_id=chat, message_id=message_id, **given)
        except BadRequest as error:
            # It says this already: an edit that timed out had arrived.
            if UNCHANGED not in str(error).lower():
                raise

    @property
    def _quoting(self) -> ReplyParameters | None:
        to = self.address.message
        return ReplyParameters(to, allow_sending_without_reply=True) if to else None


def _rich(html: str) -> dict[str, Any]:
    return {"html": html, "skip_entity_detection": True}


_ARRIVAL: ContextVar[Arrival | None] = ContextVar("arrival", default=None)


@contextmanager
def arriving(note: Arrival) -> Iterator[None]:
    """Inside, ``note`` is awaited with a message's id as soon as Telegram has told that it has the message.

    It is done within the call: the caller may be gone by then, and a program that ended
    between the two would send the message again.
    """
    token = _ARRIVAL.set(note)
    try:
        yield
    finally:
        _ARRIVAL.reset(token)


class UncancelledRequest(HTTPXRequest):
    """Makes calls beside anyone who asks for them: a cancelled one goes on to its end, unheard."""

    _under_way: set[asyncio.Task[tuple[int, bytes]]]

    async def initialize(self) -> None:
        """Get ready to call."""
        self._under_way = set()
        await super().initialize()

    async def shutdown(self) -> None:
        """End what is still under way, and let go of all connections."""
        for call in self._under_way:
            call.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await super().shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make one call; raises what python-telegram-bot's own request raises."""
        return await asyncio.shield(self._begun(self._seen_through(super().do_request(*args, **kwargs))))

    async def _seen_through(self, call: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
        status, body = await call
        note = _ARRIVAL.get()
        if note is not None and (message := _message(body)) is not None:
            # The caller notes it again, and hears what is wrong.
            with suppress(StoreError):
                await note(message)
        return status, body

    def _begun(self, call: Coroutine[Any, Any, tuple[int, bytes]]) -> asyncio.Task[tuple[int, bytes]]:
        begun = asyncio.create_task(call)
        self._under_way.add(begun)
        begun.add_done_callback(self._over)
        return begun

    def _over(self, call: asyncio.Task[tuple[int, bytes]]) -> None:
        self._under_way.discard(call)
        if not call.cancelled():
            call.exception()  # it is told to anyone who waits; where nobody does, it is nobody's trouble


def _message(body: bytes) -> int | None:
    """Return the id of the message that an answer of Telegram tells of."""
    try:
        told = json.loads(body)["result"]["message_id"]
    except (ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) else None
