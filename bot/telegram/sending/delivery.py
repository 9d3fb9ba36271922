"""What goes back to a chat: each part once, in order, and never repeated blindly."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import ForceReply, InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, TelegramError

from bot.store import SentPart, TakenOverError
from bot.store.delivery.notices import EVERYWHERE
from bot.telegram.sending.calls import UNCHANGED, MessageSender, arriving
from bot.telegram.sending.rate_limit import live, noted
from bot.telegram.sending.send_errors import SendOutcome, meaning
from bot.telegram.sending.timeouts import pause, reached, set_within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from telegram import Bot, Message

    from bot.store import Store
    from bot.telegram.sending.calls import Markup, ReplyAddress, TakenMessage

    Posted = Message | TakenMessage
    from bot.telegram.sending.timeouts import Timeouts

LOG = logging.getLogger(__name__)
TYPING_AGAIN = 4.5  # Telegram shows "typing" for five seconds


STANDING = "status"  # of a part: a message stands for it, its words are still to come
BEGUN = "opening"  # of the same: it was being sent, and may or may not stand
SENDING = "sending"  # of a part that was going out
WAITING = "waiting"  # of one that went out and surely did not get there
DONE = ("sent", "unsure", "refused")  # of parts that are not sent again
INSISTED = 10  # times that an offer is sent before it is given up
PLAIN = "plain"  # noted of chats that take no rich messages
EDITS = 3  # unsure ones in a row, after which the person is asked


class ChatReply:
    """All that is sent because of one update; a part that was sent before a restart is not sent again."""

    def __init__(
        self, bot: Bot, store: Store, *, update_id: int, address: ReplyAddress, patience: Timeouts
    ) -> None:
        self.bot = bot
        self._post = MessageSender(bot, address)
        self._store = store
        self._update_id = update_id
        self._patience = patience
        self._parts = 0
        self._remarks = 0  # of these, what was said beside the matter
        self._last: SentPart | None = None
        self._noted: dict[int, SentPart] = {}  # parts that were noted as they arrived
        self._chat = address.chat

    @property
    def address(self) -> ReplyAddress:
        """Where it goes."""
        return self._post.address

    def unquote(self) -> None:
        """Send what follows without quoting the message that is answered."""
        self._post.address = replace(self.address, message=None)

    async def send(self, html: str, *, markup: Markup | None = None) -> SentPart:
        """Send the next part, and return what became of it."""
        number, self._parts = self._parts, self._parts + 1
        self._last = part = await self._arrived(number, html, markup)
        return part

    async def insist(self, html: str, *, markup: Markup | None = None) -> None:
        """Send a part that does no harm where it stands twice, until it has surely arrived.

        It waits for a Telegram that answers: what is sent into an outage is likely to be lost with the rest.
        """
        number, self._parts = self._parts, self._parts + 1
        for attempt in range(1, INSISTED + 1):
            before = await self._before(number)
            if before is not None and before.state in ("sent", "refused"):
                return
            await reached(self.bot, self._patience)
            part = await self._fresh(number, before, lambda: self._post.send(self._chat, html, markup))
            await self._note(number, part)
            if part.state == "unsure":
                await asyncio.sleep(self._patience.before(attempt))

    async def _arrived(self, number: int, html: str, markup: Markup | None) -> SentPart:
        before = await self._before(number)
        if before is not None and before.state in DONE:
            return before
        part = None
        # Only buttons can be put under a message that stands.
        if before and before.state == STANDING and before.message_id and not isinstance(markup, ForceReply):
            part = await self._filled(before.message_id, html, markup)
        if part is None:
            part = await self._fresh(number, before, lambda: self._post.send(self._chat, html, markup))
        await self._note(number, part)
        return part

    async def attach(self, file: bytes, *, name: str, caption: str) -> None:
        """Send a file as the next part."""
        post = self._post.attach
        await self._other(lambda: post(self._chat, file, name=name, caption=caption))

    async def show(self, picture: bytes, *, caption: str, markup: InlineKeyboardMarkup | None = None) -> None:
        """Send a picture as the next part."""
        post = self._post.show
        await self._other(lambda: post(self._chat, picture, caption=caption, markup=markup))

    async def _other(self, post: Callable[[], Awaitable[Posted]]) -> None:
        number, self._parts = self._parts, self._parts + 1
        before = await self._before(number)
        if before is None or before.state not in DONE:
            await self._note(number, await self._fresh(number, before, post))

    async def _fresh(
        self,
        number: int,
        before: SentPart | None,
        post: Callable[[], Awaitable[Posted]],
        *,
        bare: bool = False,
    ) -> SentPart:
        """Make a call that sends a part; a ``bare`` one raises what Telegram refuses."""
        if before is not None and before.state == SENDING:
            LOG.warning(
                "update %s: part %s was cut off while it was sent; it is sent again and may stand twice",
                self._update_id,
                number,
            )
        with noted(partial(self._leaves, number, SENDING)), arriving(partial(self._arrives, number, "sent")):
            return await self._sent(post, bare=bare)

    async def stand(self, html: str, *, markup: InlineKeyboardMarkup | None) -> None:
        """Let a message stand for the first part, or change what it says; raises TelegramError.

        It is tried once. A message that stood before a restart is used on.
        """
        before = await self._before(0)
        if before is not None and before.state == STANDING and before.message_id is not None:
            await self._post.put(self._chat, before.message_id, html, markup=markup)
            return
        with noted(partial(self._leaves, 0, BEGUN)), arriving(partial(self._arrives, 0, STANDING)):
            message = await self._post.send(self._chat, html, markup)
        await self._note(0, SentPart(state=STANDING, message_id=_told_id(message)))

    async def stands(self) -> bool:
        """Tell whether a message stands whose words are still to come."""
        before = await self._before(0)
        return before is not None and before.state == STANDING

    @property
    def has_served(self) -> bool:
        """Whether anything was sent but remarks: an answer, a passage, a picture."""
        return self._parts > self._remarks

    async def remark_all(self, htmls: Sequence[str]) -> None:
        """Send parts that are no answer: why there is none, or what works."""
        before = self._parts
        await self.send_all(htmls)
        self._remarks += self._parts - before

    async def send_all(self, htmls: Sequence[str], *, markup: Markup | None = None) -> bool:
        """Send several parts, the last with ``markup``; return whether all are sure to have arrived."""
        parts = [await self.send(html) for html in htmls[:-1]]
        parts.append(await self.send(htmls[-1], markup=markup))
        return all(part.state != "unsure" for part in parts)

    async def send_rich(self, rich: str, htmls: Sequence[str], *, markup: Markup | None = None) -> bool:
        """Send one rich message; where there is none, or it is refused, the parts in HTML instead.

        A refusal is remembered for the chat, one of the method itself for all; returns as ``send_all``.
        """
        if not rich or await self._is_plain():
            return await self.send_all(htmls, markup=markup)
        number, self._parts = self._parts, self._parts + 1
        self._last = part = await self._rich_arrived(number, rich, markup)
        if part is not None:
            return part.state != "unsure"
        self._parts = number
        return await self.send_all(htmls, markup=markup)

    async def _rich_arrived(self, number: int, rich: str, markup: Markup | None) -> SentPart | None:
        """Send a rich message as a part; None where Telegram refuses it, which is noted."""
        before = await self._before(number)
        if before is not None and before.state in DONE:
            return before
        try:
            if before and before.state == STANDING and before.message_id:
                under = markup if isinstance(markup, InlineKeyboardMarkup) else None
                await self._post.put_rich(self._chat, before.message_id, rich, markup=under)
                part = SentPart(state="sent", message_id=before.message_id)
            else:
                post = self._post.send_rich
                part = await self._fresh(number, before, lambda: post(self._chat, rich, markup), bare=True)
        except TelegramError as error:
            if meaning(error) is SendOutcome.REFUSED:
                LOG.info("no rich message: %s", error)
                everywhere = isinstance(error, EndPointNotFound)
                note, chat = self._store.notices.note, EVERYWHERE if everywhere else self._chat
                await asyncio.to_thread(note, self.bot.id, PLAIN, chat=chat)
            if not (before and before.state == STANDING):
                await self._note(number, SentPart(state=WAITING))
            return None
        await self._note(number, part)
        return part

    async def _is_plain(self) -> bool:
        return await asyncio.to_thread(self._store.notices.is_noted, self.bot.id, self._chat, PLAIN)

    async def take_over(self, of: int) -> None:
        """Let the messages of the reply to an earlier update stand for the parts of this one."""
        sent = await asyncio.to_thread(self._store.inbox.parts, self.bot.id, of)
        for number, part in enumerate(one for one in sent if one.message_id is not None):
            if await self._before(number) is None:
                await self._note(number, SentPart(state=STANDING, message_id=part.message_id))

    async def trim(self) -> None:
        """Take away messages that stand for parts and got none."""
        parts = await asyncio.to_thread(self._store.inbox.parts, self.bot.id, self._update_id)
        for number, part in list(enumerate(parts))[self._parts :]:
            if part.state == STANDING and part.message_id is not None:
                with suppress(TelegramError):
                    await self.bot.delete_message(self._chat, part.message_id)
                await self._note(number, SentPart(state="refused"))

    async def dress(self, markup: InlineKeyboardMarkup | None) -> None:
        """Put other buttons under the part that was sent last; where that can't be done, leave it alone."""
        last = self._last
        if last is not None and last.state == "sent" and last.message_id is not None:
            with suppress(TelegramError), live():
                await self.bot.edit_message_reply_markup(self._chat, last.message_id, reply_markup=markup)

    async def clear(self, message_id: int, *, of: int) -> None:
        """Take away a message that stood for the answer to the update ``of``, if that stands elsewhere.

        So it is when the program ended after Telegram had the message and before that was noted.
        """
        first = await asyncio.to_thread(self._store.inbox.part, self.bot.id, of, 0)
        if first is not None and first.state == "sent" and first.message_id not in (None, message_id):
            with suppress(TelegramError):
                await self.bot.delete_message(self._chat, message_id)

    async def edit(
        self, message_id: int, html: str, *, markup: InlineKeyboardMarkup | None, rich: str = ""
    ) -> None:
        """Put ``html`` in the place of a message, or its ``rich`` form where that is taken.

        A message that is gone, or says this already, is left alone.
        """
        if rich and not await self._is_plain():
            with suppress(TelegramError):
                await self._post.put_rich(self._chat, message_id, rich, markup=markup)
                return
        await self._tried(lambda: self._post.put(self._chat, message_id, html, markup=markup))

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
                if meaning(error) not in (SendOutcome.LATER, SendOutcome.UNSURE):
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

    async def _before(self, number: int) -> SentPart | None:
        return await asyncio.to_thread(self._store.inbox.part, self.bot.id, self._update_id, number)

    async def _leaves(self, number: int, state: str, is_out: bool) -> None:
        if not is_out:
            await self._note(number, SentPart(state=WAITING))
            return
        begin, owner = self._store.inbox.begin_part, self._store.owner
        if not await asyncio.to_thread(begin, self.bot.id, self._update_id, number, state, owner=owner):
            raise TakenOverError(f"update {self._update_id} is another process's")

    async def _arrives(self, number: int, state: str, message_id: int) -> None:
        part = SentPart(state=state, message_id=message_id)
        await self._note(number, part)
        self._noted[number] = part

    async def _note(self, number: int, part: SentPart) -> None:
        if self._noted.pop(number, None) == part:
            return  # as it arrived
        await asyncio.to_thread(self._store.inbox.put_part, self.bot.id, self._update_id, number, part)

    async def _filled(
        self, message_id: int, html: str, markup: InlineKeyboardMarkup | None
    ) -> SentPart | None:
        """Put the first part in the place of the message that stands for it; None if that can't be."""
        attempt = 0
        while True:
            try:
                await self._post.put(self._chat, message_id, html, markup=markup)
            except ChatMigrated as moved:
                await self._move(moved.new_chat_id)
                return None
            except TelegramError as error:
                means = meaning(error)
                if means is SendOutcome.REFUSED:
                    return None
                attempt += 1
                if means is SendOutcome.GONE or (means is SendOutcome.UNSURE and attempt >= EDITS):
                    return _given_up(error, means)
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return SentPart(state="sent", message_id=message_id)

    async def _move(self, chat: int) -> None:
        """Go on in the chat that a group has become, with all that is known of it."""
        await asyncio.to_thread(self._store.chats.migrate, self.bot.id, self._chat, chat)
        self._chat = chat

    async def _sent(self, post: Callable[[], Awaitable[Posted]], *, bare: bool = False) -> SentPart:
        attempt = 0
        while True:
            try:
                message = await post()
            except ChatMigrated as moved:
                await self._move(moved.new_chat_id)
            except TelegramError as error:
                means = meaning(error)
                if bare and means is SendOutcome.REFUSED:
                    raise
                if means is not SendOutcome.LATER:
                    return _given_up(error, means)
                attempt += 1
                await asyncio.sleep(pause(error, self._patience.before(attempt)))
            else:
                return SentPart(state="sent", message_id=_told_id(message))


def _told_id(message: Posted) -> int | None:
    """Return the id of a message that was sent; None where a server took it and told none.

    It has the message then: what is sent again would stand twice.
    """
    # The library hands on a bare True where a server answers with one.
    told: int | None = getattr(message, "message_id", None)
    if told is None:
        LOG.warning("Telegram took a message without telling its id")
    return told


def _given_up(error: TelegramError, means: SendOutcome) -> SentPart:
    if means is SendOutcome.UNSURE:
        LOG.warning("a message may or may not have arrived, and is not sent again: %s", error)
        return SentPart(state="unsure")
    _note_refusal(error)
    return SentPart(state="refused")


def _note_refusal(error: TelegramError) -> None:
    if isinstance(error, BadRequest) and UNCHANGED not in str(error).lower():
        LOG.error("Telegram refused a message: %s", error)
    else:
        LOG.info("not delivered: %s", error)
