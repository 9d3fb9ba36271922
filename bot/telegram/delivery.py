"""What goes back to a chat: each part once, in order, and never repeated blindly."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.store import Part
from bot.telegram.errors import Meaning, meaning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from telegram import Bot, Message

    from bot.store import Store

LOG = logging.getLogger(__name__)
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNCHANGED = "message is not modified"
TYPING_AGAIN = 4.5  # Telegram shows "typing" for five seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long things may take, in seconds."""

    typing: float = 0.3  # until "typing" is shown: quicker answers come without
    again: float = 1.0  # until a call that surely failed is made again; doubles each time
    longest: float = 60.0  # what that doubling ends at
    poll: int = 30  # one long poll
    stop: float = 10.0  # that answers being made get when the bot stops
    read: float = 20.0  # for Telegram to answer a call
    connect: float = 10.0  # to reach Telegram at all

    def before(self, attempt: int) -> float:
        """Return how long to wait before attempt 1, 2, … after a failure."""
        return min(self.longest, self.again * 2.0 ** min(attempt - 1, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a reply goes: the chat, its topic, and the message that is answered."""

    chat: int
    thread: int | None = None
    message: int | None = None


class Reply:
    """All that is sent because of one update; a part that was sent before a restart is not sent again."""

    def __init__(
        self, bot: Bot, store: Store, *, update_id: int, address: Address, patience: Patience
    ) -> None:
        self._bot = bot
        self._store = store
        self._update_id = update_id
        self._address = address
        self._patience = patience
        self._parts = 0
        self._chat = address.chat

    async def send(self, html: str, *, markup: InlineKeyboardMarkup | None = None) -> Part:
        """Send the next part, and return what became of it."""
        number, self._parts = self._parts, self._parts + 1
        before = await asyncio.to_thread(self._store.part, self._bot.id, self._update_id, number)
        if before is not None and before.state != "sending":
            return before
        if before is not None:
            LOG.warning(
                "update %s: part %s was cut off while it was sent; it is sent again and may stand twice",
                self._update_id,
                number,
            )
        await self._note(number, Part(state="sending"))
        part = await self._sent(html, markup)
        await self._note(number, part)
        return part

    async def send_all(self, htmls: Sequence[str], *, markup: InlineKeyboardMarkup | None = None) -> bool:
        """Send several parts, the last with ``markup``; return whether all are sure to have arrived."""
        parts = [await self.send(html) for html in htmls[:-1]]
        parts.append(await self.send(htmls[-1], markup=markup))
        return all(part.state != "unsure" for part in parts)

    async def edit(self, message_id: int, html: str, *, markup: InlineKeyboardMarkup | None) -> None:
        """Put ``html`` in the place of a message; one that is gone, or says this already, is left alone."""
        for attempt in range(1, 4):
            try:
                await self._bot.edit_message_text(
                    html,
                    chat_id=self._chat,
                    message_id=message_id,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=markup,
                )
            except TelegramError as error:
                # An edit that is made twice does no harm, so an unsure one may be repeated.
                if meaning(error) not in (Meaning.LATER, Meaning.UNSURE):
                    _note_refusal(error)
                    return
                await asyncio.sleep(self._patience.before(attempt))
            else:
                return

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        """Show "typing" for as long as the body takes."""
        ended = asyncio.Event()
        shown = asyncio.create_task(self._type(ended))
        try:
            yield
        finally:
            ended.set()
            await asyncio.wait({shown}, timeout=self._patience.again)

    async def _type(self, ended: asyncio.Event) -> None:
        pause = self._patience.typing
        while not await _set_within(ended, pause):
            with suppress(TelegramError):
                await self._bot.send_chat_action(
                    self._chat, ChatAction.TYPING, message_thread_id=self._address.thread
                )
            pause = TYPING_AGAIN

    async def _note(self, number: int, part: Part) -> None:
        await asyncio.to_thread(self._store.put_part, self._bot.id, self._update_id, number, part)

    async def _sent(self, html: str, markup: InlineKeyboardMarkup | None) -> Part:
        attempt = 0
        while True:
            try:
                message = await self._post(html, markup)
            except ChatMigrated as moved:
                self._chat = moved.new_chat_id
            except TelegramError as error:
                means = meaning(error)
                if means is not Meaning.LATER:
                    return _given_up(error, means)
                attempt += 1
                await asyncio.sleep(_pause(error, self._patience.before(attempt)))
            else:
                return Part(state="sent", message_id=message.message_id)

    async def _post(self, html: str, markup: InlineKeyboardMarkup | None) -> Message:
        to = self._address.message
        reply = ReplyParameters(to, allow_sending_without_reply=True) if to else None
        return await self._bot.send_message(
            self._chat,
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            message_thread_id=self._address.thread,
            reply_parameters=reply,
            reply_markup=markup,
        )


def _pause(error: TelegramError, otherwise: float) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    return otherwise


def _given_up(error: TelegramError, means: Meaning) -> Part:
    if means is Meaning.UNSURE:
        LOG.warning("a message may or may not have arrived, and is not sent again: %s", error)
        return Part(state="unsure")
    _note_refusal(error)
    return Part(state="refused")


def _note_refusal(error: TelegramError) -> None:
    if isinstance(error, BadRequest) and UNCHANGED not in str(error).lower():
        LOG.error("Telegram refused a message: %s", error)
    else:
        LOG.info("not delivered: %s", error)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
