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
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

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
    live: float = 0.7  # until an answer in the making is shown: quicker ones come whole
    hint: float = 3.0  # until a draft tells how to stop it
    first: float = 1.0  # at most, between two showings before anything was proved
    draft: float = 0.8  # between two drafts
    edits: float = 1.5  # between two edits of a message in a private chat
    chat: float = 1.0  # between two messages in a private chat, after a few at once
    group: float = 4.0  # the same elsewhere: 15 of the 20 messages a minute that Telegram allows there
    fresh: float = 20.0  # until a draft is sent anew; Telegram shows one for 30 seconds
    refused: float = 600.0  # for which no drafts, and no reactions, are tried where they were refused
    keys: float = 0.25  # that somebody in inline mode may take for the next key
    glance: float = 8.0  # for which they look at what they typed; Telegram forgets a query after some ten

    def before(self, attempt: int) -> float:
        """Return how long to wait before attempt 1, 2, … after a failure."""
        return min(self.longest, self.again * 2.0 ** min(attempt - 1, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a reply goes: the chat, its topic, and the message that is answered."""

    chat: int
    thread: int | None = None
    message: int | None = None


STANDING = "status"  # of a part: a message stands for it, its words are still to come
BEGUN = "opening"  # of the same: it was being sent, and may or may not stand
EDITS = 3  # unsure ones in a row, after which the person is asked


class Reply:
    """All that is sent because of one update; a part that was sent before a restart is not sent again."""

    def __init__(
        self, bot: Bot, store: Store, *, update_id: int, address: Address, patience: Patience
    ) -> None:
        self.bot = bot
        self.address = address
        self._store = store
        self._update_id = update_id
        self._patience = patience
        self._parts = 0
        self._chat = address.chat

    async def send(self, html: str, *, markup: InlineKeyboardMarkup | None = None) -> Part:
        """Send the next part, and return what became of it."""
        number, self._parts = self._parts, self._parts + 1
        before = await self._before(number)
        if before is not None and before.state in ("sent", "unsure", "refused"):
            return before
        part = None
        if before is not None and before.state == STANDING and before.message_id is not None:
            part = await self._filled(before.message_id, html, markup)
        if part is None:
            part = await self._fresh(number, before, html, markup)
        await self._note(number, part)
        return part

    async def _fresh(
        self, number: int, before: Part | None, html: str, markup: InlineKeyboardMarkup | None
    ) -> Part:
        if before is not None and before.state == "sending":
            LOG.warning(
                "update %s: part %s was cut off while it was sent; it is sent again and may stand twice",
                self._update_id,
                number,
            )
        await self._note(number, Part(state="sending"))
        return await self._sent(html, markup)

    async def stand(self, html: str, *, markup: InlineKeyboardMarkup | None) -> None:
        """Let a message stand for the first part, or change what it says; raises TelegramError.

        It is tried once. A message that stood before a restart is used on.
        """
        before = await self._before(0)
        if before is not None and before.state == STANDING and before.message_id is not None:
            await self._put(before.message_id, html, markup)
            return
        await self._note(0, Part(state=BEGUN))
        message = await self._post(html, markup)
        await self._note(0, Part(state=STANDING, message_id=message.message_id))

    async def stands(self) -> bool:
        """Tell whether a message stands whose words are still to come."""
        before = await self._before(0)
        return before is not None and before.state == STANDING

    async def send_all(self, htmls: Sequence[str], *, markup: InlineKeyboardMarkup | None = None) -> bool:
        """Send several parts, the last with ``markup``; return whether all are sure to have arrived."""
        parts = [await self.send(html) for html in htmls[:-1]]
        parts.append(await self.send(htmls[-1], markup=markup))
        return all(part.state != "unsure" for part in parts)

    async def clear(self, message_id: int, *, of: int) -> None:
        """Take away a message that stood for the answer to the update ``of``, if that stands elsewhere.

        So it is when the program ended after Telegram had the message and before that was noted.
        """
        first = await asyncio.to_thread(self._store.inbox.part, self.bot.id, of, 0)
        if first is not None and first.state == "sent" and first.message_id not in (None, message_id):
            with suppress(TelegramError):
                await self.bot.delete_message(self._chat, message_id)

    async def edit(self, message_id: int, html: str, *, markup: InlineKeyboardMarkup | None) -> None:
        """Put ``html`` in the place of a message; one that is gone, or says this already, is left alone."""
        await self._tried(lambda: self._put(message_id, html, markup))

    async def remark(self, message_id: int, markup: InlineKeyboardMarkup | None) -> None:
        """Put other buttons under a message; one that is gone, or has them already, is left alone."""
        await self._tried(
            lambda: self.bot.edit_message_reply_markup(self._chat, message_id, reply_markup=markup)
        )

    async def _tried(self, change: Callable[[], Awaitable[object]]) -> None:
        for attempt in range(1, 4):
            try:
                await change()
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
        while not await set_within(ended, pause):
            with suppress(TelegramError):
                await self.bot.send_chat_action(
                    self._chat, ChatAction.TYPING, message_thread_id=self.address.thread
                )
            pause = TYPING_AGAIN

    async def _before(self, number: int) -> Part | None:
        return await asyncio.to_thread(self._store.inbox.part, self.bot.id, self._update_id, number)

    async def _note(self, number: int, part: Part) -> None:
        await asyncio.to_thread(self._store.inbox.put_part, self.bot.id, self._update_id, number, part)

    async def _put(self, message_id: int, html: str, markup: InlineKeyboardMarkup | None) -> None:
        try:
            await self.bot.edit_message_text(
                html,
                chat_id=self._chat,
                message_id=message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup,
            )
        except BadRequest as error:
            # It says this already: an edit that timed out had arrived.
            if UNCHANGED not in str(error).lower():
                raise

    async def _filled(self, message_id: int, html: str, markup: InlineKeyboardMarkup | None) -> Part | None:
        """Put the first part in the place of the message that stands for it; None if that can't be."""
        attempt = 0
        while True:
            try:
                await self._put(message_id, html, markup)
            except ChatMigrated as moved:
                await self._move(moved.new_chat_id)
                return None
            except TelegramError as error:
                means = meaning(error)
                if means is Meaning.REFUSED:
                    return None
                attempt += 1
                if means is Meaning.GONE or (means is Meaning.UNSURE and attempt >= EDITS):
                    return _given_up(error, means)
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return Part(state="sent", message_id=message_id)

    async def _move(self, chat: int) -> None:
        """Go on in the chat that a group has become, with all that is known of it."""
        await asyncio.to_thread(self._store.chats.migrate, self.bot.id, self._chat, chat)
        self._chat = chat

    async def _sent(self, html: str, markup: InlineKeyboardMarkup | None) -> Part:
        attempt = 0
        while True:
            try:
                message = await self._post(html, markup)
            except ChatMigrated as moved:
                await self._move(moved.new_chat_id)
            except TelegramError as error:
                means = meaning(error)
                if means is not Meaning.LATER:
                    return _given_up(error, means)
                attempt += 1
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return Part(state="sent", message_id=message.message_id)

    async def _post(self, html: str, markup: InlineKeyboardMarkup | None) -> Message:
        to = self.address.message
        reply = ReplyParameters(to, allow_sending_without_reply=True) if to else None
        return await self.bot.send_message(
            self._chat,
            html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            message_thread_id=self.address.thread,
            reply_parameters=reply,
            reply_markup=markup,
        )


def pause(error: TelegramError, otherwise: float) -> float:
    """Return how long Telegram wants to be left alone; ``otherwise`` where it names no time."""
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


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for an event, at most ``seconds``, and tell whether it came."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
